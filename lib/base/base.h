/* base - what every room stands on: errors, findings, buffers, arenas, durable files, locks.
 *
 * Uses libc only. Nothing here knows JSON, Git or networks.
 *
 * Memory: allocation never returns NULL. When memory runs out the process ends with a message and
 * exit code 70; that is safe at any point because every state change is durable and atomic
 * (cib_file_write, the store's references), exactly as it is safe to kill the process.
 */
#ifndef CIB_BASE_H
#define CIB_BASE_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Results of every function that can fail. Values up to 70 are also the exit codes of `cib`. */
typedef enum {
	CIB_OK = 0,
	CIB_FINDINGS = 1,  /* the data has faults: invalid entries, open conflicts, text that is not strict JSON */
	CIB_USAGE = 2,     /* the caller asked for something that does not exist or makes no sense */
	CIB_REFUSED = 3,   /* refused by the server or by policy */
	CIB_OFFLINE = 4,   /* no network: the work is saved and waits */
	CIB_BUSY = 5,      /* another cib holds the lock */
	CIB_DAMAGED = 6,   /* the repository is damaged */
	CIB_INTERNAL = 70, /* a fault of ours */
	CIB_IO = 71,       /* disk full, permission denied, ...: exit code 70 */
	CIB_NOTFOUND = 72, /* no such object, reference, path or entry: exit code 2 */
	CIB_CANCELLED = 73 /* a callback or Ctrl-C asked to stop: exit code 70 */
} cib_status;

int cib_status_exit_code(int status); /* the exit code of the contract for any status */

/* ---- errors ------------------------------------------------------------------------------- */

/* What went wrong, for a person: filled by the function that fails, passed in by the caller, who
 * may pass NULL. Fixed buffers, so that filling it cannot fail; longer texts are cut at a code
 * point boundary. Initialise with CIB_ERROR_INIT. */
typedef struct {
	int status;          /* a cib_status */
	char code[48];       /* stable name, e.g. "json.duplicate-key"; `cib explain CODE` */
	char message[1024];  /* what and why, one sentence, no final newline */
	char file[512];      /* "" when there is none */
	size_t line, column; /* from 1; 0 when unknown. Columns count code points. */
	char pointer[512];   /* RFC 6901 pointer into the document */
	char hint[512];      /* the next thing to do, "" when there is none */
} cib_error;

/* clang-format off */
#define CIB_ERROR_INIT {0}
/* clang-format on */

/* `fmt` is English; the message is in the language that is spoken (base/gettext.h).
 * Fill *err (may be NULL) and return `status`, so that a caller can write `return cib_error_set(...)`. */
