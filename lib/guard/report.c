/* Saying what is refused, and who is asking. */
#include "guard/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Names come from elsewhere: one line, nothing that moves a cursor. */
static void add_label(cib_buf *out, const cib_oid *commit, const char *path)
{
	char hex[CIB_OID_HEX];
	if (commit) {
		cib_oid_hex(hex, commit);
		cib_buf_add(out, hex, 12);
	}
	if (commit && path)
		cib_buf_addc(out, ':');
	if (!path)
		return;
	size_t start = out->len, len = strlen(path);
	cib_buf_add_clean(out, path, len < 400 ? len : 400);
	for (size_t i = start; i < out->len; i++)
		if (out->data[i] == '\n' || out->data[i] == '\t')
			out->data[i] = '?';
	if (len > 400)
		cib_buf_adds(out, "...");
}

int enough(const judge *j)
{
	return !j->all && j->findings->errors - j->before >= ENOUGH ? STOP : CIB_OK;
}

int refuse(judge *j, const char *code, const cib_oid *commit, const char *path, const char *hint, const char *fmt, ...)
{
	cib_buf file = CIB_BUF_INIT, message = CIB_BUF_INIT;
	va_list ap;
	add_label(&file, j->all ? NULL : commit, path);
	va_start(ap, fmt);
	cib_buf_vaddf(&message, cib_gettext(fmt), ap);
	va_end(ap);
	cib_findings_add(j->findings, &(cib_finding){
					      .severity = CIB_ERROR,
					      .file = file.len ? file.data : NULL,
					      .keyword = (char *)(uintptr_t) "network",
					      .code = (char *)(uintptr_t)code,
					      .message = message.data,
					      .hint = (char *)(uintptr_t)(hint ? cib_gettext(hint) : NULL),
				      });
	cib_buf_free(&file);
	cib_buf_free(&message);
	return enough(j);
}

int refuse_purged(judge *j, const cib_oid *commit)
{
	return refuse(j, "guard.purged", commit, NULL, N_("cib sync brings your copy over, with what you have not sent yet; with git alone: clone anew"),
	              N_("this is of a history that was purged: it holds personal data"));
}

int refuse_store(judge *j, int status, const cib_oid *commit, const char *path)
{
	if (status != CIB_FINDINGS)
		return status;
	cib_error err = j->err ? *j->err : (cib_error)CIB_ERROR_INIT;
	refuse(j, err.code[0] ? err.code : "guard.malformed", commit, path, N_("make the commit anew with cib or git"), "%s",
	       err.message[0] ? err.message : _("the objects are malformed"));
	cib_error_clear(j->err);
	return STOP; /* what lies behind a malformed object cannot be walked */
}

void name_commit(judge *j, size_t first, const cib_oid *commit)
{
	for (size_t i = first; i < j->findings->count && !j->all; i++) {
		cib_finding *f = &j->findings->items[i];
		cib_buf file = CIB_BUF_INIT;
		add_label(&file, commit, f->file);
		free(f->file);
		f->file = cib_buf_take(&file);
	}
}

const char *cib_guard_user(void)
{
	static const char *const names[] = {"CIB_USER", "GL_USER", "GL_USERNAME", "REMOTE_USER", "GITEA_PUSHER_NAME"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *user = getenv(names[i]);
		if (user && *user)
			return user;
	}
	return NULL;
}
