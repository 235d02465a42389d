/* late - libraries that are opened when something is first needed of them.
 *
 * Linked in, libgit2, SQLite, libxml2 and libidn2 with all that they need in turn would cost every run of cib 3 to 5 MB of
 * memory and most of its time to start, also where nothing of them is called: a merge driver that Git runs for each file,
 * a check by a schema. So they are opened by dlopen, and their functions are called through a table. cmake/late.cmake
 * makes the table of a library from its list of functions (lib/<room>/<library>.functions) and the header
 * "late/<library>.h", after which the library's own names mean the table's entries. */
#ifndef CIB_LATE_H
#define CIB_LATE_H

#include "base/base.h"

typedef struct {
	const char *name; /* as the library exports it */
	size_t at;        /* where its address goes, in bytes from the table's start */
} cib_late_symbol;

typedef struct {
	const char *file, *package; /* what the loader looks for; what a package manager calls it */
	const cib_late_symbol *symbols;
	size_t count;
	void *table;
	int open; /* of late.c: read and written atomically */
} cib_late;

/* Before the first call of a library's function, from any thread; costs one read once it is open. CIB_USAGE with a hint when
 * the library, or one of the functions, is not there. */
int cib_late_open(cib_late *library, cib_error *err);
/* The same for what cannot go on without: says so and ends the process with exit code 70. */
void cib_late_need(cib_late *library);

#endif
