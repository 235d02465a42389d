/* What Git writes to a pre-receive hook. */
#include "guard/guard.h"

#include <stdlib.h>
#include <string.h>

void cib_ref_updates_free(cib_ref_updates *updates)
{
	free(updates->items);
	free(updates->text);
	*updates = (cib_ref_updates){0};
}

static bool read_line(cib_ref_update *out, char *line, size_t len)
{
	if (len < 83 || memchr(line, '\0', len) || line[40] != ' ' || line[81] != ' ')
		return false;
	line[40] = line[81] = line[len] = '\0';
	out->ref = line + 82;
	return cib_oid_parse(&out->before, line) && cib_oid_parse(&out->after, line + 41);
}

bool cib_guard_read_updates(cib_ref_updates *out, const char *text, size_t len)
{
	*out = (cib_ref_updates){.text = cib_alloc(len + 1)};
	memcpy(out->text, text ? text : "", len);
	for (char *p = out->text, *end = p + len, *eol; p < end; p = eol + 1) {
		cib_ref_update update;
		eol = memchr(p, '\n', (size_t)(end - p));
		if (!eol || !read_line(&update, p, (size_t)(eol - p))) {
			cib_ref_updates_free(out);
			return false;
		}
		out->items = cib_grow(out->items, &out->cap, out->count + 1, sizeof *out->items);
		out->items[out->count++] = update;
	}
	if (out->count == 0)
		cib_ref_updates_free(out);
	return out->count > 0;
}
