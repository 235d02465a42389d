/* Pages of HTML that need nothing else, to be mailed around: their head, with the style of all of them, and texts in them. */
#include "cmd.h"

static const char style[] =
	"</title>\n<style>\n"
	"body{font:16px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem;color:#1c1c1c;background:#fff}\n"
	"h1{font-size:1.5rem}h2{font-size:1.15rem;margin:2.5rem 0 .2rem}p{margin:.1rem 0}p.about{margin:0 0 .6rem;color:#555}nav ul{padding-inline-start:1.2rem}\n"
	"table{width:100%;border-collapse:collapse;table-layout:fixed}th,td{text-align:start;vertical-align:top;padding:.4rem .6rem;border-top:1px solid #ccc;"
	"overflow-wrap:anywhere}tr:not(.notes) td{white-space:pre-wrap}th{font-weight:600;width:24%;padding-inline-start:0}thead th{border:0;color:#555;font-weight:400;width:auto}"
	"thead th:first-child{width:24%}thead th:not(:first-child){padding-inline-start:.6rem}\n"
	".notes td{border:0;padding-top:0}ins{background:#d8f0d8;text-decoration:none}del{background:#f7dcdc}.found{color:#8a4b00}.said{color:#1d4f73}.answer{padding-inline-start:1.5rem}\n"
	"@media (max-width:40rem){table,tbody,tr,td,th{display:block;width:auto}thead{display:none}td,th{border:0;padding:.1rem 0}tr:not(.notes){border-top:1px solid #ccc;"
	"padding-top:.4rem}tr{padding-bottom:.3rem}td:empty{display:none}td[data-side]:not([data-side=\"\"])::before{content:attr(data-side);display:block;color:#666;font-size:.8rem}}\n"
	"@media (prefers-color-scheme:dark){body{background:#161616;color:#eee}p.about,thead th{color:#aaa}ins{background:#1f4a1f;color:#eee}del{background:#5a2222;color:#eee}"
	".found{color:#ffb454}.said{color:#8cc4ea}a{color:#9cf}th,td,tr{border-color:#444 !important}td::before{color:#aaa !important}}\n"
	"@media print{section{break-inside:avoid}}\n</style>\n</head>\n<body>\n";

void cib_html_text(FILE *stream, const char *text)
{
	cib_buf markup = CIB_BUF_INIT;
	cib_buf_add_markup(&markup, text);
	fwrite(cib_buf_str(&markup), 1, markup.len, stream);
	cib_buf_free(&markup);
}

void cib_html_begin(FILE *stream, const char *title)
{
	fputs("<!doctype html>\n", stream);
	fprintf(stream, "<html lang=\"%s\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>", cib_term_lang());
	cib_html_text(stream, title);
	fputs(style, stream);
}

void cib_html_end(FILE *stream)
{
	fputs("</body>\n</html>\n", stream);
}
