/* Is what was acknowledged where it must be? */
#include "oracle.h"
#include "play.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* A person is asked about it: two of the secretariat may have decided differently about versions of it. */
static char *record_of(const oracle_entry *e)
{
	int folder = (int)(strchr(strchr(e->path, '/') + 1, '/') - e->path);
	return cib_format("%.*s/conflicts%s", folder, e->path, strrchr(e->path, '/'));
}

static void check_entry(const oracle_entry *e, cJSON *doc, const char *where)
{
	cib_json_remove(doc, ORACLE_NOT_WRITTEN);
	if (!e->now && doc)
		fail("CAME AGAIN: %s, which was removed: %s", e->path, where);
	else if (e->now && !doc)
		fail("LOST: %s: %s", e->path, where);
	else if (e->now && !cib_json_equal(e->now, doc))
		fail("LOST: %s is not what was written last: %s", e->path, where);
}

/* What one person alone wrote stands in his folder as he wrote it, whatever was fetched, taken or killed. */
void check_own(int who)
{
	int count;
	const oracle_entry *entries = oracle_entries(&count);
	for (int i = 0; i < count; i++) {
		const oracle_entry *e = &entries[i];
		if (e->writer != who)
			continue;
		cib_buf text = CIB_BUF_INIT;
		cib_error err = CIB_ERROR_INIT;
		cJSON *doc = NULL;
		char *file = cib_format("%s/%s/%s", sim.work, people[who].user, e->path);
		int status = cib_file_read(&text, file, 0, &err);
		if (status == CIB_OK)
			must(cib_json_read(&doc, text.data, text.len, NULL, &err), file, &err);
		char *record = record_of(e), *asked = cib_format("%s/%s/%s", sim.work, people[who].user, record);
		if (access(asked, F_OK) != 0)
			check_entry(e, doc, people[who].user);
		cJSON_Delete(doc);
		cib_buf_free(&text);
		free(file);
		free(record);
		free(asked);
	}
}

/* The server answered that it has it: then it has. */
void check_sent(int who)
{
	cib_store *central = NULL;
	cib_error err = CIB_ERROR_INIT;
	cib_oid there, a = {{0}}, b = {{0}};
	unsigned mode;
	char *path = cib_format("%s/central.git", sim.work), *folder = cib_format("members/%s", people[who].member);
	char *ref = cib_format("refs/heads/members/%s", people[who].member);
	must(cib_store_open(&central, path, &err), path, &err);
	bool has_branch = cib_store_ref_get(&there, central, ref, NULL) == CIB_OK;
	if (!has_branch)
		must(cib_store_ref_get(&there, central, "refs/heads/main", &err), "main", &err);
	cib_store_tree_get(&a, &mode, central, &there, folder, NULL);
	cib_store_tree_get(&b, &mode, copy_of(who)->store, &copy_of(who)->tip, folder, NULL);
	/* without a branch there is nothing of one's own; main may have gone on */
	if (!cib_oid_equal(&a, &b) && (has_branch || !cib_store_is_ancestor(central, &copy_of(who)->tip, &there)))
		fail("%s's sync went well, and the server has something else", people[who].user);
	cib_store_free(central);
	free(path);
	free(folder);
	free(ref);
}

static int gather_blob(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	void **p = payload;
	cib_buf text = CIB_BUF_INIT;
	(void)path;
	(void)a;
	if (cib_store_blob_read(&text, p[0], &b->oid, 0, NULL) == CIB_OK)
		cib_buf_add(p[1], text.data, text.len);
	cib_buf_free(&text);
	return 0;
}

cJSON *entry_of(cib_store *store, const cib_oid *blob)
{
	cib_buf text = CIB_BUF_INIT;
	cib_error err = CIB_ERROR_INIT;
	cJSON *doc = NULL;
	if (cib_oid_is_zero(blob))
		return NULL;
	must(cib_store_blob_read(&text, store, blob, 0, &err), "reading an entry", &err);
	must(cib_json_read(&doc, text.data, text.len, NULL, &err), "reading an entry", &err);
	cib_json_remove(doc, ORACLE_NOT_WRITTEN);
	cib_buf_free(&text);
	return doc;
}

cJSON *entry_at(cib_store *store, const cib_oid *commit, const char *path)
{
	cib_oid blob;
	unsigned mode;
	return cib_store_tree_get(&blob, &mode, store, commit, path, NULL) == CIB_OK ? entry_of(store, &blob) : NULL;
}

