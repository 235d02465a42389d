/* The members as this copy knows them. See fleet.h. */
#include "review/fleet.h"
#include "network/freshness.h"

#include <stdlib.h>
#include <string.h>

void cib_fleet_clear(cib_fleet *fleet)
{
	for (size_t i = 0; i < fleet->count; i++) {
		free(fleet->items[i].member);
		free(fleet->items[i].name);
	}
	free(fleet->items);
	*fleet = (cib_fleet){0};
}

static cib_fleet_member *find(cib_fleet *f, const char *member, size_t len)
{
	for (size_t i = 0; i < f->count; i++)
		if (strncmp(f->items[i].member, member, len) == 0 && !f->items[i].member[len])
			return &f->items[i];
	return NULL;
}

static cib_fleet_member *add(cib_fleet *f, const char *member)
{
	cib_fleet_member *m = find(f, member, strlen(member));
	if (m)
		return m;
	f->items = cib_grow(f->items, &f->cap, f->count + 1, sizeof *f->items);
	f->items[f->count] = (cib_fleet_member){.member = cib_strdup(member), .name = cib_strdup("")};
	return &f->items[f->count++];
}

static int by_member(const void *a, const void *b)
{
	return strcmp(((const cib_fleet_member *)a)->member, ((const cib_fleet_member *)b)->member);
}

/* ---- who they are: by their users, or by their folders */

static int add_folder(const cib_tree_entry *entry, void *payload)
{
	if (entry->mode == 040000)
		add(payload, strrchr(entry->path, '/') + 1);
	return 0;
}

static int add_members(cib_fleet *f, cib_workspace *ws, int64_t now, cib_error *err)
{
	const cJSON *users = cib_json_get(cib_network_access_json(ws->net), "users");
	for (const cJSON *u = users ? users->child : NULL; u; u = u->next) {
		const char *member = cib_json_string(u, "member");
		if (member)
			add(f, member)->staff |= cib_network_access(ws->net, u->string, now).role == CIB_ROLE_STAFF;
	}
	int status = cib_store_tree_each(ws->store, &ws->tip, "members", false, add_folder, f, err);
	if (f->count)
		qsort(f->items, f->count, sizeof *f->items, by_member);
	return status;
}

/* ---- what they have on main */

typedef struct {
	cib_workspace *ws;
	cib_fleet_member *member;
	const char *lang;
} counting;

static int count_entry(const char *path, const cib_place *place, const cib_oid *blob, void *payload)
{
	counting *c = payload;
	cib_buf text = CIB_BUF_INIT;
	cJSON *doc = NULL;
	(void)path;
	c->member->entries++;
	bool profile = place->kind && !place->kind->prefix;
	if (profile && cib_store_blob_read(&text, c->ws->store, blob, cib_network_limits(c->ws->net)->json_bytes, NULL) == CIB_OK &&
	    cib_json_read(&doc, text.data, text.len, NULL, NULL) == CIB_OK) {
		free(c->member->name);
		c->member->name = cib_strdup(cib_entry_title(doc, c->lang));
	}
	cJSON_Delete(doc);
	cib_buf_free(&text);
	return 0;
}

static int count_entries(cib_fleet *f, cib_workspace *ws, const cib_oid *main_tip, const char *lang, cib_error *err)
{
	int status = CIB_OK;
	for (size_t i = 0; i < f->count && status == CIB_OK; i++) {
		counting c = {ws, &f->items[i], lang};
		status = cib_network_each(ws->net, main_tip, f->items[i].member, NULL, count_entry, &c, err);
	}
	return status;
}

static int count_waiting(cib_fleet *f, cib_workspace *ws, cib_error *err)
{
	cib_review_queue queue = CIB_REVIEW_QUEUE_INIT;
	int status = cib_review_list(&queue, ws, NULL, err);
	for (size_t i = 0; i < queue.count && status == CIB_OK; i++) {
		cib_fleet_member *m = find(f, queue.items[i].member, strlen(queue.items[i].member));
		if (m && queue.items[i].state == CIB_REVIEW_PENDING)
			m->waiting++;
		else if (m && queue.items[i].state == CIB_REVIEW_RETURNED)
			m->returned++;
	}
	cib_review_queue_free(&queue);
	return status;
}

