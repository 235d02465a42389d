/* The files of schema/ as they stand in the binary (see cmake/embed.cmake). */
#ifndef CIB_EMBEDDED_H
#define CIB_EMBEDDED_H

typedef struct {
	const char *path; /* relative to schema/, e.g. "project.schema.json" or "codelists/themes.json" */
	const char *begin, *end;
} cib_embedded_file;

extern const cib_embedded_file cib_embedded_files[]; /* ends with a NULL path */

#endif
