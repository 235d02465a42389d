/* cib key: which SSH key signs commits here, and (secretariat) which keys of users the network knows. */
#include "cmd.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char usage[] = "key [list [--json] | use FILE | use --none | add USER FILE [--from DATE] [--until DATE] | end USER FINGERPRINT [--until DATE] | remove USER FINGERPRINT]";

/* "ssh-ed25519 AAAA..." of a public key in a file (FILE, or FILE.pub beside it), without its comment; the caller's. */
static char *public_key(const char *file, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	char *beside = cib_format("%s.pub", file), *key = NULL;
	int status = cib_file_read(&text, access(beside, R_OK) == 0 ? beside : file, 65536, err);
	if (status == CIB_OK) {
		const char *s = cib_buf_str(&text);
		size_t type = strcspn(s, " \t\r\n"), gap = strspn(s + type, " \t"), body = strcspn(s + type + gap, " \t\r\n");
		key = cib_format("%.*s %.*s", (int)type, s, (int)body, s + type + gap);
		if (!cib_ssh_key_ok(key)) {
			free(key);
			key = NULL;
			cib_error_set(err, CIB_USAGE, "key.none", "%s is no public SSH key of a kind that is taken", file);
			cib_error_hint(err, "make one: ssh-keygen -t ed25519 -f FILE; then name FILE.pub");
		}
	}
	cib_buf_free(&text);
	free(beside);
	return key;
}

/* "SHA256:..." as ssh-keygen prints it; the caller's, "" when it cannot say. */
static char *fingerprint(const char *key)
{
	const char *argv[] = {"ssh-keygen", "-l", "-f", "-", NULL};
	cib_buf out = CIB_BUF_INIT;
	int code;
	char *line = cib_format("%s\n", key), *print = NULL;
	if (cib_execute(&code, &out, NULL, argv, &(cib_execute_options){.input = line, .len = strlen(line), .timeout_ms = 5000, .alone = true}, NULL) == CIB_OK && code == 0) {
		const char *at = strstr(cib_buf_str(&out), "SHA256:");
		print = at ? cib_strndup(at, strcspn(at, " \n")) : NULL;
	}
	free(line);
	cib_buf_free(&out);
	return print ? print : cib_strdup("");
}

static void print_key(const char *user, const cJSON *k, bool json)
{
	const char *from = cib_json_string(k, "from"), *until = cib_json_string(k, "until"), *key = cib_json_string(k, "key");
	char *print = key ? fingerprint(key) : cib_strdup("");
	if (json) {
		cJSON *row = cJSON_Duplicate(k, true);
		cJSON_AddStringToObject(row, "user", user);
		cJSON_AddStringToObject(row, "fingerprint", print);
		cJSON_AddNumberToObject(row, "v", 1);
		cib_print_json(stdout, row);
		cJSON_Delete(row);
	} else {
		printf("%-24s %s", user, print);
		cib_print_span(from, until);
	}
	free(print);
}

static int read_access(cJSON **out, cib_workspace *ws, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	int status = cib_workspace_read(&text, ws, "access.json", err);
	*out = NULL;
	if (status == CIB_OK)
		status = cib_json_read(out, text.data, text.len, NULL, err);
	cib_buf_free(&text);
	return status;
}

static int list(cib_workspace *ws, bool json)
{
	static const char *const policies[] = {N_("Commits need no signature here."), N_("What is signed must be signed well."), N_("Every commit must be signed.")};
	cib_error err = CIB_ERROR_INIT;
	cJSON *access = NULL;
	if (read_access(&access, ws, &err) != CIB_OK)
		return cib_fail(&err);
	const cJSON *users = cib_json_get(access, "users");
	for (const cJSON *u = users ? users->child : NULL; u; u = u->next) {
		const cJSON *keys = cib_json_get(u, "keys");
		for (const cJSON *k = keys ? keys->child : NULL; k; k = k->next)
			print_key(u->string, k, json);
	}
	cJSON_Delete(access);
	fprintf(stderr, _("%s Yours: %s\n"), _(policies[cib_network_signatures(ws->net)]), ws->key ? ws->key : _("none (cib key use FILE)"));
	return 0;
}

static int use(cib_workspace *ws, const char *file)
{
	cib_error err = CIB_ERROR_INIT;
	cib_buf signature = CIB_BUF_INIT;
	char *real = file ? realpath(file, NULL) : NULL;
	int code = 0;
	if (file && !real)
		code = cib_usage("there is no file %s", file);
	else if (cib_workspace_use_key(ws, real, &err) != CIB_OK)
		code = cib_fail(&err);
	else if (!real)
		fputs(_("Commits are not signed here any more.\n"), stderr);
	else if (cib_ssh_sign(&signature, &(cib_signer){.key = real}, "test", 4, &err) == CIB_OK)
		fprintf(stderr, _("Commits are signed by %s from now on.\n"), real);
	else
		fprintf(stderr, _("Commits are signed by %s from now on, when it can: %s. Until then they are kept unsigned, and signed before they are sent.\n"), real, err.message);
	free(real);
	cib_buf_free(&signature);
	return code;
}

/* The keys of a user in a copy of access.json; NULL when there is no such user. */
static cJSON *keys_of(cJSON *access, const char *user)
{
	cJSON *row = cib_json_get(cib_json_get(access, "users"), user), *keys = cib_json_get(row, "keys");
	if (row && !cJSON_IsArray(keys)) {
		keys = cJSON_CreateArray();
		cib_json_set(row, "keys", keys);
	}
	return row ? keys : NULL;
}

