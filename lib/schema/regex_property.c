/* \p{...}: the properties of characters that ECMA-262 names (tables 66 to 69, and the aliases of Unicode), and classes.
 *
 * Names are exact in ECMA-262, upper and lower case count; PCRE2 is free about them, and knows the general categories
 * by their short names only. What a character is, PCRE2 says for both engines: they share one version of Unicode. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "schema/regex_private.h"

#include <pcre2.h>
#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

/* One thing and its names; the first is PCRE2's. */
typedef const char *names[3];

static const names categories[] = {{"C", "Other"}, {"Cc", "Control", "cntrl"}, {"Cf", "Format"}, {"Cn", "Unassigned"}, {"Co", "Private_Use"}, {"Cs", "Surrogate"}, {"L", "Letter"}, {"LC", "Cased_Letter"}, {"Ll", "Lowercase_Letter"}, {"Lm", "Modifier_Letter"}, {"Lo", "Other_Letter"}, {"Lt", "Titlecase_Letter"}, {"Lu", "Uppercase_Letter"}, {"M", "Mark", "Combining_Mark"}, {"Mc", "Spacing_Mark"}, {"Me", "Enclosing_Mark"}, {"Mn", "Nonspacing_Mark"}, {"N", "Number"}, {"Nd", "Decimal_Number", "digit"}, {"Nl", "Letter_Number"}, {"No", "Other_Number"}, {"P", "Punctuation", "punct"}, {"Pc", "Connector_Punctuation"}, {"Pd", "Dash_Punctuation"}, {"Pe", "Close_Punctuation"}, {"Pf", "Final_Punctuation"}, {"Pi", "Initial_Punctuation"}, {"Po", "Other_Punctuation"}, {"Ps", "Open_Punctuation"}, {"S", "Symbol"}, {"Sc", "Currency_Symbol"}, {"Sk", "Modifier_Symbol"}, {"Sm", "Math_Symbol"}, {"So", "Other_Symbol"}, {"Z", "Separator"}, {"Zl", "Line_Separator"}, {"Zp", "Paragraph_Separator"}, {"Zs", "Space_Separator"}};

