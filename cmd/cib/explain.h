/* Changes in words: what each side did to a field, and what a merge made of it. For merge-file and diff. */
#ifndef CIB_CMD_EXPLAIN_H
#define CIB_CMD_EXPLAIN_H

#include "cmd.h"
#include "merge/merge.h"

/* What turns base into side, a line for each field, each begun with `label`; pointers begin with `at`. NULL: absent. */
void cib_explain_changes(FILE *stream, const char *label, const char *at, const cJSON *base, const cJSON *side);
/* One version of a value, begun with `label`: itself, or where it is large what turns base (NULL: none is known) into it. */
void cib_explain_version(FILE *stream, const char *label, const cJSON *base, const cJSON *value);
/* One note of a merge: the field, each side's changes, what stands and why. */
void cib_explain_note(FILE *stream, const cib_merge_note *note, cib_merge_keep keep);

#endif