/* ---- when they worked: the newest commit from each one's addresses, in all that came in */

static int64_t quiet_since(int64_t now)
{
	return now - CIB_QUIET_DAYS * (int64_t)86400;
}

typedef struct {
	cib_store *store;
	cib_fleet *fleet;
	cib_error *err;
} reading;

static int note_work(const cib_oid *oid, void *payload)
{
	static const char tail[] = ".cib.invalid";
	reading *r = payload;
	cib_commit c;
	int status = cib_store_commit_read(&c, r->store, oid, r->err);
	if (status != CIB_OK)
		return status;
	const char *domain = strchr(c.committer_email, '@'), *end = domain ? strstr(domain, tail) : NULL;
	cib_fleet_member *m = end && !end[sizeof tail - 1] ? find(r->fleet, domain + 1, (size_t)(end - domain) - 1) : NULL;
	if (m && c.committer_time > m->worked)
		m->worked = c.committer_time;
	cib_commit_clear(&c);
	return CIB_OK;
}

static int note_all_work(cib_fleet *f, cib_workspace *ws, const cib_oid *main_tip, const cib_oid *tips, cib_error *err)
{
	cib_oid *from = cib_alloc((f->count + 1) * sizeof *from);
	size_t n = 0;
	reading r = {ws->store, f, err};
	from[n++] = *main_tip;
	for (size_t i = 0; i < f->count; i++)
		if (f->items[i].branch)
			from[n++] = tips[i];
	int status = cib_store_commits(ws->store, from, n, NULL, 0, false, note_work, &r, err);
	free(from);
	return status;
}

/* ---- how far they have synced: main's own line of commits, and the newest of it that a branch holds */

typedef struct {
	cib_oid oid;
	int64_t time; /* as it says, but never before what it was made on */
	enum { UNKNOWN,
	       NEWS,
	       RECEIPTS } what; /* RECEIPTS: it only notes what the secretariat has seen */
} link;
typedef struct {
	cib_store *store;
	link *links; /* the newest first */
	size_t count, cap;
} line;

static int load_line(line *l, cib_store *store, const cib_oid *main_tip, cib_error *err)
{
	cib_oid at = *main_tip;
	l->store = store;
	while (!cib_oid_is_zero(&at)) {
		cib_commit c;
		int status = cib_store_commit_read(&c, store, &at, err);
		if (status != CIB_OK)
			return status;
		l->links = cib_grow(l->links, &l->cap, l->count + 1, sizeof *l->links);
		l->links[l->count++] = (link){at, c.committer_time, UNKNOWN};
		at = c.parent_count ? c.parents[0] : (cib_oid){{0}};
		cib_commit_clear(&c);
	}
	for (size_t i = l->count; i-- > 1;)
		if (l->links[i - 1].time < l->links[i].time)
			l->links[i - 1].time = l->links[i].time;
	return CIB_OK;
}

static int look_for_news(const char *path, const cib_tree_entry *a, const cib_tree_entry *b, void *payload)
{
	static const char tail[] = "/seen.json";
	size_t len = strlen(path);
	(void)a;
	(void)b;
	bool receipt = strncmp(path, "reviews/", 8) == 0 && len > sizeof tail && strcmp(path + len - (sizeof tail - 1), tail) == 0;
	*(bool *)payload = !receipt;
	return !receipt;
}

static bool is_news(line *l, size_t i)
{
	static const cib_oid none = {{0}};
	bool news = false;
	if (l->links[i].what == UNKNOWN) {
		cib_store_diff2(l->store, i + 1 < l->count ? &l->links[i + 1].oid : &none, &l->links[i].oid, look_for_news, &news, NULL);
		l->links[i].what = news ? NEWS : RECEIPTS;
	}
	return l->links[i].what == NEWS;
}

