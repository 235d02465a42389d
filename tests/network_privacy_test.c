/* Personal data: what is found in texts, what stays quiet, exceptions, and points finer than they say. Every address and number
 * here is made up; numbers are of the ranges that are kept for fiction, where a country has one. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "network/privacy.h"
#include "support/network.h"

#include <dirent.h>

static const char *kind_of(const char *text)
{
	static const char *const names[] = {"", "email", "phone"};
	return names[cib_private_next(text, 0).kind];
}

static void addresses_and_numbers_are_found_as_people_write_them(void **state)
{
	static const struct {
		const char *text, *kind, *match;
	} rows[] = {
		{"Write to jo.doe@example.org, please", "email", "jo.doe@example.org"},
		{"jo.doe@example.org.", "email", "jo.doe@example.org"},
		{"<mailto:jo+x@sub.example.org>", "email", "jo+x@sub.example.org"},
		{"josé.núñez@españa.example", "email", "josé.núñez@españa.example"},
		{"https://example.org/?mail=jo.doe@example.org&x=1", "email", "jo.doe@example.org"},
		{"https://example.org/?mail=jo.doe%40example.org", "email", "jo.doe%40example.org"},
		{"jo.doe (at) example.org", "email", "jo.doe (at) example.org"},
		{"jo.doe [arroba] example.org", "email", "jo.doe [arroba] example.org"},
		{"12345@example.org", "email", "12345@example.org"},
		{"niñ@s: jo@example.org", "email", "jo@example.org"},
		{"Call +31 20 555 0147 today", "phone", "+31 20 555 0147"},
		{"(+34) 600 555 014", "phone", "(+34) 600 555 014"},
		{"+1 (212) 555-0147", "phone", "+1 (212) 555-0147"},
		{"+33 (0)1 99 00 12 34", "phone", "+33 (0)1 99 00 12 34"},
		{"+ 33 1 99 00 12 34", "phone", "+ 33 1 99 00 12 34"},
		{"+39 06 5550 1477", "phone", "+39 06 5550 1477"},
		{"+44.20.7946.0958", "phone", "+44.20.7946.0958"},
		{"0044 20 7946 0958", "phone", "0044 20 7946 0958"},
		{"+221\xC2\xA0"
	         "77\xC2\xA0"
	         "555\xC2\xA0"
	         "01\xC2\xA0"
	         "47",
	         "phone", "+221\xC2\xA0"
	                  "77\xC2\xA0"
	                  "555\xC2\xA0"
	                  "01\xC2\xA0"
	                  "47"},
		{"01 99 00 12 34", "phone", "01 99 00 12 34"},
		{"Mairie, 01.99.00.12.34", "phone", "01.99.00.12.34"},
		{"(212) 555-0147", "phone", "(212) 555-0147"},
		{"(020) 7946 0958", "phone", "(020) 7946 0958"},
		{"06-12345678", "phone", "06-12345678"},
		{"Tel.: 5550147", "phone", "5550147"},
		{"Tel/fax 020 5550147", "phone", "020 5550147"},
		{"Téléphone : 33 849 00 00", "phone", "33 849 00 00"},
		{"Teléfono 555 01 47", "phone", "555 01 47"},
		{"WhatsApp: 600555014", "phone", "600555014"},
		{"tel:+31205550147", "phone", "+31205550147"},
		{"هاتف: 0555 0147", "phone", "0555 0147"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		cib_private_match m = cib_private_next(rows[i].text, 0);
		char *got = cib_strndup(rows[i].text + m.start, m.len);
		if (strcmp(kind_of(rows[i].text), rows[i].kind) != 0 || strcmp(got, rows[i].match) != 0)
			fail_msg("%s: %s '%s'", rows[i].text, kind_of(rows[i].text), got);
		free(got);
	}
}

static void words_codes_sums_and_dates_stay_quiet(void **state)
{
	static const char *const texts[] = {
		"", "@", "+", "(", "0", "a@", "@b.example", "niñ@s", "Niñ@s y jóvenes", "l@s niñ@s. Todos", "tod@s.Para", "l@s niñ@s.y", "trabajador@s/as", "alumn@s, profesor@s",
		"follow @cib_uclg", "https://social.example/@some.name", "photos/12345678@N00/", "NL-KVK-27375186-11382", "XM-DAC-41304-2021-0001", "ES-DIR3-L01462508-0612345678",
		"NL91 ABNA 0417 1643 00", "FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189", "DE89 0370 0440 0532 0130 00", "GB29NWBK60161331926819", "SN08 SN01 0015 2000 0485 0000 3035",
		"44000-P0612345678", "project 0612345678", "2021/0612345678", "012345678901234567890", "1 000 000 000 EUR", "+250 000 000 FCFA", "+12.500.000.000", "+1.000.000.000", "+250,000,000",
		"EUR 0 612 345 678", "2019-2020-2021", "2010 2011 2012 2013", "12-03-2024", "01.02.2024", "01 02 2024 05", "01/02/2024 - 03/04/2025", "2024-01-01/2024-12-31", "+2015-2020", "08:30", "09.00-17.30",
		"52.3676, 4.9041", "-6.200000 106.816666", "ISBN: 0-306-40615-2", "ISBN 978-92-64-12345-6", "0000-0002-1825-0097", "ISSN 0317-8471", "https://doi.example/10.1234/0612-3456",
		"https://example.org/a/0612345678/b?id=0612345678&n=31205550147", "15112, 15128, 15170", "SDG 5.5, 11.b, 17", "Resolution 70/1 (2015) 25.09.2015", "(12) 2014-2016", "(2019) 2020 2021",
		"Tel 2019-2020", "mobile 2020", "24 x 7", "p-7q2m9xk4ta", "XOF 012 345 678", "(127.0.0.1) 56(84) bytes", "CRS 15112 15128 15150 15170"};
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++)
		if (*kind_of(texts[i]))
			fail_msg("%s: %s", texts[i], kind_of(texts[i]));
}

/* The sanitizer looks at the whole string in every call of strchr and its like, which makes squares of its own. */
#ifdef __SANITIZE_ADDRESS__
enum { long_text = 4096 };
#else
enum { long_text = 65536 };
#endif

