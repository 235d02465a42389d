/* What the files of `cib check` share. */
#ifndef CIB_CHECK_H
#define CIB_CHECK_H

#include "findings_print.h"

typedef struct {
	cib_printer *printer;
	bool quiet; /* machines read all of it: no last line */
	bool forms; /* instead of findings: a form of the JSON Schema specification */
	cib_schema_form form;
	int jobs;   /* files at once; 0: as many as there are processors */
	bool brief; /* for people, and many files: advice is counted, not printed */
	size_t files, bad, advice;
	cib_findings findings;
	int code; /* worst so far */
} cib_checking;

/* One file or entry was checked, and that was found in it: print it and count it; `wrong`: as one with errors whatever was found. */
void cib_check_take(cib_checking *c, const char *name, const cib_finding *findings, size_t count, bool wrong);
int cib_check_finish(cib_checking *c); /* the last line; returns the exit code */

/* check_files.c: a file as it is; of a folder every *.json below it, in order of names; hidden ones are passed over. */
typedef int (*cib_file_cb)(const char *path, void *payload); /* an exit code; 0 goes on */
int cib_each_file(const char *path, bool named, cib_file_cb cb, void *payload);

/* check_schema.c: any JSON by any schema. */
int cib_check_by_schema(cib_checking *c, const char *schema, const char *schemas, const cib_words *files);

/* check_range.c: the commits of a range, by the guard. */
typedef struct {
	const char *range;                /* "A..B" */
	const char *user, *branch, *main; /* NULL: not said */
} cib_range_options;
int cib_check_range(cib_checking *c, const cib_range_options *options);

#endif
