/* cmd - what the verbs share: the table of verbs, options declared as data, opening the workspace, output. */
#ifndef CIB_CMD_H
#define CIB_CMD_H

#include "base/base.h"
#include "base/gettext.h"
#include "json/json.h"
#include "sync/sync.h"

#include <stdio.h>

/* ---- verbs: one file each; argv[0] is the verb's name; the result is the exit code ---- */
int cib_cmd_access(int argc, char **argv);
int cib_cmd_agree(int argc, char **argv);
int cib_cmd_app(int argc, char **argv);
int cib_cmd_bundle(int argc, char **argv);
int cib_cmd_check(int argc, char **argv);
int cib_cmd_codes(int argc, char **argv);
int cib_cmd_comment(int argc, char **argv);
int cib_cmd_diff(int argc, char **argv);
int cib_cmd_digest(int argc, char **argv);
int cib_cmd_duplicates(int argc, char **argv);
int cib_cmd_doctor(int argc, char **argv);
int cib_cmd_edit(int argc, char **argv);
int cib_cmd_explain(int argc, char **argv);
int cib_cmd_export(int argc, char **argv);
int cib_cmd_fmt(int argc, char **argv);
int cib_cmd_hook(int argc, char **argv);
int cib_cmd_import(int argc, char **argv);
int cib_cmd_init(int argc, char **argv);
int cib_cmd_join(int argc, char **argv);
int cib_cmd_key(int argc, char **argv);
int cib_cmd_list(int argc, char **argv);
int cib_cmd_log(int argc, char **argv);
int cib_cmd_members(int argc, char **argv);
int cib_cmd_merge_file(int argc, char **argv);
int cib_cmd_new(int argc, char **argv);
int cib_cmd_purge(int argc, char **argv);
int cib_cmd_report(int argc, char **argv);
int cib_cmd_resolve(int argc, char **argv);
int cib_cmd_review(int argc, char **argv);
int cib_cmd_save(int argc, char **argv);
int cib_cmd_serve_ssh(int argc, char **argv);
int cib_cmd_schema(int argc, char **argv);
int cib_cmd_search(int argc, char **argv);
int cib_cmd_set(int argc, char **argv);
int cib_cmd_show(int argc, char **argv);
int cib_cmd_status(int argc, char **argv);
int cib_cmd_sync(int argc, char **argv);

/* ---- options ---- */
typedef struct {
	const char **items;
	size_t count, cap;
} cib_words;

typedef enum { CIB_OPT_FLAG,
	       CIB_OPT_TEXT,
	       CIB_OPT_LIST } cib_opt_type;
typedef struct {
	const char *name; /* long name without dashes */
	char letter;      /* short form, 0 for none */
	cib_opt_type type;
	void *out;         /* bool *, const char **, cib_words * */
	const char *value; /* what the value is called in the help */
	const char *help;
} cib_opt;

/* Parse; the words that are no options go to `rest` (may be NULL: none are allowed). `usage` is the line behind "usage: cib ".
 * Returns 0, or an exit code + 1 when the verb is over (help was printed, or a mistake was explained). */
int cib_opt_parse(int argc, char **argv, const char *usage, const cib_opt *opts, cib_words *rest);
void cib_words_add(cib_words *words, const char *word);

/* ---- talking ---- */
bool cib_term_colour(FILE *stream);                                        /* a terminal, and NO_COLOR is not set */
const char *cib_term_lang(void);                                           /* en, fr or es: CIB_LANG, else the locale */
int cib_fail(const cib_error *err);                                        /* print to stderr; returns the exit code */
int cib_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* print; returns 2 */
void cib_print_clean(FILE *stream, const char *text);                      /* text from elsewhere, made harmless */
/* One finding, for a person ("file:line:column: error: title: message") or as a JSON line (the contract's form). */
void cib_print_finding(FILE *stream, const cib_finding *finding);
void cib_print_finding_json(FILE *stream, const cib_finding *finding);
void cib_print_commit_finding_json(FILE *stream, const char *commit, const cib_finding *finding); /* with the commit it is in */
void cib_print_json(FILE *stream, const cJSON *doc);                                              /* one compact line */
/* A table on a terminal; cells are UTF-8. Columns are as wide as needed, the last is cut to the terminal. */
void cib_print_table(FILE *stream, const char *const *header, const char *const *cells, size_t columns, size_t rows);
void cib_print_padded(FILE *stream, const char *text, size_t width); /* own words, and spaces to that many columns */
void cib_print_span(const char *from, const char *until);            /* "  from 2024-01-01  until 2024-12-31" and a newline; NULL: open */
void cib_print_value(FILE *stream, const cJSON *value);              /* short: text as it is, the rest as compact JSON; "(none)" for NULL */

