/* editor - a text in the person's editor, kept on the disk until it is taken in: what an interrupted edit wrote is taken up again. */
#ifndef CIB_CMD_EDITOR_H
#define CIB_CMD_EDITOR_H

#include "cmd.h"

#define CIB_EDIT_PART '#' /* begins the "path" of a text that is no entry */

typedef struct {
	cib_workspace *ws;
	cib_buf base;  /* what the text was made from */
	bool again;    /* it is the text of an edit that was interrupted */
	bool given_up; /* the editor ended with an error, as a person lets it who wants nothing changed */
	char *name, *file, *base_file;
	cib_lock *lock;
} cib_editing;

/* Put `text` where the editor finds it, as the text of `path` (from the copy's root); an interrupted edit's text of the same name and path comes into *text
 * instead. CIB_USAGE: there is no editor; CIB_BUSY: it is open in another one. The caller ends it in any case. */
int cib_edit_begin(cib_editing *out, cib_workspace *ws, const char *path, const char *name, cib_buf *text, cib_error *err);
/* Run the editor; *text is what came back. CIB_CANCELLED: it ended with an error, or broke off. */
int cib_edit_run(cib_editing *e, cib_buf *text, cib_error *err);
/* taken: the text is kept elsewhere, or nobody wants it. */
void cib_edit_end(cib_editing *e, bool taken);
/* The path (heap) of the entry whose edit by this name was interrupted; NULL: there is none. */
char *cib_edit_left(cib_workspace *ws, const char *name);
/* A line for each that nobody has open. */
void cib_edit_print_left(FILE *stream, cib_workspace *ws);

#endif
