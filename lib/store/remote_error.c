/* Why a remote operation failed, as a person and a caller need it: no network (wait), refused
 * (read what the server says), behind (fetch and retry), or a wrong address. */
#include "store/remote.h"

#include <stdlib.h>
#include <unistd.h>

static bool says(const char *text, const char *const *needles)
{
	for (; *needles; needles++)
		if (strcasestr(text, *needles))
			return true;
	return false;
}

/* What ssh or git said last, on one line. */
static char *child_words(const remote_op *op)
{
	cib_buf clean = CIB_BUF_INIT;
	cib_buf_add_clean(&clean, cib_buf_str(&op->child_words), op->child_words.len);
	while (clean.len && (clean.data[clean.len - 1] == '\n' || clean.data[clean.len - 1] == ' '))
		clean.data[--clean.len] = '\0';
	for (size_t i = 0; i < clean.len; i++)
		if (clean.data[i] == '\n')
			clean.data[i] = ' ';
	return clean.data ? cib_buf_take(&clean) : cib_strdup("no reason given");
}

static int missing_repository(const remote_op *op, cib_error *err)
{
	cib_error_set(err, CIB_USAGE, "remote.missing", "there is no repository at %s", op->text);
	cib_error_hint(err, "check the address; it may also be one that you may not read");
	return CIB_USAGE;
}

static int process_error(const remote_op *op, const char *verb, cib_error *err)
{
	static const char *const missing[] = {"does not appear to be a git repository", "not a git repository", "No such file or directory",
	                                      "repository not found", NULL};
	static const char *const host_key[] = {"Host key verification failed", "REMOTE HOST IDENTIFICATION HAS CHANGED", NULL};
	static const char *const denied[] = {"Permission denied", "Too many authentication failures", "dubious ownership", NULL};
	const char *raw = cib_buf_str(&op->child_words), *host = op->url.host ? op->url.host : "";
	char *text = child_words(op);
	int status;
	if (op->child_status == 127) {
		bool ssh = op->url.kind == URL_SSH;
		status = cib_error_set(err, CIB_USAGE, ssh ? "remote.no-ssh" : "remote.no-git", "cannot %s %s: %s", verb, op->text, text);
		cib_error_hint(err, ssh ? "install the program ssh here and git on the server, or use an https address"
		                        : "install the program git: it serves repositories in folders");
	} else if (op->silent) {
		status = cib_error_set(err, CIB_OFFLINE, "remote.timeout", "%s does not answer", op->text);
	} else if (op->url.kind == URL_LOCAL && access(op->url.path, F_OK) != 0) {
		status = cib_error_set(err, CIB_OFFLINE, "remote.missing", "there is no folder %s", op->url.path);
		cib_error_hint(err, "check the path, and that its disk is connected");
	} else if (says(raw, host_key)) {
		const char *name = strrchr(host, '@') ? strrchr(host, '@') + 1 : host;
		status = cib_error_set(err, CIB_REFUSED, "remote.host-key", "cannot %s %s: ssh does not know the server's key", verb, op->text);
		cib_error_hint(err, "ask who runs the server for its key's fingerprint, then log in once with: ssh%s%s %s (and compare); it is kept as %s",
		               op->url.port ? " -p " : "", op->url.port ? op->url.port : "", host, name);
	} else if (says(raw, denied)) {
		status = cib_error_set(err, CIB_REFUSED, "remote.credentials", "cannot %s %s: %s", verb, op->text, text);
		cib_error_hint(err, "check that your key is known to the server");
	} else if (op->url.kind == URL_SSH && op->child_status == 255) {
		status = cib_error_set(err, CIB_OFFLINE, "remote.offline", "cannot reach %s: %s", op->text, text);
	} else if (says(raw, missing)) {
		status = missing_repository(op, err);
	} else {
		status = cib_error_set(err, CIB_REFUSED, "remote.refused", "cannot %s %s: %s", verb, op->text, text);
	}
	free(text);
	return status;
}

static int push_error(const remote_op *op, cib_error *err)
{
	if (op->behind) {
		cib_error_set(err, CIB_REFUSED, "push.behind", "somebody was faster: %s has changed on the server", op->push_ref);
		cib_error_hint(err, "fetch, merge and push again");
		return CIB_REFUSED;
	}
	cib_buf reason = CIB_BUF_INIT;
	cib_buf_add_clean(&reason, op->push_reason, strlen(op->push_reason));
	cib_error_set(err, CIB_REFUSED, "push.refused", "%s", op->words.len ? op->words.data : cib_buf_str(&reason));
	if (op->words.len)
		cib_error_hint(err, "the server's reason for %s: %s", op->push_ref, cib_buf_str(&reason));
	cib_buf_free(&reason);
	return CIB_REFUSED;
}

