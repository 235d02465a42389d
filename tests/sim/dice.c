/* These stand in the place of the C library's own functions. */
#include "dice.h"

#include <sys/random.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { SHORT_NS = 20 * 1000 * 1000, /* a look at a child, which works in the real world, or at its lock */
       SECOND_NS = 1000 * 1000 * 1000 };

static uint64_t state;
static int64_t slept_ns; /* in this seed, without waiting */

void dice_begin(unsigned long seed)
{
	state = seed * 0xff51afd7ed558ccdu; /* not a multiple of the dice's own step: that would play seed 1 again, one later */
	state = dice_roll();
	slept_ns = 0;
}

uint64_t dice_roll(void) /* splitmix64 */
{
	uint64_t z = state += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return z ^ (z >> 31);
}

int below(int n)
{
	return (int)(dice_roll() % (unsigned)n);
}

ssize_t getrandom(void *out, size_t len, unsigned flags) /* what cib_random asks */
{
	(void)flags;
	for (size_t i = 0; i < len; i++)
		((unsigned char *)out)[i] = (unsigned char)dice_roll();
	return (ssize_t)len;
}

int nanosleep(const struct timespec *t, struct timespec *left)
{
	if (t->tv_sec == 0 && t->tv_nsec <= SHORT_NS)
		return (int)syscall(SYS_nanosleep, t, left);
	slept_ns += (int64_t)t->tv_sec * SECOND_NS + t->tv_nsec;
	return 0;
}

int clock_gettime(clockid_t clock, struct timespec *t)
{
	int rc = (int)syscall(SYS_clock_gettime, clock, t);
	if (clock == CLOCK_REALTIME) {
		int64_t ns = t->tv_nsec + slept_ns;
		t->tv_sec += ns / SECOND_NS;
		t->tv_nsec = ns % SECOND_NS;
	}
	return rc;
}
