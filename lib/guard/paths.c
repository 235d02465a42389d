/* What one commit does by itself: names, modes, places, sizes, strict JSON.
 *
 * A path is the commit's own doing when it differs from all parents there. The walk is against the last parent (in a
 * merge of main into a branch that is main, so the walk follows the branch's own work); the other parents are looked
 * up path by path. Counting stops at the limit, which is what defeats a git bomb. */
#include "guard/private.h"
#include "network/privacy.h"
#include "network/rulebook.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	judge *j;
	const cib_oid *oid;
	const cib_commit *commit;
	cib_buf text;
} walker;

static bool same_as(judge *j, const cib_oid *parent, const char *path, const cib_tree_entry *e)
{
	cib_oid oid;
	unsigned mode;
	int status = cib_store_tree_get(&oid, &mode, j->store, parent, path, NULL);
	if (status == CIB_NOTFOUND || (status == CIB_OK && mode == 0040000))
		return e->mode == 0;
	return status == CIB_OK && mode == e->mode && cib_oid_equal(&oid, &e->oid);
}

/* The names that code hosts choose, not we; outside the members' folders, so they are the secretariat's. */
static bool is_host_name(const char *path)
{
	static const char *const names[] = {"README.md", ".github/workflows/cib.yml", ".gitlab-ci.yml", ".gitea/workflows/cib.yml", ".forgejo/workflows/cib.yml"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(path, names[i]) == 0)
			return true;
	return false;
}

static int judge_name(walker *w, const char *path)
{
	judge *j = w->j;
	size_t depth = 0;
	if (strlen(path) > j->limits->path_bytes)
		return refuse(j, "guard.path-length", w->oid, path, NULL, N_("the path has %zu bytes; at most %zu are allowed"), strlen(path),
		              j->limits->path_bytes);
	if (is_host_name(path))
		return CIB_OK;
	for (const char *p = path;; p++) {
		size_t len = strcspn(p, "/");
		depth++;
		if (len > j->limits->component_bytes)
			return refuse(j, "guard.name-length", w->oid, path, NULL, N_("a name has %zu bytes; at most %zu are allowed"), len,
			              j->limits->component_bytes);
		if (!cib_name_ok(p, len))
			return refuse(j, "guard.name", w->oid, path, N_("rename it: git mv"),
			              N_("a name may hold lower-case letters, digits, '.', '_' and '-' only, begins with a letter or digit, and is "
			                 "no device name of Windows"));
		p += len;
		if (!*p)
			break;
	}
	if (depth > j->limits->tree_depth)
		return refuse(j, "guard.depth", w->oid, path, NULL, N_("the file lies %zu folders deep; at most %zu are allowed"), depth,
		              j->limits->tree_depth);
	return CIB_OK;
}

static int judge_mode(walker *w, const cib_tree_entry *e)
{
	if (e->mode == 0100644)
		return CIB_OK;
	if (e->mode == 0120000 || e->mode == 0160000)
		return refuse(w->j, "guard.mode", w->oid, e->path, N_("remove it: git rm --cached"),
		              e->mode == 0120000 ? N_("this is a symbolic link; only plain files are allowed") : N_("this is a submodule; only plain files are allowed"));
	return refuse(w->j, "guard.mode", w->oid, e->path, N_("git update-index --chmod=-x, and commit again"),
	              N_("the file's mode is %06o; only 100644 is allowed"), e->mode);
}

/* Where staff may write: entries and conflict records below the own folder. */
static int judge_staff_place(walker *w, const cib_place *place, const char *path)
{
	judge *j = w->j;
	if (strncmp(path, j->own, strlen(j->own)) != 0) {
		if (place->area == CIB_AREA_RULES)
			return refuse(j, "guard.rules", w->oid, path, N_("ask the secretariat"),
			              N_("only the secretariat changes schemas, codelists, rules and access"));
		char *hint = cib_format(_("take the change back: git checkout main -- PATH; your folder is %s"), j->own);
		int status = refuse(j, "guard.foreign-path", w->oid, path, hint, N_("the staff of %s may only change what lies in %s"),
		                    j->access.member, j->own);
		free(hint);
		return status;
	}
	if (place->area != CIB_AREA_MEMBER && place->area != CIB_AREA_RECORD)
		return refuse(j, "guard.not-entry", w->oid, path, N_("entries are made with cib new"),
		              N_("a member's folder holds entries only: FOLDER/ID.json"));
	return CIB_OK;
}

