/* The network that the simulation plays in, before anything happened. */
#ifndef SIM_SCENE_H
#define SIM_SCENE_H

#include "sync/sync.h"

enum { PEOPLE = 5,
       SECRETARIAT = 3, /* the first of two; all before it are members' */
       SECOND = 4 };

extern const struct scene_person {
	const char *user, *member; /* member: NULL for the secretariat */
} people[PEOPLE];

const char *side_of(int who); /* the member, or "secretariat" */

/* Runs a command line by sh; the program ends where it fails. */
void shell(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Ends the program where `status` is not CIB_OK. */
void must(int status, const char *what, const cib_error *err);

/* A project's document, valid, with a title for now. */
cJSON *scene_project(const char *id, const char *owner);

/* A central repository (central.git) whose hook runs `program`, and a copy for each person, called by the name of the user, made in the folder
 * `work`. They find the server by ssh. Each member has some accepted entries,
 * which everybody has. */
void scene_make(const char *work, const char *program, const cib_sync_options *options);

#endif
