/* The addresses of repositories: http(s)://, ssh://, user@host:path, file://, a path. */
#include "store/remote.h"

#include <ctype.h>
#include <stdlib.h>
#include <strings.h>

void remote_url_clear(remote_url *url)
{
	free(url->host);
	free(url->port);
	free(url->path);
	*url = (remote_url){0};
}

static int hex(char c)
{
	return isdigit((unsigned char)c) ? c - '0' : isxdigit((unsigned char)c) ? tolower((unsigned char)c) - 'a' + 10
	                                                                        : -1;
}

char *remote_url_decoded(const char *s, size_t n)
{
	cib_buf out = CIB_BUF_INIT;
	cib_buf_reserve(&out, n);
	for (size_t i = 0; i < n; i++) {
		int high = s[i] == '%' && i + 2 < n ? hex(s[i + 1]) : -1, low = high >= 0 ? hex(s[i + 2]) : -1;
		if (low >= 0 && (high || low)) {
			cib_buf_addc(&out, (char)(high * 16 + low));
			i += 2;
		} else {
			cib_buf_addc(&out, s[i]);
		}
	}
	return out.len ? cib_buf_take(&out) : (cib_buf_free(&out), cib_strdup(""));
}

static int refuse(cib_error *err, const char *url, const char *why)
{
	cib_buf clean = CIB_BUF_INIT;
	cib_buf_add_clean(&clean, url, strlen(url));
	int status = cib_error_set(err, CIB_USAGE, "remote.url", "\"%s\" is no address of a repository: %s", cib_buf_str(&clean), why);
	cib_error_hint(err, "give https://HOST/PATH, ssh://USER@HOST/PATH, USER@HOST:PATH or a folder");
	cib_buf_free(&clean);
	return status;
}

static bool plain(const char *s) /* nothing that a command could take for an option or a second argument */
{
	if (!*s || *s == '-')
		return false;
	for (; *s; s++)
		if ((unsigned char)*s <= ' ' || *s == 0x7f)
			return false;
	return true;
}

static int parse_ssh(remote_url *out, const char *url, const char *rest, cib_error *err)
{
	const char *slash = strchr(rest, '/');
	if (!slash)
		return refuse(err, url, _("the path is missing"));
	out->host = cib_strndup(rest, (size_t)(slash - rest));
	char *at = strrchr(out->host, '@'), *name = at ? at + 1 : out->host;
	char *colon = *name == '[' ? strchr(name, ']') : name;
	colon = colon ? strchr(colon, ':') : NULL;
	if (colon) {
		out->port = cib_strdup(colon + 1);
		*colon = '\0';
	}
	if (*name == '[') { /* an IPv6 address, for ssh without its brackets */
		size_t n = strlen(name);
		if (name[n - 1] == ']')
			name[n - 1] = '\0';
		memmove(name, name + 1, strlen(name));
	}
	char *user_colon = at ? memchr(out->host, ':', (size_t)(at - out->host)) : NULL;
	if (user_colon) /* a password: ssh takes none */
		memmove(user_colon, at, strlen(at) + 1);
	if (slash[1] == '~')
		slash++;
	out->path = remote_url_decoded(slash, strlen(slash));
	if (out->port && (!*out->port || strspn(out->port, "0123456789") != strlen(out->port)))
		return refuse(err, url, _("the port is not a number"));
	return CIB_OK;
}

int remote_url_parse(remote_url *out, const char *url, cib_error *err)
{
	*out = (remote_url){0};
	const char *scheme = strstr(url, "://"), *colon = strchr(url, ':'), *slash = strchr(url, '/');
	int status = CIB_OK;
	if (!*url || *url == '-')
		return refuse(err, url, *url ? _("it begins with '-'") : _("it is empty"));
	if (strncasecmp(url, "https://", 8) == 0 || strncasecmp(url, "http://", 7) == 0) {
		out->kind = URL_HTTP;
		return plain(scheme + 3) ? CIB_OK : refuse(err, url, _("the host is missing"));
	}
	if (strncasecmp(url, "ssh://", 6) == 0 || strncasecmp(url, "git+ssh://", 10) == 0) {
		out->kind = URL_SSH;
		status = parse_ssh(out, url, scheme + 3, err);
	} else if (strncasecmp(url, "file://", 7) == 0) {
		out->kind = URL_LOCAL;
		const char *path = strncasecmp(url + 7, "localhost/", 10) == 0 ? url + 16 : url + 7;
		if (*path != '/')
			return refuse(err, url, _("file:// wants an absolute path"));
		out->path = remote_url_decoded(path, strlen(path));
	} else if (scheme && scheme == colon) {
		return refuse(err, url, _("this kind of address is not known"));
	} else if (colon && colon[1] == ':') {
		return refuse(err, url, _("remote helpers are not used"));
	} else if (colon && (!slash || colon < slash)) {
		out->kind = URL_SSH;
		out->host = cib_strndup(url, (size_t)(colon - url));
		out->path = cib_strdup(colon + 1);
	} else {
		out->kind = URL_LOCAL;
		out->path = cib_strdup(url);
	}
	if (status == CIB_OK && !*out->path)
		status = refuse(err, url, _("the path is missing"));
	if (status == CIB_OK && *out->path == '-')
		status = refuse(err, url, _("the path begins with '-'"));
	if (status == CIB_OK && out->kind == URL_SSH) {
		const char *at = strrchr(out->host, '@');
		if (!plain(out->host) || (at && !plain(at + 1)))
			status = refuse(err, url, _("the host is not a name"));
	}
	if (status != CIB_OK)
		remote_url_clear(out);
	return status;
}

int cib_store_url(cib_url_kind *kind, char **host, char **port, const char *url, cib_error *err)
{
	remote_url u = {0};
	*host = *port = NULL;
	int status = remote_url_parse(&u, url, err);
	if (status == CIB_OK) {
		*kind = u.kind == URL_HTTP ? CIB_URL_HTTP : u.kind == URL_SSH ? CIB_URL_SSH
		                                                              : CIB_URL_LOCAL;
		*host = cib_strdup(u.host);
		*port = cib_strdup(u.port);
	}
	remote_url_clear(&u);
	return status;
}
