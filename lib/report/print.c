/* Which printer writes a report, and what its file is called. */
#include "report/private.h"

#include <string.h>

static const char *const names[] = {"text", "csv", "html", "json", "md", "svg", "fragment"};

bool cib_report_format_of(cib_report_format *out, const char *name)
{
	for (size_t i = 0; i < sizeof names / sizeof *names; i++)
		if (strcmp(name, names[i]) == 0) {
			*out = (cib_report_format)i;
			return true;
		}
	return false;
}

char *cib_report_file_name(const cib_report *report, const cib_report_table *table, cib_report_format format)
{
	const char *tail = format == CIB_REPORT_TEXT ? "txt" : format == CIB_REPORT_FRAGMENT ? "html"
	                                                                                     : names[format];
	return cib_format("%s%s%s.%s", report->name, table ? "-" : "", table ? table->id : "", tail);
}

bool cib_is_number(cib_report_type type)
{
	return type == CIB_REPORT_COUNT || type == CIB_REPORT_DECIMAL || type == CIB_REPORT_PERCENT;
}

bool cib_block_wanted(const cib_report_block *block, const cib_report_style *style)
{
	return !style || !style->table || (block->table && strcmp(block->table->id, style->table) == 0);
}

void cib_report_print(cib_buf *out, const cib_report *report, cib_report_format format, const cib_report_style *style)
{
	switch (format) {
	case CIB_REPORT_CSV:
		cib_report_print_csv(out, report, style);
		break;
	case CIB_REPORT_HTML:
	case CIB_REPORT_FRAGMENT:
		cib_report_print_html(out, report, style, format == CIB_REPORT_HTML);
		break;
	case CIB_REPORT_JSON:
		cib_report_print_json(out, report, style);
		break;
	case CIB_REPORT_MD:
		cib_report_print_md(out, report, style);
		break;
	case CIB_REPORT_SVG:
		cib_report_print_svg(out, report, style);
		break;
	default:
		cib_report_print_text(out, report, style);
	}
}
