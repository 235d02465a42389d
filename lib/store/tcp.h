/* TCP for libgit2's http transport, with a time limit on silence (libgit2 1.5 has none). */
#ifndef CIB_STORE_TCP_H
#define CIB_STORE_TCP_H

void cib_tcp_register(void); /* once; TLS runs on top of it */

/* How this thread's connections behave from now on. Borrowed: it must live as long as they do. */
typedef struct {
	int timeout_s;              /* of silence, after which they fail */
	int (*stop)(void *payload); /* asked when a signal came: non-zero, and they fail */
	void *payload;
	char *proxy_host, *proxy_port; /* NULL: none. What speaks plain http goes to this proxy, */
	char *proxy_base;              /* with this before its paths: http://HOST:PORT */
	char *proxy_login;             /* base64 of USER:PASSWORD; NULL: none */
} cib_tcp_manner;
void cib_tcp_behave(const cib_tcp_manner *manner);
/* Fill in the proxy's part for plain http to `url`; `proxy`: http://[USER:PASSWORD@]HOST[:PORT]. */
void cib_tcp_proxy(cib_tcp_manner *manner, const char *proxy, const char *url);
void cib_tcp_manner_clear(cib_tcp_manner *manner);

#endif
