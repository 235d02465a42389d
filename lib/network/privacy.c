/* Personal data in documents: which values are looked at, exceptions, and points finer than they say. The header tells how;
 * private_text.c reads texts. */
#include "network/privacy.h"
#include "network/private.h"
#include "network/rulebook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static const char exceptions_name[] = "x-cib-privacy";
enum { REASON_MIN = 10,
       REASON_MAX = 500 };

typedef enum { EMAIL,
	       PHONE,
	       LOCATION,
	       SORTS } sort;
static const char *const sort_names[SORTS] = {"email", "phone", "location"};
static const char *const sort_codes[SORTS] = {"privacy.email", "privacy.phone", "privacy.location"};

typedef struct {
	cib_network *net;
	const cib_place *place;
	const cib_oid *tree;
	const cJSON *settings; /* whose mailboxes count: the network's, or those of a network.json that is judged itself */
	void (*found)(sort what, const char *pointer, const char *a, const char *b, void *payload);
	void *payload;
	cib_buf pointer;
} looking;

/* ---- mailboxes ---- */

static bool fits(const char *pattern, const char *address, size_t len)
{
	size_t n = strlen(pattern);
	if (pattern[0] == '*' && n > 1)
		return len > n - 1 && strncasecmp(address + len - (n - 1), pattern + 1, n - 1) == 0;
	if (n > 1 && pattern[n - 1] == '*')
		return len > n - 1 && strncasecmp(address, pattern, n - 1) == 0;
	return len == n && strncasecmp(address, pattern, n) == 0;
}

/* The mailbox that the owner's profile gives. */
static bool is_of_profile(const looking *l, const char *member, const char *address, size_t len)
{
	cib_oid blob;
	unsigned mode;
	cib_buf text = CIB_BUF_INIT;
	cJSON *doc = NULL;
	char *path = cib_format("members/%s/profile/%s.json", member, member);
	const cib_oid *tree = l->tree ? l->tree : &l->net->commit;
	bool same = false;
	if (strcmp(l->place->id, member) != 0 && cib_store_tree_get(&blob, &mode, l->net->store, tree, path, NULL) == CIB_OK &&
	    cib_store_blob_read(&text, l->net->store, &blob, l->net->limits.json_bytes, NULL) == CIB_OK && cib_json_read(&doc, text.data, text.len, NULL, NULL) == CIB_OK) {
		const char *mailbox = cib_json_string(cib_json_get(doc, "contact"), "mailbox");
		same = mailbox && fits(mailbox, address, len);
	}
	cJSON_Delete(doc);
	cib_buf_free(&text);
	free(path);
	return same;
}

static bool is_listed(const cJSON *settings, const char *address, size_t len)
{
	const cJSON *given = cib_json_get(cib_json_get(settings, "privacy"), "mailboxes");
	for (const cJSON *m = cJSON_IsArray(given) ? given->child : NULL; m; m = m->next)
		if (cJSON_IsString(m) && fits(m->valuestring, address, len))
			return true;
	return false;
}

static bool is_allowed_by(const cJSON *settings, const char *member, const char *address, size_t len)
{
	static const char none[] = ".invalid"; /* no mail ever goes there (RFC 2606): the addresses of commits */
	return cib_private_is_role(address, len, member) || fits("*.invalid", address, len) || len < sizeof none || is_listed(settings, address, len);
}

/* ---- looking through a document ---- */

static void look_at_text(looking *l, const char *text)
{
	const char *member = *l->place->member ? l->place->member : NULL;
	cib_private_match m = {0};
	while ((m = cib_private_next(text, m.start + m.len)).kind != CIB_PRIVATE_NONE) {
		const char *s = text + m.start;
		if (m.kind == CIB_PRIVATE_PHONE)
			l->found(PHONE, cib_buf_str(&l->pointer), NULL, NULL, l->payload);
		else if (!is_allowed_by(l->settings, member, s, m.len) && !(member && is_of_profile(l, member, s, m.len)))
			l->found(EMAIL, cib_buf_str(&l->pointer), NULL, NULL, l->payload);
	}
}

/* Decimals behind which there is more than zeros. */
static size_t decimals(const char *text)
{
	const char *dot = text ? strchr(text, '.') : NULL;
	size_t n = dot ? strlen(dot + 1) : 0;
	while (n && dot[n] == '0')
		n--;
	return n;
}

