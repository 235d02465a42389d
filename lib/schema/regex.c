/* Regular expressions: which of the engines runs a pattern, and their limits (regex.h says why there are several). */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "schema/regex_private.h"

#include <pcre2.h>
#include <stdlib.h>

enum { PCRE_MATCH_LIMIT = 1000,
       PCRE_HEAP_LIMIT = 1024 /* KB */,
       STEPS = 50000,
       STEPS_A_BYTE = 8 };

struct cib_regex {
	cib_rx_table *table; /* alone, when there is one */
	cib_rx_program program;
	pcre2_code *code; /* NULL where the own matcher is alone */
	pcre2_match_context *limits;
	size_t pcre_length; /* longer texts are for the own matcher */
};

static void compile_pcre(cib_regex *r, const cib_rx_tree *tree)
{
	cib_buf pattern = CIB_BUF_INIT;
	int code;
	PCRE2_SIZE at;
	r->pcre_length = cib_rx_pcre_length(tree, PCRE_MATCH_LIMIT);
	if (r->pcre_length && cib_rx_to_pcre(&pattern, tree))
		r->code = pcre2_compile((PCRE2_SPTR)cib_buf_str(&pattern), pattern.len, PCRE2_UTF | PCRE2_NO_UTF_CHECK, &code, &at, NULL);
	cib_buf_free(&pattern);
	if (!r->code)
		return;
	pcre2_jit_compile(r->code, PCRE2_JIT_COMPLETE);
	r->limits = pcre2_match_context_create(NULL);
	pcre2_set_match_limit(r->limits, PCRE_MATCH_LIMIT);
	pcre2_set_heap_limit(r->limits, PCRE_HEAP_LIMIT);
}

int cib_regex_compile(cib_regex **out, const char *pattern, size_t len, cib_error *err)
{
	cib_rx_tree tree;
	*out = NULL;
	if (cib_rx_parse(&tree, pattern, len, err) != CIB_OK)
		return CIB_FINDINGS;
	cib_regex *r = cib_alloc(sizeof *r);
	r->table = cib_rx_table_new(&tree);
	if (!r->table) {
		compile_pcre(r, &tree);
		cib_rx_program_build(&r->program, &tree);
	}
	cib_rx_tree_free(&tree);
	*out = r;
	return CIB_OK;
}

int cib_regex_valid(const char *pattern, size_t len, cib_error *err)
{
	cib_rx_tree tree;
	if (cib_rx_parse(&tree, pattern, len, err) != CIB_OK)
		return CIB_FINDINGS;
	cib_rx_tree_free(&tree);
	return CIB_OK;
}

/* A verdict of PCRE2 counts; any error of it (a limit, no memory for the JIT's stack) leaves the own matcher to say. */
int cib_regex_match(const cib_regex *r, const char *text, size_t len)
{
	if (r->table)
		return cib_rx_table_match(r->table, text, len);
	if (r->code && len <= r->pcre_length && !memchr(text, 0xC0, len)) {
		pcre2_match_data *data = pcre2_match_data_create(1, NULL);
		int n = pcre2_match(r->code, (PCRE2_SPTR)text, len, 0, PCRE2_NO_UTF_CHECK, data, r->limits);
		pcre2_match_data_free(data);
		if (n >= 0 || n == PCRE2_ERROR_NOMATCH)
			return n >= 0;
	}
	return cib_rx_run(&r->program, text, len, STEPS + STEPS_A_BYTE * (uint64_t)len);
}

void cib_regex_free(cib_regex *r)
{
	if (!r)
		return;
	cib_rx_table_free(r->table);
	cib_rx_program_free(&r->program);
	pcre2_code_free(r->code);
	pcre2_match_context_free(r->limits);
	free(r);
}
