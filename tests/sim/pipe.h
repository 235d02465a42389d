/* The link between a copy and its server, as the simulation and the program that stands in the place of ssh both see it:
 * a small file, mapped by both. It lives as long as one sync, which may connect several times. */
#ifndef SIM_PIPE_H
#define SIM_PIPE_H

#include <stdbool.h>

enum { PIPE_UP, /* to the server */
       PIPE_DOWN };

struct pipe_link {
	long limit[2];  /* bytes that may pass in a direction; negative: any number */
	long passed[2]; /* bytes that did */
	bool broken;    /* a limit was reached: nothing passes any more, in later connections neither */
	bool old;       /* the older version of the protocol is spoken */
	char user[16];  /* who knocks at the server */
};

#endif
