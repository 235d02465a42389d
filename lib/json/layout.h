/* How a text is laid out: where each value stands in it, and the manner of its white space. */
#ifndef CIB_JSON_LAYOUT_H
#define CIB_JSON_LAYOUT_H

#include "json/private.h"

/* A value in its text. For `"name": value` the name's quotes begin at `name`. */
typedef struct cib_span {
	const cJSON *node;
	const char *name, *begin, *end;
	struct cib_span *child, *next;
} cib_span;

typedef struct {
	char unit[17];   /* one level of indentation; "" when the text has no lines */
	char newline[3]; /* "\n", "\r\n", or "" when everything stands on one line */
	char colon[8];   /* between a name and its value: ": ", ":" or " : " */
	char comma[3];   /* between items on one line: ", " or "," */
	bool flat_lists; /* lists of scalars stand on one line */
	bool ascii;      /* other characters are written as \u escapes */
} cib_layout;

typedef struct {
	const char *text, *end;
	cJSON *doc;
	cib_span *root;
	cib_arena arena;
	cib_layout layout;
} cib_laid_out;

/* The text must have been read before; false when it is not JSON after all. */
bool cib_json__lay_out(cib_laid_out *out, const char *text, size_t len);
void cib_json__layout_free(cib_laid_out *laid);

#endif
