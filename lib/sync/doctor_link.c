/* The way to the server: programs, address, keys, and whether it answers and goes on from what was seen. */
#include "sync/doctor_private.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool has_program(const char *name)
{
	const char *path = getenv("PATH");
	bool found = false;
	while (path && *path && !found) {
		size_t n = strcspn(path, ":");
		char *file = cib_format("%.*s/%s", (int)n, path, name);
		found = access(file, X_OK) == 0;
		free(file);
		path += n + (path[n] == ':');
	}
	return found;
}

/* Run a program; true when it ends well. `out` (may be NULL) gets what it says. */
static bool runs(cib_buf *out, const char *const *argv)
{
	cib_buf own = CIB_BUF_INIT, errs = CIB_BUF_INIT;
	int code = -1;
	bool good = cib_execute(&code, out ? out : &own, &errs, argv, &(cib_execute_options){.timeout_ms = 5000}, NULL) == CIB_OK && code == 0;
	cib_buf_free(&own);
	cib_buf_free(&errs);
	return good;
}

/* ---- ssh ---- */

/* What ssh itself makes of the address, by its configuration: `ssh -G`. False: the program is another, which does not say. */
static bool ask_ssh(cib_buf *out, const char *host, const char *port)
{
	const char *own = getenv("CIB_SSH"), *command = getenv("GIT_SSH_COMMAND"), *gits = getenv("GIT_SSH"), *argv[10];
	char *line = NULL;
	size_t n = 0;
	if (!(own && *own) && command && *command) {
		argv[n++] = "sh";
		argv[n++] = "-c";
		argv[n++] = line = cib_format("%s \"$@\"", command);
		argv[n++] = "ssh";
	} else {
		argv[n++] = own && *own ? own : gits && *gits ? gits
		                                              : "ssh";
	}
	argv[n++] = "-G";
	if (port) {
		argv[n++] = "-p";
		argv[n++] = port;
	}
	argv[n++] = host;
	argv[n] = NULL;
	bool good = runs(out, argv) && strstr(cib_buf_str(out), "hostname ");
	free(line);
	return good;
}

/* The value of a line of `ssh -G`, the caller's; NULL: there is none. */
static char *setting(const char *text, const char *key)
{
	size_t len = strlen(key);
	for (const char *line = text; line; line = strchr(line, '\n') ? strchr(line, '\n') + 1 : NULL)
		if (strncmp(line, key, len) == 0 && line[len] == ' ')
			return cib_strndup(line + len + 1, strcspn(line + len + 1, "\n"));
	return NULL;
}

/* Is the name in one of these files (separated by spaces, ~ is the home folder)? */
static bool is_known(const char *where, const char *files)
{
	const char *home = getenv("HOME");
	for (const char *at = files; at && *at;) {
		size_t len = strcspn(at, " ");
		bool tilde = len > 1 && at[0] == '~' && at[1] == '/' && home;
		char *file = tilde ? cib_format("%s%.*s", home, (int)len - 1, at + 1) : cib_strndup(at, len);
		const char *const argv[] = {"ssh-keygen", "-F", where, "-f", file, NULL};
		bool found = access(file, R_OK) == 0 && runs(NULL, argv);
		free(file);
		if (found)
			return true;
		at += len + (at[len] == ' ');
	}
	return false;
}

