/* Making a new network: a central repository with its first main and the hook that guards it. */
#ifndef CIB_NETWORK_CREATE_H
#define CIB_NETWORK_CREATE_H

#include "base/base.h"

typedef struct {
	const char *title;            /* in the first language */
	const char *const *languages; /* BCP 47, the first is the network's own */
	size_t language_count;
	const char *secretariat;    /* user of the secretariat */
	const char *const *members; /* "m-andal:andal-1,andal-2": a member and its users */
	size_t member_count;
	const char *review;  /* "required" (NULL) or "none" */
	const char *program; /* absolute path of cib, for the hook */
	bool example;        /* with the entries of the example network, and a user "andal-1" for each of its members "m-andal" */
} cib_network_options;

/* `path` must not exist or be an empty folder. CIB_USAGE for names outside the grammar. What was begun and not finished, also
 * by a kill, has no main: nobody can join it or push to it, and the next call for that path removes it and begins anew. */
int cib_network_create(const char *path, const cib_network_options *options, cib_error *err);

/* Put the hook and the receiving configuration into a bare repository that holds a network already: after a restore, an
 * upgrade that moved `program`, or where another server made the repository. CIB_NOTFOUND, CIB_USAGE. */
int cib_network_guard(const char *path, const char *program, cib_error *err);

#endif
