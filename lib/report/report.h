/* report - what the network knows, put together for people: who works where, coverage, progress, gaps.
 *
 * A report is computed in one pass over the entries into a document that knows no format: headings, paragraphs and tables with
 * typed cells, some with a figure that is drawn from its table's own cells. Five printers write it: text with bars for a terminal,
 * CSV, one self-contained page of HTML, JSON and Markdown. docs/reports.md describes the reports and the JSON. */
#ifndef CIB_REPORT_H
#define CIB_REPORT_H

#include "sync/sync.h"

/* ---- the document ---- */
typedef enum {
	CIB_REPORT_WORDS,   /* text in languages: items with text and lang; lang NULL: the report's own words */
	CIB_REPORT_CODE,    /* items with a code and its name: countries, members, entries */
	CIB_REPORT_COUNT,   /* whole number */
	CIB_REPORT_DECIMAL, /* one decimal is shown */
	CIB_REPORT_PERCENT, /* 0 to 100 */
	CIB_REPORT_DATE,    /* items: YYYY, YYYY-MM or YYYY-MM-DD */
	CIB_REPORT_MONEY    /* items: text is the amount as a decimal number with a point, code the currency: never added over currencies */
} cib_report_type;

typedef struct {
	const char *text, *lang, *code; /* NULL where the type has none */
} cib_report_item;
typedef struct {
	bool given; /* false: there is nothing to say, which is never the same as 0 */
	double value;
	cib_report_item *items;
	size_t count, cap;
} cib_report_cell;
typedef struct {
	const char *key, *title; /* key: stable, for programs */
	cib_report_type type;
} cib_report_column;
typedef struct {
	cib_report_cell *cells; /* one for each column */
	bool flagged;           /* wants attention; what for is said in words in one of its cells */
	bool total;             /* what stands here is the sum or the whole of the rows above */
} cib_report_row;

typedef enum {
	CIB_FIGURE_NONE,
	CIB_FIGURE_BARS,   /* a bar for each row; several columns are stacked */
	CIB_FIGURE_DOTS,   /* each column a dot on one scale from `least` to `most` */
	CIB_FIGURE_MATRIX, /* rows by `label`, columns by `across`, the size of a dot by the first value */
	CIB_FIGURE_MAP     /* a dot for the country (code) in `label`, its size by the first value; the second marks it as home of members */
} cib_figure_kind;
typedef struct {
	cib_figure_kind kind;
	const char *title;
	size_t label, across; /* columns */
	size_t first, count;  /* columns with the values */
	double least, most;   /* of the scale; most 0: as the values need */
} cib_report_figure;

typedef struct {
	const char *id, *title; /* id: stable, for programs and file names */
	cib_report_column *columns;
	size_t column_count, column_cap;
	cib_report_row *rows;
	size_t row_count, row_cap;
	cib_report_figure figure;
	const char *empty; /* what to say when there is no row */
	size_t filled;     /* cells of the last row while it is made */
} cib_report_table;

typedef enum { CIB_BLOCK_HEADING,
	       CIB_BLOCK_SUBHEADING,
	       CIB_BLOCK_TEXT,
	       CIB_BLOCK_NOTE,
	       CIB_BLOCK_ALERT,
	       CIB_BLOCK_TABLE } cib_block_kind;
typedef struct {
	cib_block_kind kind;
	const char *text, *lang; /* lang NULL: the report's own words */
	cib_report_table *table;
} cib_report_block;

typedef struct cib_report_state cib_report_state;
typedef struct {
	const char *name, *title, *network; /* network: its title */
	const char *lang;                   /* of the words: en, fr or es */
	char commit[CIB_OID_HEX];           /* what it is made from */
	char date[11];                      /* of that commit */
	const char *state;                  /* "accepted", or "here": with what is not sent or saved yet */
	int year;                           /* 0: all */
	size_t entries;                     /* that were read */
	cib_report_block *blocks;
	size_t block_count, block_cap;
	cib_report_state *priv;
} cib_report;

