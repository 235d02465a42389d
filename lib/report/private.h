/* What the files of this room share: building documents, what is read from entries, words. */
#ifndef CIB_REPORT_PRIVATE_H
#define CIB_REPORT_PRIVATE_H

#include "network/codelist.h"
#include "report/report.h"

/* ---- a map from text to a number; keys are borrowed and must stay (tally.c) ---- */
typedef struct {
	const char **keys;
	size_t *values;
	size_t count, cap;
} cib_tally;
size_t *cib_tally_at(cib_tally *map, const char *key);       /* made as SIZE_MAX when new */
size_t cib_tally_get(const cib_tally *map, const char *key); /* SIZE_MAX: not there */
void cib_tally_free(cib_tally *map);

/* ---- what is kept of entries; all strings live in the report's arena (facts.c) ---- */
typedef struct {
	const char **items;
	size_t count, cap;
} cib_strings;
void cib_strings_add(cib_report *r, cib_strings *list, const char *s); /* s lives long enough; once */
bool cib_strings_has(const cib_strings *list, const char *s);

typedef struct {
	const char *text, *lang;
} cib_fact_text; /* text NULL: none */
typedef struct {
	const char *code;
	double percent; /* below 0: not given */
	bool primary;   /* of goals */
} cib_fact_code;
typedef struct {
	cib_fact_code *items;
	size_t count, cap;
} cib_fact_codes;
typedef struct {
	const char *amount, *currency, *start; /* start: of its period; NULL: not given */
	bool revised;
} cib_fact_money;

typedef struct {
	const char *id;
	int year;
	const cJSON *doc;
} cib_fact_plan;

typedef struct {
	const char *id, *country, *section, *status, *type, *acronym;
	cib_fact_text name;
	cib_strings languages, themes, offers, seeks;
} cib_fact_member;

typedef struct {
	const char *id, *owner, *status, *modality, *start, *end;
	bool tbc; /* its dates are to be confirmed */
	cib_fact_text title;
	cib_strings members, themes, related, same_as, identifiers, partner_countries; /* members: the owners, then the partners; same_as: are among related */
	size_t owner_count;                                                            /* of the members */
	cib_fact_text *partners;                                                       /* as text or as the name of a member */
	size_t partner_count;
	cib_fact_codes countries, regions, sectors, sdg;
	char markers[16]; /* by marker: '0' to '4', or 0: not screened */
	cib_fact_money *budget;
	size_t budget_count;
	size_t same; /* index of the project that is counted for this one: itself, mostly */
} cib_fact_project;

struct cib_report_state {
	cib_arena arena;
	cib_report_options options;
	const char *lang; /* wanted for texts: may be any language */
	cib_tally names;  /* interned strings */
	cib_fact_member *members;
	size_t member_count, member_cap;
	cib_tally member_index;
	cib_fact_project *projects;
	size_t project_count, project_cap;
	cib_fact_plan *plan; /* of the year asked for, else the newest; NULL: none */
	cJSON *plan_doc;
	size_t hidden; /* entries left out for their visibility */
	size_t broken; /* entries that could not be read */
	void *own;     /* of the report that is made; lives in the arena */
};

/* One entry that is shown to a report; borrowed for the call. */
typedef struct {
	const char *path;
	const cib_place *place;
	const cJSON *doc;
	const char *id, *owner; /* interned; owner "" for the secretariat's */
	const char *text;
	size_t len;
} cib_report_entry;
typedef void (*cib_report_take)(cib_report *r, const cib_report_entry *e);
/* Read every entry of the kinds (words parted by spaces; NULL: all) once. */
int cib_report_each(cib_report *r, const char *kinds, cib_report_take take, cib_error *err);
/* Does an entry pass the filters of the report? (filter.c) */
bool cib_report_is_about(const cib_report *r, const cib_place *place, const cJSON *doc);
int cib_report_read_members(cib_report *r, cib_error *err);
void cib_report_take_project(cib_report *r, const cib_report_entry *e);
/* Find what is one project in two entries (related as 5, or the same identifier): the first counts for all and gets their members. */
size_t cib_report_fold_projects(cib_report *r);

