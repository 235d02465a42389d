/* Who signs: the keys of users in access.json, and whether the network asks for signatures.
 *
 *   "andal-1": {"member": "m-andal", "role": "staff", "keys": [{"key": "ssh-ed25519 AAAA...", "from": "2026-01-01", "until": "2026-12-31"}]}
 *
 * A key is its type and its base64, without a comment (comments name people and their machines). It is good for commits that
 * are dated from its first to its last day, both inclusive, in UTC. */
#include "network/private.h"

#include <stdlib.h>
#include <string.h>

static const char *const policy_names[] = {"none", "optional", "required"};

cib_signature_policy cib_network_signatures(const cib_network *net)
{
	const char *given = cib_json_string(net->json, "signatures");
	for (size_t i = 0; given && i < sizeof policy_names / sizeof *policy_names; i++)
		if (strcmp(policy_names[i], given) == 0)
			return (cib_signature_policy)i;
	return given ? CIB_SIGNATURES_REQUIRED : CIB_SIGNATURES_NONE; /* a word of a newer cib asks for no less */
}

bool cib_ssh_key_ok(const char *key)
{
	static const char *const types[] = {"ssh-ed25519", "ssh-rsa", "ecdsa-sha2-nistp256", "ecdsa-sha2-nistp384", "ecdsa-sha2-nistp521", "sk-ssh-ed25519@openssh.com", "sk-ecdsa-sha2-nistp256@openssh.com"};
	size_t n = key ? strcspn(key, " ") : 0;
	bool known = false;
	for (size_t i = 0; key && i < sizeof types / sizeof *types; i++)
		known = known || (strlen(types[i]) == n && strncmp(types[i], key, n) == 0);
	if (!known || key[n] != ' ')
		return false;
	const char *body = key + n + 1;
	size_t len = strspn(body, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"), pad = strspn(body + len, "=");
	return len >= 40 && len <= 4096 && pad <= 2 && body[len + pad] == '\0';
}

size_t cib_network_signers(cib_buf *out, const cJSON *access, const char *user, const char *member, int64_t when)
{
	const cJSON *row = cib_json_get(cib_json_get(access, "users"), user), *keys = cib_json_get(row, "keys");
	const char *role = cib_json_string(row, "role"), *of = cib_json_string(row, "member");
	char day[11];
	size_t count = 0;
	bool his = role && (member ? strcmp(role, "staff") == 0 && of && strcmp(of, member) == 0 : strcmp(role, "secretariat") == 0);
	cib_day_of(day, when);
	for (const cJSON *k = his && cJSON_IsArray(keys) ? keys->child : NULL; k; k = k->next) {
		const char *key = cib_json_string(k, "key");
		if (!cib_ssh_key_ok(key) || !cib_day_within(day, cib_json_string(k, "from"), cib_json_string(k, "until")))
			continue;
		if (out)
			cib_buf_addf(out, "%s namespaces=\"git\" %s\n", user, key);
		count++;
	}
	return count;
}

bool cib_network_can_sign(const cJSON *access, int64_t now)
{
	const cJSON *users = cib_json_get(access, "users");
	char day[11];
	cib_day_of(day, now);
	for (const cJSON *u = cJSON_IsObject(users) ? users->child : NULL; u; u = u->next) {
		const char *role = cib_json_string(u, "role");
		const cJSON *keys = cib_json_get(u, "keys");
		if (!role || strcmp(role, "secretariat") != 0 || cib_json_get(u, "until") || !cib_day_within(day, cib_json_string(u, "from"), NULL))
			continue;
		for (const cJSON *k = cJSON_IsArray(keys) ? keys->child : NULL; k; k = k->next)
			if (cib_ssh_key_ok(cib_json_string(k, "key")) && !cib_json_get(k, "until") && cib_day_within(day, cib_json_string(k, "from"), NULL))
				return true;
	}
	return false;
}

/* "andal-1@m-andal.cib.invalid": the user, and the member (NULL: the secretariat) into the buffers; false for another address. */
static bool read_address(char user[101], char member[101], const char *email)
{
	static const char tail[] = ".cib.invalid";
	const char *at = strchr(email, '@');
	size_t n = at ? (size_t)(at - email) : 0, len = at ? strlen(at + 1) : 0, m = sizeof tail - 1;
	if (n == 0 || n > 100 || len <= m || len - m > 100 || strcmp(at + 1 + len - m, tail) != 0)
		return false;
	memcpy(user, email, n);
	user[n] = '\0';
	memcpy(member, at + 1, len - m);
	member[len - m] = '\0';
	return cib_name_ok(user, n) && cib_name_ok(member, len - m);
}

int cib_network_verify(cib_signed *out, cib_store *store, const cJSON *access, const cib_oid *commit, cib_error *err)
{
	cib_buf signature = CIB_BUF_INIT, payload = CIB_BUF_INIT, signers = CIB_BUF_INIT;
	cib_commit c = {0};
	char user[101], member[101];
	*out = CIB_SIGNED_NOT;
	int status = cib_store_commit_read(&c, store, commit, err);
	if (status == CIB_OK)
		status = cib_store_commit_signature(&signature, &payload, store, commit, err);
	if (status == CIB_NOTFOUND && c.message) {
		cib_error_clear(err);
		status = CIB_OK;
	} else if (status == CIB_OK) {
		bool known = read_address(user, member, c.committer_email) &&
		             cib_network_signers(&signers, access, user, strcmp(member, "secretariat") == 0 ? NULL : member, c.committer_time);
		*out = known ? CIB_SIGNED_GOOD : CIB_SIGNED_NO_KEY;
		status = known ? cib_ssh_verify(user, signers.data, &signature, &payload, err) : CIB_OK;
		if (status == CIB_FINDINGS) {
			*out = CIB_SIGNED_WRONG;
			cib_error_clear(err);
			status = CIB_OK;
		}
	}
	cib_commit_clear(&c);
	cib_buf_free(&signature);
	cib_buf_free(&payload);
	cib_buf_free(&signers);
	return status;
}

int cib_network_access_at(cJSON **out, cib_store *store, const cib_oid *commit, cib_error *err)
{
	cib_oid blob;
	unsigned mode;
	cib_buf text = CIB_BUF_INIT;
	*out = NULL;
	int status = cib_store_tree_get(&blob, &mode, store, commit, "access.json", err);
	if (status == CIB_OK)
		status = cib_store_blob_read(&text, store, &blob, 1u << 20, err);
	if (status == CIB_OK)
		status = cib_json_read(out, text.data, text.len, NULL, err);
	cib_buf_free(&text);
	return status;
}
