/* What the files of the printer of findings share: a format is a row of functions. */
#ifndef CIB_FINDINGS_PRIVATE_H
#define CIB_FINDINGS_PRIVATE_H

#include "findings_print.h"

#include <time.h>

typedef struct {
	const char *name;
	void (*add)(cib_printer *p, const char *name, const cib_finding *findings, size_t count);
	void (*end)(cib_printer *p, bool complete); /* NULL: nothing to write */
} cib_printer_format;

struct cib_printer {
	const cib_printer_format *format;
	FILE *out;
	bool commits;
	cib_buf body;  /* of formats that begin with a total, or are one document */
	cib_buf aside; /* junit: warnings and advice */
	char **rules;  /* sarif: the codes met, in order; a result names its rule by the place */
	size_t rule_count, rule_cap;
	size_t things, failures;
	uint64_t *seen; /* fingerprints that were given, so that no two are the same */
	size_t seen_count, seen_size;
	struct timespec begin;
};

/* Where a finding is: the commit ("" when none is said) and the path in the repository, never empty. What concerns no file, a
 * reference or a message, is said of network.json: code hosts show nothing that has no file. */
typedef struct {
	char commit[13];
	const char *path;
	bool no_file;
} cib_finding_place;
cib_finding_place cib_finding_where(const cib_printer *p, const cib_finding *f);

/* "Title: message (hint)", for one that reads it far from the file. */
void cib_finding_sentence(cib_buf *out, const cib_printer *p, const cib_finding *f);
/* A name for a finding that stays when lines move: 40 hex digits, another for each of several that are alike. */
void cib_finding_fingerprint(char out[41], cib_printer *p, const cib_finding *f);

extern const cib_printer_format cib_print_sarif, cib_print_junit, cib_print_gitlab;

#endif
