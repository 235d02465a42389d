/* cib app: the network in the browser, until Ctrl-C. */
#include "app/app.h"
#include "cmd.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static const char usage[] = "app [--port PORT] [--no-open]";

static void quit(void *payload)
{
	(void)payload;
	kill(getpid(), SIGTERM);
}

/* Show the start page in the person's browser, which may run for as long as it likes. */
static bool open_page(const char *page)
{
	const char *chosen = getenv("BROWSER"), *program = chosen && *chosen ? chosen : "xdg-open";
	int gone[2]; /* closed by a successful exec */
	char failed = 0;
	if (pipe2(gone, O_CLOEXEC) != 0)
		return false;
	pid_t child = fork();
	if (child == 0) {
		sigset_t none;
		sigemptyset(&none);
		pthread_sigmask(SIG_SETMASK, &none, NULL);
		setsid();
		if (fork() == 0) {
			int null = open("/dev/null", O_RDWR);
			for (int fd = 0; fd < 3 && null >= 0; fd++)
				dup2(null, fd);
			execlp(program, program, page, (char *)NULL);
			failed = 1;
			_exit(write(gone[1], &failed, 1) == 1 ? 127 : 126);
		}
		_exit(0);
	}
	close(gone[1]);
	bool opened = child > 0 && waitpid(child, NULL, 0) == child && read(gone[0], &failed, 1) == 0;
	close(gone[0]);
	return opened;
}

static int serve(const cib_app_options *options, bool no_open)
{
	const char *dir = getenv("CIB_DIR");
	cib_app *app = NULL;
	cib_error err = CIB_ERROR_INIT;
	sigset_t ends;
	int number = 0;
	sigemptyset(&ends);
	sigaddset(&ends, SIGINT);
	sigaddset(&ends, SIGTERM);
	sigaddset(&ends, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &ends, NULL); /* before there are threads: all have it so */
	if (cib_app_open(&app, dir && *dir ? dir : ".", options, &err) != CIB_OK)
		return cib_fail(&err);
	printf("%s\n", cib_app_start_page(app));
	fflush(stdout);
	if (no_open || !open_page(cib_app_start_page(app)))
		fputs(_("Open this file in your browser: it leads to the app, once. "), stderr);
	fprintf(stderr, _("The app runs on http://127.0.0.1:%d until Ctrl-C.\n"), cib_app_port(app));
	sigwait(&ends, &number);
	cib_app_free(app);
	return 0;
}

int cib_cmd_app(int argc, char **argv)
{
	const char *port = NULL;
	bool no_open = false;
	const cib_opt opts[] = {
		{"port", 'p', CIB_OPT_TEXT, &port, "PORT", N_("listen on this port of 127.0.0.1 (any that is free)")},
		{"no-open", 0, CIB_OPT_FLAG, &no_open, NULL, N_("open no browser: only say which file leads to the app")},
		{0},
	};
	int code = cib_opt_parse(argc, argv, usage, opts, NULL);
	if (code)
		return code - 1;
	cib_sync_options remote;
	cib_sync_defaults(&remote);
	cib_app_options options = {.lang = cib_term_lang(), .remote = remote.remote, .quit = quit};
	options.remote.remote_line = NULL; /* the terminal is not where the person looks */
	options.port = port ? atoi(port) : 0;
	if (port && (strspn(port, "0123456789") != strlen(port) || options.port < 1 || options.port > 65535))
		return cib_usage("--port is a number from 1 to 65535, not '%s'", port);
	return serve(&options, no_open);
}
