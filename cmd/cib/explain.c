/* Changes in words. */
#include "explain.h"

#include <string.h>

/* A value on one line, cut where it gets long. */
static void print_brief(FILE *stream, const cJSON *value)
{
	enum { LONGEST = 100 };
	cib_buf b = CIB_BUF_INIT;
	cib_json_write(&b, value, &(cib_json_style){.compact = true, .keep_order = true});
	size_t n = b.len;
	if (n > LONGEST)
		for (n = LONGEST; n > 0 && (b.data[n] & 0xC0) == 0x80;)
			n--;
	bool cut = n < b.len;
	b.data[n] = '\0';
	cib_print_clean(stream, b.data);
	if (cut)
		fputs("...", stream);
	cib_buf_free(&b);
}

static void print_line(FILE *stream, const char *label, const char *at, const char *pointer, const cJSON *before, const cJSON *after)
{
	fputs(label, stream);
	cib_print_clean(stream, at);
	cib_print_clean(stream, pointer);
	fputs(*at || *pointer ? ": " : "", stream);
	if (!before) {
		fputs("added ", stream);
		print_brief(stream, after);
	} else if (!after) {
		fputs("removed, was ", stream);
		print_brief(stream, before);
	} else {
		print_brief(stream, before);
		fputs(" became ", stream);
		print_brief(stream, after);
	}
	fputc('\n', stream);
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
		print_brief(stream, value);
		fputc('\n', stream);
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
		return "ours stands: the other side left it alone";
	case CIB_MERGE_THEIRS:
		return "theirs stands: our side left it alone";
	case CIB_MERGE_SAME:
		return "both sides made the same change";
	case CIB_MERGE_INCLUDES:
		return "one change of the text holds all of the other's: it stands";
	case CIB_MERGE_PROSE:
		return "different sentences changed: both changes stand";
	case CIB_MERGE_LIST:
		return "different items of the list changed: all changes stand";
	case CIB_MERGE_MOVED:
		return "one side moved it here or renamed it: the other's change follows";
	default:
		break;
	}
	if (!note->ours || !note->theirs)
		return "conflict: removed on one side, changed on the other; the change is kept";
	return keep == CIB_KEEP_OURS ? "conflict: both changed it; ours is kept" : "conflict: both changed it; theirs is kept";
}

void cib_explain_note(FILE *stream, const cib_merge_note *note, cib_merge_keep keep)
{
	cib_print_clean(stream, *note->path ? note->path : "(the document)");
	fprintf(stream, ": %s\n", verdict(note, keep));
	if (!unchanged(note->base, note->ours))
		cib_explain_changes(stream, "  ours    ", "", note->base, note->ours);
	if (!unchanged(note->base, note->theirs))
		cib_explain_changes(stream, "  theirs  ", "", note->base, note->theirs);
}
