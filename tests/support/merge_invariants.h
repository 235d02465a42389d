/* What must hold for every merge, whatever the documents: for the property test and the fuzz target. */
#ifndef CIB_MERGE_INVARIANTS_H
#define CIB_MERGE_INVARIANTS_H

#include "merge/merge.h"

#include <stdlib.h>
#include <string.h>

static const char merge_schema_text[] = "{\"properties\":{\"a\":{\"x-merge\":\"map\"},\"b\":{\"x-merge\":\"set\"},"
					"\"c\":{\"x-merge\":\"keyed:id\",\"items\":{\"properties\":{\"d\":{\"x-merge\":\"set\"},\"e\":{\"x-merge\":\"atomic\"}}}},"
					"\"d\":{\"x-merge\":\"sequence\"},\"e\":{\"x-merge\":\"atomic\"}}}";

static inline char *text_of(const cJSON *doc)
{
	cib_buf b = CIB_BUF_INIT;
	if (!doc)
		return cib_strdup("(absent)");
	cib_json_write(&b, doc, &(cib_json_style){.compact = true});
	return cib_buf_take(&b);
}

/* ---- every value comes from an input ---- */

static inline bool occurs(const cJSON *in, const cJSON *leaf)
{
	if (!in)
		return false;
	if (!in->child)
		return cib_json_equal(in, leaf);
	for (const cJSON *c = in->child; c; c = c->next)
		if (occurs(c, leaf))
			return true;
	return false;
}

static inline bool word_occurs(const cJSON *in, const char *word, size_t len)
{
	const char *text = cJSON_IsString(in) ? in->valuestring : "";
	for (const char *p = text; *p; p++)
		if (strncmp(p, word, len) == 0)
			return true;
	for (const cJSON *c = in ? in->child : NULL; c; c = c->next)
		if (word_occurs(c, word, len))
			return true;
	return false;
}

/* Prose that was joined is of the words of the inputs. */
static inline bool words_occur(const cJSON *const in[3], const char *text)
{
	while (*text) {
		size_t len = strcspn(text, " ");
		if (len && !word_occurs(in[0], text, len) && !word_occurs(in[1], text, len) && !word_occurs(in[2], text, len))
			return false;
		text += len + strspn(text + len, " ");
	}
	return true;
}

static inline bool name_occurs(const cJSON *in, const char *name)
{
	if (cib_json_get(in, name))
		return true;
	for (const cJSON *c = in ? in->child : NULL; c; c = c->next)
		if (name_occurs(c, name))
			return true;
	return false;
}

static inline bool all_from(const cJSON *out, const cJSON *const in[3])
{
	if (out->string && !name_occurs(in[0], out->string) && !name_occurs(in[1], out->string) && !name_occurs(in[2], out->string))
		return false;
	if (!cJSON_IsObject(out) && !cJSON_IsArray(out))
		return occurs(in[0], out) || occurs(in[1], out) || occurs(in[2], out) || (cJSON_IsString(out) && strchr(out->valuestring, ' ') && words_occur(in, out->valuestring));
	for (const cJSON *c = out->child; c; c = c->next)
		if (!all_from(c, in))
			return false;
	return true;
}

/* ---- equality ---- */

static inline bool same(const cJSON *a, const cJSON *b)
{
	return a == b || (a && b && cib_json_equal(a, b));
}

