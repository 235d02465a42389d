/* cib duplicates: entries that may be about one thing, and saying so. */
#include "review.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] = "duplicates [ID...] [--all] [--json]\n"
			    "       cib duplicates --link ID OTHER\n"
			    "       cib duplicates --distinct ID OTHER";

typedef struct {
	cib_workspace *ws;
	cib_duplicates *index;
	bool json, all;
	size_t shown;
	cJSON *pairs; /* shown already, from the other side: "a b" */
} listing;

void cib_print_duplicates(FILE *stream, const cib_duplicate_list *list, size_t indent)
{
	for (size_t i = 0; i < list->count; i++) {
		const cib_duplicate *d = &list->items[i];
		char *why = d->same_identifier ? cib_strdup(_("same identifier")) : cib_format(_("similar to %d %%"), d->score);
		fprintf(stream, "%*s", (int)indent, "");
		fprintf(stream, d->linked ? _("linked with %s of %s, %s: ") : _("may be the same as %s of %s, %s: "), d->id, d->member, why); /* NOLINT(clang-analyzer-unix.Malloc): the list was closed up behind what drop_shown freed */
		cib_print_clean(stream, d->title);
		fputc('\n', stream);
		free(why);
	}
}

/* Entries that came, or were sent, and may be the same as others: each side hears of its own. */
void cib_print_new_duplicates(cib_workspace *ws)
{
	enum { SHOWN = 5 };
	cib_duplicates *index = NULL;
	const char *path;
	size_t pairs = 0;
	if (cib_duplicates_open(&index, ws, NULL) != CIB_OK)
		return;
	for (size_t i = 0; !cib_duplicates_news(index, CIB_DUPLICATES_NEWS) && (path = cib_duplicates_news(index, i)); i++) {
		cib_buf text = CIB_BUF_INIT;
		cib_place place;
		cib_duplicate_list list = {0};
		cJSON *doc = NULL;
		cib_network_place(&place, ws->net, path);
		if (cib_review_text(&text, ws, path, NULL) == CIB_OK && cib_json_read(&doc, text.data, text.len, NULL, NULL) == CIB_OK)
			cib_duplicates_find(&list, index, path, doc, cib_term_lang(), NULL);
		for (size_t k = 0; k < list.count; k++) {
			const cib_duplicate *d = &list.items[k];
			if (d->linked || (ws->member && strcmp(ws->member, place.member) != 0 && strcmp(ws->member, d->member) != 0))
				continue;
			if (pairs++ < SHOWN)
				fprintf(stderr, _("%s of %s may be the same as %s of %s.\n"), place.id, place.member, d->id, d->member);
		}
		cib_duplicate_list_clear(&list);
		cJSON_Delete(doc);
		cib_buf_free(&text);
	}
	if (pairs)
		fprintf(stderr, cib_ngettext("%zu possible duplicate. Next: cib duplicates\n", "%zu possible duplicates. Next: cib duplicates\n", pairs), pairs);
	cib_duplicates_free(index);
}

static void print_json(const char *id, const cib_place *place, const cib_duplicate *d)
{
	cJSON *row = cJSON_CreateObject();
	cJSON_AddNumberToObject(row, "v", 1);
	cJSON_AddStringToObject(row, "id", id);
	cJSON_AddStringToObject(row, "member", place->member);
	cJSON_AddStringToObject(row, "other", d->id); /* NOLINT(clang-analyzer-unix.Malloc): as above */
	cJSON_AddStringToObject(row, "otherMember", d->member);
	cJSON_AddStringToObject(row, "otherTitle", d->title);
	cJSON_AddNumberToObject(row, "score", d->score);
	cJSON_AddStringToObject(row, "by", d->same_identifier ? "identifier" : "title");
	cJSON_AddBoolToObject(row, "linked", d->linked);
	cib_print_json(stdout, row);
	cJSON_Delete(row);
}

/* Each pair once, whichever side comes first. */
static void drop_shown(listing *l, cib_duplicate_list *list, const char *id)
{
	size_t n = 0;
	for (size_t i = 0; i < list->count; i++) {
		cib_duplicate *d = &list->items[i];
		char *pair = strcmp(id, d->id) < 0 ? cib_format("%s %s", id, d->id) : cib_format("%s %s", d->id, id);
		if ((!l->all && d->linked) || cib_json_get(l->pairs, pair)) {
			free(d->path);
			free(d->id);
			free(d->member);
			free(d->title);
		} else {
			cJSON_AddTrueToObject(l->pairs, pair);
			list->items[n++] = *d;
		}
		free(pair);
	}
	list->count = n;
}

static int show(const char *path, const cib_place *place, const char *text, size_t len, void *payload)
{
	listing *l = payload;
	cJSON *doc = NULL;
	cib_duplicate_list list = {0};
	if (place->area == CIB_AREA_MEMBER && place->kind && cib_json_read(&doc, text, len, NULL, NULL) == CIB_OK) {
		cib_duplicates_find(&list, l->index, path, doc, cib_term_lang(), NULL);
		drop_shown(l, &list, place->id);
		for (size_t i = 0; i < list.count && l->json; i++)
			print_json(place->id, place, &list.items[i]);
		if (list.count && !l->json) {
			printf(_("%s of %s: "), place->id, place->member);
			cib_print_clean(stdout, cib_entry_title(doc, cib_term_lang()));
			fputc('\n', stdout);
			cib_print_duplicates(stdout, &list, 4);
		}
		l->shown += list.count;
	}
	cib_duplicate_list_clear(&list);
	cJSON_Delete(doc);
	return 0;
}

