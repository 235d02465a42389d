/* Fingerprints of entries, and how alike two are. */
#include "review/fingerprint.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { ALIKE = 70,         /* titles: common words of all words, in percent, from which on they are alike */
       NEARLY_EQUAL = 90,  /* the same where no country is known */
       SHORT_TEXT = 8,     /* a description of so few words is a name: it has to share more than half of them */
       OTHER_TEXT = 20,    /* longer ones in one language that share less are about something else */
       DAYS_APART = 366 }; /* of the two starts */

/* Words that carry nothing, in five languages. Sorted. */
static const char *const empty_words[] = {
	"a", "al", "amb", "an", "and", "au", "aux", "by", "com", "con", "d", "da", "dans", "das", "de", "del", "dels", "des", "do", "dos", "du",
	"e", "el", "els", "em", "en", "et", "for", "i", "in", "l", "la", "las", "le", "les", "lo", "los", "na", "no", "o", "of", "on", "os", "para",
	"par", "pel", "per", "por", "pour", "sur", "the", "their", "to", "un", "una", "une", "with", "y"};

static int order_text(const void *a, const void *b) { return strcmp(*(const char *const *)a, *(const char *const *)b); }

static uint64_t hash(uint64_t seed, const void *data, size_t len) /* FNV-1a */
{
	const unsigned char *p = data;
	uint64_t h = seed ^ 0xcbf29ce484222325u;
	for (size_t i = 0; i < len; i++)
		h = (h ^ p[i]) * 0x100000001b3u;
	return h ^ (h >> 29);
}

static bool is_empty_word(const char *word)
{
	return bsearch(&word, empty_words, sizeof empty_words / sizeof *empty_words, sizeof *empty_words, order_text) != NULL;
}

static bool is_roman(const char *word)
{
	size_t n = strspn(word, "ivx");
	return n && !word[n];
}

/* A word's number: of its concept, of the number it is, or of its beginning. */
static uint32_t word_hash(const char *word, size_t len)
{
	unsigned concept = cib_lexicon_concept(word, len);
	if (concept)
		return (uint32_t)hash(1, &concept, sizeof concept);
	return (uint32_t)hash(2, word, isdigit((unsigned char)*word) || len < 5 ? len : 5);
}

static int order_hash(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;
	return (x > y) - (x < y);
}

/* The different words of a text, as sorted hashes; at most max, the smallest. Numbers are noted. */
static size_t take_words(uint32_t *out, size_t max, uint32_t *numbers, const char *text)
{
	enum { MANY = 400 };
	uint32_t all[MANY];
	size_t n = 0, kept = 0;
	char *folded = cib_text_fold(text), word[64];
	for (const char *p = folded; *p && n < MANY;) {
		size_t len = 0;
		for (; isalnum((unsigned char)*p) || (unsigned char)*p >= 0x80; p++)
			if (len + 1 < sizeof word)
				word[len++] = *p;
		word[len] = '\0';
		p += *p != '\0';
		if (!len)
			continue;
		if (numbers && (isdigit((unsigned char)*word) || is_roman(word)))
			*numbers |= 1u << (word_hash(word, len) & 31u);
		if (!is_empty_word(word))
			all[n++] = word_hash(word, len);
	}
	qsort(all, n, sizeof *all, order_hash); /* cppcheck-suppress uninitvar ; filled up to n */
	for (size_t i = 0; i < n && kept < max; i++)
		if (kept == 0 || out[kept - 1] != all[i])
			out[kept++] = all[i];
	free(folded);
	return kept;
}

/* ---- taking an entry apart ---- */

static const cJSON *first_of(const cJSON *doc, const char *const *pointers)
{
	for (; *pointers; pointers++) {
		const cJSON *v = cib_json_at(doc, *pointers);
		if (v)
			return v;
	}
	return NULL;
}

static void set_lang(uint8_t lang[2], const char *name)
{
	lang[0] = name ? (uint8_t)name[0] : 0;
	lang[1] = name && name[0] ? (uint8_t)name[1] : 0;
}

static void add_title(fp *f, const char *lang, const cJSON *text)
{
	if (!cJSON_IsString(text) || f->title_count == FP_TITLES)
		return;
	fp_title *t = &f->titles[f->title_count];
	t->count = (uint8_t)take_words(t->words, FP_TITLE_WORDS, &t->numbers, text->valuestring);
	set_lang(t->lang, lang);
	f->title_count = (uint8_t)(f->title_count + (t->count > 0));
}

static void add_text(fp *f, const char *lang, const cJSON *text)
{
	if (!cJSON_IsString(text) || f->text_count == FP_TEXTS)
		return;
	fp_text *t = &f->texts[f->text_count];
	t->count = (uint8_t)take_words(t->words, FP_TEXT_WORDS, NULL, text->valuestring);
	set_lang(t->lang, lang);
	f->text_count = (uint8_t)(f->text_count + (t->count > 0));
}