static inline int by_text(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

/* A text that does not tell the order of lists. */
static inline void write_unordered(cib_buf *out, const cJSON *v)
{
	if (!v || !v->child) {
		char *text = text_of(v);
		cib_buf_adds(out, text);
		free(text);
		return;
	}
	char *parts[256];
	size_t n = 0;
	for (const cJSON *c = v->child; c && n < 256; c = c->next) {
		cib_buf part = CIB_BUF_INIT;
		if (c->string)
			cib_buf_addf(&part, "%s:", c->string);
		write_unordered(&part, c);
		parts[n++] = cib_buf_take(&part);
	}
	qsort(parts, n, sizeof *parts, by_text);
	cib_buf_addc(out, '(');
	for (size_t i = 0; i < n; i++) {
		cib_buf_adds(out, parts[i]);
		cib_buf_addc(out, ' ');
		free(parts[i]);
	}
	cib_buf_addc(out, ')');
}

/* In a sequence, what both sides put in at one place stands in the order ours, theirs. */
static inline bool same_but_for_order(const cJSON *a, const cJSON *b)
{
	cib_buf x = CIB_BUF_INIT, y = CIB_BUF_INIT;
	write_unordered(&x, a);
	write_unordered(&y, b);
	bool is = strcmp(cib_buf_str(&x), cib_buf_str(&y)) == 0;
	cib_buf_free(&x);
	cib_buf_free(&y);
	return is;
}

/* ---- a change made on one side only is not lost ---- */

/* Members that one side alone changed have its value. `e`: what the schema above calls atomic. */
static inline bool keeps_single_changes(const cJSON *base, const cJSON *ours, const cJSON *theirs, const cJSON *out, bool by_schema)
{
	const cJSON *all[3] = {base, ours, theirs};
	for (int i = 0; i < 3; i++)
		for (const cJSON *c = all[i]->child; c; c = c->next) {
			const cJSON *b = cib_json_get(base, c->string), *o = cib_json_get(ours, c->string), *t = cib_json_get(theirs, c->string), *r = cib_json_get(out, c->string);
			if ((same(b, o) && !same(t, r)) || (same(b, t) && !same(o, r)))
				return false;
			bool atomic = by_schema && strcmp(c->string, "e") == 0;
			if (i == 0 && cJSON_IsObject(b) && cJSON_IsObject(o) && cJSON_IsObject(t) && cJSON_IsObject(r) && !atomic && !keeps_single_changes(b, o, t, r, by_schema))
				return false;
		}
	return true;
}

static inline bool any_moved(const cib_merge_notes *notes)
{
	for (size_t i = 0; i < notes->count; i++)
		if (notes->items[i].verdict == CIB_MERGE_MOVED)
			return true;
	return false;
}

/* ---- conflicts ---- */

/* What a conflict calls theirs stands at its pointer; against a removal the edit does; of two orders one. */
static inline bool conflicts_tell_what_stands(const cib_conflicts *list, const cJSON *out)
{
	for (size_t i = 0; i < list->count; i++) {
		const cib_conflict *c = &list->items[i];
		const cJSON *stands = cib_json_at(out, c->pointer);
		if (!stands || (c->kind != CIB_CONFLICT_ORDER && !same(stands, c->theirs ? c->theirs : c->ours)) || same(c->ours, c->theirs))
			return false;
	}
	return true;
}

/* ---- all of it ---- */

static inline cJSON *merge(const cJSON *base, const cJSON *ours, const cJSON *theirs, const cib_merge_rules *rules, cib_merge_keep keep, size_t *count)
{
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	cJSON *out = NULL;
	*count = cib_merge(&out, base, ours, theirs, &(cib_merge_options){rules, keep}, &conflicts);
	cib_conflicts_free(&conflicts);
	return out;
}

/* Is the merge exactly `wanted`, without a conflict? Kept in *shown. */
static inline bool gives(cJSON **shown, const cJSON *base, const cJSON *ours, const cJSON *theirs, const cib_merge_rules *rules, const cJSON *wanted)
{
	size_t n;
	cJSON_Delete(*shown);
	*shown = merge(base, ours, theirs, rules, CIB_KEEP_THEIRS, &n);
	return n == 0 && *shown && cib_json_identical(*shown, wanted);
}

static inline const char *judge_both(const cJSON *base, const cJSON *ours, const cJSON *theirs, const cib_merge_rules *rules, cJSON **shown)
{
	const cJSON *in[3] = {base, ours, theirs};
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	cib_merge_notes notes = {0};
	size_t swapped;
	cJSON *other = merge(base, theirs, ours, rules, CIB_KEEP_OURS, &swapped);
	cJSON_Delete(*shown);
	*shown = NULL;
	size_t n = cib_merge_noting(shown, base, ours, theirs, &(cib_merge_options){rules, CIB_KEEP_THEIRS}, &conflicts, &notes);
	const char *broken = NULL;
	if (!*shown)
		broken = "nothing is left of what nobody removed";
	else if (!same_but_for_order(*shown, other) || n != swapped)
		broken = "it does not matter which side is called ours";
	else if (!all_from(*shown, in))
		broken = "every value comes from an input";
	else if (cJSON_IsObject(base) && cJSON_IsObject(ours) && cJSON_IsObject(theirs) && !any_moved(&notes) &&
	         !keeps_single_changes(base, ours, theirs, *shown, rules != NULL))
		broken = "a change made on one side only is not lost";
	else if (!conflicts_tell_what_stands(&conflicts, *shown))
		broken = "a conflict tells what stands, and where";
	cib_merge_notes_free(&notes);
	cib_conflicts_free(&conflicts);
	cJSON_Delete(other);
	return broken;
}

/* NULL, or what does not hold; *shown (the caller's) is the result that shows it. */
static inline const char *judge(const cJSON *base, const cJSON *ours, const cJSON *theirs, const cib_merge_rules *rules, cJSON **shown)
{
	if (!gives(shown, base, base, theirs, rules, theirs))
		return "who changed nothing gets the other's version";
	if (!gives(shown, base, ours, base, rules, ours))
		return "what the other side left alone stays";
	if (!gives(shown, base, ours, ours, rules, ours) || !gives(shown, NULL, ours, ours, rules, ours))
		return "the same change twice is that change";
	return judge_both(base, ours, theirs, rules, shown);
}

#endif
