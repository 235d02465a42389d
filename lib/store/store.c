/* Opening, making and locking repositories; libgit2's process-wide options. */
#include "store/gather.h"

#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <unistd.h>

#include "store/tcp.h"

/* libgit2's options are process-wide, so they are set once. No configuration but the repository's
 * own is read: what cib does must not depend on the account it runs under, and the templates,
 * filters and attributes that such files name stay unknown. Owner validation is off because a hook
 * may run under another account than the repository's owner; what it guards against (running
 * programs that a foreign configuration names) libgit2 does not do. */
static void setup_once(void)
{
	static const int levels[] = {GIT_CONFIG_LEVEL_PROGRAMDATA, GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG,
	                             GIT_CONFIG_LEVEL_GLOBAL};
	cib_late_need(&cib_git2_library);
	cib_store_setup_memory();
	git_libgit2_init();
	for (size_t i = 0; i < sizeof levels / sizeof *levels; i++)
		git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, levels[i], "");
	git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
	git_libgit2_opts(GIT_OPT_ENABLE_STRICT_HASH_VERIFICATION, 1);
	git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
	git_libgit2_opts(GIT_OPT_SET_ODB_PACKED_PRIORITY, 200); /* before loose.c's: what is packed costs no look into the folders of loose objects */
	/* Large folders are read again and again: keep their trees inflated (at most 64 MB in all). */
	git_libgit2_opts(GIT_OPT_SET_CACHE_OBJECT_LIMIT, GIT_OBJECT_TREE, (size_t)4 << 20);
	git_libgit2_opts(GIT_OPT_SET_CACHE_MAX_SIZE, (ssize_t)64 << 20);
	cib_tcp_register();
}

void cib_store_setup(void)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	pthread_once(&once, setup_once);
}

static int status_of(int rc, const git_error *e)
{
	switch (rc) {
	case GIT_ENOTFOUND:
		return CIB_NOTFOUND;
	case GIT_ELOCKED:
	case GIT_EMODIFIED:
		return CIB_BUSY;
	case GIT_EUSER:
		return CIB_CANCELLED;
	case GIT_EINVALIDSPEC:
		return CIB_USAGE;
	case GIT_EMISMATCH:
		return CIB_DAMAGED;
	default:
		break;
	}
	if (!e)
		return CIB_INTERNAL;
	switch (e->klass) {
	case GIT_ERROR_OS:
	case GIT_ERROR_FILESYSTEM:
		return CIB_IO;
	case GIT_ERROR_ZLIB: /* its beginning fails only at the end of memory */
		return e->message && strstr(e->message, "failed to init") ? CIB_INTERNAL : CIB_DAMAGED;
	case GIT_ERROR_ODB:
	case GIT_ERROR_OBJECT:
	case GIT_ERROR_TREE:
	case GIT_ERROR_INDEXER:
		return CIB_DAMAGED;
	case GIT_ERROR_REFERENCE: /* a name that cannot be, or a file that does not hold an id */
		return e->message && strstr(e->message, "corrupt") ? CIB_DAMAGED : CIB_USAGE;
	default:
		return CIB_INTERNAL;
	}
}

bool cib_store_is_out_of_memory(void)
{
	const git_error *e = git_error_last();
	return e && (e->klass == GIT_ERROR_NOMEMORY || (e->klass == GIT_ERROR_ZLIB && status_of(GIT_ERROR, e) == CIB_INTERNAL));
}

int cib_store_git_error(cib_error *err, int rc, const char *code, const char *fmt, ...)
{
	const git_error *e = git_error_last();
	int status = status_of(rc, e);
	cib_buf text = CIB_BUF_INIT;
	va_list ap;
	va_start(ap, fmt);
	cib_buf_vaddf(&text, cib_gettext(fmt), ap);
	va_end(ap);
	if (e && e->message) {
		cib_buf_adds(&text, ": ");
		cib_buf_add_clean(&text, e->message, strlen(e->message));
	}
	cib_error_set(err, status, code, "%s", cib_buf_str(&text));
	cib_buf_free(&text);
	return status;
}

