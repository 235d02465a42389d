/* Signatures of commits (R9): by a key that the committer had on that day.
 *
 * Which keys: those of main before the push. The secretariat may bring a key and go on with it in one push, so its commit is also
 * good by the keys that stood in its first parent, when that was judged in this very push. Of what comes in without a push main's own
 * line of commits is judged, each also by the keys that its first parent had: what main took from members the secretariat vouches for. */
#include "guard/private.h"

#include <string.h>

static bool is_fresh(const judge *j, const cib_oid *oid)
{
	for (size_t i = 0; i < j->fresh_count; i++)
		if (cib_oid_equal(&j->fresh[i], oid))
			return true;
	return false;
}

static int verify(cib_signed *out, judge *j, const cib_oid *oid, const cib_oid *parent)
{
	cJSON *access = NULL;
	int status = cib_network_verify(out, j->store, cib_network_access_json(j->net), oid, j->err);
	bool chain = is_secretariat(j) && (j->incoming || is_fresh(j, parent));
	if (status == CIB_OK && (*out == CIB_SIGNED_WRONG || *out == CIB_SIGNED_NO_KEY) && chain && cib_network_access_at(&access, j->store, parent, NULL) == CIB_OK)
		status = cib_network_verify(out, j->store, access, oid, j->err);
	cJSON_Delete(access);
	return status == CIB_FINDINGS ? refuse_store(j, status, oid, NULL) : status;
}

int judge_signature(judge *j, const cib_oid *oid, const cib_commit *commit)
{
	static const char how[] = N_("cib key use FILE; cib sync then signs what was not sent yet");
	cib_signature_policy policy = cib_network_signatures(j->net);
	cib_signed state = CIB_SIGNED_NOT;
	if (policy == CIB_SIGNATURES_NONE || (j->incoming && !j->of && !is_secretariat(j)))
		return CIB_OK;
	int status = verify(&state, j, oid, &commit->parents[0]), len = (int)strcspn(commit->committer_email, "@");
	if (status != CIB_OK || state == CIB_SIGNED_GOOD)
		return status;
	if (state == CIB_SIGNED_NOT)
		return policy == CIB_SIGNATURES_OPTIONAL ? CIB_OK : refuse(j, "guard.unsigned", oid, NULL, how, N_("the commit is not signed"));
	if (state == CIB_SIGNED_NO_KEY)
		return refuse(j, "guard.signature", oid, NULL, N_("the secretariat adds one: cib key add USER FILE"), N_("%.*s had no key in this network on the commit's day"), len,
		              commit->committer_email);
	return refuse(j, "guard.signature", oid, NULL, how, N_("the signature is not by a key that %.*s had on the commit's day"), len, commit->committer_email);
}
