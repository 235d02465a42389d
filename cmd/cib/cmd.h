/* cmd - what the verbs share: the table of verbs, options declared as data, opening the workspace, output. */
#ifndef CIB_CMD_H
#define CIB_CMD_H

#include "base/base.h"
#include "json/json.h"
#include "sync/sync.h"

#include <stdio.h>

/* ---- verbs: one file each; argv[0] is the verb's name; the result is the exit code ---- */
int cib_cmd_access(int argc, char **argv);
int cib_cmd_check(int argc, char **argv);
int cib_cmd_edit(int argc, char **argv);
int cib_cmd_fmt(int argc, char **argv);
int cib_cmd_hook(int argc, char **argv);
int cib_cmd_import(int argc, char **argv);
int cib_cmd_init(int argc, char **argv);
int cib_cmd_join(int argc, char **argv);
int cib_cmd_list(int argc, char **argv);
int cib_cmd_merge_file(int argc, char **argv);
int cib_cmd_new(int argc, char **argv);
int cib_cmd_resolve(int argc, char **argv);
int cib_cmd_review(int argc, char **argv);
int cib_cmd_save(int argc, char **argv);
int cib_cmd_set(int argc, char **argv);
int cib_cmd_show(int argc, char **argv);
int cib_cmd_status(int argc, char **argv);
int cib_cmd_sync(int argc, char **argv);

/* ---- options ---- */
typedef struct {
	const char **items;
	size_t count, cap;
} cib_words;

typedef enum { CIB_OPT_FLAG, CIB_OPT_TEXT, CIB_OPT_LIST } cib_opt_type;
typedef struct {
	const char *name;  /* long name without dashes */
	char letter;       /* short form, 0 for none */
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
bool cib_term_colour(FILE *stream);            /* a terminal, and NO_COLOR is not set */
const char *cib_term_lang(void);               /* en, fr or es: CIB_LANG, else the locale */
int cib_fail(const cib_error *err);            /* print to stderr; returns the exit code */
int cib_usage(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* print; returns 2 */
void cib_print_clean(FILE *stream, const char *text); /* text from elsewhere, made harmless */
/* One finding, for a person ("file:line:column: error: title: message") or as a JSON line (the contract's form). */
void cib_print_finding(FILE *stream, const cib_finding *finding);
void cib_print_finding_json(FILE *stream, const cib_finding *finding);
void cib_print_json(FILE *stream, const cJSON *doc); /* one compact line */
/* A table on a terminal; cells are UTF-8. Columns are as wide as needed, the last is cut to the terminal. */
void cib_print_table(FILE *stream, const char *const *header, const char *const *cells, size_t columns, size_t rows);
void cib_print_value(FILE *stream, const cJSON *value); /* short: text as it is, the rest as compact JSON; "(none)" for NULL */

/* ---- the workspace ---- */
/* Open the workspace of the current folder (CIB_DIR when set); on failure print and return the exit code + 1. */
int cib_open(cib_workspace **ws);
void cib_sync_defaults(cib_sync_options *options); /* progress, prompt, language of this terminal */

/* pointer=text or pointer:=json onto a document; the schema says whether text is a string or JSON. CIB_USAGE. */
int cib_assign(cJSON **doc, const cib_schema *schema, const cib_merge_rules *rules, const char *assignment, cib_error *err);
/* Write an entry, check it, say how it stands. Returns the exit code: 0 valid, 1 kept as a draft. */
int cib_take_entry(cib_workspace *ws, const char *path, const cJSON *doc);

#endif
