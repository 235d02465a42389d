/* What a person sees while something travels (how much, how fast, what is left), and Ctrl-C.
 *
 * The first Ctrl-C asks: what is under way ends at the next piece of data, and what was saved stays saved. The second ends
 * the program at once, which is as safe (every change of state is durable and atomic), only less polite. */
#include "cmd.h"

#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static volatile sig_atomic_t stopped; /* the signal that asked */

static void on_stop(int number)
{
	stopped = number;
}

void cib_stop_listen(void)
{
	static const int numbers[] = {SIGINT, SIGTERM};
	struct sigaction how = {.sa_handler = on_stop, .sa_flags = (int)SA_RESETHAND}, old;
	for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
		if (sigaction(numbers[i], NULL, &old) == 0 && old.sa_handler == SIG_DFL) /* nohup ignores it, and means it */
			sigaction(numbers[i], &how, NULL);
}

int cib_stopped(void)
{
	return stopped;
}

/* ---- how far it is ---- */

void cib_end_progress(void)
{
	if (isatty(STDERR_FILENO))
		fputs("\r\033[K", stderr);
}

void cib_asking(const char *key)
{
	cib_end_progress();
	fprintf(stderr, _("Your work is signed with the key %s, which is locked; its passphrase (ssh-add spares it):\n"), key);
}

typedef struct {
	const char *phase;
	double began, shown; /* seconds */
	uint64_t first;      /* bytes before this phase */
} display;

static double seconds(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

const char *cib_decimal_text(char out[40], double value)
{
	snprintf(out, 40, "%.1f", value);
	for (char *c = out; *c; c++)
		*c = *c == '.' && strcmp(cib_spoken(), "en") != 0 ? ',' : *c;
	return out;
}

void cib_size_text(char out[40], double bytes)
{
	char number[40];
	if (bytes < 10000)
		snprintf(out, 40, _("%.0f bytes"), bytes);
	else if (bytes < 10000000)
		snprintf(out, 40, _("%.0f kB"), bytes / 1000);
	else
		snprintf(out, 40, _("%.30s MB"), cib_decimal_text(number, bytes / 1e6));
}

/* The part of the work that is done, 0 to 1; 0: not known. */
static double part_done(const cib_progress *p, uint64_t bytes)
{
	if (p->bytes_total)
		return (double)bytes / (double)p->bytes_total;
	return p->objects_total ? (double)p->objects / (double)p->objects_total : 0;
}

static void print_left(double left)
{
	if (left < 100)
		fprintf(stderr, _(", %.0f s left"), left);
	else
		fprintf(stderr, _(", %.0f min left"), left / 60);
}

int cib_show_progress(const cib_progress *p, void *payload)
{
	static display d; /* the terminal's own state */
	(void)payload;
	if (stopped)
		return 1;
	if (!isatty(STDERR_FILENO))
		return 0;
	double now = seconds();
	uint64_t all = p->bytes_in + p->bytes_out;
	if (d.phase != p->phase || all < d.first)
		d = (display){.phase = p->phase, .began = now, .first = all};
	if (now - d.shown < 0.1) /* at most ten lines a second */
		return 0;
	d.shown = now;
	uint64_t bytes = all - d.first;
	double took = now - d.began, part = part_done(p, bytes);
	char size[40], other[40];
	fprintf(stderr, "\r\033[K%s", p->phase ? _(p->phase) : _("working"));
	if (p->objects_total && !p->bytes_total)
		fprintf(stderr, _(" %zu of %zu"), p->objects, p->objects_total);
	cib_size_text(size, (double)bytes);
	cib_size_text(other, (double)p->bytes_total);
	if (p->bytes_total)
		fprintf(stderr, _(", %s of %s"), size, other);
	else
		fprintf(stderr, ", %s", size);
	if (took >= 1 && bytes) {
		cib_size_text(size, (double)bytes / took);
		fprintf(stderr, ", %s/s", size);
		if (part > 0 && part <= 1)
			print_left(took / part - took);
	}
	fflush(stderr);
	return 0;
}
