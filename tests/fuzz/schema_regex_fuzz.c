/* Fuzz target of the regular expressions: the first line is the pattern, the rest the text. Both engines say the same. */
#include "schema/regex_private.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const char *pattern = (const char *)data, *end = memchr(pattern, '\n', size);
	cib_regex *regex;
	if (!end || !cib_utf8_valid(pattern, size))
		return 0;
	size_t len = (size_t)(end - pattern), text_len = size - len - 1;
	if (cib_regex_compile(&regex, pattern, len, NULL) != CIB_OK)
		return 0;
	cib_rx_tree tree;
	cib_rx_program program;
	cib_rx_parse(&tree, pattern, len, NULL);
	cib_rx_program_build(&program, &tree);
	cib_rx_tree_free(&tree);
	int own = cib_rx_run(&program, end + 1, text_len, 200000), room = cib_regex_match(regex, end + 1, text_len);
	if (own >= 0 && room >= 0 && own != room)
		abort();
	cib_rx_program_free(&program);
	cib_regex_free(regex);
	return 0;
}