static void a_hostile_text_costs_no_more_than_its_length(void **state)
{
	static const char *const parts[] = {"a.", "a@", "1 ", "+1", "(1", "a@b.", "a%40", "é.", "(at)", "tel "};
	(void)state;
	for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
		cib_buf b = CIB_BUF_INIT;
		while (b.len < long_text)
			cib_buf_adds(&b, parts[i]);
		size_t from = 0, found = 0;
		for (cib_private_match m; (m = cib_private_next(b.data, from)).kind; found++)
			from = m.start + m.len;
		assert_in_range(found, 0, b.len); /* the test's limit of time is what squares would break */
		cib_buf_free(&b);
	}
}

static void a_text_that_is_cut_within_a_letter_is_read_to_its_end(void **state)
{
	static const char *const texts[] = {"bad \xff\n", "a\xe2", "a\xf0\x9f", "x@\xc3", "+49 30\xe2\x80"};
	(void)state;
	for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
		char *exact = cib_strdup(texts[i]); /* the sanitizer watches its end */
		for (cib_private_match m = {0}; (m = cib_private_next(exact, m.start + m.len)).kind;)
			;
		free(exact);
	}
}

static void mailboxes_of_roles_and_of_the_organisation_are_none_of_a_person(void **state)
{
	static const struct {
		const char *address, *member;
		bool role;
	} rows[] = {
		{"info@andal.example", NULL, true},
		{"info2@andal.example", NULL, true},
		{"projects-office@andal.example", NULL, true},
		{"Secretaría.Tecnica@andal.example", NULL, true},
		{"cooperation.internationale@ville.example", NULL, true},
		{"andal@andal.example", NULL, true},
		{"andal@mail.example", "m-andal", true},
		{"no-reply@x.example", NULL, true},
		{"jo.doe@andal.example", "m-andal", false},
		{"jdoe@andal.example", "m-andal", false},
		{"doe@mail.example", "m-andal", false},
		{"j@andal.example", NULL, false},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
		if (cib_private_is_role(rows[i].address, strlen(rows[i].address), rows[i].member) != rows[i].role)
			fail_msg("%s", rows[i].address);
}

/* ---- documents ---- */

static const char where[] = "members/m-andal/projects/p-7q2m9xk4ta.json";

/* "code pointer" of each finding on personal data, parted by "; ". The caller's. */
static char *judge(fixture *f, const char *text)
{
	cJSON *doc = NULL;
	cib_place place;
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_buf out = CIB_BUF_INIT;
	cib_check_options options = {.lang = "en", .tree = &f->commit};
	cib_error err = CIB_ERROR_INIT;
	if (cib_json_read(&doc, text, strlen(text), NULL, &err) != CIB_OK)
		fail_msg("%s: %s", text, err.message);
	cib_network_place(&place, f->net, where);
	cib_privacy_check(f->net, &place, doc, &options, &findings);
	for (size_t i = 0; i < findings.count; i++) {
		cib_buf_addf(&out, "%s%s %s", i ? "; " : "", findings.items[i].code, findings.items[i].pointer);
		assert_null(strstr(findings.items[i].message, "doe")); /* never the value */
	}
	cib_buf_adds(&out, "");
	cib_findings_free(&findings);
	cJSON_Delete(doc);
	return cib_buf_take(&out);
}

static void an_exception_covers_as_many_as_it_allows_and_shows(void **state)
{
	static const struct {
		const char *text, *want;
	} rows[] = {
		{"{\"contact\":{\"mailbox\":\"jo.doe@example.org\"}}", "privacy.email /contact/mailbox"},
		{"{\"contact\":{\"mailbox\":\"info@example.org\"}}", ""},
		{"{\"title\":{\"en\":\"a@doe.example b@doe.example +31 20 555 0147\"}}", "privacy.email /title/en; privacy.phone /title/en"},
		{"{\"contact\":{\"mailbox\":\"jo.doe@example.org\"},\"x-cib-privacy\":{\"/contact/mailbox\":{\"allows\":{\"email\":1},\"reason\":\"There is no other mailbox.\"}}}", "privacy.exception /contact/mailbox"},
		{"{\"contact\":{\"mailbox\":\"jo.doe@example.org\"},\"x-cib-privacy\":{\"/contact\":{\"allows\":{\"email\":1},\"reason\":\"There is no other mailbox.\"}}}", "privacy.exception /contact"},
		{"{\"contact\":{\"mailbox\":\"jo.doe@example.org\",\"unit\":\"a@doe.example\"},\"x-cib-privacy\":{\"/contact\":{\"allows\":{\"email\":1},\"reason\":\"There is no other mailbox.\"}}}", "privacy.email /contact/unit; privacy.exception /contact"},
		{"{\"contact\":{\"mailbox\":\"info@example.org\"},\"x-cib-privacy\":{\"/contact/mailbox\":{\"allows\":{\"email\":1},\"reason\":\"There is no other mailbox.\"}}}", "privacy.unneeded /x-cib-privacy"},
		{"{\"contact\":{\"mailbox\":\"jo.doe@example.org\"},\"x-cib-privacy\":{\"/contact/mailbox\":{\"allows\":{\"phone\":1},\"reason\":\"There is no other mailbox.\"}}}", "privacy.email /contact/mailbox; privacy.unneeded /x-cib-privacy"},
		{"{\"contact\":{\"mailbox\":\"jo.doe@example.org\"},\"x-cib-privacy\":{\"/contact/mailbox\":{\"allows\":{\"email\":1},\"reason\":\"x\"}}}", "privacy.malformed /x-cib-privacy/~1contact~1mailbox; privacy.email /contact/mailbox"},
		{"{\"contact\":{\"mailbox\":\"jo.doe@example.org\"},\"x-cib-privacy\":\"all of it\"}", "privacy.malformed /x-cib-privacy; privacy.email /contact/mailbox"},
		{"{\"contact\":{\"mailbox\":\"jo.doe@example.org\"},\"x-cib-privacy\":{\"/contact/mailbox\":{\"allows\":{\"email\":1},\"reason\":\"It is jo.doe@example.org.\"}}}", "privacy.malformed /x-cib-privacy/~1contact~1mailbox; privacy.email /contact/mailbox; privacy.email /x-cib-privacy/~1contact~1mailbox/reason"},
		{"{\"partners\":[{\"id\":\"o-1\"},{\"id\":\"o-2\",\"name\":{\"en\":\"a@doe.example\"}}],\"x-cib-privacy\":{\"/partners/o-2/name\":{\"allows\":{\"email\":1},\"reason\":\"It is called so.\"}}}", "privacy.exception /partners/1/name"},
		{"{\"partners\":[{\"id\":\"o-1\",\"name\":{\"en\":\"a@doe.example\"}},{\"id\":\"o-2\"}],\"x-cib-privacy\":{\"/partners/o-2/name\":{\"allows\":{\"email\":1},\"reason\":\"It is called so.\"}}}", "privacy.email /partners/0/name/en; privacy.unneeded /x-cib-privacy"},
		{"{\"locations\":[{\"lat\":\"52.36\",\"lon\":\"4.9000\",\"precision\":\"city\"}]}", ""},
		{"{\"locations\":[{\"lat\":\"52.367\",\"lon\":\"4.9\",\"precision\":\"city\"}]}", "privacy.location /locations/0"},
		{"{\"locations\":[{\"lat\":\"52.36\",\"lon\":\"4.9\",\"precision\":\"region\"}]}", "privacy.location /locations/0"},
		{"{\"locations\":[{\"lat\":\"52.0\",\"lon\":\"5\",\"precision\":\"country\"}]}", ""},
		{"{\"hq\":{\"lat\":\"52.1\",\"lon\":\"5\",\"precision\":\"country\"}}", "privacy.location /hq"},
		{"{\"hq\":{\"lat\":\"52.367573\",\"lon\":\"4.904139\",\"precision\":\"exact\"}}", ""},
		{"{\"hq\":{\"lat\":\"52.367573\",\"lon\":\"4.904139\"}}", ""},
	};
	fixture *f = *state;
	for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
		char *got = judge(f, rows[i].text);
		if (strcmp(got, rows[i].want) != 0)
			fail_msg("%s\n  gives '%s'\n  not   '%s'", rows[i].text, got, rows[i].want);
		free(got);
	}
}