const char *cib_report_intern(cib_report *r, const char *s);                        /* equal texts, equal pointers; NULL stays NULL */
cib_fact_text cib_report_pick(cib_report *r, const cJSON *map, const char *source); /* in the language wanted, else the source, else any */
void cib_report_codes(cib_report *r, cib_fact_codes *out, const cJSON *array);
void cib_report_strings(cib_report *r, cib_strings *out, const cJSON *array);
void *cib_report_new(cib_report *r, size_t size);                                         /* zeroed, in the arena */
void *cib_report_grow(cib_report *r, void *items, size_t *cap, size_t need, size_t size); /* array in the arena */

int cib_year_of(const char *date); /* 0: none */
/* Is a project counted: itself and not another entry's, not cancelled, in the year of the report? */
bool cib_project_counts(const cib_report *r, size_t i);
void cib_note_folded(cib_report *r, size_t folded);               /* says how many were one with another, when there are */
cib_fact_text cib_report_title_of(cib_report *r, const char *id); /* of any entry: looked up in the repository */
/* Does a project run in a year, as far as its dates say? A side that is open does not speak against it. */
bool cib_project_in_year(const cib_fact_project *p, int year);
const cib_fact_member *cib_report_member(const cib_report *r, const char *id);           /* NULL: no such profile */
const char *cib_report_name_of(const cib_report *r, const char *list, const char *code); /* of a code, brief where there is a brief name */

/* ---- building the document (document.c) ---- */
const char *cib_say(const cib_report *r, const char *key);                                          /* words of the catalogue */
const char *cib_fill(cib_report *r, const char *key, const char *a, const char *b);                 /* with {0} and {1}; in the arena */
void cib_fill_to(cib_buf *out, const cib_report *r, const char *key, const char *a, const char *b); /* the same, appended, while it is printed */
const char *cib_plural(cib_report *r, const char *key, size_t n);                                   /* "{0} project|{0} projects" */
void cib_heading(cib_report *r, const char *text);
void cib_block(cib_report *r, cib_block_kind kind, const char *text, const char *lang);
cib_report_table *cib_table(cib_report *r, const char *id, const char *title_key);
void cib_column(cib_report *r, cib_report_table *t, const char *key, cib_report_type type); /* title: the words "col.<key>" */
void cib_column_named(cib_report *r, cib_report_table *t, const char *key, const char *title, cib_report_type type);
cib_report_row *cib_row(cib_report *r, cib_report_table *t);
/* Fill the cells of the last row from left to right. */
void cib_put_none(cib_report *r, cib_report_table *t);
void cib_put_number(cib_report *r, cib_report_table *t, double value);
void cib_put_words(cib_report *r, cib_report_table *t, const char *words); /* in the report's language */
void cib_put_text(cib_report *r, cib_report_table *t, cib_fact_text text); /* of an entry */
void cib_put_code(cib_report *r, cib_report_table *t, const char *code, const char *name, const char *lang);
void cib_put_date(cib_report *r, cib_report_table *t, const char *date);
void cib_put_member(cib_report *r, cib_report_table *t, const char *id);
void cib_put_listed(cib_report *r, cib_report_table *t, const char *list, const char *code);                 /* a code of a codelist; NULL: none */
void cib_put_list(cib_report *r, cib_report_table *t);                                                       /* an empty cell for cib_add_* */
void cib_add_item(cib_report *r, cib_report_table *t, const char *text, const char *lang, const char *code); /* one more into the last cell */
void cib_add_member(cib_report *r, cib_report_table *t, const char *id);
void cib_add_listed(cib_report *r, cib_report_table *t, const char *list, const char *code);
/* Order the rows by the sum of `count` number columns, the largest first, then by their first cell. */
void cib_sort_by_values(cib_report_table *t, size_t first, size_t count);
void cib_figure(cib_report *r, cib_report_table *t, cib_figure_kind kind, const char *title_key, size_t label, size_t first, size_t count);

/* ---- words and numbers (messages.c, numbers.c) ---- */
const char *cib_report_message(const char *lang, const char *key);
void cib_number_count(cib_buf *out, const char *lang, double value);
void cib_number_decimal(cib_buf *out, const char *lang, double value, int decimals);
void cib_number_percent(cib_buf *out, const char *lang, double value);
void cib_number_amount(cib_buf *out, const char *lang, const char *amount);
/* What a cell says to a person: items parted by "; ", numbers by locale, "" when nothing is given. */
void cib_cell_words(cib_buf *out, const cib_report *r, const cib_report_column *column, const cib_report_cell *cell);
/* Add decimal numbers exactly; false when one is too long for it. */
bool cib_amount_add(char sum[64], const char *amount);

