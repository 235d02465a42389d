/* Showing why an entry was found: the words of the query marked in its texts, and the text that shows most of them. */
#include "search/private.h"

#include <stdlib.h>
#include <string.h>

enum { SINGLES = 64 };

/* The single words of a query; one bit each. */
typedef struct {
	char *words[SINGLES];
	bool prefix[SINGLES];
	size_t count;
} singles;

static void singles_of(singles *out, const cib_search_marks *marks)
{
	cib_search_terms terms = {0};
	*out = (singles){.count = 0};
	cib_search_parse(&terms, marks->words, marks->widened);
	for (size_t i = 0; i < terms.count; i++) {
		const char *at = terms.items[i].text, *begin, *end;
		while (!terms.items[i].without && out->count < SINGLES && cib_search_next_word(&at, &begin, &end)) {
			out->prefix[out->count] = terms.items[i].prefix;
			out->words[out->count++] = cib_strndup(begin, (size_t)(end - begin));
		}
	}
	cib_search_terms_free(&terms);
}

static void singles_free(singles *s)
{
	for (size_t i = 0; i < s->count; i++)
		free(s->words[i]);
}

/* Which words of the query is this word of a text? */
static uint64_t matching(const singles *s, const char *begin, const char *end)
{
	char *word = cib_strndup(begin, (size_t)(end - begin));
	cib_buf folded = CIB_BUF_INIT;
	uint64_t bits = 0;
	cib_search_fold(&folded, word);
	const char *bare = cib_buf_str(&folded) + strspn(cib_buf_str(&folded), " "); /* signs that are words stand between spaces */
	size_t len = strcspn(bare, " ");
	for (size_t i = 0; i < s->count; i++) {
		size_t n = strlen(s->words[i]);
		if (strncmp(bare, s->words[i], n) == 0 && (s->prefix[i] || len == n))
			bits |= (uint64_t)1 << i;
	}
	cib_buf_free(&folded);
	free(word);
	return bits;
}

static uint64_t words_in(const singles *s, const char *text, const char **first)
{
	const char *at = text, *begin, *end;
	uint64_t all = 0;
	*first = NULL;
	while (cib_search_next_word(&at, &begin, &end)) {
		uint64_t bits = matching(s, begin, end);
		if (bits && !*first)
			*first = begin;
		all |= bits;
	}
	return all;
}

static void add_text(cib_buf *out, const char *text, size_t len, const cib_search_marks *marks)
{
	char *part = cib_strndup(text, len);
	if (marks->markup)
		cib_buf_add_markup(out, part);
	else
		cib_buf_add_clean(out, part, len);
	free(part);
}

static void mark(cib_buf *out, const char *text, size_t len, const singles *s, const cib_search_marks *marks)
{
	char *part = cib_strndup(text, len);
	const char *at = part, *done = part, *begin, *end;
	while (cib_search_next_word(&at, &begin, &end)) {
		if (!matching(s, begin, end))
			continue;
		if (begin == done && done != part) { /* words without a space between them: one mark */
			out->len -= strlen(marks->close);
		} else {
			add_text(out, done, (size_t)(begin - done), marks);
			cib_buf_adds(out, marks->open);
		}
		add_text(out, begin, (size_t)(end - begin), marks);
		cib_buf_adds(out, marks->close);
		done = end;
	}
	add_text(out, done, strlen(done), marks);
	free(part);
}

void cib_search_mark(cib_buf *out, const char *text, const cib_search_marks *marks)
{
	singles s;
	singles_of(&s, marks);
	mark(out, text, strlen(text), &s, marks);
	singles_free(&s);
}

/* ---- the best text */

typedef struct {
	const singles *words;
	const char *lang, *text, *at; /* the best so far, and where in it the first word is */
	int score;
	uint64_t in_title;
} best;

static int count_bits(uint64_t v)
{
	return __builtin_popcountll(v);
}

static void consider(best *b, const char *text, bool preferred)
{
	const char *first;
	uint64_t bits = words_in(b->words, text, &first);
	int score = count_bits(bits) * 4 + count_bits(bits & ~b->in_title) * 8 + preferred;
	if (bits && score > b->score)
		*b = (best){b->words, b->lang, text, first, score, b->in_title};
}

static void walk(best *b, const cJSON *node)
{
	if (cJSON_IsString(node))
		consider(b, node->valuestring, node->string && strcmp(node->string, b->lang) == 0);
	for (const cJSON *c = node->child; c; c = c->next)
		if (!c->string || (strncmp(c->string, "x-", 2) != 0 && strcmp(c->string, "id") != 0 && strcmp(c->string, "url") != 0))
			walk(b, c);
}

static void consider_name(const cib_codelist *list, const cib_code *code, const char *given, const char *pointer, void *payload)
{
	best *b = payload;
	(void)list;
	(void)given;
	(void)pointer;
	const cJSON *names = code ? cib_json_get(code->json, "name") : NULL;
	for (const cJSON *n = names ? names->child : NULL; n; n = n->next)
		if (cJSON_IsString(n))
			consider(b, n->valuestring, strcmp(n->string, b->lang) == 0);
}

static bool continues(char c)
{
	return ((unsigned char)c & 0xC0) == 0x80;
}

/* `width` bytes around `at`, from a space to a space where there is one. */
static void cut(cib_buf *out, const best *b, size_t width, const cib_search_marks *marks)
{
	size_t len = strlen(b->text), at = (size_t)(b->at - b->text), from = at > width / 3 ? at - width / 3 : 0, to = from + width < len ? from + width : len;
	for (size_t i = from; from && i < at; i++)
		if (b->text[i] == ' ') {
			from = i + 1;
			break;
		}
	const char *after = b->at, *begin_word, *end_word;
	cib_search_next_word(&after, &begin_word, &end_word);
	for (size_t i = to; to < len && i > (size_t)(end_word - b->text); i--)
		if (b->text[i] == ' ') {
			to = i;
			break;
		}
	while (from && continues(b->text[from]))
		from--;
	while (to < len && continues(b->text[to]))
		to++;
	if (from)
		cib_buf_adds(out, "\u2026 ");
	size_t begin = out->len;
	mark(out, b->text + from, to - from, b->words, marks);
	for (size_t i = begin; i < out->len; i++)
		if (out->data[i] == '\n' || out->data[i] == '\t')
			out->data[i] = ' ';
	if (to < len)
		cib_buf_adds(out, " \u2026");
}

void cib_search_snippet(cib_buf *out, cib_search *search, const char *path, const cJSON *doc, const char *lang, size_t width,
                        const cib_search_marks *marks)
{
	singles words;
	const char *first;
	cib_place place;
	singles_of(&words, marks);
	cib_buf_clear(out);
	best b = {.words = &words, .lang = lang, .in_title = words_in(&words, cib_entry_title(doc, lang), &first)};
	cib_network_place(&place, search->net, path);
	bool all = (size_t)count_bits(b.in_title) == words.count; /* the title says it all */
	for (const cJSON *c = all ? NULL : doc->child; c; c = c->next)
		if (strcmp(c->string, "kind") != 0 && strcmp(c->string, "schema") != 0 && strncmp(c->string, "x-", 2) != 0)
			walk(&b, c);
	if (place.kind && !all)
		cib_entry_codes(search->net, place.kind, doc, consider_name, &b);
	if (b.text && strcmp(b.text, cib_entry_title(doc, lang)) != 0)
		cut(out, &b, width, marks);
	singles_free(&words);
}
