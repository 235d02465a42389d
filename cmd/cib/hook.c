/* cib hook pre-receive: what the central repository's hook runs. Reads "OLD NEW REF" lines, judges the push, and says
 * on stderr what is refused. Exit 0 only when the guard has said yes: whatever else happens ends in 1 (fail closed). */
#include "cmd.h"
#include "guard/guard.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#define CPU_SECONDS  30
#define WALL_SECONDS 120
#define MEMORY_BYTES ((rlim_t)512 << 20) /* of addresses */
#define INPUT_BYTES  ((size_t)1 << 20)
#define MOST_LINES   20  /* findings shown */
#define MOST_LENGTH  600 /* bytes of a line */
#define LOG_BYTES    (4 << 20)

static const char usage[] = "hook pre-receive";

static void out_of_time(int sig)
{
	static const char text[] = "refused: the guard failed: it ran out of time\n"
				   "    nothing was taken; push in smaller parts, or tell the secretariat\n";
	(void)sig;
	(void)!write(2, text, sizeof text - 1);
	_exit(3); /* the hook's script logs it */
}

static void broken(int sig)
{
	static const char text[] = "refused: the guard failed: a fault in the program\n"
				   "    nothing was taken; tell the secretariat\n";
	(void)sig;
	(void)!write(2, text, sizeof text - 1);
	_exit(3);
}

static void limit(int what, rlim_t most, rlim_t hard)
{
	struct rlimit now;
	if (getrlimit(what, &now) != 0)
		return;
	if (now.rlim_max != RLIM_INFINITY && now.rlim_max < hard)
		hard = now.rlim_max;
	now.rlim_cur = most < hard ? most : hard;
	now.rlim_max = hard;
	setrlimit(what, &now);
}

static void set_limits(void)
{
	static char stack[64 * 1024]; /* for the handler when the stack itself is full */
	stack_t alternative = {.ss_sp = stack, .ss_size = sizeof stack};
	sigaltstack(&alternative, NULL);
	struct sigaction time_out = {.sa_handler = out_of_time}, fault = {.sa_handler = broken, .sa_flags = SA_ONSTACK};
	sigaction(SIGXCPU, &time_out, NULL);
	sigaction(SIGALRM, &time_out, NULL);
#if !defined(__SANITIZE_ADDRESS__) /* it needs terabytes of addresses, and its own handlers */
	sigaction(SIGSEGV, &fault, NULL);
	sigaction(SIGBUS, &fault, NULL);
	sigaction(SIGABRT, &fault, NULL);
	limit(RLIMIT_AS, MEMORY_BYTES, MEMORY_BYTES);
#else
	(void)fault;
#endif
	limit(RLIMIT_CPU, CPU_SECONDS, CPU_SECONDS + 5);
	limit(RLIMIT_CORE, 0, 0);
	alarm(WALL_SECONDS);
}

static void say(const char *start, const char *text)
{
	cib_buf line = CIB_BUF_INIT;
	size_t len = strlen(text), start_len = strlen(start);
	cib_buf_adds(&line, start);
	cib_buf_add_clean(&line, text, len < MOST_LENGTH ? len : MOST_LENGTH);
	for (size_t i = start_len; i < line.len; i++)
		if (line.data[i] == '\n' || line.data[i] == '\t')
			line.data[i] = ' ';
	cib_buf_adds(&line, len > MOST_LENGTH ? "...\n" : "\n");
	fwrite(line.data, 1, line.len, stderr);
	cib_buf_free(&line);
}

/* "refused: <12 hex>:<path>:<line>:<column>: <pointer> <title>: <message>" */
static void say_finding(const cib_finding *f)
{
	cib_buf line = CIB_BUF_INIT;
	if (f->file && *f->file)
		cib_buf_addf(&line, "%s:", f->file);
	if (f->file && *f->file && f->line)
		cib_buf_addf(&line, "%zu:%zu:", f->line, f->column);
	if (line.len)
		cib_buf_addc(&line, ' ');
	if (f->pointer && *f->pointer)
		cib_buf_addf(&line, "%s ", f->pointer);
	if (f->title && *f->title)
		cib_buf_addf(&line, "(%s) ", f->title);
	cib_buf_adds(&line, f->message ? f->message : "");
	say(f->severity == CIB_ERROR ? "refused: " : "warning: ", line.data);
	if (f->hint && *f->hint)
		say("    ", f->hint);
	cib_buf_free(&line);
}

static void say_findings(const cib_findings *findings, cib_severity severity, size_t most)
{
	size_t shown = 0, all = 0;
	for (size_t i = 0; i < findings->count; i++) {
		if (findings->items[i].severity != severity)
			continue;
		all++;
		if (shown < most) {
			say_finding(&findings->items[i]);
			shown++;
		}
	}
	if (all > shown) {
		char more[64];
		snprintf(more, sizeof more, _("and %zu more like these"), all - shown);
		say(severity == CIB_ERROR ? "refused: " : "warning: ", more);
	}
}

