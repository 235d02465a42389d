/* What the files of the transports share: one operation with a server. */
#ifndef CIB_STORE_REMOTE_H
#define CIB_STORE_REMOTE_H

#include "store/tcp.h"
#include "store/wire.h"

/* Where a repository is. */
typedef enum { URL_HTTP,
	       URL_SSH,
	       URL_LOCAL } url_kind;
typedef struct {
	url_kind kind;
	char *host; /* ssh: [user@]host */
	char *port; /* ssh; NULL: its default */
	char *path; /* ssh and local */
} remote_url;
int remote_url_parse(remote_url *out, const char *url, cib_error *err);
void remote_url_clear(remote_url *url);
char *remote_url_decoded(const char *s, size_t n); /* %41 is A; the caller's */

/* Who was asked last for user and password (credential.c). */
typedef enum { ASKED_NOBODY,
	       ASKED_ENVIRONMENT,
	       ASKED_HELPERS,
	       ASKED_CALLER } remote_asked;

/* One remote operation: what its callbacks learn. */
typedef struct remote_op {
	const cib_remote_options *options;
	const char *text;    /* the URL without a password, for messages */
	const char *address; /* the URL as it was given */
	remote_url url;
	git_remote *remote;
	wire *wire;                  /* of `remote` */
	const char *const *prefixes; /* references that are of interest; none: all */
	size_t prefix_count;
	cib_progress progress;
	bool cancelled, too_large, bad_certificate, silent;
	int credentials_asked;
	remote_asked asked;
	char *user, *password; /* that the server was given last */
	char *proxy;           /* NULL: none */
	cib_tcp_manner manner;
	cib_buf line;        /* of the side band, not yet complete */
	cib_buf words;       /* what the server said, cleaned */
	cib_buf child_words; /* standard error of ssh or git, raw */
	int child_status;    /* its exit status; -1: none, or ended by a signal */
	int push_status;     /* CIB_OK, or CIB_REFUSED */
	bool behind;
	char *push_ref, *push_reason;
} remote_op;

/* Begin and end. After op_open has failed, only op_close. */
int remote_op_open(remote_op *op, const char *url, const cib_remote_options *options, cib_error *err);
int remote_op_connect(remote_op *op, git_direction direction); /* libgit2's status */
/* Hang up (what a process says last explains a failure), and turn libgit2's status into ours. */
int remote_op_end(remote_op *op, int rc, const char *verb, cib_error *err);
void remote_op_close(remote_op *op);
/* Progress; non-zero: the caller wants to stop. */
int remote_op_tell(remote_op *op, const char *phase);

/* libgit2's callback: user and password; `payload`: the operation. */
int remote_credentials(git_credential **out, const char *url, const char *user_of_url, unsigned allowed, void *payload);
void remote_credentials_told(remote_op *op, bool taken); /* whether the server took them; they are forgotten */
void remote_credentials_forget(remote_op *op);

/* The environment for a process, without what ties git to a repository (we may run inside a hook); with `first` and `last`
 * unless they are NULL. Free the list, not what is in it. */
char **remote_environment(char *first, char *last);
/* git or ssh as a process (subprocess.c). */
int remote_process_new(git_smart_subtransport **out, git_transport *owner, remote_op *op);
/* Hand over what the server said: complete lines go to the caller, cleaned. */
void remote_op_hear(remote_op *op, const char *data, size_t len, bool last);
int remote_op_timeout(const remote_op *op);   /* seconds */
uint64_t remote_op_most(const remote_op *op); /* bytes that a fetch may bring */
/* Say why the operation failed. */
int remote_op_error(remote_op *op, int rc, const char *verb, cib_error *err);

#endif
