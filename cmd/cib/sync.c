/* cib sync: share what is new here, bring in what is new there, and say how each own entry stands. */
#include "cmd.h"
#include "brought.h"
#include "review/policy.h"

#include <stdlib.h>
#include <string.h>

static const char sync_usage[] = "sync [--dry-run] [--only mine] [--accept-purge] [--json]";

static void print_json(const cib_sync_report *r, int status, const cib_standings *standings)
{
	const struct {
		const char *name;
		uint64_t value;
	} counts[] = {{"saved", r->saved}, {"sent", r->sent}, {"sentMore", r->sent_more}, {"received", r->received}, {"merged", r->merged}, {"conflicts", r->conflicts}, {"drafts", r->drafts}, {"retries", r->retries}, {"bytesIn", r->bytes_in}, {"bytesOut", r->bytes_out}};
	cJSON *doc = cJSON_CreateObject();
	cJSON_AddNumberToObject(doc, "v", 1);
	cJSON_AddNumberToObject(doc, "status", cib_status_exit_code(status));
	for (size_t i = 0; i < sizeof counts / sizeof *counts; i++)
		cJSON_AddNumberToObject(doc, counts[i].name, (double)counts[i].value);
	cJSON_AddItemToObject(doc, "entries", cib_standings_json(standings, NULL));
	cib_print_json(stdout, doc);
	cJSON_Delete(doc);
}

/* ---- before anything travels ---- */

/* Of what travels the bytes are known but for members' work. */
static void print_time(const cib_sync_cost *c)
{
	char in[40], out[40];
	if (c->seconds < 0)
		fputs(_("How long it takes is not known: no transfer was long enough to measure the link yet.\n"), stdout);
	else if (c->bytes_in + c->bytes_out)
		printf(c->branches ? _("What is known of it takes about %.0f s at the last measured rate (%s kB/s in, %s kB/s out).\n")
		                   : _("That takes about %.0f s at the last measured rate (%s kB/s in, %s kB/s out).\n"),
		       c->seconds < 1 ? 1 : c->seconds, cib_decimal_text(in, c->rate_in / 1000), cib_decimal_text(out, c->rate_out / 1000));
}

static void print_cost(const cib_sync_cost *c, bool only_mine)
{
	char size[40];
	if (c->entries || c->bytes_out)
		cib_size_text(size, (double)c->bytes_out);
	if (c->entries) {
		printf(cib_ngettext("Would send %zu entry, about %s\n", "Would send %zu entries, about %s\n", c->entries), c->entries, size);
	} else if (c->bytes_out) {
		printf(_("Would send no entry, but about %s of decisions, comments or notes\n"), size);
	} else {
		fputs(_("Would send nothing.\n"), stdout);
	}
	if (c->drafts)
		printf(cib_ngettext("Would leave %zu entry here as a draft.\n", "Would leave %zu entries here as a draft.\n", c->drafts), c->drafts);
	if (c->news_main || c->news_own) {
		cib_size_text(size, (double)c->bytes_in);
		printf(!c->news_own    ? _("Would receive about %s in %zu objects: main\n")
		       : !c->news_main ? _("Would receive about %s in %zu objects: your colleagues' work\n")
		                       : _("Would receive about %s in %zu objects: main and your colleagues' work\n"),
		       size, c->objects_in);
	}
	if (c->branches)
		printf(cib_ngettext("Would receive the new work of %zu member; how much is known when it comes.\n", "Would receive the new work of %zu members; how much is known when it comes.\n", c->branches), c->branches);
	if (!c->news_main && !c->news_own && !c->branches)
		fputs(_("Would receive nothing.\n"), stdout);
	if (c->entries || c->bytes_out || c->news_main || c->news_own || c->branches) {
		print_time(c);
		printf(_("Nothing was saved, sent or merged. To do it: %s\n"), only_mine ? "cib sync --only mine" : "cib sync");
	}
}

