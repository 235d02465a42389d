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
	const cib_buf *said = op->child_words.len ? &op->child_words : &op->words;
	cib_buf_add_clean(&clean, cib_buf_str(said), said->len);
	while (clean.len && (clean.data[clean.len - 1] == '\n' || clean.data[clean.len - 1] == ' '))
		clean.data[--clean.len] = '\0';
	for (size_t i = 0; i < clean.len; i++)
		if (clean.data[i] == '\n')
			clean.data[i] = ' ';
	return clean.data ? cib_buf_take(&clean) : cib_strdup(_("no reason given"));
}

static int missing_repository(const remote_op *op, cib_error *err)
{
	cib_error_set(err, CIB_USAGE, "remote.missing", "there is no repository at %s", op->text);
	cib_error_hint(err, "check the address; it may also be one that you may not read");
	return CIB_USAGE;
}

/* As ssh itself names the server in known_hosts, and the options that lead there: " -p PORT". */
static char *host_of(const remote_op *op)
{
	const char *at = op->url.host ? strrchr(op->url.host, '@') : NULL;
	return cib_strdup(at ? at + 1 : op->url.host);
}

static int unknown_host_key(const remote_op *op, const char *verb, cib_error *err)
{
	char *host = host_of(op), *port = op->url.port ? cib_format(" -p %s", op->url.port) : cib_strdup("");
	int status = cib_error_set(err, CIB_REFUSED, "remote.host-key", "cannot %s %s: ssh does not know the server's key", cib_gettext(verb), op->text);
	cib_error_hint(err, "ask who runs the server for its key's fingerprint, compare it with: ssh-keyscan%s %s | ssh-keygen -lf -\n"
	                    "and if it is the same: ssh-keyscan%s %s >>~/.ssh/known_hosts",
	               port, host, port, host);
	free(host);
	free(port);
	return status;
}

/* ssh says itself which line of which file is the old key's: "ssh-keygen -f FILE -R HOST". */
static int changed_host_key(const remote_op *op, const char *verb, cib_error *err)
{
	char *host = host_of(op), *said = cib_strdup(cib_buf_str(&op->child_words)), *line = strstr(said, "ssh-keygen -f ");
	int status = cib_error_set(err, CIB_REFUSED, "remote.host-key-changed",
	                           "cannot %s %s: the server has another key than before; somebody may be in between, and nothing was sent", cib_gettext(verb), op->text);
	if (line)
		line[strcspn(line, "\r\n")] = '\0';
	else
		line = host;
	cib_error_hint(err, "ask who runs the server whether its key was changed; only then forget the old one: %s%s", line == host ? "ssh-keygen -R " : "", line);
	free(host);
	free(said);
	return status;
}

