/* The words of an entry: its title, its other texts, the names of its codes in every language, and its facets (kind, member,
 * countries, goals and targets, themes, years) as words that no text can have. */
#include "search/private.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* ---- folding */

static bool starts(const char *s, const char *with)
{
	return strncmp(s, with, strlen(with)) == 0;
}

/* How many Arabic letters (two bytes each, D8 to DB) follow? */
static size_t arabic_letters(const char *s)
{
	size_t n = 0;
	while (((unsigned char)s[n * 2] & 0xFC) == 0xD8 && s[n * 2 + 1])
		n++;
	return n;
}

/* The bytes of an article at the beginning of an Arabic word, with a particle that is written in one with it: al-, wa-l-,
 * bi-l-, ka-l-, fa-l-, li-l-. 0: none, or a word so short that it may be the word itself. */
static size_t arabic_article(const char *s)
{
	static const char *const articles[] = {"\xd8\xa7\xd9\x84", "\xd9\x88\xd8\xa7\xd9\x84", "\xd8\xa8\xd8\xa7\xd9\x84",
	                                       "\xd9\x83\xd8\xa7\xd9\x84", "\xd9\x81\xd8\xa7\xd9\x84", "\xd9\x84\xd9\x84"};
	for (size_t i = 0; i < sizeof articles / sizeof *articles; i++)
		if (starts(s, articles[i]))
			return arabic_letters(s) > strlen(articles[i]) / 2 + 2 ? strlen(articles[i]) : 0;
	return 0;
}

/* Letters that Unicode does not take apart, and that people type without their stroke, or as on another keyboard. */
static const struct {
	const char *letter, *as;
} alike[] = {
	{"\xd8\xa9", "\xd9\x87"}, /* ta marbuta as ha */
	{"\xd9\x89", "\xd9\x8a"}, /* alef maksura as ya */
	{"\xdb\x8c", "\xd9\x8a"}, /* Persian ya */
	{"\xda\xa9", "\xd9\x83"}, /* Persian kaf */
	{"\xc5\x93", "oe"},
	{"\xc3\xa6", "ae"},
	{"\xc3\xb8", "o"},
	{"\xc5\x82", "l"},
	{"\xc4\x91", "d"},
	{"\xc4\xa7", "h"},
	{"\xc4\xb1", "i"},
};

static const char *alike_of(const char *s)
{
	for (size_t i = 0; (unsigned char)*s >= 0x80 && i < sizeof alike / sizeof *alike; i++)
		if (starts(s, alike[i].letter))
			return alike[i].as;
	return NULL;
}

/* Scripts that write words without spaces between them: Thai, Lao, Burmese, Khmer, Japanese, Chinese. Every sign of theirs is a
 * word of its own, and what is typed in one a phrase. */
static bool is_unspaced(utf8proc_int32_t c)
{
	return (c >= 0x0E00 && c <= 0x0EFF) || (c >= 0x1000 && c <= 0x109F) || (c >= 0x1780 && c <= 0x17FF) || (c >= 0x3005 && c <= 0x3007) ||
	       (c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x4DBF) || (c >= 0x4E00 && c <= 0x9FFF) || (c >= 0xF900 && c <= 0xFAFF) ||
	       (c >= 0x20000 && c <= 0x3FFFF);
}

/* The bytes of the sign at `s` when it is one of those scripts', else 0. None begins before U+0E00, E0 B8 80. */
static size_t unspaced_sign(const char *s)
{
	utf8proc_int32_t c;
	utf8proc_ssize_t n = (unsigned char)*s >= 0xE0 ? utf8proc_iterate((const utf8proc_uint8_t *)s, -1, &c) : 0;
	return n > 0 && is_unspaced(c) ? (size_t)n : 0;
}

void cib_search_fold(cib_buf *out, const char *s)
{
	char *folded = cib_text_fold(s);
	bool inside = false;
	for (const char *c = folded; *c;) {
		const char *as = alike_of(c);
		size_t article = inside ? 0 : arabic_article(c), sign = unspaced_sign(c);
		if (article) {
			c += article;
		} else if (as) {
			cib_buf_adds(out, as);
			c += 2;
		} else if (sign) {
			cib_buf_addc(out, ' ');
			cib_buf_add(out, c, sign);
			cib_buf_addc(out, ' ');
			c += sign;
		} else {
			cib_buf_addc(out, *c == '_' ? ' ' : *c); /* '_' belongs to facets */
			inside = (unsigned char)*c >= 0x80 || (*c >= 'a' && *c <= 'z') || (*c >= '0' && *c <= '9');
			c++;
			continue;
		}
		inside = !sign;
	}
	free(folded);
}

