/* Forms: what a page must know of a kind, or of an entry, to show its fields. Made from the kind's schema, so that a kind that
 * arrives as a file has its form.
 *
 * A form is {"kind", "title", "description", "fields": [field...], "sums": [...]}. A field is
 *
 *     {"name", "widget", "title", "help", "level": "required" | "proposed" | "more", "readOnly", "example", ...}
 *
 * (readOnly with "reserved": true is what the secretariat alone changes once it is there) in the order: required, proposed (x-cib-template, x-cib-recommended), the rest as in the schema. Widgets:
 *
 *     text        "long", "words" {"max", "severity"}, "maxLength", "format", "decimal", "percent": a decimal of 0 to 100
 *     texts       a text in languages; as text
 *     choice      "options" [{"value", "name"}]: an enum, or a short list of codes
 *     code        "lists" [name...], or "by" {"by", "default", "lists"}: to be searched with cib_code_matches
 *     among       the values come with the document: cib_form_among, by "pattern"
 *     reference   "kind" ("": any), "except" [value...]: the id of an entry
 *     date        "precision" ["year", "month", "day", "minute"]: what it takes
 *     number      "integer", "minimum", "maximum"
 *     boolean
 *     object      "fields", "groups" [[name...]] of members that belong together, "point": it has lat and lon, in degrees
 *     list        "item" (a field), "key" (the member that tells items apart), "set", "minItems", "maxItems"
 *     map         "item", "keys" (a field for the names: choice, code, among, text), "special" {name: field}
 *     json        whatever else: to be edited as it is
 */
#ifndef CIB_NETWORK_FORM_H
#define CIB_NETWORK_FORM_H

#include "network/network.h"

typedef struct {
	cib_network *net;
	const cib_kind *kind;
	const char *lang; /* of titles, help, names */
	bool member;      /* for a member's staff: what the secretariat alone writes is read only */
} cib_form_for;
/* The caller's. About 1 ms for the largest kind. */
cJSON *cib_form_make(const cib_form_for *who);

/* An entry by its id, as it is now; NULL: there is none. The caller of the callback deletes it. */
typedef cJSON *(*cib_form_entry_cb)(const char *id, void *payload);
/* The values that rules of the type "among" allow in this document: {pattern of the field: [{"value", "name"}]}. The caller's. */
cJSON *cib_form_among(const cib_form_for *who, const cJSON *doc, cib_form_entry_cb entry, void *payload);
/* What codes and ids in the document are called: {"codes": {list: {code: name}}, "entries": {id: title}}. The caller's. */
cJSON *cib_form_names(const cib_form_for *who, const cJSON *doc, cib_form_entry_cb entry, void *payload);

#endif
