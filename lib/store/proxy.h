/* The proxy that the environment names for an address. */
#ifndef CIB_STORE_PROXY_H
#define CIB_STORE_PROXY_H

#include "base/base.h"

/* Which proxy leads to an http(s) address: https_proxy or http_proxy, else all_proxy, in small or in capital letters (a hook of a
 * web server has HTTP_PROXY from whoever asks it, so that one is not read there), unless no_proxy names the host. *out is
 * the caller's; NULL: none. CIB_USAGE remote.proxy when it is none that can be used. */
int remote_proxy_find(char **out, const char *url, cib_error *err);

#endif
