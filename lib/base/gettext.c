/* Looking up texts in catalogues of GNU gettext's binary form (MO), which cmake/po.cmake puts into the program. Both are
 * sorted by the original text, so that a look-up is a binary search; msgfmt made them in this build, so they are trusted. */
#include "base/gettext.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include "base/catalogues.h" /* made by cmake/po.cmake */

typedef struct {
	uint32_t magic, revision, count, originals, translations; /* offsets in bytes */
} mo_header;
typedef struct {
	uint32_t length, at;
} mo_string;

static const char *process_language = "en";
static _Thread_local const char *thread_language;

static const char *known(const char *language)
{
	for (size_t i = 0; language && i < sizeof cib_catalogues / sizeof *cib_catalogues; i++)
		if (strncmp(language, cib_catalogues[i].language, 2) == 0)
			return cib_catalogues[i].language;
	return "en";
}

void cib_speak(const char *language)
{
	process_language = known(language);
}

void cib_speak_here(const char *language)
{
	thread_language = language ? known(language) : NULL;
}

const char *cib_spoken(void)
{
	return thread_language ? thread_language : process_language;
}

/* What stands for `text` (of a plural, its first form), all its forms one after the other; NULL when nothing does. */
static const char *find(const char *text)
{
	const char *language = cib_spoken(), *mo = NULL;
	for (size_t i = 0; i < sizeof cib_catalogues / sizeof *cib_catalogues; i++)
		if (strcmp(language, cib_catalogues[i].language) == 0)
			mo = cib_catalogues[i].mo;
	if (!mo || !*text) /* the empty text stands for the catalogue's head */
		return NULL;
	mo_header head;
	memcpy(&head, mo, sizeof head);
	for (uint32_t low = 0, high = head.count; low < high;) {
		uint32_t middle = low + (high - low) / 2;
		mo_string s;
		memcpy(&s, mo + head.originals + middle * sizeof s, sizeof s);
		int order = strcmp(text, mo + s.at);
		if (order == 0) {
			memcpy(&s, mo + head.translations + middle * sizeof s, sizeof s);
			return mo + s.at;
		}
		if (order < 0)
			high = middle;
		else
			low = middle + 1;
	}
	return NULL;
}

const char *cib_gettext(const char *text)
{
	const char *found = find(text);
	return found ? found : text;
}

const char *cib_ngettext(const char *one, const char *many, size_t n)
{
	const char *found = find(one);
	bool plural = strcmp(cib_spoken(), "fr") == 0 ? n > 1 : n != 1;
	if (!found)
		return plural ? many : one;
	return plural ? found + strlen(found) + 1 : found;
}

/* As glibc words them. */
static const char *const reasons[] = {
	N_("No such file or directory"),
	N_("Permission denied"),
	N_("No space left on device"),
	N_("Disk quota exceeded"),
	N_("Is a directory"),
	N_("Not a directory"),
	N_("Read-only file system"),
	N_("File exists"),
	N_("Input/output error"),
	N_("File name too long"),
	N_("Too many open files"),
	N_("Operation not permitted"),
	N_("Directory not empty"),
	N_("Too many levels of symbolic links"),
};

const char *cib_strerror(int number)
{
	const char *text = strerror(number);
	for (size_t i = 0; i < sizeof reasons / sizeof *reasons; i++)
		if (strcmp(text, reasons[i]) == 0)
			return _(reasons[i]);
	return text;
}
