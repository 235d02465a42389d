/* A page of what is found, for the command and for whoever shows it otherwise. */
#include "search/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- filters that are none */

static int check_code(cib_network *net, cib_search_facet_of facet, const char *value, cib_error *err)
{
	return value && *value ? cib_network_code_ok(net, cib_search_list_of(facet, value), value, err) : CIB_OK;
}

int cib_search_query_ok(cib_network *net, const cib_search_query *q, cib_error *err)
{
	bool known = !q->kind || !*q->kind || cib_network_kind(net, q->kind);
	int status = known ? CIB_OK : cib_network_kind_unknown(net, q->kind, err);
	if (status == CIB_OK)
		status = check_code(net, CIB_SEARCH_COUNTRIES, q->country, err);
	if (status == CIB_OK)
		status = check_code(net, CIB_SEARCH_THEMES, q->theme, err);
	if (status == CIB_OK)
		status = check_code(net, CIB_SEARCH_SDGS, q->sdg, err);
	if (status == CIB_OK && q->year && *q->year && (strlen(q->year) != 4 || strspn(q->year, "0123456789") != 4))
		status = cib_error_set(err, CIB_USAGE, "search.filter", "a year is a number such as 2024, not '%s'", q->year);
	return status;
}

/* ---- looking */

/* What is not saved yet is found, too. */
static int overlay(cib_search *s, cib_workspace *ws, const char *lang, cib_error *err)
{
	cib_work_changes changes = {0};
	cib_buf text = CIB_BUF_INIT;
	int status = cib_workspace_changes(&changes, ws, lang, err);
	for (size_t i = 0; i < changes.count && status == CIB_OK; i++) {
		bool there = changes.items[i].kind != CIB_CHANGE_REMOVED && cib_workspace_read(&text, ws, changes.items[i].path, NULL) == CIB_OK;
		status = cib_search_overlay(s, changes.items[i].path, there ? cib_buf_str(&text) : NULL, text.len, err);
	}
	cib_work_changes_free(&changes);
	cib_buf_free(&text);
	return status;
}

static int look_once(cib_search_hits *hits, cib_search_counts *counts, cib_search *s, cib_workspace *ws, const cib_search_query *q, const cib_search_show *show, cib_error *err)
{
	int status = cib_search_update(s, &ws->tip, show->progress, show->payload, NULL, err);
	if (status == CIB_OK)
		status = overlay(s, ws, show->lang, err);
	if (status == CIB_OK)
		status = cib_search_run(hits, s, q, err);
	if (status == CIB_OK && show->counts)
		status = cib_search_count_values(counts, s, q, err);
	if (status != CIB_OK)
		cib_search_hits_free(hits);
	return status;
}

static int look(cib_search_hits *hits, cib_search_counts *counts, cib_search *s, cib_workspace *ws, const cib_search_query *q, const cib_search_show *show, cib_error *err)
{
	int status = show->rebuild ? cib_search_reset(s, err) : CIB_OK;
	if (status == CIB_OK)
		status = look_once(hits, counts, s, ws, q, show, err);
	if (status == CIB_DAMAGED && (status = cib_search_reset(s, err)) == CIB_OK) /* it is only a cache: once more, from nothing */
		status = look_once(hits, counts, s, ws, q, show, err);
	return status == CIB_DAMAGED ? CIB_IO : status;
}

/* ---- what is shown of each */

static void show_one(cib_search_page *out, cib_search *s, cib_workspace *ws, const cib_search_hit *hit, const cib_search_query *q, const cib_search_show *show)
{
	cib_search_marks marks = {q->words, show->open ? show->open : "[", show->close ? show->close : "]", out->widened, show->markup};
	cib_buf text = CIB_BUF_INIT, marked = CIB_BUF_INIT, snippet = CIB_BUF_INIT;
	cJSON *doc = NULL;
	cib_place place;
	cib_network_place(&place, ws->net, hit->path);
	if (place.kind && cib_workspace_read(&text, ws, hit->path, NULL) == CIB_OK && cib_json_read(&doc, text.data, text.len, NULL, NULL) == CIB_OK) {
		const char *title = cib_entry_title(doc, show->lang);
		cib_search_mark(&marked, title, &marks);
		cib_search_snippet(&snippet, s, hit->path, doc, show->lang, show->width ? show->width : 160, &marks);
		out->items = cib_grow(out->items, &out->cap, out->count + 1, sizeof *out->items);
		out->items[out->count++] = (cib_search_found){
			.id = cib_strdup(place.id),
			.member = cib_strdup(place.member),
			.path = cib_strdup(hit->path),
			.kind = place.kind,
			.title = cib_strdup(title),
			.marked = cib_strdup(cib_buf_str(&marked)),
			.snippet = cib_strdup(cib_buf_str(&snippet)),
			.score = hit->score,
		};
	}
	cJSON_Delete(doc);
	cib_buf_free(&text);
	cib_buf_free(&marked);
	cib_buf_free(&snippet);
}

int cib_search_find(cib_search_page *out, cib_workspace *ws, const cib_search_query *q, const cib_search_show *given, cib_error *err)
{
	cib_search *s = NULL;
	cib_search_hits hits = {0};
	cib_search_show show = *given;
	show.lang = show.lang ? show.lang : "en";
	*out = (cib_search_page){0};
	int status = cib_search_query_ok(ws->net, q, err);
	char *file = cib_format("%s/cib/search.sqlite", cib_store_git_dir(ws->store));
	if (status == CIB_OK)
		status = cib_search_open(&s, ws->net, file, err);
	if (status == CIB_OK)
		status = look(&hits, &out->counts, s, ws, q, &show, err);
	out->total = show.counts ? out->counts.total : hits.total;
	out->more = hits.more && !show.counts;
	out->widened = hits.widened;
	for (size_t i = 0; status == CIB_OK && i < hits.count; i++)
		show_one(out, s, ws, &hits.items[i], q, &show);
	cib_search_hits_free(&hits);
	cib_search_free(s);
	free(file);
	return status;
}

void cib_search_page_free(cib_search_page *page)
{
	for (size_t i = 0; i < page->count; i++) {
		cib_search_found *f = &page->items[i];
		char *all[] = {f->id, f->member, f->path, f->title, f->marked, f->snippet};
		for (size_t k = 0; k < sizeof all / sizeof *all; k++)
			free(all[k]);
	}
	free(page->items);
	cib_search_counts_free(&page->counts);
	*page = (cib_search_page){0};
}
