/* The printer of findings: text, JSON Lines and GitHub's workflow commands, which are written as they come, and what the
 * other formats (findings_sarif.c, findings_junit.c) need. */
#include "findings_private.h"
#include "store/store.h"

#include <stdlib.h>
#include <string.h>

/* ---- what formats share ---- */

/* "<12 hex>:<path>", "<12 hex>", or a name of its own (of a reference). */
static size_t commit_length(const char *file)
{
	size_t n = strspn(file, "0123456789abcdef");
	return n == 12 && (file[12] == ':' || !file[12]) ? 12 : 0;
}

cib_finding_place cib_finding_where(const cib_printer *p, const cib_finding *f)
{
	cib_finding_place place = {.path = f->file ? f->file : ""};
	if (p->commits) {
		size_t n = commit_length(place.path);
		memcpy(place.commit, place.path, n);
		place.path += n + (place.path[n] == ':');
		if (strncmp(place.path, "refs/", 5) == 0)
			place.path = "";
	}
	while (strncmp(place.path, "./", 2) == 0)
		place.path += 2;
	place.no_file = !*place.path;
	if (place.no_file)
		place.path = "network.json";
	return place;
}

static void add_line(cib_buf *out, const char *text)
{
	size_t start = out->len;
	cib_buf_add_clean(out, text, strlen(text));
	for (size_t i = start; i < out->len; i++)
		if (out->data[i] == '\n' || out->data[i] == '\t')
			out->data[i] = ' ';
}

void cib_finding_sentence(cib_buf *out, const cib_printer *p, const cib_finding *f)
{
	cib_finding_place place = cib_finding_where(p, f);
	if (place.commit[0])
		cib_buf_addf(out, "commit %s: ", place.commit);
	if (place.no_file && f->file && strncmp(f->file, "refs/", 5) == 0) {
		add_line(out, f->file);
		cib_buf_adds(out, ": ");
	}
	if (f->title && *f->title) {
		add_line(out, f->title);
		cib_buf_adds(out, ": ");
	} else if (f->pointer && *f->pointer) {
		add_line(out, f->pointer);
		cib_buf_adds(out, ": ");
	}
	add_line(out, f->message ? f->message : "");
	if (f->hint && *f->hint) {
		cib_buf_adds(out, " (");
		add_line(out, f->hint);
		cib_buf_addc(out, ')');
	}
}

/* Was there one like it? When not there is now: an open table of the first bytes of ids. */
static bool seen_before(cib_printer *p, const cib_oid *id)
{
	uint64_t key;
	memcpy(&key, id->id, sizeof key);
	key |= 1; /* 0 is a free place */
	if ((p->seen_count + 1) * 2 > p->seen_size) {
		size_t size = p->seen_size ? p->seen_size * 2 : 64;
		uint64_t *table = cib_alloc(size * sizeof *table);
		for (size_t i = 0; i < p->seen_size; i++) {
			size_t at = p->seen[i] & (size - 1);
			while (p->seen[i] && table[at])
				at = (at + 1) & (size - 1);
			table[at] = p->seen[i] ? p->seen[i] : table[at];
		}
		free(p->seen);
		p->seen = table;
		p->seen_size = size;
	}
	size_t at = key & (p->seen_size - 1);
	while (p->seen[at] && p->seen[at] != key)
		at = (at + 1) & (p->seen_size - 1);
	if (p->seen[at])
		return true;
	p->seen[at] = key;
	p->seen_count++;
	return false;
}

void cib_finding_fingerprint(char out[41], cib_printer *p, const cib_finding *f)
{
	cib_finding_place place = cib_finding_where(p, f);
	cib_buf text = CIB_BUF_INIT;
	cib_oid id;
	cib_buf_addf(&text, "%s\n%s\n%s\n%s", place.path, f->code ? f->code : "", f->pointer ? f->pointer : "", f->message ? f->message : "");
	do {
		cib_store_blob_hash(&id, text.data, text.len);
		cib_buf_addc(&text, '+');
	} while (seen_before(p, &id));
	cib_oid_hex(out, &id);
	cib_buf_free(&text);
}

/* ---- text, JSON Lines ---- */

