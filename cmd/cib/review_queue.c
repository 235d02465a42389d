/* The queue as a table, as counts by member, and what changed in it since the last look. */
#include "review.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { COLUMNS = 8 };

typedef struct {
	char *cells[COLUMNS];
} row;

/* `form`: of cib_ngettext for n. */
static void add_count(cib_buf *b, size_t n, const char *form)
{
	if (!n)
		return;
	cib_buf_adds(b, b->len ? ", " : "");
	cib_buf_addf(b, form, n); /* NOLINT: its %-part was compared by msgfmt */
}

static void add_word(cib_buf *b, bool yes, const char *word)
{
	if (yes)
		cib_buf_addf(b, "%s%s", b->len ? ", " : "", word);
}

static char *notes_of(const cib_review_row *r)
{
	cib_buf b = CIB_BUF_INIT;
	add_word(&b, r->look == CIB_LOOK_NEW, _("new"));
	add_word(&b, r->look == CIB_LOOK_NEW_VERSION, _("newer version"));
	add_count(&b, r->errors, cib_ngettext("%zu error", "%zu errors", r->errors));
	add_count(&b, r->warnings, cib_ngettext("%zu warning", "%zu warnings", r->warnings));
	add_count(&b, r->conflicts, cib_ngettext("%zu conflict", "%zu conflicts", r->conflicts));
	add_word(&b, r->clashes, _("clashes with main"));
	add_word(&b, r->awaited, _("another owner has to agree"));
	add_count(&b, r->duplicates, cib_ngettext("%zu possible duplicate", "%zu possible duplicates", r->duplicates));
	add_word(&b, r->answered, _("answered"));
	char *text = cib_strdup(cib_buf_str(&b));
	cib_buf_free(&b);
	return text;
}

static size_t count_state(const cib_review_overview *o, cib_review_state state)
{
	size_t n = 0;
	for (size_t i = 0; i < o->count; i++)
		n += o->rows[i].item->state == state;
	return n;
}

static void print_since(const cib_review_overview *o)
{
	cib_buf b = CIB_BUF_INIT;
	if (o->fresh)
		add_count(&b, o->fresh, cib_ngettext("%zu new", "%zu new", o->fresh));
	if (o->newer)
		add_count(&b, o->newer, cib_ngettext("%zu in a newer version", "%zu in a newer version", o->newer));
	if (o->gone)
		add_count(&b, o->gone, cib_ngettext("%zu gone", "%zu gone", o->gone));
	if (b.len)
		fprintf(stderr, _("Since the last look: %s\n"), b.data);
	cib_buf_free(&b);
}

/* Where a table does not fit: an entry in some lines. */
static void print_blocks(const row *rows, size_t count, size_t width)
{
	for (size_t i = 0; i < count; i++) {
		char *const *c = rows[i].cells;
		char *first = cib_format("%s %s", c[1], c[7]);
		char *second = cib_format("%s, %s, %s, %s, %s%s%s", c[0], c[2], c[3], *c[4] ? c[4] : _("age unknown"), c[5], *c[6] ? "; " : "", c[6]);
		cib_print_columns(stdout, &(cib_column){NULL, first, NULL}, 1, 0, width, false);
		cib_print_columns(stdout, &(cib_column){NULL, second, NULL}, 1, 2, width, false);
		free(first);
		free(second);
	}
}

int review_print_queue(const cib_review_overview *o)
{
	enum { NARROW = 96 };
	const char *const header[] = {_("MEMBER"), _("ID"), _("KIND"), _("CHANGE"), _("AGE"), _("STATE"), _("NOTES"), _("TITLE")};
	row *rows = cib_alloc((o->count + 1) * sizeof *rows);
	size_t pending = count_state(o, CIB_REVIEW_PENDING);
	for (size_t i = 0; i < o->count; i++) {
		const cib_review_row *r = &o->rows[i];
		char age[16];
		review_age(age, r->submitted);
		rows[i] = (row){{cib_strdup(r->item->member), cib_strdup(r->item->id), cib_strdup(r->item->kind), cib_format("%s, %zu", _(cib_review_change_word(r->item)), r->size),
		                 cib_strdup(age), cib_strdup(_(cib_review_state_word(r->item->state))), notes_of(r), cib_strdup(r->title)}};
	}
	if (o->count && isatty(STDOUT_FILENO) && cib_term_width(stdout) < NARROW)
		print_blocks(rows, o->count, cib_term_width(stdout));
	else if (o->count)
		cib_print_table(stdout, header, (const char *const *)rows, COLUMNS, o->count);
	fprintf(stderr, _("%zu waiting for review, %zu with the member again\n"), pending, o->count - pending);
	print_since(o);
	if (pending)
		fputs(_("Next: cib review --interactive, or cib review accept MEMBER [ID...]\n"), stderr);
	for (size_t i = 0; i < o->count; i++)
		for (size_t k = 0; k < COLUMNS; k++)
			free(rows[i].cells[k]);
	free(rows);
	return 0;
}

/* ---- counts ---- */

static void print_tallies(const cib_review_tally *list, size_t n)
{
	const char *const header[] = {_("MEMBER"), _("WAITING"), _("CLEAN"), _("NEW"), _("BACK"), _("OLDEST")};
	char(*cells)[6][32] = cib_alloc((n + 1) * sizeof *cells);
	const char **texts = cib_alloc((n + 1) * 6 * sizeof *texts);
	for (size_t i = 0; i < n; i++) {
		const size_t counts[] = {list[i].pending, list[i].clean, list[i].fresh, list[i].back};
		texts[i * 6] = list[i].member;
		for (size_t k = 0; k < 4; k++) {
			snprintf(cells[i][k], 32, "%zu", counts[k]);
			texts[i * 6 + 1 + k] = cells[i][k];
		}
		review_age(cells[i][5], list[i].oldest);
		texts[i * 6 + 5] = cells[i][5];
	}
	if (n)
		cib_print_table(stdout, header, texts, 6, n);
	free(cells);
	free(texts);
}

static void print_tally_json(const cib_review_tally *tally)
{
	cJSON *row_json = cJSON_CreateObject();
	cJSON_AddNumberToObject(row_json, "v", 1);
	cJSON_AddStringToObject(row_json, "member", tally->member);
	cJSON_AddNumberToObject(row_json, "pending", (double)tally->pending);
	cJSON_AddNumberToObject(row_json, "clean", (double)tally->clean);
	cJSON_AddNumberToObject(row_json, "new", (double)tally->fresh);
	cJSON_AddNumberToObject(row_json, "back", (double)tally->back);
	cJSON_AddNumberToObject(row_json, "oldest", (double)tally->oldest);
	cib_print_json(stdout, row_json);
	cJSON_Delete(row_json);
}

int review_print_counts(const cib_review_overview *o, bool json)
{
	cib_review_tally *list, all;
	size_t n = cib_review_tallies(&list, &all, o);
	for (size_t i = 0; i < n && json; i++)
		print_tally_json(&list[i]);
	if (!json)
		print_tallies(list, n);
	fprintf(stderr, _("%zu waiting for review, %zu with the member again\n"), all.pending, all.back);
	free(list);
	return 0;
}
