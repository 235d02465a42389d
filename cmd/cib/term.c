/* Talking: errors, findings, tables, progress. Data goes to stdout, talk to stderr. */
#include "cmd.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

bool cib_term_colour(FILE *stream)
{
	static signed char known[3]; /* of the standard streams, which do not change: 1 yes, -1 no */
	int fd = fileno(stream);
	if (fd >= 0 && fd < 3 && known[fd])
		return known[fd] > 0;
	const char *no = getenv("NO_COLOR");
	bool colour = isatty(fd) && !(no && *no);
	if (fd >= 0 && fd < 3)
		known[fd] = colour ? 1 : -1;
	return colour;
}

const char *cib_term_lang(void)
{
	static const char *const names[] = {"CIB_LANG", "LC_ALL", "LC_MESSAGES", "LANG"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
		const char *v = getenv(names[i]);
		if (v && *v)
			return strncmp(v, "fr", 2) == 0 ? "fr" : strncmp(v, "es", 2) == 0 ? "es"
			                                                                  : "en";
	}
	return "en";
}

void cib_print_clean(FILE *stream, const char *text)
{
	size_t len = strlen(text), plain = 0;
	while (plain < len && ((text[plain] >= ' ' && text[plain] < 0x7F) || text[plain] == '\n' || text[plain] == '\t'))
		plain++;
	fwrite(text, 1, plain, stream);
	if (plain == len)
		return;
	cib_buf b = CIB_BUF_INIT;
	cib_buf_add_clean(&b, text + plain, len - plain);
	fputs(cib_buf_str(&b), stream);
	cib_buf_free(&b);
}

static void print_place(FILE *stream, const char *file, size_t line, size_t column)
{
	if (!file || !*file)
		return;
	cib_print_clean(stream, file);
	if (line)
		fprintf(stream, ":%zu:%zu", line, column);
	fputs(": ", stream);
}

int cib_fail(const cib_error *err)
{
	fputs("cib: ", stderr);
	print_place(stderr, err->file, err->line, err->column);
	cib_print_clean(stderr, err->message[0] ? err->message : _("failed"));
	fputc('\n', stderr);
	if (err->hint[0]) {
		fputs("  ", stderr);
		cib_print_clean(stderr, err->hint);
		fputc('\n', stderr);
	}
	return cib_status_exit_code(err->status ? err->status : CIB_INTERNAL);
}

int cib_usage(const char *fmt, ...)
{
	va_list ap;
	fputs("cib: ", stderr);
	va_start(ap, fmt);
	vfprintf(stderr, cib_gettext(fmt), ap);
	va_end(ap);
	fputc('\n', stderr);
	return CIB_USAGE;
}

void cib_print_finding(FILE *stream, const cib_finding *f)
{
	static const char *const words[] = {N_("error"), N_("warning"), N_("advice")};
	static const char *const colours[] = {"\033[31m", "\033[33m", "\033[36m"};
	bool colour = cib_term_colour(stream);
	print_place(stream, f->file, f->line, f->column);
	fprintf(stream, "%s%s%s: ", colour ? colours[f->severity] : "", _(words[f->severity]), colour ? "\033[0m" : "");
	if (f->title) {
		cib_print_clean(stream, f->title);
		if (f->pointer && *f->pointer) {
			fputs(" (", stream);
			cib_print_clean(stream, f->pointer);
			fputc(')', stream);
		}
		fputs(": ", stream);
	} else if (f->pointer && *f->pointer) {
		cib_print_clean(stream, f->pointer);
		fputs(": ", stream);
	}
	cib_print_clean(stream, f->message ? f->message : "");
	fputc('\n', stream);
	if (f->hint && *f->hint) {
		fputs("    ", stream);
		cib_print_clean(stream, f->hint);
		fputc('\n', stream);
	}
}

static void json_field(cib_buf *b, const char *name, const char *value)
{
	cib_buf_addf(b, ",\"%s\":", name);
	cib_json_write_string(b, value ? value : "", value ? strlen(value) : 0);
}

void cib_print_finding_json(FILE *stream, const cib_finding *f)
{
	cib_print_commit_finding_json(stream, NULL, f);
}

void cib_print_commit_finding_json(FILE *stream, const char *commit, const cib_finding *f)
{
	static const char *const words[] = {"error", "warning", "advice"};
	cib_buf b = CIB_BUF_INIT;
	cib_buf_adds(&b, "{\"v\":1");
	if (commit)
		json_field(&b, "commit", commit);
	json_field(&b, "file", f->file);
	cib_buf_addf(&b, ",\"line\":%zu,\"column\":%zu", f->line, f->column);
	json_field(&b, "pointer", f->pointer);
	json_field(&b, "keyword", f->keyword);
	json_field(&b, "code", f->code);
	json_field(&b, "severity", words[f->severity]);
	json_field(&b, "message", f->message);
	if (f->title)
		json_field(&b, "title", f->title);
	if (f->hint && *f->hint)
		json_field(&b, "hint", f->hint);
	if (f->schema_pointer)
		json_field(&b, "schemaPointer", f->schema_pointer);
	cib_buf_adds(&b, "}\n");
	fwrite(b.data, 1, b.len, stream);
	cib_buf_free(&b);
}

void cib_print_json(FILE *stream, const cJSON *doc)
{
	cib_buf b = CIB_BUF_INIT;
	cib_json_write(&b, doc, &(cib_json_style){.compact = true, .keep_order = true});
	cib_buf_addc(&b, '\n');
	fwrite(b.data, 1, b.len, stream);
	cib_buf_free(&b);
}