static int write_access(cib_workspace *ws, cJSON *access, const char *user, const char *done)
{
	cib_error err = CIB_ERROR_INIT;
	cib_findings findings = CIB_FINDINGS_INIT;
	int64_t now = (int64_t)time(NULL);
	int code = 0;
	cib_network_check_access(access, now, &findings);
	if (findings.errors)
		cib_print_finding(stderr, &findings.items[0]);
	if (findings.errors)
		code = cib_usage("nothing was changed");
	else if (cib_network_signatures(ws->net) == CIB_SIGNATURES_REQUIRED && !cib_network_can_sign(access, now))
		code = cib_usage("nobody of the secretariat could sign any more, and this network asks for signatures; add another key first");
	else if (cib_workspace_write(ws, "access.json", access, &err) != CIB_OK)
		code = cib_fail(&err);
	else
		fprintf(stderr, _(done), user);
	cib_findings_free(&findings);
	return code;
}

typedef struct {
	const char *action, *user, *what, *from, *until;
} change;

static int change_keys(cib_workspace *ws, cJSON *access, const change *c)
{
	cib_error err = CIB_ERROR_INIT;
	cJSON *keys = keys_of(access, c->user), *row;
	if (!keys)
		return cib_usage("there is no user %s; all users: cib access", c->user);
	if (strcmp(c->action, "add") == 0) {
		char *key = public_key(c->what, &err);
		if (!key)
			return cib_fail(&err);
		row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "key", key);
		if (c->from)
			cJSON_AddStringToObject(row, "from", c->from);
		if (c->until)
			cJSON_AddStringToObject(row, "until", c->until);
		const cJSON *known = keys->child;
		while (known && !cib_json_equal(known, row))
			known = known->next;
		if (known) /* given twice is given once */
			cJSON_Delete(row);
		else
			cJSON_AddItemToArray(keys, row);
		free(key);
		return write_access(ws, access, c->user, N_("%s: the key is known. Next: cib sync\n"));
	}
	for (row = keys->child; row; row = row->next) {
		const char *key = cib_json_string(row, "key");
		char *print = key ? fingerprint(key) : cib_strdup("");
		bool same = strlen(c->what) >= 12 && strncmp(print, c->what, strlen(c->what)) == 0;
		free(print);
		if (same)
			break;
	}
	if (!row)
		return cib_usage("%s has no key %s; all keys: cib key", c->user, c->what);
	if (strcmp(c->action, "remove") == 0) {
		cJSON_Delete(cJSON_DetachItemViaPointer(keys, row));
		if (!keys->child)
			cib_json_remove(cib_json_get(cib_json_get(access, "users"), c->user), "keys");
		return write_access(ws, access, c->user, N_("%s: the key is good for nothing any more. Next: cib sync\n"));
	}
	char today[11];
	cib_day_of(today, (int64_t)time(NULL));
	cib_json_set(row, "until", cJSON_CreateString(c->until ? c->until : today));
	return write_access(ws, access, c->user, N_("%s: the key has a last day. Next: cib sync\n"));
}

static int change_access(cib_workspace *ws, const change *c)
{
	cib_error err = CIB_ERROR_INIT;
	cJSON *access = NULL;
	int code;
	if (ws->member)
		code = cib_usage("only the secretariat changes which keys the network knows; give it your public key");
	else if (cib_workspace_hold(ws, &err) != CIB_OK || read_access(&access, ws, &err) != CIB_OK) /* until the workspace is freed */
		code = cib_fail(&err);
	else
		code = change_keys(ws, access, c);
	cJSON_Delete(access);
	return code;
}

int cib_cmd_key(int argc, char **argv)
{
	change c = {0};
	bool json = false, none = false;
	cib_words rest = {0};
	const cib_opt opts[] = {
		{"from", 0, CIB_OPT_TEXT, &c.from, "DATE", N_("first day of the key, YYYY-MM-DD")},
		{"until", 0, CIB_OPT_TEXT, &c.until, "DATE", N_("last day of the key, YYYY-MM-DD")},
		{"none", 0, CIB_OPT_FLAG, &none, NULL, N_("with use: sign no more")},
		{"json", 0, CIB_OPT_FLAG, &json, NULL, N_("one JSON object a line")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	c.action = rest.count ? rest.items[0] : "list";
	bool listing = strcmp(c.action, "list") == 0, using = strcmp(c.action, "use") == 0;
	bool changing = strcmp(c.action, "add") == 0 || strcmp(c.action, "end") == 0 || strcmp(c.action, "remove") == 0;
	if (!(listing && rest.count <= 1) && !(using && rest.count == (none ? 1 : 2)) && !(changing && rest.count == 3)) {
		free((void *)(uintptr_t)rest.items);
		return cib_usage("that is not complete\nusage: cib %s", usage);
	}
	c.user = changing ? rest.items[1] : NULL;
	c.what = changing ? rest.items[2] : NULL;
	cib_workspace *ws = NULL;
	if ((code = cib_open(&ws)))
		code--;
	else
		code = listing ? list(ws, json) : using ? use(ws, none ? NULL : rest.items[1])
		                                        : change_access(ws, &c);
	cib_workspace_free(ws);
	free((void *)(uintptr_t)rest.items);
	return code;
}
