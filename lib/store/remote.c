/* One operation with another repository: connect, trust, progress, words; and the list of its references. Fetch and push
 * have their own files; what went wrong is told in remote_error.c. */
#include "store/remote.h"
#include "store/proxy.h"

#include <stdlib.h>

static const cib_remote_options default_options;

int remote_op_timeout(const remote_op *op)
{
	const char *own = getenv("CIB_TIMEOUT");
	int seconds = op->options->timeout_s > 0 ? op->options->timeout_s : own ? atoi(own)
	                                                                        : 0;
	return seconds > 0 && seconds < 86400 ? seconds : 60;
}

uint64_t remote_op_most(const remote_op *op)
{
	return op->options->max_bytes ? op->options->max_bytes : (uint64_t)4 << 30;
}

/* ---- what the server says ---- */

static void hear_line(remote_op *op)
{
	cib_buf clean = CIB_BUF_INIT;
	cib_buf_add_clean(&clean, cib_buf_str(&op->line), op->line.len);
	while (clean.len && (clean.data[clean.len - 1] == ' ' || clean.data[clean.len - 1] == '\n'))
		clean.data[--clean.len] = '\0';
	cib_buf_clear(&op->line);
	if (clean.len) {
		if (op->words.len < 8192)
			cib_buf_addf(&op->words, "%s%s", op->words.len ? "\n" : "", clean.data);
		if (op->options->remote_line)
			op->options->remote_line(clean.data, op->options->payload);
	}
	cib_buf_free(&clean);
}

void remote_op_hear(remote_op *op, const char *data, size_t len, bool last)
{
	for (size_t i = 0; i < len; i++) {
		if (data[i] == '\n' || data[i] == '\r' || op->line.len >= 4096)
			hear_line(op);
		if (data[i] != '\n' && data[i] != '\r')
			cib_buf_addc(&op->line, data[i]);
	}
	if (last && op->line.len)
		hear_line(op);
}

/* ---- progress ---- */

int remote_op_tell(remote_op *op, const char *phase)
{
	op->progress.phase = phase;
	if (!op->options->progress || op->options->progress(&op->progress, op->options->payload) == 0)
		return 0;
	op->cancelled = true;
	return GIT_EUSER;
}

/* ---- trust ---- */

static int on_certificate(git_cert *certificate, int valid, const char *host, void *payload)
{
	remote_op *op = payload;
	(void)certificate, (void)host;
	if (valid)
		return 0;
	op->bad_certificate = true;
	return GIT_ECERTIFICATE;
}

/* ---- one operation ---- */

/* The URL as messages may show it. */
static char *without_password(const char *url)
{
	const char *scheme = strstr(url, "://"), *at = scheme ? strchr(scheme + 3, '@') : NULL;
	const char *slash = scheme ? strchr(scheme + 3, '/') : NULL, *colon = scheme ? strchr(scheme + 3, ':') : NULL;
	cib_buf out = CIB_BUF_INIT;
	if (at && colon && colon < at && (!slash || at < slash)) {
		cib_buf_add_clean(&out, url, (size_t)(colon - url));
		cib_buf_add_clean(&out, at, strlen(at));
	} else {
		cib_buf_add_clean(&out, url, strlen(url));
	}
	return cib_buf_take(&out);
}

/* The authorities that are trusted: ours, or as git and others name them. */
static const char *ca_file(const remote_op *op)
{
	static const char *const names[] = {"CIB_CA_FILE", "GIT_SSL_CAINFO", "SSL_CERT_FILE"};
	const char *file = op->options->ca_file;
	for (size_t i = 0; !(file && *file) && i < sizeof names / sizeof *names; i++)
		file = getenv(names[i]);
	return file && *file ? file : NULL;
}

static int prepare_web(remote_op *op, const char *url, cib_error *err)
{
	const char *authorities = ca_file(op);
	bool secure = strncasecmp(url, "https://", 8) == 0;
	if (secure && authorities && git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, authorities, NULL)) {
		int status = cib_error_set(err, CIB_USAGE, "remote.ca-file", "cannot read certificates from %s", authorities);
		cib_error_hint(err, "CIB_CA_FILE, GIT_SSL_CAINFO or SSL_CERT_FILE names a file with the authority's certificate in PEM form");
		return status;
	}
	int status = remote_proxy_find(&op->proxy, url, err);
	if (status == CIB_OK && op->proxy && !secure)
		cib_tcp_proxy(&op->manner, op->proxy, url);
	return status;
}

