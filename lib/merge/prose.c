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
	size_t counts[3];
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

/* Sentences with the white space behind them, so that joining them gives the text again. */
static void split(sentences *s, int side, const char *text)
{
	size_t cap = 0;
	for (const char *p = text, *begin = text; *p;) {
		size_t mark = end_mark(p);
		if (*p == '\n' || (mark && (p[mark] == ' ' || p[mark] == '\n' || !p[mark]))) {
			p += mark;
			p += strspn(p, " \n\t");
		} else {
			p++;
			if (*p)
				continue;
		}
		s->items[side] = cib_grow(s->items[side], &cap, s->counts[side] + 1, sizeof(sentence));
		s->items[side][s->counts[side]++] = (sentence){begin, (size_t)(p - begin)};
		begin = p;
	}
}

static size_t trimmed(const sentence *s)
{
	size_t n = s->len;
	while (n > 0 && strchr(" \n\t", s->begin[n - 1]))
		n--;
	return n;
}

static bool same_sentence(int side_a, size_t a, int side_b, size_t b, void *payload)
{
	const sentences *s = payload;
	const sentence *x = &s->items[side_a][a], *y = &s->items[side_b][b];
	size_t n = trimmed(x);
	return n == trimmed(y) && memcmp(x->begin, y->begin, n) == 0;
}

static bool same_run(const sentences *s, int x, size_t at, size_t n, int y, size_t other, size_t m)
{
	if (n != m)
		return false;
	for (size_t i = 0; i < n; i++)
		if (!same_sentence(x, at + i, y, other + i, (void *)(uintptr_t)s))
			return false;
	return true;
}

static void add(cib_buf *out, const sentence *from, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (out->len && !strchr(" \n\t", out->data[out->len - 1]))
			cib_buf_addc(out, ' '); /* it stood at the end of its text before */
		cib_buf_add(out, from[i].begin, from[i].len);
	}
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
	bool ok = s.counts[0] > 1 && cib_diff3(&pieces, &count, s.counts[0], s.counts[1], s.counts[2], same_sentence, &s);
	for (size_t i = 0; i < count && ok; i++) {
		const cib_piece *p = &pieces[i];
		bool ours_same = p->stable || same_run(&s, 0, p->base, p->base_n, 1, p->ours, p->ours_n);
		bool theirs_same = p->stable || same_run(&s, 0, p->base, p->base_n, 2, p->theirs, p->theirs_n);
		if (ours_same)
			add(&out, s.items[2] + p->theirs, p->theirs_n);
		else if (theirs_same || same_run(&s, 1, p->ours, p->ours_n, 2, p->theirs, p->theirs_n))
			add(&out, s.items[1] + p->ours, p->ours_n);
		else
			ok = false;
	}
	while (ok && out.len && strchr(" ", out.data[out.len - 1]))
		out.data[--out.len] = '\0';
	free(pieces);
	for (int i = 0; i < 3; i++)
		free(s.items[i]);
	if (ok)
		return cib_buf_take(&out);
	cib_buf_free(&out);
	return NULL;
}
