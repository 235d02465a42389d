/* IATI activity files, read into project documents.
 *
 * Each element of an activity has a reader in one table (iati_element.c); what no reader took, an element, an attribute
 * or an unusable value, becomes a note. Source: IATI activity standard 2.03, activity XSD; docs/formats.md. */
#include "exchange/iati_private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- an activity ---- */

/* Regions without a share beside countries with shares only say where the countries lie; as an entry they would claim a share. */
static void drop_idle_regions(cib_iati_reading *a, const xmlNode *n)
{
	const cJSON *countries = cib_json_get(a->doc, "recipientCountries"), *regions = cib_json_get(a->doc, "recipientRegions");
	bool shares = false, idle = regions != NULL;
	for (const cJSON *c = countries ? countries->child : NULL; c; c = c->next)
		shares |= cib_json_get(c, "percentage") != NULL;
	for (const cJSON *r = regions ? regions->child : NULL; r; r = r->next)
		idle &= !cib_json_get(r, "percentage");
	if (!shares || !idle)
		return;
	for (const xmlNode *c = n->children; c; c = c->next)
		if (cib_xml_named(c, "recipient-region"))
			cib_iati_note(a, c, "code", N_("a region without a share beside countries with shares is not taken"));
	cib_json_remove(a->doc, "recipientRegions");
}

static void set_source_language(cib_iati_reading *a)
{
	const cJSON *title = cib_json_get(a->doc, "title");
	const char *lang = title && !cib_json_get(title, a->lang) && title->child ? title->child->string : a->lang;
	cib_json_set(a->doc, "sourceLanguage", cJSON_CreateString(lang));
}

static void read_activity(cib_iati_reading *a, const xmlNode *n)
{
	for (const xmlNode *c = n->children; c; c = c->next) {
		if (c->type == XML_ELEMENT_NODE && !cib_iati_read_element(a, c))
			cib_iati_note(a, c, NULL, N_("this element has no place in a project entry"));
	}
	cib_iati_note_others(a, n, (const char *const[]){"default-currency", NULL});
	drop_idle_regions(a, n);
	set_source_language(a);
}

/* ---- the file ---- */

static int xml_error(cib_error *err, const char *path, const char *code, const char *message, int line)
{
	int status = cib_error_set(err, CIB_FINDINGS, code, "%s", cib_gettext(message));
	if (err) {
		snprintf(err->file, sizeof err->file, "%s", path);
		err->message[strcspn(err->message, "\n")] = '\0';
		err->line = line > 0 ? (size_t)line : 1;
		err->column = 1;
	}
	return status;
}

static int each_activity(const char *path, const xmlNode *root, cib_iati_cb cb, void *payload)
{
	int status = CIB_OK;
	char *file_lang = cib_xml_language(root);
	for (const xmlNode *n = root->children; n && status == CIB_OK; n = n->next) {
		if (!cib_xml_named(n, "iati-activity"))
			continue;
		cib_iati_reading a = {.doc = cJSON_CreateObject(), .path = path};
		char *lang = cib_xml_language(n);
		a.lang = lang ? lang : cib_strdup(file_lang ? file_lang : "en");
		a.currency = cib_xml_attribute(n, "default-currency");
		read_activity(&a, n);
		cib_json_to_nfc(a.doc);
		const char *id = cib_iati_identifier(a.doc);
		cib_iati_activity out = {a.doc, id ? id : "", (size_t)xmlGetLineNo(n), &a.notes};
		status = cb(&out, payload);
		cJSON_Delete(out.doc);
		cib_findings_free(&a.notes);
		free(a.lang);
		free(a.currency);
	}
	free(file_lang);
	return status;
}

static void silent(void *context, const char *message, ...)
{
	(void)context;
	(void)message;
}

int cib_iati_read(const char *path, cib_iati_cb cb, void *payload, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	int status = cib_late_open(&cib_xml2_library, err);
	if (status == CIB_OK)
		status = cib_file_read(&text, path, 256u << 20, err);
	if (status != CIB_OK) {
		cib_buf_free(&text);
		return status;
	}
	xmlSetGenericErrorFunc(NULL, silent);
	xmlParserCtxt *parser = xmlNewParserCtxt();
	xmlDoc *doc = xmlCtxtReadMemory(parser, text.data, (int)text.len, NULL, NULL, XML_PARSE_NONET | XML_PARSE_NOWARNING | XML_PARSE_NOERROR);
	const xmlNode *root = doc ? xmlDocGetRootElement(doc) : NULL;
	xmlChar *version = root ? xmlGetNoNsProp(root, (const xmlChar *)"version") : NULL;
	if (!doc) {
		const xmlError *e = xmlCtxtGetLastError(parser);
		status = xml_error(err, path, "iati.xml", e && e->message ? e->message : N_("this is not XML"), e ? e->line : 1);
	} else if (doc->intSubset) {
		status = xml_error(err, path, "iati.dtd", N_("a document type declaration is not allowed"), 1);
	} else if (!root || strcmp((const char *)root->name, "iati-activities") != 0) {
		status = xml_error(err, path, "iati.root", N_("this is no IATI activity file: its first element is not iati-activities"), 1);
	} else if (!version || strncmp((const char *)version, "2.", 2) != 0) {
		char *message = cib_format(_("this is IATI version %s; versions 2.01 to 2.03 are read"), version ? (const char *)version : _("(not given)"));
		status = xml_error(err, path, "iati.version", message, 1);
		free(message);
	} else {
		status = each_activity(path, root, cb, payload);
	}
	xmlFree(version);
	xmlFreeDoc(doc);
	xmlFreeParserCtxt(parser);
	cib_buf_free(&text);
	return status;
}

const char *cib_iati_identifier(const cJSON *entry)
{
	const cJSON *list = cib_json_get(entry, "identifiers");
	for (const cJSON *i = list ? list->child : NULL; i; i = i->next) {
		const char *type = cib_json_string(i, "type");
		if (type && strcmp(type, "iati") == 0)
			return cib_json_string(i, "value");
	}
	return NULL;
}