static void check_known_host(patient *p, const char *host, const char *port)
{
	cib_buf said = CIB_BUF_INIT;
	if (!ask_ssh(&said, host, port)) {
		health(p, "known-hosts", CIB_HEALTH_SKIPPED, NULL, N_("the program that is used in the place of ssh looks after it"));
		cib_buf_free(&said);
		return;
	}
	const char *text = cib_buf_str(&said);
	char *alias = setting(text, "hostkeyalias"), *name = alias ? cib_strdup(alias) : setting(text, "hostname"), *number = setting(text, "port");
	char *own = setting(text, "userknownhostsfile"), *all = setting(text, "globalknownhostsfile");
	bool other = !alias && number && strcmp(number, "22") != 0;
	char *where = other ? cib_format("[%s]:%s", name, number) : cib_strdup(name);
	if (is_known(where, own) || is_known(where, all)) {
		health(p, "known-hosts", CIB_HEALTH_OK, NULL, N_("%s is known"), where);
	} else {
		char *file = own ? cib_strndup(own, strcspn(own, " ")) : cib_strdup("~/.ssh/known_hosts");
		char *fix = cib_format(_("compare the key with the secretariat's, then: ssh-keyscan -H%s%s %s >>%s"), other ? " -p " : "", other ? number : "", name, file);
		health(p, "known-hosts", CIB_HEALTH_WARNING, fix, N_("%s is not among the known hosts"), where);
		free(fix);
		free(file);
	}
	free(alias);
	free(name);
	free(number);
	free(own);
	free(all);
	free(where);
	cib_buf_free(&said);
}

static void check_keys(patient *p)
{
	static const char *const names[] = {"id_ed25519", "id_ecdsa", "id_rsa", "id_ed25519_sk", "id_ecdsa_sk"};
	const char *home = getenv("HOME"), *agent = getenv("SSH_AUTH_SOCK");
	size_t keys = 0;
	char *open_key = NULL;
	for (size_t i = 0; home && i < sizeof names / sizeof *names; i++) {
		char *file = cib_format("%s/.ssh/%s", home, names[i]);
		struct stat st;
		if (stat(file, &st) == 0) {
			keys++;
			if ((st.st_mode & 077) && !open_key) {
				open_key = file;
				continue;
			}
		}
		free(file);
	}
	if (open_key) {
		char *fix = cib_format("chmod 600 %s", open_key);
		health(p, "keys", CIB_HEALTH_ERROR, fix, N_("others can read the key %s: ssh does not use it"), open_key);
		free(fix);
	} else if (keys || (agent && access(agent, F_OK) == 0)) {
		health(p, "keys", CIB_HEALTH_OK, NULL, keys ? N_("%zu keys in ~/.ssh") : N_("an agent has the keys"), keys);
	} else {
		health(p, "keys", CIB_HEALTH_WARNING, N_("make one: ssh-keygen -t ed25519, and give the .pub file to the secretariat (unless your ssh configuration names another)"), N_("there is no key in ~/.ssh and no agent"));
	}
	free(open_key);
}

/* ---- http ---- */

static void check_http(patient *p, const char *url)
{
	const char *user = getenv("CIB_HTTP_USER"), *password = getenv("CIB_HTTP_PASSWORD");
	bool secure = strncasecmp(url, "https", 5) == 0, near = strstr(url, "//127.") || strstr(url, "//localhost") || strstr(url, "//[::1]");
	if (!secure && !near)
		health(p, "tls", CIB_HEALTH_WARNING, N_("ask for an https address; change it in .git/cib/config.json"), N_("the address is http: passwords and entries travel in the open"));
	else
		health(p, "tls", CIB_HEALTH_OK, NULL, secure ? N_("https: the certificate is checked") : N_("the server is this computer"));
	if (user && password)
		health(p, "keys", CIB_HEALTH_OK, NULL, N_("user and password are in the environment"));
	else
		health(p, "keys", CIB_HEALTH_ADVICE, N_("set CIB_HTTP_USER and CIB_HTTP_PASSWORD where nobody is there to answer, or use git's credential helpers"), N_("no password is in the environment: it is asked for on a terminal"));
}

/* ---- the server ---- */

typedef struct {
	patient *p;
	cib_oid main_tip;
	size_t refs;
} answer;

static int see_ref(const char *ref, const cib_oid *oid, void *payload)
{
	answer *a = payload;
	a->refs++;
	if (strcmp(ref, "refs/heads/main") == 0)
		a->main_tip = *oid;
	return 0;
}