static bool is_asked(cib_store *store, const cib_oid *commit, const oracle_entry *e)
{
	cib_oid blob;
	unsigned mode;
	char *record = record_of(e);
	bool asked = cib_store_tree_get(&blob, &mode, store, commit, record, NULL) == CIB_OK;
	free(record);
	return asked;
}

/* And so it stands in a commit in which all have arrived. */
static void check_entries(cib_store *store, const cib_oid *tip, const char *member, const char *where)
{
	int count;
	const oracle_entry *entries = oracle_entries(&count);
	for (int i = 0; i < count; i++) {
		const oracle_entry *e = &entries[i];
		if (e->writer < 0 || strcmp(side_of(e->writer), member) != 0 || is_asked(store, tip, e))
			continue;
		cJSON *doc = entry_at(store, tip, e->path);
		check_entry(e, doc, where);
		cJSON_Delete(doc);
	}
}

/* What one member alone wrote and the reviewers from `first` to `last` accepted stands on a main, or what was accepted later. */
static void check_accepted(cib_store *store, const cib_oid *tip, int first, int last, const char *where)
{
	int count;
	const oracle_entry *entries = oracle_entries(&count);
	for (int i = 0; i < count; i++) {
		const oracle_entry *e = &entries[i];
		int least = e->accepted[first] > e->accepted[last] ? e->accepted[first] : e->accepted[last];
		if (e->writer == ORACLE_MANY || e->writer >= SECRETARIAT || is_asked(store, tip, e))
			continue;
		cJSON *doc = entry_at(store, tip, e->path);
		int version = oracle_version(e, doc);
		if (version < (doc ? 0 : -1))
			fail("NOBODY WROTE %s as it is on main: %s", e->path, where);
		else if (version < least)
			fail("LOST: version %d of %s was accepted, and main has version %d: %s", least, e->path, version, where);
		cJSON_Delete(doc);
	}
}

void check_main(int who)
{
	check_accepted(copy_of(who)->store, &copy_of(who)->tip, who - SECRETARIAT, who - SECRETARIAT, people[who].user);
}

/* A commit must hold every word of a member that nobody replaced, and each entry as who alone wrote it left it. */
void check_commit(cib_store *store, const cib_oid *tip, const char *member, const char *where)
{
	static const cib_oid none;
	cib_error err = CIB_ERROR_INIT;
	cib_buf all = CIB_BUF_INIT;
	must(cib_store_diff2(store, &none, tip, gather_blob, (void *[]){store, &all}, &err), "reading all", &err);
	for (int i = 0; (i = oracle_missing_word(cib_buf_str(&all), member, i)) >= 0; i++)
		fail("LOST: w%d. is not %s", i, where);
	cib_buf_free(&all);
	check_entries(store, tip, member, where);
}

void check_central(void)
{
	static const char *const members[] = {"m-a", "m-b"};
	cib_store *central = NULL;
	cib_error err = CIB_ERROR_INIT;
	char *path = cib_format("%s/central.git", sim.work);
	must(cib_store_open(&central, path, &err), path, &err);
	for (int i = 0; i < 2; i++) {
		cib_oid tip;
		char *ref = cib_format("refs/heads/members/%s", members[i]);
		if (cib_store_ref_get(&tip, central, ref, NULL) == CIB_OK || cib_store_ref_get(&tip, central, "refs/heads/main", NULL) == CIB_OK)
			check_commit(central, &tip, members[i], "at the server");
		free(ref);
	}
	cib_oid tip;
	must(cib_store_ref_get(&tip, central, "refs/heads/main", &err), "main", &err);
	check_commit(central, &tip, "secretariat", "at the server");
	check_accepted(central, &tip, 0, 1, "at the server");
	cib_store_free(central);
	free(path);
}

void check_copies(void)
{
	cib_oid a = {{0}}, b = {{0}};
	unsigned mode;
	for (int i = 0; i < PEOPLE; i++)
		if (people[i].member)
			check_commit(copy_of(i)->store, &copy_of(i)->tip, people[i].member, people[i].user), check_own(i);
	cib_store_tree_get(&a, &mode, copy_of(0)->store, &copy_of(0)->tip, "members/m-a", NULL);
	cib_store_tree_get(&b, &mode, copy_of(1)->store, &copy_of(1)->tip, "members/m-a", NULL);
	if (!cib_oid_equal(&a, &b))
		fail("the two copies of m-a differ");
}
