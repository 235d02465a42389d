/* What the folder is on its way to. When a merge moves the branch, the working files are still those of the commit
 * before; a process that is killed in between would leave a folder that looks as if this person had taken back what came
 * in. So the way is written down first, in <git dir>/cib/journal, and whoever comes next goes it to the end:
 *
 *   checkout <before> <after>          from one commit to the next
 *   follow <member> <before>           to the organisation's new name (follow.c); member: the old one
 *
 * Both can be gone twice: a file that is there already is left, one that was edited meanwhile is merged. */
#include "sync/private.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *file_name(const cib_workspace *ws)
{
	return cib_format("%s/cib/journal", cib_store_git_dir(ws->store));
}

static int write_line(const cib_workspace *ws, const char *what, const char *first, const cib_oid *second, cib_error *err)
{
	char hex[CIB_OID_HEX];
	char *file = file_name(ws);
	cib_oid_hex(hex, second);
	char *line = cib_format("%s %s %s\n", what, first, hex);
	int status = cib_file_write(file, line, strlen(line), err);
	free(file);
	free(line);
	return status;
}

int cib_journal_checkout(const cib_workspace *ws, const cib_oid *before, const cib_oid *after, cib_error *err)
{
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, before);
	return write_line(ws, "checkout", hex, after, err);
}

int cib_journal_follow(const cib_workspace *ws, const char *member, const cib_oid *before, cib_error *err)
{
	return write_line(ws, "follow", member, before, err);
}

int cib_journal_done(const cib_workspace *ws, cib_error *err)
{
	char *file = file_name(ws);
	int status = cib_file_remove(file, err);
	free(file);
	return status;
}

bool cib_journal_open(const cib_workspace *ws)
{
	char *file = file_name(ws);
	bool open = access(file, F_OK) == 0;
	free(file);
	return open;
}

int cib_journal_finish(cib_workspace *ws, cib_sync_report *report, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	cib_oid before, after;
	char *file = file_name(ws), *rest = NULL;
	int status = cib_file_read(&text, file, 4096, err);
	free(file);
	if (status == CIB_NOTFOUND || status != CIB_OK) {
		cib_buf_free(&text);
		if (status == CIB_NOTFOUND)
			cib_error_clear(err);
		return status == CIB_NOTFOUND ? CIB_OK : status;
	}
	const char *what = strtok_r(text.data, " \n", &rest), *first = strtok_r(NULL, " \n", &rest), *second = strtok_r(NULL, " \n", &rest);
	/* The way to a commit that the branch never reached, or has left by other means, is no longer to be gone. */
	if (what && second && strcmp(what, "checkout") == 0 && cib_oid_parse(&before, first) && cib_oid_parse(&after, second) && cib_oid_equal(&after, &ws->tip))
		status = cib_checkout(ws, &before, report, err);
	else if (what && second && strcmp(what, "follow") == 0 && ws->member && strcmp(first, ws->member) != 0 && cib_oid_parse(&before, second))
		status = cib_follow_finish(ws, first, &before, report, err);
	cib_buf_free(&text);
	return status == CIB_OK ? cib_journal_done(ws, err) : status;
}
