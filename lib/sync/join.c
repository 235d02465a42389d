/* Joining: the first copy of a network. It may be the largest transfer that a link ever sees, so what came before a cut stays:
 * <git dir>/cib/joining.json says where the copy is to come from, and the same command goes on with what is there. The copy
 * is one as soon as config.json is written, which is the last step. */
#include "sync/private.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

/* libgit2 tries in a new folder whether links can be made: an empty file of this name, then a link. */
static bool is_probe(int dir, const char *name)
{
	static const char begin[] = "_git2_";
	struct stat st;
	return strncmp(name, begin, strlen(begin)) == 0 && strspn(name + strlen(begin), "0123456789abcdef") == strlen(name) - strlen(begin) &&
	       fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0 && (S_ISLNK(st.st_mode) || (S_ISREG(st.st_mode) && st.st_size == 0));
}

/* Nothing is in it but a repository and what its making left. `remove`: that goes. */
static bool holds_repository(const char *dir, bool remove)
{
	DIR *d = opendir(dir);
	bool only = true;
	if (!d)
		return errno == ENOENT;
	for (const struct dirent *e; only && (e = readdir(d));) {
		bool probe = is_probe(dirfd(d), e->d_name);
		only = probe || strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0 || strcmp(e->d_name, ".git") == 0;
		if (probe && remove)
			unlinkat(dirfd(d), e->d_name, 0);
	}
	closedir(d);
	return only;
}

/* Empty, or with a repository in it that has nothing yet: a join that was ended before it could say whence. */
static bool is_usable(const char *dir)
{
	static const char *const nothing[] = {NULL}, *const places[] = {"info", "pack", NULL};
	char *heads = cib_format("%s/.git/refs/heads", dir), *objects = cib_format("%s/.git/objects", dir), *packs = cib_format("%s/pack", objects),
	     *packed = cib_format("%s/.git/packed-refs", dir), *cib = cib_format("%s/.git/cib/config.json", dir);
	bool usable = holds_repository(dir, false) && cib_holds_only(heads, nothing) && cib_holds_only(objects, places) && cib_holds_only(packs, nothing) &&
	              access(packed, F_OK) != 0 && access(cib, F_OK) != 0;
	free(heads);
	free(objects);
	free(packs);
	free(packed);
	free(cib);
	return usable;
}

/* What a join that was killed left half written. */
static void clean(const char *dir)
{
	static const char *const folders[] = {"", "/.git/cib", "/codelists", "/schema"};
	for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
		char *folder = cib_format("%s%s", dir, folders[i]);
		cib_file_clean(folder);
		free(folder);
	}
}

static int choose_member(cib_workspace *ws, const char *member, cib_error *err)
{
	cib_network *net = NULL;
	cib_oid main_tip;
	int status = cib_store_ref_get(&main_tip, ws->store, CENTRAL_MAIN, err);
	if (status == CIB_NOTFOUND) {
		status = cib_error_set(err, CIB_NOTFOUND, "join.empty", "there is no network at that address");
		cib_error_hint(err, "ask the secretariat for the address");
	}
	if (status == CIB_OK)
		status = cib_network_load(&net, ws->store, &main_tip, err);
	if (status != CIB_OK)
		return status;
	cib_access a = cib_network_access(net, ws->user, (int64_t)time(NULL));
	bool none = strcmp(cib_network_review_policy(net), "none") == 0;
	if (a.role == CIB_ROLE_SECRETARIAT) {
		ws->branch = cib_strdup("refs/heads/main");
	} else if (a.role == CIB_ROLE_STAFF && (!member || strcmp(member, a.member) == 0)) {
		ws->member = cib_strdup(a.member);
		ws->branch = none ? cib_strdup("refs/heads/main") : cib_format("refs/heads/members/%s", a.member);
	} else if (a.role == CIB_ROLE_READER && !member) {
		status = cib_error_set(err, CIB_USAGE, "join.reader", "the user %s may read this network and not write in it; a copy by cib is for those who write", ws->user);
		cib_error_hint(err, "to read all of it: git clone %s; to write, ask the secretariat to run: cib access add %s --role staff --member MEMBER", ws->url, ws->user);
	} else {
		status = cib_error_set(err, CIB_USAGE, "join.user", member ? N_("the network does not know the user %s as staff of %s") : N_("the network does not know the user %s"), ws->user, member);
		cib_error_hint(err, "ask the secretariat to run: cib access add %s --role staff --member MEMBER", ws->user);
	}
	cib_network_free(net);
	return status;
}

/* ---- where it was begun ---- */

static char *mark_of(const char *dir)
{
	return cib_format("%s/.git/cib/joining.json", dir);
}

/* Was a copy from this address begun in the folder, and not finished? */
static bool is_begun(const char *dir, const char *url)
{
	char *mark = mark_of(dir), *config = cib_format("%s/.git/cib/config.json", dir);
	cJSON *doc = NULL;
	const char *from = NULL;
	if (access(config, F_OK) != 0 && cib_json_read_file(&doc, mark, NULL) == CIB_OK)
		from = cib_json_string(doc, "url");
	bool begun = from && strcmp(from, url) == 0;
	cJSON_Delete(doc);
	free(mark);
	free(config);
	return begun;
}

