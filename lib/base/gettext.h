/* gettext - what cib says, in the reader's language: English in the code, French and Spanish in po/<language>.po.
 *
 * The catalogues are compiled by msgfmt and are part of the program, so that a language needs no locale of the system and
 * no file beside the program. Marks for xgettext: _() around a text that is printed, N_() around one in a table.
 * cib_error_set, cib_error_hint and cib_usage translate their format themselves. `./dev po` brings the catalogues up to
 * date. Texts of findings, fields and reports have their own tables, by code. */
#ifndef CIB_GETTEXT_H
#define CIB_GETTEXT_H

#include <stddef.h>

/* The language of this process from now on: "en", "fr" or "es" (also "fr_CA.UTF-8"); another one means English. */
void cib_speak(const char *language);
/* The language of this thread alone; NULL: that of the process again. */
void cib_speak_here(const char *language);
const char *cib_spoken(void); /* "en", "fr" or "es" */

/* The text in the language that is spoken, or itself; never freed. */
const char *cib_gettext(const char *text) __attribute__((format_arg(1)));
/* For a number: `one` and `many` are the English forms; French says "one" also of 0. */
const char *cib_ngettext(const char *one, const char *many, size_t n) __attribute__((format_arg(1), format_arg(2)));

/* strerror in the language that is spoken, where it is a reason that people meet. */
const char *cib_strerror(int number);

#define _(text)  cib_gettext(text)
#define N_(text) text

#endif
