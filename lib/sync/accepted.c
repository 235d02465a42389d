/* What the secretariat accepted of a branch by itself. That is a commit on main with the entries alone, so that main's history does not hold
 * what it took them from:
 *
 *     member   b---v---w          w goes on from v, and so does A: of this entry v is the base of the two, not b
 *             /     .
 *     main   b---m---A---n        A: v accepted, joined with what main had of its own in m
 *
 * With b for the base, a value that w set back to what b has would pass for untouched. So A says what it accepted of each file, and behind it the
 * versions that this one goes on from, newest first, and last the one where the two sides met, by the first 12 digits of their ids in letters:
 *
 *     Accepted: m-andal/projects/p-7k2m9q4x1c.json eahfcpmbdloi bjlpaehcnkdg on coakjdplabeh
 *
 * What two sides have in common of a file is then found as a diff finds what two texts have in common: it is the newest version of the longest row
 * that both went through. */
#include "sync/private.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define MEMBERS "members/"
#define LINE    "\nAccepted: "
#define ON      " on "

enum { DIGITS = 12,
       KNOWN = DIGITS / 2, /* bytes of an id that are compared */
       DEEP = 24,          /* versions in a line of a message */
       LONG = 4096 };      /* versions that are looked at of what a side went through */

typedef struct {
	cib_oid *items; /* newest first, none twice in a row */
	size_t count, cap;
} versions;

static bool is_same(const cib_oid *a, const cib_oid *b)
{
	return memcmp(a->id, b->id, KNOWN) == 0;
}

static void add_version(versions *list, const cib_oid *oid)
{
	if (list->count >= LONG || (list->count && is_same(&list->items[list->count - 1], oid)))
		return;
	list->items = cib_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
	list->items[list->count++] = *oid;
}

/* ---- what an acceptance says ---- */

bool cib_is_acceptance(const cib_commit *commit)
{
	const char *at = commit->message;
	if (!strstr(commit->author_email, "@secretariat.cib.invalid"))
		return false;
	while (at && strncmp(at, "Accept ", 7) != 0 && strncmp(at, "- Accept ", 9) != 0) /* as it was made, or made anew (resend.c) */
		at = (at = strchr(at, '\n')) ? at + 1 : NULL;
	return at != NULL;
}

/* What the first of the list goes on from: the branch may have moved on since somebody looked at that. */
typedef struct {
	versions list;
	bool begun;
} lineage;

static int note_version(const cib_oid *commit, const cib_oid *before, const cib_oid *after, void *payload)
{
	lineage *l = payload;
	(void)commit;
	(void)before;
	l->begun = l->begun || is_same(after, &l->list.items[0]);
	if (l->begun)
		add_version(&l->list, after);
	return 0;
}

static void write_version(cib_buf *line, const char *before, const cib_oid *version)
{
	char letters[CIB_OID_HEX];
	cib_oid_letters(letters, version);
	cib_buf_addf(line, "%s%.*s", before, DIGITS, letters);
}

/* What stands at the path in a commit or a tree; zero: nothing. */
static int look(cib_oid *out, cib_store *store, const cib_oid *commit, const char *path, cib_error *err)
{
	unsigned mode;
	int status = cib_oid_is_zero(commit) ? CIB_NOTFOUND : cib_store_tree_get(out, &mode, store, commit, path, err);
	if (status != CIB_NOTFOUND)
		return status;
	cib_error_clear(err);
	*out = (cib_oid){{0}};
	return CIB_OK;
}

int cib_accepted_write(cib_buf *line, bool *alone, cib_store *store, const char *path, const cib_oid *version, const cib_oid *tip, const cib_meeting *met, cib_error *err)
{
	lineage l = {0};
	cib_oid base;
	add_version(&l.list, version);
	int status = cib_store_path_passed(store, tip, met->bases, met->count, path, note_version, &l, err);
	if (status == CIB_OK)
		status = look(&base, store, &met->had, path, err);
	*alone = l.list.count == 1;
	if (status == CIB_OK) {
		cib_buf_addf(line, "%s%s", LINE + 1, path + sizeof MEMBERS - 1);
		for (size_t i = 0; i < l.list.count && i < DEEP; i++)
			write_version(line, " ", &l.list.items[i]);
		write_version(line, ON, &base);
		cib_buf_addc(line, '\n');
	}
	free(l.list.items);
	return status;
}