/* What both sides said about an entry (comment.c); doc: the entry, for the titles of fields, or NULL. */
void cib_print_dialogue(FILE *stream, cib_workspace *ws, const cib_place *place, const cJSON *doc, int indent);

/* ---- pages that need nothing else (html.c) ---- */
void cib_html_begin(FILE *stream, const char *title);
void cib_html_text(FILE *stream, const char *text); /* escaped, and made harmless */
void cib_html_end(FILE *stream);

/* The entries that a save or sync left behind as drafts, with what is wrong (save.c). */
void cib_print_drafts(const cib_sync_report *report);

/* ---- how the own entries stand (standing.c) ---- */
typedef struct cib_standings cib_standings; /* of review/review.h */
/* A line of counts, then those that are not accepted, by how they stand. `reasons`: the caller says itself which were refused,
 * returned or declined, and why, and which are not saved; they are counted only. */
void cib_print_standings(FILE *stream, cib_workspace *ws, const cib_standings *standings, bool reasons);
/* {"id", "path", "state", ...} of each; with the reasons of `refusals` (may be NULL). */
cJSON *cib_standings_json(const cib_standings *standings, const cib_refusals *refusals);
/* What the server refused and is not settled: entry, field, reason, what to do. */
void cib_print_refusals(FILE *stream, cib_workspace *ws, const cib_refusals *refusals);
void cib_print_title(FILE *stream, cib_workspace *ws, const char *path);                           /* "  TITLE" and a newline */
void cib_print_conflict_field(FILE *stream, cib_workspace *ws, const cib_open_conflict *conflict); /* "Status  [/status]" and a newline */

/* After a sync: what came, or was sent, and may be the same as something else (duplicates.c). */
void cib_print_new_duplicates(cib_workspace *ws);

/* ---- texts side by side (columns.c) ---- */
typedef struct {
	const char *heading, *text;
	const char *against; /* words that this text does not have are marked in `text`; NULL: none are */
} cib_column;
/* Print up to 4 texts, wrapped in columns of `width` characters in all behind an indent, or one below the other where
 * that is narrow. Marked words are bold and underlined, or in [brackets] without colour. */
void cib_print_columns(FILE *stream, const cib_column *columns, size_t count, size_t indent, size_t width, bool colour);
size_t cib_term_width(FILE *stream); /* characters in a line; 80 when it is no terminal */

/* ---- the workspace ---- */
/* Open the workspace of the current folder (CIB_DIR when set); on failure print and return the exit code + 1. */
int cib_open(cib_workspace **ws);
int cib_unknown_kind(const cib_workspace *ws, const char *name); /* says what was meant and what kinds there are; returns 2 */
void cib_sync_defaults(cib_sync_options *options);               /* progress, prompt, language of this terminal */
/* Progress of what travels, on a terminal; non-zero after Ctrl-C (progress.c). */
int cib_show_progress(const cib_progress *p, void *payload);
void cib_stop_listen(void);                               /* from now on the first Ctrl-C (or SIGTERM) asks to stop, the second ends the program */
void cib_end_progress(void);                              /* take its line away */
void cib_asking(const char *key);                         /* say whose passphrase ssh-keygen will ask for */
int cib_stopped(void);                                    /* the signal that asked; 0: none did */
void cib_size_text(char out[40], double bytes);           /* "12 kB" */
const char *cib_decimal_text(char out[40], double value); /* one decimal, with the decimal sign of the language; returns out */

/* A condition of --where: "/field=value", one of a list's values or codes; "/field=" absent; "/field" there (list.c). */
bool cib_entry_matches(const cJSON *doc, const char *condition);
/* pointer=text or pointer:=json onto a document; the schema says whether text is a string or JSON. CIB_USAGE. */
int cib_assign(cJSON **doc, const cib_schema *schema, const cib_merge_rules *rules, const char *assignment, cib_error *err);
/* Write an entry that was made from the text `base` (NULL: from nothing), check it, say how it stands. Returns the exit code: 0 valid, 1 kept as a draft. */
int cib_take_entry(cib_workspace *ws, const char *path, const cib_buf *base, const cJSON *doc);

#endif
