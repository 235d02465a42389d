/* Options declared as data: parsing and help. */
#include "cmd.h"

#include <stdlib.h>
#include <string.h>

void cib_words_add(cib_words *words, const char *word)
{
	words->items = cib_grow((void *)(uintptr_t)words->items, &words->cap, words->count + 1, sizeof *words->items);
	words->items[words->count++] = word;
}

static int print_help(const char *usage, const cib_opt *opts)
{
	printf("%s cib %s\n", _("usage:"), usage);
	for (const cib_opt *o = opts; o && o->name; o++) {
		char left[64];
		snprintf(left, sizeof left, "%c%c%s--%s%s%s", o->letter ? '-' : ' ', o->letter ? o->letter : ' ', o->letter ? ", " : "  ", o->name,
		         o->value ? " " : "", o->value ? o->value : "");
		printf("  %-30s %s\n", left, _(o->help));
	}
	return 1; /* exit code 0 */
}

static int mistake(const char *usage, const char *what, const char *word)
{
	fprintf(stderr, "cib: %s%s%s\n%s cib %s\n", _(what), word ? " " : "", word ? word : "", _("usage:"), usage);
	return CIB_USAGE + 1;
}

static const cib_opt *find(const cib_opt *opts, const char *name, size_t len)
{
	for (const cib_opt *o = opts; o && o->name; o++)
		if ((len == 1 && o->letter == *name) || (strlen(o->name) == len && strncmp(o->name, name, len) == 0))
			return o;
	return NULL;
}

static int unknown(const char *usage, const cib_opt *opts, const char *word)
{
	const char *names[32];
	size_t n = 0;
	for (const cib_opt *o = opts; o && o->name && n < 32; o++)
		names[n++] = o->name;
	const char *near = cib_nearest(word + strspn(word, "-"), names, n);
	if (near)
		fprintf(stderr, _("cib: there is no option %s. Did you mean --%s?\n"), word, near);
	else
		fprintf(stderr, _("cib: there is no option %s\n"), word);
	fprintf(stderr, "%s cib %s\n", _("usage:"), usage);
	return CIB_USAGE + 1;
}

static void take(const cib_opt *o, const char *value)
{
	if (o->type == CIB_OPT_FLAG)
		*(bool *)o->out = true;
	else if (o->type == CIB_OPT_TEXT)
		*(const char **)o->out = value;
	else
		cib_words_add(o->out, value);
}

int cib_opt_parse(int argc, char **argv, const char *usage, const cib_opt *opts, cib_words *rest)
{
	bool only_words = false;
	for (int i = 1; i < argc; i++) {
		const char *arg = argv[i];
		if (only_words || arg[0] != '-' || !arg[1]) {
			if (!rest)
				return mistake(usage, N_("nothing is expected here:"), arg);
			cib_words_add(rest, arg);
			continue;
		}
		if (strcmp(arg, "--") == 0) {
			only_words = true;
			continue;
		}
		if (strcmp(arg, "--help") == 0 || strcmp(arg, "-h") == 0)
			return print_help(usage, opts);
		const char *name = arg[1] == '-' ? arg + 2 : arg + 1, *equals = arg[1] == '-' ? strchr(name, '=') : NULL;
		size_t len = equals ? (size_t)(equals - name) : strlen(name);
		const cib_opt *o = arg[1] != '-' && len != 1 ? NULL : find(opts, name, len);
		if (!o)
			return unknown(usage, opts, arg);
		if (o->type == CIB_OPT_FLAG && equals)
			return mistake(usage, N_("no value is expected for"), arg);
		if (o->type != CIB_OPT_FLAG && !equals && i + 1 >= argc)
			return mistake(usage, N_("a value is missing after"), arg);
		take(o, o->type == CIB_OPT_FLAG ? NULL : equals ? equals + 1
		                                                : argv[++i]);
	}
	return 0;
}