static bool in_word(utf8proc_int32_t c)
{
	utf8proc_category_t k = utf8proc_category(c);
	return (k >= UTF8PROC_CATEGORY_LU && k <= UTF8PROC_CATEGORY_LO) || (k >= UTF8PROC_CATEGORY_MN && k <= UTF8PROC_CATEGORY_ME) ||
	       (k >= UTF8PROC_CATEGORY_ND && k <= UTF8PROC_CATEGORY_NO) || k == UTF8PROC_CATEGORY_CO;
}

/* Behind the marks that belong to the sign before. */
static const char *past_marks(const char *s)
{
	utf8proc_int32_t c;
	utf8proc_ssize_t n;
	while (*s && (n = utf8proc_iterate((const utf8proc_uint8_t *)s, -1, &c)) > 0 && utf8proc_category(c) >= UTF8PROC_CATEGORY_MN &&
	       utf8proc_category(c) <= UTF8PROC_CATEGORY_ME)
		s += n;
	return s;
}

bool cib_search_next_word(const char **at, const char **begin, const char **end)
{
	const char *s = *at;
	utf8proc_int32_t c;
	utf8proc_ssize_t n;
	*begin = NULL;
	for (; *s; s += n > 0 ? n : 1) {
		n = utf8proc_iterate((const utf8proc_uint8_t *)s, -1, &c);
		bool inside = n > 0 && in_word(c), alone = inside && is_unspaced(c);
		if (alone && *begin)
			break;
		if (inside && !*begin)
			*begin = s;
		if (alone) {
			s = past_marks(s + n);
			break;
		}
		if (!inside && *begin)
			break;
	}
	*end = s;
	*at = s;
	return *begin != NULL;
}

/* ---- facets */

void cib_search_facet(cib_buf *out, char what, const char *value)
{
	cib_buf_addf(out, " %c_", what);
	for (const char *v = value; *v; v++) {
		char c = *v >= 'A' && *v <= 'Z' ? (char)(*v + 32) : *v;
		bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9');
		if (plain)
			cib_buf_addc(out, c);
		else
			cib_buf_addf(out, "_%02x", (unsigned char)c);
	}
}

typedef struct {
	cib_network *net;
	cib_search_words *w;
	cib_buf raw_title, raw_text, raw_names;
	int first_year, last_year;
} gathering;

/* Lists that say how an entry stands, not what it is about: who looks for "implementation" means no status. */
static bool tells_nothing(const char *list)
{
	static const char *const tails[] = {"Status", "-status", "Role", "-roles", "Type", "Significance", "Marker"};
	static const char *const names[] = {"languages", "Currency", "licences", "visibilities", "relevances", "date-status", "ActivityScope"};
	size_t len = strlen(list);
	for (size_t i = 0; i < sizeof tails / sizeof *tails; i++)
		if (len > strlen(tails[i]) && strcmp(list + len - strlen(tails[i]), tails[i]) == 0)
			return true;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(list, names[i]) == 0)
			return true;
	return false;
}

static void add_names(gathering *g, const cib_code *code)
{
	const cJSON *brief = cib_json_get(code->json, "short"), *names = brief ? brief : cib_json_get(code->json, "name");
	for (const cJSON *n = names ? names->child : NULL; n; n = n->next)
		if (cJSON_IsString(n))
			cib_buf_addf(&g->raw_names, "%s\n", n->valuestring);
}

static void add_code(const cib_codelist *list, const cib_code *code, const char *given, const char *pointer, void *payload)
{
	gathering *g = payload;
	const char *name = cib_codelist_name(list);
	(void)pointer;
	if (strcmp(name, "Country") == 0)
		cib_search_facet(&g->w->facets, 'c', given);
	else if (strcmp(name, "themes") == 0)
		cib_search_facet(&g->w->facets, 't', given);
	else if (starts(name, "UNSDG-")) {
		char goal[4];
		cib_search_facet(&g->w->facets, 's', given);
		cib_sdg_goal(goal, given);
		if (strcmp(goal, given) != 0)
			cib_search_facet(&g->w->facets, 's', goal);
	}
	if (code && strcmp(name, "UNSDG-Targets") == 0) { /* their texts are whole sentences: the goal's short name says it */
		char goal[4];
		cib_sdg_goal(goal, given);
		const cib_codelist *goals = cib_network_codelist(g->net, "UNSDG-Goals");
		code = goals ? cib_codelist_get(goals, goal) : NULL;
	}
	if (code && !tells_nothing(name))
		add_names(g, code);
}

