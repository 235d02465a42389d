/* dialogue - what both sides say about an entry: threads on fields.
 *
 * The secretariat's comments stand in reviews/<member>/<id>.json on main, the staff's in members/<member>/comments/<id>.json;
 * they are one list for a reader. */
#ifndef CIB_REVIEW_DIALOGUE_H
#define CIB_REVIEW_DIALOGUE_H

#include "sync/sync.h"

typedef struct {
	char *id, *path;                       /* path: the field's identity path, "" the entry */
	char *text, *author, *date, *reply_to; /* reply_to: NULL when it begins a thread */
	bool by_secretariat;
	size_t depth; /* 0: begins a thread */
} cib_remark;
typedef struct {
	cib_remark *items;
	size_t count, cap;
} cib_dialogue;
/* All remarks, answers below what they answer, threads by date. Staff: with what is only in the working folder. */
int cib_dialogue_load(cib_dialogue *out, cib_workspace *ws, const char *member, const char *id, cib_error *err);
void cib_dialogue_clear(cib_dialogue *dialogue);
/* Say something (1 to CIB_REMARK_MAX bytes that are not all blank) about an entry or (pointer not "") a field of it, as an answer when reply_to is not NULL. Staff: a working
 * file, sent by the next sync; the secretariat: a commit on main. *made (heap) is the remark's id. */
enum { CIB_REMARK_MAX = 8000 };
int cib_dialogue_add(char **made, cib_workspace *ws, const char *entry_path, const char *pointer, const char *reply_to, const char *text, cib_error *err);

#endif
