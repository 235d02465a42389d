/* Texts side by side, with the words that differ marked: how a person compares two values. */
#include "cmd.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS_MAX = 4,
       NARROW = 26,
       WORDS_MAX = 2000 };

typedef struct {
	const char *start;
	size_t len;          /* bytes */
	bool marked, breaks; /* breaks: a line ends before it */
} word;

typedef struct {
	char *text; /* made harmless */
	word *words;
	size_t count, next;
} side;

size_t cib_term_width(FILE *stream)
{
	struct winsize size;
	bool known = isatty(fileno(stream)) && ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col >= 20;
	return known ? size.ws_col : 80;
}

static void split(side *s, const char *text)
{
	cib_buf clean = CIB_BUF_INIT;
	cib_buf_add_clean(&clean, text, strlen(text));
	s->text = cib_strdup(cib_buf_str(&clean));
	cib_buf_free(&clean);
	s->words = cib_alloc((strlen(s->text) + 1) * sizeof *s->words);
	bool breaks = false;
	for (const char *p = s->text; *p;) {
		size_t n = strcspn(p, " \t\n");
		if (n)
			s->words[s->count++] = (word){p, n, false, breaks};
		breaks = n ? false : breaks;
		p += n;
		breaks |= *p == '\n';
		p += *p != '\0';
	}
}

static bool same_word(const word *a, const word *b)
{
	return a->len == b->len && memcmp(a->start, b->start, a->len) == 0;
}

/* Mark the words of s that are no part of a longest common subsequence with other. */
static void mark(side *s, const side *other)
{
	size_t n = s->count, m = other->count;
	if (n > WORDS_MAX || m > WORDS_MAX)
		return;
	unsigned short *len = cib_alloc((n + 1) * (m + 1) * sizeof *len);
	for (size_t i = n; i-- > 0;)
		for (size_t j = m; j-- > 0;) {
			unsigned short down = len[(i + 1) * (m + 1) + j], right = len[i * (m + 1) + j + 1];
			bool same = same_word(&s->words[i], &other->words[j]);
			len[i * (m + 1) + j] = same ? (unsigned short)(len[(i + 1) * (m + 1) + j + 1] + 1) : down > right ? down
			                                                                                                  : right;
		}
	for (size_t i = 0, j = 0; i < n;) {
		if (j < m && same_word(&s->words[i], &other->words[j])) {
			i++;
			j++;
		} else if (j < m && len[i * (m + 1) + j + 1] >= len[(i + 1) * (m + 1) + j]) {
			j++;
		} else {
			s->words[i++].marked = true;
		}
	}
	free(len);
}

static void print_word(FILE *stream, const word *w, size_t len, bool colour)
{
	if (w->marked)
		fputs(colour ? "\033[1;4m" : "[", stream);
	fwrite(w->start, 1, len, stream);
	if (w->marked)
		fputs(colour ? "\033[0m" : "]", stream);
}

/* One line of a column; returns the characters printed. A word that is wider than the column is cut into lines. */
static size_t print_line(FILE *stream, side *s, size_t width, bool colour)
{
	size_t used = 0;
	while (s->next < s->count) {
		word *w = &s->words[s->next];
		size_t extra = w->marked && !colour ? 2 : 0, wide = cib_text_width(w->start, w->len) + extra, gap = used ? 1 : 0;
		if (used && (w->breaks || used + gap + wide > width))
			break;
		if (gap)
			fputc(' ', stream);
		if (wide > width) { /* only at the line's start */
			size_t bytes = 0;
			while (bytes < w->len) {
				size_t next = bytes + 1;
				while (next < w->len && ((unsigned char)w->start[next] & 0xC0u) == 0x80u)
					next++;
				if (bytes && cib_text_width(w->start, next) + extra > width)
					break;
				bytes = next;
			}
			print_word(stream, w, bytes, colour);
			w->start += bytes;
			w->len -= bytes;
			return width;
		}
		print_word(stream, w, w->len, colour);
		used += gap + wide;
		w->breaks = false;
		s->next++;
	}
	return used;
}

static bool any_left(const side *sides, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (sides[i].next < sides[i].count)
			return true;
	return false;
}

static void pad(FILE *stream, size_t from, size_t to)
{
	for (; from < to; from++)
		fputc(' ', stream);
}

/* `style`: how each cell begins. */
static void print_rows(FILE *stream, side *sides, size_t count, size_t indent, size_t width, const char *style, bool colour)
{
	while (any_left(sides, count)) {
		pad(stream, 0, indent);
		for (size_t i = 0; i < count; i++) {
			fputs(style, stream);
			size_t used = print_line(stream, &sides[i], width, colour);
			fputs(*style ? "\033[0m" : "", stream);
			if (i + 1 < count)
				pad(stream, used, width + 2);
		}
		fputc('\n', stream);
	}
}

static void print_beside(FILE *stream, const cib_column *columns, side *sides, size_t count, size_t indent, size_t width, bool colour)
{
	side heads[COLUMNS_MAX] = {0};
	for (size_t i = 0; i < count; i++)
		split(&heads[i], columns[i].heading ? columns[i].heading : "");
	print_rows(stream, heads, count, indent, width, colour ? "\033[1m" : "", colour);
	print_rows(stream, sides, count, indent, width, "", colour);
	for (size_t i = 0; i < count; i++) {
		free(heads[i].text);
		free(heads[i].words);
	}
}

static void print_below(FILE *stream, const cib_column *columns, side *sides, size_t count, size_t indent, size_t width, bool colour)
{
	for (size_t i = 0; i < count; i++) {
		side heading = {0};
		split(&heading, columns[i].heading ? columns[i].heading : "");
		print_rows(stream, &heading, 1, indent, width, colour ? "\033[1m" : "", colour);
		print_rows(stream, &sides[i], 1, indent + 2, width - 2, "", colour);
		free(heading.text);
		free(heading.words);
	}
}

void cib_each_piece(const char *text, const char *against, cib_piece_cb cb, void *payload)
{
	side own = {0}, other = {0};
	split(&own, text);
	split(&other, against);
	mark(&own, &other);
	const char *at = own.text;
	for (size_t i = 0; i < own.count; i++) {
		const word *w = &own.words[i];
		bool joins = i && w->marked && own.words[i - 1].marked; /* the gap between two words that differ belongs to them */
		cb(at, (size_t)(w->start - at), joins, payload);
		cb(w->start, w->len, w->marked, payload);
		at = w->start + w->len;
	}
	cb(at, strlen(at), false, payload);
	free(own.text);
	free(own.words);
	free(other.text);
	free(other.words);
}

void cib_print_columns(FILE *stream, const cib_column *columns, size_t count, size_t indent, size_t total, bool colour)
{
	side sides[COLUMNS_MAX] = {0};
	size_t width;
	total = total > indent + 20 ? total - indent : 20;
	count = count < 1 ? 1 : count < COLUMNS_MAX ? count
	                                            : COLUMNS_MAX;
	for (size_t i = 0; i < count; i++)
		split(&sides[i], columns[i].text);
	for (size_t i = 0; i < count; i++)
		if (columns[i].against) {
			side other = {0};
			split(&other, columns[i].against);
			mark(&sides[i], &other);
			free(other.text);
			free(other.words);
		}
	width = (total - 2 * (count - 1)) / count;
	if (width >= NARROW)
		print_beside(stream, columns, sides, count, indent, width, colour);
	else
		print_below(stream, columns, sides, count, indent, total, colour);
	for (size_t i = 0; i < count; i++) {
		free(sides[i].text);
		free(sides[i].words);
	}
}