const char *cib_accepted_next(size_t *len, const char *message)
{
	const char *at = strstr(message, LINE);
	*len = at ? 1 + strcspn(at + 1, "\n") : 0;
	return at;
}

/* on: where they met. */
static bool read_line(versions *list, cib_oid *on, const char *line, size_t len, const char *path)
{
	const char *at = line + sizeof LINE - 1, *end = line + len;
	size_t n = strlen(path + sizeof MEMBERS - 1);
	if (len < sizeof LINE - 1 + n || strncmp(at, path + sizeof MEMBERS - 1, n) != 0 || at[n] != ' ')
		return false;
	for (at += n; at + 1 + DIGITS <= end && *at == ' '; at += 1 + DIGITS) {
		cib_oid oid;
		if (!cib_oid_from_letters(&oid, at + 1, DIGITS))
			break;
		add_version(list, &oid);
	}
	size_t left = (size_t)(end - at);
	return left >= sizeof ON - 1 + DIGITS && strncmp(at, ON, sizeof ON - 1) == 0 && cib_oid_from_letters(on, at + sizeof ON - 1, DIGITS);
}

/* ---- what a side went through ---- */

typedef struct {
	const cib_acceptance *how;
	const cib_oid *bases;
	versions line;
	versions *accepted; /* by each acceptance: what main got, and behind it what the message says; newest first */
	size_t count, cap;
	bool at_base;           /* what stood where they met was accepted since: whoever goes on from there knows of it */
	bool by_itself, at_all; /* something was accepted so, or with the member's history */
	cib_error *err;
} side;

static versions *add_row(side *s)
{
	s->accepted = cib_grow(s->accepted, &s->cap, s->count + 1, sizeof *s->accepted);
	s->accepted[s->count] = (versions){0};
	return &s->accepted[s->count++];
}

static void drop_rows(side *s, size_t first)
{
	while (s->count > first)
		free(s->accepted[--s->count].items);
}

/* Leave what is newer than the version, where that is among them. */
static bool cut_at(versions *list, const cib_oid *version)
{
	for (size_t i = 0; i < list->count; i++)
		if (is_same(&list->items[i], version)) {
			list->count = i;
			return true;
		}
	return false;
}

/* What is older than where the two sides meet by now is past. `goes_on`: it is not, by the history. Where the same
 * acceptances were made anew as one, the last line is the newest. */
static void note_acceptance(side *s, const cib_commit *c, const cib_oid *after, bool goes_on)
{
	size_t first = s->count, len;
	bool at_base = is_same(after, s->how->base);
	for (const char *at = cib_accepted_next(&len, c->message); at; at = cib_accepted_next(&len, at + len)) {
		versions *row = add_row(s);
		cib_oid on;
		if (!read_line(row, &on, at, len, s->how->path))
			drop_rows(s, s->count - 1);
		else if (is_same(&on, s->how->base))
			goes_on = true;
		else
			at_base = cut_at(row, s->how->base) || at_base;
	}
	s->at_base = s->at_base || at_base;
	if (!goes_on && !at_base) {
		drop_rows(s, first);
		return;
	}
	if (s->count == first)
		add_row(s);
	for (size_t i = first, k = s->count - 1; i < k; i++, k--) {
		versions swap = s->accepted[i];
		s->accepted[i] = s->accepted[k];
		s->accepted[k] = swap;
	}
	versions *newest = &s->accepted[first], said = *newest;
	*newest = (versions){0};
	if (!is_same(after, s->how->base))
		add_version(newest, after);
	for (size_t i = 0; i < said.count; i++)
		add_version(newest, &said.items[i]);
	free(said.items);
}

/* Did it come in with its history, so that another parent has it? */
static int is_from_parent(bool *yes, const side *s, const cib_commit *c, const cib_oid *version)
{
	int status = CIB_OK;
	*yes = false;
	for (size_t i = 1; status == CIB_OK && !*yes && i < c->parent_count; i++) {
		cib_oid there;
		status = look(&there, s->how->store, &c->parents[i], s->how->path, s->err);
		*yes = status == CIB_OK && cib_oid_equal(&there, version);
	}
	return status;
}

static bool goes_on_from_base(const side *s, const cib_oid *commit)
{
	bool yes = s->how->base_count == 0;
	for (size_t i = 0; !yes && i < s->how->base_count; i++)
		yes = cib_store_is_ancestor(s->how->store, &s->bases[i], commit);
	return yes;
}

