/* The hook as a whole process, judging pushes of 10 and of 1,000 changed entries, in networks of growing size. */
#include "made_network.h"

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* The most memory that a shell command, or a process that it starts, holds at once, in MB. */
static double memory_of(const char *command)
{
	int status;
	struct rusage used;
	pid_t pid = fork();
	if (pid == 0) {
		execl("/bin/sh", "sh", "-c", command, (char *)NULL);
		_exit(127);
	}
	if (pid < 0 || wait4(pid, &status, 0, &used) != pid || !WIFEXITED(status) || WEXITSTATUS(status) != 0)
		exit(1);
	return (double)used.ru_maxrss / 1024;
}

static void measure(size_t entries, size_t changed, double target)
{
	char dir[] = "/tmp/cib-bench-XXXXXX";
	const char *program = getenv("CIB");
	if (!program || !mkdtemp(dir))
		exit(1);
	cib_oid main_tip, pushed;
	char *path = cib_format("%s/central.git", dir), hex[CIB_OID_HEX];
	cib_store *store = made_network(path, entries, &main_tip);
	pushed = made_commit(store, &main_tip, 0, MADE_MEMBERS, changed, 1, "user-0@m-0.cib.invalid");
	cib_oid_hex(hex, &pushed);
	char *pack = cib_format("git -C '%s' repack -adq --keep-unreachable", path);
	if (system(pack) != 0)
		exit(1);
	char *command = cib_format("echo '%040d %s refs/heads/members/m-0' | GIT_DIR='%s' CIB_USER=user-0 '%s' hook pre-receive 2>'%s/out'", 0, hex, path, program, dir);
	if (system(command) != 0) { /* it must be accepted, or the figure would mean nothing */
		char *show = cib_format("head -5 '%s/out' >&2", dir);
		(void)!system(show);
		fprintf(stderr, "the hook refused the honest push\n");
		exit(1);
	}
	printf("figure hook_%zu_changed_of_%zu %.1f ms target %.0f\n", changed, entries, made_time(command, 7), target);
	printf("figure hook_memory_%zu_changed_of_%zu %.0f MB target 256\n", changed, entries, memory_of(command));
	fflush(stdout);
	char *clean = cib_format("rm -rf '%s'", dir);
	(void)!system(clean);
	cib_store_free(store);
	free(path);
	free(pack);
	free(command);
	free(clean);
}

int main(void)
{
	static const size_t sizes[] = {1000, 20000, 100000};
	for (size_t i = 0; i < 3; i++)
		measure(sizes[i], 10, 150);
	for (size_t i = 0; i < 3; i++)
		measure(sizes[i], sizes[i] < 100000 ? sizes[i] / 50 : 1000, 1500);
	return 0;
}
