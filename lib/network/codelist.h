/* Codelists: codelists/<name>.json of the network, with names for people in several languages.
 *
 * A schema names the list of a field by `x-cib-codelist` (docs/formats.md). Lists are read from the network's commit when
 * they are first asked for; any thread may ask. */
#ifndef CIB_NETWORK_CODELIST_H
#define CIB_NETWORK_CODELIST_H

#include "network/network.h"

typedef struct cib_codelist cib_codelist;
typedef struct {
	const char *code;
	const char *category; /* the code of a list above, such as the group of a sector; NULL: none */
	bool withdrawn;
	const char *successor; /* of a withdrawn code; NULL: none */
	const cJSON *json;     /* {"code", "name": {lang: text}, "short": {lang: text}, ...} */
} cib_code;

/* NULL when the network has no such list, or it is broken. "ActivityStatus" is read from codelists/activitystatus.json.
 * Borrowed from the network. */
const cib_codelist *cib_network_codelist(cib_network *net, const char *name);
/* The names of all lists of the network, sorted as their files: the caller frees the array, not the names. */
int cib_network_codelists(const cib_codelist ***out, size_t *count, cib_network *net, cib_error *err);

const char *cib_codelist_name(const cib_codelist *list);    /* "ActivityStatus" */
const char *cib_codelist_version(const cib_codelist *list); /* "" when it has none */
const char *cib_codelist_title(const cib_codelist *list, const char *lang);
bool cib_codelist_complete(const cib_codelist *list); /* a code that is not in it is an error, else a warning */
size_t cib_codelist_count(const cib_codelist *list);
const cib_code *cib_codelist_at(const cib_codelist *list, size_t i); /* in the order of the file */
/* NULL when unknown. A list of language tags knows "fr-CA" by "fr". */
const cib_code *cib_codelist_get(const cib_codelist *list, const char *code);
/* The code that was meant: a near code, or one whose name is like `text` in any language; NULL. */
const cib_code *cib_codelist_nearest(const cib_codelist *list, const char *text);
/* Is it a code of the list? CIB_USAGE with what may have been meant; also CIB_OK where the network has no such list. */
int cib_network_code_ok(cib_network *net, const char *list, const char *code, cib_error *err);
/* Does the code begin with each of the words, or does its name have it, in any language? */
bool cib_code_matches(const cib_code *code, const char *const *words, size_t count);
/* Name in `lang`, else in English, else in any language, else the code. `brief`: the short name when there is one. */
const char *cib_code_name(const cib_code *code, const char *lang, bool brief);

/* The name of a code for people, in one call: the code itself when list or code is unknown. Never NULL; borrowed. */
const char *cib_network_code_name(cib_network *net, const char *list, const char *code, const char *lang);
/* The name of the code that stands in the field `pointer` of an entry, by the field's x-cib-codelist; NULL when the field
 * has no list, or the list not that code. For a map that is keyed by codes (markers) ask with code = the member's name. */
const char *cib_field_code_name(cib_network *net, const cib_kind *kind, const cJSON *doc, const char *pointer, const char *code,
                                const char *lang);

/* Every code of an entry with its list. `code` is NULL when the list does not know it; `given` is the text that stands there. */
typedef void (*cib_code_cb)(const cib_codelist *list, const cib_code *code, const char *given, const char *pointer, void *payload);
void cib_entry_codes(cib_network *net, const cib_kind *kind, const cJSON *doc, cib_code_cb cb, void *payload);

/* The goal of a target of the Sustainable Development Goals: "5.c" gives "5", "5" gives "5". `out` holds 4 bytes. */
void cib_sdg_goal(char out[4], const char *code);

#endif