void cib_print_value(FILE *stream, const cJSON *value)
{
	if (!value) {
		fputs(_("(none)"), stream);
	} else if (cJSON_IsString(value)) {
		cib_print_clean(stream, value->valuestring);
	} else {
		cib_buf b = CIB_BUF_INIT;
		cib_json_write(&b, value, &(cib_json_style){.compact = true});
		cib_print_clean(stream, cib_buf_str(&b));
		cib_buf_free(&b);
	}
}

/* ---- tables ---- */

static size_t width_of(const char *s)
{
	return cib_text_width(s, strlen(s));
}

void cib_print_padded(FILE *stream, const char *text, size_t width)
{
	fputs(text, stream);
	for (size_t n = width_of(text); n < width; n++)
		fputc(' ', stream);
}

void cib_print_span(const char *from, const char *until)
{
	if (from)
		printf(_("  from %s"), from);
	if (until)
		printf(_("  until %s"), until);
	putchar('\n');
}

static void print_cell(FILE *stream, const char *text, size_t width, size_t most, bool last)
{
	size_t shown = 0;
	const char *p = text;
	while (*p) {
		size_t n = 1;
		while (((unsigned char)p[n] & 0xC0u) == 0x80u)
			n++;
		size_t wide = cib_text_width(p, n);
		if (shown + wide > most)
			break;
		shown += wide;
		p += n;
	}
	cib_buf b = CIB_BUF_INIT;
	cib_buf_add_clean(&b, text, (size_t)(p - text));
	for (char *c = b.data; c && *c; c++)
		*c = *c == '\n' || *c == '\t' ? ' ' : *c;
	fputs(cib_buf_str(&b), stream);
	cib_buf_free(&b);
	for (; !last && shown < width + 2; shown++)
		fputc(' ', stream);
}

void cib_print_table(FILE *stream, const char *const *header, const char *const *cells, size_t columns, size_t rows)
{
	size_t widths[16] = {0}, used = 0, total = SIZE_MAX;
	struct winsize size;
	if (isatty(fileno(stream)) && ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col > 20)
		total = size.ws_col;
	for (size_t c = 0; c < columns && c < 16; c++) {
		widths[c] = width_of(header[c]);
		for (size_t r = 0; r < rows; r++) {
			size_t w = width_of(cells[r * columns + c]);
			widths[c] = w > widths[c] ? w : widths[c];
		}
		used += c + 1 < columns ? widths[c] + 2 : 0;
	}
	size_t rest = total == SIZE_MAX ? SIZE_MAX : used < total ? total - used
	                                                          : 10;
	bool colour = cib_term_colour(stream);
	for (size_t r = 0; r <= rows; r++) {
		if (r == 0 && colour)
			fputs("\033[1m", stream);
		for (size_t c = 0; c < columns; c++) {
			bool last = c + 1 == columns;
			print_cell(stream, r == 0 ? header[c] : cells[(r - 1) * columns + c], widths[c], last ? rest : widths[c], last);
		}
		fputs(r == 0 && colour ? "\033[0m\n" : "\n", stream);
	}
}

/* ---- the network: progress, words of the server, prompts ---- */

/* Git's own counting is no news; what hooks and servers say is. */
static bool is_counting(const char *line)
{
	static const char *const begins[] = {"Enumerating objects", "Counting objects", "Compressing objects", "Total ", "Resolving deltas",
	                                     "Unpacking objects", "Receiving objects", "Checking objects"};
	for (size_t i = 0; i < sizeof begins / sizeof *begins; i++)
		if (strncmp(line, begins[i], strlen(begins[i])) == 0)
			return true;
	return false;
}

static void show_line(const char *line, void *payload)
{
	(void)payload;
	if (is_counting(line))
		return;
	if (cib_term_colour(stderr) || isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
	fputs(_("server: "), stderr);
	const char *known = _(line); /* the last line of a refusal is always the same */
	bool refused = known == line && strncmp(line, "refused: ", 9) == 0;
	fputs(refused ? _("refused: ") : "", stderr);
	cib_print_clean(stderr, refused ? line + 9 : known);
	fputc('\n', stderr);
}

static char *ask(const char *prompt, bool secret)
{
	char line[512];
	struct termios old, quiet;
	fputs(prompt, stderr);
	bool hide = secret && tcgetattr(STDIN_FILENO, &old) == 0;
	if (hide) {
		quiet = old;
		quiet.c_lflag &= ~(tcflag_t)ECHO;
		tcsetattr(STDIN_FILENO, TCSANOW, &quiet);
	}
	bool got = fgets(line, sizeof line, stdin) != NULL;
	if (hide) {
		tcsetattr(STDIN_FILENO, TCSANOW, &old);
		fputc('\n', stderr);
	}
	if (!got)
		return NULL;
	line[strcspn(line, "\r\n")] = '\0';
	return cib_strdup(line);
}

/* One question for the several conversations of a sync; the answer is kept as long as the program runs. */
static int give_credentials(char **user, char **password, const char *url, void *payload)
{
	static char *given_user, *given_password;
	(void)payload;
	if (!given_password) {
		if (!isatty(STDIN_FILENO) || !isatty(STDERR_FILENO))
			return 1;
		fputs("\r\033[K", stderr);
		fprintf(stderr, _("The server asks who you are: %s\n"), url);
		char *prompt = *user ? cib_format(_("Password or token of %s: "), *user) : cib_strdup(_("Password or token: "));
		given_user = *user ? cib_strdup(*user) : ask(_("User: "), false);
		given_password = given_user ? ask(prompt, true) : NULL;
		free(prompt);
	}
	free(*user);
	*user = cib_strdup(given_user);
	*password = cib_strdup(given_password);
	return !given_password;
}

void cib_sync_defaults(cib_sync_options *options)
{
	*options = (cib_sync_options){.lang = cib_term_lang()};
	options->remote.credentials = give_credentials;
	options->remote.remote_line = show_line;
	options->remote.progress = cib_show_progress;
}
