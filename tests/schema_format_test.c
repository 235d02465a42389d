/* The formats: a table of cases by the documents that define them, and the given part of the official suite. */
#include "json/json.h"
#include "schema/format.h"

#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#define SUITE    CIB_SHARED_DIR "/data/json-schema-suite/tests/draft2020-12/optional/format"
#define TEN      "aaaaaaaaaa"
#define LABEL_63 TEN TEN TEN TEN TEN TEN "aaa"

/* Texts that have the format, then texts that do not; NULL ends each list. */
typedef struct {
	const char *format;
	const char *const *good, *const *bad;
} table;

#define LIST(...)                 \
	(const char *const[])     \
	{                         \
		__VA_ARGS__, NULL \
	}

static const table tables[] = {
	{"date", LIST("2024-02-29", "2000-02-29", "0000-01-01", "9999-12-31"),
         LIST("1900-02-29", "2023-02-29", "2024-2-29", "2024-02-29 ", "2024/02/29", "10000-01-01", "2024-04-31", "2024-01-1:", "2024-01-1/")},
	{"time", LIST("00:00:00Z", "23:59:59.000000001+23:59", "12:00:00-00:00", "00:29:60+00:30", "23:59:60.5z"),
         LIST("12:00:00", "12:00:00.Z", "12:00Z", "12:00:61Z", "12:00:00+1:00", "12:00:00+01:0", "12:00:00+0100", "12:00:00ZZ", " 12:00:00Z", "12:00:60Z",
              "00:29:60-00:30", "12:00:00,5Z", "12:00:00+24:00", "12:00:00+00:00 ")},
	{"date-time",
         LIST("2024-02-29t00:00:00z", "2016-12-31T23:59:60Z", "2017-01-01T00:59:60+01:00", "2016-12-31T15:59:60.9-08:00", "2015-06-30T23:59:60Z",
              "2015-07-01T08:59:60+09:00", "2015-06-30T00:00:00.123456789012345678901234567890+14:00"),
         LIST("2024-02-30T00:00:00Z", "2024-02-29 00:00:00Z", "2024-02-29T00:00:00", "2024-02-29", "T00:00:00Z", "2016-12-30T23:59:60Z", "2017-01-02T00:59:60+01:00",
              "2016-12-30T15:59:60-08:00", "2016-12-31T23:59:60+01:00", "2024-02-29T24:00:00Z", "2024-02-29TT00:00:00Z")},
	{"duration", LIST("P1Y2M3DT4H5M6S", "PT0S", "P0D", "P10W", "P1M", "PT1M", "P1YT1S", "P1DT1M", "p1dt2h"),
         LIST("", "P", "1Y", "PT", "P1", "PY", "P1W1D", "P1Y1D", "PT1H1S", "P1H", "PT1D", "P1M1Y", "P1D1D", "P1DT", "PT1M1M", "P+1D", "P1.5D", " P1D", "P1D ", "P1WT1H", "1P1D")},
	{"email",
         LIST("a@b", "a.b.c@d.e", "!#$%&'*+-/=?^_`{|}~@x.y", "\"\"@x", "\"a b\"@x", "\"a\\\"b\"@x", "\"a\\\\\"@x", "a@[1.2.3.4]", "a@[255.255.255.255]", "a@[ipv6:1::2]",
              "a@[IPv6:1:2:3:4:5:6:7:8]", "a@[IPv6:::]", "a@[IPv6:1:2:3:4:5:6:1.2.3.4]", "a@[IPv6:::ffff:1.2.3.4]", "a@[x-tag:any!thing]", "a@1.2.3.4", "a@b--c"),
         LIST("", "a", "@", "a@", "@b", "a@@b", "a@b@c", "a b@c", "a@b c", "a@-b", "a@b-", "a@b.", "a@.b", "a@b..c", "a@b_c", ".a@b", "a.@b", "a..b@c", "\"a@b", "a\"@b", "\"a\"b@c",
              "\"a\x01\"@b", "\"a\\\x01\"@b", "\"a\xC3\xA9\"@b", "\xC3\xA9@b", "a@\xC3\xA9", "a@[1.2.3]", "a@[1.2.3.256]", "a@[1.2.3.4", "a@1.2.3.4]", "a@[]", "a@[IPv6:1]",
              "a@[IPv6:1:2:3:4:5:6::7]", "a@[IPv6:1::2::3]", "a@[IPv6:12345::]", "a@[tag-:x]", "a@[:x]", "a@[tag:]", "a@[tag:[]", "a@[1.2.3.4].x", "a <a@b>", "a@b\n")},
	{"idn-email",
         LIST("a@b", "\xE5\xAE\x9E\xE4\xBE\x8B@\xE5\xAE\x9E\xE4\xBE\x8B.x", "\"\xC3\xA9 \xC3\xA9\"@b", "\xC3\xA9.\xC3\xA9@b", "a@b\xC3\xBC"
                                                                                                                              "cher.example",
              "a@[1.2.3.4]"),
         LIST("\xC3\xA9", "a@\xC3\xA9..b", "\xC3\xA9..a@b", "a@-\xC3\xA9", "a@\xC3\xA9-", "a\xEF\xBC\xA0"
                                                                                          "b",
              "\"\\\xC3\xA9\"@b", "\xFF@b", "a@\xE2\x98\x83_", "\xC3@b")},
	{"hostname",
         LIST("a", "A.B.C", "1", "123.example", "a-b", "a--b", "ab--cd", LABEL_63, LABEL_63 "." LABEL_63 "." LABEL_63 "." TEN TEN TEN TEN TEN TEN "a", "xn--bcher-kva.example",
              "XN--BCHER-KVA", "1.2.3", "1.2.3.4.example"),
         LIST("", ".", "a.", ".a", "a..b", "-a", "a-", "a.-b", "a_b", "a b", "a\n", "\xC3\xA9", "a\xE3\x80\x82"
                                                                                                "b",
              LABEL_63 "a", LABEL_63 "." LABEL_63 "." LABEL_63 "." TEN TEN TEN TEN TEN TEN "aa",
              "xn--", "xn--a", "xn--a-", "xn--bcher-kv!", "xn--\xC3\xA9", "192.168.0.1", "a.xn--0ca24w")},
	{"idn-hostname",
         LIST("a", "Example", "b\xC3\xBC"
                              "cher.example",
              "xn--bcher-kva.example", "XN--bcher-kva", "ab--cd", "\xD7\x90.a", "\xD7\x90.a1", "\xD7\x90"
                                                                                               "1",
              "1.2.example"),
         LIST("", ".", "a.", "a\xE3\x80\x82", "\xE3\x80\x82"
                                              "a",
              "a..b", "B\xC3\x9C"
                      "CHER",
              "\xE2\x98\x83", "b\xC3\xBC--cher", "bu\xCC\x88"
                                                 "cher",
              "\xC3\xBC-", "-\xC3\xBC", "xn--a", "a_b", "a b",
              "\xD7\x90.1a", "\xD7\x90.a-", "\xD7\x90"
                                            "a",
              "a\xD7\x90", "\xD7\x90"
                           "1\xD9\xA0",
              "1.2.3.4", "1\xE3\x80\x82"
                         "2\xEF\xBC\x8E"
                         "3.4\xC3",
              "l\xC2\xB7l\xC2\xB7", "\xC2\xAD",
              "\xD8\xA8\xD9\xA0\xDB\xB0", "\xEF\xBC\xA1", "\xFF")},
	{"ipv4", LIST("0.0.0.0", "255.255.255.255", "1.2.3.4", "10.20.30.40"),
         LIST("", "1.2.3", "1.2.3.4.5", "256.1.1.1", "1.2.3.", ".1.2.3", "1..2.3", "1.2.3.4 ", " 1.2.3.4", "0x1.2.3.4", "1.2.3.0004", "01.2.3.4", "1.2.3.00", "087.10.0.1", "1.2.3.-4", "1.2.3.4/8", "a.b.c.d")},
	{"ipv6",
         LIST("::", "::1", "1::", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::3:4:5:6:7:8", "ABCD:ef01::", "::1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "1::5:6:1.2.3.4", "0000::ffff"),
         LIST("", ":", ":::", "1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::", "::1::", ":1::", "1:", "::1:", ":1:2:3:4:5:6:7", "12345::", "g::", "::1.2.3", "::1.2.3.4.5", "::1.2.3.4:5",
              "::01.2.3.4", "::256.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "1.2.3.4", "::1%eth0", "[::1]", "::1/64", " ::1", "::1 ", "::1\n", "1:2:3:4:5:1.2.3.4", "::.1.2.3")},
	{"uri",
         LIST("a:", "a:b", "a+b-c.d:", "http://", "http://a", "http://a:", "http://a:80/", "http://u:p@a/", "http://@a", "http://[::1]", "http://[::1]:80", "http://[vF.a:b]/", "http://a/b;c=d,e?f/g?h#i/j?k",
              "urn:a:b", "a:/", "a:/b//c", "a://b//c", "a:%41", "http://%41/", "http://a?b", "http://a#b", "mailto:a@b", "file:///c", "tel:+1", "http://!$&'()*+,;=/"),
         LIST("", ":", "a", "/a", "//a", "1:", "+a:", "a_b:", "http://a b", "http://a/\xC3\xA9", "http://a:b", "http://a:80b", "http://[::1", "http://::1]", "http://[::1]a", "http://[]", "http://[v.a]",
              "http://[v1.]", "http://[1]", "http://a@b@c", "http://[::1]@a", "a:%4", "a:%4g", "a:%", "a:[", "a:]", "a:#b#c", "a:\\", "a:^", "a:`", "a:{}", "a:|", "a:\"", "a:<", "a:\n", "http://[fe80::1%25a]",
              "http://a[b", "http://a?[", "\xC3\xA9:a")},
	{"uri-reference", LIST("", "a", "/", "//", "///a", "a/b:c", "./a:b", "?", "#", "?a#b", "//a:1", "//u@a", "a:b", "..", "a;b=c"),
         LIST(":a", "1:a", "a b", "#a#b", "%", "//a:b", "//[a]", "\xC3\xA9", "\\", "a%zz", "//a@b@c", "a[b]")},
	{"iri",
         LIST("http://\xC3\xA9.x/\xE2\x82\xAC?\xEE\x80\x80#\xC3\xA9", "a:\xF0\x90\x80\x80", "http://\xC3\xA9@b", "a:b"),
         LIST("\xC3\xA9:a", "a:\xEE\x80\x80", "a:#\xEE\x80\x80", "a:\xEF\xBF\xBF", "a:\xEF\xB7\x90", "a:\xC2\x85", "a:\xE2\x80\x8E", "a:\xE2\x80\xAE", "a:\xFF", "\xC3\xA9", "http://a/\xF0\x9F\xBF\xBF",
              "http://a:\xD9\xA1", "a:\xF3\xA0\x80\x81")},
	{"iri-reference", LIST("", "\xC3\xA9", "\xC3\xA9/:", "#\xC3\xA9", "?\xF4\x80\x80\x80"), LIST("\xC3\xA9:", "\\", "\xEE\x80\x80", "\xC3")},
	{"uri-template",
         LIST("", "a", "{a}", "{a,b}", "{+a*,b:3}", "{#a}", "{.a}", "{/a}", "{;a}", "{?a}", "{&a}", "{=a}", "{,a}", "{!a}", "{@a}", "{|a}", "{a.b}", "{%41}", "{_}", "{a:9999}", "%41", "[]", "a{b}c{d}", "\xC3\xA9",
              "\xEE\x80\x80", "{1}"),
         LIST("{", "}", "{}", "{a", "a}", "{a}}", "{{a}}", "{+}", "{a,}", "{,}", "{a b}", "{.a.}", "{a..b}", "{a.}", "{a:0}", "{a:10000}", "{a:}", "{a**}", "{a*:1}", "{a:1*}", "{$a}", "{a-b}", "{\xC3\xA9}", "%4", " ", "\"",
              "<", ">", "\\", "^", "`", "|", "\n", "\x7F", "\xC2\x80", "\xFF", "{%4}", "{%zz}")},
	{"json-pointer", LIST("", "/", "//", "/a~0~1", "/~01", "/ ", "/\xC3\xA9", "/a/b/0"), LIST("a", "#", "#/a", "/~", "/~2", "/a~", "/~~0", " /")},
	{"relative-json-pointer", LIST("0", "0#", "1/", "10/a~0", "0/", "1+1", "0-1#", "2-10/a"), LIST("", "/", "-1", "00", "01", "0##", "0#/a", "0a", "#", "0~0", "0/~2", "1+0", "1+", "1-a", " 0", "0 ", "+1")},
	{"uuid", LIST("00000000-0000-0000-0000-000000000000", "FFFFFFFF-ffff-FFFF-ffff-FFFFFFFFFFFF"),
         LIST("", "00000000-0000-0000-0000-00000000000", "00000000-0000-0000-0000-0000000000000", "{00000000-0000-0000-0000-00000000000", "00000000-0000-0000-0000-00000000000g", "000000000-000-0000-0000-000000000000",
              "00000000000000000000000000000000", "urn:uuid:00000000-0000-0000-0000-0000")},
	{"regex", LIST("", "a", "^a$", "[a-z]+", "\\d", "(?:a)", "(?=a)", "(?!a)"), LIST("(", ")", "[", "a**", "\\a", "\\Z", "(?P<a>b)", "+")},
};

static void every_text_is_judged_as_its_format_says(void **state)
{
	(void)state;
	size_t wrong = 0;
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++) {
		const table *t = &tables[i];
		cib_format_check check = cib_format_find(t->format);
		assert_non_null(check);
		for (const char *const *s = t->good; *s; s++)
			if (!check(*s, strlen(*s)) && ++wrong)
				print_error("%s: \"%s\" was refused\n", t->format, *s);
		for (const char *const *s = t->bad; *s; s++)
			if (check(*s, strlen(*s)) && ++wrong)
				print_error("%s: \"%s\" was accepted\n", t->format, *s);
	}
	assert_int_equal(wrong, 0);
}

/* Every prefix of a good text, in memory of exactly its size: the sanitizers see a read beyond it. */
static void no_check_reads_beyond_the_length(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof tables / sizeof *tables; i++)
		for (const char *const *s = tables[i].good; *s; s++)
			for (size_t n = 0; n <= strlen(*s); n++) {
				char *exact = malloc(n + !n);
				memcpy(exact, *s, n);
				cib_format_find(tables[i].format)(exact, n);
				free(exact);
			}
}

