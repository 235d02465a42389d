/* cib review: what waits for the secretariat, field by field, and its decisions. */
#include "review.h"
#include "review/happened.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char usage[] = "review [MEMBER] [--kind KIND] [--state STATE] [--new] [--clean] [--with WHAT] [--older DAYS] [--sort BY]\n"
			    "                  [--interactive | --counts] [--json]\n"
			    "       cib review show [MEMBER [ID]] [--format text|html|json]\n"
			    "       cib review accept MEMBER [ID...] [-m TEXT]\n"
			    "       cib review return MEMBER ID... -m COMMENT [--field POINTER]\n"
			    "       cib review decline MEMBER ID... -m REASON\n"
			    "       cib review stats [MEMBER] [--since DAY] [--json]";

typedef struct {
	const char *message, *field, *format, *older, *since;
	int64_t begin; /* of stats: --since as a time, 0 from the beginning */
	cib_review_filter filter;
	bool json, interactive, counts;
	cib_words ids;
} wish;

/* ---- items ---- */

static void print_json(cib_workspace *ws, const cib_review_item *item, const cib_review_detail *d)
{
	cJSON *row = cib_review_item_json(ws, item, d, cib_term_lang());
	cib_print_json(stdout, row);
	cJSON_Delete(row);
}

static int show(cib_workspace *ws, const cib_review_queue *q, const char *format)
{
	cib_error err = CIB_ERROR_INIT;
	cib_duplicates *index = NULL;
	int code = 0;
	if (q->count)
		cib_duplicates_open(&index, ws, NULL);
	if (strcmp(format, "html") == 0)
		code = review_print_html(stdout, ws, index, q->items, q->count);
	review_print p = {.stream = stdout, .width = cib_term_width(stdout), .colour = cib_term_colour(stdout), .pointers = true, .selected = SIZE_MAX};
	for (size_t i = 0; i < q->count && code == 0 && strcmp(format, "html") != 0; i++) {
		cib_review_detail d;
		if (cib_review_detail_load(&d, ws, &q->items[i], index, cib_term_lang(), &err) != CIB_OK)
			code = cib_fail(&err);
		else if (strcmp(format, "json") == 0)
			print_json(ws, &q->items[i], &d);
		else
			review_print_item(&p, ws, &q->items[i], &d);
		if (strcmp(format, "text") == 0 && i + 1 < q->count)
			fputc('\n', stdout);
		cib_review_detail_clear(&d);
	}
	cib_duplicates_free(index);
	return code;
}

/* ---- decisions ---- */

/* The items that are meant: those named, or with none named all that wait. */
static int choose(cib_review_queue *out, const cib_review_queue *q, const wish *w)
{
	for (size_t k = 0; k < w->ids.count; k++) {
		const cib_review_item *item = cib_review_find(q, w->filter.member, w->ids.items[k], NULL);
		if (!item)
			return cib_usage("%s of %s does not wait for review; what does: cib review %s", w->ids.items[k], w->filter.member, w->filter.member);
		out->items[out->count++] = *item;
	}
	for (size_t i = 0; i < q->count && w->ids.count == 0; i++)
		if (q->items[i].state == CIB_REVIEW_PENDING)
			out->items[out->count++] = q->items[i];
	return 0;
}

static bool has_field(cib_workspace *ws, const cib_review_item *item, const char *field)
{
	cib_review_detail d;
	bool there = cib_review_detail_load(&d, ws, item, NULL, NULL, NULL) == CIB_OK && cib_review_has_field(&d, field);
	cib_review_detail_clear(&d);
	return there;
}

static int decide(cib_workspace *ws, const cib_review_queue *q, const wish *w, cib_decision_kind kind)
{
	cib_review_queue meant = {cib_alloc((q->count + w->ids.count + 1) * sizeof *meant.items), 0, 0};
	cib_decision *list = cib_alloc((q->count + w->ids.count + 1) * sizeof *list);
	cib_review_comment comment = {cib_strdup(w->field ? w->field : ""), cib_strdup(w->message ? w->message : "")};
	cib_error err = CIB_ERROR_INIT;
	int code = 0;
	if (kind != CIB_DECIDE_ACCEPT && (!w->ids.count || !w->message))
		code = cib_usage("an id and a comment (-m) are needed\nusage: cib %s", usage);
	else if (w->message && !cib_utf8_valid(w->message, strlen(w->message)))
		code = cib_usage("the comment is not UTF-8");
	if (code == 0)
		code = choose(&meant, q, w);
	for (size_t i = 0; i < meant.count && code == 0; i++) {
		if (w->field && !has_field(ws, &meant.items[i], w->field))
			code = cib_usage("%s has no field %s; its fields: cib review show %s %s", meant.items[i].id, w->field, w->filter.member, meant.items[i].id);
		list[i] = (cib_decision){.item = &meant.items[i], .kind = kind, .comments = &comment, .comment_count = kind == CIB_DECIDE_ACCEPT && !w->field ? 0 : 1};
	}
	if (code == 0 && meant.count == 0)
		fprintf(stderr, _("Nothing of %s waits for review.\n"), w->filter.member);
	else if (code == 0 && cib_review_decide(ws, list, meant.count, kind == CIB_DECIDE_ACCEPT ? w->message : NULL, &err) != CIB_OK)
		code = cib_fail(&err);
	else if (code == 0 && meant.count == 1)
		fprintf(stderr, kind == CIB_DECIDE_ACCEPT ? _("Accepted %s of %s. Next: cib sync\n") : kind == CIB_DECIDE_RETURN ? _("Returned %s of %s. Next: cib sync\n")
		                                                                                                                 : _("Declined %s of %s. Next: cib sync\n"),
		        meant.items[0].id, w->filter.member);
	else if (code == 0)
		fprintf(stderr, kind == CIB_DECIDE_ACCEPT ? _("Accepted %zu of %s. Next: cib sync\n") : kind == CIB_DECIDE_RETURN ? _("Returned %zu of %s. Next: cib sync\n")
		                                                                                                                  : _("Declined %zu of %s. Next: cib sync\n"),
		        meant.count, w->filter.member);
	free(meant.items);
	free(list);
	free(comment.pointer);
	free(comment.text);
	return code;
}