static const names scripts[] = {{"Adlm", "Adlam"}, {"Aghb", "Caucasian_Albanian"}, {"Ahom"}, {"Arab", "Arabic"}, {"Armi", "Imperial_Aramaic"}, {"Armn", "Armenian"}, {"Avst", "Avestan"}, {"Bali", "Balinese"}, {"Bamu", "Bamum"}, {"Bass", "Bassa_Vah"}, {"Batk", "Batak"}, {"Beng", "Bengali"}, {"Bhks", "Bhaiksuki"}, {"Bopo", "Bopomofo"}, {"Brah", "Brahmi"}, {"Brai", "Braille"}, {"Bugi", "Buginese"}, {"Buhd", "Buhid"}, {"Cakm", "Chakma"}, {"Cans", "Canadian_Aboriginal"}, {"Cari", "Carian"}, {"Cham"}, {"Cher", "Cherokee"}, {"Chrs", "Chorasmian"}, {"Copt", "Coptic", "Qaac"}, {"Cpmn", "Cypro_Minoan"}, {"Cprt", "Cypriot"}, {"Cyrl", "Cyrillic"}, {"Deva", "Devanagari"}, {"Diak", "Dives_Akuru"}, {"Dogr", "Dogra"}, {"Dsrt", "Deseret"}, {"Dupl", "Duployan"}, {"Egyp", "Egyptian_Hieroglyphs"}, {"Elba", "Elbasan"}, {"Elym", "Elymaic"}, {"Ethi", "Ethiopic"}, {"Geor", "Georgian"}, {"Glag", "Glagolitic"}, {"Gong", "Gunjala_Gondi"}, {"Gonm", "Masaram_Gondi"}, {"Goth", "Gothic"}, {"Gran", "Grantha"}, {"Grek", "Greek"}, {"Gujr", "Gujarati"}, {"Guru", "Gurmukhi"}, {"Hang", "Hangul"}, {"Hani", "Han"}, {"Hano", "Hanunoo"}, {"Hatr", "Hatran"}, {"Hebr", "Hebrew"}, {"Hira", "Hiragana"}, {"Hluw", "Anatolian_Hieroglyphs"}, {"Hmng", "Pahawh_Hmong"}, {"Hmnp", "Nyiakeng_Puachue_Hmong"}, {"Hung", "Old_Hungarian"}, {"Ital", "Old_Italic"}, {"Java", "Javanese"}, {"Kali", "Kayah_Li"}, {"Kana", "Katakana"}, {"Khar", "Kharoshthi"}, {"Khmr", "Khmer"}, {"Khoj", "Khojki"}, {"Kits", "Khitan_Small_Script"}, {"Knda", "Kannada"}, {"Kthi", "Kaithi"}, {"Lana", "Tai_Tham"}, {"Laoo", "Lao"}, {"Latn", "Latin"}, {"Lepc", "Lepcha"}, {"Limb", "Limbu"}, {"Lina", "Linear_A"}, {"Linb", "Linear_B"}, {"Lisu"}, {"Lyci", "Lycian"}, {"Lydi", "Lydian"}, {"Mahj", "Mahajani"}, {"Maka", "Makasar"}, {"Mand", "Mandaic"}, {"Mani", "Manichaean"}, {"Marc", "Marchen"}, {"Medf", "Medefaidrin"}, {"Mend", "Mende_Kikakui"}, {"Merc", "Meroitic_Cursive"}, {"Mero", "Meroitic_Hieroglyphs"}, {"Mlym", "Malayalam"}, {"Modi"}, {"Mong", "Mongolian"}, {"Mroo", "Mro"}, {"Mtei", "Meetei_Mayek"}, {"Mult", "Multani"}, {"Mymr", "Myanmar"}, {"Nand", "Nandinagari"}, {"Narb", "Old_North_Arabian"}, {"Nbat", "Nabataean"}, {"Newa"}, {"Nkoo", "Nko"}, {"Nshu", "Nushu"}, {"Ogam", "Ogham"}, {"Olck", "Ol_Chiki"}, {"Orkh", "Old_Turkic"}, {"Orya", "Oriya"}, {"Osge", "Osage"}, {"Osma", "Osmanya"}, {"Ougr", "Old_Uyghur"}, {"Palm", "Palmyrene"}, {"Pauc", "Pau_Cin_Hau"}, {"Perm", "Old_Permic"}, {"Phag", "Phags_Pa"}, {"Phli", "Inscriptional_Pahlavi"}, {"Phlp", "Psalter_Pahlavi"}, {"Phnx", "Phoenician"}, {"Plrd", "Miao"}, {"Prti", "Inscriptional_Parthian"}, {"Rjng", "Rejang"}, {"Rohg", "Hanifi_Rohingya"}, {"Runr", "Runic"}, {"Samr", "Samaritan"}, {"Sarb", "Old_South_Arabian"}, {"Saur", "Saurashtra"}, {"Sgnw", "SignWriting"}, {"Shaw", "Shavian"}, {"Shrd", "Sharada"}, {"Sidd", "Siddham"}, {"Sind", "Khudawadi"}, {"Sinh", "Sinhala"}, {"Sogd", "Sogdian"}, {"Sogo", "Old_Sogdian"}, {"Sora", "Sora_Sompeng"}, {"Soyo", "Soyombo"}, {"Sund", "Sundanese"}, {"Sylo", "Syloti_Nagri"}, {"Syrc", "Syriac"}, {"Tagb", "Tagbanwa"}, {"Takr", "Takri"}, {"Tale", "Tai_Le"}, {"Talu", "New_Tai_Lue"}, {"Taml", "Tamil"}, {"Tang", "Tangut"}, {"Tavt", "Tai_Viet"}, {"Telu", "Telugu"}, {"Tfng", "Tifinagh"}, {"Tglg", "Tagalog"}, {"Thaa", "Thaana"}, {"Thai"}, {"Tibt", "Tibetan"}, {"Tirh", "Tirhuta"}, {"Tnsa", "Tangsa"}, {"Toto"}, {"Ugar", "Ugaritic"}, {"Vaii", "Vai"}, {"Vith", "Vithkuqi"}, {"Wara", "Warang_Citi"}, {"Wcho", "Wancho"}, {"Xpeo", "Old_Persian"}, {"Xsux", "Cuneiform"}, {"Yezi", "Yezidi"}, {"Yiii", "Yi"}, {"Zanb", "Zanabazar_Square"}, {"Zinh", "Inherited", "Qaai"}, {"Zyyy", "Common"}, {"Zzzz", "Unknown"}};

