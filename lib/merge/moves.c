/* Moves: a value that one side removed from its place and put, unchanged, at another, while the other side edited it.
 * Then nothing was removed: the edit follows the value. Without this a renamed or regrouped field is "removed
 * here and edited there" and a person has to carry the edit over by hand.
 *
 * A move must be certain, for equal values may stand in two places by chance. Evidence: the value is equal; it has one
 * candidate; the name is the same; it weighs enough not to be repeated by chance ("true" weighs nothing);
 * members that stood beside it moved to the same object (`company`). See docs/merge.md, "Moves".
 *
 * When an object moved and its mover changed some of it, its edited members are looked for one by one. A value that
 * one side moved to another object and the other side renamed in its place gets both: new object and new name. */
#include "merge/private.h"

#include <stdlib.h>
#include <string.h>

enum { OURS = 1,
       THEIRS = 2,
       MOST_COMPARISONS = 2 * 1000 * 1000 };

typedef struct {
	const cJSON *value;
	const cJSON *parent; /* in base */
	const cJSON *left;   /* what became of the parent on the mover's side; NULL: it went too */
	const cJSON *other;  /* the value on the other side, NULL: it is not there */
	int mover;
} removed;

typedef struct {
	const cJSON *value;
	const cJSON *parent;      /* on the mover's side */
	const cJSON *base_parent; /* the same object in base, when it is one that base has */
	int mover;
} added;

typedef struct {
	removed *gone;
	size_t gone_count, gone_cap;
	added *come;
	size_t come_count, come_cap;
	bool edited; /* some value was removed here and edited there */
	cib_moves *out;
} search;

/* ---- what went and what came ---- */

static void add_gone(search *s, removed r)
{
	s->gone = cib_grow(s->gone, &s->gone_cap, s->gone_count + 1, sizeof *s->gone);
	s->gone[s->gone_count++] = r;
}

static void add_come(search *s, added a)
{
	s->come = cib_grow(s->come, &s->come_cap, s->come_count + 1, sizeof *s->come);
	s->come[s->come_count++] = a;
	for (const cJSON *c = a.value->child; c; c = c->next)
		add_come(s, (added){c, a.value, NULL, a.mover});
}

static void collect(search *s, const cJSON *base, const cJSON *ours, const cJSON *theirs)
{
	cib_members o = {ours, ours->child}, t = {theirs, theirs->child};
	for (const cJSON *c = base->child; c; c = c->next) {
		const cJSON *x = cib_members_get(&o, c->string), *y = cib_members_get(&t, c->string);
		if (!x)
			add_gone(s, (removed){c, base, ours, y, OURS});
		if (!y)
			add_gone(s, (removed){c, base, theirs, x, THEIRS});
		if (!x != !y)
			s->edited |= !cib_json_equal(c, x ? x : y);
		if (cJSON_IsObject(c) && cJSON_IsObject(x) && cJSON_IsObject(y))
			collect(s, c, x, y);
	}
	for (int side = OURS; side <= THEIRS; side++) {
		cib_members b = {base, base->child};
		for (const cJSON *c = side == OURS ? ours->child : theirs->child; c; c = c->next) /* what both added is no place to move to */
			if (!cib_members_get(&b, c->string) && !cib_json_get(side == OURS ? theirs : ours, c->string))
				add_come(s, (added){c, side == OURS ? ours : theirs, base, side});
	}
}

/* ---- evidence ---- */

static size_t weight(const cJSON *v)
{
	size_t n = 0;
	if (cJSON_IsString(v) || cJSON_IsNumber(v))
		return v->valuestring ? strlen(v->valuestring) : 1;
	for (const cJSON *c = v->child; c; c = c->next)
		n += 1 + weight(c);
	return n;
}

/* How many others of the removed value's siblings went to the object where the candidate stands. */
static size_t company(const removed *r, const added *a)
{
	size_t n = 0;
	for (const cJSON *c = r->parent->child; c; c = c->next) {
		if (c == r->value || cib_json_get(r->left, c->string))
			continue;
		const cJSON *there = cib_json_get(a->parent, c->string);
		n += there && there != a->value && weight(c) > 0 && cib_json_equal(there, c);
	}
	return n;
}

static bool same_name(const removed *r, const added *a)
{
	return a->value->string && strcmp(r->value->string, a->value->string) == 0;
}

/* Was an equal value removed from another place too? Then nobody knows which of them went where. */
static bool repeated(const search *s, const removed *r, bool named)
{
	for (size_t i = 0; i < s->gone_count; i++) {
		const removed *g = &s->gone[i];
		if (g->value != r->value && g->mover == r->mover && (!named || strcmp(g->value->string, r->value->string) == 0) &&
		    cib_json_equal(g->value, r->value))
			return true;
	}
	return false;
}

static bool taken(const search *s, const cJSON *to)
{
	for (size_t i = 0; i < s->out->count; i++)
		if (s->out->items[i].to == to || s->out->items[i].gone == to)
			return true;
	return false;
}

