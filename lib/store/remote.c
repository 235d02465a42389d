/* Talking to another repository: list, fetch, push. What went wrong is told in remote_error.c. */
#include "store/remote.h"
#include "store/tcp.h"

#include <stdlib.h>

static const cib_remote_options default_options;

int remote_op_timeout(const remote_op *op)
{
	return op->options->timeout_s > 0 ? op->options->timeout_s : 60;
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

static int on_sideband(const char *data, int len, void *payload)
{
	remote_op_hear(payload, data, (size_t)(len > 0 ? len : 0), false);
	return 0;
}

/* ---- progress ---- */

static int tell(remote_op *op, const char *phase)
{
	op->progress.phase = phase;
	if (!op->options->progress || op->options->progress(&op->progress, op->options->payload) == 0)
		return 0;
	op->cancelled = true;
	return GIT_EUSER;
}

static int on_transfer(const git_indexer_progress *stats, void *payload)
{
	remote_op *op = payload;
	op->progress.bytes_in = stats->received_bytes;
	op->progress.objects = stats->received_objects;
	op->progress.objects_total = stats->total_objects;
	if (op->options->max_bytes && stats->received_bytes > op->options->max_bytes) {
		op->too_large = true;
		return GIT_EUSER;
	}
	return tell(op, "receiving");
}

static int on_pack(int stage, uint32_t current, uint32_t total, void *payload)
{
	remote_op *op = payload;
	(void)stage;
	op->progress.objects = current;
	op->progress.objects_total = total;
	return tell(op, "counting");
}

static int on_sending(unsigned current, unsigned total, size_t bytes, void *payload)
{
	remote_op *op = payload;
	op->progress.bytes_out = bytes;
	op->progress.objects = current;
	op->progress.objects_total = total;
	return tell(op, "sending");
}

/* ---- trust ---- */

static int on_credentials(git_credential **out, const char *url, const char *user_of_url, unsigned allowed, void *payload)
{
	remote_op *op = payload;
	char *user = NULL, *password = NULL;
	if (op->credentials_asked++ || !(allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT))
		return GIT_EAUTH; /* what was given was refused */
	if (op->options->credentials) {
		if (op->options->credentials(&user, &password, url, op->options->payload)) {
			free(user);
			free(password);
			return GIT_EAUTH;
		}
	} else {
		const char *name = getenv("CIB_HTTP_USER");
		user = cib_strdup(name && *name ? name : user_of_url);
		password = cib_strdup(getenv("CIB_HTTP_PASSWORD"));
	}
	int rc = user ? git_credential_userpass_plaintext_new(out, user, password ? password : "") : GIT_EAUTH;
	free(user);
	free(password);
	return rc;
}

static int on_certificate(git_cert *certificate, int valid, const char *host, void *payload)
{
	remote_op *op = payload;
	(void)certificate, (void)host;
	if (valid)
		return 0;
	op->bad_certificate = true;
	return GIT_ECERTIFICATE;
}

/* ---- push results ---- */

static const char *const behind_words[] = {"non-fast-forward", "fetch first", "failed to update ref", "cannot lock ref",
                                           "failed to lock", "stale info", "already exists", "reference has changed",
                                           "incorrect old value"};

static int on_update(const char *ref, const char *reason, void *payload)
{
	remote_op *op = payload;
	if (!reason)
		return 0;
	bool behind = false;
	for (size_t i = 0; i < sizeof behind_words / sizeof *behind_words; i++)
		behind = behind || strstr(reason, behind_words[i]);
	if (op->push_status == CIB_OK || (op->behind && !behind)) { /* a refusal outweighs a race */
		free(op->push_ref);
		free(op->push_reason);
		op->push_ref = cib_strdup(ref);
		op->push_reason = cib_strdup(reason);
		op->behind = behind;
	}
	op->push_status = CIB_REFUSED;
	return 0;
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

static int op_open(remote_op *op, git_remote **remote, cib_store *store, const char *url, const cib_remote_options *options, cib_error *err)
{
	cib_store_setup();
	*op = (remote_op){.options = options ? options : &default_options, .child_status = -1};
	int status = remote_url_parse(&op->url, url, err);
	if (status != CIB_OK)
		return status;
	op->text = without_password(url);
	cib_tcp_set_timeout(remote_op_timeout(op));
	const char *ca_file = op->options->ca_file ? op->options->ca_file : getenv("CIB_CA_FILE");
	if (op->url.kind == URL_HTTP && ca_file && *ca_file && git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, ca_file, NULL))
		return cib_error_set(err, CIB_USAGE, "remote.ca-file", "cannot read certificates from %s", ca_file);
	git_remote_create_options create;
	git_remote_create_options_init(&create, GIT_REMOTE_CREATE_OPTIONS_VERSION);
	create.repository = store ? store->repo : NULL;
	/* The address that was given is the one that is used, whatever url.*.insteadOf says (and libgit2
	 * 1.5 leaks 20 KB for each setting it compares with that pattern). */
	create.flags = GIT_REMOTE_CREATE_SKIP_INSTEADOF | GIT_REMOTE_CREATE_SKIP_DEFAULT_FETCHSPEC;
	int rc = git_remote_create_with_opts(remote, url, &create);
	return rc ? cib_store_git_error(err, rc, "remote.url", "cannot use the address %s", op->text) : CIB_OK;
}

static void op_close(remote_op *op)
{
	remote_url_clear(&op->url);
	free((char *)op->text);
	cib_buf_free(&op->line);
	cib_buf_free(&op->words);
	cib_buf_free(&op->child_words);
	free(op->push_ref);
	free(op->push_reason);
}

static void set_callbacks(git_remote_callbacks *callbacks, remote_op *op)
{
	callbacks->sideband_progress = on_sideband;
	callbacks->credentials = on_credentials;
	callbacks->certificate_check = on_certificate;
	callbacks->transfer_progress = on_transfer;
	callbacks->pack_progress = on_pack;
	callbacks->push_transfer_progress = on_sending;
	callbacks->push_update_reference = on_update;
	if (op->url.kind != URL_HTTP)
		callbacks->transport = remote_process_transport;
	callbacks->payload = op;
}

static int op_connect(remote_op *op, git_remote *remote, git_direction direction)
{
	git_remote_connect_options options;
	git_remote_connect_options_init(&options, GIT_REMOTE_CONNECT_OPTIONS_VERSION);
	set_callbacks(&options.callbacks, op);
	options.proxy_opts.type = GIT_PROXY_AUTO;
	options.follow_redirects = GIT_REMOTE_REDIRECT_NONE; /* credentials go where the user said */
	int rc = tell(op, "connecting");
	return rc ? rc : git_remote_connect_ext(remote, direction, &options);
}

/* After the last use of `remote`: freeing it ends the process, whose last words explain a failure. */
static int op_end(remote_op *op, git_remote *remote, int rc, const char *verb, cib_error *err)
{
	git_error saved = {NULL, 0};
	char *text = NULL;
	if (rc && git_error_last()) {
		saved = *git_error_last();
		text = cib_strdup(saved.message);
	}
	git_remote_free(remote);
	remote_op_hear(op, NULL, 0, true);
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
	git_remote *remote = NULL;
	const git_remote_head **heads = NULL;
	size_t count = 0;
	int status = op_open(&op, &remote, NULL, url, options, err), stopped = CIB_OK;
	if (status == CIB_OK) {
		int rc = op_connect(&op, remote, GIT_DIRECTION_FETCH);
		if (rc == 0)
			rc = git_remote_ls(&heads, &count, remote);
		for (size_t i = 0; rc == 0 && stopped == CIB_OK && i < count; i++) {
			cib_oid oid;
			int valid = 0; /* names from elsewhere become names here: only those that can */
			from_git(&oid, &heads[i]->oid);
			if (git_reference_name_is_valid(&valid, heads[i]->name) == 0 && valid)
				stopped = cb(heads[i]->name, &oid, payload);
		}
		status = op_end(&op, remote, rc, "reach", err);
	}
	op_close(&op);
	return status == CIB_OK ? stopped : status;
}

/* ---- fetch ---- */

static const git_remote_head *find_head(const git_remote_head **heads, size_t count, const char *name)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(heads[i]->name, name) == 0)
			return heads[i];
	return NULL;
}

