/* The book of rules, as a table. `cib explain CODE` prints it. */
#include "network/rulebook.h"

#include "network/privacy.h"
#include "network/private.h"

#include <stdlib.h>
#include <string.h>

const char *const cib_severity_words[3] = {"error", "warning", "advice"};

static const cib_rule_info book[] = {
	/* ---- the text of a file ---- */
	{"json.*", CIB_ERROR, true, N_("The file is not strict JSON (RFC 8259, I-JSON): no duplicate names, no byte order mark, valid UTF-8, within the limits of depth and size. Other programs would read it otherwise, or not at all."),
         N_("mend the place that is named; cib fmt FILE shows the first fault")},
	{"network.too-large", CIB_ERROR, true, N_("A file is at most as large as network.json allows (limits.jsonBytes)."), N_("split the entry, or link to what is long")},
	{"network.not-canonical", CIB_ERROR, true, N_("Files are kept in canonical form, so that equal entries are equal bytes and merges see no noise."), N_("cib fmt -w FILE")},
	{"network.not-nfc", CIB_ERROR, true, N_("Text is kept in Unicode normalisation form C, so that what looks the same is the same."), N_("cib fmt -w FILE")},
	{"network.number", CIB_ERROR, true, N_("A number that a double cannot hold exactly would be changed by other programs."), N_("write it as a string, as money and coordinates are")},
	/* ---- what an entry is ---- */
	{"network.unknown-kind", CIB_ERROR, true, N_("Every folder belongs to a kind of entry; a file elsewhere has no schema to judge it."), N_("make entries with cib new")},
	{"network.schema", CIB_ERROR, true, N_("The schema of this kind cannot be used, so its entries cannot be judged."), N_("the secretariat mends the schema: cib schema diff")},
	{"network.id", CIB_ERROR, true, N_("An entry's id is the name of its file, for ever: others refer to it."), N_("put the id back as the file is named")},
	{"network.prefix", CIB_ERROR, true, N_("Ids are made by cib: the kind's prefix and ten random letters or digits, so that nobody makes the same one offline."), N_("cib new makes an id")},
	{"network.owner", CIB_ERROR, true, N_("The owner of an entry is the member in whose folder it lies."), N_("put the owner back, or ask the secretariat to move the entry")},
	{"network.item-id", CIB_ERROR, true, N_("No two items of a list have one id: two people's edits would be joined by their places, and one item could pass for the other."), N_("give one of the two another id")},
	{"schema.pattern-too-costly", CIB_ERROR, true, N_("A pattern of the schema takes too many steps for this text, so there is no verdict; without one nothing is taken."), N_("the secretariat writes a plainer pattern")},
	{"schema.too-costly", CIB_ERROR, true, N_("The check would take too many steps, so there is no verdict; without one nothing is taken."), N_("the secretariat writes a plainer schema")},
	{"schema.*", CIB_ERROR, false, N_("The entry does not have the form that the schema of its kind asks for."), N_("cib show ID, then mend the field that is named")},
	{"code.unknown", CIB_ERROR, false, N_("A code is one of the codelist that the field refers to."), N_("cib codes LIST WORDS finds the right one")},
	{"code.withdrawn", CIB_WARNING, false, N_("A code that was withdrawn is kept where it stands, and not used any more."), N_("take the code that succeeds it")},
	/* ---- rules across fields ---- */
	{"rule.sum", CIB_ERROR, false, N_("Shares that are given add up to the whole."), N_("mend the shares")},
	{"rule.order", CIB_ERROR, false, N_("An end does not come before its beginning."), N_("mend one of the dates")},
	{"rule.past", CIB_ERROR, false, N_("A date of what happened is not one of the future."), N_("make it a planned date")},
	{"rule.words", CIB_ERROR, false, N_("A text has at most so many words."), N_("shorten it")},
	{"rule.reference", CIB_WARNING, false, N_("An id that an entry names is that of an entry in the network. It is a warning, as the other entry may have been removed by somebody else meanwhile."), N_("cib search finds the right one")},
	{"rule.among", CIB_ERROR, false, N_("A value is one of a list that stands elsewhere in the network, as an answer is to a question that was asked."), N_("take one of those that are there")},
	{"rule.implied", CIB_ERROR, false, N_("A code is not given beside one that says it already."), N_("take the wider one out")},
	{"rule.required", CIB_ERROR, false, N_("A field is given unless another one says why not."), N_("give it, or say so")},
	{"rule.frozen", CIB_ERROR, false, N_("A version that is final does not change."), N_("make a new entry")},
	{"rule.unique", CIB_ERROR, false, N_("No two entries of a folder say the same."), N_("change one, or remove it")},
	{"rule.recommended", CIB_ADVICE, false, N_("A field that is not required, but that the reports use."), N_("cib set ID /FIELD=VALUE")},
	/* ---- personal data: docs/privacy.md ---- */
	{"privacy.email", CIB_ERROR, false, N_("An e-mail address stands in an entry or a commit message only if it is a role's mailbox: what is in the history is in everybody's copy, for ever."), N_("write the organisation's mailbox; where it must stand: cib set ID --allow FIELD --reason WHY")},
	{"privacy.phone", CIB_ERROR, false, N_("A telephone number is mostly a person's, and what is in the history is in everybody's copy, for ever."), N_("leave it out; where it must stand: cib set ID --allow FIELD --reason WHY")},
	{"privacy.location", CIB_ERROR, false, N_("A point is not finer than the precision that it says to have: a city has two decimals of a degree, a region one, a country none."), N_("round it, or say \"exact\" where the place itself may be known")},
	{"privacy.exception", CIB_WARNING, false, N_("Personal data stands in an entry for a reason that is written beside it (x-cib-privacy). As an error: there are no exceptions."), N_("the reviewer decides whether the reason holds")},
	{"privacy.unneeded", CIB_ADVICE, false, N_("An exception for personal data that is not there any more."), N_("cib set ID --unset /x-cib-privacy, or edit it")},
	{"privacy.malformed", CIB_ERROR, true, N_("An exception says what it allows, how many, and why."), N_("cib set ID --allow FIELD --reason WHY writes it")},
	/* ---- the network's own settings ---- */
	{"settings.*", CIB_ERROR, true, N_("network.json says something that cib does not know, so it would not be done."), N_("docs/formats.md has all settings")},
	/* ---- a push: who and where (R1, R2) ---- */
	{"guard.no-user", CIB_ERROR, true, N_("The server must tell the guard who pushes; of nobody nothing is taken."), N_("set CIB_USER (or GL_USER, GL_USERNAME, REMOTE_USER, GITEA_PUSHER_NAME) on the server")},
	{"guard.unknown-user", CIB_ERROR, true, N_("Who pushes is not in access.json, or only at other dates."), N_("the secretariat: cib access add USER --role ROLE")},
	{"guard.reader", CIB_ERROR, true, N_("A reader reads and does not write."), N_("the secretariat: cib access add USER --role staff --member MEMBER")},
	{"guard.ref", CIB_ERROR, true, N_("Staff push to the branch of their member, the secretariat to main; there are no other branches and no tags."), N_("cib sync pushes to the right one")},
	{"guard.ref-twice", CIB_ERROR, true, N_("A push names each reference once."), N_("push again")},
	{"guard.deletion", CIB_ERROR, true, N_("What was shared is not taken away."), N_("remove entries by a commit; the secretariat purges what must go: cib purge")},
	{"guard.not-commit", CIB_ERROR, true, N_("A branch points to a commit."), N_("cib sync")},
	{"guard.purged", CIB_ERROR, true, N_("Personal data was taken out of the history; what holds it, or builds on the history before, is not taken again."), N_("cib sync brings this copy over, with what was not sent yet")},
	{"guard.purged-list", CIB_ERROR, true, N_("What was purged stays on the list in network.json."), N_("put \"purged\" back as it is on main")},
	{"guard.rewrite", CIB_ERROR, true, N_("History that others have is only gone on from, never rewritten."), N_("cib sync, or git pull")},
	{"guard.moved", CIB_ERROR, true, N_("Somebody was faster: main has moved since this push began."), N_("cib sync, or git pull")},
	{"guard.unknown-main", CIB_ERROR, true, N_("A branch that came in builds on a main that is not known here, so its work cannot be judged."), N_("bring main up to date first: cib sync")},
	{"guard.unrelated", CIB_ERROR, true, N_("A branch begins at the network's main."), N_("cib join, then cib sync")},
	/* ---- every commit (R2, R9) ---- */
	{"guard.new-root", CIB_ERROR, true, N_("Every commit goes on from another one of the network."), N_("cib join, then cib sync")},
	{"guard.parents", CIB_ERROR, true, N_("A commit joins a few branches at most."), N_("merge one branch at a time")},
	{"guard.too-many-commits", CIB_ERROR, true, N_("A push has at most as many commits as network.json allows (limits.commits)."), N_("push in parts")},
	{"guard.message-size", CIB_ERROR, true, N_("A commit message is at most as long as network.json allows (limits.messageBytes)."), N_("git commit --amend")},
	{"guard.message-text", CIB_ERROR, true, N_("A commit message is plain text: no control characters, no bidirectional overrides, valid UTF-8."), N_("git commit --amend")},
	{"guard.commit-size", CIB_ERROR, true, N_("The header of a commit holds people, parents and a signature, and nothing large."), N_("make the commit anew")},
	{"guard.author-name", CIB_ERROR, true, N_("The author's name is plain text."), N_("git commit --amend --reset-author")},
	{"guard.forged-author", CIB_ERROR, true, N_("A commit names its own organisation as author and committer."), N_("git commit --amend --reset-author")},
	{"guard.foreign-address", CIB_ERROR, true, N_("Commits carry role addresses of the network (USER@MEMBER.cib.invalid): a personal address would be published with the history."), N_("commit with cib save")},
	{"guard.unsigned", CIB_ERROR, true, N_("Where network.json says \"signatures\": \"required\", every commit is signed by an SSH key of who made it."), N_("cib key use FILE, then cib sync")},
	{"guard.signature", CIB_ERROR, true, N_("A signature is by a key that its committer had on the commit's day, as access.json says."), N_("cib key shows which keys are known")},
	{"guard.future", CIB_ERROR, true, N_("A commit's date lies at most a day ahead."), N_("set this computer's clock, then make the commit anew")},
	/* ---- every path (R1, R3, R4, R7) ---- */
	{"guard.pack-size", CIB_ERROR, true, N_("A push brings at most as many bytes as network.json allows (limits.packBytes)."), N_("push in parts")},
	{"guard.too-many-paths", CIB_ERROR, true, N_("A push changes at most as many files as network.json allows (limits.paths)."), N_("push in parts")},
	{"guard.path-length", CIB_ERROR, true, N_("A path has at most 200 bytes, so that it can be checked out everywhere."), N_("shorten it")},
	{"guard.name-length", CIB_ERROR, true, N_("A name has at most 100 bytes."), N_("shorten it")},
	{"guard.name", CIB_ERROR, true, N_("Names are lower-case letters, digits, '.', '_' and '-', so that no two collide on any file system."), N_("rename it: git mv")},
	{"guard.depth", CIB_ERROR, true, N_("Files lie at most eight folders deep (limits.treeDepth)."), N_("move it up")},
	{"guard.mode", CIB_ERROR, true, N_("A network holds plain files only: no links, no submodules, nothing executable."), N_("git update-index --chmod=-x, or git rm --cached")},
	{"guard.not-file", CIB_ERROR, true, N_("What is called a file is one."), N_("make the commit anew")},
	{"guard.file-size", CIB_ERROR, true, N_("A file is at most as large as network.json allows."), N_("make it smaller, or link to it")},
	{"guard.foreign-path", CIB_ERROR, true, N_("Staff change what lies in their own member's folder; a merge of main takes main as it is."), N_("git checkout main -- PATH, or cib sync")},
	{"guard.rules", CIB_ERROR, true, N_("Only the secretariat changes schemas, codelists, rules and access."), N_("ask the secretariat")},
	{"guard.not-entry", CIB_ERROR, true, N_("A member's folder holds entries and nothing else."), N_("cib new")},
	{"guard.malformed", CIB_ERROR, true, N_("An object of the push is not as Git writes it."), N_("make the commit anew with cib or git")},
	{"store.*", CIB_ERROR, true, N_("An object of the push is not as Git writes it."), N_("make the commit anew with cib or git")},
	/* ---- the whole (R6, R8) ---- */
	{"guard.id-reused", CIB_ERROR, true, N_("An id names one entry in the whole network."), N_("cib new gives it an id of its own")},
	{"guard.access", CIB_ERROR, true, N_("access.json gives roles that exist, to names that can be."), N_("cib access")},
	{"guard.locked-out", CIB_ERROR, true, N_("Somebody is always the secretariat, today and later."), N_("keep at least one user with the role secretariat and no end date")},
	{"guard.rules-broken", CIB_ERROR, true, N_("The network can be loaded by its rules."), N_("git checkout main -- FILE")},
	{"guard.codelist", CIB_ERROR, true, N_("Every codelist has codes that can be read; of a broken one every code would pass."), N_("put it back as it is on main")},
	{"guard.schema", CIB_ERROR, true, N_("Every schema of the network can be used."), N_("cib schema diff says what is wrong")},
};
enum { ROWS = sizeof book / sizeof *book };