static void an_exception_that_is_made_is_one_and_holds_no_value(void **state)
{
	fixture *f = *state;
	cJSON *doc = NULL;
	cib_place place;
	cib_error err = CIB_ERROR_INIT;
	cib_buf text = CIB_BUF_INIT;
	static const char entry[] = "{\"contact\":{\"mailbox\":\"jo.doe@example.org\"}}";
	cib_network_place(&place, f->net, where);
	assert_int_equal(cib_json_read(&doc, entry, strlen(entry), NULL, NULL), CIB_OK);
	assert_int_equal(cib_privacy_allow(f->net, &place, doc, "/contact/mailbox", "short", &f->commit, &err), CIB_USAGE);
	assert_int_equal(cib_privacy_allow(f->net, &place, doc, "/contact/mailbox", "Ask jo.doe@example.org why.", &f->commit, &err), CIB_USAGE);
	assert_int_equal(cib_privacy_allow(f->net, &place, doc, "/contact/unit", "There is no other mailbox.", &f->commit, &err), CIB_NOTFOUND);
	assert_int_equal(cib_privacy_allow(f->net, &place, doc, "/contact/mailbox", "There is no other mailbox.", &f->commit, &err), CIB_OK);
	cib_json_write(&text, cib_json_get(doc, "x-cib-privacy"), &(cib_json_style){.compact = true});
	assert_string_equal(text.data, "{\"/contact/mailbox\":{\"allows\":{\"email\":1},\"reason\":\"There is no other mailbox.\"}}");
	cib_buf_clear(&text);
	cib_json_write(&text, doc, NULL);
	char *got = judge(f, text.data);
	assert_string_equal(got, "privacy.exception /contact/mailbox");
	free(got);
	cib_buf_free(&text);
	cJSON_Delete(doc);
}