static int process_error(const remote_op *op, const char *verb, cib_error *err)
{
	static const char *const missing[] = {"does not appear to be a git repository", "not a git repository", "No such file or directory",
	                                      "repository not found", NULL};
	static const char *const host_key[] = {"Host key verification failed", NULL};
	static const char *const changed_key[] = {"IDENTIFICATION HAS CHANGED", NULL};
	static const char *const denied[] = {"Permission denied", "Too many authentication failures", "dubious ownership", NULL};
	const char *raw = cib_buf_str(&op->child_words);
	char *text = child_words(op);
	int status;
	if (op->child_status == 127) {
		bool ssh = op->url.kind == URL_SSH;
		status = cib_error_set(err, CIB_USAGE, ssh ? "remote.no-ssh" : "remote.no-git", "cannot %s %s: %s", cib_gettext(verb), op->text, cib_gettext(text));
		cib_error_hint(err, ssh ? N_("install the program ssh here and git on the server, or use an https address")
		                        : N_("install the program git: it serves repositories in folders"));
	} else if (op->silent) {
		status = cib_error_set(err, CIB_OFFLINE, "remote.timeout", "%s does not answer", op->text);
	} else if (op->url.kind == URL_LOCAL && access(op->url.path, F_OK) != 0) {
		status = cib_error_set(err, CIB_OFFLINE, "remote.missing", "there is no folder %s", op->url.path);
		cib_error_hint(err, "check the path, and that its disk is connected");
	} else if (says(raw, changed_key)) {
		status = changed_host_key(op, verb, err);
	} else if (says(raw, host_key)) {
		status = unknown_host_key(op, verb, err);
	} else if (says(raw, denied)) {
		status = cib_error_set(err, CIB_REFUSED, "remote.credentials", "cannot %s %s: %s", cib_gettext(verb), op->text, cib_gettext(text));
		cib_error_hint(err, "check that your key is known to the server");
	} else if (op->url.kind == URL_SSH && op->child_status == 255) {
		status = cib_error_set(err, CIB_OFFLINE, "remote.offline", "cannot reach %s: %s", op->text, cib_gettext(text));
	} else if (says(raw, missing)) {
		status = missing_repository(op, err);
	} else {
		status = cib_error_set(err, CIB_REFUSED, "remote.refused", "cannot %s %s: %s", cib_gettext(verb), op->text, cib_gettext(text));
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
	static const char *const proxy_login[] = {"proxy auth", "status code: 407", "proxy requires", NULL};
	static const char *const redirect[] = {"redirect", NULL}, *const cut[] = {"unexpected EOF", "early EOF", "ended at an unexpected time", NULL};
	cib_buf clean = CIB_BUF_INIT;
	const char *raw = e && e->message ? e->message : _("no reason given");
	cib_buf_add_clean(&clean, raw, strlen(raw));
	int code = http_status(raw), status;
	if (op->proxy && says(raw, proxy_login)) {
		status = cib_error_set(err, CIB_REFUSED, "remote.proxy-login", "the proxy on the way to %s asks for a user and a password", op->text);
		cib_error_hint(err, "give them in the variable that names the proxy: http://USER:PASSWORD@HOST:PORT");
	} else if (op->bad_certificate || rc == GIT_ECERTIFICATE) {
		status = cib_error_set(err, CIB_REFUSED, "remote.certificate", "the certificate of %s is not valid", op->text);
		cib_error_hint(err, "nothing was sent; if the server has a certificate of its own, name its authority's file in CIB_CA_FILE");
	} else if (rc == GIT_EAUTH || code == 401 || (op->credentials_asked && says(raw, credentials))) {
		status = cib_error_set(err, CIB_REFUSED, "remote.credentials",
		                       op->credentials_asked ? N_("%s asks for a user and a password, and refuses what it was given") : N_("%s asks for a user and a password"), op->text);
		cib_error_hint(err, "give them in CIB_HTTP_USER and CIB_HTTP_PASSWORD, or to one of git's credential helpers");
	} else if (code == 403) {
		status = cib_error_set(err, CIB_REFUSED, "remote.forbidden", "%s forbids this", op->text);
	} else if (code == 404) {
		status = missing_repository(op, err);
	} else if (says(raw, redirect)) {
		status = cib_error_set(err, CIB_REFUSED, "remote.redirect", "%s points to another address, which is not followed", op->text);
		cib_error_hint(err, "ask who runs the server for the new address");
	} else if (code >= 500 || says(raw, cut) || (e && (e->klass == GIT_ERROR_NET || e->klass == GIT_ERROR_SSL || e->klass == GIT_ERROR_OS))) {
		status = cib_error_set(err, CIB_OFFLINE, strstr(raw, "timeout") ? "remote.timeout" : "remote.offline", "cannot reach %s: %s", op->text,
		                       cib_gettext(cib_buf_str(&clean)));
	} else {
		status = cib_error_set(err, CIB_REFUSED, "remote.refused", "cannot %s %s: %s", cib_gettext(verb), op->text, cib_gettext(cib_buf_str(&clean)));
	}
	cib_buf_free(&clean);
	return status;
}

int remote_op_error(remote_op *op, int rc, const char *verb, cib_error *err)
{
	static const char *const behind[] = {"contains commits that are not present locally", "non-fastforward", NULL};
	static const char *const floods[] = {"names too many references", NULL};
	const git_error *e = git_error_last();
	const char *text = e && e->message ? e->message : "";
	if (op->too_large)
		return cib_error_set(err, CIB_REFUSED, "remote.too-large", "%s sends more than the %llu bytes that are allowed", op->text,
		                     (unsigned long long)remote_op_most(op));
	if (op->cancelled || remote_op_tell(op, op->progress.phase)) /* Ctrl-C reaches ssh and git as well: they end first */
		return cib_error_set(err, CIB_CANCELLED, "remote.cancelled", "stopped on request");
	if (op->push_status != CIB_OK)
		return push_error(op, err);
	if (says(text, floods))
		return cib_error_set(err, CIB_REFUSED, "remote.too-large", "what %s says is not taken: %s", op->text, cib_gettext(text));
	if (rc == GIT_ENONFASTFORWARD || says(text, behind)) {
		cib_error_set(err, CIB_REFUSED, "push.behind", "somebody was faster: the branch has changed on the server");
		cib_error_hint(err, "fetch, merge and push again");
		return CIB_REFUSED;
	}
	if (strstr(text, "unpacking the sent packfile failed")) {
		cib_error_set(err, CIB_REFUSED, "push.refused", "the server does not take what was sent: %s",
		              op->words.len ? op->words.data : op->child_words.len ? cib_buf_str(&op->child_words)
		                                                                   : _("no reason given"));
		return CIB_REFUSED;
	}
	if (e && (e->klass == GIT_ERROR_ODB || e->klass == GIT_ERROR_INDEXER || e->klass == GIT_ERROR_FILESYSTEM || e->klass == GIT_ERROR_REFERENCE ||
	          e->klass == GIT_ERROR_ZLIB || (e->klass == GIT_ERROR_OS && op->url.kind != URL_HTTP)))
		return cib_store_git_error(err, rc, "remote.local", N_("cannot %s %s"), cib_gettext(verb), op->text);
	return op->url.kind == URL_HTTP ? http_error(op, rc, verb, e, err) : process_error(op, verb, err);
}