const cib_rule_info *cib_rulebook_at(size_t i)
{
	return i < ROWS ? &book[i] : NULL;
}

const cib_rule_info *cib_rulebook_find(const char *code)
{
	const cib_rule_info *family = NULL;
	for (size_t i = 0; i < ROWS; i++) {
		const char *row = book[i].code;
		size_t len = strlen(row);
		if (strcmp(row, code) == 0)
			return &book[i];
		if (row[len - 1] == '*' && strncmp(row, code, len - 1) == 0 && code[len - 1])
			family = &book[i];
	}
	return family;
}

static bool parse_severity(cib_severity *out, const char *word)
{
	for (int i = 0; word && i < 3; i++)
		if (strcmp(word, cib_severity_words[i]) == 0) {
			*out = (cib_severity)i;
			return true;
		}
	return false;
}

const cJSON *cib_network_own_rule(const cib_network *net, const char *code)
{
	for (size_t i = 0; i < net->kind_count; i++) {
		const cJSON *rules = cib_json_get(net->kinds[i].doc, "x-cib-rules");
		for (const cJSON *r = rules ? rules->child : NULL; r; r = r->next) {
			const char *own = cib_json_string(r, "code");
			if (own && strcmp(own, code) == 0)
				return r;
		}
	}
	return NULL;
}

