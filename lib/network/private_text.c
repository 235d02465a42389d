/* What personal data looks like in a text: e-mail addresses and telephone numbers.
 *
 * One pass from left to right over whole words. Real texts decide what is quiet: `niñ@s` has no domain behind its @; a code such
 * as NL-KVK-27375186 or FR76 3000 6000 0112 begins with letters, and digits that belong to a code are none of a telephone; sums
 * of money and years are grouped otherwise. A number is a telephone's when it is written internationally (+31 20 ..., 0031 20 ...),
 * stands behind a word that says so (tel., móvil, fax), or is grouped as people write national ones (06 12 34 56 78,
 * (212) 555 0147). Bare digits without any of these are taken for a code. */
#include "network/privacy.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { DIGITS_MAX = 15, /* of a number: ITU-T E.164 */
       GROUPS_MAX = 8,
       LOCAL_MAX = 128, /* bytes before the "@" (RFC 5321 has 64): bounds the time of hostile texts */
       DOMAIN_MAX = 255 };

typedef struct {
	const char *text;
	size_t at; /* behind what was read */
	char digits[DIGITS_MAX + 2];
	size_t count, groups, lens[GROUPS_MAX + 1]; /* count: of digits, one more than the most when there are too many */
	bool plus, paren;                           /* begins with "+"; the first group alone is in parentheses */
	bool trunk;                                 /* has a "(0)" */
	bool dots;                                  /* a point between all groups: a number with thousands */
} number;

