/* What becomes of a report: findings for people, and the output forms of the specification (core, section 12) as JSON. */
#include "schema/report.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static char *text(const char *s)
{
	return (char *)(uintptr_t)s;
}

/* ---- findings ---- */

/* An annotation {lang: text} in a language, by its whole tag or by its first part, else in English, else the plain keyword. */
static const char *text_of(const cJSON *schema, const char *annotation, const char *keyword, const char *lang)
{
	const cJSON *texts = cib_json_get(schema, annotation);
	const char *found = lang ? cib_json_string(texts, lang) : NULL;
	if (!found && lang && strcspn(lang, "-_") < strlen(lang)) {
		char *first = cib_strndup(lang, strcspn(lang, "-_"));
		found = cib_json_string(texts, first);
		free(first);
	}
	if (!found)
		found = cib_json_string(texts, "en");
	return found ? found : cib_json_string(schema, keyword);
}

const char *cib_schema_title_of(const cJSON *schema, const char *lang)
{
	return text_of(schema, "x-cib-title", "title", lang);
}

/* A pattern says little to most people: what the schema says of the field in words says more. */
static const char *description_for(const cib_line *line, const char *lang)
{
	bool form = strcmp(line->code, "schema.pattern-mismatch") == 0 || strcmp(line->code, "schema.format") == 0;
	return form ? text_of(line->fault->node->source, "x-cib-description", "description", lang) : NULL;
}

static void render(cib_buf *out, cib_schema_report *report, const cib_line *line, const char *lang)
{
	const char *params[3] = {line->params[0], line->params[1], line->params[2]}, *code = line->code;
	const char *about = line->about ? cib_schema_title_of(line->about, lang) : NULL;
	if (!about && line->member) { /* described elsewhere: by a reference, beside an `if` */
		cib_buf at = CIB_BUF_INIT;
		cib_buf_adds(&at, line->pointer);
		cib_json_pointer_add(&at, line->member);
		about = cib_schema_title(report->schema, at.data, lang);
		cib_buf_free(&at);
	}
	cib_buf message = CIB_BUF_INIT;
	if (about && strcmp(code, "schema.required") == 0 && strcmp(about, params[0]) != 0) {
		code = "schema.required-title";
		params[1] = about;
	}
	if (strcmp(code, "schema.pattern-mismatch") == 0 && !line->hint && description_for(line, lang))
		code = "schema.pattern-said"; /* the description follows */
	cib_schema_message(&message, lang, code, params);
	const char *why = line->condition ? cib_report_condition(&report->arena, line->condition) : NULL;
	if (why)
		cib_schema_message(out, lang, line->negated ? "schema.because-not" : "schema.because", (const char *const[3]){message.data, why, NULL});
	else
		cib_buf_adds(out, cib_buf_str(&message));
	cib_buf_free(&message);
}

static void locate(cib_finding *f, const cib_line *line, const char *source, size_t len)
{
	if (!source)
		return;
	bool present = line->member && cib_json_get(line->fault->instance, line->member);
	if (!present) {
		cib_json_locate(source, len, line->pointer, false, &f->line, &f->column);
		return;
	}
	cib_buf p = CIB_BUF_INIT; /* the member is there, and is what is wrong: show its name */
	cib_buf_adds(&p, line->pointer);
	cib_json_pointer_add(&p, line->member);
	cib_json_locate(source, len, p.data, true, &f->line, &f->column);
	cib_buf_free(&p);
}

