/* digest - what happened, in words: of the verb digest, and at the end of a sync. */
#ifndef CIB_CMD_DIGEST_H
#define CIB_CMD_DIGEST_H

#include "review/happened.h"

#include <stdio.h>

/* What happened, under headings, at most `most` entries below each. */
void cib_print_digest(FILE *stream, cib_workspace *ws, const cib_happenings *list, size_t most);

#endif