void cib_network_weigh(const cib_network *net, cib_findings *findings, size_t first)
{
	const cJSON *wanted = cib_json_get(net->json, "rules");
	for (size_t i = first; wanted && i < findings->count; i++) {
		cib_finding *f = &findings->items[i];
		const cib_rule_info *rule = f->code ? cib_rulebook_find(f->code) : NULL;
		cib_severity severity;
		if (!f->code || (rule && rule->fixed) || !parse_severity(&severity, cib_json_string(wanted, f->code)))
			continue;
		findings->errors -= f->severity == CIB_ERROR;
		findings->errors += severity == CIB_ERROR;
		f->severity = severity;
	}
}

cib_severity cib_network_severity(const cib_network *net, const char *code)
{
	const cib_rule_info *rule = cib_rulebook_find(code);
	cib_severity severity = rule ? rule->severity : CIB_ERROR;
	if (!rule || !rule->fixed)
		parse_severity(&severity, cib_json_string(cib_json_get(net->json, "rules"), code));
	return severity;
}

/* ---- the settings ---- */

static void report(cib_findings *findings, const char *code, const char *where, const char *name, const char *hint, char *message)
{
	cib_buf pointer = CIB_BUF_INIT;
	cib_buf_adds(&pointer, where);
	if (name)
		cib_json_pointer_add(&pointer, name);
	cib_findings_add(findings, &(cib_finding){.severity = CIB_ERROR,
	                                          .file = (char *)(uintptr_t) "network.json",
	                                          .pointer = pointer.data,
	                                          .keyword = (char *)(uintptr_t) "network",
	                                          .code = (char *)(uintptr_t)code,
	                                          .message = message,
	                                          .hint = (char *)(uintptr_t)hint});
	cib_buf_free(&pointer);
	free(message);
}