/* ---- texts */

static bool is_digits(const char *s, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (s[i] < '0' || s[i] > '9')
			return false;
	return true;
}

/* "2024", "2024-02", "2024-02-19T09:30": the year, else 0. */
static int year_of(const char *s)
{
	if (!is_digits(s, 4) || (s[4] != '\0' && (s[4] != '-' || !is_digits(s + 5, 2) || (s[7] != '\0' && s[7] != '-'))))
		return 0;
	int year = atoi(s);
	return year >= 1900 && year <= 2200 ? year : 0;
}

static void note_year(gathering *g, int year)
{
	if (!year)
		return;
	if (!g->first_year || year < g->first_year)
		g->first_year = year;
	if (year > g->last_year)
		g->last_year = year;
}

/* Members that are no text of the entry, at any depth. */
static bool is_machinery(const char *name)
{
	static const char *const names[] = {"id", "kind", "schema", "owner", "sourceLanguage", "visibility", "url"};
	if (starts(name, "x-"))
		return true;
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0)
			return true;
	return false;
}

static void gather_texts(gathering *g, const cJSON *node, cib_buf *out)
{
	if (cJSON_IsString(node)) {
		int year = year_of(node->valuestring);
		note_year(g, year);
		if (!year)
			cib_buf_addf(out, "%s\n", node->valuestring);
	}
	for (const cJSON *c = node->child; c; c = c->next)
		if (!c->string || !is_machinery(c->string))
			gather_texts(g, c, out);
}

static bool is_title(const char *name)
{
	return strcmp(name, "title") == 0 || strcmp(name, "name") == 0 || strcmp(name, "acronym") == 0;
}

/* One title of the list: no line end and no tab in it. */
static void add_list_title(cib_buf *out, const char *lang, const char *text)
{
	cib_buf_addf(out, "%s\t", lang);
	for (const char *c = text; *c; c++)
		cib_buf_addc(out, (unsigned char)*c < ' ' ? ' ' : *c);
	cib_buf_addc(out, '\n');
}

static void gather_list_titles(cib_buf *out, const cJSON *doc)
{
	const char *source = cib_json_string(doc, "sourceLanguage");
	const cJSON *map = cib_json_get(doc, "title") ? cib_json_get(doc, "title") : cib_json_get(doc, "name");
	add_list_title(out, source ? source : "", cib_entry_title(doc, source ? source : "en"));
	for (const cJSON *c = cJSON_IsObject(map) ? map->child : NULL; c; c = c->next)
		if (c->string && cJSON_IsString(c) && (!source || strcmp(c->string, source) != 0))
			add_list_title(out, c->string, c->valuestring);
}

void cib_search_words_of(cib_search_words *out, cib_network *net, const cib_place *place, const cJSON *doc)
{
	enum { YEARS = 60 };
	gathering g = {.net = net, .w = out};
	cib_search_facet(&out->facets, 'k', place->kind->name);
	cib_search_facet(&out->facets, 'm', *place->member ? place->member : "secretariat");
	for (const cJSON *c = doc->child; c; c = c->next) {
		if (!c->string || is_machinery(c->string))
			continue;
		if (strcmp(c->string, "year") == 0 && cJSON_IsNumber(c))
			note_year(&g, (int)c->valuedouble);
		gather_texts(&g, c, is_title(c->string) ? &g.raw_title : &g.raw_text);
	}
	cib_buf_addf(&g.raw_text, "%s\n", place->id);
	cib_entry_codes(net, place->kind, doc, add_code, &g);
	for (int y = g.first_year; y && y <= g.last_year && y - g.first_year < YEARS; y++) {
		char year[16];
		snprintf(year, sizeof year, "%d", y);
		cib_search_facet(&out->facets, 'y', year);
	}
	gather_list_titles(&out->titles, doc);
	cib_search_fold(&out->title, cib_buf_str(&g.raw_title));
	cib_search_fold(&out->text, cib_buf_str(&g.raw_text));
	cib_search_fold(&out->names, cib_buf_str(&g.raw_names));
	cib_buf_free(&g.raw_title);
	cib_buf_free(&g.raw_text);
	cib_buf_free(&g.raw_names);
}

void cib_search_words_free(cib_search_words *w)
{
	cib_buf_free(&w->title);
	cib_buf_free(&w->text);
	cib_buf_free(&w->names);
	cib_buf_free(&w->facets);
	cib_buf_free(&w->titles);
}
