/* Changes in words. */
#include "explain.h"

#include <stdlib.h>
#include <string.h>

/* A value on one line, cut where it gets long; harmless. The caller's. */
static char *brief(const cJSON *value)
{
	enum { LONGEST = 100 };
	cib_buf b = CIB_BUF_INIT, clean = CIB_BUF_INIT;
	cib_json_write(&b, value, &(cib_json_style){.compact = true, .keep_order = true});
	size_t n = b.len;
	if (n > LONGEST)
		for (n = LONGEST; n > 0 && (b.data[n] & 0xC0) == 0x80;)
			n--;
	cib_buf_add_clean(&clean, b.data, n);
	if (n < b.len)
		cib_buf_adds(&clean, "...");
	cib_buf_free(&b);
	return cib_buf_take(&clean);
}

static void print_line(FILE *stream, const char *label, const char *at, const char *pointer, const cJSON *before, const cJSON *after)
{
	fputs(label, stream);
	cib_print_clean(stream, at);
	cib_print_clean(stream, pointer);
	fputs(*at || *pointer ? ": " : "", stream);
	char *was = before ? brief(before) : NULL, *is = after ? brief(after) : NULL;
	if (!was)
		fprintf(stream, _("added %s\n"), is);
	else if (!is)
		fprintf(stream, _("removed, was %s\n"), was);
	else
		fprintf(stream, _("%s became %s\n"), was, is);
	free(was);
	free(is);
}

static bool same_kind_of_container(const cJSON *a, const cJSON *b)
{
	return (cJSON_IsObject(a) && cJSON_IsObject(b)) || (cJSON_IsArray(a) && cJSON_IsArray(b));
}

void cib_explain_changes(FILE *stream, const char *label, const char *at, const cJSON *base, const cJSON *side)
{
	if (!same_kind_of_container(base, side)) {
		if (base || side)
			print_line(stream, label, at, "", base, side);
		return;
	}
	cib_json_changes changes = {0};
	cib_json_diff(&changes, base, side, NULL);
	for (size_t i = 0; i < changes.count; i++)
		print_line(stream, label, at, changes.items[i].pointer, changes.items[i].before, changes.items[i].after);
	cib_json_changes_free(&changes);
}

void cib_explain_version(FILE *stream, const char *label, const cJSON *base, const cJSON *value)
{
	enum { LARGE = 200 };
	cib_buf text = CIB_BUF_INIT;
	bool container = cJSON_IsObject(value) || cJSON_IsArray(value);
	if (container)
		cib_json_write(&text, value, &(cib_json_style){.compact = true});
	fputs(label, stream);
	if (text.len <= LARGE) {
		cib_print_value(stream, value);
		fputc('\n', stream);
	} else if (same_kind_of_container(base, value)) {
		fputc('\n', stream);
		cib_explain_changes(stream, "    ", "", base, value);
	} else {
		char *words = brief(value);
		fprintf(stream, "%s\n", words);
		free(words);
	}
	cib_buf_free(&text);
}

static bool unchanged(const cJSON *base, const cJSON *side)
{
	return base == side || (base && side && cib_json_identical(base, side));
}

static const char *verdict(const cib_merge_note *note, cib_merge_keep keep)
{
	switch (note->verdict) {
	case CIB_MERGE_OURS:
		return _("ours stands: the other side left it alone");
	case CIB_MERGE_THEIRS:
		return _("theirs stands: our side left it alone");
	case CIB_MERGE_SAME:
		return _("both sides made the same change");
	case CIB_MERGE_INCLUDES:
		return _("one change of the text holds all of the other's: it stands");
	case CIB_MERGE_PROSE:
		return _("different sentences changed: both changes stand");
	case CIB_MERGE_LIST:
		return _("different items of the list changed: all changes stand");
	case CIB_MERGE_MOVED:
		return _("one side moved it here or renamed it: the other's change follows");
	default:
		break;
	}
	if (!note->ours || !note->theirs)
		return _("conflict: removed on one side, changed on the other; the change is kept");
	return keep == CIB_KEEP_OURS ? _("conflict: both changed it; ours is kept") : _("conflict: both changed it; theirs is kept");
}

void cib_explain_note(FILE *stream, const cib_merge_note *note, cib_merge_keep keep)
{
	cib_print_clean(stream, *note->path ? note->path : _("(the document)"));
	fprintf(stream, ": %s\n", verdict(note, keep));
	if (!unchanged(note->base, note->ours))
		cib_explain_changes(stream, _("  ours    "), "", note->base, note->ours);
	if (!unchanged(note->base, note->theirs))
		cib_explain_changes(stream, _("  theirs  "), "", note->base, note->theirs);
}