/* A second decimal of a degree is about a kilometre, so a town; a first one about eleven. */
static void look_at_point(looking *l, const cJSON *object)
{
	static const struct {
		const char *precision;
		size_t most;
	} rows[] = {{"city", 2}, {"municipality", 2}, {"region", 1}, {"country", 0}};
	const char *precision = cib_json_string(object, "precision"), *lat = cib_json_string(object, "lat"), *lon = cib_json_string(object, "lon");
	for (size_t i = 0; precision && (lat || lon) && i < sizeof rows / sizeof *rows; i++)
		if (strcmp(rows[i].precision, precision) == 0 && (decimals(lat) > rows[i].most || decimals(lon) > rows[i].most)) {
			char most[8];
			snprintf(most, sizeof most, "%zu", rows[i].most);
			l->found(LOCATION, cib_buf_str(&l->pointer), precision, most, l->payload);
		}
}

static void look(looking *l, const cJSON *node)
{
	size_t len = l->pointer.len, index = 0;
	if (cJSON_IsString(node))
		look_at_text(l, node->valuestring);
	if (cJSON_IsObject(node))
		look_at_point(l, node);
	for (const cJSON *c = node->child; c; c = c->next, index++) {
		if (!c->child && !cJSON_IsString(c))
			continue;
		if (cJSON_IsArray(node))
			cib_json_pointer_add_index(&l->pointer, index);
		else
			cib_json_pointer_add(&l->pointer, c->string);
		look(l, c);
		l->pointer.len = len;
		l->pointer.data[len] = '\0';
	}
}

/* ---- exceptions ---- */

typedef struct {
	char *pointer; /* in the document; NULL: there is no such place */
	const char *name, *reason;
	size_t left[SORTS], used;
} exception;

typedef struct {
	looking look;
	const cib_check_options *options;
	cib_findings *findings;
	exception *exceptions;
	size_t count, cap;
	size_t first; /* finding of this run */
} judging;

static void report(judging *j, cib_severity severity, const char *code, const char *pointer, const char *a, const char *b, const char *hint)
{
	size_t at = j->findings->count;
	cib_network_report(j->findings, severity, j->options->lang, code, pointer, a, b);
	if (hint)
		j->findings->items[at].hint = cib_network_message(j->options->lang, hint, a, b);
}

static bool covers(const exception *e, const char *pointer)
{
	size_t n = e->pointer ? strlen(e->pointer) : 0;
	return e->pointer && strncmp(e->pointer, pointer, n) == 0 && (pointer[n] == '\0' || pointer[n] == '/');
}

static void add_exception(judging *j, const cJSON *row, const cJSON *doc, const char *prefix)
{
	const cJSON *allows = cib_json_get(row, "allows");
	const char *reason = cib_json_string(row, "reason");
	exception e = {.name = row->string, .reason = reason};
	cib_buf at = CIB_BUF_INIT;
	bool good = reason && strlen(reason) >= REASON_MIN && strlen(reason) <= REASON_MAX && cJSON_IsObject(allows) && allows->child && cib_private_next(reason, 0).kind == CIB_PRIVATE_NONE;
	for (const cJSON *a = good ? allows->child : NULL; a; a = a->next) {
		size_t i = 0;
		while (i < SORTS && strcmp(sort_names[i], a->string) != 0)
			i++;
		good = good && i < SORTS && cJSON_IsNumber(a) && a->valuedouble >= 1 && a->valuedouble <= 1000;
		if (good)
			e.left[i] = (size_t)a->valuedouble;
	}
	if (!good) {
		if (!prefix) {
			cib_json_pointer_add(&at, exceptions_name);
			cib_json_pointer_add(&at, row->string);
			report(j, CIB_ERROR, "privacy.malformed", at.data, NULL, NULL, NULL);
		}
	} else {
		if (prefix)
			e.pointer = cib_format("%s%s", prefix, row->string);
		else if (cib_merge_path_to_pointer(&at, doc, cib_network_rules(j->look.net, j->look.place->kind), row->string) && cib_json_at(doc, at.data))
			e.pointer = cib_strdup(at.data);
		j->exceptions = cib_grow(j->exceptions, &j->cap, j->count + 1, sizeof *j->exceptions);
		j->exceptions[j->count++] = e;
	}
	cib_buf_free(&at);
}