static unsigned char at(const char *s, size_t i) { return (unsigned char)s[i]; }
static bool is_digit(unsigned char c) { return c >= '0' && c <= '9'; }
static bool is_alnum(unsigned char c) { return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

/* The code point at a byte that begins one, and its bytes; what is cut off (a commit's message may hold anything) ends where it is cut. */
static unsigned point(const char *s, size_t *bytes)
{
	unsigned char c = (unsigned char)*s;
	size_t n = c < 0xC0 ? 1 : c < 0xE0 ? 2
	                  : c < 0xF0       ? 3
	                                   : 4;
	unsigned p = c & (n == 1 ? 0x7Fu : 0xFFu >> (n + 1));
	size_t i = 1;
	for (; i < n && (at(s, i) & 0xC0) == 0x80; i++)
		p = p << 6 | (at(s, i) & 0x3Fu);
	*bytes = i;
	return p;
}

/* Beyond ASCII: a letter, and no space, dash, quotation mark or other punctuation. */
static bool is_letter_beyond(unsigned p)
{
	return p >= 0xC0 && p != 0xD7 && p != 0xF7 && !(p >= 0x2000 && p <= 0x206F) && !(p >= 0x3000 && p <= 0x303F) && !(p >= 0xFF00 && p <= 0xFF0F) && p != 0xFEFF && p != 0x60C && p != 0x61B;
}

static bool in_word(const char *s, size_t *bytes)
{
	unsigned p = point(s, bytes);
	return p < 0x80 ? is_alnum((unsigned char)p) : is_letter_beyond(p);
}

/* ---- e-mail addresses ---- */

static bool in_local(const char *s, size_t *bytes)
{
	return in_word(s, bytes) || (*bytes == 1 && *s && strchr("._%+-'", *s));
}

/* The bytes of what stands for "@" here: itself, "%40", "(at)" and "[at]" with spaces around; 0: nothing. */
static size_t at_sign(const char *s)
{
	size_t n = strspn(s, " "), end;
	if (*s == '@')
		return 1;
	if (strncmp(s, "%40", 3) == 0)
		return 3;
	if (s[n] != '(' && s[n] != '[')
		return 0;
	const char *inner = s + n + 1;
	inner += strspn(inner, " ");
	if (strncasecmp(inner, "at", 2) == 0)
		end = 2;
	else if (strncasecmp(inner, "arroba", 6) == 0)
		end = 6;
	else
		return 0;
	inner += end;
	inner += strspn(inner, " ");
	if (*inner != ')' && *inner != ']')
		return 0;
	inner++;
	return (size_t)(inner - s) + strspn(inner, " ");
}

/* The bytes of a domain with at least one point and a last label of letters; 0: there is none. The forms of Spanish for both
 * genders ("niñ@s. Todos", "l@s.niñ@s") have no domain of more than that one letter. */
static size_t domain(const char *s)
{
	size_t len = 0, label = 0, labels = 0, first = 0, end = 0;
	bool letters = true;
	for (;;) {
		size_t bytes = 1;
		if (s[len] && len < DOMAIN_MAX && in_word(s + len, &bytes)) {
			letters = letters && !is_digit(at(s, len));
			label += bytes;
			len += bytes;
			continue;
		}
		if (s[len] == '-' && label) {
			label++;
			len++;
			continue;
		}
		labels += label > 0;
		first = labels == 1 ? label : first;
		if (labels >= 2 && letters && label >= 2)
			end = len;
		if (s[len] != '.' || !label)
			break;
		len++;
		label = 0;
		letters = true;
	}
	return first >= 2 && s[end] != '@' ? end : 0;
}

/* An address whose local part begins at `start`. */
static bool read_email(cib_private_match *out, const char *text, size_t start)
{
	size_t i = start, bytes, sign, dom;
	while (text[i] && i - start < LOCAL_MAX && !at_sign(text + i) && in_local(text + i, &bytes))
		i += bytes;
	if (i == start || !(sign = at_sign(text + i)) || !(dom = domain(text + i + sign)))
		return false;
	*out = (cib_private_match){CIB_PRIVATE_EMAIL, start, i + sign + dom - start};
	return true;
}

/* ---- telephone numbers ---- */

/* The bytes of one separator inside a number: blank, no-break blanks, hyphens, point, slash, parentheses; 0: none. */
static size_t separator(const char *s)
{
	static const char *const wide[] = {"\xC2\xA0", "\xE2\x80\xAF", "\xE2\x80\x91", "\xE2\x80\x87"};
	if (*s && strchr(" -./()", *s))
		return 1;
	for (size_t i = 0; i < sizeof wide / sizeof *wide; i++)
		if (strncmp(s, wide[i], strlen(wide[i])) == 0)
			return strlen(wide[i]);
	return 0;
}

/* All groups of digits from `start` on that belong together. */
static void read_number(number *n, const char *text, size_t start)
{
	size_t i = start;
	*n = (number){.text = text, .dots = true};
	if (text[i] == '(') {
		i++;
		n->paren = true;
	}
	if (text[i] == '+') {
		n->plus = true;
		i += text[i + 1] == ' ' || text[i + 1] == '(' ? 2 : 1;
	}
	for (;;) {
		size_t group = 0, gap = 0, one;
		for (; is_digit(at(text, i)); i++, group++) {
			if (n->count <= DIGITS_MAX)
				n->digits[n->count] = text[i];
			n->count += n->count <= DIGITS_MAX;
		}
		n->at = i;
		if (n->groups < GROUPS_MAX)
			n->lens[n->groups] = group;
		n->trunk = n->trunk || (group == 1 && n->groups && i > start + 1 && strncmp(text + i - 2, "(0)", 3) == 0);
		n->groups++;
		while (gap < 6 && (one = separator(text + i + gap)))
			gap += one;
		if (!gap || !is_digit(at(text, i + gap)) || n->count > DIGITS_MAX)
			return;
		n->paren = n->paren && (n->groups > 1 || text[i] == ')');
		n->dots = n->dots && gap == 1 && text[i] == '.';
		i += gap;
	}
}

static bool is_year(const char *digits, size_t len)
{
	return len == 4 && (strncmp(digits, "19", 2) == 0 || strncmp(digits, "20", 2) == 0);
}

/* Years and days, alone or from one to another. */
static bool is_dates(const number *n)
{
	size_t years = 0, others = 0, from = 0;
	for (size_t i = 0; i < n->groups && i < GROUPS_MAX; i++) {
		bool year = is_year(n->digits + from, n->lens[i]);
		years += year;
		others += !year && n->lens[i] > 2;
		from += n->lens[i];
	}
	return years >= 2 || (years == 1 && others == 0);
}

/* What is said right behind or before a sum. */
static bool is_money(const number *n, size_t start)
{
	static const char *const words[] = {"€", "EUR", "euro", "$", "USD", "dollar", "£", "GBP", "CHF", "FCFA", "F CFA", "CFA", "XOF", "XAF", "CAD", "franc", "%", "million", "DKK", "SEK", "NOK", "MAD", "TND", "IDR", "BRL", "MXN"};
	const char *behind = n->text + n->at;
	size_t one;
	while ((one = separator(behind)) && *behind != '(')
		behind += one;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		size_t len = strlen(words[i]);
		if (strncasecmp(behind, words[i], len) == 0)
			return true;
		for (size_t gap = 0; gap < 2; gap++)
			if (start >= len + gap && strncasecmp(n->text + start - len - gap, words[i], len) == 0)
				return true;
	}
	return false;
}

