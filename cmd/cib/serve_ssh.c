/* cib serve-ssh USER: the forced command of a key in authorized_keys. It runs Git's two programs and nothing else, below one
 * folder, for somebody whom the network knows, and tells the hook who that is.
 *
 * What the client asks for is text from elsewhere, in SSH_ORIGINAL_COMMAND: git-upload-pack 'PATH' or
 * git-receive-pack 'PATH'. No shell sees it. */
#include "cmd.h"
#include "network/network.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char usage[] = "serve-ssh USER [--root DIR]";

/* "git-upload-pack 'path'" or "git upload-pack 'path'": the program, and the path without its quotes (heap; as git quotes: a
 * quote and a ! stand outside, behind a backslash). NULL for anything else. */
static char *parse(const char *command, const char **service)
{
	static const char *const services[] = {"upload-pack", "receive-pack"};
	cib_buf path = CIB_BUF_INIT;
	*service = NULL;
	if (strncmp(command, "git-", 4) != 0 && strncmp(command, "git ", 4) != 0)
		return NULL;
	const char *p = command + 4;
	for (size_t i = 0; i < 2; i++) {
		size_t len = strlen(services[i]);
		if (strncmp(p, services[i], len) == 0 && p[len] == ' ')
			*service = services[i];
	}
	if (!*service)
		return NULL;
	bool quoted = false, good = true;
	for (p += strlen(*service) + 1; *p && good; p++) {
		if (*p == '\'')
			quoted = !quoted;
		else if (!quoted && *p == '\\' && (p[1] == '\'' || p[1] == '!'))
			cib_buf_addc(&path, *++p);
		else if (quoted || cib_name_ok(p, 1) || strchr("/._-", *p))
			cib_buf_addc(&path, *p);
		else
			good = false;
	}
	if (good && !quoted && path.len)
		return cib_buf_take(&path);
	cib_buf_free(&path);
	return NULL;
}

/* The repository that is meant, by its real path, below root: PATH from root, or PATH as it is, each with .git behind it too. */
static char *find(const char *root, const char *path)
{
	size_t len = strlen(root);
	for (int i = 0; i < 4; i++) {
		char *at = cib_format("%s%s%s%s", i < 2 ? root : "", i < 2 && *path != '/' ? "/" : "", path, i % 2 ? ".git" : "");
		char *real = *at == '/' ? realpath(at, NULL) : NULL;
		free(at);
		if (real && strncmp(real, root, len) == 0 && real[len] == '/') {
			char *head = cib_format("%s/HEAD", real);
			bool there = access(head, R_OK) == 0;
			free(head);
			if (there)
				return real;
		}
		free(real);
	}
	return NULL;
}

static int refused(cib_error *err, const char *code, const char *hint, const char *fmt, const char *what)
{
	cib_error_set(err, CIB_REFUSED, code, fmt, what);
	cib_error_hint(err, "%s", _(hint));
	return CIB_REFUSED;
}

/* Whoever has no access (any more) does not read either. */
static int admit(const char *repository, const char *user, cib_error *err)
{
	cib_store *store = NULL;
	cib_network *net = NULL;
	cib_oid main;
	int status = cib_store_open(&store, repository, err);
	if (status == CIB_OK)
		status = cib_store_ref_get(&main, store, "refs/heads/main", err);
	if (status == CIB_OK)
		status = cib_network_load(&net, store, &main, err);
	if (status == CIB_OK && cib_network_access(net, user, (int64_t)time(NULL)).role == CIB_ROLE_NONE)
		status = refused(err, "serve.no-access", N_("ask the secretariat: cib access add"), N_("%s has no access to this network (or only at other dates)"), user);
	cib_network_free(net);
	cib_store_free(store);
	return status;
}

/* What a client could set (AcceptEnv) does not reach Git: a few names stay, the rest goes. */
static void clean_environment(const char *user)
{
	static const char *const kept[] = {"PATH", "HOME", "LANG", "LC_ALL", "TZ", "TMPDIR", "GIT_PROTOCOL", "SSH_CONNECTION"};
	enum { COUNT = sizeof kept / sizeof *kept };
	char *values[COUNT];
	for (size_t i = 0; i < COUNT; i++)
		values[i] = cib_strdup(getenv(kept[i]));
	char *name = cib_strdup(user);
	clearenv();
	for (size_t i = 0; i < COUNT; i++) {
		if (values[i])
			setenv(kept[i], values[i], 1);
		free(values[i]);
	}
	setenv("CIB_USER", name, 1);
	free(name);
}

static int serve(const char *user, const char *folder, cib_error *err)
{
	const char *command = getenv("SSH_ORIGINAL_COMMAND"), *service = NULL;
	char *root = realpath(folder, NULL), *path = NULL, *repository = NULL;
	int status = CIB_OK;
	if (!root)
		status = cib_error_set(err, CIB_NOTFOUND, "serve.root", "there is no folder %s: %s", folder, cib_strerror(errno));
	else if (!command || !*command)
		status = refused(err, "serve.no-shell", N_("join with: cib join ssh://.../NETWORK.git --user USER"), N_("this server knows you as %s, and serves repositories only"), user);
	else if (!(path = parse(command, &service)))
		status = refused(err, "serve.command", N_("cib and git ask for the right thing by themselves"), N_("this server runs git-upload-pack and git-receive-pack only"), "");
	else if (!(repository = find(root, path)))
		status = refused(err, "serve.path", N_("look at the address: ssh://HOST/NETWORK.git"), N_("there is no repository %s here"), path);
	else if ((status = admit(repository, user, err)) == CIB_OK) {
		clean_environment(user);
		execlp("git", "git", service, repository, (char *)NULL);
		status = cib_error_set(err, CIB_INTERNAL, "serve.git", "git cannot be started: %s", cib_strerror(errno));
	}
	free(root);
	free(path);
	free(repository);
	return status;
}

int cib_cmd_serve_ssh(int argc, char **argv)
{
	const char *root = getenv("HOME");
	cib_words rest = {0};
	const cib_opt opts[] = {
		{"root", 0, CIB_OPT_TEXT, &root, "DIR", N_("the folder of the repositories; default: the home of the system's user")},
		{0},
	};
	cib_error err = CIB_ERROR_INIT;
	int code = cib_opt_parse(argc, argv, usage, opts, &rest);
	if (code)
		return code - 1;
	if (rest.count != 1 || !*rest.items[0])
		code = cib_usage("one user is needed, as access.json knows it\nusage: cib %s", usage);
	else if (serve(rest.items[0], root && *root ? root : "/", &err) != CIB_OK)
		code = cib_fail(&err);
	free((void *)(uintptr_t)rest.items);
	return code;
}
