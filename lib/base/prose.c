/* Two texts word by word: what a person looks for when a text was changed. */
#include "base/base.h"

#include <stdlib.h>
#include <string.h>

enum { WORDS_MAX = 2000 };

void cib_prose_split(cib_prose *out, const char *text)
{
	cib_buf clean = CIB_BUF_INIT;
	cib_buf_add_clean(&clean, text, strlen(text));
	*out = (cib_prose){.text = cib_strdup(cib_buf_str(&clean))};
	cib_buf_free(&clean);
	out->words = cib_alloc((strlen(out->text) + 1) * sizeof *out->words);
	bool breaks = false;
	for (const char *p = out->text; *p;) {
		size_t n = strcspn(p, " \t\n");
		if (n)
			out->words[out->count++] = (cib_word){p, n, false, breaks};
		breaks = n ? false : breaks;
		p += n;
		breaks |= *p == '\n';
		p += *p != '\0';
	}
}

static bool same_word(const cib_word *a, const cib_word *b)
{
	return a->len == b->len && memcmp(a->start, b->start, a->len) == 0;
}

void cib_prose_mark(cib_prose *prose, const cib_prose *other)
{
	size_t n = prose->count, m = other->count;
	if (n > WORDS_MAX || m > WORDS_MAX)
		return;
	unsigned short *len = cib_alloc((n + 1) * (m + 1) * sizeof *len);
	for (size_t i = n; i-- > 0;)
		for (size_t j = m; j-- > 0;) {
			unsigned short down = len[(i + 1) * (m + 1) + j], right = len[i * (m + 1) + j + 1];
			bool same = same_word(&prose->words[i], &other->words[j]);
			len[i * (m + 1) + j] = same ? (unsigned short)(len[(i + 1) * (m + 1) + j + 1] + 1) : down > right ? down
			                                                                                                  : right;
		}
	for (size_t i = 0, j = 0; i < n;) {
		if (j < m && same_word(&prose->words[i], &other->words[j])) {
			i++;
			j++;
		} else if (j < m && len[i * (m + 1) + j + 1] >= len[(i + 1) * (m + 1) + j]) {
			j++;
		} else {
			prose->words[i++].marked = true;
		}
	}
	free(len);
}

void cib_prose_free(cib_prose *prose)
{
	free(prose->text);
	free(prose->words);
	*prose = (cib_prose){0};
}

void cib_each_piece(const char *text, const char *against, cib_piece_cb cb, void *payload)
{
	cib_prose own, other;
	cib_prose_split(&own, text);
	cib_prose_split(&other, against);
	cib_prose_mark(&own, &other);
	const char *at = own.text;
	for (size_t i = 0; i < own.count; i++) {
		const cib_word *w = &own.words[i];
		bool joins = i && w->marked && own.words[i - 1].marked; /* the gap between two words that differ belongs to them */
		cb(at, (size_t)(w->start - at), joins, payload);
		cb(w->start, w->len, w->marked, payload);
		at = w->start + w->len;
	}
	cb(at, strlen(at), false, payload);
	cib_prose_free(&own);
	cib_prose_free(&other);
}