static bool is_international(const number *n, size_t start)
{
	bool zeros = !n->plus && strncmp(n->digits, "00", 2) == 0 && n->groups > 1;
	const char *d = n->digits + (zeros ? 2 : 0);
	size_t count = n->count - (zeros ? 2 : 0), thousands = n->groups > 1 && n->groups < GROUPS_MAX;
	if (!(n->plus || zeros) || count < 9 || n->count > DIGITS_MAX || *d == '0')
		return false;
	for (size_t i = 1; thousands && i < n->groups; i++)
		thousands = n->lens[i] == 3;
	if (thousands && (n->dots || is_money(n, start)))
		return false;
	/* A country's code, and no zero behind it but Italy's: what is left of a round sum. */
	if (*d == '1' || *d == '7')
		return count == 11 && d[1] != '0';
	static const char *const two[] = {"20", "27", "30", "31", "32", "33", "34", "36", "40", "41", "43", "44", "45", "46", "47", "48", "49", "51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66", "81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98"};
	if (strncmp(d, "39", 2) == 0 || n->trunk)
		return true;
	for (size_t i = 0; i < sizeof two / sizeof *two; i++)
		if (strncmp(d, two[i], 2) == 0)
			return d[2] != '0';
	return d[3] != '0';
}

static bool is_national(const number *n)
{
	if (n->plus || n->count > 12 || is_dates(n))
		return false;
	if (n->paren) /* (020) 7946 0958 */
		return n->lens[0] >= 2 && n->lens[0] <= 5 && n->groups >= 2 && n->count >= 8 && !is_year(n->digits, n->lens[0]);
	if (n->digits[0] != '0' || n->digits[1] == '0' || n->lens[0] < 2 || n->lens[0] > 5)
		return false;
	return n->groups == 2 ? n->count == 10 : n->groups > 2 && n->count >= 9 && n->count <= 11; /* 06-12345678; 06 12 34 56 78 */
}

/* Words before a number that say what it is. */
static bool is_label(const char *word, size_t len)
{
	static const char *const words[] = {"tel", "telephone", "phone", "telefono", "telefon", "telefone", "telefoon", "tfno", "tlf", "fono", "fone", "cel", "cell", "celular", "mobile", "movil", "mobiel", "mobil", "portable", "gsm", "fax", "whatsapp", "handy", "هاتف", "الهاتف", "تلفون", "جوال", "موبايل"};
	char *copy = cib_strndup(word, len), *folded = cib_text_fold(copy);
	bool found = false;
	for (size_t i = 0; !found && i < sizeof words / sizeof *words; i++)
		found = strcmp(folded, words[i]) == 0;
	free(copy);
	free(folded);
	return found;
}

/* A word of capitals and digits: a code goes on behind it. */
static bool is_code(const char *word, size_t len)
{
	bool capital = false;
	for (size_t i = 0; i < len; i++) {
		if (!is_digit(at(word, i)) && !(word[i] >= 'A' && word[i] <= 'Z') && !strchr("-_/", word[i]))
			return false;
		capital = capital || (word[i] >= 'A' && word[i] <= 'Z');
	}
	return capital;
}

typedef struct {
	size_t start, len; /* the word before, from which only blanks, points and the like part; len 0: there is none */
} last_word;

static bool read_phone(cib_private_match *out, const number *n, size_t start, const last_word *last)
{
	const char *before = n->text + last->start, *behind = n->text + n->at;
	size_t bytes;
	if (n->count < 6 || n->count > DIGITS_MAX || n->groups > GROUPS_MAX || (*behind && (in_word(behind, &bytes) || *behind == '_')))
		return false;
	bool phone = is_international(n, start);
	if (!phone && last->len && is_label(before, last->len))
		phone = !is_dates(n);
	else if (!phone && (n->paren || !last->len || !is_code(before, last->len)))
		phone = is_national(n) && !is_money(n, start);
	if (phone)
		*out = (cib_private_match){CIB_PRIVATE_PHONE, start, n->at - start};
	return phone;
}

/* ---- both ---- */

static bool begins_number(const char *text, size_t i, const last_word *last)
{
	const char *s = text + i;
	bool glued = last->len && last->start + last->len == i;
	if (*s == '(')
		s++;
	if (*s == '+') {
		s += s[1] == ' ' || s[1] == '(' ? 2 : 1;
		return !glued && is_digit(at(s, 0));
	}
	return is_digit(at(s, 0));
}

/* Only what can stand between a label, or the first part of a code, and its number: "Tel.: (020) ...". */
static bool parts_label(const char *s)
{
	return *s && (strchr(" .:()-/\t", *s) || strncmp(s, "\xC2\xA0", 2) == 0);
}

/* A word from *i on, with what is written to it without a blank (a path, a code); true: there is an address in it. */
static bool read_word(cib_private_match *out, const char *text, size_t *i)
{
	size_t start = *i, bytes;
	for (;;) {
		if (read_email(out, text, *i))
			return true;
		while (text[*i] && in_word(text + *i, &bytes))
			*i += bytes;
		if (!text[*i] || !strchr("/_#=&-.@'%", text[*i]) || !text[*i + 1] || !in_word(text + *i + 1, &bytes) ||
		    (strchr("/-.", text[*i]) && is_label(text + start, *i - start)))
			return false;
		++*i;
	}
}