/* The newest link that the branch holds; l->count: none of them. Most branches hold one of the newest, so it is looked for
 * in steps that double, and between the last two of them by halves. */
static size_t newest_held(const line *l, const cib_oid *tip)
{
	size_t lacks = 0, holds = 0; /* [0, lacks) is lacked; holds: one that is held */
	for (size_t step = 1; holds < l->count && !cib_store_is_ancestor(l->store, &l->links[holds].oid, tip); step *= 2) {
		lacks = holds + 1;
		holds += step;
	}
	if (holds > l->count)
		holds = l->count;
	while (lacks < holds) {
		size_t middle = lacks + (holds - lacks) / 2;
		if (cib_store_is_ancestor(l->store, &l->links[middle].oid, tip))
			holds = middle;
		else
			lacks = middle + 1;
	}
	return holds;
}

static int note_synced(cib_fleet *f, cib_workspace *ws, const cib_oid *main_tip, const cib_oid *tips, int64_t now, cib_error *err)
{
	line l = {0};
	int status = load_line(&l, ws->store, main_tip, err);
	for (size_t i = 0; i < f->count && status == CIB_OK; i++) {
		cib_fleet_member *m = &f->items[i];
		size_t held = m->branch ? newest_held(&l, &tips[i]) : l.count;
		for (size_t k = held; k-- > 0;)
			if (is_news(&l, k) && m->missing++ == 0)
				m->behind = l.links[k].time;
		m->quiet = m->staff && m->missing && m->behind <= quiet_since(now);
	}
	free(l.links);
	return status;
}

static bool has_branches(const cib_workspace *ws)
{
	return !ws->member && cib_network_review_policy(ws->net)[0] != 'n';
}

int cib_fleet_load(cib_fleet *out, cib_workspace *ws, int64_t now, const char *lang, cib_error *err)
{
	cib_oid main_tip, *tips = NULL;
	*out = (cib_fleet){.synced = has_branches(ws)};
	cib_workspace_accepted(&main_tip, ws);
	int status = add_members(out, ws, now, err);
	tips = cib_alloc((out->count + 1) * sizeof *tips);
	for (size_t i = 0; i < out->count && out->synced; i++)
		out->items[i].branch = cib_member_tip(&tips[i], ws, out->items[i].member, NULL) == CIB_OK;
	if (status == CIB_OK)
		status = count_entries(out, ws, &main_tip, lang, err);
	if (status == CIB_OK)
		status = note_all_work(out, ws, &main_tip, tips, err);
	if (status == CIB_OK && out->synced)
		status = count_waiting(out, ws, err);
	if (status == CIB_OK && out->synced)
		status = note_synced(out, ws, &main_tip, tips, now, err);
	free(tips);
	return status;
}

/* Whoever lacks main as it was then has not synced since. */
int cib_fleet_quiet(size_t *out, cib_workspace *ws, int64_t now, cib_error *err)
{
	cib_oid main_tip, then, tip;
	cib_fleet f = {0};
	*out = 0;
	if (!has_branches(ws))
		return CIB_OK;
	cib_workspace_accepted(&main_tip, ws);
	int status = cib_freshness_then(&then, ws->store, &main_tip, quiet_since(now), err);
	if (status == CIB_OK)
		status = add_members(&f, ws, now, err);
	for (size_t i = 0; i < f.count && status == CIB_OK; i++) {
		const cib_fleet_member *m = &f.items[i];
		*out += m->staff && (cib_member_tip(&tip, ws, m->member, NULL) != CIB_OK || !cib_store_is_ancestor(ws->store, &then, &tip));
	}
	cib_fleet_clear(&f);
	if (status == CIB_NOTFOUND) /* the network is younger */
		cib_error_clear(err);
	return status == CIB_NOTFOUND ? CIB_OK : status;
}
