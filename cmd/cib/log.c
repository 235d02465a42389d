/* cib log: the history of an entry as a story. */
#include "cmd.h"
#include "review/story.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char usage[] = "log ID [--verify] [--json]";

static const char *const words[] = {N_("created"), N_("changed"), N_("removed"), N_("accepted"), N_("returned"), N_("declined"), N_("commented")};

static void print_when(FILE *stream, int64_t when)
{
	char text[32] = "";
	time_t t = (time_t)when;
	struct tm tm;
	if (gmtime_r(&t, &tm))
		strftime(text, sizeof text, "%Y-%m-%d %H:%M", &tm);
	fputs(text, stream);
}

/* The first 100 bytes, or as many as are whole characters, on one line. */
static void print_short(const char *text, size_t len)
{
	size_t n = len > 100 ? 100 : len;
	while (n < len && n && ((unsigned char)text[n] & 0xC0u) == 0x80u)
		n--;
	char *line = cib_strndup(text, n);
	for (char *c = line; *c; c++)
		*c = *c == '\n' ? ' ' : *c;
	cib_print_clean(stdout, line);
	fputs(n < len ? "..." : "", stdout);
	free(line);
}

/* What went out of a list, or came in: a line each. */
static void print_parts(char sign, const char *text)
{
	while (text && *text) {
		size_t n = strcspn(text, "\n");
		printf("      %c ", sign);
		print_short(text, n);
		putchar('\n');
		text += n + (text[n] == '\n');
	}
}

static void print_field(const cib_view_field *f)
{
	fputs("    ", stdout);
	cib_print_clean(stdout, f->title);
	if (f->parts) {
		fputs(":\n", stdout);
		print_parts('-', f->before);
		print_parts('+', f->after);
		return;
	}
	fputs(": ", stdout);
	if (f->before)
		print_short(f->before, strlen(f->before));
	fputs(f->before && f->after ? " -> " : f->after ? ""
	                                                : _(" (removed)"),
	      stdout);
	if (f->after)
		print_short(f->after, strlen(f->after));
	putchar('\n');
}

static void print_changes(cib_workspace *ws, const cib_kind *kind, const cib_story_event *e)
{
	cib_review_view view;
	cib_view_versions(&view, ws->net, kind, e->before, e->after, cib_term_lang());
	for (size_t i = 0; i < view.count; i++)
		print_field(&view.items[i]);
	cib_review_view_clear(&view);
}

/* ---- signatures ---- */

static const char *const signed_names[] = {"good", "none", "wrong", "no-key", "past"};
enum { PAST = CIB_SIGNED_NO_KEY + 1 }; /* good by a key that was known then, and was taken out since */

/* The same keys, as if they had no days. */
static cJSON *without_days(const cJSON *access)
{
	cJSON *copy = cJSON_Duplicate(access, true), *users = cib_json_get(copy, "users");
	for (cJSON *u = users ? users->child : NULL; u; u = u->next) {
		cJSON *keys = cib_json_get(u, "keys");
		for (cJSON *k = keys ? keys->child : NULL; k; k = k->next) {
			cib_json_remove(k, "from");
			cib_json_remove(k, "until");
		}
	}
	return copy;
}

static int signature_of(cib_workspace *ws, const cib_oid *oid)
{
	cib_signed state = CIB_SIGNED_NOT, then = CIB_SIGNED_NOT;
	cib_commit c = {0};
	cJSON *access = NULL;
	bool past = false;
	if (cib_network_verify(&state, ws->store, cib_network_access_json(ws->net), oid, NULL) != CIB_OK)
		return CIB_SIGNED_WRONG;
	if (state == CIB_SIGNED_WRONG || state == CIB_SIGNED_NO_KEY) { /* a key that is there still, for other days? */
		access = without_days(cib_network_access_json(ws->net));
		cib_network_verify(&then, ws->store, access, oid, NULL);
		cJSON_Delete(access);
		access = NULL;
	}
	if ((state == CIB_SIGNED_WRONG || state == CIB_SIGNED_NO_KEY) && then != CIB_SIGNED_GOOD && cib_store_commit_read(&c, ws->store, oid, NULL) == CIB_OK && c.parent_count &&
	    cib_network_access_at(&access, ws->store, &c.parents[0], NULL) == CIB_OK && cib_network_verify(&then, ws->store, access, oid, NULL) == CIB_OK && then == CIB_SIGNED_GOOD)
		past = true;
	cib_commit_clear(&c);
	cJSON_Delete(access);
	return past ? PAST : (int)state;
}

static void print_signature(cib_workspace *ws, const cib_story_event *e, bool *all_good)
{
	static const char *const in_words[] = {N_("signed"), N_("not signed"), N_("signed by a key that this user did not have on that day"), N_("signed by a user who had no key on that day"),
	                                       N_("signed by a key that was known then and was taken out since")};
	int state = signature_of(ws, &e->commit);
	*all_good = *all_good && (state == CIB_SIGNED_GOOD || state == PAST);
	printf("    %s\n", _(in_words[state]));
}

