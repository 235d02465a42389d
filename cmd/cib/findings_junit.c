/* JUnit XML, as Jenkins, GitLab, Gitea and most others read it: a suite with a case for each thing that was checked. It keeps
 * to what Ant's schema and Jenkins's have in common, so it is valid by both: a case has one failure at most (all its
 * errors together), warnings stand in the suite's output. */
#include "findings_private.h"

#include <stdlib.h>
#include <string.h>

/* "path:line:column: sentence" */
static void add_finding(cib_buf *out, const cib_printer *p, const cib_finding *f)
{
	cib_finding_place place = cib_finding_where(p, f);
	cib_buf text = CIB_BUF_INIT;
	if (!place.no_file)
		cib_buf_addf(&text, f->line ? "%s:%zu:%zu: " : "%s: ", place.path, f->line, f->column);
	cib_finding_sentence(&text, p, f);
	cib_buf_add_markup(out, cib_buf_str(&text));
	cib_buf_addc(out, '\n');
	cib_buf_free(&text);
}

static void add_junit(cib_printer *p, const char *name, const cib_finding *findings, size_t count)
{
	const cib_finding *first = NULL;
	cib_buf errors = CIB_BUF_INIT, text = CIB_BUF_INIT;
	for (size_t i = 0; i < count; i++) {
		const cib_finding *f = &findings[i];
		first = first || f->severity != CIB_ERROR ? first : f;
		add_finding(f->severity == CIB_ERROR ? &errors : &p->aside, p, f);
	}
	cib_buf_adds(&p->body, "<testcase classname=\"cib.check\" name=\"");
	cib_buf_add_markup(&p->body, name);
	cib_buf_adds(&p->body, "\" time=\"0\"");
	if (first) {
		cib_finding_sentence(&text, p, first);
		cib_buf_adds(&p->body, "><failure type=\"");
		cib_buf_add_markup(&p->body, first->code ? first->code : "cib");
		cib_buf_adds(&p->body, "\" message=\"");
		cib_buf_add_markup(&p->body, cib_buf_str(&text));
		cib_buf_addf(&p->body, "\">%s</failure></testcase>\n", cib_buf_str(&errors));
	} else {
		cib_buf_adds(&p->body, "/>\n");
	}
	cib_buf_free(&errors);
	cib_buf_free(&text);
}

static void end_junit(cib_printer *p, bool complete)
{
	struct timespec now;
	time_t clock = time(NULL);
	struct tm utc;
	char when[32];
	clock_gettime(CLOCK_MONOTONIC, &now);
	strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%S", gmtime_r(&clock, &utc));
	if (!complete) /* a report without a case, or with good ones alone, would pass */
		cib_buf_adds(&p->body, "<testcase classname=\"cib.check\" name=\"the whole run\" time=\"0\"><error type=\"cib.incomplete\" "
		                       "message=\"the check did not come to its end: see its output\"/></testcase>\n");
	double seconds = (double)(now.tv_sec - p->begin.tv_sec) + (double)(now.tv_nsec - p->begin.tv_nsec) / 1e9;
	fprintf(p->out,
	        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n"
	        "<testsuite id=\"0\" package=\"cib\" name=\"check\" timestamp=\"%s\" hostname=\"localhost\" tests=\"%zu\" failures=\"%zu\" errors=\"%d\" time=\"%.3f\">\n"
	        "<properties><property name=\"cib.version\" value=\"" CIB_VERSION "\"/></properties>\n",
	        when, p->things + !complete, p->failures, !complete, seconds);
	fwrite(cib_buf_str(&p->body), 1, p->body.len, p->out);
	fprintf(p->out, "<system-out>%s</system-out>\n<system-err/>\n</testsuite>\n</testsuites>\n", cib_buf_str(&p->aside));
}

const cib_printer_format cib_print_junit = {"junit", add_junit, end_junit};
