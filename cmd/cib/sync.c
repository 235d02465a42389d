/* cib save and cib sync: keep a version; share it. */
#include "cmd.h"
#include "review/review.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char save_usage[] = "save [-m MESSAGE]";
static const char sync_usage[] = "sync [--json]";

static void end_progress(void)
{
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

static const char *plural(size_t n)
{
	return n == 1 ? "entry" : "entries";
}

static void print_drafts(const cib_sync_report *report)
{
	for (size_t i = 0; i < report->left.count; i++) {
		const cib_work_change *c = &report->left.items[i];
		fprintf(stderr, "Stays here as a draft: ");
		cib_print_clean(stderr, c->path);
		fputc('\n', stderr);
		for (size_t k = 0; k < c->findings.count; k++)
			if (c->findings.items[k].severity == CIB_ERROR)
				cib_print_finding(stderr, &c->findings.items[k]);
	}
}

int cib_cmd_save(int argc, char **argv)
{
	const char *message = NULL;
	const cib_opt opts[] = {{"message", 'm', CIB_OPT_TEXT, &message, "TEXT", "what this version is about"}, {0}};
	int code = cib_opt_parse(argc, argv, save_usage, opts, NULL);
	if (code)
		return code - 1;
	cib_workspace *ws = NULL;
	if ((code = cib_open(&ws)))
		return code - 1;
	cib_sync_options options;
	cib_sync_defaults(&options);
	cib_sync_report report = {0};
	cib_error err = CIB_ERROR_INIT;
	if (cib_save(ws, message, &options, &report, &err) != CIB_OK) {
		code = cib_fail(&err);
	} else {
		if (report.saved)
			fprintf(stderr, "Saved %zu %s. Next: cib sync\n", report.saved, plural(report.saved));
		else
			fprintf(stderr, "Nothing new to save.\n");
		print_drafts(&report);
		code = report.drafts ? CIB_FINDINGS : 0;
	}
	cib_sync_report_clear(&report);
	cib_workspace_free(ws);
	return code;
}

static void print_json(const cib_sync_report *r, int status)
{
	printf("{\"v\":1,\"status\":%d,\"saved\":%zu,\"sent\":%zu,\"received\":%zu,\"merged\":%zu,\"conflicts\":%zu,\"drafts\":%zu,"
	       "\"retries\":%zu,\"bytesIn\":%llu,\"bytesOut\":%llu}\n",
	       cib_status_exit_code(status), r->saved, r->sent, r->received, r->merged, r->conflicts, r->drafts, r->retries,
	       (unsigned long long)r->bytes_in, (unsigned long long)r->bytes_out);
}

static void print_report(const cib_sync_report *r, size_t returned)
{
	cib_print_clean(stderr, cib_buf_str(&r->notes));
	if (r->saved + r->sent + r->received + r->merged + r->conflicts + returned == 0)
		fprintf(stderr, "Nothing new on either side.\n");
	if (r->sent)
		fprintf(stderr, "Sent %zu %s.\n", r->sent, plural(r->sent));
	if (r->received)
		fprintf(stderr, "Received %zu %s.\n", r->received, plural(r->received));
	if (r->merged)
		fprintf(stderr, "Joined both sides' edits in %zu %s.\n", r->merged, plural(r->merged));
	if (r->conflicts)
		fprintf(stderr, "%zu new conflict%s: nothing is lost, both values are kept. Next: cib resolve\n", r->conflicts,
		        r->conflicts == 1 ? "" : "s");
	if (returned)
		fprintf(stderr, "%zu came back with comments. Next: cib status\n", returned);
	print_drafts(r);
}

/* What the sync brought for this person to decide: comments for a member, a queue for the secretariat. */
static void print_review(cib_workspace *ws)
{
	cib_review_queue queue = CIB_REVIEW_QUEUE_INIT;
	cib_oid main_tip;
	size_t pending = 0;
	int status = cib_store_ref_get(&main_tip, ws->store, "refs/cib/central/main", NULL);
	if (status == CIB_OK)
		status = ws->member ? cib_review_compare(&queue, ws, ws->member, &main_tip, &ws->tip, NULL) : cib_review_list(&queue, ws, NULL, NULL);
	for (size_t i = 0; i < queue.count; i++)
		pending += queue.items[i].state == CIB_REVIEW_PENDING;
	if (status == CIB_OK && ws->member && queue.count > pending)
		fprintf(stderr, "%zu %s came back with comments. Next: cib status\n", queue.count - pending, plural(queue.count - pending));
	if (status == CIB_OK && !ws->member && pending)
		fprintf(stderr, "%zu %s for review. Next: cib review\n", pending, pending == 1 ? "entry waits" : "entries wait");
	cib_review_queue_free(&queue);
}

/* What the secretariat gave back is the news that a member must not miss. */
static size_t count_returned(cib_workspace *ws)
{
	cib_review_queue q = CIB_REVIEW_QUEUE_INIT;
	cib_oid main_tip;
	size_t n = 0;
	if (ws->member && cib_store_ref_get(&main_tip, ws->store, "refs/cib/central/main", NULL) == CIB_OK &&
	    cib_review_compare(&q, ws, ws->member, &main_tip, &ws->tip, NULL) == CIB_OK)
		for (size_t i = 0; i < q.count; i++)
			n += q.items[i].state != CIB_REVIEW_PENDING;
	cib_review_queue_free(&q);
	return n;
}

int cib_cmd_sync(int argc, char **argv)
{
	bool json = false;
	const cib_opt opts[] = {{"json", 0, CIB_OPT_FLAG, &json, NULL, "print the counts as JSON"}, {0}};
	int code = cib_opt_parse(argc, argv, sync_usage, opts, NULL);
	if (code)
		return code - 1;
	cib_workspace *ws = NULL;
	if ((code = cib_open(&ws)))
		return code - 1;
	cib_sync_options options;
	cib_sync_defaults(&options);
	cib_sync_report report = {0};
	cib_error err = CIB_ERROR_INIT;
	int status = cib_sync(ws, &options, &report, &err);
	if (status == CIB_OK && !ws->member)
		status = cib_review_fetch(ws, &options, &err);
	end_progress();
	if (json)
		print_json(&report, status);
	print_report(&report, status == CIB_OK ? count_returned(ws) : 0);
	if (status != CIB_OK) {
		code = cib_fail(&err);
	} else {
		print_review(ws);
		code = report.drafts || report.conflicts ? CIB_FINDINGS : 0;
	}
	cib_sync_report_clear(&report);
	cib_workspace_free(ws);
	return code;
}
