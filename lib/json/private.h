/* What the files of this room share and nobody else sees. */
#ifndef CIB_JSON_PRIVATE_H
#define CIB_JSON_PRIVATE_H

#include "base/gettext.h"
#include "json/json.h"

/* The double nearest to a decimal text, and the shortest text of a double: both with a point, whatever
 * the locale of the process says about commas. */
double cib_json__double(const char *text);
void cib_json__print_double(char out[40], double value);

/* Line and column (in code points, from 1) of `at` in the text. */
void cib_json__position(const char *text, const char *at, size_t *line, size_t *column);

/* An array index as pointers write it: digits without a leading zero. */
bool cib_json__index(const char *token, size_t *out);

/* The members of an object sorted by name (code points), with their number; free() the list. */
const cJSON **cib_json__sorted(const cJSON *object, size_t *count);

#endif
