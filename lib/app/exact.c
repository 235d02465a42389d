/* Numbers that a page's script would change: JavaScript keeps 53 bits, an entry every digit. Such a number travels as an object
 * {"x-cib-number": "9007199254740993"}, which a script carries as it is, in both directions. */
#include "app/private.h"

#include <stdlib.h>
#include <string.h>

static const char name[] = "x-cib-number";

static cJSON *in_place(cJSON *of, cJSON *old, cJSON *new)
{
	cJSON_ReplaceItemViaPointer(of, old, new);
	return new;
}

void cib_app_to_script(cJSON *doc)
{
	for (cJSON *c = doc ? doc->child : NULL; c; c = c->next) {
		char scratch[40];
		const char *text = cJSON_IsNumber(c) ? cib_json_number_text(c, scratch) : NULL;
		if (text && !cib_json_number_is_portable(text)) {
			cJSON *carried = cJSON_CreateObject();
			cJSON_AddStringToObject(carried, name, text);
			if (c->string)
				carried->string = cib_strdup(c->string);
			c = in_place(doc, c, carried);
		} else if (c->child) {
			cib_app_to_script(c);
		}
	}
}

/* The text of a number that is carried so; NULL: it is none. */
static const char *carried_by(const cJSON *value)
{
	const char *text = cJSON_IsObject(value) && value->child && !value->child->next ? cib_json_string(value, name) : NULL;
	cJSON *read = NULL;
	bool is = text && cib_json_read(&read, text, strlen(text), NULL, NULL) == CIB_OK && cJSON_IsNumber(read);
	cJSON_Delete(read);
	return is ? text : NULL;
}

void cib_app_from_script(cJSON *doc)
{
	for (cJSON *c = doc ? doc->child : NULL; c; c = c->next) {
		const char *text = carried_by(c);
		if (text) {
			cJSON *number = cib_json_new_number(text);
			if (c->string)
				number->string = cib_strdup(c->string);
			c = in_place(doc, c, number);
		} else if (c->child) {
			cib_app_from_script(c);
		}
	}
}