static const names binaries[] = {{"ASCII"}, {"ASCII_Hex_Digit", "AHex"}, {"Alphabetic", "Alpha"}, {"Bidi_Control", "Bidi_C"}, {"Bidi_Mirrored", "Bidi_M"}, {"Case_Ignorable", "CI"}, {"Cased"}, {"Changes_When_Casefolded", "CWCF"}, {"Changes_When_Casemapped", "CWCM"}, {"Changes_When_Lowercased", "CWL"}, {"Changes_When_Titlecased", "CWT"}, {"Changes_When_Uppercased", "CWU"}, {"Dash"}, {"Default_Ignorable_Code_Point", "DI"}, {"Deprecated", "Dep"}, {"Diacritic", "Dia"}, {"Emoji"}, {"Emoji_Component", "EComp"}, {"Emoji_Modifier", "EMod"}, {"Emoji_Modifier_Base", "EBase"}, {"Emoji_Presentation", "EPres"}, {"Extended_Pictographic", "ExtPict"}, {"Extender", "Ext"}, {"Grapheme_Base", "Gr_Base"}, {"Grapheme_Extend", "Gr_Ext"}, {"Hex_Digit", "Hex"}, {"IDS_Binary_Operator", "IDSB"}, {"IDS_Trinary_Operator", "IDST"}, {"ID_Continue", "IDC"}, {"ID_Start", "IDS"}, {"Ideographic", "Ideo"}, {"Join_Control", "Join_C"}, {"Logical_Order_Exception", "LOE"}, {"Lowercase", "Lower"}, {"Math"}, {"Noncharacter_Code_Point", "NChar"}, {"Pattern_Syntax", "Pat_Syn"}, {"Pattern_White_Space", "Pat_WS"}, {"Quotation_Mark", "QMark"}, {"Radical"}, {"Regional_Indicator", "RI"}, {"Sentence_Terminal", "STerm"}, {"Soft_Dotted", "SD"}, {"Terminal_Punctuation", "Term"}, {"Unified_Ideograph", "UIdeo"}, {"Uppercase", "Upper"}, {"Variation_Selector", "VS"}, {"White_Space", "space"}, {"XID_Continue", "XIDC"}, {"XID_Start", "XIDS"}};

#define COUNT(a) (sizeof(a) / sizeof *(a))

static const char *find(const names *table, size_t rows, const char *name, size_t len)
{
	for (size_t i = 0; i < rows; i++)
		for (size_t j = 0; j < 3 && table[i][j]; j++)
			if (strlen(table[i][j]) == len && memcmp(table[i][j], name, len) == 0)
				return table[i][0];
	return NULL;
}

static bool is(const char *name, size_t len, const char *wanted)
{
	return strlen(wanted) == len && memcmp(name, wanted, len) == 0;
}

static cib_rx_property *add(cib_rx_set *set, bool negated)
{
	set->properties = cib_grow(set->properties, &set->property_cap, set->property_count + 1, sizeof *set->properties);
	cib_rx_property *p = &set->properties[set->property_count++];
	*p = (cib_rx_property){.negated = negated};
	return p;
}

static bool add_named(cib_rx_set *set, bool negated, const char *prefix, const char *name)
{
	if (name)
		snprintf(add(set, negated)->text, sizeof((cib_rx_property *)0)->text, "%s%s", prefix, name);
	return name != NULL;
}

static bool add_category(cib_rx_set *set, const char *name, size_t len, bool negated)
{
	const char *known = find(categories, COUNT(categories), name, len);
	return add_named(set, negated, "", known && strcmp(known, "LC") == 0 ? "L&" : known);
}

