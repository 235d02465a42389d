/* From a pointer to an identity path: positions in lists whose items have an identity become that identity, so that
 * what is said about a field stays with it when the item moves. The other way: cib_merge_path_to_pointer. */
#include "merge/private.h"

#include <stdlib.h>
#include <string.h>

bool cib_merge_pointer_to_path(cib_buf *path, const cJSON *doc, const cib_merge_rules *rules, const char *pointer)
{
	cib_buf token = CIB_BUF_INIT;
	const cJSON *at = doc, *node = cib_rules_root(rules);
	bool ok = true;
	cib_buf_clear(path);
	cib_buf_reserve(path, 16);
	path->data[0] = '\0';
	while (*pointer && (ok = at && cib_json_pointer_next(&pointer, &token))) {
		const cJSON *array = cJSON_IsArray(at) ? at : NULL;
		const char *key = array ? cib_key_of(cib_rules_of(rules, node), &array, 1) : NULL;
		char *end = NULL;
		unsigned long index = array ? strtoul(token.data, &end, 10) : 0;
		if (array) {
			at = *token.data && !*end && index < 1000000 ? cJSON_GetArrayItem(array, (int)index) : NULL;
			node = cib_rules_items(rules, node);
		} else {
			at = cib_json_get(at, token.data);
			node = cib_rules_member(rules, node, token.data);
		}
		const char *identity = key && at ? cib_item_key(at, key) : NULL;
		cib_json_pointer_add(path, identity ? identity : token.data);
		ok = at != NULL;
	}
	cib_buf_free(&token);
	return ok;
}
