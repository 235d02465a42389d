/* purge - taking personal data out of the history of a central repository, for the day on which it got in all the same.
 *
 * Runs on the server, by who may write the repository's files. Every version of a file that holds the text, or is named, is
 * taken out of every commit of every branch; the commits after it are made anew. main gets one commit more: network.json
 * "purged", an epoch later, with the ids of what is never taken again. Copies notice at their next sync and come over. */
#ifndef CIB_PURGE_H
#define CIB_PURGE_H

#include "network/network.h"

typedef struct {
	const char *user;   /* of the secretariat, in whose name */
	const char *key;    /* SSH key that signs the commit; NULL: none */
	const char *reason; /* for everybody to read; without the data */
	const char *text;   /* every version that holds it; NULL: only what is named */
	size_t text_len;
	const cib_oid *blobs; /* versions, by their ids */
	size_t blob_count;
	void (*asking)(const char *key); /* before the key's passphrase is asked for, at the terminal; NULL: nobody may be asked */
	bool drop;                       /* also where a branch still has it as it is now: the file goes there */
	bool dry_run;                    /* say what would be done */
} cib_purge_options;

typedef struct {
	size_t versions, commits, branches; /* taken out; made anew; moved */
	size_t epoch;                       /* of the network now */
	cib_findings found;                 /* each version: file is a path it has, or branch:path where a branch still has it */
} cib_purge_report;

/* CIB_NOTFOUND when nothing holds it; CIB_FINDINGS when branches still have it (found) and may not drop it; CIB_BUSY when
 * somebody pushed meanwhile: do it again. Can be repeated after any interruption. */
int cib_purge(cib_store *store, const cib_purge_options *options, cib_purge_report *report, cib_error *err);
void cib_purge_report_clear(cib_purge_report *report);

#endif