static void print_cost_json(const cib_sync_cost *c)
{
	cJSON *doc = cJSON_CreateObject();
	cJSON_AddNumberToObject(doc, "v", 1);
	cJSON *send = cJSON_AddObjectToObject(doc, "send"), *receive = cJSON_AddObjectToObject(doc, "receive");
	cJSON_AddNumberToObject(send, "entries", (double)c->entries);
	cJSON_AddNumberToObject(send, "bytes", (double)c->bytes_out);
	cJSON_AddNumberToObject(send, "drafts", (double)c->drafts);
	cJSON_AddBoolToObject(receive, "main", c->news_main);
	cJSON_AddBoolToObject(receive, "own", c->news_own);
	cJSON_AddNumberToObject(receive, "members", (double)c->branches);
	cJSON_AddNumberToObject(receive, "objects", (double)c->objects_in);
	cJSON_AddNumberToObject(receive, "bytes", (double)c->bytes_in);
	if (c->seconds >= 0)
		cJSON_AddNumberToObject(doc, "seconds", (double)(int64_t)(c->seconds + 0.999));
	else
		cJSON_AddNullToObject(doc, "seconds");
	cib_print_json(stdout, doc);
	cJSON_Delete(doc);
}

static int dry_run(cib_workspace *ws, const cib_sync_options *options, bool json)
{
	cib_sync_cost cost;
	cib_error err = CIB_ERROR_INIT;
	int status = cib_sync_estimate(&cost, ws, options, &err);
	cib_end_progress();
	if (status != CIB_OK)
		return cib_fail(&err);
	if (json)
		print_cost_json(&cost);
	else
		print_cost(&cost, options->only_mine);
	return 0;
}

int cib_cmd_sync(int argc, char **argv)
{
	bool json = false, dry = false;
	const char *only = NULL;
	bool purge = false;
	const cib_opt opts[] = {
		{"dry-run", 'n', CIB_OPT_FLAG, &dry, NULL, N_("say what would travel, how many bytes, how long; do nothing")},
		{"accept-purge", 0, CIB_OPT_FLAG, &purge, NULL, N_("come over to a history from which personal data was taken out")},
		{"only", 0, CIB_OPT_TEXT, &only, "mine", N_("the own branch alone, where the link is dear: no news of others")},
		{"json", 0, CIB_OPT_FLAG, &json, NULL, N_("print the counts as JSON")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, sync_usage, opts, NULL);
	if (code)
		return code - 1;
	if (only && strcmp(only, "mine") != 0)
		return cib_usage("--only knows one word: mine");
	cib_workspace *ws = NULL;
	if ((code = cib_open(&ws)))
		return code - 1;
	cib_sync_options options;
	cib_sync_defaults(&options);
	options.only_mine = only != NULL;
	options.accept_purge = purge;
	cib_stop_listen();
	if (dry) {
		code = dry_run(ws, &options, json);
		cib_workspace_free(ws);
		return code;
	}
	cib_sync_report report = {0};
	cib_error err = CIB_ERROR_INIT;
	cib_oid main_before;
	bool known = cib_workspace_main(&main_before, ws, NULL) == CIB_OK;
	size_t epoch = cib_network_epoch(ws->net);
	int status = cib_sync(ws, &options, &report, &err);
	size_t accepted = 0;
	if (status == CIB_OK && !ws->member)
		status = cib_review_by_policy(&accepted, ws, &err);
	if (status == CIB_OK && accepted)
		status = cib_sync(ws, &options, &report, &err);
	cib_end_progress();
	if (accepted)
		fprintf(stderr, cib_ngettext("Accepted %zu entry that the network's policy lets pass.\n", "Accepted %zu entries that the network's policy lets pass.\n", accepted), accepted);
	known = known && cib_network_epoch(ws->net) == epoch; /* else what was before is not in the history any more */
	cib_brought brought;
	cib_brought_load(&brought, ws, status == CIB_OK && known ? &main_before : NULL);
	if (json)
		print_json(&report, status, &brought.standings);
	cib_print_report(&report, &brought, status == CIB_OK ? _("Nothing new on either side.\n") : NULL);
	code = status != CIB_OK ? cib_fail(&err) : report.drafts || report.conflicts ? CIB_FINDINGS
	                                                                             : 0;
	cib_print_brought(ws, &brought);
	if (status == CIB_OK)
		cib_print_new_duplicates(ws);
	cib_brought_clear(&brought);
	cib_sync_report_clear(&report);
	cib_workspace_free(ws);
	return code;
}
