/* cib members: every member as this copy knows it: what it has, when it worked, how far it has synced. */
#include "cmd.h"
#include "review/fleet.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

static const char usage[] = "members [--quiet] [--json]";

static void print_json(const cib_fleet *f, const cib_fleet_member *m)
{
	char day[11];
	cJSON *row = cJSON_CreateObject();
	cJSON_AddNumberToObject(row, "v", 1);
	cJSON_AddStringToObject(row, "member", m->member);
	cJSON_AddStringToObject(row, "name", m->name);
	cJSON_AddBoolToObject(row, "staff", m->staff);
	cJSON_AddNumberToObject(row, "entries", (double)m->entries);
	if (m->worked) {
		cib_day_of(day, m->worked);
		cJSON_AddStringToObject(row, "worked", day);
	}
	if (f->synced) {
		cJSON_AddNumberToObject(row, "waiting", (double)m->waiting);
		cJSON_AddNumberToObject(row, "returned", (double)m->returned);
		cJSON_AddBoolToObject(row, "branch", m->branch);
		cJSON_AddNumberToObject(row, "missing", (double)m->missing);
		cJSON_AddBoolToObject(row, "quiet", m->quiet);
	}
	if (m->behind) {
		cib_day_of(day, m->behind);
		cJSON_AddStringToObject(row, "behindSince", day);
	}
	cib_print_json(stdout, row);
	cJSON_Delete(row);
}

/* How it stands with the member's copies, in words. */
static char *synced_text(const cib_fleet_member *m)
{
	char day[11];
	if (!m->staff)
		return cib_strdup(_("nobody writes for it"));
	if (!m->branch)
		return cib_strdup(_("never sent anything"));
	if (!m->missing)
		return cib_strdup(_("has everything"));
	cib_day_of(day, m->behind);
	if (m->quiet)
		return cib_format(cib_ngettext("quiet: before %s (lacks %zu change)", "quiet: before %s (lacks %zu changes)", m->missing), day, m->missing);
	return cib_format(cib_ngettext("before %s (lacks %zu change)", "before %s (lacks %zu changes)", m->missing), day, m->missing);
}

static void print_text(const cib_fleet *f, const cib_fleet_member *const *rows, size_t count)
{
	const char *const all[] = {_("Member"), _("Name"), _("Entries"), _("Waiting"), _("Worked"), _("Synced")}, *const some[] = {all[0], all[1], all[2], all[4]};
	size_t columns = f->synced ? 6 : 4;
	char **cells = cib_alloc((count + 1) * columns * sizeof *cells);
	for (size_t i = 0; i < count; i++) {
		char **at = cells + i * columns;
		char day[11] = "-";
		if (rows[i]->worked)
			cib_day_of(day, rows[i]->worked);
		at[0] = cib_strdup(rows[i]->member);
		at[1] = cib_strdup(rows[i]->name);
		at[2] = cib_format("%zu", rows[i]->entries);
		if (f->synced)
			at[3] = cib_format("%zu", rows[i]->waiting);
		at[columns == 6 ? 4 : 3] = cib_strdup(day);
		if (f->synced)
			at[5] = synced_text(rows[i]);
	}
	cib_print_table(stdout, f->synced ? all : some, (const char *const *)cells, columns, count);
	for (size_t i = 0; i < count * columns; i++)
		free(cells[i]);
	free(cells);
}

int cib_cmd_members(int argc, char **argv)
{
	bool json = false, quiet = false;
	const cib_opt opts[] = {
		{"quiet", 0, CIB_OPT_FLAG, &quiet, NULL, N_("only those that have not synced for three months (secretariat)")},
		{"json", 0, CIB_OPT_FLAG, &json, NULL, N_("one JSON object a line")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, NULL);
	if (code)
		return code - 1;
	cib_workspace *ws = NULL;
	if ((code = cib_open(&ws)))
		return code - 1;
	cib_fleet f = {0};
	cib_error err = CIB_ERROR_INIT;
	if (quiet && ws->member) {
		code = cib_usage("only the secretariat has the members' branches, from which this is read");
	} else if (cib_fleet_load(&f, ws, (int64_t)time(NULL), cib_term_lang(), &err) != CIB_OK) {
		code = cib_fail(&err);
	} else {
		const cib_fleet_member **rows = cib_alloc((f.count + 1) * sizeof *rows);
		size_t n = 0;
		for (size_t i = 0; i < f.count; i++)
			if (!quiet || f.items[i].quiet)
				rows[n++] = &f.items[i];
		for (size_t i = 0; i < n && json; i++)
			print_json(&f, rows[i]);
		if (!json)
			print_text(&f, rows, n);
		free(rows);
	}
	cib_fleet_clear(&f);
	cib_workspace_free(ws);
	return code;
}
