/* Two forms that are one JSON document: SARIF 2.1.0 (OASIS), which GitHub, editors and scanners read, and GitLab's code
 * quality report (https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format). */
#include "findings_private.h"

#include <stdlib.h>
#include <string.h>

static void add_string(cib_buf *out, const char *before, const char *text)
{
	cib_buf clean = CIB_BUF_INIT;
	cib_buf_add_clean(&clean, text, strlen(text));
	cib_buf_adds(out, before);
	cib_json_write_string(out, cib_buf_str(&clean), clean.len);
	cib_buf_free(&clean);
}

/* ---- SARIF ---- */

/* A path as a URI reference (RFC 3986); a first name with a colon would look like a scheme. */
static void add_uri(cib_buf *out, const char *path)
{
	static const char plain[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/!$&'()*+,;=@";
	if (*path == '/')
		cib_buf_adds(out, "file://");
	for (; *path; path++)
		if (strchr(plain, *path))
			cib_buf_addc(out, *path);
		else
			cib_buf_addf(out, "%%%02X", (unsigned)(unsigned char)*path);
}

static size_t rule_index(cib_printer *p, const char *code)
{
	for (size_t i = 0; i < p->rule_count; i++)
		if (strcmp(p->rules[i], code) == 0)
			return i;
	p->rules = cib_grow(p->rules, &p->rule_cap, p->rule_count + 1, sizeof *p->rules);
	p->rules[p->rule_count] = cib_strdup(code);
	return p->rule_count++;
}

static void add_location(cib_buf *out, const cib_finding *f, const cib_finding_place *place)
{
	cib_buf uri = CIB_BUF_INIT;
	add_uri(&uri, place->path);
	cib_buf_addf(out, ",\"locations\":[{\"physicalLocation\":{\"artifactLocation\":{\"uri\":\"%s\"%s}", cib_buf_str(&uri),
	             *place->path == '/' ? "" : ",\"uriBaseId\":\"%SRCROOT%\"");
	cib_buf_addf(out, ",\"region\":{\"startLine\":%zu", f->line && !place->no_file ? f->line : 1);
	if (f->line && f->column && !place->no_file)
		cib_buf_addf(out, ",\"startColumn\":%zu", f->column);
	cib_buf_adds(out, "}}");
	if (f->pointer && *f->pointer)
		add_string(out, ",\"logicalLocations\":[{\"kind\":\"member\",\"fullyQualifiedName\":", f->pointer);
	cib_buf_adds(out, f->pointer && *f->pointer ? "}]}]" : "}]");
	cib_buf_free(&uri);
}

static void add_sarif(cib_printer *p, const char *name, const cib_finding *findings, size_t count)
{
	static const char *const levels[] = {"error", "warning", "note"};
	(void)name;
	for (size_t i = 0; i < count; i++) {
		const cib_finding *f = &findings[i];
		const char *code = f->code && *f->code ? f->code : f->keyword && *f->keyword ? f->keyword
		                                                                             : "cib";
		cib_finding_place place = cib_finding_where(p, f);
		cib_buf text = CIB_BUF_INIT, *out = &p->body;
		char print[41];
		cib_finding_sentence(&text, p, f);
		cib_finding_fingerprint(print, p, f);
		add_string(out, out->len ? ",\n{\"ruleId\":" : "\n{\"ruleId\":", code);
		cib_buf_addf(out, ",\"ruleIndex\":%zu,\"level\":\"%s\"", rule_index(p, code), levels[f->severity]);
		add_string(out, ",\"message\":{\"text\":", cib_buf_str(&text));
		cib_buf_addc(out, '}');
		add_location(out, f, &place);
		cib_buf_addf(out, ",\"partialFingerprints\":{\"cibFinding/v1\":\"%s\"}", print);
		cib_buf_adds(out, ",\"properties\":{");
		add_string(out, "\"keyword\":", f->keyword ? f->keyword : "");
		if (place.commit[0])
			cib_buf_addf(out, ",\"commit\":\"%s\"", place.commit);
		cib_buf_adds(out, "}}");
		cib_buf_free(&text);
	}
}

static void add_rules(cib_printer *p, cib_buf *out)
{
	for (size_t i = 0; i < p->rule_count; i++) {
		cib_buf words = CIB_BUF_INIT; /* "guard.foreign-path": "guard: foreign path" */
		for (const char *c = p->rules[i]; *c; c++)
			cib_buf_adds(&words, *c == '.' ? ": " : (char[]){*c == '-' ? ' ' : *c, '\0'});
		add_string(out, i ? ",{\"id\":" : "{\"id\":", p->rules[i]);
		add_string(out, ",\"shortDescription\":{\"text\":", cib_buf_str(&words));
		cib_buf_adds(out, "}}");
		cib_buf_free(&words);
	}
}

static void end_sarif(cib_printer *p, bool complete)
{
	cib_buf out = CIB_BUF_INIT;
	cib_buf_adds(&out, "{\"$schema\":\"https://json.schemastore.org/sarif-2.1.0.json\",\"version\":\"2.1.0\",\"runs\":[{\n"
	                   "\"tool\":{\"driver\":{\"name\":\"cib\",\"semanticVersion\":\"" CIB_VERSION "\",\"rules\":[");
	add_rules(p, &out);
	cib_buf_addf(&out, "]}},\n\"invocations\":[{\"executionSuccessful\":%s}],\n\"columnKind\":\"unicodeCodePoints\",\n\"results\":[",
	             complete ? "true" : "false");
	cib_buf_add(&out, cib_buf_str(&p->body), p->body.len);
	cib_buf_adds(&out, "]\n}]}\n");
	fwrite(out.data, 1, out.len, p->out);
	cib_buf_free(&out);
}

const cib_printer_format cib_print_sarif = {"sarif", add_sarif, end_sarif};

/* ---- GitLab ---- */

static void add_gitlab(cib_printer *p, const char *name, const cib_finding *findings, size_t count)
{
	static const char *const severities[] = {"major", "minor", "info"};
	(void)name;
	for (size_t i = 0; i < count; i++) {
		const cib_finding *f = &findings[i];
		cib_finding_place place = cib_finding_where(p, f);
		cib_buf text = CIB_BUF_INIT, *out = &p->body;
		char print[41];
		cib_finding_sentence(&text, p, f);
		cib_finding_fingerprint(print, p, f);
		add_string(out, out->len ? ",\n{\"description\":" : "\n{\"description\":", cib_buf_str(&text));
		add_string(out, ",\"check_name\":", f->code && *f->code ? f->code : "cib");
		cib_buf_addf(out, ",\"fingerprint\":\"%s\",\"severity\":\"%s\"", print, severities[f->severity]);
		add_string(out, ",\"location\":{\"path\":", place.path);
		cib_buf_addf(out, ",\"lines\":{\"begin\":%zu}}}", f->line && !place.no_file ? f->line : 1);
		cib_buf_free(&text);
	}
}

static void end_gitlab(cib_printer *p, bool complete)
{
	(void)complete;
	fprintf(p->out, "[%s]\n", cib_buf_str(&p->body));
}

const cib_printer_format cib_print_gitlab = {"gitlab", add_gitlab, end_gitlab};