static int judge_place(walker *w, const cib_tree_entry *e)
{
	judge *j = w->j;
	cib_place place;
	cib_network_place(&place, j->net, e->path);
	if (!is_secretariat(j)) {
		size_t errors = j->findings->errors;
		int status = judge_staff_place(w, &place, e->path);
		if (status != CIB_OK || j->findings->errors > errors)
			return status;
	}
	if (e->mode == 0)
		return CIB_OK;
	bool entries = strncmp(e->path, "members/", 8) == 0 || strncmp(e->path, "network/", 8) == 0 || strncmp(e->path, "reviews/", 8) == 0;
	/* A kind that this very push brings is unknown to the rules before it: for the secretariat the tip's rules decide. */
	if (entries && (place.area == CIB_AREA_OTHER || (!place.kind && !is_secretariat(j))))
		return refuse(j, "guard.not-entry", w->oid, e->path, N_("entries are made with cib new"), N_("no kind of entry lives in this place"));
	return CIB_OK;
}

/* What was in one commit stays in the history, whatever the next one does. The tip is checked in full; here only what is
 * refused is told. */
static int judge_privacy(walker *w, const char *path, const cJSON *doc)
{
	judge *j = w->j;
	size_t first = j->findings->count;
	cib_place place;
	cib_network_place(&place, j->net, path);
	bool settings = strcmp(path, "network.json") == 0;
	if (!place.kind && !settings)
		return CIB_OK;
	cib_check_options options = {.lang = j->lang, .tree = w->oid};
	if (settings)
		cib_privacy_check_settings(j->net, doc, j->findings);
	else
		cib_privacy_check(j->net, &place, doc, &options, j->findings);
	cib_network_weigh(j->net, j->findings, first);
	cib_findings_keep_errors(j->findings, first);
	for (size_t i = first; i < j->findings->count; i++) {
		cib_finding *f = &j->findings->items[i];
		free(f->file);
		f->file = cib_strdup(path);
		cib_json_locate(cib_buf_str(&w->text), w->text.len, f->pointer, false, &f->line, &f->column);
	}
	name_commit(j, first, w->oid);
	return enough(j);
}

/* A README and other texts beside the entries. What is no text, a picture say, has a zero byte soon. */
static int judge_text(walker *w, const char *path, size_t size)
{
	judge *j = w->j;
	size_t first = j->findings->count;
	if (memchr(cib_buf_str(&w->text), '\0', size))
		return CIB_OK;
	cib_privacy_check_text(j->net, NULL, cib_buf_str(&w->text), path, j->lang, j->findings);
	cib_findings_keep_errors(j->findings, first);
	name_commit(j, first, w->oid);
	return enough(j);
}