static int note_step(const cib_oid *commit, const cib_oid *before, const cib_oid *after, void *payload)
{
	side *s = payload;
	cib_commit c;
	bool taken_over;
	(void)before;
	add_version(&s->line, after);
	int status = cib_store_commit_read(&c, s->how->store, commit, s->err);
	if (status != CIB_OK)
		return status;
	status = is_from_parent(&taken_over, s, &c, after);
	bool made = status == CIB_OK && !taken_over, accepts = made && cib_is_acceptance(&c);
	if (accepts)
		note_acceptance(s, &c, after, goes_on_from_base(s, commit));
	s->by_itself = s->by_itself || accepts;
	s->at_all = s->at_all || accepts || (made && !strstr(c.author_email, "@secretariat.cib.invalid"));
	cib_commit_clear(&c);
	return status;
}

static void clear_side(side *s)
{
	drop_rows(s, 0);
	free(s->accepted);
	free(s->line.items);
}

/* ---- what both went through ---- */

typedef struct {
	size_t length, at; /* of the row; where the newest of it stands in what the first side went through */
	cib_oid newest;
} common;

/* The longest common subsequence, at the oldest place where it is. */
static void compare(common *best, const versions *a, const versions *b)
{
	size_t wide = b->count + 1, i = a->count, k;
	uint16_t *length = cib_alloc((a->count + 1) * wide * sizeof *length); /* of what is common from a[i] and b[k] on */
	while (i-- > 0)
		for (k = b->count; k-- > 0;) {
			uint16_t down = length[(i + 1) * wide + k], right = length[i * wide + k + 1];
			length[i * wide + k] = is_same(&a->items[i], &b->items[k]) ? (uint16_t)(length[(i + 1) * wide + k + 1] + 1) : down > right ? down
			                                                                                                                           : right;
		}
	size_t all = length[0];
	for (i = k = 0; all && (length[(i + 1) * wide + k] == all || length[i * wide + k + 1] == all);)
		if (length[(i + 1) * wide + k] == all)
			i++;
		else
			k++;
	free(length);
	if (all > best->length || (all && all == best->length && i < best->at))
		*best = (common){all, i, a->items[i]};
}

/* The whole id of a version of which some digits are known. */
static bool find_whole(cib_oid *version, const side *sides)
{
	for (size_t s = 0; s < 2; s++)
		for (size_t i = 0; i < sides[s].line.count; i++)
			if (is_same(&sides[s].line.items[i], version)) {
				*version = sides[s].line.items[i];
				return true;
			}
	return false;
}

int cib_accepted_find(cib_accepted *out, cib_oid *version, const cib_acceptance *how, cib_error *err)
{
	side sides[2] = {{.how = how, .bases = how->bases[0], .err = err}, {.how = how, .bases = how->bases[1], .err = err}};
	common best = {0};
	int status = CIB_OK;
	*out = CIB_ACCEPTED_NONE;
	for (size_t s = 0; status == CIB_OK && s < 2; s++)
		status = cib_store_path_passed(how->store, how->tips[s], how->bases[s], how->base_count, how->path, note_step, &sides[s], err);
	for (size_t i = 0; status == CIB_OK && i < sides[1].count; i++) {
		compare(&best, &sides[0].line, &sides[1].accepted[i]);
		for (size_t k = 0; k < sides[0].count; k++)
			compare(&best, &sides[0].accepted[k], &sides[1].accepted[i]);
	}
	for (size_t i = 0; status == CIB_OK && i < sides[0].count; i++)
		compare(&best, &sides[1].line, &sides[0].accepted[i]);
	*version = best.length ? best.newest : *how->base;
	bool is_common = best.length ? find_whole(version, sides) : sides[0].at_base || sides[1].at_base;
	if (status == CIB_OK && is_common)
		*out = CIB_ACCEPTED_VERSION;
	else if (status == CIB_OK && ((sides[0].by_itself && sides[1].by_itself) || (how->mains && ((sides[0].by_itself && sides[1].at_all) || (sides[0].at_all && sides[1].by_itself)))))
		*out = CIB_ACCEPTED_APART;
	clear_side(&sides[0]);
	clear_side(&sides[1]);
	return status;
}