/* What was set aside in a conflict stands under the entry's exceptions. */
static cJSON *add_exceptions_of_entry(judging *j, const cJSON *record)
{
	const char *entry = cib_json_string(record, "entry");
	const cib_oid *tree = j->look.tree ? j->look.tree : &j->look.net->commit;
	cib_oid blob;
	unsigned mode;
	cib_buf text = CIB_BUF_INIT;
	cJSON *doc = NULL;
	if (entry && cib_store_tree_get(&blob, &mode, j->look.net->store, tree, entry, NULL) == CIB_OK &&
	    cib_store_blob_read(&text, j->look.net->store, &blob, j->look.net->limits.json_bytes, NULL) == CIB_OK)
		cib_json_read(&doc, text.data, text.len, NULL, NULL);
	const cJSON *rows = cib_json_get(doc, exceptions_name), *items = cib_json_get(record, "items");
	size_t index = 0;
	for (const cJSON *i = cJSON_IsArray(items) ? items->child : NULL; i; i = i->next, index++) {
		const char *path = cib_json_string(i, "path"), *sides[] = {"base", "ours", "theirs"};
		for (const cJSON *r = path && cJSON_IsObject(rows) ? rows->child : NULL; r; r = r->next) {
			size_t n = strlen(path), m = strlen(r->string);
			if (strncmp(path, r->string, n < m ? n : m) != 0)
				continue;
			for (size_t k = 0; k < 3; k++) {
				char *at = cib_format("/items/%zu/%s", index, sides[k]);
				size_t before = j->count;
				add_exception(j, r, record, at);
				if (j->count > before) { /* the path below the conflict, or the whole of it */
					free(j->exceptions[before].pointer);
					j->exceptions[before].pointer = m > n ? cib_format("%s%s", at, r->string + n) : cib_strdup(at);
					j->exceptions[before].used = 1; /* it is the entry's to be of use */
				}
				free(at);
			}
		}
	}
	cib_buf_free(&text);
	return doc;
}

static void judge_found(sort what, const char *pointer, const char *a, const char *b, void *payload)
{
	judging *j = payload;
	for (size_t i = 0; i < j->count; i++)
		if (j->exceptions[i].left[what] && covers(&j->exceptions[i], pointer)) {
			j->exceptions[i].left[what]--;
			j->exceptions[i].used++;
			return;
		}
	for (size_t i = j->first; i < j->findings->count; i++) { /* once a field */
		const cib_finding *f = &j->findings->items[i];
		if (f->code && strcmp(f->code, sort_codes[what]) == 0 && f->pointer && strcmp(f->pointer, pointer) == 0)
			return;
	}
	report(j, CIB_ERROR, sort_codes[what], pointer, a, b, what == LOCATION ? "hint.round" : "hint.mailbox");
}

static void report_exceptions(judging *j)
{
	for (size_t i = 0; i < j->count; i++) {
		const exception *e = &j->exceptions[i];
		if (e->name && e->used && !(j->look.place->area == CIB_AREA_RECORD))
			report(j, CIB_WARNING, "privacy.exception", e->pointer, e->reason, NULL, NULL);
		else if (e->name && !e->used)
			report(j, CIB_ADVICE, "privacy.unneeded", "/x-cib-privacy", e->name, NULL, NULL);
	}
}

void cib_privacy_check(cib_network *net, const cib_place *place, const cJSON *doc, const cib_check_options *options, cib_findings *findings)
{
	judging j = {.look = {.net = net, .place = place, .tree = options->tree, .settings = net->json, .found = judge_found}, .options = options, .findings = findings, .first = findings->count};
	const cJSON *rows = cib_json_get(doc, exceptions_name);
	cJSON *entry = NULL;
	j.look.payload = &j;
	if (rows && !cJSON_IsObject(rows))
		report(&j, CIB_ERROR, "privacy.malformed", "/x-cib-privacy", NULL, NULL, NULL);
	for (const cJSON *r = cJSON_IsObject(rows) ? rows->child : NULL; r; r = r->next)
		add_exception(&j, r, doc, NULL);
	if (place->area == CIB_AREA_RECORD && cib_json_get(doc, "items"))
		entry = add_exceptions_of_entry(&j, doc);
	look(&j.look, doc);
	report_exceptions(&j);
	for (size_t i = 0; i < j.count; i++)
		free(j.exceptions[i].pointer);
	free(j.exceptions);
	cJSON_Delete(entry);
	cib_buf_free(&j.look.pointer);
}