int review_finish(cib_review_session *session)
{
	cib_review_outcome out;
	cib_error err = CIB_ERROR_INIT;
	int code = cib_review_session_finish(&out, session, &err) == CIB_OK ? 0 : cib_fail(&err);
	fputs(cib_buf_str(&out.notes), stderr);
	fprintf(stderr, _("Accepted %zu, returned %zu, declined %zu."), out.accepted, out.returned, out.declined);
	if (out.before)
		fprintf(stderr, cib_ngettext(" %zu had been carried out before.", " %zu had been carried out before.", out.before), out.before);
	if (out.stale)
		fprintf(stderr, cib_ngettext(" %zu changed meanwhile and waits again.", " %zu changed meanwhile and wait again.", out.stale), out.stale);
	fputs(out.accepted + out.returned + out.declined + out.before ? _(" Next: cib sync\n") : "\n", stderr);
	if (code == 0 && out.notes.len)
		code = CIB_FINDINGS;
	cib_buf_free(&out.notes);
	return code;
}

/* ---- the command ---- */

/* The queue without what only an opened item shows: enough for decisions, and much cheaper. */
static void filter(cib_review_queue *out, const cib_review_queue *q, const wish *w)
{
	for (size_t i = 0; i < q->count; i++) {
		const cib_review_item *item = &q->items[i];
		if ((!w->filter.kind || strcmp(w->filter.kind, item->kind) == 0) && (!w->filter.state || strcmp(w->filter.state, cib_review_state_word(item->state)) == 0))
			out->items[out->count++] = *item;
	}
}

static int act(cib_workspace *ws, const char *action, wish *w)
{
	cib_review_queue q = CIB_REVIEW_QUEUE_INIT;
	cib_error err = CIB_ERROR_INIT;
	int code;
	if (action && strcmp(action, "stats") == 0)
		return review_print_stats(ws, w->begin, w->filter.member, w->json);
	if (cib_review_list(&q, ws, w->filter.member, &err) != CIB_OK)
		return cib_fail(&err);
	cib_review_queue some = {cib_alloc((q.count + 1) * sizeof *some.items), 0, 0};
	filter(&some, &q, w);
	if (!action) {
		code = review_screen(ws, &some);
	} else if (strcmp(action, "show") == 0) {
		cib_review_queue named = {cib_alloc((q.count + w->ids.count + 1) * sizeof *named.items), 0, 0};
		code = w->ids.count ? choose(&named, &some, w) : 0;
		if (code == 0)
			code = show(ws, w->ids.count ? &named : &some, w->format ? w->format : w->json ? "json"
			                                                                               : "text");
		free(named.items);
	} else
		code = decide(ws, &some, w, strcmp(action, "accept") == 0 ? CIB_DECIDE_ACCEPT : strcmp(action, "return") == 0 ? CIB_DECIDE_RETURN
		                                                                                                              : CIB_DECIDE_DECLINE);
	free(some.items);
	cib_review_queue_free(&q);
	return code;
}

static int look(cib_workspace *ws, const wish *w)
{
	cib_review_overview o;
	cib_error err = CIB_ERROR_INIT;
	int code = cib_review_overview_load(&o, ws, &w->filter, cib_term_lang(), &err) == CIB_OK ? 0 : cib_fail(&err);
	if (code == 0 && (w->interactive || (w->json && !w->counts))) {
		cib_review_queue some = {cib_alloc((o.count + 1) * sizeof *some.items), o.count, 0};
		for (size_t i = 0; i < o.count; i++)
			some.items[i] = *o.rows[i].item;
		code = w->interactive ? review_screen(ws, &some) : show(ws, &some, "json");
		free(some.items);
	} else if (code == 0 && w->counts) {
		code = review_print_counts(&o, w->json);
	} else if (code == 0) {
		code = review_print_queue(&o);
		cib_review_overview_looked(&o, ws);
	}
	cib_review_overview_clear(&o);
	return code;
}

