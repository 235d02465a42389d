/* Findings: the list of faults that checks hand upward. */
#include "base/base.h"

#include <stdlib.h>

void cib_findings_add(cib_findings *list, const cib_finding *f)
{
	list->items = cib_grow(list->items, &list->cap, list->count + 1, sizeof *list->items);
	list->items[list->count++] = (cib_finding){
		.severity = f->severity,
		.file = cib_strdup(f->file),
		.line = f->line,
		.column = f->column,
		.pointer = cib_strdup(f->pointer),
		.keyword = cib_strdup(f->keyword),
		.schema_pointer = cib_strdup(f->schema_pointer),
		.code = cib_strdup(f->code),
		.title = cib_strdup(f->title),
		.message = cib_strdup(f->message),
		.hint = cib_strdup(f->hint),
	};
	list->errors += f->severity == CIB_ERROR;
}

void cib_findings_add_error(cib_findings *list, const char *keyword, const cib_error *err)
{
	cib_error e = *err;
	cib_findings_add(list, &(cib_finding){
				       .severity = CIB_ERROR,
				       .file = e.file[0] ? e.file : NULL,
				       .line = e.line,
				       .column = e.column,
				       .pointer = e.pointer,
				       .keyword = (char *)(uintptr_t)keyword,
				       .code = e.code,
				       .message = e.message,
				       .hint = e.hint[0] ? e.hint : NULL,
			       });
}

static void finding_clear(cib_finding *f)
{
	free(f->file);
	free(f->pointer);
	free(f->keyword);
	free(f->schema_pointer);
	free(f->code);
	free(f->title);
	free(f->message);
	free(f->hint);
}

void cib_findings_truncate(cib_findings *list, size_t count)
{
	while (list->count > count) {
		cib_finding *f = &list->items[--list->count];
		list->errors -= f->severity == CIB_ERROR;
		finding_clear(f);
	}
}

void cib_findings_keep_errors(cib_findings *list, size_t first)
{
	size_t kept = first;
	for (size_t i = first; i < list->count; i++)
		if (list->items[i].severity == CIB_ERROR)
			list->items[kept++] = list->items[i];
		else
			finding_clear(&list->items[i]);
	list->count = kept;
}

void cib_findings_free(cib_findings *list)
{
	cib_findings_truncate(list, 0);
	free(list->items);
	*list = (cib_findings)CIB_FINDINGS_INIT;
}