static void check_rule(const cib_network *net, const cJSON *row, cib_findings *findings)
{
	const cib_rule_info *rule = cib_rulebook_find(row->string);
	cib_severity severity;
	if (!rule && !cib_network_own_rule(net, row->string))
		report(findings, "settings.unknown-rule", "/rules", row->string, _("cib explain lists all rules"), cib_format(_("there is no rule %s"), row->string));
	else if (rule && rule->fixed)
		report(findings, "settings.fixed-rule", "/rules", row->string, _("take the line out"),
		       cib_format(_("the rule %s keeps the network whole: it cannot be weighed otherwise"), row->string));
	else if (!parse_severity(&severity, cJSON_IsString(row) ? row->valuestring : NULL))
		report(findings, "settings.severity", "/rules", row->string, NULL, cib_strdup(_("a rule is an error, a warning or advice")));
}

static bool is_policy(const cJSON *value)
{
	return cJSON_IsString(value) && (strcmp(value->valuestring, "required") == 0 || strcmp(value->valuestring, "none") == 0);
}

/* {"default": POLICY, "kinds": {KIND: POLICY or [POINTER...]}} */
static void check_policies(const cib_network *net, const cJSON *review, cib_findings *findings)
{
	const cJSON *first = cib_json_get(review, "default"), *kinds = cib_json_get(review, "kinds");
	if (first && !is_policy(first))
		report(findings, "settings.review", "/review/default", NULL, NULL, cib_strdup(_("the default is \"required\" or \"none\"")));
	for (const cJSON *k = cJSON_IsObject(kinds) ? kinds->child : NULL; k; k = k->next) {
		bool fits = is_policy(k) || cJSON_IsArray(k);
		for (const cJSON *p = cJSON_IsArray(k) ? k->child : NULL; p; p = p->next)
			fits &= cJSON_IsString(p) && p->valuestring[0] == '/';
		if (!cib_network_kind(net, k->string))
			report(findings, "settings.review", "/review/kinds", k->string, NULL, cib_format(_("there is no kind %s"), k->string));
		else if (!fits)
			report(findings, "settings.review", "/review/kinds", k->string, NULL, cib_strdup(_("\"required\", \"none\" or a list of fields such as \"/budget\"")));
	}
}

