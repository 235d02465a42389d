/* json - the one room that reads and writes JSON text.
 *
 * The document type is cJSON's tree; cJSON's own parser and printer are never called, because they
 * accept what RFC 8259 forbids and change numbers (see docs/json.md).
 *
 * Numbers: every number node read here keeps its source text in `valuestring` (cJSON leaves that
 * field unused for numbers, copies it in cJSON_Duplicate and frees it in cJSON_Delete);
 * `valuedouble` holds the nearest double. cib_json_number_text() gives the text of any number node.
 * Look-ups go through cib_json_get(): cJSON_GetObjectItem ignores case.
 */
#ifndef CIB_JSON_H
#define CIB_JSON_H

#include "base/base.h"
#include <cjson/cJSON.h>

/* Limits of the reader; 0 means the default (depth 1,000; nothing else limited). */
typedef struct {
	size_t depth;        /* nested arrays and objects */
	size_t nodes;        /* values in the document */
	size_t string_bytes; /* one decoded string */
	bool nul;            /* accept \u0000, kept as the bytes C0 80, which no text can hold otherwise; written back as it came */
} cib_json_limits;

/* Read strict JSON (RFC 8259 and I-JSON, RFC 7493: UTF-8, no BOM, no duplicate names, no lone
 * surrogates, no NUL in strings). `limits` may be NULL.
 * *out is the caller's, free with cJSON_Delete. CIB_FINDINGS with code "json.*", line, column. */
int cib_json_read(cJSON **out, const char *text, size_t len, const cib_json_limits *limits, cib_error *err);
/* The same into an arena: several times faster, and read-only: never hand the tree to
 * cJSON_Delete or to a cJSON function that changes it (cJSON_Duplicate makes an own copy). */
int cib_json_read_arena(const cJSON **out, cib_arena *arena, const char *text, size_t len,
                        const cib_json_limits *limits, cib_error *err);
/* Read a file and parse it; err->file is set. */
int cib_json_read_file(cJSON **out, const char *path, cib_error *err);

/* How to write. The default (NULL or zeroes) is the canonical form: members sorted by code point,
 * two spaces, LF, one final newline, numbers by their source text, strings with minimal escapes. */
typedef struct {
	bool keep_order; /* members as they stand in the tree */
	bool compact;    /* no white space, no final newline: for JSON Lines */
	int indent;      /* spaces per level, 0 means 2, -1 a tab */
} cib_json_style;

void cib_json_write(cib_buf *out, const cJSON *doc, const cib_json_style *style);
/* Write `doc` in the layout of a text that it came from: what the text has is copied byte for byte (order of members,
 * indentation, line ends, spelling of numbers and strings), what is new is written in its manner, or copied from
 * `other` (may be NULL), a second text that the document has values from. A canonical text stays canonical. Both texts
 * are strict JSON; text that is not is no model, and the canonical form is written. */
void cib_json_rewrite(cib_buf *out, const cJSON *doc, const char *text, size_t len, const char *other, size_t other_len);
/* Append `s` as a JSON string with quotes: for writers of JSON Lines. */
void cib_json_write_string(cib_buf *out, const char *s, size_t len);

/* Is the text byte for byte the canonical form of its document? (doc: the text as read) */
bool cib_json_is_canonical(const cJSON *doc, const char *text, size_t len);
/* Is every string and name in Unicode normalisation form C? When not, *pointer (heap) names the first. */
bool cib_json_is_nfc(const cJSON *doc, char **pointer);
/* Normalise every string and name to NFC in place (heap trees only). */
void cib_json_to_nfc(cJSON *doc);

/* At the end of memory cJSON gives NULL, and what is added to nothing is lost. A program calls this once, before it makes
 * documents: then cJSON's allocations are as cib_alloc's and end the process instead. */
void cib_json_setup(void);

/* ---- words ---- */
/* The text made alike for searching: case, accents and other marks, compatibility forms, Arabic lengthening are taken
 * away. The caller's. */
char *cib_text_fold(const char *s);
/* How many cells of a terminal the text takes: marks take none, wide characters two. Valid UTF-8. */
size_t cib_text_width(const char *s, size_t len);
/* Does a word of the text begin with `word`, both folded? */
bool cib_text_has(const char *text, const char *word);

/* ---- values ---- */
cJSON *cib_json_get(const cJSON *object, const char *name);         /* exact member; NULL when absent or no object */
const char *cib_json_string(const cJSON *object, const char *name); /* its string value, or NULL */
const char *cib_json_number_text(const cJSON *number, char scratch[40]);
cJSON *cib_json_new_number(const char *text);                     /* node from decimal text */
void cib_json_set(cJSON *object, const char *name, cJSON *value); /* replace or append; takes value */
void cib_json_remove(cJSON *object, const char *name);

/* Equality by value: members in any order, numbers as decimals (1.0 = 1 = 10e-1, exact at any size). */
bool cib_json_equal(const cJSON *a, const cJSON *b);
/* Equality of what the canonical writer would write: as above, but number text and -0 count. */
bool cib_json_identical(const cJSON *a, const cJSON *b);
/* Order of two numbers as exact decimals: <0, 0, >0. */
int cib_json_number_compare(const char *a, const char *b);
/* Is a number with that text kept exactly by a double (what other programs would read)? */
bool cib_json_number_is_portable(const char *text);

/* ---- pointers (RFC 6901) ---- */
/* The value at a pointer; NULL when there is none or the pointer is malformed. */
cJSON *cib_json_at(const cJSON *doc, const char *pointer);
/* Set, add or (value NULL) remove at a pointer, as RFC 6902 add/replace/remove do ("-" appends);
 * parents that are missing are made as objects. Takes value, also on error. CIB_NOTFOUND, CIB_USAGE. */
int cib_json_set_at(cJSON **doc, const char *pointer, cJSON *value, cib_error *err);
void cib_json_pointer_add(cib_buf *pointer, const char *token); /* append "/" and the escaped token */
void cib_json_pointer_add_index(cib_buf *pointer, size_t index);
/* Unescape the next token of *pointer into out (cleared first) and move *pointer behind it.
 * false at the end or on a malformed pointer. */
bool cib_json_pointer_next(const char **pointer, cib_buf *out);

/* Where in the text does the value at `pointer` begin? of_name: where its member name begins.
 * Falls back to the nearest ancestor that exists. Line and column from 1, columns in code points. */
void cib_json_locate(const char *text, size_t len, const char *pointer, bool of_name, size_t *line, size_t *column);

/* ---- changes (RFC 6902 terms) ---- */
typedef enum { CIB_ADD,
	       CIB_REMOVE,
	       CIB_REPLACE } cib_json_op;
typedef struct {
	cib_json_op op;
	char *pointer;
	const cJSON *before, *after; /* borrowed from the two documents; NULL for add and remove */
} cib_json_change;
typedef struct {
	cib_json_change *items;
	size_t count, cap;
} cib_json_changes;

/* What turns a into b, field by field; arrays of objects that all have a unique string or number member `key_hint`
 * (may be NULL: "id", "code", "key", "name") are compared by it, and where they stand in another order the list itself is
 * noted first; else equal items are matched in their order. Places of what was removed are those before, all others those
 * after. */
void cib_json_diff(cib_json_changes *out, const cJSON *a, const cJSON *b, const char *key_hint);
void cib_json_changes_free(cib_json_changes *changes);

#endif
