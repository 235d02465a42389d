/* Translations that age: which texts are older than the text that they were translated from.
 *
 * An entry's source language is its `sourceLanguage`. When a text changes in it and not in another language, the entry notes
 * of which source text the other was a translation, by a hash, in its member `x-cib-translated`:
 *
 *     "x-cib-translated": {"/title/fr": "9c1f0a2b77de"}         path of the translation -> hash of its source text
 *
 * It is stale while the source text has another hash. No clock is asked, so it holds offline, through merges and when
 * the source goes back to what it was. Paths name items of lists by their identity. Where nothing is noted nothing is known to be
 * stale. */
#ifndef CIB_NETWORK_TRANSLATION_H
#define CIB_NETWORK_TRANSLATION_H

#include "network/network.h"

/* Note in `after` what became of its translations since `before` (NULL: it is new). true when the notes changed. */
bool cib_translations_note(cib_network *net, const cib_kind *kind, const cJSON *before, cJSON *after);
/* Note that the text at `pointer` (/title/fr) fits its source as it is now. CIB_NOTFOUND when there is no such translation. */
int cib_translations_confirm(cib_network *net, const cib_kind *kind, cJSON *doc, const char *pointer, cib_error *err);

/* Every text of an entry that is older than its source: pointer (/title/fr), language, and the language of its source. */
typedef void (*cib_stale_cb)(const char *pointer, const char *lang, const char *source, void *payload);
size_t cib_translations_stale(cib_network *net, const cib_kind *kind, const cJSON *doc, cib_stale_cb cb, void *payload); /* cb may be NULL */
/* Texts that have no translation into `lang`: how many of how many. */
size_t cib_translations_missing(cib_network *net, const cib_kind *kind, const cJSON *doc, const char *lang, size_t *of);

/* Does the schema of a field say that it is a text in languages? */
bool cib_field_is_text(const cJSON *field);

#endif