bool cib_rx_add_property(cib_rx_set *set, const char *text, size_t len, bool negated)
{
	const char *equals = memchr(text, '=', len), *value = equals ? equals + 1 : text;
	size_t n = equals ? (size_t)(equals - text) : len, value_len = (size_t)(text + len - value);
	if (equals) {
		if (is(text, n, "General_Category") || is(text, n, "gc"))
			return add_category(set, value, value_len, negated);
		bool script = is(text, n, "Script") || is(text, n, "sc");
		if (!script && !is(text, n, "Script_Extensions") && !is(text, n, "scx"))
			return false;
		return add_named(set, negated, script ? "sc:" : "scx:", find(scripts, COUNT(scripts), value, value_len));
	}
	if (is(text, len, "Any"))
		return add_named(set, negated, "", "Any");
	if (is(text, len, "Assigned"))
		return add_named(set, !negated, "", "Cn");
	if (is(text, len, "Changes_When_NFKC_Casefolded") || is(text, len, "CWKCF"))
		return add(set, negated);
	return add_named(set, negated, "", find(binaries, COUNT(binaries), text, len)) || add_category(set, text, len, negated);
}

void cib_rx_add_range(cib_rx_set *set, uint32_t first, uint32_t last)
{
	set->ranges = cib_grow(set->ranges, &set->range_cap, set->range_count + 1, sizeof *set->ranges);
	set->ranges[set->range_count++] = (cib_rx_range){first, last};
}

/* Does NFKC with case folding change the character? */
static bool changes_when_folded(uint32_t c)
{
	utf8proc_uint8_t text[5] = {0};
	text[utf8proc_encode_char((utf8proc_int32_t)c, text)] = 0;
	utf8proc_uint8_t *folded = utf8proc_NFKC_Casefold(text);
	bool changed = folded && strcmp((char *)folded, (char *)text) != 0;
	free(folded);
	return changed;
}

static bool has_property(const cib_rx_property *p, uint32_t c)
{
	utf8proc_uint8_t text[4];
	if (!*p->text)
		return changes_when_folded(c);
	size_t n = (size_t)utf8proc_encode_char((utf8proc_int32_t)c, text);
	pcre2_match_data *data = pcre2_match_data_create(1, NULL);
	int matches = pcre2_match(p->code, text, n, 0, PCRE2_NO_UTF_CHECK, data, NULL);
	pcre2_match_data_free(data);
	return matches >= 0;
}

static bool holds(const cib_rx_set *set, uint32_t c)
{
	for (size_t i = 0; i < set->range_count; i++)
		if (c >= set->ranges[i].first && c <= set->ranges[i].last)
			return true;
	for (size_t i = 0; i < set->property_count; i++)
		if (has_property(&set->properties[i], c) != set->properties[i].negated)
			return true;
	return false;
}

bool cib_rx_set_has(const cib_rx_set *set, uint32_t c)
{
	if (c < 128)
		return set->ascii[c / 32] >> c % 32 & 1;
	return holds(set, c) != set->negated;
}

void cib_rx_set_prepare(cib_rx_set *set)
{
	for (size_t i = 0; i < set->property_count; i++) {
		cib_rx_property *p = &set->properties[i];
		char pattern[64];
		int code;
		PCRE2_SIZE at;
		if (!*p->text)
			continue;
		snprintf(pattern, sizeof pattern, "\\p{%s}", p->text);
		p->code = pcre2_compile((PCRE2_SPTR)pattern, PCRE2_ZERO_TERMINATED, PCRE2_UTF, &code, &at, NULL);
		if (!p->code)
			abort(); /* the tables name what PCRE2 of Debian 12 has, and later ones have more */
	}
	for (uint32_t c = 0; c < 128; c++)
		if (holds(set, c) != set->negated)
			set->ascii[c / 32] |= 1u << c % 32;
}

void cib_rx_sets_free(cib_rx_set *sets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		for (size_t j = 0; j < sets[i].property_count; j++)
			pcre2_code_free(sets[i].properties[j].code);
		free(sets[i].properties);
		free(sets[i].ranges);
	}
	free(sets);
}
