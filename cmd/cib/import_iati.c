/* cib import iati: take activities in as project entries; those that are not valid yet become drafts. */
#include "import.h"
#include "exchange/exchange.h"

#include <stdlib.h>
#include <string.h>

/* The entries that there are, by IATI identifier. */
typedef struct {
	char **identifiers, **paths;
	size_t count, cap, cap2;
} known;

typedef struct {
	cib_workspace *ws;
	const cib_kind *kind;
	known known;
	bool quiet, json;
	size_t activities, added, changed, unchanged, drafts, notes;
} importing;

static int remember(const char *path, const cib_place *place, const char *text, size_t len, void *payload)
{
	importing *im = payload;
	cJSON *doc = NULL;
	(void)place;
	if (cib_json_read(&doc, text, len, NULL, NULL) == CIB_OK) {
		const char *id = cib_iati_identifier(doc);
		if (id) {
			known *k = &im->known;
			k->identifiers = cib_grow(k->identifiers, &k->cap, k->count + 1, sizeof *k->identifiers);
			k->paths = cib_grow(k->paths, &k->cap2, k->count + 1, sizeof *k->paths);
			k->identifiers[k->count] = cib_strdup(id);
			k->paths[k->count++] = cib_strdup(path);
		}
	}
	cJSON_Delete(doc);
	return 0;
}

static const char *find(const known *k, const char *identifier)
{
	for (size_t i = 0; i < k->count; i++)
		if (strcmp(k->identifiers[i], identifier) == 0)
			return k->paths[i];
	return NULL;
}

/* What is left out, a line an element; many of one kind are one line with their count. */
static void print_notes(const importing *im, const cib_iati_activity *a)
{
	for (size_t i = 0; i < a->notes->count; i++) {
		const cib_finding *f = &a->notes->items[i];
		size_t same = 1;
		bool first = true;
		for (size_t k = 0; k < a->notes->count; k++) {
			bool alike = k != i && strcmp(a->notes->items[k].pointer, f->pointer) == 0 && strncmp(a->notes->items[k].message, f->message, strcspn(f->message, ":")) == 0;
			first &= !(alike && k < i);
			same += alike;
		}
		if (!first)
			continue;
		if (im->json) {
			cib_print_finding_json(stdout, f);
			continue;
		}
		char *line = same > 1 ? cib_format(_("  line %zu: <%s> not taken: %s (and %zu more)\n"), f->line, f->pointer, f->message, same - 1)
		                      : cib_format(_("  line %zu: <%s> not taken: %s\n"), f->line, f->pointer, f->message);
		cib_print_clean(stdout, line);
		free(line);
	}
}

/* Say of an entry what it lacks, if anything, and write it when it changed. */
static int settle(importing *im, const char *path, const cJSON *doc, const cib_iati_activity *a, bool changed)
{
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_error err = CIB_ERROR_INIT;
	cib_buf text = CIB_BUF_INIT;
	cib_json_write(&text, doc, NULL);
	cib_check_options options = {.lang = cib_term_lang(), .tree = &im->ws->tip, .canonical = true};
	bool valid = cib_network_check(im->ws->net, path, text.data, text.len, &options, NULL, &findings) == CIB_OK;
	int code = changed && cib_workspace_write(im->ws, path, doc, &err) != CIB_OK ? cib_fail(&err) : 0;
	if (!valid) {
		im->drafts++;
		printf(_("%s is a draft; what is missing:\n"), a->identifier);
		for (size_t i = 0; i < findings.count; i++)
			if (findings.items[i].severity == CIB_ERROR)
				cib_print_finding(stdout, &findings.items[i]);
	}
	cib_findings_free(&findings);
	cib_buf_free(&text);
	return code;
}

static int take_held(importing *im, const cib_iati_activity *a)
{
	cib_error err = CIB_ERROR_INIT;
	const char *existing = *a->identifier ? find(&im->known, a->identifier) : NULL;
	cib_buf path = CIB_BUF_INIT, text = CIB_BUF_INIT;
	cJSON *doc = NULL;
	int code = 0;
	im->activities++;
	im->notes += a->notes->count;
	if (!im->quiet && a->notes->count && !im->json) {
		printf(_("%s (line %zu)\n"), *a->identifier ? a->identifier : _("activity without an identifier"), a->line);
	}
	if (!im->quiet)
		print_notes(im, a);
	if (existing) {
		cib_buf_adds(&path, existing);
		if (cib_workspace_read(&text, im->ws, existing, &err) != CIB_OK || cib_json_read(&doc, text.data, text.len, NULL, &err) != CIB_OK) {
			code = cib_fail(&err);
		} else {
			cJSON *before = cJSON_Duplicate(doc, true);
			cib_iati_update(doc, a->doc);
			bool changed = !cib_json_equal(before, doc);
			im->changed += changed;
			im->unchanged += !changed;
			code = settle(im, existing, doc, a, changed);
			cJSON_Delete(before);
		}
	} else {
		char id[32];
		cib_network_new_id(id, im->kind);
		doc = cJSON_CreateObject();
		cib_json_set(doc, "kind", cJSON_CreateString("project"));
		cib_json_set(doc, "schema", cJSON_CreateString("project/1"));
		cib_json_set(doc, "id", cJSON_CreateString(id));
		cib_json_set(doc, "owner", cJSON_CreateString(im->ws->member));
		cib_iati_update(doc, a->doc);
		cib_network_path(&path, im->kind, im->ws->member, id);
		im->added++;
		code = settle(im, path.data, doc, a, true);
		if (*a->identifier) { /* the same identifier again in this file updates the entry that it made */
			cib_buf_clear(&text);
			cib_json_write(&text, doc, NULL);
			remember(path.data, NULL, text.data, text.len, im);
		}
	}
	cJSON_Delete(doc);
	cib_buf_free(&path);
	cib_buf_free(&text);
	return code;
}

static int take(cib_iati_activity *a, void *payload)
{
	importing *im = payload;
	cib_error err = CIB_ERROR_INIT;
	if (cib_workspace_hold(im->ws, &err) != CIB_OK)
		return cib_fail(&err);
	int code = take_held(im, a);
	cib_workspace_release(im->ws);
	return code;
}

static void forget(known *k)
{
	for (size_t i = 0; i < k->count; i++) {
		free(k->identifiers[i]);
		free(k->paths[i]);
	}
	free(k->identifiers);
	free(k->paths);
}

int cib_import_iati(cib_workspace *ws, const char *file, const cib_import_options *options)
{
	importing im = {.ws = ws, .kind = cib_network_kind(ws->net, "project"), .quiet = options->quiet, .json = options->json};
	cib_error err = CIB_ERROR_INIT;
	int code;
	if (!ws->member || !im.kind)
		return cib_usage("projects are imported by members; the secretariat reviews them");
	int status = cib_workspace_each(ws, ws->member, im.kind, remember, &im, &err);
	if (status == CIB_OK)
		status = cib_iati_read(file, take, &im, &err);
	if (status != CIB_OK && status == err.status)
		code = cib_fail(&err);
	else
		code = status ? status : im.drafts ? CIB_FINDINGS
		                                   : 0;
	fprintf(stderr,
	        im.quiet && im.notes ? _("%zu activities read: %zu new, %zu changed, %zu as they were; %zu of them drafts; %zu parts not taken (named without --quiet)\n")
	                             : _("%zu activities read: %zu new, %zu changed, %zu as they were; %zu of them drafts; %zu parts not taken\n"),
	        im.activities, im.added, im.changed, im.unchanged, im.drafts, im.notes);
	forget(&im.known);
	return code;
}