static int begin(cib_workspace *ws, const char *dir, cib_error *err)
{
	char *left = cib_format("%s/.git", dir);
	cib_remove_tree(left); /* it has nothing in it: is_usable */
	holds_repository(dir, true);
	free(left);
	int status = cib_store_init(&ws->store, dir, false, "refs/heads/main", err);
	if (status != CIB_OK)
		return status;
	cib_buf text = CIB_BUF_INIT;
	cJSON *doc = cJSON_CreateObject();
	char *mark = mark_of(dir), *folder = cib_format("%s/.git/cib", dir);
	cJSON_AddStringToObject(doc, "url", ws->url);
	cib_json_write(&text, doc, NULL);
	status = cib_mkdirs(folder, err);
	if (status == CIB_OK)
		status = cib_file_write(mark, text.data, text.len, err);
	cib_buf_free(&text);
	cJSON_Delete(doc);
	free(mark);
	free(folder);
	return status;
}

static void end(const char *dir)
{
	char *mark = mark_of(dir);
	cib_file_remove(mark, NULL); /* config.json is there: it says nothing any more */
	free(mark);
}

/* ---- joining ---- */

static int judge(cib_workspace *ws, const char *ref, const char *what, cib_error *err)
{
	cib_oid tip, none = {{0}};
	return cib_store_ref_get(&tip, ws->store, ref, NULL) == CIB_OK ? cib_watch_names(ws, &none, &tip, what, err) : CIB_OK;
}

static int fetch_first(cib_workspace *ws, const char *member, const cib_sync_options *options, size_t *objects, cib_error *err)
{
	cib_sync_options known = cib_known_to(ws, options);
	cib_refspec first = {"refs/heads/main", CENTRAL_MAIN};
	cib_listener listener; /* the largest transfer of all: it measures the link */
	cib_listen(&listener, &known.remote);
	int status = cib_store_fetch(ws->store, ws->url, &first, 1, &listener.options, err);
	*objects = listener.most.objects;
	cib_listen_end(&listener, ws, NULL);
	if (status == CIB_OK)
		status = judge(ws, CENTRAL_MAIN, N_("main branch"), err);
	if (status == CIB_OK)
		status = choose_member(ws, member, err);
	if (status == CIB_OK && ws->member && !cib_on_main(ws)) {
		cib_refspec own = {ws->branch, CENTRAL_OWN};
		status = cib_store_fetch(ws->store, ws->url, &own, 1, &known.remote, err);
		if (status == CIB_OK)
			status = judge(ws, CENTRAL_OWN, N_("branch of your organisation"), err);
	}
	return status;
}

static int lay_out(cib_workspace *ws, cib_error *err)
{
	cib_oid none = {{0}}, tip;
	int status = CIB_OK;
	if (cib_store_ref_get(&tip, ws->store, CENTRAL_OWN, NULL) != CIB_OK)
		status = cib_store_ref_get(&tip, ws->store, CENTRAL_MAIN, err);
	if (status == CIB_OK)
		status = cib_store_ref_set(ws->store, ws->branch, &tip, NULL, err);
	if (status == CIB_OK)
		status = cib_workspace_write_head(ws, err);
	if (status == CIB_OK)
		status = cib_workspace_reload(ws, err);
	if (status == CIB_OK)
		status = cib_checkout(ws, &none, NULL, err);
	return status == CIB_OK ? cib_workspace_keep_config(ws, err) : status;
}

int cib_workspace_join(cib_workspace **out, const char *url, const char *dir, const char *user, const char *member,
                       const cib_sync_options *options, cib_error *err)
{
	*out = NULL;
	struct stat st;
	bool local = !strstr(url, "://") && stat(url, &st) == 0; /* a path is kept absolute: it is used from other folders */
	char *real = local ? realpath(url, NULL) : NULL;
	bool existed = access(dir, F_OK) == 0, begun = is_begun(dir, real ? real : url);
	size_t objects = 0;
	if (!begun && !is_usable(dir)) {
		int status = cib_error_set(err, CIB_USAGE, "join.not-empty", "the folder %s is there already and not empty", dir);
		cib_error_hint(err, "name another: cib join %s DIR", url);
		free(real);
		return status;
	}
	cib_workspace *ws = cib_alloc(sizeof *ws);
	cib_lock *lock = NULL;
	ws->url = real ? real : cib_strdup(url);
	ws->user = cib_strdup(user);
	int status = begun ? cib_store_open(&ws->store, dir, err) : begin(ws, dir, err);
	if (status == CIB_OK)
		status = cib_store_lock(&lock, ws->store, options->lock_wait_ms ? options->lock_wait_ms : 3000, err);
	bool mine = status == CIB_OK; /* nobody else is joining here */
	if (mine && existed)
		clean(dir);
	ws->root = realpath(dir, NULL);
	if (status == CIB_OK)
		status = fetch_first(ws, member, options, &objects, err);
	if (status == CIB_OK)
		status = lay_out(ws, err);
	cib_lock_release(lock);
	if (status == CIB_OK) {
		end(dir);
		*out = ws;
		return CIB_OK;
	}
	cib_workspace_free(ws);
	if ((status == CIB_OFFLINE || status == CIB_CANCELLED) && (objects || begun)) {
		cib_error_hint(err, "what came so far is kept in %s: the same command goes on from there", dir);
	} else if (mine || !begun) {
		cib_remove_tree(dir);
		if (existed)
			mkdir(dir, 0777);
	}
	return status;
}
