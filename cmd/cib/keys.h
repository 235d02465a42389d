/* keys - a terminal read key by key, by plain ANSI sequences: for what takes the whole screen. */
#ifndef CIB_CMD_KEYS_H
#define CIB_CMD_KEYS_H

#include <stdbool.h>
#include <stddef.h>

/* What cib_keys_read returns where it is no byte of its own. */
enum { CIB_KEY_NONE,
       CIB_KEY_ESCAPE = 256,
       CIB_KEY_UP,
       CIB_KEY_DOWN,
       CIB_KEY_LEFT,
       CIB_KEY_RIGHT,
       CIB_KEY_PAGE_UP,
       CIB_KEY_PAGE_DOWN,
       CIB_KEY_RESIZED, /* the terminal has another size: draw again */
       CIB_KEY_END };   /* the terminal or the machine goes away */

/* Take the whole screen, and give it back as it was. In between Ctrl-C is a key (3). */
void cib_keys_begin(void);
void cib_keys_end(void);
int cib_keys_read(void);                           /* waits */
bool cib_keys_waiting(void);                       /* is there a key already, typed ahead? */
void cib_keys_size(size_t *rows, size_t *columns); /* 24 and 80 where it is not known; at least 8 rows */
/* A line typed at the bottom; NULL when it is empty or given up (escape, Ctrl-C). The keys are read one by one, so that none
 * that was typed ahead is lost. The caller's. */
char *cib_keys_ask(const char *prompt);

#endif
