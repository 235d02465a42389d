/* In the place of ssh: runs the last argument, the name of a program and a path in quotes, and breaks after as many bytes as the file CIB_SIM_LINK says (pipe.h). */
#include "pipe.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

static struct pipe_link *link_state(void)
{
	int fd = open(getenv("CIB_SIM_LINK"), O_RDWR | O_CLOEXEC);
	void *map = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(struct pipe_link), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		_exit(254);
	return map;
}

static bool full(const struct pipe_link *link, int way)
{
	return link->limit[way] >= 0 && link->passed[way] >= link->limit[way];
}

/* Pass on what is there; false at the end of a direction. */
static bool move(struct pipe_link *link, int way, int from, int to)
{
	char data[16384];
	ssize_t got = read(from, data, sizeof data), done = 0, n;
	if (got <= 0)
		return false;
	if (link->limit[way] >= 0 && link->passed[way] + got > link->limit[way])
		got = link->limit[way] - link->passed[way];
	while (done < got && (n = write(to, data + done, (size_t)(got - done))) > 0)
		done += n;
	link->passed[way] += got;
	link->broken = full(link, way);
	return done == got;
}

int main(int argc, char **argv)
{
	struct pipe_link *link = link_state();
	int in[2], out[2], status = 0;
	char service[32], path[4096];
	if (sscanf(argv[argc - 1], "%31s '%4095[^']'", service, path) != 2)
		return 254;
	link->broken = link->broken || full(link, PIPE_UP) || full(link, PIPE_DOWN);
	if (link->broken || pipe(in) != 0 || pipe(out) != 0)
		return 255;
	setenv("CIB_USER", link->user, 1);
	if (link->old)
		unsetenv("GIT_PROTOCOL");
	pid_t child = fork();
	if (child == 0) {
		dup2(in[0], 0);
		dup2(out[1], 1);
		for (int i = 0; i < 2; i++) {
			close(in[i]);
			close(out[i]);
		}
		execlp(service, service, path, (char *)NULL);
		_exit(127);
	}
	signal(SIGPIPE, SIG_IGN);
	close(in[0]);
	close(out[1]);
	bool up = true, down = true;
	while (down && !link->broken) {
		struct pollfd p[2] = {{.fd = out[0], .events = POLLIN}, {.fd = up ? 0 : -1, .events = POLLIN}};
		if (poll(p, 2, -1) < 0)
			break;
		if (p[0].revents)
			down = move(link, PIPE_DOWN, out[0], 1);
		if (!link->broken && p[1].revents && !(up = move(link, PIPE_UP, 0, in[1])))
			close(in[1]);
	}
	if (up)
		close(in[1]);
	close(out[0]);
	waitpid(child, &status, 0); /* what the server does with what it got is done when this ends */
	return link->broken ? 255 : WIFEXITED(status) ? WEXITSTATUS(status)
	                                              : 255;
}
