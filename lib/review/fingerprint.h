/* fingerprint - what is compared to find that two entries are about one thing. Private to the room; a unit test reads it, too.
 *
 * Words are compared without case and accents, by concept where lexicon.c knows the word in several languages, else by their
 * first five letters ("hospital", "hospitales"); in any order. */
#ifndef CIB_REVIEW_FINGERPRINT_H
#define CIB_REVIEW_FINGERPRINT_H

#include "json/json.h"

enum { FP_TITLES = 4, /* languages of the title */
       FP_TITLE_WORDS = 24,
       FP_TEXTS = 3,       /* languages of the description */
       FP_TEXT_WORDS = 32, /* the smallest hashes of its words: a sample that two texts share by as much as they are alike */
       FP_IDS = 4,
       FP_COUNTRIES = 8 };

typedef struct {
	uint32_t words[FP_TITLE_WORDS]; /* sorted */
	uint8_t count;
	uint8_t lang[2];
	uint32_t numbers; /* a bit for each number in it (modulo 32): phases and years */
} fp_title;

typedef struct {
	uint32_t words[FP_TEXT_WORDS]; /* sorted */
	uint8_t count;
	uint8_t lang[2];
} fp_text;

typedef struct {
	fp_title titles[FP_TITLES];
	fp_text texts[FP_TEXTS];
	uint64_t ids[FP_IDS];               /* hashes of identifiers that others gave */
	uint8_t countries[FP_COUNTRIES][2]; /* two letters each */
	uint8_t title_count, text_count, id_count, country_count;
	int32_t start, end; /* days since 0000-01-01, roughly; 0 unknown */
} fp;

/* The fingerprint of an entry of any kind: title or name, description or summary, identifiers, countries, dates or period. */
void cib_fp_make(fp *out, const cJSON *doc);

typedef struct {
	int score;            /* 0 to 100; 0: not the same */
	bool same_identifier; /* else: similar title, country and period */
} fp_match;
fp_match cib_fp_compare(const fp *a, const fp *b);

/* Keys under which two entries that compare well share at least one: identifiers, whole titles, and words by country. The
 * first `exact` of them each suffice; of the others it takes some. Returns the count, at most FP_KEYS. */
enum { FP_KEYS = FP_IDS + FP_TITLES + FP_TITLES * FP_TITLE_WORDS * FP_COUNTRIES };
size_t cib_fp_keys(uint64_t keys[FP_KEYS], const fp *f, size_t *exact);

/* A fingerprint as bytes, as short as it is; and back: false for what is none. */
void cib_fp_pack(cib_buf *out, const fp *f);
bool cib_fp_unpack(fp *out, const void *data, size_t len);

/* The concept of a folded word in lexicon.c; 0: not known. */
unsigned cib_lexicon_concept(const char *word, size_t len);

#endif
