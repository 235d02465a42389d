/* cib init: make a network's central repository. */
#include "cmd.h"
#include "network/create.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static const char usage[] = "init DIR {--title TITLE --secretariat USER | --example} [--language LANG,...] [--member MEMBER:USER,...]...\n"
			    "       cib init DIR --hook";

static void split(cib_words *out, char *text)
{
	for (char *save = NULL, *w = strtok_r(text, ",", &save); w; w = strtok_r(NULL, ",", &save))
		cib_words_add(out, w);
}

/* This program by its own path, which the hook will run. */
static void own_path(char *out, size_t size)
{
	ssize_t n = readlink("/proc/self/exe", out, size - 1);
	out[n > 0 ? n : 0] = '\0';
}

static int put_hook(const char *dir)
{
	char program[4096];
	cib_error err = CIB_ERROR_INIT;
	own_path(program, sizeof program);
	if (cib_network_guard(dir, program, &err) != CIB_OK) {
		if (err.status == CIB_NOTFOUND)
			cib_error_hint(&err, "a new network is made with: cib init DIR --title TITLE --secretariat USER");
		return cib_fail(&err);
	}
	fprintf(stderr, _("Every push to %s is judged from now on, by %s.\n"), dir, program);
	return 0;
}

int cib_cmd_init(int argc, char **argv)
{
	const char *title = NULL, *languages = "en,fr,es", *secretariat = NULL, *review = NULL;
	bool example = false, hook = false;
	cib_words members = {0}, rest = {0}, langs = {0};
	const cib_opt opts[] = {
		{"title", 't', CIB_OPT_TEXT, &title, "TITLE", N_("what the network is called")},
		{"secretariat", 's', CIB_OPT_TEXT, &secretariat, "USER", N_("who reviews, as the Git server knows this person")},
		{"language", 'l', CIB_OPT_TEXT, &languages, "LANG,...", N_("working languages, the first is the main one (en,fr,es)")},
		{"member", 'm', CIB_OPT_LIST, &members, "MEMBER:USER,...", N_("a member organisation and its users; may be given again")},
		{"example", 0, CIB_OPT_FLAG, &example, NULL, N_("with an invented network to look at and try things on")},
		{"review", 0, CIB_OPT_TEXT, &review, "POLICY", N_("required (the default) or none")},
		{"hook", 0, CIB_OPT_FLAG, &hook, NULL, N_("put the hook and the configuration into a central repository that there is")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	if (example && !title)
		title = "CIB network: an example";
	if (example && !secretariat)
		secretariat = "sec-1";
	if (hook && (rest.count != 1 || title || secretariat || members.count || review))
		return cib_usage("--hook goes with a folder alone\nusage: cib %s", usage);
	if (hook) {
		code = put_hook(rest.items[0]);
		free((void *)(uintptr_t)rest.items);
		return code;
	}
	if (rest.count != 1 || !title || !secretariat)
		return cib_usage("a folder, --title and --secretariat are needed\nusage: cib %s", usage);
	if (review && strcmp(review, "none") != 0 && strcmp(review, "required") != 0)
		return cib_usage("--review is required or none, not '%s'", review);
	char program[4096], *text = cib_strdup(languages);
	own_path(program, sizeof program);
	split(&langs, text);
	cib_error err = CIB_ERROR_INIT;
	cib_network_options options = {title, langs.items, langs.count, secretariat, members.items, members.count, review, program, example};
	if (langs.count == 0)
		code = cib_usage("--language names no language");
	else if (cib_network_create(rest.items[0], &options, &err) != CIB_OK)
		code = cib_fail(&err);
	else
		fprintf(stderr,
		        _("The network is made in %s.\n"
		          "Serve that folder with any Git server (docs/operations.md); then everyone runs:\n"
		          "  cib join URL --user USER\n"),
		        rest.items[0]);
	if (code == 0 && example)
		fprintf(stderr, _("Its users are %s (the secretariat), andal-1, voorbeeld-1, ...: cib join %s mine --user andal-1\n"), secretariat, rest.items[0]);
	free(text);
	free((void *)(uintptr_t)langs.items);
	free((void *)(uintptr_t)members.items);
	free((void *)(uintptr_t)rest.items);
	return code;
}
