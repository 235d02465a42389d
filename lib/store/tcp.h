/* TCP for libgit2's http transport, with a time limit on silence (libgit2 1.5 has none). */
#ifndef CIB_STORE_TCP_H
#define CIB_STORE_TCP_H

void cib_tcp_register(void); /* once; TLS runs on top of it */
/* Seconds of silence after which this thread's connections fail. */
void cib_tcp_set_timeout(int seconds);

#endif