/* Where the removed value stands now, or NULL. */
static const added *find(const search *s, const removed *r)
{
	const added *best = NULL;
	size_t most = 0, equals = 0;
	bool tie = false;
	for (size_t i = 0; i < s->come_count; i++) {
		const added *a = &s->come[i];
		if (a->mover != r->mover || !a->value->string || !cib_json_equal(a->value, r->value) || taken(s, a->value))
			continue;
		size_t score = 2 * company(r, a) + same_name(r, a);
		equals++;
		tie = best && score == most;
		if (!best || score > most) {
			best = a;
			most = score;
			tie = false;
		}
	}
	if (!best || tie)
		return NULL;
	size_t with = company(r, best), heavy = weight(r->value);
	bool named = same_name(r, best);
	if (heavy == 0 || (equals > 1 && with < 2) || (with < 2 && repeated(s, r, named)))
		return NULL;
	if (named)
		return heavy >= 4 || with >= 1 ? best : NULL;
	bool renamed = best->base_parent == r->parent && heavy >= 4;
	return heavy >= 16 || with >= 2 || renamed ? best : NULL;
}

/* ---- what follows ---- */

static void add_move(search *s, cib_move move)
{
	s->out->items = cib_grow(s->out->items, &s->out->cap, s->out->count + 1, sizeof *s->out->items);
	s->out->items[s->out->count++] = move;
}

static bool follow(search *s, const removed *r);

/* The object itself is nowhere, but each of its members that the other side edited may be. */
static bool follow_members(search *s, const removed *r)
{
	size_t before = s->out->count;
	bool ok = cJSON_IsObject(r->value) && cJSON_IsObject(r->other);
	for (const cJSON *c = ok ? r->other->child : NULL; c && ok; c = c->next)
		ok = cib_json_get(r->value, c->string) != NULL; /* what was added has no place to follow to */
	for (const cJSON *c = ok ? r->value->child : NULL; c && ok; c = c->next) {
		const cJSON *y = cib_json_get(r->other, c->string);
		ok = (y && cib_json_equal(c, y)) || follow(s, &(removed){c, r->value, NULL, y, r->mover});
	}
	if (ok)
		add_move(s, (cib_move){.base = r->value, .other = r->other, .mover = r->mover});
	else
		s->out->count = before;
	return ok;
}

static bool follow(search *s, const removed *r)
{
	const added *a = find(s, r);
	if (!a)
		return follow_members(s, r);
	add_move(s, (cib_move){.base = r->value, .to = a->value, .other = r->other, .mover = r->mover});
	return true;
}

/* Both sides removed it: one moved it, keeping its name, the other renamed it where it stood. */
static void follow_both(search *s, const removed *ours, const removed *theirs)
{
	const added *o = find(s, ours), *t = find(s, theirs);
	if (!o || !t)
		return;
	bool o_stays = o->base_parent == ours->parent, t_stays = t->base_parent == theirs->parent;
	if (o_stays == t_stays || !same_name(o_stays ? theirs : ours, o_stays ? t : o))
		return;
	const added *to = o_stays ? t : o, *gone = o_stays ? o : t;
	add_move(s, (cib_move){.base = ours->value, .to = to->value, .gone = gone->value, .name = gone->value->string, .mover = to->mover});
}

void cib_find_moves(cib_moves *out, const cJSON *base, const cJSON *ours, const cJSON *theirs)
{
	search s = {.out = out};
	if (!cJSON_IsObject(base) || !cJSON_IsObject(ours) || !cJSON_IsObject(theirs))
		return;
	collect(&s, base, ours, theirs);
	if (s.edited && s.come_count && s.gone_count < MOST_COMPARISONS / s.come_count)
		for (size_t i = 0; i < s.gone_count; i++) {
			const removed *r = &s.gone[i], *next = i + 1 < s.gone_count ? r + 1 : NULL;
			if (r->other && !cib_json_equal(r->value, r->other))
				follow(&s, r);
			else if (r->mover == OURS && next && next->value == r->value) /* both removed it */
				follow_both(&s, r, next);
		}
	free(s.gone);
	free(s.come);
}

/* ---- what the merge asks ---- */

const cib_move *cib_move_from(const cib_merging *m, const cJSON *base)
{
	for (size_t i = 0; i < m->moves.count; i++)
		if (m->moves.items[i].base == base)
			return &m->moves.items[i];
	return NULL;
}

cib_move *cib_move_to(const cib_merging *m, const cJSON *side)
{
	for (size_t i = 0; i < m->moves.count; i++)
		if (m->moves.items[i].to == side)
			return &m->moves.items[i];
	return NULL;
}

bool cib_move_absorbed(const cib_merging *m, const cJSON *side)
{
	for (size_t i = 0; side && i < m->moves.count; i++)
		if (m->moves.items[i].gone == side)
			return true;
	return false;
}
