/* Fuzz target of the reader and the writer: what is accepted is written canonically, read again as the
 * identical document, and written again as the same bytes; the two readers agree. */
#include "json/json.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *text = (const char *)data;
	cJSON *doc, *again;
	const cJSON *read_only;
	cib_arena arena = CIB_ARENA_INIT;
	cib_error err = CIB_ERROR_INIT;
	int status = cib_json_read(&doc, text, size, NULL, &err);
	if (cib_json_read_arena(&read_only, &arena, text, size, NULL, NULL) != status)
		abort();
	size_t line, column;
	cib_json_locate(text, size, "/a/0/b", size & 1, &line, &column);
	if (status == CIB_OK) {
		cib_buf first = CIB_BUF_INIT, second = CIB_BUF_INIT;
		cib_json_write(&first, doc, NULL);
		if (!cib_json_identical(doc, read_only) || !cib_json_equal(doc, read_only))
			abort();
		if (cib_json_read(&again, first.data, first.len, NULL, NULL) != CIB_OK || !cib_json_identical(doc, again))
			abort();
		cib_json_write(&second, again, NULL);
		if (first.len != second.len || memcmp(first.data, second.data, first.len) != 0)
			abort();
		cib_json_changes changes = {0};
		cib_json_diff(&changes, doc, again, NULL);
		if (changes.count)
			abort();
		cib_json_changes_free(&changes);
		cib_json_to_nfc(again);
		cJSON_Delete(again);
		cib_buf_free(&first);
		cib_buf_free(&second);
	} else if (!err.line || !err.column || !*err.message) {
		abort();
	}
	cJSON_Delete(doc);
	cib_arena_free(&arena);
	return 0;
}
