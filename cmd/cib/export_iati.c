/* cib export iati: projects as an IATI activity file, and what has no place in it. */
#include "export.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	cib_workspace *ws;
	const cib_export_options *options;
	cib_iati_source source;
	cJSON *members; /* by id, as they are asked for */
	cib_buf out;
	size_t written, invalid, kept_back, impossible, notes;
} exporting;

static const cJSON *member_entry(const char *id, void *payload)
{
	exporting *e = payload;
	const cJSON *known = cib_json_get(e->members, id);
	const cib_kind *kind = cib_network_kind(e->ws->net, "member");
	if (!known) {
		cib_buf path = CIB_BUF_INIT, text = CIB_BUF_INIT;
		cJSON *doc = NULL;
		if (kind)
			cib_network_path(&path, kind, id, id);
		if (kind && cib_workspace_read(&text, e->ws, path.data, NULL) == CIB_OK)
			cib_json_read(&doc, text.data, text.len, NULL, NULL);
		cib_json_set(e->members, id, doc ? doc : cJSON_CreateNull());
		known = cib_json_get(e->members, id);
		cib_buf_free(&path);
		cib_buf_free(&text);
	}
	return cJSON_IsObject(known) ? known : NULL;
}

static void print_notes(const exporting *e, const char *id, const cib_findings *notes)
{
	if (e->options->quiet || !notes->count)
		return;
	if (!e->options->json)
		fprintf(stderr, "%s\n", id);
	for (size_t i = 0; i < notes->count; i++) {
		if (e->options->json)
			cib_print_finding_json(stderr, &notes->items[i]);
		else
			fprintf(stderr, "  %s: %s\n", notes->items[i].pointer, notes->items[i].message);
	}
}

static int write_activity(const char *path, const cJSON *doc, const char *text, size_t len, void *payload)
{
	exporting *e = payload;
	cib_findings notes = CIB_FINDINGS_INIT, faults = CIB_FINDINGS_INIT;
	const char *visibility = cib_json_string(doc, "visibility"), *id = cib_json_string(doc, "id");
	cib_check_options check = {.lang = cib_term_lang()};
	if (visibility && strcmp(visibility, "public") != 0 && !e->options->all) {
		e->kept_back++;
	} else if (cib_network_check(e->ws->net, path, text, len, &check, NULL, &faults) != CIB_OK) {
		e->invalid++;
	} else {
		bool done = cib_iati_write(&e->out, doc, path, &e->source, &notes);
		e->written += done;
		e->impossible += !done;
		e->notes += notes.count;
		print_notes(e, id, &notes);
	}
	cib_findings_free(&notes);
	cib_findings_free(&faults);
	return 0;
}

int cib_export_iati(cib_workspace *ws, const cib_export_options *o)
{
	exporting e = {.ws = ws, .options = o};
	const cib_kind *kind = cib_network_kind(ws->net, "project");
	if (!kind || (o->kind && strcmp(o->kind, "project") != 0))
		return cib_usage("IATI activities are projects: leave --kind out");
	e.source = (cib_iati_source){o->reporter, cib_network_lang(ws->net), member_entry, &e};
	e.members = cJSON_CreateObject();
	cib_iati_write_begin(&e.out);
	int code = cib_export_each(ws, o, kind, write_activity, &e);
	cib_iati_write_end(&e.out);
	if (!code)
		code = cib_export_write(o, &e.out);
	if (!code) {
		fprintf(stderr, o->quiet && e.notes ? _("%zu activities written; %zu fields have no place in IATI (named without --quiet)\n") : _("%zu activities written; %zu fields have no place in IATI\n"),
		        e.written, e.notes);
		if (e.invalid)
			fprintf(stderr, cib_ngettext("%zu entry left out, because it has errors: cib check\n", "%zu entries left out, because they have errors: cib check\n", e.invalid), e.invalid);
		if (e.impossible)
			fprintf(stderr,
			        o->quiet ? cib_ngettext("%zu entry left out, because IATI cannot hold it\n", "%zu entries left out, because IATI cannot hold them\n", e.impossible)
			                 : cib_ngettext("%zu entry left out, because IATI cannot hold it, see above\n", "%zu entries left out, because IATI cannot hold them, see above\n", e.impossible),
			        e.impossible);
		if (e.impossible && !o->reporter)
			fputs(_("Without an organisation identifier of the member: --reporting-org ID\n"), stderr);
		if (e.kept_back)
			fprintf(stderr, cib_ngettext("%zu entry left out, not meant for the public (--all writes them, too)\n", "%zu entries left out, not meant for the public (--all writes them, too)\n", e.kept_back), e.kept_back);
		code = e.invalid || e.impossible ? CIB_FINDINGS : 0;
	}
	cJSON_Delete(e.members);
	cib_buf_free(&e.out);
	return code;
}