/* libgit2 puts the status into the text only. */
static int http_status(const char *text)
{
	const char *at = strstr(text, "status code: ");
	return at ? atoi(at + 13) : 0;
}

static int http_error(const remote_op *op, int rc, const char *verb, const git_error *e, cib_error *err)
{
	static const char *const credentials[] = {"authentication required", "401", "request failed with status code: 401", NULL};
	static const char *const redirect[] = {"redirect", NULL};
	cib_buf clean = CIB_BUF_INIT;
	const char *raw = e && e->message ? e->message : "no reason given";
	cib_buf_add_clean(&clean, raw, strlen(raw));
	int code = http_status(raw), status;
	if (op->bad_certificate || rc == GIT_ECERTIFICATE) {
		status = cib_error_set(err, CIB_REFUSED, "remote.certificate", "the certificate of %s is not valid", op->text);
		cib_error_hint(err, "nothing was sent; if the server has a certificate of its own, name its authority's file in CIB_CA_FILE");
	} else if (rc == GIT_EAUTH || code == 401 || (op->credentials_asked && says(raw, credentials))) {
		status = cib_error_set(err, CIB_REFUSED, "remote.credentials", "%s asks for a user and a password%s", op->text,
		                       op->credentials_asked ? ", and refuses what it was given" : "");
		cib_error_hint(err, "give them in CIB_HTTP_USER and CIB_HTTP_PASSWORD");
	} else if (code == 403) {
		status = cib_error_set(err, CIB_REFUSED, "remote.forbidden", "%s forbids this", op->text);
	} else if (code == 404) {
		status = missing_repository(op, err);
	} else if (says(raw, redirect)) {
		status = cib_error_set(err, CIB_REFUSED, "remote.redirect", "%s points to another address, which is not followed", op->text);
		cib_error_hint(err, "ask who runs the server for the new address");
	} else if (code >= 500 || (e && (e->klass == GIT_ERROR_NET || e->klass == GIT_ERROR_SSL || e->klass == GIT_ERROR_OS))) {
		status = cib_error_set(err, CIB_OFFLINE, strstr(raw, "timeout") ? "remote.timeout" : "remote.offline", "cannot reach %s: %s", op->text,
		                       cib_buf_str(&clean));
	} else {
		status = cib_error_set(err, CIB_REFUSED, "remote.refused", "cannot %s %s: %s", verb, op->text, cib_buf_str(&clean));
	}
	cib_buf_free(&clean);
	return status;
}

int remote_op_error(remote_op *op, int rc, const char *verb, cib_error *err)
{
	static const char *const behind[] = {"contains commits that are not present locally", "non-fastforward", NULL};
	const git_error *e = git_error_last();
	const char *text = e && e->message ? e->message : "";
	if (op->too_large)
		return cib_error_set(err, CIB_REFUSED, "remote.too-large", "%s sends more than the %llu bytes that are allowed", op->text,
		                     (unsigned long long)op->options->max_bytes);
	if (op->cancelled)
		return cib_error_set(err, CIB_CANCELLED, "remote.cancelled", "stopped on request");
	if (op->push_status != CIB_OK)
		return push_error(op, err);
	if (rc == GIT_ENONFASTFORWARD || says(text, behind)) {
		cib_error_set(err, CIB_REFUSED, "push.behind", "somebody was faster: the branch has changed on the server");
		cib_error_hint(err, "fetch, merge and push again");
		return CIB_REFUSED;
	}
	if (strstr(text, "unpacking the sent packfile failed")) {
		cib_error_set(err, CIB_REFUSED, "push.refused", "the server does not take what was sent: %s",
		              op->words.len ? op->words.data : op->child_words.len ? cib_buf_str(&op->child_words) : "no reason given");
		return CIB_REFUSED;
	}
	if (e && (e->klass == GIT_ERROR_ODB || e->klass == GIT_ERROR_INDEXER || e->klass == GIT_ERROR_FILESYSTEM || e->klass == GIT_ERROR_REFERENCE ||
	          e->klass == GIT_ERROR_ZLIB || (e->klass == GIT_ERROR_OS && op->url.kind != URL_HTTP)))
		return cib_store_git_error(err, rc, "remote.local", "cannot %s %s", verb, op->text);
	return op->url.kind == URL_HTTP ? http_error(op, rc, verb, e, err) : process_error(op, verb, err);
}