static void check_server(patient *p)
{
	answer a = {.p = p};
	cib_oid seen;
	cib_error err = CIB_ERROR_INIT;
	if (p->options->offline) {
		health(p, "server", CIB_HEALTH_SKIPPED, NULL, N_("not asked (--offline)"));
		return;
	}
	bool filters = false;
	cib_remote_options remote = p->options->sync.remote;
	remote.filters = &filters;
	int status = cib_store_remote_refs(p->ws->url, &remote, see_ref, &a, &err);
	if (status != CIB_OK) {
		health(p, "server", status == CIB_OFFLINE ? CIB_HEALTH_WARNING : CIB_HEALTH_ERROR, err.hint[0] ? err.hint : N_("work goes on without it; try cib sync later"), "%s", err.message);
		return;
	}
	health(p, "server", CIB_HEALTH_OK, NULL, N_("it answers, with %zu references"), a.refs);
	if (filters)
		health(p, "resume", CIB_HEALTH_OK, NULL, N_("what is cut goes on with what is missing"));
	else
		health(p, "resume", CIB_HEALTH_ADVICE, N_("ask who runs the server for: cib init DIR --hook (it sets uploadpack.allowFilter)"), N_("the server sends folders only with all their files: after a cut more comes twice than has to"));
	if (cib_oid_is_zero(&a.main_tip))
		health(p, "main", CIB_HEALTH_ERROR, N_("ask the secretariat what happened to the server"), N_("the server has no main branch"));
	else if (cib_store_ref_get(&seen, p->ws->store, CENTRAL_MAIN, NULL) == CIB_OK && !cib_oid_equal(&seen, &a.main_tip) && cib_store_object(NULL, NULL, p->ws->store, &a.main_tip, NULL) == CIB_OK &&
	         !cib_store_is_ancestor(p->ws->store, &seen, &a.main_tip))
		health(p, "main", CIB_HEALTH_ERROR, N_("ask the secretariat what happened to the server; your copy still has everything that was accepted"), N_("the server's main went back to an older state"));
	else
		health(p, "main", CIB_HEALTH_OK, NULL, cib_oid_equal(&seen, &a.main_tip) ? N_("it is as it was seen last") : N_("it has moved: cib sync brings the news"));
}

void doctor_link(patient *p)
{
	cib_url_kind kind = CIB_URL_LOCAL;
	char *host = NULL, *port = NULL;
	cib_error err = CIB_ERROR_INIT;
	if (!p->ws)
		return;
	if (cib_store_url(&kind, &host, &port, p->ws->url, &err) != CIB_OK) {
		health(p, "address", CIB_HEALTH_ERROR, N_("ask the secretariat for the address; it stands in .git/cib/config.json"), "%s", err.message);
		return;
	}
	health(p, "address", CIB_HEALTH_OK, NULL, kind == CIB_URL_HTTP ? N_("a web server") : kind == CIB_URL_SSH ? N_("a server over ssh")
	                                                                                                          : N_("a folder on this computer or its disks"));
	const char *needed = kind == CIB_URL_SSH ? "ssh" : kind == CIB_URL_LOCAL ? "git"
	                                                                         : NULL;
	if (needed && !has_program(needed) && !getenv("GIT_SSH"))
		health(p, "programs", CIB_HEALTH_ERROR, kind == CIB_URL_SSH ? N_("install it: apt-get install openssh-client") : N_("install it: apt-get install git"), N_("the program %s is not installed"), needed);
	else
		health(p, "programs", CIB_HEALTH_OK, NULL, N_("what the way to the server needs is installed"));
	if (kind == CIB_URL_SSH) {
		check_known_host(p, host, port);
		check_keys(p);
	} else if (kind == CIB_URL_HTTP) {
		check_http(p, p->ws->url);
	}
	check_server(p);
	free(host);
	free(port);
}