/* An entry as it stands here, or for the secretariat on its member's branch. */
static int read_entry(cib_buf *path, cib_place *place, cib_buf *text, cib_workspace *ws, const char *id, cib_error *err)
{
	int status = cib_review_find_entry(path, place, ws, id, err);
	if (status == CIB_OK)
		status = cib_review_text(text, ws, path->data, err);
	return status;
}

static int show_some(listing *l, const cib_words *ids)
{
	cib_error err = CIB_ERROR_INIT;
	int code = 0;
	for (size_t i = 0; i < ids->count && code == 0; i++) {
		cib_buf path = CIB_BUF_INIT, text = CIB_BUF_INIT;
		cib_place place;
		if (read_entry(&path, &place, &text, l->ws, ids->items[i], &err) != CIB_OK)
			code = cib_fail(&err);
		else
			show(path.data, &place, text.data, text.len, l);
		cib_buf_free(&path);
		cib_buf_free(&text);
	}
	return code;
}

/* Staff: the own entries; the secretariat: what is accepted, and what waits. */
static int show_all(listing *l)
{
	cib_error err = CIB_ERROR_INIT;
	cib_review_queue q = CIB_REVIEW_QUEUE_INIT;
	int status = cib_workspace_each(l->ws, l->ws->member, NULL, show, l, &err);
	if (status == CIB_OK && !l->ws->member)
		status = cib_review_list(&q, l->ws, NULL, &err);
	for (size_t i = 0; i < q.count && status == CIB_OK; i++) {
		cib_buf text = CIB_BUF_INIT;
		cib_place place;
		cib_network_place(&place, l->ws->net, q.items[i].path);
		if (!cib_oid_is_zero(&q.items[i].proposed) && cib_store_blob_read(&text, l->ws->store, &q.items[i].proposed, 0, NULL) == CIB_OK)
			show(q.items[i].path, &place, text.data, text.len, l);
		cib_buf_free(&text);
	}
	cib_review_queue_free(&q);
	return status == CIB_OK ? 0 : cib_fail(&err);
}

/* Write into the first entry that it is, or is not, the second. */
static int say(cib_workspace *ws, const cib_words *ids, bool link)
{
	cib_error err = CIB_ERROR_INIT;
	cib_buf path = CIB_BUF_INIT, other = CIB_BUF_INIT, text = CIB_BUF_INIT;
	cib_place place, other_place;
	cJSON *doc = NULL;
	int code = 0, status = cib_review_find_entry(&other, &other_place, ws, ids->items[1], &err);
	if (status == CIB_OK)
		status = cib_review_find_entry(&path, &place, ws, ids->items[0], &err);
	if (status == CIB_OK)
		status = cib_workspace_read(&text, ws, path.data, &err);
	if (status == CIB_OK)
		status = cib_json_read(&doc, text.data, text.len, NULL, &err);
	if (status != CIB_OK)
		code = cib_fail(&err);
	else if (link && !cib_json_get(cib_json_get(place.kind->schema, "properties"), "related"))
		code = cib_usage("entries of this kind have no list of related ones; say it in a comment: cib comment %s -m TEXT", place.id);
	else if (link ? cib_duplicates_link(doc, other_place.id) : cib_duplicates_part(doc, other_place.id))
		code = cib_take_entry(ws, path.data, &text, doc);
	else
		fprintf(stderr, _("%s says so already.\n"), place.id);
	cJSON_Delete(doc);
	cib_buf_free(&path);
	cib_buf_free(&other);
	cib_buf_free(&text);
	return code;
}

static int run(listing *l, const cib_words *ids, bool link, bool distinct)
{
	cib_error err = CIB_ERROR_INIT;
	if (link || distinct)
		return ids->count == 2 && link != distinct ? say(l->ws, ids, link) : cib_usage("two entries are needed\nusage: cib %s", usage);
	if (cib_duplicates_open(&l->index, l->ws, &err) != CIB_OK)
		return cib_fail(&err);
	l->pairs = cJSON_CreateObject();
	int code = ids->count ? show_some(l, ids) : show_all(l);
	if (code == 0)
		fprintf(stderr, cib_ngettext("%zu pair\n", "%zu pairs\n", l->shown), l->shown);
	if (code == 0 && l->shown && !l->json)
		fputs(_("Next: cib duplicates --link ID OTHER, or --distinct ID OTHER when they are not the same\n"), stderr);
	cJSON_Delete(l->pairs);
	cib_duplicates_free(l->index);
	return code;
}

int cib_cmd_duplicates(int argc, char **argv)
{
	listing l = {0};
	bool link = false, distinct = false;
	cib_words rest = {0};
	const cib_opt opts[] = {
		{"link", 0, CIB_OPT_FLAG, &link, NULL, N_("write into ID that OTHER is about the same (an item of 'related')")},
		{"distinct", 0, CIB_OPT_FLAG, &distinct, NULL, N_("write into ID that OTHER is something else: they are not shown again")},
		{"all", 'a', CIB_OPT_FLAG, &l.all, NULL, N_("those that are linked, too")},
		{"json", 0, CIB_OPT_FLAG, &l.json, NULL, N_("one JSON object a pair")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	code = cib_open(&l.ws);
	code = code ? code - 1 : run(&l, &rest, link, distinct);
	cib_workspace_free(l.ws);
	free((void *)(uintptr_t)rest.items);
	return code;
}
