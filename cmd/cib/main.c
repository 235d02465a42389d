/* The command: finds the verb and runs it. */
#include "cmd.h"

#include <errno.h>
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
	{"key", cib_cmd_key, NULL, "the SSH key that signs your commits, and the keys that the network knows"},
	{"schema", cib_cmd_schema, NULL, "what a change of the network's rules would break: cib schema diff"},
	{"new", cib_cmd_new, "Write", "make an entry"},
	{"edit", cib_cmd_edit, NULL, "change an entry in your editor"},
	{"set", cib_cmd_set, NULL, "change fields of an entry"},
	{"import", cib_cmd_import, NULL, "take entries in from IATI files and edited sheets"},
	{"export", cib_cmd_export, NULL, "give entries out: IATI, CSV, GeoJSON, JSON"},
	{"app", cib_cmd_app, "Look", "the network in the browser: write, sync, search, review, without a terminal"},
	{"list", cib_cmd_list, NULL, "list entries"},
	{"search", cib_cmd_search, NULL, "find entries by words, in any language"},
	{"show", cib_cmd_show, NULL, "show one entry"},
	{"members", cib_cmd_members, NULL, "the members: what each has, when it worked, how far it has synced"},
	{"codes", cib_cmd_codes, NULL, "find a code in the codelists: cib codes Sector water"},
	{"report", cib_cmd_report, NULL, "who works where, coverage, progress, gaps: as text, page or sheet"},
	{"diff", cib_cmd_diff, NULL, "what changed, field by field: here, or between two JSON files"},
	{"duplicates", cib_cmd_duplicates, NULL, "entries that may be about one thing, and saying so"},
	{"log", cib_cmd_log, NULL, "the history of an entry, as a story"},
	{"digest", cib_cmd_digest, NULL, "what happened since a day, as text or as a page to be mailed"},
	{"check", cib_cmd_check, NULL, "find what is wrong with entries, or with any JSON by any schema"},
	{"explain", cib_cmd_explain, NULL, "what a rule asks for, and what to do about it"},
	{"status", cib_cmd_status, NULL, "what is changed, waiting, returned or in conflict, and what to do next"},
	{"save", cib_cmd_save, "Share", "keep a version of what you changed"},
	{"sync", cib_cmd_sync, NULL, "save, bring in what is new, send what is yours"},
	{"bundle", cib_cmd_bundle, NULL, "sync by stick or e-mail: write and take in bundles"},
	{"resolve", cib_cmd_resolve, NULL, "settle conflicts"},
	{"agree", cib_cmd_agree, NULL, "agree to a version of an entry that you own together with another member"},
	{"comment", cib_cmd_comment, NULL, "say something about an entry or a field, and answer"},
	{"review", cib_cmd_review, NULL, "see, accept and return what members sent (secretariat)"},
	{"doctor", cib_cmd_doctor, NULL, "is this copy in order, and if not, what to do"},
	{"fmt", cib_cmd_fmt, "Plumbing", "print the canonical form of JSON files"},
	{"merge-file", cib_cmd_merge_file, NULL, "merge three versions of a JSON file"},
	{"purge", cib_cmd_purge, NULL, "take personal data out of the history of a central repository"},
	{"hook", cib_cmd_hook, NULL, "what the central repository's hook runs"},
	{"serve-ssh", cib_cmd_serve_ssh, NULL, "serve one user over ssh: the command of a key in authorized_keys"},
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
	signal(SIGPIPE, SIG_IGN);
	cib_json_setup();
	if (argc < 2)
		return print_help(stderr);
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0)
		return print_help(stdout);
	if (strcmp(argv[1], "--version") == 0)
		return printf("cib %s\n", CIB_VERSION) > 0 ? 0 : CIB_INTERNAL;
	for (size_t i = 0; i < VERB_COUNT; i++)
		if (strcmp(argv[1], verbs[i].name) == 0) {
			int code = verbs[i].run(argc - 1, argv + 1);
			if (fflush(stdout) != 0 && code == 0 && errno != EPIPE) { /* EPIPE: the reader has seen enough */
				fprintf(stderr, "cib: cannot write the output\n");
				return CIB_INTERNAL;
			}
			if (code == cib_status_exit_code(CIB_CANCELLED) && cib_stopped()) { /* who called sees that it was stopped, as of any program */
				signal(cib_stopped(), SIG_DFL);
				raise(cib_stopped());
			}
			return code;
		}
	return unknown_verb(argv[1]);
}