static void add_text(cib_printer *p, const char *name, const cib_finding *findings, size_t count)
{
	(void)name;
	for (size_t i = 0; i < count; i++)
		cib_print_finding(p->out, &findings[i]);
}

static void add_json(cib_printer *p, const char *name, const cib_finding *findings, size_t count)
{
	(void)name;
	for (size_t i = 0; i < count; i++) {
		cib_finding f = findings[i];
		if (!p->commits) {
			cib_print_finding_json(p->out, &f);
			continue;
		}
		cib_finding_place place = cib_finding_where(p, &f);
		bool other = place.no_file && f.file && !place.commit[0]; /* the name of a reference */
		f.file = other ? f.file : place.no_file ? NULL
		                                        : (char *)(uintptr_t)place.path;
		cib_print_commit_finding_json(p->out, place.commit, &f);
	}
}

/* ---- GitHub: workflow commands, https://docs.github.com/actions/reference/workflow-commands-for-github-actions ---- */

/* In a message %, CR and LF would end it; in a property also the separators. */
static void add_escaped(cib_buf *out, const char *text, bool property)
{
	for (; *text; text++) {
		if (*text == '%' || *text == '\r' || *text == '\n' || (property && (*text == ':' || *text == ',')))
			cib_buf_addf(out, "%%%02X", (unsigned)(unsigned char)*text);
		else
			cib_buf_addc(out, *text);
	}
}

static void add_github(cib_printer *p, const char *name, const cib_finding *findings, size_t count)
{
	static const char *const commands[] = {"error", "warning", "notice"};
	(void)name;
	for (size_t i = 0; i < count; i++) {
		const cib_finding *f = &findings[i];
		cib_finding_place place = cib_finding_where(p, f);
		cib_buf line = CIB_BUF_INIT, text = CIB_BUF_INIT;
		cib_buf_addf(&line, "::%s file=", commands[f->severity]);
		cib_buf_add_clean(&text, place.path, strlen(place.path));
		add_escaped(&line, cib_buf_str(&text), true);
		if (f->line && !place.no_file)
			cib_buf_addf(&line, ",line=%zu,col=%zu", f->line, f->column ? f->column : 1);
		cib_buf_adds(&line, ",title=");
		add_escaped(&line, f->code ? f->code : "cib", true);
		cib_buf_adds(&line, "::");
		cib_buf_clear(&text);
		cib_finding_sentence(&text, p, f);
		add_escaped(&line, cib_buf_str(&text), false);
		cib_buf_addc(&line, '\n');
		fwrite(line.data, 1, line.len, p->out);
		cib_buf_free(&line);
		cib_buf_free(&text);
	}
}

/* ---- the printer ---- */

static const cib_printer_format text_format = {"text", add_text, NULL};
static const cib_printer_format json_format = {"json", add_json, NULL};
static const cib_printer_format github_format = {"github", add_github, NULL};

cib_printer *cib_printer_new(FILE *out, const char *format, bool commits)
{
	static const cib_printer_format *const formats[] = {&text_format, &json_format, &cib_print_sarif, &cib_print_junit, &github_format, &cib_print_gitlab};
	for (size_t i = 0; i < sizeof formats / sizeof *formats; i++)
		if (strcmp(formats[i]->name, format) == 0) {
			cib_printer *p = cib_alloc(sizeof *p);
			p->format = formats[i];
			p->out = out;
			p->commits = commits;
			clock_gettime(CLOCK_MONOTONIC, &p->begin);
			return p;
		}
	return NULL;
}

void cib_printer_add(cib_printer *p, const char *name, const cib_finding *findings, size_t count)
{
	bool failed = false;
	for (size_t i = 0; i < count; i++)
		failed = failed || findings[i].severity == CIB_ERROR;
	p->things++;
	p->failures += failed;
	p->format->add(p, name, findings, count);
}

void cib_printer_end(cib_printer *p, bool complete)
{
	if (!p)
		return;
	if (p->format->end)
		p->format->end(p, complete);
	for (size_t i = 0; i < p->rule_count; i++)
		free(p->rules[i]);
	free(p->rules);
	cib_buf_free(&p->body);
	cib_buf_free(&p->aside);
	free(p->seen);
	free(p);
}