void cib_schema_report_findings(cib_schema_report *report, const char *source, size_t len, const char *lang, cib_findings *findings)
{
	cib_lines lines = {0};
	if (report->valid)
		return;
	cib_explain(report, &lines);
	for (size_t i = 0; i < lines.count; i++) {
		const cib_line *line = &lines.items[i];
		cib_buf message = CIB_BUF_INIT, hint = CIB_BUF_INIT, where = CIB_BUF_INIT;
		cib_finding f = {.pointer = text(line->pointer), .keyword = text(line->keyword), .code = text(line->code)};
		render(&message, report, line, lang);
		if (line->hint)
			cib_schema_message(&hint, lang, line->hint, (const char *const[3]){line->hint_param, NULL, NULL});
		else if (description_for(line, lang))
			cib_buf_adds(&hint, description_for(line, lang));
		cib_buf_adds(&where, line->fault->path);
		const char *title = *line->pointer ? cib_schema_title(report->schema, line->pointer, lang) : NULL;
		f.title = text(title ? title : *line->pointer ? cib_schema_title_of(line->fault->node->source, lang)
		                                              : NULL);
		f.message = message.data;
		f.hint = hint.data;
		f.schema_pointer = where.data;
		locate(&f, line, source, len);
		cib_findings_add(findings, &f);
		cib_buf_free(&message);
		cib_buf_free(&hint);
		cib_buf_free(&where);
	}
	free(lines.items);
}

int cib_schema_validate(const cib_schema *schema, const cJSON *instance, const char *source, size_t len, const char *lang, cib_findings *findings)
{
	cib_schema_report *report;
	int status = cib_schema_report_new(&report, schema, instance);
	cib_schema_report_findings(report, source, len, lang, findings);
	cib_schema_report_free(report);
	return status;
}

/* ---- the specification's forms ---- */

typedef struct {
	cib_buf *out;
	const char *lang;
	bool first;
} forms;

static void field(cib_buf *out, const char *name, const char *value)
{
	cib_buf_addf(out, "%s\"%s\":", out->data[out->len - 1] == '{' ? "" : ",", name);
	cib_json_write_string(out, value, strlen(value));
}

static void unit(forms *f, const cib_fault *fault)
{
	cib_buf location = CIB_BUF_INIT;
	cib_buf_adds(f->out, "{\"valid\":false");
	field(f->out, "keywordLocation", fault->path);
	cib_node_location(fault->node, &location);
	if (fault->keyword)
		cib_json_pointer_add(&location, fault->keyword);
	if (location.data[0] != '#')
		field(f->out, "absoluteKeywordLocation", location.data);
	field(f->out, "instanceLocation", fault->pointer);
	if (fault->code) {
		cib_buf message = CIB_BUF_INIT;
		cib_schema_message(&message, f->lang, fault->code, fault->params);
		field(f->out, "error", message.data);
		cib_buf_free(&message);
	}
	cib_buf_free(&location);
}

static void basic(forms *f, const cib_fault *fault)
{
	if (fault->code) {
		cib_buf_adds(f->out, f->first ? "" : ",");
		f->first = false;
		unit(f, fault);
		cib_buf_addc(f->out, '}');
	}
	for (const cib_fault *c = fault->children; c; c = c->next)
		basic(f, c);
}

/* Section 12.4.3: a node with one child and no error of its own is replaced by the child. */
static void detailed(forms *f, const cib_fault *fault)
{
	while (!fault->code && fault->children && !fault->children->next)
		fault = fault->children;
	unit(f, fault);
	if (fault->children) {
		cib_buf_adds(f->out, ",\"errors\":[");
		for (const cib_fault *c = fault->children; c; c = c->next) {
			detailed(f, c);
			cib_buf_adds(f->out, c->next ? "," : "");
		}
		cib_buf_addc(f->out, ']');
	}
	cib_buf_addc(f->out, '}');
}

void cib_schema_report_write(cib_schema_report *report, cib_schema_form form, const char *lang, cib_buf *out)
{
	forms f = {out, lang, true};
	if (report->valid || form == CIB_SCHEMA_FLAG) {
		cib_buf_adds(out, report->valid ? "{\"valid\":true}" : "{\"valid\":false}");
	} else if (form == CIB_SCHEMA_BASIC) {
		cib_buf_adds(out, "{\"valid\":false,\"errors\":[");
		basic(&f, &report->root);
		cib_buf_adds(out, "]}");
	} else {
		detailed(&f, &report->root);
	}
}
