/* Texts side by side, with the words that differ marked: how a person compares two values. */
#include "cmd.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

enum { COLUMNS_MAX = 4,
       NARROW = 26 };

typedef struct {
	cib_prose prose;
	size_t next; /* the word that is to be printed */
} side;

size_t cib_term_width(FILE *stream)
{
	struct winsize size;
	bool known = isatty(fileno(stream)) && ioctl(fileno(stream), TIOCGWINSZ, &size) == 0 && size.ws_col >= 20;
	return known ? size.ws_col : 80;
}

static void print_word(FILE *stream, const cib_word *w, size_t len, bool colour)
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
	while (s->next < s->prose.count) {
		cib_word *w = &s->prose.words[s->next];
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
		if (sides[i].next < sides[i].prose.count)
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
		cib_prose_split(&heads[i].prose, columns[i].heading ? columns[i].heading : "");
	print_rows(stream, heads, count, indent, width, colour ? "\033[1m" : "", colour);
	print_rows(stream, sides, count, indent, width, "", colour);
	for (size_t i = 0; i < count; i++)
		cib_prose_free(&heads[i].prose);
}

static void print_below(FILE *stream, const cib_column *columns, side *sides, size_t count, size_t indent, size_t width, bool colour)
{
	for (size_t i = 0; i < count; i++) {
		side heading = {0};
		cib_prose_split(&heading.prose, columns[i].heading ? columns[i].heading : "");
		print_rows(stream, &heading, 1, indent, width, colour ? "\033[1m" : "", colour);
		print_rows(stream, &sides[i], 1, indent + 2, width - 2, "", colour);
		cib_prose_free(&heading.prose);
	}
}

void cib_print_columns(FILE *stream, const cib_column *columns, size_t count, size_t indent, size_t total, bool colour)
{
	side sides[COLUMNS_MAX] = {0};
	size_t width;
	total = total > indent + 20 ? total - indent : 20;
	count = count < 1 ? 1 : count < COLUMNS_MAX ? count
	                                            : COLUMNS_MAX;
	for (size_t i = 0; i < count; i++)
		cib_prose_split(&sides[i].prose, columns[i].text);
	for (size_t i = 0; i < count; i++)
		if (columns[i].against) {
			cib_prose other;
			cib_prose_split(&other, columns[i].against);
			cib_prose_mark(&sides[i].prose, &other);
			cib_prose_free(&other);
		}
	width = (total - 2 * (count - 1)) / count;
	if (width >= NARROW)
		print_beside(stream, columns, sides, count, indent, width, colour);
	else
		print_below(stream, columns, sides, count, indent, total, colour);
	for (size_t i = 0; i < count; i++) {
		cib_prose_free(&sides[i].prose);
	}
}
