/* Who we are to a web server: the environment says it, else git's credential helpers know it, else the caller asks.
 *
 * `git credential fill` never asks on the terminal for us (that is the caller's), but helpers may. What they gave, or a
 * person typed, is told to them when the server took it (approve) or did not (reject): a cache or a keyring then keeps it. */
#include "store/remote.h"

#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Run `git credential VERB` with `input`; what it printed goes to `out` (may be NULL). Non-zero: it could not, or did not know. */
static int run_git(cib_buf *out, const char *verb, const cib_buf *input)
{
	int ends[2], status = -1;
	pid_t pid;
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
		return -1;
	char quiet[] = "GIT_TERMINAL_PROMPT=0", *argv[] = {cib_strdup("git"), cib_strdup("credential"), cib_strdup(verb), NULL};
	char **environment = remote_environment(NULL, quiet);
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attributes;
	sigset_t usual;
	posix_spawn_file_actions_init(&actions);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 0);
	posix_spawn_file_actions_adddup2(&actions, ends[1], 1);
	posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0);
	posix_spawnattr_init(&attributes);
	sigemptyset(&usual);
	sigaddset(&usual, SIGPIPE);
	posix_spawnattr_setsigdefault(&attributes, &usual);
	posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGDEF);
	int rc = posix_spawnp(&pid, "git", &actions, &attributes, argv, environment);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attributes);
	close(ends[1]);
	if (rc == 0) {
		char text[1024];
		ssize_t n = send(ends[0], input->data, input->len, MSG_NOSIGNAL);
		shutdown(ends[0], SHUT_WR);
		while (n >= 0 && out && (n = recv(ends[0], text, sizeof text, 0)) > 0 && out->len < 65536)
			cib_buf_add(out, text, (size_t)n);
		close(ends[0]);
		ends[0] = -1;
		waitpid(pid, &status, 0);
	}
	if (ends[0] >= 0)
		close(ends[0]);
	for (size_t i = 0; argv[i]; i++)
		free(argv[i]);
	free(environment);
	return status;
}

/* protocol, host and path of the address, as git's helpers want them; a line break in one would be a field of its own. */
static bool describe(cib_buf *out, const char *url, const char *user, const char *password)
{
	const char *scheme = strstr(url, "://"), *host = scheme ? scheme + 3 : NULL, *slash = host ? strchr(host, '/') : NULL, *at;
	if (!slash || strpbrk(url, "\r\n") || (user && strpbrk(user, "\r\n")) || (password && strpbrk(password, "\r\n")))
		return false;
	if ((at = memchr(host, '@', (size_t)(slash - host))))
		host = at + 1;
	cib_buf_addf(out, "protocol=%.*s\nhost=%.*s\npath=%s\n", (int)(scheme - url), url, (int)(slash - host), host, slash + 1);
	if (user)
		cib_buf_addf(out, "username=%s\n", user);
	if (password)
		cib_buf_addf(out, "password=%s\n", password);
	cib_buf_adds(out, "\n");
	return true;
}

static char *field(const cib_buf *text, const char *name)
{
	size_t len = strlen(name);
	for (const char *line = cib_buf_str(text); *line; line += strcspn(line, "\n"), line += *line == '\n')
		if (strncmp(line, name, len) == 0 && line[len] == '=')
			return cib_strndup(line + len + 1, strcspn(line + len + 1, "\n"));
	return NULL;
}

static bool ask_helpers(remote_op *op, const char *user)
{
	cib_buf what = CIB_BUF_INIT, answer = CIB_BUF_INIT;
	if (describe(&what, op->address, user, NULL) && run_git(&answer, "fill", &what) == 0) {
		op->user = field(&answer, "username");
		op->password = field(&answer, "password");
	}
	if (answer.data)
		explicit_bzero(answer.data, answer.len);
	cib_buf_free(&answer);
	cib_buf_free(&what);
	return op->user && op->password;
}

void remote_credentials_forget(remote_op *op)
{
	free(op->user);
	if (op->password)
		explicit_bzero(op->password, strlen(op->password));
	free(op->password);
	op->user = op->password = NULL;
}

static bool from_environment(remote_op *op, const char *user)
{
	const char *password = getenv("CIB_HTTP_PASSWORD");
	if (!user || !password)
		return false;
	op->user = cib_strdup(user);
	op->password = cib_strdup(password);
	return true;
}

static bool ask_caller(remote_op *op, const char *user)
{
	if (!op->options->credentials)
		return false;
	op->user = cib_strdup(user); /* what is known stands in the question */
	if (op->options->credentials(&op->user, &op->password, op->text, op->options->payload) == 0 && op->user && op->password)
		return true;
	return false;
}

void remote_credentials_told(remote_op *op, bool taken)
{
	cib_buf what = CIB_BUF_INIT;
	if (op->user && op->asked != ASKED_ENVIRONMENT && describe(&what, op->address, op->user, op->password))
		run_git(NULL, taken ? "approve" : "reject", &what);
	if (what.data)
		explicit_bzero(what.data, what.len);
	cib_buf_free(&what);
	remote_credentials_forget(op);
}

int remote_credentials(git_credential **out, const char *url, const char *user_of_url, unsigned allowed, void *payload)
{
	remote_op *op = payload;
	const char *name = getenv("CIB_HTTP_USER");
	const char *user = name && *name ? name : user_of_url ? user_of_url
	                                                      : op->options->user;
	(void)url;
	op->credentials_asked++;
	if (!(allowed & GIT_CREDENTIAL_USERPASS_PLAINTEXT))
		return GIT_EAUTH;
	if (op->asked != ASKED_NOBODY)
		remote_credentials_told(op, false);
	static bool (*const sources[])(remote_op *, const char *) = {from_environment, ask_helpers, ask_caller};
	while (op->asked < ASKED_CALLER) {
		if (op->asked == ASKED_ENVIRONMENT && getenv("CIB_HTTP_PASSWORD"))
			break; /* what it says is meant: nobody else is asked */
		bool found = sources[op->asked++](op, user);
		if (found)
			return git_credential_userpass_plaintext_new(out, op->user, op->password);
		remote_credentials_forget(op);
	}
	return GIT_EAUTH;
}