static void each_language(fp *f, const cJSON *map, const char *source, void (*add)(fp *, const char *, const cJSON *))
{
	if (cJSON_IsString(map))
		add(f, source, map);
	for (const cJSON *c = cJSON_IsObject(map) ? map->child : NULL; c; c = c->next)
		add(f, c->string, c);
}

static void add_country(fp *f, const char *code)
{
	if (!code || strlen(code) != 2 || f->country_count == FP_COUNTRIES)
		return;
	uint8_t pair[2] = {(uint8_t)toupper((unsigned char)code[0]), (uint8_t)toupper((unsigned char)code[1])};
	for (size_t i = 0; i < f->country_count; i++)
		if (memcmp(f->countries[i], pair, 2) == 0)
			return;
	memcpy(f->countries[f->country_count++], pair, 2);
}

static void add_items(fp *f, const cJSON *list, const char *field)
{
	for (const cJSON *c = list ? list->child : NULL; c; c = c->next)
		add_country(f, cib_json_string(c, field));
}

/* What is no letter or digit does not count in an identifier: XI-IATI-123/4 and xi.iati.123-4 are one. */
static void add_identifier(fp *f, const char *value)
{
	char plain[200];
	size_t n = 0;
	for (; value && *value && n < sizeof plain; value++)
		if (isalnum((unsigned char)*value))
			plain[n++] = (char)tolower((unsigned char)*value);
	if (n >= 4 && f->id_count < FP_IDS)
		f->ids[f->id_count++] = hash(3, plain, n);
}

static int32_t days_of(const cJSON *date)
{
	int year = 0, month = 1, day = 1;
	if (!cJSON_IsString(date) || sscanf(date->valuestring, "%4d-%2d-%2d", &year, &month, &day) < 1)
		return 0;
	return year * 365 + year / 4 + (month - 1) * 30 + day;
}

void cib_fp_make(fp *out, const cJSON *doc)
{
	static const char *const titles[] = {"/title", "/name", NULL}, *const texts[] = {"/description/general", "/summary", "/abstract", "/description", NULL};
	static const char *const starts[] = {"/dates/plannedStart", "/dates/actualStart", "/period/start", "/start", NULL};
	static const char *const ends[] = {"/dates/plannedEnd", "/dates/actualEnd", "/period/end", "/end", NULL};
	const char *source = cib_json_string(doc, "sourceLanguage");
	*out = (fp){0};
	each_language(out, first_of(doc, titles), source, add_title);
	each_language(out, first_of(doc, texts), source, add_text);
	const cJSON *ids = cib_json_get(doc, "identifiers");
	for (const cJSON *c = ids ? ids->child : NULL; c; c = c->next)
		add_identifier(out, cib_json_string(c, "value"));
	add_items(out, cib_json_get(doc, "recipientCountries"), "code");
	add_items(out, cib_json_get(doc, "locations"), "country");
	add_country(out, cib_json_string(doc, "country"));
	out->start = days_of(first_of(doc, starts));
	out->end = days_of(first_of(doc, ends));
}

/* ---- comparing ---- */

static size_t common(const uint32_t *a, size_t n, const uint32_t *b, size_t m)
{
	size_t c = 0;
	for (size_t i = 0, j = 0; i < n && j < m;) {
		c += a[i] == b[j];
		if (a[i] == b[j]) {
			i++;
			j++;
		} else if (a[i] < b[j]) {
			i++;
		} else {
			j++;
		}
	}
	return c;
}

/* The best of the languages, in percent. Titles with numbers of which none is the same are of other phases or years. */
static int title_likeness(const fp *a, const fp *b)
{
	int best = 0;
	for (size_t i = 0; i < a->title_count; i++)
		for (size_t k = 0; k < b->title_count; k++) {
			const fp_title *x = &a->titles[i], *y = &b->titles[k];
			size_t words = (size_t)x->count + y->count;
			if (words == 0 || (x->numbers && y->numbers && !(x->numbers & y->numbers)))
				continue;
			int likeness = (int)(200 * common(x->words, x->count, y->words, y->count) / words);
			best = likeness > best ? likeness : best;
		}
	return best;
}

/* Do the descriptions, where both have one in the same language, speak against it? */
static bool texts_differ(const fp *a, const fp *b)
{
	bool compared = false;
	for (size_t i = 0; i < a->text_count; i++)
		for (size_t k = 0; k < b->text_count; k++) {
			const fp_text *x = &a->texts[i], *y = &b->texts[k];
			if (memcmp(x->lang, y->lang, 2) != 0)
				continue;
			size_t least = x->count < y->count ? x->count : y->count;
			size_t shared = 100 * common(x->words, x->count, y->words, y->count);
			if (least <= SHORT_TEXT ? shared > 50 * least : shared >= OTHER_TEXT * least)
				return false;
			compared = true;
		}
	return compared;
}

static bool share_country(const fp *a, const fp *b)
{
	for (size_t i = 0; i < a->country_count; i++)
		for (size_t k = 0; k < b->country_count; k++)
			if (memcmp(a->countries[i], b->countries[k], 2) == 0)
				return true;
	return false;
}

