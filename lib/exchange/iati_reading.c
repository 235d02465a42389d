/* What every reader of an IATI element uses: its attributes, texts and language, and notes of what is not taken. */
#include "exchange/iati_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- XML ---- */

char *cib_xml_attribute(const xmlNode *n, const char *name)
{
	xmlChar *v = xmlGetNoNsProp(n, (const xmlChar *)name);
	char *s = v && *v ? cib_strdup((const char *)v) : NULL;
	xmlFree(v);
	return s;
}

char *cib_xml_language(const xmlNode *n)
{
	xmlChar *v = xmlGetNsProp(n, (const xmlChar *)"lang", XML_XML_NAMESPACE);
	char *s = v && *v ? cib_strdup((const char *)v) : NULL;
	xmlFree(v);
	return s;
}

/* The text of an element with white space at the ends removed; NULL when nothing is left. */
char *cib_xml_content(const xmlNode *n)
{
	xmlChar *v = xmlNodeGetContent(n);
	const char *s = v ? (const char *)v : "";
	s += strspn(s, " \t\r\n");
	size_t len = strlen(s);
	while (len > 0 && strchr(" \t\r\n", s[len - 1]))
		len--;
	char *out = len ? cib_strndup(s, len) : NULL;
	xmlFree(v);
	return out;
}

bool cib_xml_named(const xmlNode *n, const char *name)
{
	return n->type == XML_ELEMENT_NODE && strcmp((const char *)n->name, name) == 0;
}

/* ---- notes ---- */

void cib_iati_note(cib_iati_reading *a, const xmlNode *n, const char *what, const char *why)
{
	cib_buf where = CIB_BUF_INIT, message = CIB_BUF_INIT;
	cib_buf_addf(&where, "%s%s%s", (const char *)n->name, what ? "/@" : "", what ? what : "");
	char *value = what ? cib_xml_attribute(n, what) : cib_xml_content(n);
	cib_buf_adds(&message, cib_gettext(why));
	if (value) {
		size_t len = strlen(value);
		cib_buf_adds(&message, ": ");
		cib_buf_add_clean(&message, value, len > 60 ? 57 : len);
		cib_buf_adds(&message, len > 60 ? "..." : "");
	}
	cib_findings_add(&a->notes, &(cib_finding){.severity = CIB_ADVICE, .file = (char *)(uintptr_t)a->path, .line = (size_t)xmlGetLineNo(n), .column = 1, .pointer = where.data, .keyword = (char *)(uintptr_t) "iati", .code = (char *)(uintptr_t) "iati.not-taken", .message = message.data});
	free(value);
	cib_buf_free(&where);
	cib_buf_free(&message);
}

/* Note every attribute that is not among the given ones (a list that ends with NULL). */
void cib_iati_note_others(cib_iati_reading *a, const xmlNode *n, const char *const *taken)
{
	for (const xmlAttr *at = n->properties; at; at = at->next) {
		const char *name = (const char *)at->name;
		bool known = strcmp(name, "lang") == 0;
		for (size_t i = 0; taken && taken[i] && !known; i++)
			known = strcmp(name, taken[i]) == 0;
		if (!known)
			cib_iati_note(a, n, name, N_("this attribute has no place in a project entry"));
	}
}

/* ---- building ---- */

cJSON *cib_iati_list(cib_iati_reading *a, const char *name)
{
	cJSON *l = cib_json_get(a->doc, name);
	if (!l) {
		l = cJSON_CreateArray();
		cib_json_set(a->doc, name, l);
	}
	return l;
}

cJSON *cib_iati_object(cJSON *parent, const char *name)
{
	cJSON *o = cib_json_get(parent, name);
	if (!o) {
		o = cJSON_CreateObject();
		cib_json_set(parent, name, o);
	}
	return o;
}

/* Put an attribute into an object under a name; true when it was there. */
bool cib_iati_take(cJSON *to, const char *name, const xmlNode *n, const char *attr)
{
	char *v = cib_xml_attribute(n, attr);
	if (v)
		cib_json_set(to, name, cJSON_CreateString(v));
	free(v);
	return v != NULL;
}

void cib_iati_number_item(cJSON *list, cJSON *item, const char *prefix)
{
	char id[32];
	snprintf(id, sizeof id, "%s-%d", prefix, cJSON_GetArraySize(list) + 1);
	cib_json_set(item, "id", cJSON_CreateString(id));
	cJSON_AddItemToArray(list, item);
}

void cib_iati_add_text(cib_iati_reading *a, cJSON *map, const xmlNode *n, const xmlNode *parent)
{
	char *text = cib_xml_content(n), *lang = cib_xml_language(n);
	if (!lang && parent)
		lang = cib_xml_language(parent);
	const char *key = lang ? lang : a->lang;
	const char *old = cib_json_string(map, key);
	if (!text) {
		cib_iati_note(a, n, NULL, N_("the text is empty"));
	} else if (old) { /* several paragraphs in one language */
		char *joined = cib_format("%s\n\n%s", old, text);
		cib_json_set(map, key, cJSON_CreateString(joined));
		free(joined);
	} else {
		cib_json_set(map, key, cJSON_CreateString(text));
	}
	free(text);
	free(lang);
}

/* The narratives of an element as a language map; NULL when there are none. */
cJSON *cib_iati_texts(cib_iati_reading *a, const xmlNode *n)
{
	cJSON *map = cJSON_CreateObject();
	for (const xmlNode *c = n->children; c; c = c->next)
		if (cib_xml_named(c, "narrative"))
			cib_iati_add_text(a, map, c, n);
	if (map->child)
		return map;
	cJSON_Delete(map);
	return NULL;
}