void cib_privacy_check_settings(const cib_network *net, const cJSON *settings, cib_findings *findings)
{
	const cib_place place = {.area = CIB_AREA_RULES};
	const cib_check_options options = {.lang = cib_spoken()};
	judging j = {.look = {.net = (cib_network *)(uintptr_t)net, .place = &place, .settings = settings, .found = judge_found}, .options = &options, .findings = findings, .first = findings->count};
	j.look.payload = &j;
	for (const cJSON *c = cJSON_IsObject(settings) ? settings->child : NULL; c; c = c->next) {
		if (strcmp(c->string, "privacy") == 0) /* there mailboxes are named, and their form is judged */
			continue;
		cib_json_pointer_add(&j.look.pointer, c->string);
		look(&j.look, c);
		cib_buf_clear(&j.look.pointer);
	}
	cib_buf_free(&j.look.pointer);
	for (size_t i = j.first; i < findings->count; i++)
		findings->items[i].file = cib_strdup("network.json");
	cib_network_weigh(net, findings, j.first);
}

void cib_privacy_check_text(const cib_network *net, const char *member, const char *text, const char *file, const char *lang, cib_findings *findings)
{
	cib_private_match m = {0};
	bool told[SORTS] = {false};
	size_t first = findings->count;
	while ((m = cib_private_next(text, m.start + m.len)).kind != CIB_PRIVATE_NONE) {
		sort what = m.kind == CIB_PRIVATE_PHONE ? PHONE : EMAIL;
		if (told[what] || (what == EMAIL && is_allowed_by(net->json, member, text + m.start, m.len)))
			continue;
		size_t at = findings->count;
		told[what] = true;
		cib_network_report(findings, CIB_ERROR, lang, sort_codes[what], "", NULL, NULL);
		findings->items[at].file = cib_strdup(file);
	}
	cib_network_weigh(net, findings, first);
}

/* ---- making an exception ---- */

typedef struct {
	const char *below;
	size_t found[SORTS];
} counting;

static void count_found(sort what, const char *pointer, const char *a, const char *b, void *payload)
{
	counting *c = payload;
	size_t n = strlen(c->below);
	(void)a;
	(void)b;
	if (strncmp(pointer, c->below, n) == 0 && (pointer[n] == '\0' || pointer[n] == '/'))
		c->found[what]++;
}

int cib_privacy_allow(cib_network *net, const cib_place *place, cJSON *doc, const char *pointer, const char *reason, const cib_oid *tree, cib_error *err)
{
	cib_buf at = CIB_BUF_INIT, path = CIB_BUF_INIT;
	const cib_merge_rules *rules = cib_network_rules(net, place->kind);
	int status = CIB_OK;
	if (strlen(reason) < REASON_MIN || strlen(reason) > REASON_MAX || cib_private_next(reason, 0).kind != CIB_PRIVATE_NONE) {
		status = cib_error_set(err, CIB_USAGE, "allow.reason", "the reason is a sentence of %d to %d characters, itself without an address or a number", REASON_MIN, REASON_MAX);
		cib_error_hint(err, "for example: --reason \"The office has no other mailbox.\"");
	} else if (!cib_merge_path_to_pointer(&at, doc, rules, pointer) || !cib_merge_pointer_to_path(&path, doc, rules, at.data)) {
		status = cib_error_set(err, CIB_NOTFOUND, "allow.no-field", "the entry has no field %s", pointer);
	} else {
		counting c = {.below = at.data};
		looking l = {.net = net, .place = place, .tree = tree, .settings = net->json, .found = count_found, .payload = &c};
		look(&l, doc);
		cib_buf_free(&l.pointer);
		cJSON *row = cJSON_CreateObject(), *allows = cJSON_AddObjectToObject(row, "allows"), *rows = cib_json_get(doc, exceptions_name);
		for (size_t i = 0; i < SORTS; i++)
			if (c.found[i])
				cJSON_AddNumberToObject(allows, sort_names[i], (double)c.found[i]);
		cJSON_AddStringToObject(row, "reason", reason);
		if (!allows->child) {
			cJSON_Delete(row);
			status = cib_error_set(err, CIB_NOTFOUND, "allow.nothing", "nothing in %s needs an exception", pointer);
		} else {
			if (!cJSON_IsObject(rows)) {
				rows = cJSON_CreateObject();
				cib_json_set(doc, exceptions_name, rows);
			}
			cib_json_set(rows, path.data, row);
		}
	}
	cib_buf_free(&at);
	cib_buf_free(&path);
	return status;
}