static int on_signal(void *payload)
{
	remote_op *op = payload;
	return remote_op_tell(op, op->progress.phase);
}

int remote_op_open(remote_op *op, const char *url, const cib_remote_options *options, cib_error *err)
{
	cib_store_setup();
	*op = (remote_op){.options = options ? options : &default_options, .address = url, .child_status = -1};
	int status = remote_url_parse(&op->url, url, err);
	if (status != CIB_OK)
		return status;
	op->text = without_password(url);
	op->manner = (cib_tcp_manner){.timeout_s = remote_op_timeout(op), .stop = on_signal, .payload = op};
	if (op->url.kind == URL_HTTP)
		status = prepare_web(op, url, err);
	if (status != CIB_OK)
		return status;
	git_remote_create_options create;
	git_remote_create_options_init(&create, GIT_REMOTE_CREATE_OPTIONS_VERSION);
	/* The address that was given is the one that is used, whatever url.*.insteadOf says (and libgit2
	 * 1.5 leaks 20 KB for each setting it compares with that pattern). */
	create.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
	int rc = git_remote_create_with_opts(&op->remote, url, &create);
	return rc ? cib_store_git_error(err, rc, "remote.url", N_("cannot use the address %s"), op->text) : CIB_OK;
}

void remote_op_close(remote_op *op)
{
	git_remote_free(op->remote);
	cib_tcp_manner_clear(&op->manner);
	remote_credentials_forget(op);
	free(op->proxy);
	remote_url_clear(&op->url);
	free((char *)(uintptr_t)op->text);
	cib_buf_free(&op->line);
	cib_buf_free(&op->words);
	cib_buf_free(&op->child_words);
	free(op->push_ref);
	free(op->push_reason);
}

int remote_op_connect(remote_op *op, git_direction direction)
{
	char version[] = "Git-Protocol: version=2", *headers[] = {version};
	git_remote_connect_options options;
	git_remote_connect_options_init(&options, GIT_REMOTE_CONNECT_OPTIONS_VERSION);
	options.callbacks.credentials = remote_credentials;
	options.callbacks.certificate_check = on_certificate;
	options.callbacks.transport = wire_transport;
	options.callbacks.payload = op;
	bool tunnel = op->proxy && !op->manner.proxy_host;
	options.proxy_opts.type = tunnel ? GIT_PROXY_SPECIFIED : GIT_PROXY_NONE;
	options.proxy_opts.url = tunnel ? op->proxy : NULL;
	cib_tcp_behave(&op->manner);
	options.follow_redirects = GIT_REMOTE_REDIRECT_NONE; /* credentials go where the user said */
	if (direction == GIT_DIRECTION_FETCH)
		options.custom_headers = (git_strarray){headers, 1};
	int rc = remote_op_tell(op, N_("connecting"));
	return rc ? rc : git_remote_connect_ext(op->remote, direction, &options);
}

int remote_op_end(remote_op *op, int rc, const char *verb, cib_error *err)
{
	git_error saved = {NULL, 0};
	char *text = NULL;
	if (rc && git_error_last()) {
		saved = *git_error_last();
		text = cib_strdup(saved.message);
	}
	git_remote_free(op->remote);
	op->remote = NULL;
	remote_op_hear(op, NULL, 0, true);
	if (op->user && rc == 0)
		remote_credentials_told(op, true);
	int status = CIB_OK;
	if (rc) {
		git_error_clear();
		if (text)
			git_error_set_str(saved.klass, text);
		status = remote_op_error(op, rc, verb, err);
	}
	free(text);
	return status;
}

int cib_store_remote_refs(const char *url, const cib_remote_options *options, cib_ref_cb cb, void *payload, cib_error *err)
{
	remote_op op;
	int status = remote_op_open(&op, url, options, err), stopped = CIB_OK;
	if (status == CIB_OK) {
		int rc = remote_op_connect(&op, GIT_DIRECTION_FETCH);
		if (rc == 0 && options->filters)
			*options->filters = wire_can(op.wire, "filter");
		for (size_t i = 0; rc == 0 && stopped == CIB_OK && i < op.wire->ref_count; i++) {
			int valid = 0; /* names from elsewhere become names here: only those that can */
			const wire_ref *ref = &op.wire->refs[i];
			if (git_reference_name_is_valid(&valid, ref->name) == 0 && valid)
				stopped = cb(ref->name, &ref->oid, payload);
		}
		status = remote_op_end(&op, rc, N_("reach"), err);
	}
	remote_op_close(&op);
	return status == CIB_OK ? stopped : status;
}