/* ---- printers ---- */
bool cib_is_number(cib_report_type type);
bool cib_block_wanted(const cib_report_block *block, const cib_report_style *style);
void cib_report_print_text(cib_buf *out, const cib_report *r, const cib_report_style *style);
void cib_report_print_csv(cib_buf *out, const cib_report *r, const cib_report_style *style);
void cib_report_print_html(cib_buf *out, const cib_report *r, const cib_report_style *style, bool page);
void cib_report_print_json(cib_buf *out, const cib_report *r, const cib_report_style *style);
void cib_report_print_md(cib_buf *out, const cib_report *r, const cib_report_style *style);
void cib_html_attribute_lang(cib_buf *out, const cib_report *r, const char *lang); /* " lang=... dir=auto" for a text that is not in the page's language */
enum { CIB_FIGURE_SERIES = 6,                                                      /* colours: classes s0 to s5 */
       CIB_FIGURE_ROWS = 60 };                                                     /* that a figure shows */
/* A figure: what stands in its SVG, and its size. */
typedef struct {
	cib_buf body;
	size_t width; /* 0: as wide as there is room, with letters of one size */
	size_t height;
	bool scaled; /* as a whole: the map */
} cib_picture;
void cib_report_draw(cib_picture *out, const cib_report *r, const cib_report_table *t);     /* height 0: there is nothing to show */
void cib_report_write_figure(cib_buf *out, const cib_report *r, const cib_report_table *t); /* in a page */
void cib_report_print_svg(cib_buf *out, const cib_report *r, const cib_report_style *style);
/* Where a report says as of when it is, and from what: one line of words; the caller's. */
char *cib_report_as_of(const cib_report *r);

/* ---- the map (geography.c, world.c) ---- */
typedef struct {
	char code[3];
	double lat, lon;
} cib_report_point;
extern const char *const cib_report_land[];
extern const cib_report_point cib_report_points[];
extern const size_t cib_report_point_count;
bool cib_geo_place(double *x, double *y, const char *country); /* on the picture of 1000 units; false: not known where */

/* ---- the reports: each reads and builds ---- */
typedef struct {
	const char *name, *kinds; /* kinds: to read, beside the members; NULL: all */
	cib_report_take take;
	int (*build)(cib_report *r, cib_error *err);
	bool filters; /* it makes sense of a part of the entries */
} cib_report_spec;
void cib_take_where(cib_report *r, const cib_report_entry *e);
int cib_build_where(cib_report *r, cib_error *err);
int cib_build_compendium(cib_report *r, cib_error *err);
void cib_take_sdg(cib_report *r, const cib_report_entry *e);
int cib_build_sdg(cib_report *r, cib_error *err);
int cib_build_markers(cib_report *r, cib_error *err);
int cib_build_spread(cib_report *r, cib_error *err);
void cib_take_plan(cib_report *r, const cib_report_entry *e);
int cib_build_plan(cib_report *r, cib_error *err);
const cJSON *cib_plan_find(const cJSON *list, const char *id);                   /* the item of a list by its id; NULL */
const cJSON **cib_plan_ordered(cib_report *r, const cJSON *list, size_t *count); /* its items by "order", then id; in the arena */
void cib_take_consultation(cib_report *r, const cib_report_entry *e);
int cib_build_consultation(cib_report *r, cib_error *err);
void cib_take_practice(cib_report *r, const cib_report_entry *e);
int cib_build_practices(cib_report *r, cib_error *err);
void cib_take_assessment(cib_report *r, const cib_report_entry *e);
int cib_build_assessments(cib_report *r, cib_error *err);
void cib_take_search(cib_report *r, const cib_report_entry *e);
int cib_build_matchmaking(cib_report *r, cib_error *err);
void cib_take_quality(cib_report *r, const cib_report_entry *e);
int cib_build_quality(cib_report *r, cib_error *err);

#endif