int cib_error_set(cib_error *err, int status, const char *code, const char *fmt, ...) __attribute__((format(printf, 4, 5)));
/* Add the next thing to do; keeps the rest. */
void cib_error_hint(cib_error *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void cib_error_clear(cib_error *err);

/* ---- memory ------------------------------------------------------------------------------- */

void *cib_alloc(size_t size);                                       /* zeroed; free with free() */
void *cib_realloc(void *p, size_t size);                            /* as realloc, never NULL */
void *cib_grow(void *p, size_t *cap, size_t need, size_t itemsize); /* array with doubling capacity */
char *cib_strdup(const char *s);                                    /* NULL gives NULL */
char *cib_strndup(const char *s, size_t n);
char *cib_format(const char *fmt, ...) __attribute__((format(printf, 1, 2))); /* heap string */

/* An arena: many small things that die together. Pointers stay valid until reset or free. */
typedef struct cib_arena_block cib_arena_block;
typedef struct {
	cib_arena_block *head; /* the block being filled */
	char *at, *end;        /* free space in it */
} cib_arena;

/* clang-format off */
#define CIB_ARENA_INIT {0}
/* clang-format on */
void *cib_arena_alloc_slow(cib_arena *a, size_t size);
/* 8-byte aligned, NOT zeroed. */
static inline void *cib_arena_alloc(cib_arena *a, size_t size)
{
	size = (size + 7u) & ~(size_t)7u;
	if ((size_t)(a->end - a->at) < size)
		return cib_arena_alloc_slow(a, size);
	void *p = a->at;
	a->at += size;
	return p;
}
char *cib_arena_strndup(cib_arena *a, const char *s, size_t n);
void cib_arena_reset(cib_arena *a); /* keeps one block for reuse */
void cib_arena_free(cib_arena *a);

/* ---- text --------------------------------------------------------------------------------- */

/* A growing byte string, always followed by a NUL that is not counted. */
typedef struct {
	char *data; /* NULL only while empty and never written: use cib_buf_str */
	size_t len, cap;
} cib_buf;

/* clang-format off */
#define CIB_BUF_INIT {0}
/* clang-format on */
void cib_buf_reserve(cib_buf *b, size_t more);
void cib_buf_add(cib_buf *b, const void *data, size_t len);
void cib_buf_addc(cib_buf *b, char c);
void cib_buf_adds(cib_buf *b, const char *s);
void cib_buf_addf(cib_buf *b, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
void cib_buf_vaddf(cib_buf *b, const char *fmt, va_list ap);
const char *cib_buf_str(const cib_buf *b); /* "" for an empty one; borrowed */
bool cib_buf_equal(const cib_buf *a, const cib_buf *b);
char *cib_buf_take(cib_buf *b); /* the string becomes the caller's, the buffer empty */
void cib_buf_clear(cib_buf *b); /* keeps the memory */
void cib_buf_free(cib_buf *b);

/* Append `s` with everything removed or replaced that could harm a terminal: C0 and C1 controls
 * (but newline and tab), DEL, bidirectional overrides, invalid UTF-8. For all text from elsewhere. */
void cib_buf_add_clean(cib_buf *b, const char *s, size_t len);
bool cib_is_clean(const char *s); /* is there nothing that it would change? */
/* Append `s` as text or as an attribute in double quotes of XML 1.0 and HTML: < > & " and what a parser would change (CR; in an
 * attribute newline and tab, too) as references, what XML cannot hold as U+FFFD. */
void cib_buf_add_xml(cib_buf *b, const char *s, bool attribute);
/* The same for text from elsewhere that people read: cleaned first. */
void cib_buf_add_markup(cib_buf *b, const char *s);

/* Append what each language writes in its own way (manner.c); `lang`: "fr", "es", else English. A number from digits with an optional
 * sign and point: 1,234.5, 1 234,5, 1234,5. A day as entries have them, 2024, 2024-05, 2024-05-17 or 2024-05-17T09:30: 17 May 2024,
 * 17 mai 2024, 17 de mayo de 2024; false, and nothing added: it is none. */
void cib_buf_add_number(cib_buf *b, const char *lang, const char *digits);
void cib_buf_add_percent_sign(cib_buf *b, const char *lang);
bool cib_buf_add_day(cib_buf *b, const char *lang, const char *iso);

bool cib_utf8_valid(const char *s, size_t len);
size_t cib_utf8_length(const char *s, size_t len); /* code points in valid UTF-8 */

/* A text as words, made harmless as by cib_buf_add_clean, and which of them another text does not have (prose.c). */
typedef struct {
	const char *start;
	size_t len;          /* bytes */
	bool marked, breaks; /* marked: not in the other; breaks: a line ends before it */
} cib_word;
typedef struct {
	char *text;
	cib_word *words;
	size_t count;
} cib_prose;
void cib_prose_split(cib_prose *out, const char *text);
/* Mark what is no part of a longest common run of words with `other`; texts of more than 2,000 words are left alone. */
void cib_prose_mark(cib_prose *prose, const cib_prose *other);
void cib_prose_free(cib_prose *prose);
/* Each piece of a text, words and what is between them, harmless, with whether `against` lacks the word at its place. */
typedef void (*cib_piece_cb)(const char *piece, size_t len, bool differs, void *payload);
void cib_each_piece(const char *text, const char *against, cib_piece_cb cb, void *payload);

/* The `n` nearest of the candidates to `word` by edit distance within 1/3 of its length: the
 * "did you mean" of the whole program. Returns the nearest or NULL; ignores ASCII case. */
const char *cib_nearest(const char *word, const char *const *candidates, size_t n);

/* The grammar of names in trees: [a-z0-9][a-z0-9._-]*, at most 100 bytes, no Windows device name
 * (with or without extension), no final dot. */
bool cib_name_ok(const char *name, size_t len);

/* ---- findings ------------------------------------------------------------------------------ */

typedef enum { CIB_ERROR = 0,
	       CIB_WARNING = 1,
	       CIB_ADVICE = 2 } cib_severity;

/* One fault found in the data. All strings belong to the list; NULL where there is nothing. */
typedef struct {
	cib_severity severity;
	char *file;           /* path as the user knows it */
	size_t line, column;  /* from 1; 0 unknown */
	char *pointer;        /* RFC 6901, into the document */
	char *keyword;        /* JSON Schema keyword that failed, or "json", or "network" */
	char *schema_pointer; /* where the rule stands: keyword location */
	char *code;           /* stable name of the message: `cib explain CODE` */
	char *title;          /* the field's title in the reader's language */
	char *message;        /* for a person */
	char *hint;           /* what to do */
} cib_finding;

typedef struct {
	cib_finding *items;
	size_t count, cap;
	size_t errors; /* how many of them have severity CIB_ERROR */
} cib_findings;

/* clang-format off */
#define CIB_FINDINGS_INIT {0}
/* clang-format on */
/* Append a copy of every string of *f. */
void cib_findings_add(cib_findings *list, const cib_finding *f);
/* Append what an error says (file, line, column, pointer, code, message, hint), keyword as given. */
void cib_findings_add_error(cib_findings *list, const char *keyword, const cib_error *err);
void cib_findings_truncate(cib_findings *list, size_t count);
void cib_findings_keep_errors(cib_findings *list, size_t first); /* drop what is no error from `first` on */
void cib_findings_free(cib_findings *list);

/* ---- files --------------------------------------------------------------------------------- */

/* Read a whole file, at most `max` bytes (0: no limit). CIB_NOTFOUND, CIB_IO, CIB_FINDINGS (too large). */
int cib_file_read(cib_buf *out, const char *path, size_t max, cib_error *err);
/* The one durable write: temporary file beside it, fsync, rename, fsync of the folder. After
 * CIB_OK the new content survives a power cut; before, the old one is untouched. */
int cib_file_write(const char *path, const void *data, size_t len, cib_error *err);
/* The same for a program, which can be run by everybody from the first instant on. */
int cib_file_write_program(const char *path, const void *data, size_t len, cib_error *err);
/* Remove the temporary files in a folder that a killed cib_file_write left; best effort. */
void cib_file_clean(const char *dir);
/* The same for a file that is given out, into a folder that no lock's holder clears: what a killed one left there is removed first. */
int cib_file_give_out(const char *path, const void *data, size_t len, cib_error *err);
int cib_file_remove(const char *path, cib_error *err); /* durable; a missing file is no error */
int cib_mkdirs(const char *path, cib_error *err);      /* as mkdir -p, durable */
/* Does a folder hold nothing but these names (NULL ends them)? One that is not there holds nothing. */
bool cib_holds_only(const char *dir, const char *const *names);
void cib_remove_tree(const char *path); /* a folder with all that is in it, no link followed; best effort */

/* A file of lines that grows (line_file.c). What was added survives a kill at once, and a power cut after cib_line_file_flush; a kill or a cut
 * in between leaves a beginning, whole line by whole line. One program at a time writes it: its lock is the caller's. */
typedef struct cib_line_file cib_line_file;
typedef bool (*cib_line_cb)(const char *line, size_t len, void *payload); /* false: this one and the rest are not read */
/* Read what is there, line by line; no file: nothing is. What was not read goes with the first change. */
int cib_line_file_open(cib_line_file **out, const char *path, cib_line_cb take, void *payload, cib_error *err);
void cib_line_file_free(cib_line_file *lines);
size_t cib_line_file_count(const cib_line_file *lines);
int cib_line_file_add(cib_line_file *lines, const char *text, cib_error *err); /* text: without a newline */
int cib_line_file_drop(cib_line_file *lines, cib_error *err);                  /* the last one */
int cib_line_file_flush(cib_line_file *lines, cib_error *err);
/* Other lines instead, durably and all at once; an empty text: no file. */
int cib_line_file_replace(cib_line_file *lines, const cib_buf *text, cib_error *err);

/* An advisory lock (flock) on the file at `path`, made when missing. Waits at most `wait_ms`;
 * CIB_BUSY then, naming the holder's process id. */
typedef struct cib_lock cib_lock;
int cib_lock_acquire(cib_lock **out, const char *path, int wait_ms, cib_error *err);
void cib_lock_release(cib_lock *lock); /* NULL is fine */

/* ---- other programs -------------------------------------------------------------------------- */

typedef struct {
	const void *input; /* given to its standard input */
	size_t len;
	int timeout_ms; /* then it is killed; 0: it may take its time */
	bool alone;     /* without a terminal: it cannot ask anything */
} cib_execute_options;
/* Run argv[0] (found in PATH; argv ends with NULL) to its end; what it says is appended to out and errs (may be NULL),
 * the first MiB of each. *exit_code is -1 when a signal ended it. CIB_NOTFOUND: there is no such program; CIB_IO. */
int cib_execute(int *exit_code, cib_buf *out, cib_buf *errs, const char *const *argv, const cib_execute_options *options, cib_error *err);

/* Random bytes from the system; never fails (aborts when the system has none). */
void cib_random(void *out, size_t len);

#endif