/* What the schemas, the example network and the codelists say is no personal data. */
static size_t judge_tree(fixture *f, const char *dir)
{
	size_t found = 0;
	DIR *d = opendir(dir);
	for (struct dirent *e; d && (e = readdir(d));) {
		char *path = cib_format("%s/%s", dir, e->d_name);
		cib_buf text = CIB_BUF_INIT;
		size_t n = strlen(path);
		if (e->d_name[0] != '.' && e->d_type == DT_DIR)
			found += judge_tree(f, path);
		if (n > 5 && strcmp(path + n - 5, ".json") == 0 && cib_file_read(&text, path, 0, NULL) == CIB_OK) {
			char *got = judge(f, text.data);
			if (*got)
				print_message("%s: %s\n", path, got);
			found += *got != '\0';
			free(got);
		}
		cib_buf_free(&text);
		free(path);
	}
	if (d)
		closedir(d);
	return found;
}

static void the_shipped_kinds_examples_and_codelists_are_quiet(void **state)
{
	assert_int_equal(judge_tree(*state, CIB_SOURCE_DIR "/schema"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(addresses_and_numbers_are_found_as_people_write_them),
		cmocka_unit_test(words_codes_sums_and_dates_stay_quiet),
		cmocka_unit_test(a_hostile_text_costs_no_more_than_its_length),
		cmocka_unit_test(a_text_that_is_cut_within_a_letter_is_read_to_its_end),
		cmocka_unit_test(mailboxes_of_roles_and_of_the_organisation_are_none_of_a_person),
		cmocka_unit_test_setup_teardown(an_exception_covers_as_many_as_it_allows_and_shows, set_up_network, tear_down_network),
		cmocka_unit_test_setup_teardown(an_exception_that_is_made_is_one_and_holds_no_value, set_up_network, tear_down_network),
		cmocka_unit_test_setup_teardown(the_shipped_kinds_examples_and_codelists_are_quiet, set_up_network, tear_down_network),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
