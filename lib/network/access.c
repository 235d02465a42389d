/* Who may do what: access.json, what it allows at a time, and what it must never become: a network without a secretariat.
 *
 *   {"users": {"andal-1": {"role": "staff", "member": "m-andal", "until": "2027-01-31"}, "sec-1": {"role": "secretariat"}}}
 *
 * Dates are days in UTC, inclusive. */
#include "network/private.h"
#include "network/rulebook.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

void cib_day_of(char out[11], int64_t when)
{
	time_t t = (time_t)when;
	struct tm tm;
	if (!gmtime_r(&t, &tm) || tm.tm_year < -1900 || tm.tm_year > 8099)
		memcpy(out, "9999-12-31", 11);
	else
		snprintf(out, 11, "%04u-%02u-%02u", (unsigned)(tm.tm_year + 1900) % 10000, (unsigned)(tm.tm_mon + 1) % 100, (unsigned)tm.tm_mday % 100);
}

/* Noon of a day, in seconds since 1970; false for what is no day of the calendar. */
static bool parse_day(int64_t *out, const char *text)
{
	struct tm tm = {.tm_hour = 12};
	char again[11];
	if (!text || strlen(text) != 10 || strspn(text, "0123456789-") != 10 || text[4] != '-' || text[7] != '-')
		return false;
	tm.tm_year = atoi(text) - 1900;
	tm.tm_mon = atoi(text + 5) - 1;
	tm.tm_mday = atoi(text + 8);
	*out = (int64_t)timegm(&tm);
	cib_day_of(again, *out);
	return strcmp(again, text) == 0;
}

bool cib_day_ok(const char *text)
{
	return parse_day(&(int64_t){0}, text);
}

bool cib_day_within(const char *day, const char *from, const char *until)
{
	return (!from || strcmp(day, from) >= 0) && (!until || strcmp(day, until) <= 0);
}

cib_access cib_network_access(const cib_network *net, const char *user, int64_t now)
{
	cib_access none = {CIB_ROLE_NONE, NULL};
	const cJSON *row = user ? cib_json_get(cib_json_get(net->access, "users"), user) : NULL;
	const char *role = cib_json_string(row, "role"), *member = cib_json_string(row, "member");
	char today[11];
	cib_day_of(today, now);
	if (!role || !cib_day_within(today, cib_json_string(row, "from"), cib_json_string(row, "until")))
		return none;
	if (strcmp(role, "secretariat") == 0)
		return (cib_access){CIB_ROLE_SECRETARIAT, NULL};
	if (strcmp(role, "reader") == 0)
		return (cib_access){CIB_ROLE_READER, NULL};
	if (strcmp(role, "staff") == 0 && member && cib_name_ok(member, strlen(member)))
		return (cib_access){CIB_ROLE_STAFF, member};
	return none;
}

bool cib_network_has_people(const cib_network *net, const char *member)
{
	const cJSON *users = cib_json_get(net->access, "users");
	for (const cJSON *u = users ? users->child : NULL; u; u = u->next) {
		const char *of = cib_json_string(u, "member");
		if (of && strcmp(of, member) == 0)
			return true;
	}
	return false;
}

/* ---- what access.json must be ---- */

static void report(cib_findings *findings, const char *code, const char *user, const char *field, const char *hint, char *message)
{
	cib_buf pointer = CIB_BUF_INIT;
	cib_json_pointer_add(&pointer, "users");
	if (user)
		cib_json_pointer_add(&pointer, user);
	if (field)
		cib_json_pointer_add(&pointer, field);
	cib_findings_add(findings, &(cib_finding){.severity = CIB_ERROR, .file = (char *)(uintptr_t) "access.json", .pointer = pointer.data, .keyword = (char *)(uintptr_t) "network", .code = (char *)(uintptr_t)code, .message = message, .hint = (char *)(uintptr_t)hint});
	cib_buf_free(&pointer);
	free(message);
}

static void check_keys(const char *user, const cJSON *keys, cib_findings *findings)
{
	if (keys && !cJSON_IsArray(keys))
		report(findings, "guard.access", user, "keys", NULL, cib_strdup(_("the keys are a list: [{\"key\": \"ssh-ed25519 AAAA...\"}]")));
	for (const cJSON *k = cJSON_IsArray(keys) ? keys->child : NULL; k; k = k->next) {
		const char *from = cib_json_string(k, "from"), *until = cib_json_string(k, "until");
		if (!cib_ssh_key_ok(cib_json_string(k, "key")))
			report(findings, "guard.access", user, "keys", _("cib key add USER FILE writes it"), cib_strdup(_("a key is its type and its base64, without the comment, which names a person or a computer")));
		else if ((cib_json_get(k, "from") && !cib_day_ok(from)) || (cib_json_get(k, "until") && !cib_day_ok(until)))
			report(findings, "guard.access", user, "keys", NULL, cib_strdup(_("the days of a key are days: YYYY-MM-DD")));
		else if (from && until && strcmp(from, until) > 0)
			report(findings, "guard.access", user, "keys", NULL, cib_strdup(_("the last day of a key lies before its first")));
	}
}