cib_private_match cib_private_next(const char *text, size_t from)
{
	cib_private_match found = {0};
	last_word last = {0};
	for (size_t i = from, bytes; text[i];) {
		size_t start = i;
		bool word = in_word(text + i, &bytes);
		if (begins_number(text, i, &last)) {
			number n;
			read_number(&n, text, i);
			if (read_email(&found, text, i) || read_phone(&found, &n, i, &last))
				return found;
			i = n.at;
			word = text[i] && in_word(text + i, &bytes);
			if (!word) {
				last = (last_word){start, i - start};
				continue;
			}
		}
		if (word) {
			if (read_word(&found, text, &i))
				return found;
			last = (last_word){start, i - start};
			continue;
		}
		point(text + i, &bytes);
		if (!parts_label(text + i))
			last.len = 0;
		i += bytes;
	}
	return found;
}

/* ---- roles ---- */

/* Folded; "*" behind: any word that begins so. */
static const char *const roles[] = {
	"info*", "contact*", "contat*", "kontakt*", "office*", "oficina*", "bureau*", "buero*", "secretar*", "sekretar*", "admin*", "administ*", "international*", "internacional*",
	"internationaa*", "cooper*", "project*", "projet*", "proyect*", "projekt*", "program*", "press", "presse", "pers", "prensa", "premsa", "imprensa", "media", "communi*", "comuni*", "kommuni*",
	"mail", "email", "correo", "courrier", "post", "posta", "postmaster", "webmaster", "web", "noreply", "reply", "hello", "kunde*", "klant*", "hola", "bonjour", "hallo", "support", "soporte", "help", "helpdesk",
	"service*", "servic*", "reception", "recepcion", "accueil", "mairie", "ville", "commune", "city", "cities", "ciudad*", "stad", "stadt", "gemeente", "gemeinde", "municipal*", "ayuntamiento",
	"ajuntament", "prefeitura", "alcaldia", "cabinet", "gabinete", "region*", "province", "provincia", "depart*", "directi*", "direcc*", "director*", "directeur", "unit", "unite", "unidad", "team", "equip*",
	"gender", "genre", "genero", "climat*", "clima", "finance*", "finanzas", "grants", "tenders", "procurement", "achats", "events", "eventos", "training*", "formation", "formacion", "learning",
	"research", "data", "datos", "gdpr", "privacy", "dpo", "legal", "jobs", "library", "archive*", "news*", "member*", "network*", "red", "reseau*", "assoc*", "asoc*", "federa*", "council*", "consejo", "conseil*",
	"committee*", "comite*", "mayor", "alcalde", "maire", "enquir*", "inquir*", "general*", "coordinat*", "coordinac*", "coordonn*", "desk", "hub", "group", "grupo", "groupe", "staff", "europe", "europa", "global", "world",
	"sdg", "ods", "odd", "cib", "uclg", "cglu", "lga", "git", "iati", "opendata", "transparen*", "partner*", "relations", "relaciones", "rrii", "ong", "ngo"};

static bool is_role_word(const char *word, size_t len)
{
	for (size_t i = 0; i < sizeof roles / sizeof *roles; i++) {
		size_t n = strlen(roles[i]);
		bool any = roles[i][n - 1] == '*';
		if (any ? len >= n - 1 && strncmp(word, roles[i], n - 1) == 0 : len == n && strncmp(word, roles[i], n) == 0)
			return true;
	}
	return false;
}

/* The letters of the address's name are those of its domain's first label, or of the member. */
static bool is_organisation(const char *name, const char *domain_at, const char *member)
{
	cib_buf letters = CIB_BUF_INIT, own = CIB_BUF_INIT;
	for (const char *c = name; c < domain_at; c++)
		if (is_alnum((unsigned char)*c))
			cib_buf_addc(&letters, *c);
	for (const char *c = member && strncmp(member, "m-", 2) == 0 ? member + 2 : ""; *c; c++)
		if (is_alnum((unsigned char)*c))
			cib_buf_addc(&own, *c);
	const char *label = domain_at + 1;
	size_t len = strcspn(label, ".");
	bool same = letters.len && ((letters.len == len && strncmp(letters.data, label, len) == 0) || (own.len && strcmp(letters.data, own.data) == 0));
	cib_buf_free(&letters);
	cib_buf_free(&own);
	return same;
}

bool cib_private_is_role(const char *address, size_t len, const char *member)
{
	char *copy = cib_strndup(address, len), *name = cib_text_fold(copy), *sign = strchr(name, '@');
	bool role = false;
	for (char *c = name; sign && c < sign && !role;) {
		size_t n = 0;
		while (c + n < sign && c[n] && !is_digit((unsigned char)c[n]) && !strchr("._-+%'", c[n]))
			n++;
		role = n && is_role_word(c, n);
		c += n + 1;
	}
	role = role || (sign && is_organisation(name, sign, member));
	free(copy);
	free(name);
	return role;
}