/* The folders that hold loose objects: the repository's, or in a hook those that Git's environment names. */
static int add_loose(git_odb *odb, git_repository *repo, bool from_env)
{
	const char *main_dir = from_env ? getenv("GIT_OBJECT_DIRECTORY") : NULL;
	const char *others = from_env ? getenv("GIT_ALTERNATE_OBJECT_DIRECTORIES") : NULL;
	char *own = cib_format("%sobjects", git_repository_commondir(repo));
	int rc = cib_store_loose_add(odb, main_dir && *main_dir ? main_dir : own);
	free(own);
	while (rc == 0 && others && *others) {
		size_t n = strcspn(others, ":");
		char *dir = cib_format("%.*s", (int)n, others);
		if (*dir)
			rc = cib_store_loose_add(odb, dir);
		free(dir);
		others += n + (others[n] == ':');
	}
	return rc;
}

static int wrap(cib_store **out, git_repository *repo, bool from_env, cib_error *err)
{
	git_odb *odb = NULL;
	cib_store *store = cib_alloc(sizeof *store);
	int rc = git_repository_odb(&odb, repo);
	if (rc == 0)
		rc = add_loose(odb, repo, from_env);
	if (rc == 0)
		rc = cib_store_gather_add(odb, &store->gathered);
	if (rc) {
		git_odb_free(odb);
		git_repository_free(repo);
		free(store);
		return cib_store_git_error(err, rc, "store.open", N_("cannot open the repository's objects"));
	}
	store->repo = repo;
	store->odb = odb;
	store->git_dir = cib_strdup(git_repository_path(repo));
	store->work_dir = cib_strdup(git_repository_workdir(repo));
	char *paths[] = {store->git_dir, store->work_dir};
	for (int i = 0; i < 2; i++) {
		size_t n = paths[i] ? strlen(paths[i]) : 0;
		if (n > 1 && paths[i][n - 1] == '/')
			paths[i][n - 1] = '\0';
	}
	*out = store;
	return CIB_OK;
}

typedef struct {
	const char *name, *value;
} setting;

/* Every setting is about safety: what a stock server checks by itself, and that it writes durably. */
static const setting common_settings[] = {
	{"core.fsync", "all"},
	{"core.autocrlf", "false"},
	{"core.symlinks", "false"},
	{"transfer.fsckObjects", "true"},
};
static const setting bare_settings[] = {
	{"receive.fsckObjects", "true"},
	{"receive.denyNonFastForwards", "true"},
	{"receive.denyDeletes", "true"},
	{"receive.maxInputSize", "33554432"},
	{"receive.advertisePushOptions", "false"},
	{"core.logAllRefUpdates", "true"},
	{"core.hooksPath", "hooks"}, /* whatever the server's own configuration says: the guard runs */
	{"http.receivepack", "true"},
	{"http.uploadpack", "true"},
	/* Version 2 of the protocol gives any object anyway; over ssh a server often speaks only the older one, and a
         * fetch that was cut then goes on with what is missing. */
	{"uploadpack.allowAnySHA1InWant", "true"},
	{"uploadpack.allowFilter", "true"}, /* the folders before the files, after a cut */
};

static int configure(git_repository *repo, bool bare)
{
	git_config *config = NULL;
	int rc = git_repository_config(&config, repo);
	for (size_t i = 0; rc == 0 && i < sizeof common_settings / sizeof *common_settings; i++)
		rc = git_config_set_string(config, common_settings[i].name, common_settings[i].value);
	for (size_t i = 0; rc == 0 && bare && i < sizeof bare_settings / sizeof *bare_settings; i++)
		rc = git_config_set_string(config, bare_settings[i].name, bare_settings[i].value);
	git_config_free(config);
	return rc;
}