static void check_user(const cJSON *row, cib_findings *findings)
{
	static const char *const known[] = {"role", "member", "from", "until", "keys"};
	const char *user = row->string, *role = cib_json_string(row, "role"), *member = cib_json_string(row, "member");
	const char *from = cib_json_string(row, "from"), *until = cib_json_string(row, "until");
	bool staff = role && strcmp(role, "staff") == 0;
	if (!cib_name_ok(user, strlen(user)))
		report(findings, "guard.access", user, NULL, NULL, cib_strdup(_("a user's name is of lower-case letters, digits, '-', '_' and '.'")));
	if (!staff && !(role && (strcmp(role, "secretariat") == 0 || strcmp(role, "reader") == 0)))
		report(findings, "guard.access", user, "role", NULL, cib_strdup(_("the role must be secretariat, staff or reader")));
	if (staff && (!member || !cib_name_ok(member, strlen(member)) || strcmp(member, "secretariat") == 0))
		report(findings, "guard.access", user, "member", NULL, cib_strdup(_("the member of staff must be a name as m-andal")));
	if (!staff && cib_json_get(row, "member"))
		report(findings, "guard.access", user, "member", NULL, cib_strdup(_("staff, and only staff, work for a member")));
	if ((cib_json_get(row, "from") && !cib_day_ok(from)) || (cib_json_get(row, "until") && !cib_day_ok(until)))
		report(findings, "guard.access", user, cib_day_ok(from) || !from ? "until" : "from", NULL, cib_strdup(_("a date is a day: YYYY-MM-DD")));
	else if (from && until && strcmp(from, until) > 0)
		report(findings, "guard.access", user, "until", NULL, cib_strdup(_("the last day lies before the first")));
	check_keys(user, cib_json_get(row, "keys"), findings);
	for (const cJSON *c = row->child; c; c = c->next) {
		bool ok = strncmp(c->string, "x-", 2) == 0;
		for (size_t i = 0; i < sizeof known / sizeof *known; i++)
			ok = ok || strcmp(c->string, known[i]) == 0;
		if (!ok)
			report(findings, "guard.access", user, c->string, NULL, cib_format(_("a user has role, member, from, until and keys; there is no \"%s\""), c->string));
	}
}

/* The first day from `now` on on which nobody is the secretariat; false when that day never comes. */
static bool first_gap(char day[11], const cJSON *users, int64_t now)
{
	cib_day_of(day, now);
	for (;;) {
		const char *last = NULL; /* the latest end among those who are the secretariat on that day */
		for (const cJSON *u = users ? users->child : NULL; u; u = u->next) {
			const char *role = cib_json_string(u, "role"), *until = cib_json_string(u, "until");
			if (!role || strcmp(role, "secretariat") != 0 || !cib_day_within(day, cib_json_string(u, "from"), until))
				continue;
			if (!until)
				return false;
			last = !last || strcmp(until, last) > 0 ? until : last;
		}
		int64_t noon;
		if (!last || !parse_day(&noon, last))
			return true;
		cib_day_of(day, noon + 24 * 3600);
	}
}

int cib_network_check_access(const cJSON *access, int64_t now, cib_findings *findings)
{
	size_t errors = findings->errors;
	const cJSON *users = cib_json_get(access, "users");
	char gap[11], today[11];
	cib_day_of(today, now);
	if (!cJSON_IsObject(users))
		report(findings, "guard.access", NULL, NULL, NULL, cib_strdup(_("the users are an object: {USER: {\"role\": ROLE}}")));
	for (const cJSON *u = cJSON_IsObject(users) ? users->child : NULL; u; u = u->next)
		check_user(u, findings);
	if (findings->errors == errors && first_gap(gap, users, now)) {
		char *message = strcmp(gap, today) == 0 ? cib_strdup(_("nobody would be the secretariat any more: the network would be locked"))
		                                        : cib_format(_("nobody would be the secretariat from %s on: the network would be locked"), gap);
		report(findings, "guard.locked-out", NULL, NULL, _("keep at least one user with the role secretariat and no end"), message);
	}
	return findings->errors > errors ? CIB_FINDINGS : CIB_OK;
}