static bool periods_differ(const fp *a, const fp *b)
{
	if (a->start && b->start && abs(a->start - b->start) > DAYS_APART)
		return true;
	return (a->end && b->start && a->end <= b->start) || (b->end && a->start && b->end <= a->start);
}

fp_match cib_fp_compare(const fp *a, const fp *b)
{
	for (size_t i = 0; i < a->id_count; i++)
		for (size_t k = 0; k < b->id_count; k++)
			if (a->ids[i] == b->ids[k])
				return (fp_match){100, true};
	bool countries = a->country_count && b->country_count;
	int likeness = title_likeness(a, b);
	if (likeness < (countries ? ALIKE : NEARLY_EQUAL) || (countries && !share_country(a, b)) || periods_differ(a, b) || texts_differ(a, b))
		return (fp_match){0, false};
	return (fp_match){likeness - (countries ? 0 : 10) - (a->start && b->start ? 0 : 5), false};
}

/* ---- keys ---- */

size_t cib_fp_keys(uint64_t keys[FP_KEYS], const fp *f, size_t *exact)
{
	size_t n = 0;
	memcpy(keys, f->ids, f->id_count * sizeof *keys);
	n += f->id_count;
	for (size_t i = 0; i < f->title_count; i++)
		keys[n++] = hash(4, f->titles[i].words, f->titles[i].count * sizeof *f->titles[i].words);
	*exact = n;
	for (size_t i = 0; i < f->title_count; i++)
		for (size_t w = 0; w < f->titles[i].count; w++)
			for (size_t c = 0; c < f->country_count; c++)
				keys[n++] = hash(hash(5, f->countries[c], 2), &f->titles[i].words[w], sizeof f->titles[i].words[w]);
	return n;
}

/* ---- as bytes: counts, then what there is of each ---- */

void cib_fp_pack(cib_buf *out, const fp *f)
{
	const uint8_t counts[4] = {f->title_count, f->text_count, f->id_count, f->country_count};
	cib_buf_add(out, counts, sizeof counts);
	cib_buf_add(out, &f->start, sizeof f->start);
	cib_buf_add(out, &f->end, sizeof f->end);
	for (size_t i = 0; i < f->title_count; i++) {
		const fp_title *t = &f->titles[i];
		cib_buf_addc(out, (char)t->count);
		cib_buf_add(out, t->lang, sizeof t->lang);
		cib_buf_add(out, &t->numbers, sizeof t->numbers);
		cib_buf_add(out, t->words, t->count * sizeof *t->words);
	}
	for (size_t i = 0; i < f->text_count; i++) {
		const fp_text *t = &f->texts[i];
		cib_buf_addc(out, (char)t->count);
		cib_buf_add(out, t->lang, sizeof t->lang);
		cib_buf_add(out, t->words, t->count * sizeof *t->words);
	}
	cib_buf_add(out, f->ids, f->id_count * sizeof *f->ids);
	cib_buf_add(out, f->countries, f->country_count * sizeof *f->countries);
}

typedef struct {
	const unsigned char *at, *end;
	bool bad;
} bytes;

static void unpack(bytes *b, void *out, size_t len)
{
	if (b->bad || (size_t)(b->end - b->at) < len) {
		b->bad = true;
		memset(out, 0, len);
		return;
	}
	memcpy(out, b->at, len);
	b->at += len;
}

/* A count, and at most max. */
static uint8_t unpack_count(bytes *b, size_t max)
{
	uint8_t n;
	unpack(b, &n, 1);
	b->bad |= n > max;
	return b->bad ? 0 : n;
}

bool cib_fp_unpack(fp *out, const void *data, size_t len)
{
	bytes b = {data, (const unsigned char *)data + len, false};
	*out = (fp){0};
	out->title_count = unpack_count(&b, FP_TITLES);
	out->text_count = unpack_count(&b, FP_TEXTS);
	out->id_count = unpack_count(&b, FP_IDS);
	out->country_count = unpack_count(&b, FP_COUNTRIES);
	unpack(&b, &out->start, sizeof out->start);
	unpack(&b, &out->end, sizeof out->end);
	for (size_t i = 0; i < out->title_count; i++) {
		fp_title *t = &out->titles[i];
		t->count = unpack_count(&b, FP_TITLE_WORDS);
		unpack(&b, t->lang, sizeof t->lang);
		unpack(&b, &t->numbers, sizeof t->numbers);
		unpack(&b, t->words, t->count * sizeof *t->words);
	}
	for (size_t i = 0; i < out->text_count; i++) {
		fp_text *t = &out->texts[i];
		t->count = unpack_count(&b, FP_TEXT_WORDS);
		unpack(&b, t->lang, sizeof t->lang);
		unpack(&b, t->words, t->count * sizeof *t->words);
	}
	unpack(&b, out->ids, out->id_count * sizeof *out->ids);
	unpack(&b, out->countries, out->country_count * sizeof *out->countries);
	return !b.bad;
}