static void print_event(cib_workspace *ws, const cib_place *place, const cib_story_event *e, const cJSON *newest)
{
	cib_buf pointer = CIB_BUF_INIT;
	print_when(stdout, e->when);
	fputs("  ", stdout);
	cib_print_padded(stdout, _(words[e->kind]), 9);
	char *who = *e->member ? cib_format(_("staff of %s (%s)"), e->member, e->user) : cib_format(_("secretariat (%s)"), e->user);
	fputs("  ", stdout);
	cib_print_clean(stdout, who);
	fputc('\n', stdout);
	free(who);
	if (e->kind == CIB_STORY_CHANGED)
		print_changes(ws, place->kind, e);
	if (e->text) {
		const cib_merge_rules *rules = place->kind ? cib_network_rules(ws->net, place->kind) : NULL;
		char *title = cib_field_title(ws->net, place->kind, newest && cib_merge_path_to_pointer(&pointer, newest, rules, e->field) ? pointer.data : e->field, cib_term_lang());
		fputs("    ", stdout);
		cib_print_clean(stdout, title);
		fputs(*title ? ": " : "", stdout);
		cib_print_clean(stdout, e->text);
		fputc('\n', stdout);
		free(title);
	}
	cib_buf_free(&pointer);
}

static void print_event_json(const cib_place *place, const cib_story_event *e, const char *signature)
{
	char hex[CIB_OID_HEX], text[32] = "";
	time_t t = (time_t)e->when;
	struct tm tm;
	cJSON *row = cJSON_CreateObject();
	cib_json_changes changes = {0};
	cib_oid_hex(hex, &e->commit);
	if (gmtime_r(&t, &tm))
		strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &tm);
	cJSON_AddNumberToObject(row, "v", 1);
	cJSON_AddStringToObject(row, "id", place->id);
	cJSON_AddStringToObject(row, "event", words[e->kind]);
	cJSON_AddStringToObject(row, "time", text);
	cJSON_AddStringToObject(row, "role", *e->member ? "staff" : "secretariat");
	if (*e->member)
		cJSON_AddStringToObject(row, "member", e->member);
	cJSON_AddStringToObject(row, "user", e->user);
	cJSON_AddStringToObject(row, "commit", hex);
	if (signature)
		cJSON_AddStringToObject(row, "signature", signature);
	if (e->text) {
		cJSON_AddStringToObject(row, "field", e->field);
		cJSON_AddStringToObject(row, "text", e->text);
	}
	if (e->before && e->after) {
		cJSON *list = cJSON_AddArrayToObject(row, "changes");
		cib_json_diff(&changes, e->before, e->after, NULL);
		for (size_t i = 0; i < changes.count; i++) {
			cJSON *c = cJSON_CreateObject();
			cJSON_AddStringToObject(c, "path", changes.items[i].pointer);
			if (changes.items[i].before)
				cJSON_AddItemToObject(c, "before", cJSON_Duplicate(changes.items[i].before, true));
			if (changes.items[i].after)
				cJSON_AddItemToObject(c, "value", cJSON_Duplicate(changes.items[i].after, true));
			cJSON_AddItemToArray(list, c);
		}
		cib_json_changes_free(&changes);
	}
	cib_print_json(stdout, row);
	cJSON_Delete(row);
}

static int run(cib_workspace *ws, const char *id, bool json, bool verify)
{
	cib_error err = CIB_ERROR_INIT;
	cib_buf path = CIB_BUF_INIT;
	cib_place place;
	cib_story story = {0};
	bool all_good = true;
	int code = 0;
	if (cib_review_find_entry(&path, &place, ws, id, &err) != CIB_OK || cib_story_load(&story, ws, path.data, &err) != CIB_OK)
		code = cib_fail(&err);
	const cJSON *newest = NULL;
	for (size_t i = 0; i < story.count; i++)
		newest = story.items[i].after ? story.items[i].after : newest;
	for (size_t i = 0; i < story.count && code == 0; i++)
		if (json) {
			int state = verify ? signature_of(ws, &story.items[i].commit) : CIB_SIGNED_GOOD;
			all_good = all_good && (state == CIB_SIGNED_GOOD || state == PAST);
			print_event_json(&place, &story.items[i], verify ? signed_names[state] : NULL);
		} else {
			print_event(ws, &place, &story.items[i], newest);
			if (verify)
				print_signature(ws, &story.items[i], &all_good);
		}
	if (code == 0 && !all_good)
		code = CIB_FINDINGS;
	if (story.count == 0 && code == 0)
		fprintf(stderr, _("%s was not saved yet. Next: cib sync\n"), id);
	cib_story_clear(&story);
	cib_buf_free(&path);
	return code;
}

int cib_cmd_log(int argc, char **argv)
{
	bool json = false, verify = false;
	cib_words rest = {0};
	const cib_opt opts[] = {
		{"verify", 0, CIB_OPT_FLAG, &verify, NULL, N_("say of each whether it is signed by whom it is from; exit code 1 when one is not")},
		{"json", 0, CIB_OPT_FLAG, &json, NULL, N_("one JSON object an event")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	cib_workspace *ws = NULL;
	if (rest.count != 1)
		code = cib_usage("which entry?\nusage: cib %s", usage);
	else if ((code = cib_open(&ws)))
		code--;
	else
		code = run(ws, rest.items[0], json, verify);
	cib_workspace_free(ws);
	free((void *)(uintptr_t)rest.items);
	return code;
}
