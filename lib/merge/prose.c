/* Prose merges by sentences: two edits that touch different sentences both stand. */
#include "merge/private.h"

#include <stdlib.h>
#include <string.h>

typedef struct {
	const char *begin;
	size_t len;
} sentence;

typedef struct {
	sentence *items[3];
	cib_ids ids[3];
	cib_classes classes;
} sentences;

/* The length of a mark that ends a sentence, in Latin, Arabic and full-width scripts; 0 when there is none. */
static size_t end_mark(const char *p)
{
	static const char *const marks[] = {".", "!", "?", "\xE2\x80\xA6", "\xD8\x9F", "\xDB\x94", "\xE3\x80\x82"};
	for (size_t i = 0; i < sizeof marks / sizeof *marks; i++)
		if (strncmp(p, marks[i], strlen(marks[i])) == 0)
			return strlen(marks[i]);
	return 0;
}

static size_t trimmed(const sentence *s)
{
	size_t n = s->len;
	while (n > 0 && strchr(" \n\t", s->begin[n - 1]))
		n--;
	return n;
}

/* The length of the first sentence, with the white space behind it, so that joining them gives the text again. */
static size_t first_sentence(const char *text)
{
	for (const char *p = text; *p; p++) {
		size_t mark = end_mark(p);
		if (*p == '\n' || (mark && (p[mark] == ' ' || p[mark] == '\n' || !p[mark])))
			return (size_t)(p - text) + mark + strspn(p + mark, " \n\t");
	}
	return strlen(text);
}

static void split(sentences *s, int side, const char *text)
{
	size_t cap = 0, cap_ids = 0;
	for (const char *p = text; *p;) {
		sentence one = {p, first_sentence(p)};
		size_t n = s->ids[side].n++;
		s->items[side] = cib_grow(s->items[side], &cap, n + 1, sizeof(sentence));
		s->ids[side].ids = cib_grow(s->ids[side].ids, &cap_ids, n + 1, sizeof(unsigned));
		s->items[side][n] = one;
		s->ids[side].ids[n] = cib_class_of_text(&s->classes, one.begin, trimmed(&one));
		p += one.len;
	}
}

bool cib_is_prose(const char *text)
{
	size_t count = 0;
	for (const char *p = text; *p; count++) {
		sentence one = {p, first_sentence(p)};
		if (!memchr(p, ' ', trimmed(&one)) && trimmed(&one) < 12)
			return false; /* one short word: an abbreviation, a list of names, not a sentence */
		p += one.len;
	}
	return count > 1;
}

static void add(cib_buf *out, const sentence *from, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (out->len && !strchr(" \n\t", out->data[out->len - 1]))
			cib_buf_addc(out, ' '); /* it stood at the end of its text before */
		cib_buf_add(out, from[i].begin, from[i].len);
	}
}

/* The side whose run of a piece stands: 1 ours, 2 theirs, 0 neither. */
static int standing(const cib_piece *p, const cib_ids ids[3])
{
	if (p->stable || cib_piece_same(p, ids, 0, 1))
		return 2;
	return cib_piece_same(p, ids, 0, 2) || cib_piece_same(p, ids, 1, 2) ? 1 : 0;
}

char *cib_merge_prose(const char *base, const char *ours, const char *theirs)
{
	sentences s = {0};
	cib_piece *pieces = NULL;
	size_t count = 0;
	cib_buf out = CIB_BUF_INIT;
	split(&s, 0, base);
	split(&s, 1, ours);
	split(&s, 2, theirs);
	bool kept = false; /* when no sentence of base is left on either side there is nothing to go by */
	bool ok = s.ids[0].n > 1 && cib_diff3(&pieces, &count, s.ids);
	for (size_t i = 0; i < count && ok; i++) {
		int side = standing(&pieces[i], s.ids);
		kept |= pieces[i].stable || cib_piece_same(&pieces[i], s.ids, 0, 1) || cib_piece_same(&pieces[i], s.ids, 0, 2);
		ok = side != 0;
		if (ok)
			add(&out, s.items[side] + pieces[i].at[side], pieces[i].n[side]);
	}
	while (out.len && out.data[out.len - 1] == ' ')
		out.data[--out.len] = '\0';
	free(pieces);
	for (int i = 0; i < 3; i++) {
		free(s.items[i]);
		free(s.ids[i].ids);
	}
	cib_classes_free(&s.classes);
	if (ok && kept)
		return cib_buf_take(&out);
	cib_buf_free(&out);
	return NULL;
}
