/* cib doctor: is this copy in order, and if not, what to do. */
#include "cmd.h"
#include "sync/doctor.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char usage[] = "doctor [--fix] [--offline] [--json]";

static int code_of(const cib_diagnosis *d)
{
	int code = 0;
	for (size_t i = 0; i < d->count; i++) {
		cib_health h = d->items[i].health;
		if (h == CIB_HEALTH_DAMAGE)
			return CIB_DAMAGED;
		if (h == CIB_HEALTH_WARNING || h == CIB_HEALTH_ERROR)
			code = CIB_FINDINGS;
	}
	return code;
}

static void day_of(char out[16], int64_t when)
{
	time_t t = (time_t)when;
	struct tm tm;
	if (!gmtime_r(&t, &tm) || !strftime(out, 16, "%Y-%m-%d", &tm))
		out[0] = '\0';
}

static void print_text(const cib_diagnosis *d)
{
	size_t bad = 0;
	for (size_t i = 0; i < d->count; i++) {
		const cib_check_result *r = &d->items[i];
		bad += r->health == CIB_HEALTH_WARNING || r->health == CIB_HEALTH_ERROR || r->health == CIB_HEALTH_DAMAGE;
		cib_print_padded(stdout, _(cib_health_word(r->health)), 8);
		printf(" %-13s ", r->name);
		cib_print_clean(stdout, r->message);
		putchar('\n');
		if (r->fix) {
			fputs("                       ", stdout);
			cib_print_clean(stdout, r->fix);
			putchar('\n');
		}
	}
	for (size_t i = 0; i < d->rescue_count; i++) {
		char day[16];
		day_of(day, d->rescues[i].when);
		printf(_("  displaced on %s: %s\n"), day, d->rescues[i].ref);
	}
	if (bad)
		printf(_("%zu of %zu checks found something to mend.\n"), bad, d->count);
	else
		fputs(_("All is well.\n"), stdout);
}

static void print_json(const cib_diagnosis *d)
{
	cJSON *doc = cJSON_CreateObject();
	cJSON_AddNumberToObject(doc, "v", 1);
	cJSON *checks = cJSON_AddArrayToObject(doc, "checks"), *rescues = cJSON_AddArrayToObject(doc, "rescues");
	for (size_t i = 0; i < d->count; i++) {
		const cib_check_result *r = &d->items[i];
		cJSON *row = cJSON_CreateObject();
		cJSON_AddStringToObject(row, "name", r->name);
		cJSON_AddStringToObject(row, "state", cib_health_word(r->health));
		cJSON_AddStringToObject(row, "message", r->message);
		if (r->fix)
			cJSON_AddStringToObject(row, "fix", r->fix);
		cJSON_AddItemToArray(checks, row);
	}
	for (size_t i = 0; i < d->rescue_count; i++) {
		char hex[CIB_OID_HEX], day[16];
		cJSON *row = cJSON_CreateObject();
		cib_oid_hex(hex, &d->rescues[i].commit);
		day_of(day, d->rescues[i].when);
		cJSON_AddStringToObject(row, "ref", d->rescues[i].ref);
		cJSON_AddStringToObject(row, "commit", hex);
		cJSON_AddStringToObject(row, "date", day);
		cJSON_AddItemToArray(rescues, row);
	}
	cib_print_json(stdout, doc);
	cJSON_Delete(doc);
}

int cib_cmd_doctor(int argc, char **argv)
{
	bool json = false;
	cib_doctor_options options = {0};
	const cib_opt opts[] = {
		{"fix", 0, CIB_OPT_FLAG, &options.mend, NULL, N_("do what is safe: clear locks and temporary files, finish what was interrupted, forget old displaced states")},
		{"offline", 0, CIB_OPT_FLAG, &options.offline, NULL, N_("ask no server")},
		{"json", 0, CIB_OPT_FLAG, &json, NULL, N_("as one JSON object")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, NULL);
	if (code)
		return code - 1;
	cib_sync_defaults(&options.sync);
	options.sync.remote.progress = NULL;
	cib_diagnosis d;
	cib_error err = CIB_ERROR_INIT;
	const char *dir = getenv("CIB_DIR");
	if (cib_doctor(&d, dir && *dir ? dir : ".", &options, &err) != CIB_OK)
		return cib_fail(&err);
	if (json)
		print_json(&d);
	else
		print_text(&d);
	code = code_of(&d);
	cib_diagnosis_free(&d);
	return code;
}
