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
	{"init", cib_cmd_init, N_("Start"), N_("make a network: a central repository with its guard")},
	{"join", cib_cmd_join, NULL, N_("get your copy of a network")},
	{"access", cib_cmd_access, NULL, N_("see and change who may do what (secretariat)")},
	{"key", cib_cmd_key, NULL, N_("the SSH key that signs your commits, and the keys that the network knows")},
	{"schema", cib_cmd_schema, NULL, N_("what a change of the network's rules would break: cib schema diff")},
	{"new", cib_cmd_new, N_("Write"), N_("make an entry")},
	{"edit", cib_cmd_edit, NULL, N_("change an entry in your editor")},
	{"set", cib_cmd_set, NULL, N_("change fields of an entry")},
	{"import", cib_cmd_import, NULL, N_("take entries in from IATI files and edited sheets")},
	{"export", cib_cmd_export, NULL, N_("give entries out: IATI, CSV, GeoJSON, JSON")},
	{"app", cib_cmd_app, N_("Look"), N_("the network in the browser: write, sync, search, review, without a terminal")},
	{"list", cib_cmd_list, NULL, N_("list entries")},
	{"search", cib_cmd_search, NULL, N_("find entries by words, in any language")},
	{"show", cib_cmd_show, NULL, N_("show one entry")},
	{"members", cib_cmd_members, NULL, N_("the members: what each has, when it worked, how far it has synced")},
	{"codes", cib_cmd_codes, NULL, N_("find a code in the codelists: cib codes Sector water")},
	{"report", cib_cmd_report, NULL, N_("who works where, coverage, progress, gaps: as text, page or sheet")},
	{"diff", cib_cmd_diff, NULL, N_("what changed, field by field: here, or between two JSON files")},
	{"duplicates", cib_cmd_duplicates, NULL, N_("entries that may be about one thing, and saying so")},
	{"log", cib_cmd_log, NULL, N_("the history of an entry, as a story")},
	{"digest", cib_cmd_digest, NULL, N_("what happened since a day, as text or as a page to be mailed")},
	{"check", cib_cmd_check, NULL, N_("find what is wrong with entries, or with any JSON by any schema")},
	{"explain", cib_cmd_explain, NULL, N_("what a rule asks for, and what to do about it")},
	{"status", cib_cmd_status, NULL, N_("what is changed, waiting, returned or in conflict, and what to do next")},
	{"save", cib_cmd_save, N_("Share"), N_("keep a version of what you changed")},
	{"sync", cib_cmd_sync, NULL, N_("save, bring in what is new, send what is yours")},
	{"bundle", cib_cmd_bundle, NULL, N_("sync by stick or e-mail: write and take in bundles")},
	{"resolve", cib_cmd_resolve, NULL, N_("settle conflicts")},
	{"agree", cib_cmd_agree, NULL, N_("agree to a version of an entry that you own together with another member")},
	{"comment", cib_cmd_comment, NULL, N_("say something about an entry or a field, and answer")},
	{"review", cib_cmd_review, NULL, N_("see, accept and return what members sent (secretariat)")},
	{"doctor", cib_cmd_doctor, NULL, N_("is this copy in order, and if not, what to do")},
	{"fmt", cib_cmd_fmt, N_("Plumbing"), N_("print the canonical form of JSON files")},
	{"merge-file", cib_cmd_merge_file, NULL, N_("merge three versions of a JSON file")},
	{"purge", cib_cmd_purge, NULL, N_("take personal data out of the history of a central repository")},
	{"hook", cib_cmd_hook, NULL, N_("what the central repository's hook runs")},
	{"serve-ssh", cib_cmd_serve_ssh, NULL, N_("serve one user over ssh: the command of a key in authorized_keys")},
};
enum { VERB_COUNT = sizeof verbs / sizeof *verbs };

static int print_help(FILE *out)
{
	fprintf(out, "%s cib VERB ...\n\n%s\n", _("usage:"), _("Shared knowledge of a network, kept offline and synced through Git."));
	for (size_t i = 0; i < VERB_COUNT; i++) {
		if (verbs[i].group)
			fprintf(out, "\n%s\n", _(verbs[i].group));
		fprintf(out, "  %-11s %s\n", verbs[i].name, _(verbs[i].summary));
	}
	fprintf(out, "\n%s\n", _("cib VERB --help says more of each."));
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
	cib_speak(cib_term_lang());
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
				fprintf(stderr, _("cib: cannot write the output\n"));
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
