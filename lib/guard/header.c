/* The header of a commit, byte by byte (gitformat-commit): git's own readers, and libgit2's, pass over what they do not expect, so that a
 * second author, a date of letters or a header that nobody knows can hide there.
 *
 *     tree <id>             once
 *     parent <id>           any number
 *     author <who> <when>   once, then the committer alike
 *     gpgsig <text>         perhaps: a signature, its lines after the first behind a blank
 *     <empty line> */
#include "guard/private.h"

#include <string.h>

typedef struct {
	const char *at, *end;
} reader;

/* The next line without its end; NULL when there is none. */
static const char *next_line(reader *r, size_t *len)
{
	const char *line = r->at, *end = memchr(line, '\n', (size_t)(r->end - line));
	if (!end)
		return NULL;
	*len = (size_t)(end - line);
	r->at = end + 1;
	return line;
}

static bool begins(const reader *r, const char *word)
{
	size_t n = strlen(word);
	return (size_t)(r->end - r->at) >= n && memcmp(r->at, word, n) == 0;
}

static bool is_id(const char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (!((text[i] >= '0' && text[i] <= '9') || (text[i] >= 'a' && text[i] <= 'f')))
			return false;
	return len == 40;
}

static bool take_id(reader *r, const char *word)
{
	size_t len, n = strlen(word);
	if (!begins(r, word))
		return false;
	const char *line = next_line(r, &len);
	return line && is_id(line + n, len - n);
}

static size_t digits(const char *text, const char *end)
{
	size_t n = 0;
	while (text + n < end && text[n] >= '0' && text[n] <= '9')
		n++;
	return n;
}

/* Readers of commits leave away what Git leaves away in writing: an address with that at an end is another one than what is judged. */
static bool is_left_away(char c)
{
	return (unsigned char)c <= ' ' || strchr(".,:;<>\"\\'", c);
}

/* "NAME <ADDRESS> SECONDS ZONE"; what name and address hold is judged elsewhere. */
static bool take_person(reader *r, const char *word)
{
	size_t len, n;
	if (!begins(r, word))
		return false;
	const char *line = next_line(r, &len), *end = line ? line + len : NULL;
	const char *open = line ? memchr(line, '<', len) : NULL, *close = open ? memchr(open, '>', (size_t)(end - open)) : NULL;
	if (!close || open < line + strlen(word) + 1 || open[-1] != ' ' || memchr(line, '>', (size_t)(close - line)) || memchr(open + 1, '<', (size_t)(end - open) - 1))
		return false;
	if (close == open + 1 || is_left_away(open[1]) || is_left_away(close[-1]))
		return false;
	for (const char *p = line; p < end; p++)
		if ((unsigned char)*p < ' ' || *p == 127)
			return false;
	const char *when = close + 1;
	if (when == end || *when++ != ' ')
		return false;
	n = digits(when, end);
	if (n == 0 || n > 12 || (n > 1 && *when == '0'))
		return false;
	when += n;
	return end - when == 6 && when[0] == ' ' && (when[1] == '+' || when[1] == '-') && digits(when + 2, end) == 4;
}

static bool take_signature(reader *r)
{
	size_t len;
	const char *line = next_line(r, &len);
	for (bool more = true; line && more; more = begins(r, " ") && (line = next_line(r, &len)))
		for (size_t i = 0; i < len; i++)
			if (line[i] < ' ' || line[i] == 127)
				return false;
	return line;
}

const char *header_fault(const char *commit, size_t len)
{
	reader r = {commit, commit + len};
	if (!take_id(&r, "tree "))
		return _("its first line names no tree");
	while (begins(&r, "parent "))
		if (!take_id(&r, "parent "))
			return _("it names a parent that is none");
	if (!take_person(&r, "author "))
		return _("its author's line is not as git writes it");
	if (!take_person(&r, "committer "))
		return _("its committer's line is not as git writes it");
	if (begins(&r, "gpgsig ") && !take_signature(&r))
		return _("its signature is not as git writes it");
	return begins(&r, "\n") ? NULL : _("its header holds a line that is none of git's tree, parent, author, committer and signature");
}