/* {"mailboxes": [ADDRESS, "*@DOMAIN", "NAME@*"]} */
static void check_privacy(const cJSON *privacy, cib_findings *findings)
{
	const cJSON *list = cib_json_get(privacy, "mailboxes");
	bool good = !privacy || (cJSON_IsObject(privacy) && (!list || cJSON_IsArray(list)));
	for (const cJSON *m = good && list ? list->child : NULL; m; m = m->next) {
		const char *sign = cJSON_IsString(m) ? strchr(m->valuestring, '@') : NULL;
		good = good && sign && sign > m->valuestring && sign[1];
	}
	if (!good)
		report(findings, "settings.privacy", "/privacy", NULL, NULL, cib_strdup(_("privacy is {\"mailboxes\": [ADDRESS, \"*@DOMAIN\", \"NAME@*\"]}")));
}

int cib_network_check_settings(const cib_network *net, const cJSON *settings, cib_findings *findings)
{
	size_t errors = findings->errors;
	const cJSON *rules = cib_json_get(settings, "rules"), *limits = cib_json_get(settings, "limits");
	const cJSON *review = cib_json_get(settings, "review");
	if (!cJSON_IsObject(settings))
		report(findings, "settings.form", "", NULL, NULL, cib_strdup(_("network.json is an object")));
	if (rules && !cJSON_IsObject(rules))
		report(findings, "settings.rules", "/rules", NULL, NULL, cib_strdup(_("the rules are an object: {CODE: SEVERITY}")));
	for (const cJSON *r = cJSON_IsObject(rules) ? rules->child : NULL; r; r = r->next)
		check_rule(net, r, findings);
	if (limits && !cJSON_IsObject(limits))
		report(findings, "settings.limits", "/limits", NULL, NULL, cib_strdup(_("the limits are an object: {NAME: NUMBER}")));
	for (const cJSON *l = cJSON_IsObject(limits) ? limits->child : NULL; l; l = l->next) {
		size_t lowest = cib_network_limit_lowest(l->string);
		if (!lowest)
			report(findings, "settings.limit", "/limits", l->string, _("docs/formats.md has all limits"), cib_format(_("there is no limit %s"), l->string));
		else if (!cJSON_IsNumber(l) || l->valuedouble < (double)lowest || l->valuedouble > 1e9)
			report(findings, "settings.limit", "/limits", l->string, NULL, cib_format(_("this limit is a whole number from %zu to 1000000000"), lowest));
	}
	const char *signatures = cib_json_string(settings, "signatures");
	if (cib_json_get(settings, "signatures") && !(signatures && (strcmp(signatures, "none") == 0 || strcmp(signatures, "optional") == 0 || strcmp(signatures, "required") == 0)))
		report(findings, "settings.signatures", "/signatures", NULL, NULL, cib_strdup(_("signatures are none, optional or required")));
	check_privacy(cib_json_get(settings, "privacy"), findings);
	cib_privacy_check_settings(net, settings, findings);
	if (cJSON_IsObject(review))
		check_policies(net, review, findings);
	else if (review && !is_policy(review))
		report(findings, "settings.review", "/review", NULL, NULL, cib_strdup(_("review is \"required\", \"none\" or an object, see docs/review.md")));
	return findings->errors > errors ? CIB_FINDINGS : CIB_OK;
}