int cib_store_make_central(cib_store *store, cib_error *err)
{
	if (!git_repository_is_bare(store->repo))
		return cib_error_set(err, CIB_USAGE, "store.not-bare", "%s is no bare repository: a central one has no working files", store->git_dir);
	int rc = configure(store->repo, true);
	return rc ? cib_store_git_error(err, rc, "store.config", N_("cannot write the configuration of %s"), store->git_dir) : CIB_OK;
}

int cib_store_init(cib_store **out, const char *path, bool bare, const char *head_ref, cib_error *err)
{
	cib_store_setup();
	*out = NULL;
	git_repository_init_options options;
	git_repository_init_options_init(&options, GIT_REPOSITORY_INIT_OPTIONS_VERSION);
	options.flags = GIT_REPOSITORY_INIT_MKPATH | GIT_REPOSITORY_INIT_NO_REINIT;
	if (bare)
		options.flags |= GIT_REPOSITORY_INIT_BARE;
	int valid = 0;
	if (git_reference_name_is_valid(&valid, head_ref) || !valid || strncmp(head_ref, "refs/heads/", 11) != 0)
		return cib_error_set(err, CIB_USAGE, "store.ref-name", "\"%s\" is no name of a branch", head_ref);
	options.initial_head = head_ref + 11;
	git_repository *repo = NULL;
	int rc = git_repository_init_ext(&repo, path, &options);
	if (rc == GIT_EEXISTS)
		return cib_error_set(err, CIB_USAGE, "store.exists", "%s already holds a repository", path);
	if (rc == 0)
		rc = configure(repo, bare);
	if (rc) {
		int status = cib_store_git_error(err, rc, "store.init", N_("cannot make a repository in %s"), path);
		git_repository_free(repo);
		return status == CIB_INTERNAL ? CIB_IO : status;
	}
	int fd = open(git_repository_path(repo), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) { /* the template's files and folders were written without fsync */
		syncfs(fd);
		close(fd);
	}
	return wrap(out, repo, false, err);
}

int cib_store_open(cib_store **out, const char *path, cib_error *err)
{
	cib_store_setup();
	*out = NULL;
	git_repository *repo = NULL;
	int rc = git_repository_open_ext(&repo, path, GIT_REPOSITORY_OPEN_NO_SEARCH, NULL);
	if (rc == GIT_ENOTFOUND)
		return cib_error_set(err, CIB_NOTFOUND, "store.missing", "%s is not a repository", path);
	if (rc)
		return cib_store_git_error(err, rc, "store.open", N_("cannot open the repository in %s"), path);
	return wrap(out, repo, false, err);
}

int cib_store_open_env(cib_store **out, cib_error *err)
{
	cib_store_setup();
	/* A hook has a limit of addresses, and libgit2 maps packs in windows of up to 1 GiB. */
	git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, (size_t)16 << 20);
	git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, (size_t)64 << 20);
	*out = NULL;
	git_repository *repo = NULL;
	int rc = git_repository_open_ext(&repo, NULL, GIT_REPOSITORY_OPEN_FROM_ENV, NULL);
	if (rc) {
		int status = cib_store_git_error(err, rc, "store.open-env", N_("cannot open the repository that GIT_DIR names"));
		cib_error_hint(err, "this command is run by Git, as a hook of a repository");
		return status;
	}
	return wrap(out, repo, true, err);
}

bool cib_store_is_shallow(cib_store *store)
{
	return git_repository_is_shallow(store->repo) == 1;
}

void cib_store_free(cib_store *store)
{
	if (!store)
		return;
	cib_store_gather_drop(store);
	cib_memo_clear(store);
	git_odb_free(store->odb);
	git_repository_free(store->repo);
	free(store->git_dir);
	free(store->work_dir);
	free(store);
}

const char *cib_store_git_dir(const cib_store *store)
{
	return store->git_dir;
}

const char *cib_store_work_dir(const cib_store *store)
{
	return store->work_dir;
}