/* ---- making one ---- */
/* Only what is about it; NULL: all. A goal also by its targets; a country wherever it is named; a member as owner or as a partner. What is left
 * is counted as it is: a project in two countries that is there for the one counts in both. */
typedef struct {
	const char *member, *country, *sdg, *theme;
} cib_report_filter;
typedef struct {
	cib_network *net;
	const cib_oid *commit; /* whose entries */
	cib_workspace *ws;     /* not NULL: the entries as they are here now, with what is not saved */
	const char *lang;      /* of the texts, and of the words where there are such: en, fr, es; NULL: en */
	int year;              /* 0: what is usual for the report */
	const char *today;     /* YYYY-MM-DD: what is late, what is old */
	const char *reader;    /* the member that reads, "" for the secretariat, NULL for nobody in particular: see assessments */
	bool only_public;      /* entries that are marked as public alone */
	cib_report_filter only;
	int (*progress)(size_t entries, void *payload); /* non-zero cancels; may be NULL */
	void *payload;
} cib_report_options;

size_t cib_report_count(void);
const char *cib_report_name(size_t i);
const char *cib_report_title(size_t i, const char *lang); /* what its page is called */
char *cib_report_summary(size_t i, const char *lang);     /* one line; the caller's */
bool cib_report_filters(size_t i);                        /* can it be made of a part of the entries, by `only`? */

/* CIB_USAGE when there is no such report, or it has no filters, or one of them is no code. Cost: one read of every entry of the kinds that it is about. */
int cib_report_make(cib_report **out, const char *name, const cib_report_options *options, cib_error *err);
void cib_report_free(cib_report *report);

/* ---- printing ---- */
typedef enum {
	CIB_REPORT_TEXT,
	CIB_REPORT_CSV,
	CIB_REPORT_HTML, /* a page that needs nothing else */
	CIB_REPORT_JSON,
	CIB_REPORT_MD,
	CIB_REPORT_SVG,      /* the figure of a table as a picture of its own: of the first that has one, unless style names another */
	CIB_REPORT_FRAGMENT, /* what stands in the page as one <article class="cib-report">, for another page; with cib_report_css */
} cib_report_format;
bool cib_report_format_of(cib_report_format *out, const char *name); /* "text", "csv", "html", "json", "md", "svg", "fragment" */
typedef struct {
	size_t width;      /* of the terminal, in characters; 0: 80 */
	bool colour;       /* escape sequences for bold */
	const char *table; /* this table alone (of a text: all the same); NULL: all */
	size_t rows;       /* of a page and a fragment: at most so many of each table, and the totals; what is left out is said. 0: all */
} cib_report_style;
/* Append the report. style may be NULL. */
void cib_report_print(cib_buf *out, const cib_report *report, cib_report_format format, const cib_report_style *style);
/* The rules for a fragment, all of them below .cib-report: light and dark, for a telephone, for print. */
const char *cib_report_css(void);
/* The i-th table; NULL behind the last. */
const cib_report_table *cib_report_table_at(const cib_report *report, size_t i);
/* By its id: CIB_USAGE names what there is. out may be NULL. */
int cib_report_table_named(const cib_report_table **out, const cib_report *report, const char *id, cib_error *err);
/* Does a table have a figure that shows something? */
bool cib_report_has_figure(const cib_report *report, const cib_report_table *table);
/* "sdg.html"; of one table (may be NULL) "sdg-goals.csv": what a file that is saved is called. The caller's. */
char *cib_report_file_name(const cib_report *report, const cib_report_table *table, cib_report_format format);

/* ---- the map that the reports draw on ---- */

/* In Equal Earth projection, 1000 units wide and CIB_REPORT_MAP_HEIGHT high: the pieces of the land as paths of SVG, NULL behind the last. No borders, on purpose. */
enum { CIB_REPORT_MAP_HEIGHT = 430 };
const char *const *cib_report_map_land(void);
/* The middle of a country's largest part, in degrees; false: not known where. */
bool cib_report_map_middle(double *lat, double *lon, const char *country);

#endif
