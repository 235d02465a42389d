/* The proxy variables, as curl and git read them. */
#include "store/proxy.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *value_of(const char *small, const char *capital)
{
	const char *value = getenv(small);
	return value && *value ? value : capital ? getenv(capital)
	                                         : NULL;
}

/* no_proxy: names and their subdomains, separated by commas; "*" is every host. */
static bool is_exempt(const char *host, size_t len)
{
	const char *list = value_of("no_proxy", "NO_PROXY");
	while (list && *list) {
		list += strspn(list, " ,");
		size_t n = strcspn(list, " ,"), name = n;
		const char *item = list;
		list += n;
		if (name == 1 && *item == '*')
			return true;
		if (name && *item == '.')
			item++, name--;
		if (name && name <= len && strncasecmp(host + len - name, item, name) == 0 && (name == len || host[len - name - 1] == '.'))
			return true;
	}
	return false;
}

int remote_proxy_find(char **out, const char *url, cib_error *err)
{
	bool secure = strncasecmp(url, "https://", 8) == 0;
	const char *host = strstr(url, "://") + 3, *end = host + strcspn(host, "/?#"), *at = memchr(host, '@', (size_t)(end - host));
	host = at ? at + 1 : host;
	size_t len = *host == '[' ? strcspn(host, "]") + 1 : strcspn(host, ":/?#");
	*out = NULL;
	const char *proxy = secure ? value_of("https_proxy", "HTTPS_PROXY") : value_of("http_proxy", getenv("REQUEST_METHOD") ? NULL : "HTTP_PROXY");
	if (!proxy || !*proxy)
		proxy = value_of("all_proxy", "ALL_PROXY");
	if (!proxy || !*proxy || is_exempt(host, len))
		return CIB_OK;
	const char *scheme = strstr(proxy, "://"), *rest = scheme ? scheme + 3 : proxy;
	if ((scheme && strncasecmp(proxy, "http://", 7) != 0) || !*rest || strchr(":/", *rest)) {
		int status = cib_error_set(err, CIB_USAGE, "remote.proxy", "the proxy that the environment names for %.*s cannot be used", (int)len, host);
		cib_error_hint(err, "give http://[USER:PASSWORD@]HOST:PORT in %s, or name the host in no_proxy", secure ? "https_proxy" : "http_proxy");
		return status;
	}
	*out = cib_format("http://%s", rest);
	return CIB_OK;
}
