/* cib agree: entries of another member that this one owns, too: see what is proposed, and agree to it. */
#include "review.h"
#include "review/owners.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] = "agree MEMBER [ID...] [-m TEXT]";

static int show(cib_workspace *ws, const cib_review_queue *q)
{
	review_print p = {.stream = stdout, .width = cib_term_width(stdout), .colour = cib_term_colour(stdout), .selected = SIZE_MAX};
	cib_error err = CIB_ERROR_INIT;
	for (size_t i = 0; i < q->count; i++) {
		cib_review_detail d;
		if (cib_review_detail_load(&d, ws, &q->items[i], NULL, cib_term_lang(), &err) != CIB_OK)
			return cib_fail(&err);
		review_print_item(&p, ws, &q->items[i], &d);
		fputs(cib_owner_agreed(ws, ws->member, &q->items[i]) ? _("  You agreed to this version.\n") : _("  You have not agreed to this version.\n"), stdout);
		cib_review_detail_clear(&d);
	}
	return 0;
}

static int agree(cib_workspace *ws, const cib_review_queue *q, const char *member, const cib_words *ids, const char *text)
{
	cib_error err = CIB_ERROR_INIT;
	for (size_t k = 0; k < ids->count; k++) {
		size_t i = 0;
		while (i < q->count && strcmp(q->items[i].id, ids->items[k]) != 0)
			i++;
		if (i == q->count)
			return cib_usage("%s proposes nothing for %s that you own, too; what it does: cib agree %s", member, ids->items[k], member);
		if (cib_owner_agreed(ws, ws->member, &q->items[i]))
			fprintf(stderr, _("You agreed to this version of %s already.\n"), ids->items[k]);
		else if (cib_owner_agree(ws, &q->items[i], text ? text : _("Agreed."), &err) != CIB_OK)
			return cib_fail(&err);
		else
			fprintf(stderr, _("You agree to this version of %s. Next: cib sync\n"), ids->items[k]);
	}
	return 0;
}

/* Who names an entry alone is told whose it is, as far as that is known here. */
static int judge_member(cib_workspace *ws, const char *word)
{
	cib_buf path = CIB_BUF_INIT;
	cib_place place;
	int code = 0;
	if (cib_network_has_people(ws->net, word))
		return 0;
	if (cib_workspace_find(&path, &place, ws, word, NULL) != CIB_OK)
		code = cib_usage("there is no member %s: cib members lists them, and cib agree MEMBER what one proposes", word);
	else if (*place.member && strcmp(place.member, word) != 0)
		code = cib_usage("%s is an entry of %s: cib agree %s %s", word, place.member, place.member, word);
	cib_buf_free(&path);
	return code;
}

static int run(cib_workspace *ws, const cib_words *rest, const char *text)
{
	const char *member = rest->items[0];
	cib_words ids = {rest->items + 1, rest->count - 1, 0};
	cib_sync_options options;
	cib_error err = CIB_ERROR_INIT;
	cib_review_queue q = CIB_REVIEW_QUEUE_INIT;
	cib_sync_defaults(&options);
	int status = cib_member_fetch(ws, member, &options, &err), code;
	if (status == CIB_OFFLINE)
		fputs(_("No link: this is what was there when it was last seen.\n"), stderr);
	else if (status != CIB_OK)
		return cib_fail(&err);
	cib_error_clear(&err);
	if (cib_shared_list(&q, ws, member, &err) != CIB_OK)
		code = cib_fail(&err);
	else if (ids.count)
		code = agree(ws, &q, member, &ids, text);
	else {
		code = show(ws, &q);
		fprintf(stderr,
		        cib_ngettext("%zu entry of %s that you own, too, and that main does not have so\n", "%zu entries of %s that you own, too, and that main does not have so\n", q.count),
		        q.count, member);
	}
	cib_review_queue_free(&q);
	return code;
}

int cib_cmd_agree(int argc, char **argv)
{
	const char *text = NULL;
	cib_words rest = {0};
	const cib_opt opts[] = {{"message", 'm', CIB_OPT_TEXT, &text, "TEXT", N_("what to say with it")}, {0}};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	cib_workspace *ws = NULL;
	if (rest.count == 0 || !cib_name_ok(rest.items[0], strlen(rest.items[0])))
		code = cib_usage("whose entries?\nusage: cib %s", usage);
	else if (text && (!*text || !cib_utf8_valid(text, strlen(text)) || strlen(text) > 8000))
		code = cib_usage("the text has at most 8,000 bytes of UTF-8");
	else if ((code = cib_open(&ws)))
		code--;
	else if (!ws->member)
		code = cib_usage("members agree; the secretariat accepts: cib review");
	else if ((code = judge_member(ws, rest.items[0])) == 0)
		code = run(ws, &rest, text);
	cib_workspace_free(ws);
	free((void *)(uintptr_t)rest.items);
	return code;
}