typedef struct {
	char **specs; /* for libgit2: only what the server has and we want */
	cib_oid *ids; /* per spec of the caller; zero: the server lacks it */
	size_t wanted;
} wishes;

static int list_wishes(wishes *w, git_remote *remote, cib_store *store, const cib_refspec *specs, size_t count)
{
	const git_remote_head **heads = NULL;
	size_t head_count = 0;
	int rc = git_remote_ls(&heads, &head_count, remote);
	for (size_t i = 0; rc == 0 && i < count; i++) {
		const git_remote_head *head = find_head(heads, head_count, specs[i].from);
		if (!head)
			continue;
		from_git(&w->ids[i], &head->oid);
		if (!git_odb_exists(store->odb, &head->oid))
			w->specs[w->wanted++] = cib_format("+%s:%s", specs[i].from, specs[i].to);
	}
	return rc;
}

static int download(remote_op *op, git_remote *remote, wishes *w)
{
	if (!w->wanted)
		return 0;
	git_fetch_options options;
	git_fetch_options_init(&options, GIT_FETCH_OPTIONS_VERSION);
	set_callbacks(&options.callbacks, op);
	options.proxy_opts.type = GIT_PROXY_AUTO;
	options.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
	options.download_tags = GIT_REMOTE_DOWNLOAD_TAGS_NONE;
	options.update_fetchhead = 0;
	git_strarray array = {w->specs, w->wanted};
	return git_remote_download(remote, &array, &options);
}

