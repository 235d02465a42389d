/* cib join: get your copy of a network. */
#include "cmd.h"

#include <stdlib.h>
#include <string.h>

static const char usage[] = "join URL [DIR] [--user USER] [--member MEMBER]";

/* The last part of the URL without .git names the folder, as git clone does. */
static char *folder_of(const char *url)
{
	size_t len = strlen(url);
	while (len > 1 && url[len - 1] == '/')
		len--;
	size_t begin = len;
	while (begin > 0 && url[begin - 1] != '/' && url[begin - 1] != ':')
		begin--;
	char *name = cib_strndup(url + begin, len - begin), *dot = strstr(name, ".git");
	if (dot && !dot[4])
		*dot = '\0';
	return name;
}

int cib_cmd_join(int argc, char **argv)
{
	const char *user = NULL, *member = NULL;
	cib_words rest = {0};
	const cib_opt opts[] = {
		{"user", 'u', CIB_OPT_TEXT, &user, "USER", N_("your name on the Git server (CIB_USER)")},
		{"member", 'm', CIB_OPT_TEXT, &member, "MEMBER", N_("your organisation, when the network does not say it")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	if (rest.count < 1 || rest.count > 2)
		return cib_usage("the URL of the network is needed\nusage: cib %s", usage);
	if (!user)
		user = getenv("CIB_USER");
	if (!user)
		user = getenv("CIB_HTTP_USER");
	if (!user)
		return cib_usage("who are you? Add --user USER, the name that the Git server knows you by");
	char *dir = rest.count == 2 ? cib_strdup(rest.items[1]) : folder_of(rest.items[0]);
	cib_sync_options options;
	cib_sync_defaults(&options);
	cib_workspace *ws = NULL;
	cib_error err = CIB_ERROR_INIT;
	cib_stop_listen();
	int status = cib_workspace_join(&ws, rest.items[0], dir, user, member, &options, &err);
	cib_end_progress();
	if (status != CIB_OK)
		code = cib_fail(&err);
	else
		fprintf(stderr, _("Your copy is in %s. You work for %s.\nNext: cd %s && cib status\n"), dir,
		        ws->member ? ws->member : _("the secretariat"), dir);
	cib_workspace_free(ws);
	free(dir);
	free((void *)(uintptr_t)rest.items);
	return code;
}
