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

/* `path` must not exist or be an empty folder. CIB_USAGE for names outside the grammar; on failure what was
 * begun is left for inspection and never has a main, so the guard refuses every push to it. */
int cib_network_create(const char *path, const cib_network_options *options, cib_error *err);

/* Put the hook and the receiving configuration into a bare repository that holds a network already: after a restore, an
 * upgrade that moved `program`, or where another server made the repository. CIB_NOTFOUND, CIB_USAGE. */
int cib_network_guard(const char *path, const char *program, cib_error *err);

#endif