/* The references move after all objects are there and durable. */
static int move_refs(cib_store *store, const wishes *w, const cib_refspec *specs, size_t count, cib_error *err)
{
	int status = CIB_OK;
	for (size_t i = 0; status == CIB_OK && i < count; i++) {
		cib_oid now;
		bool exists = cib_store_ref_get(&now, store, specs[i].to, NULL) == CIB_OK;
		if (cib_oid_is_zero(&w->ids[i]))
			status = exists ? cib_store_ref_delete(store, specs[i].to, err) : CIB_OK;
		else if (!exists || !cib_oid_equal(&now, &w->ids[i]))
			status = cib_store_ref_set(store, specs[i].to, &w->ids[i], NULL, err);
	}
	return status;
}

int cib_store_fetch(cib_store *store, const char *url, const cib_refspec *specs, size_t count, const cib_remote_options *options,
                    cib_error *err)
{
	remote_op op;
	git_remote *remote = NULL;
	wishes w = {.specs = cib_alloc((count + 1) * sizeof *w.specs), .ids = cib_alloc((count + 1) * sizeof *w.ids)};
	int status = op_open(&op, &remote, store, url, options, err);
	if (status == CIB_OK) {
		int rc = op_connect(&op, remote, GIT_DIRECTION_FETCH);
		if (rc == 0)
			rc = list_wishes(&w, remote, store, specs, count);
		if (rc == 0)
			rc = download(&op, remote, &w);
		status = op_end(&op, remote, rc, "fetch from", err);
	}
	if (status == CIB_OK)
		status = move_refs(store, &w, specs, count, err);
	while (w.wanted)
		free(w.specs[--w.wanted]);
	free(w.specs);
	free(w.ids);
	op_close(&op);
	return status;
}

/* ---- push ---- */

int cib_store_push(cib_store *store, const char *url, const cib_refspec *specs, size_t count, const cib_remote_options *options,
                   cib_error *err)
{
	remote_op op;
	git_remote *remote = NULL;
	char **list = cib_alloc((count + 1) * sizeof *list);
	for (size_t i = 0; i < count; i++)
		list[i] = cib_format("%s:%s", specs[i].from, specs[i].to);
	int status = op_open(&op, &remote, store, url, options, err);
	if (status == CIB_OK) {
		int rc = op_connect(&op, remote, GIT_DIRECTION_PUSH);
		if (rc == 0) {
			git_push_options push;
			git_push_options_init(&push, GIT_PUSH_OPTIONS_VERSION);
			set_callbacks(&push.callbacks, &op);
			push.proxy_opts.type = GIT_PROXY_AUTO;
			push.follow_redirects = GIT_REMOTE_REDIRECT_NONE;
			push.pb_parallelism = 1;
			git_strarray array = {list, count};
			rc = git_remote_push(remote, &array, &push);
		}
		if (rc == 0 && op.push_status != CIB_OK)
			rc = GIT_ERROR;
		status = op_end(&op, remote, rc, "push to", err);
	}
	for (size_t i = 0; i < count; i++)
		free(list[i]);
	free(list);
	op_close(&op);
	return status;
}
