/* The command: finds the verb and runs it. */
#include "cmd.h"

#include <locale.h>
#include <signal.h>
#include <string.h>

typedef struct {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *group; /* NULL: the same as the row above */
	const char *summary;
} verb;

static const verb verbs[] = {
	{"init", cib_cmd_init, "Start", "make a network: a central repository with its guard"},
	{"join", cib_cmd_join, NULL, "get your copy of a network"},
	{"access", cib_cmd_access, NULL, "see and change who may do what (secretariat)"},
	{"new", cib_cmd_new, "Write", "make an entry"},
	{"edit", cib_cmd_edit, NULL, "change an entry in your editor"},
	{"set", cib_cmd_set, NULL, "change fields of an entry"},
	{"import", cib_cmd_import, NULL, "take entries in from IATI files"},
	{"list", cib_cmd_list, "Look", "list entries"},
	{"show", cib_cmd_show, NULL, "show one entry"},
	{"check", cib_cmd_check, NULL, "find what is wrong with entries, or with any JSON by any schema"},
	{"status", cib_cmd_status, NULL, "what is changed, waiting, returned or in conflict, and what to do next"},
	{"save", cib_cmd_save, "Share", "keep a version of what you changed"},
	{"sync", cib_cmd_sync, NULL, "save, bring in what is new, send what is yours"},
	{"resolve", cib_cmd_resolve, NULL, "settle conflicts"},
	{"review", cib_cmd_review, NULL, "see, accept and return what members sent (secretariat)"},
	{"fmt", cib_cmd_fmt, "Plumbing", "print the canonical form of JSON files"},
	{"merge-file", cib_cmd_merge_file, NULL, "merge three versions of a JSON file"},
	{"hook", cib_cmd_hook, NULL, "what the central repository's hook runs"},
};
enum { VERB_COUNT = sizeof verbs / sizeof *verbs };

static int print_help(FILE *out)
{
	fputs("usage: cib VERB ...\n\nShared knowledge of a network, kept offline and synced through Git.\n", out);
	for (size_t i = 0; i < VERB_COUNT; i++) {
		if (verbs[i].group)
			fprintf(out, "\n%s\n", verbs[i].group);
		fprintf(out, "  %-11s %s\n", verbs[i].name, verbs[i].summary);
	}
	fputs("\ncib VERB --help says more of each.\n", out);
	return out == stdout ? 0 : CIB_USAGE;
}

static int unknown_verb(const char *name)
{
	const char *names[VERB_COUNT];
	for (size_t i = 0; i < VERB_COUNT; i++)
		names[i] = verbs[i].name;
	const char *near = cib_nearest(name, names, VERB_COUNT);
	if (near)
		return cib_usage("there is no verb '%s'. Did you mean: cib %s", name, near);
	return cib_usage("there is no verb '%s'. All verbs: cib --help", name);
}

int main(int argc, char **argv)
{
	setlocale(LC_CTYPE, "C.UTF-8"); /* numbers stay with points in every locale */
	signal(SIGPIPE, SIG_IGN);
	if (argc < 2)
		return print_help(stderr);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
		return print_help(stdout);
	if (strcmp(argv[1], "--version") == 0)
		return printf("cib %s\n", CIB_VERSION) > 0 ? 0 : CIB_INTERNAL;
	for (size_t i = 0; i < VERB_COUNT; i++)
		if (strcmp(argv[1], verbs[i].name) == 0) {
			int code = verbs[i].run(argc - 1, argv + 1);
			if (fflush(stdout) != 0 && code == 0) {
				fprintf(stderr, "cib: cannot write the output\n");
				return CIB_INTERNAL;
			}
			return code;
		}
	return unknown_verb(argv[1]);
}
