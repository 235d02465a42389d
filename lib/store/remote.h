/* What remote.c, url.c and subprocess.c share. */
#ifndef CIB_STORE_REMOTE_H
#define CIB_STORE_REMOTE_H

#include "store/private.h"

/* Where a repository is. */
typedef enum { URL_HTTP, URL_SSH, URL_LOCAL } url_kind;
typedef struct {
	url_kind kind;
	char *host; /* ssh: [user@]host */
	char *port; /* ssh; NULL: its default */
	char *path; /* ssh and local */
} remote_url;
int remote_url_parse(remote_url *out, const char *url, cib_error *err);
void remote_url_clear(remote_url *url);

/* One remote operation: what its callbacks learn. */
typedef struct {
	const cib_remote_options *options;
	const char *text; /* the URL without a password, for messages */
	remote_url url;
	cib_progress progress;
	bool cancelled, too_large, bad_certificate, silent;
	int credentials_asked;
	cib_buf line;  /* of the side band, not yet complete */
	cib_buf words; /* what the server said, cleaned */
	cib_buf child_words; /* standard error of ssh or git, raw */
	int child_status;    /* its exit status; -1: none, or ended by a signal */
	int push_status;     /* CIB_OK, or CIB_REFUSED */
	bool behind;
	char *push_ref, *push_reason;
} remote_op;

/* The callback of git_remote_callbacks.transport: git or ssh as a process. `payload`: a remote_op. */
int remote_process_transport(git_transport **out, git_remote *owner, void *payload);
/* Hand over what the server said: complete lines go to the caller, cleaned. */
void remote_op_hear(remote_op *op, const char *data, size_t len, bool last);
int remote_op_timeout(const remote_op *op); /* seconds */
/* Say why the operation failed. */
int remote_op_error(remote_op *op, int rc, const char *verb, cib_error *err);

#endif