/* U+0000 within a text, as one byte or (as some readers keep it in C strings) as C0 80, is a character like others. */
static void a_nul_does_not_end_a_text(void **state)
{
	(void)state;
	static const struct {
		const char *format, *text;
	} cases[] = {
		{"date", "2020-01-01"},
		{"date-time", "2020-01-01T00:00:00Z"},
		{"time", "00:00:00Z"},
		{"duration", "P1D"},
		{"email", "a@b"},
		{"idn-email", "a@b"},
		{"hostname", "a"},
		{"idn-hostname", "a"},
		{"idn-hostname", "\xC3\xA9"},
		{"ipv4", "1.2.3.4"},
		{"ipv6", "::1"},
		{"uri", "a:b"},
		{"uri-reference", "a"},
		{"iri", "a:b"},
		{"iri-reference", "a"},
		{"uri-template", "a"},
		{"uri-template", "{a}"},
		{"relative-json-pointer", "0"},
		{"uuid", "00000000-0000-0000-0000-000000000000"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		char text[80];
		size_t n = strlen(cases[i].text);
		cib_format_check check = cib_format_find(cases[i].format);
		memcpy(text, cases[i].text, n);
		assert_true(check(text, n));
		memcpy(text + n, "\0", 1);
		assert_false(check(text, n + 1));
		memcpy(text + n, "\xC0\x80", 2);
		assert_false(check(text, n + 2));
	}
	assert_true(cib_format_json_pointer("/a\0b", 4));
}

static void a_format_that_is_not_known_asks_nothing(void **state)
{
	(void)state;
	assert_null(cib_format_find("colour"));
	assert_null(cib_format_find("Date"));
	assert_true(cib_format_ok("colour", "", 0));
	assert_false(cib_format_ok("date", "", 0));
}

/* The reader refuses U+0000: in the suite's files it is read as a private character, and put back. */
static cJSON *read_suite_file(const char *path)
{
	cib_buf text = CIB_BUF_INIT;
	cJSON *groups = NULL;
	assert_int_equal(cib_file_read(&text, path, 0, NULL), CIB_OK);
	for (char *p = text.data; (p = strstr(p, "\\u0000"));)
		memcpy(p, "\\uF8FF", 6);
	assert_int_equal(cib_json_read(&groups, text.data, text.len, NULL, NULL), CIB_OK);
	cib_buf_free(&text);
	return groups;
}

static size_t put_nul_back(char *text)
{
	size_t n = strlen(text);
	for (char *p = text; (p = memmem(p, n - (size_t)(p - text), "\xEF\xA3\xBF", 3)); n -= 2) {
		*p = '\0';
		memmove(p + 1, p + 3, n - (size_t)(p - text) - 3);
	}
	return n;
}

static void every_format_case_of_the_suite_passes(void **state)
{
	(void)state;
	size_t all = 0, wrong = 0;
	DIR *d = opendir(SUITE);
	if (!d) {
		print_message("SKIP: no suite in ../shared/data\n");
		skip();
	}
	for (struct dirent *e; (e = readdir(d));) {
		if (!strstr(e->d_name, ".json"))
			continue;
		char *path = cib_format(SUITE "/%s", e->d_name);
		cJSON *groups = read_suite_file(path);
		for (const cJSON *g = groups->child; g; g = g->next) {
			const char *format = cib_json_string(cib_json_get(g, "schema"), "format");
			for (const cJSON *t = cib_json_get(g, "tests")->child; t; t = t->next) {
				cJSON *data = cib_json_get(t, "data");
				if (!cJSON_IsString(data))
					continue;
				all++;
				if (cib_format_ok(format, data->valuestring, put_nul_back(data->valuestring)) != cJSON_IsTrue(cib_json_get(t, "valid")) && ++wrong)
					print_error("%s: %s\n", e->d_name, cib_json_string(t, "description"));
			}
		}
		cJSON_Delete(groups);
		free(path);
	}
	closedir(d);
	print_message("formats of the suite: %zu of %zu texts\n", all - wrong, all);
	assert_int_equal(wrong, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_text_is_judged_as_its_format_says),
		cmocka_unit_test(no_check_reads_beyond_the_length),
		cmocka_unit_test(a_nul_does_not_end_a_text),
		cmocka_unit_test(a_format_that_is_not_known_asks_nothing),
		cmocka_unit_test(every_format_case_of_the_suite_passes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
