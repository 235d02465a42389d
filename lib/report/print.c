/* Which printer writes a report. */
#include "report/private.h"

#include <string.h>

bool cib_report_format_of(cib_report_format *out, const char *name)
{
	static const char *const names[] = {"text", "csv", "html", "json", "md"};
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0) {
			*out = (cib_report_format)i;
			return true;
		}
	return false;
}

void cib_report_print(cib_buf *out, const cib_report *report, cib_report_format format, const cib_report_style *style)
{
	switch (format) {
	case CIB_REPORT_CSV:
		cib_report_print_csv(out, report, style);
		break;
	case CIB_REPORT_HTML:
		cib_report_print_html(out, report);
		break;
	case CIB_REPORT_JSON:
		cib_report_print_json(out, report);
		break;
	case CIB_REPORT_MD:
		cib_report_print_md(out, report);
		break;
	default:
		cib_report_print_text(out, report, style);
	}
}