static int judge_blob(walker *w, const cib_tree_entry *e)
{
	judge *j = w->j;
	cib_place place;
	cib_network_place(&place, j->net, e->path);
	cib_limits l = cib_network_limits_at(j->net, &place);
	size_t size = 0, len = strlen(e->path);
	cib_obj_type type = CIB_OBJ_NONE;
	bool json = len > 5 && strcmp(e->path + len - 5, ".json") == 0;
	size_t most = strncmp(e->path, "schema/", 7) == 0 ? l.schema_bytes : json ? l.json_bytes
	                                                                          : l.attachment_bytes;
	int status = cib_store_object(&type, &size, j->store, &e->oid, j->err);
	if (status != CIB_OK)
		return status;
	if (type != CIB_OBJ_BLOB)
		return refuse(j, "guard.not-file", w->oid, e->path, NULL, N_("the object is not the file it is said to be"));
	if (size > most)
		return refuse(j, "guard.file-size", w->oid, e->path, NULL, N_("the file has %zu bytes; at most %zu are allowed"), size, most);
	status = cib_store_blob_read(&w->text, j->store, &e->oid, most, j->err);
	if (status != CIB_OK)
		return refuse_store(j, status, w->oid, e->path);
	if (!json)
		return judge_text(w, e->path, w->text.len);
	cJSON *doc = NULL;
	cib_error err = CIB_ERROR_INIT;
	cib_json_limits limits = {.depth = l.json_depth, .nodes = l.json_nodes, .string_bytes = l.json_string};
	bool rule = strncmp(e->path, "schema/", 7) == 0 || strncmp(e->path, "codelists/", 10) == 0;
	if (rule) /* their own limit is the size; a codelist has more nodes than an entry */
		limits = (cib_json_limits){.depth = 200};
	if (cib_json_read(&doc, cib_buf_str(&w->text), w->text.len, &limits, &err) != CIB_OK) {
		size_t first = j->findings->count;
		err.file[0] = '\0';
		cib_findings_add_error(j->findings, "json", &err);
		free(j->findings->items[first].file);
		j->findings->items[first].file = cib_strdup(e->path);
		name_commit(j, first, w->oid);
		status = enough(j);
	} else {
		status = judge_privacy(w, e->path, doc);
	}
	cJSON_Delete(doc);
	return status;
}

/* Main takes what a member's branch has there: that was counted, and judged, when the member sent it. Else a secretariat that accepts the first
 * import of a network could not send that. */
static bool is_accepted(judge *j, const cib_tree_entry *e)
{
	static const char members[] = "members/";
	const char *rest = strncmp(e->path, members, sizeof members - 1) == 0 ? strchr(e->path + sizeof members - 1, '/') : NULL;
	cib_oid tip, blob;
	unsigned mode = 0;
	if (!is_secretariat(j) || j->incoming || !rest)
		return false;
	char *ref = cib_format("refs/heads/%.*s", (int)(rest - e->path), e->path);
	bool sent = cib_store_ref_get(&tip, j->store, ref, NULL) == CIB_OK;
	free(ref);
	if (!sent)
		return false;
	int status = cib_store_tree_get(&blob, &mode, j->store, &tip, e->path, NULL);
	return e->mode ? status == CIB_OK && mode == e->mode && cib_oid_equal(&blob, &e->oid) : status == CIB_NOTFOUND;
}

static int judge_path(const char *path, const cib_tree_entry *parent, const cib_tree_entry *e, void *payload)
{
	walker *w = payload;
	judge *j = w->j;
	(void)parent;
	for (size_t i = 0; i + 1 < w->commit->parent_count; i++)
		if (same_as(j, &w->commit->parents[i], path, e))
			return CIB_OK;
	j->paths += !is_accepted(j, e);
	if (j->paths > j->limits->paths * (size_t)many(j)) {
		refuse(j, "guard.too-many-paths", w->oid, NULL, is_secretariat(j) ? N_("let it change more first: limits.paths in network.json, from another copy of the network") : N_("push in parts"), N_("the push changes more than %zu files"), j->limits->paths);
		return STOP;
	}
	size_t errors = j->findings->errors;
	int status = CIB_OK;
	if (e->mode && cib_network_purged_blob(j->net, &e->oid))
		status = refuse(j, "guard.purged", w->oid, path, N_("make the entry anew, without the personal data that it held"), N_("this version was purged: it holds personal data"));
	else if (e->mode) {
		status = judge_name(w, path);
		if (status == CIB_OK && j->findings->errors == errors)
			status = judge_mode(w, e);
	}
	if (status == CIB_OK && j->findings->errors == errors)
		status = judge_place(w, e);
	if (status == CIB_OK && j->findings->errors == errors && e->mode)
		status = judge_blob(w, e);
	return status;
}

int judge_paths(judge *j, const cib_oid *oid, const cib_commit *commit)
{
	walker w = {j, oid, commit, CIB_BUF_INIT};
	int status = cib_store_diff2(j->store, &commit->parents[commit->parent_count - 1], oid, judge_path, &w, j->err);
	cib_buf_free(&w.text);
	return status == STOP ? status : refuse_store(j, status, oid, NULL);
}
