/* Fuzz target of the merge: what must hold for every merge, as assertions. The bytes are three texts, base, ours and theirs, a
 * line each; or where they are no JSON, a row of choices from which documents and edits of them are made. With an odd
 * first byte a schema speaks. */
#include "support/merge_invariants.h"
#include "support/wild_documents.h"

#include <stdio.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const uint8_t *next;
static size_t left;

static unsigned pick(unsigned n)
{
	if (!left)
		return 0;
	left--;
	return *next++ % n;
}

static bool read_lines(cJSON *docs[3], const char *text, size_t size)
{
	for (int i = 0; i < 3; i++) {
		const char *end = memchr(text, '\n', size);
		size_t len = end ? (size_t)(end - text) : size;
		if (cib_json_read(&docs[i], text, len, &(cib_json_limits){.depth = 40}, NULL) != CIB_OK)
			return false;
		text += len + (end != NULL);
		size -= len + (end != NULL);
	}
	return true;
}

static void show(const char *what, cJSON *const docs[3], const cJSON *out)
{
	static const char *const names[] = {"base", "ours", "theirs", "result"};
	fprintf(stderr, "%s\n", what);
	for (int i = 0; i < 4; i++) {
		char *text = text_of(i < 3 ? docs[i] : out);
		fprintf(stderr, "  %-6s %s\n", names[i], text);
		free(text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static cib_merge_rules *rules;
	cJSON *docs[3] = {NULL, NULL, NULL}, *out = NULL;
	if (size == 0)
		return 0;
	if (!rules) {
		cJSON *schema = NULL;
		if (cib_json_read(&schema, merge_schema_text, strlen(merge_schema_text), NULL, NULL) != CIB_OK)
			abort();
		rules = cib_merge_rules_new(schema); /* for the whole run */
	}
	if (!read_lines(docs, (const char *)data + 1, size - 1)) {
		for (int i = 0; i < 3; i++) {
			cJSON_Delete(docs[i]);
			docs[i] = NULL;
		}
		next = data + 1;
		left = size - 1;
		docs[0] = wild_document(pick);
		docs[1] = wild_edited(pick, docs[0]);
		docs[2] = wild_edited(pick, docs[0]);
	}
	const char *broken = judge(docs[0], docs[1], docs[2], data[0] & 1 ? rules : NULL, &out);
	if (broken) {
		show(broken, docs, out);
		abort();
	}
	for (int i = 0; i < 3; i++)
		cJSON_Delete(docs[i]);
	cJSON_Delete(out);
	return 0;
}