static int failed(const char *why, const char *hint)
{
	char *line = cib_format(_("the guard failed: %s"), why);
	say("refused: ", line);
	say("    ", hint && *hint ? hint : _("nothing was taken; tell the secretariat"));
	free(line);
	return 1;
}

static int read_input(cib_buf *text)
{
	char part[8192];
	for (ssize_t n; (n = read(0, part, sizeof part)) != 0;) {
		if (n < 0 || text->len + (size_t)n > INPUT_BYTES)
			return -1;
		cib_buf_add(text, part, (size_t)n);
	}
	return 0;
}

/* What was refused and what failed, a line each, in <git dir>/cib/guard.log: the day and time, the user, the reference, the
 * rule. No value of an entry stands there. Best effort, as the push is refused in any case; two files of LOG_BYTES at most. */
static void log_end(const cib_store *store, const cib_ref_updates *list, const char *user, const cib_findings *findings, const cib_error *err)
{
	cib_buf line = CIB_BUF_INIT;
	char *dir = cib_format("%s/cib", cib_store_git_dir(store)), *path = cib_format("%s/guard.log", dir), *old = cib_format("%s.1", path), when[32] = "";
	time_t now = time(NULL);
	struct tm tm;
	struct stat st;
	if (gmtime_r(&now, &tm))
		strftime(when, sizeof when, "%Y-%m-%dT%H:%M:%SZ", &tm);
	cib_buf_addf(&line, "%s %s user ", when, err ? "failed" : "refused");
	cib_buf_add_clean(&line, user ? user : "-", user && strlen(user) < 100 ? strlen(user) : user ? 100
	                                                                                             : 1);
	cib_buf_adds(&line, " ref ");
	cib_buf_add_clean(&line, list->items[0].ref, strnlen(list->items[0].ref, 200));
	size_t first = 0;
	while (!err && first < findings->count && findings->items[first].severity != CIB_ERROR)
		first++;
	cib_buf_addf(&line, " %s", err ? err->code : first < findings->count && findings->items[first].code ? findings->items[first].code
	                                                                                                    : "-");
	for (size_t i = 0; i < line.len; i++)
		line.data[i] = line.data[i] == '\n' || line.data[i] == '\t' ? '?' : line.data[i];
	cib_buf_addc(&line, '\n');
	mkdir(dir, 0777);
	if (stat(path, &st) == 0 && st.st_size > LOG_BYTES)
		rename(path, old);
	int fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0666);
	if (fd >= 0) {
		(void)!write(fd, line.data, line.len); /* whole, as it is appended */
		close(fd);
	}
	free(dir);
	free(path);
	free(old);
	cib_buf_free(&line);
}

static int judge(const cib_ref_updates *list)
{
	cib_error err = CIB_ERROR_INIT;
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_store *store = NULL;
	cib_guard_options options = {.user = cib_guard_user(), .bytes = cib_store_quarantine_bytes()};
	int code = 1, status = cib_store_open_env(&store, &err);
	if (status == CIB_OK)
		status = cib_guard_judge(store, list->items, list->count, &options, &findings, &err);
	if (status == CIB_OK) {
		say_findings(&findings, CIB_WARNING, 5);
		code = 0;
	} else if (status == CIB_REFUSED && findings.errors) {
		say_findings(&findings, CIB_ERROR, MOST_LINES);
		say(N_("refused: nothing of this push was taken; mend it, run cib check, and push again"), ""); /* the client knows it, and translates it */
		log_end(store, list, options.user, &findings, NULL);
	} else {
		say_findings(&findings, CIB_ERROR, MOST_LINES);
		code = failed(err.message[0] ? err.message : _("for an unknown reason"), err.hint);
		if (store)
			log_end(store, list, options.user, &findings, &err);
	}
	cib_findings_free(&findings);
	cib_store_free(store);
	return code;
}

int cib_cmd_hook(int argc, char **argv)
{
	if (argc != 2 || strcmp(argv[1], "pre-receive") != 0)
		return argc == 2 && strcmp(argv[1], "--help") == 0 ? (printf("usage: cib %s\n", usage), 0) : cib_usage("usage: cib %s", usage);
	set_limits();
	cib_buf text = CIB_BUF_INIT;
	cib_ref_updates list = {0};
	int code = 1;
	if (read_input(&text) != 0 || !cib_guard_read_updates(&list, text.data, text.len))
		code = failed(_("the list of references is not what Git writes"), NULL);
	else
		code = judge(&list);
	cib_ref_updates_free(&list);
	cib_buf_free(&text);
	return code;
}