/* Does the wish need what only an opened item shows? */
static bool is_choosy(const wish *w)
{
	const cib_review_filter *f = &w->filter;
	return f->with || f->sort || f->only_new || f->clean || f->older_days;
}

static int understand(const char **action, wish *w, const cib_words *rest)
{
	static const char *const actions[] = {"show", "stats", "accept", "return", "decline"};
	static const char *const formats[] = {"text", "html", "json"};
	size_t at;
	*action = NULL;
	for (size_t i = 0; i < 5 && rest->count && !*action; i++)
		if (strcmp(rest->items[0], actions[i]) == 0)
			*action = actions[i];
	at = *action != NULL;
	if (rest->count > at)
		w->filter.member = rest->items[at++];
	if (rest->count > at)
		w->ids = (cib_words){rest->items + at, rest->count - at, 0};
	if (!*action && w->ids.count)
		return cib_usage("'%s' is none of show, accept, return, decline, stats\nusage: cib %s", w->filter.member, usage);
	if (*action && strcmp(*action, "show") != 0 && strcmp(*action, "stats") != 0 && !w->filter.member)
		return cib_usage("which member?\nusage: cib %s", usage);
	bool known = !w->format;
	for (size_t i = 0; i < 3; i++)
		known |= w->format && strcmp(w->format, formats[i]) == 0;
	if (!known)
		return cib_usage("the format is text, html or json");
	w->begin = w->since ? cib_since_of(w->since, (int64_t)time(NULL)) : 0;
	if (w->begin < 0)
		return cib_usage("'%s' is no day; --since takes 2026-03-02, or 14d for 14 days ago", w->since);
	const char *odd = cib_review_filter_unknown(&w->filter);
	w->filter.older_days = w->older ? atoi(w->older) : 0;
	if (w->older && w->filter.older_days < 1)
		return cib_usage("--older wants a number of days");
	return odd ? cib_usage("'%s' is not known; --state: pending, returned, declined; --with: errors, warnings, conflicts, duplicates; --sort: member, kind, age, size", odd) : 0;
}

int cib_cmd_review(int argc, char **argv)
{
	wish w = {0};
	cib_words rest = {0};
	const char *action;
	const cib_opt opts[] = {
		{"message", 'm', CIB_OPT_TEXT, &w.message, "TEXT", N_("what to tell the member")},
		{"field", 'f', CIB_OPT_TEXT, &w.field, "POINTER", N_("the field that the comment is about, e.g. /title/en")},
		{"interactive", 'i', CIB_OPT_FLAG, &w.interactive, NULL, N_("entry by entry on the whole screen")},
		{"kind", 'k', CIB_OPT_TEXT, &w.filter.kind, "KIND", N_("only entries of this kind")},
		{"state", 's', CIB_OPT_TEXT, &w.filter.state, "STATE", N_("only pending, returned or declined ones")},
		{"new", 'n', CIB_OPT_FLAG, &w.filter.only_new, NULL, N_("only what changed since the last look")},
		{"clean", 0, CIB_OPT_FLAG, &w.filter.clean, NULL, N_("only those that nothing speaks against")},
		{"with", 'w', CIB_OPT_TEXT, &w.filter.with, "WHAT", N_("only those with errors, warnings, conflicts or duplicates")},
		{"older", 0, CIB_OPT_TEXT, &w.older, "DAYS", N_("only those that wait at least so long")},
		{"sort", 0, CIB_OPT_TEXT, &w.filter.sort, "BY", N_("member (the default), kind, age (oldest first) or size (smallest first)")},
		{"counts", 'c', CIB_OPT_FLAG, &w.counts, NULL, N_("only how many wait, by member")},
		{"format", 0, CIB_OPT_TEXT, &w.format, "FORMAT", N_("of show: text, html (one page to mail around) or json")},
		{"since", 0, CIB_OPT_TEXT, &w.since, "DAY", N_("of stats: the first day, as 2026-03-02, or so many days ago, as 90d")},
		{"json", 0, CIB_OPT_FLAG, &w.json, NULL, N_("as JSON lines")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	cib_workspace *ws = NULL;
	code = understand(&action, &w, &rest);
	if (code == 0 && (code = cib_open(&ws)))
		code--;
	else if (code == 0 && ws->member)
		code = cib_usage("review is the secretariat's; see how your own entries stand with: cib status");
	else if (code == 0 && w.filter.kind && !cib_network_kind(ws->net, w.filter.kind))
		code = cib_unknown_kind(ws, w.filter.kind);
	else if (code == 0)
		code = action || (w.interactive && !is_choosy(&w)) ? act(ws, action, &w) : look(ws, &w);
	cib_workspace_free(ws);
	free((void *)(uintptr_t)rest.items);
	return code;
}
