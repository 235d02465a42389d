/* The transports against real servers: a path with git, lighttpd with git http-backend, sshd. */
#include "store/store.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <netinet/in.h>
#include <time.h>
#include <unistd.h>
#include <cmocka.h>

#include "support/folder.h"

static const cib_oid none;

/* ---- a central repository that refuses what says "forbidden", and its servers ---- */

typedef struct {
	const char *name;
	char *url;      /* of the repository */
	char *pid_file; /* NULL: no server */
	const char *script;
} server;

static const char hook[] = "#!/bin/sh\nwhile read old new ref; do\n"
			   "if git log -1 --format=%B $new | grep -q forbidden; then\n"
			   "echo 'projects/a.json: /title is missing' >&2; printf 'second \\033[31mline\\n' >&2; echo \"user ${CIB_USER:-$REMOTE_USER}\" >&2; exit 1; fi; done\n";

static bool start(server *s, const char *kind)
{
	cib_buf out = CIB_BUF_INIT;
	char *central = cib_format("%s/served/n.git", dir);
	cib_store *store;
	*s = (server){.name = kind};
	OK(cib_store_init(&store, central, true, "refs/heads/main", &err));
	cib_store_free(store);
	char *path = cib_format("%s/hooks/pre-receive", central);
	OK(cib_file_write(path, hook, strlen(hook), &err));
	free(path);
	assert_int_equal(run(NULL, "chmod +x served/n.git/hooks/pre-receive"), 0);
	if (strcmp(kind, "path") == 0 || strcmp(kind, "file") == 0) {
		s->url = cib_format("%s%s", *kind == 'f' ? "file://" : "", central);
		free(central);
		return true;
	}
	int rc;
	if (strcmp(kind, "ssh") == 0) {
		s->script = "ssh_server.sh";
		rc = run(&out, "mkdir -p ssh && sh " CIB_SOURCE_DIR "/tests/support/ssh_server.sh start ssh");
	} else {
		s->script = "http_server.sh";
		rc = run(&out, "echo amina:secret >users && %s" CIB_SOURCE_DIR "/tests/support/http_server.sh start served users%s",
		         strcmp(kind, "https") == 0 ? "openssl req -x509 -newkey rsa:2048 -nodes -keyout key.pem -out cert.pem -days 2 -subj /CN=127.0.0.1 "
		                                      "-addext subjectAltName=DNS:127.0.0.1,IP:127.0.0.1 2>/dev/null && cat key.pem cert.pem >both.pem && sh "
		                                    : "sh ",
		         strcmp(kind, "https") == 0 ? " \"$PWD/both.pem\"" : "");
	}
	if (rc) {
		print_message("SKIP: no %s server here (%d)\n", kind, rc);
		free(central);
		cib_buf_free(&out);
		return false;
	}
	char *newline = strchr(out.data, '\n');
	*newline = '\0';
	s->pid_file = cib_strndup(newline + 1, strcspn(newline + 1, "\n"));
	if (strcmp(kind, "ssh") == 0) {
		s->url = cib_format("ssh://%s%s", out.data, central);
		char *client = cib_format("%s/ssh/ssh", dir);
		setenv("CIB_SSH", client, 1);
		free(client);
	} else {
		s->url = cib_format("%s/n.git", out.data);
		setenv("CIB_HTTP_USER", "amina", 1);
		setenv("CIB_HTTP_PASSWORD", "secret", 1);
	}
	free(central);
	cib_buf_free(&out);
	return true;
}

static void stop(server *s)
{
	if (s->pid_file)
		run(NULL, "sh " CIB_SOURCE_DIR "/tests/support/%s stop '%s'", s->script, s->pid_file);
	free(s->pid_file);
	s->pid_file = NULL;
}

static server current;

static int begin(void **state)
{
	current = (server){0};
	unsetenv("CIB_CA_FILE");
	return setup(state);
}

static int end(void **state)
{
	stop(&current);
	free(current.url);
	return teardown(state);
}

static cib_store *clone_of(const char *name)
{
	cib_store *store;
	char *path = cib_format("%s/%s", dir, name);
	OK(cib_store_init(&store, path, false, "refs/heads/main", &err));
	free(path);
	return store;
}

static cib_oid commit(cib_store *store, const cib_oid *parent, const char *path, const char *text, const char *message)
{
	cib_oid blob, tree, out;
	OK(cib_store_blob_write(&blob, store, text, strlen(text), &err));
	cib_tree_entry edit = {.path = path, .mode = 0100644, .oid = blob};
	OK(cib_store_tree_edit(&tree, store, parent, &edit, 1, &err));
	OK(cib_store_commit_write(&out, store, &tree, parent, cib_oid_is_zero(parent) ? 0 : 1, "A", "a@example.org", message, &err));
	OK(cib_store_ref_set(store, "refs/heads/main", &out, NULL, &err));
	return out;
}

static void note_line(const char *line, void *payload)
{
	cib_buf_addf(payload, "%s\n", line);
}

static int note_ref(const char *ref, const cib_oid *oid, void *payload)
{
	(void)oid;
	cib_buf_addf(payload, "%s ", ref);
	return 0;
}

static const cib_refspec push_main = {"refs/heads/main", "refs/heads/main"};
static const cib_refspec fetch_main[] = {{"refs/heads/main", "refs/remotes/origin/main"}, {"refs/heads/gone", "refs/remotes/origin/gone"}};

static void the_day_of_two_members(const char *url)
{
	cib_buf text = CIB_BUF_INIT;
	cib_remote_options options = {.remote_line = note_line, .payload = &text, .timeout_s = 20};
	cib_store *a = clone_of("a"), *b = clone_of("b");
	OK(cib_store_remote_refs(url, &options, note_ref, &text, &err));
	assert_string_equal(cib_buf_str(&text), "");
	cib_oid c1 = commit(a, &none, "x.json", "1", "One\n"), got;
	OK(cib_store_push(a, url, &push_main, 1, &options, &err));
	OK(cib_store_push(a, url, &push_main, 1, &options, &err)); /* nothing to do */

	OK(cib_store_fetch(b, url, fetch_main, 2, &options, &err));
	OK(cib_store_ref_get(&got, b, "refs/remotes/origin/main", &err));
	assert_true(cib_oid_equal(&got, &c1));
	OK(cib_store_ref_set(b, "refs/remotes/origin/gone", &c1, NULL, &err));
	OK(cib_store_fetch(b, url, fetch_main, 2, &options, &err)); /* nothing new, one gone */
	assert_int_equal(cib_store_ref_get(&got, b, "refs/remotes/origin/gone", NULL), CIB_NOTFOUND);

	cib_oid c2 = commit(a, &c1, "y.json", "2", "Two\n");
	OK(cib_store_push(a, url, &push_main, 1, &options, &err));
	commit(b, &c1, "z.json", "3", "Three\n");
	assert_int_equal(cib_store_push(b, url, &push_main, 1, &options, &err), CIB_REFUSED);
	assert_string_equal(err.code, "push.behind");
	OK(cib_store_fetch(b, url, fetch_main, 1, &options, &err));
	assert_int_equal(cib_store_push(b, url, &push_main, 1, &options, &err), CIB_REFUSED); /* still not merged */
	assert_string_equal(err.code, "push.behind");

	cib_buf_clear(&text);
	commit(a, &c2, "w.json", "4", "This is forbidden\n");
	assert_int_equal(cib_store_push(a, url, &push_main, 1, &options, &err), CIB_REFUSED);
	assert_string_equal(err.code, "push.refused");
	assert_non_null(strstr(err.message, "projects/a.json: /title is missing\nsecond "));
	assert_null(strchr(err.message, 033));
	assert_non_null(strstr(err.message, "user amina"));
	assert_non_null(strstr(text.data, "projects/a.json: /title is missing\n"));

	cib_buf_clear(&text);
	options.remote_line = NULL;
	OK(cib_store_remote_refs(url, &options, note_ref, &text, &err));
	assert_non_null(strstr(text.data, "refs/heads/main"));
	assert_int_equal(run(NULL, "git -C served/n.git fsck --strict >/dev/null 2>&1"), 0);
	assert_int_equal(run(NULL, "git -C b fsck --strict >/dev/null 2>&1"), 0);
	cib_buf_free(&text);
	cib_store_free(a);
	cib_store_free(b);
}

static void day_over(const char *kind)
{
	setenv("CIB_USER", "amina", 1);
	if (!start(&current, kind))
		skip();
	the_day_of_two_members(current.url);
}

static void push_fetch_and_refusals_work_over_a_path(void **state)
{
	(void)state;
	day_over("path");
}
static void push_fetch_and_refusals_work_over_a_file_url(void **state)
{
	(void)state;
	day_over("file");
}
static int stop_it(const cib_progress *p, void *payload)
{
	(void)p, (void)payload;
	return 1;
}

static void push_fetch_and_refusals_work_over_ssh(void **state)
{
	(void)state;
	if (system("id -un | grep -qx root") != 0)
		skip();
	if (!start(&current, "ssh"))
		skip();
	assert_int_equal(run(NULL, "sed -i 's/CIB_USER:-/CIB_NOBODY:-/; s/REMOTE_USER/{X:-amina}/' served/n.git/hooks/pre-receive"), 0);
	the_day_of_two_members(current.url);
	cib_remote_options options = {.timeout_s = 20};
	setenv("CIB_TEST_KNOWN_HOSTS", "/dev/null", 1);
	assert_int_equal(cib_store_remote_refs(current.url, &options, note_ref, &(cib_buf){0}, &err), CIB_REFUSED);
	assert_string_equal(err.code, "remote.host-key");
	assert_non_null(strstr(err.hint, "ssh-keyscan -p "));
	unsetenv("CIB_TEST_KNOWN_HOSTS");
	setenv("CIB_TEST_KEY", "/dev/null", 1);
	assert_int_equal(cib_store_remote_refs(current.url, &options, note_ref, &(cib_buf){0}, &err), CIB_REFUSED);
	assert_string_equal(err.code, "remote.credentials");
	unsetenv("CIB_TEST_KEY");
	char *missing = cib_format("%s.not-there", current.url);
	assert_int_equal(cib_store_remote_refs(missing, &options, note_ref, &(cib_buf){0}, &err), CIB_USAGE);
	assert_string_equal(err.code, "remote.missing");
	free(missing);
	stop(&current);
	assert_int_equal(cib_store_remote_refs(current.url, &options, note_ref, &(cib_buf){0}, &err), CIB_OFFLINE);
	assert_string_equal(err.code, "remote.offline");
	unsetenv("CIB_SSH");
}

static void push_fetch_and_refusals_work_over_http(void **state)
{
	(void)state;
	unsetenv("CIB_USER");
	if (!start(&current, "http"))
		skip();
	the_day_of_two_members(current.url);
	cib_remote_options options = {.timeout_s = 20};
	setenv("CIB_HTTP_PASSWORD", "wrong", 1);
	assert_int_equal(cib_store_remote_refs(current.url, &options, note_ref, &(cib_buf){0}, &err), CIB_REFUSED);
	assert_string_equal(err.code, "remote.credentials");
	unsetenv("CIB_HTTP_USER");
	assert_int_equal(cib_store_remote_refs(current.url, &options, note_ref, &(cib_buf){0}, &err), CIB_REFUSED);
	assert_string_equal(err.code, "remote.credentials");
	setenv("CIB_HTTP_USER", "amina", 1);
	setenv("CIB_HTTP_PASSWORD", "secret", 1);
	char *missing = cib_format("%s.not-there", current.url);
	assert_int_equal(cib_store_remote_refs(missing, &options, note_ref, &(cib_buf){0}, &err), CIB_USAGE);
	assert_string_equal(err.code, "remote.missing");
	free(missing);
	stop(&current);
	assert_int_equal(cib_store_remote_refs(current.url, &options, note_ref, &(cib_buf){0}, &err), CIB_OFFLINE);
	assert_string_equal(err.code, "remote.offline");
}

static void https_wants_a_valid_certificate(void **state)
{
	(void)state;
	unsetenv("CIB_USER");
	if (!start(&current, "https"))
		skip();
	cib_remote_options options = {.timeout_s = 20};
	assert_int_equal(cib_store_remote_refs(current.url, &options, note_ref, &(cib_buf){0}, &err), CIB_REFUSED);
	assert_string_equal(err.code, "remote.certificate");
	char *ca = cib_format("%s/cert.pem", dir);
	options.ca_file = ca;
	OK(cib_store_remote_refs(current.url, &options, note_ref, &(cib_buf){0}, &err));
	setenv("CIB_CA_FILE", ca, 1);
	the_day_of_two_members(current.url);
	unsetenv("CIB_CA_FILE");
	free(ca);
}

static void a_silent_server_is_given_up(void **state)
{
	(void)state;
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	struct sockaddr_in a = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t size = sizeof a;
	assert_int_equal(bind(fd, (struct sockaddr *)&a, sizeof a), 0);
	assert_int_equal(listen(fd, 4), 0);
	getsockname(fd, (struct sockaddr *)&a, &size);
	char *url = cib_format("http://127.0.0.1:%d/n.git", ntohs(a.sin_port));
	cib_remote_options options = {.timeout_s = 1};
	time_t before = time(NULL);
	assert_int_equal(cib_store_remote_refs(url, &options, note_ref, NULL, &err), CIB_OFFLINE);
	assert_string_equal(err.code, "remote.timeout");
	assert_true(time(NULL) - before < 5);
	setenv("CIB_SSH", "./sleeper", 1);
	free(url);
	assert_int_equal(run(NULL, "printf '#!/bin/sh\\nexec sleep 20\\n' >sleeper && chmod +x sleeper"), 0);
	char *sleeper = cib_format("%s/sleeper", dir);
	setenv("CIB_SSH", sleeper, 1);
	before = time(NULL);
	assert_int_equal(cib_store_remote_refs("ssh://host/n.git", &options, note_ref, NULL, &err), CIB_OFFLINE);
	assert_string_equal(err.code, "remote.timeout");
	assert_true(time(NULL) - before < 5);
	unsetenv("CIB_SSH");
	free(sleeper);
	close(fd);
}

static void limits_and_cancelling_stop_a_fetch(void **state)
{
	(void)state;
	unsetenv("CIB_USER");
	assert_true(start(&current, "path"));
	cib_store *a = clone_of("a"), *b = clone_of("b");
	char *big = cib_alloc(200001);
	for (size_t i = 0; i < 200000; i += 8) {
		cib_random(big + i, 8);
		for (size_t k = i; k < i + 8; k++)
			big[k] = (char)('0' + (big[k] & 63));
	}
	commit(a, &none, "big", big, "Big\n");
	free(big);
	OK(cib_store_push(a, current.url, &push_main, 1, NULL, &err));
	cib_remote_options options = {.max_bytes = 10000};
	cib_oid got;
	assert_int_equal(cib_store_fetch(b, current.url, fetch_main, 1, &options, &err), CIB_REFUSED);
	assert_string_equal(err.code, "remote.too-large");
	assert_int_equal(cib_store_ref_get(&got, b, "refs/remotes/origin/main", NULL), CIB_NOTFOUND);
	options = (cib_remote_options){.progress = stop_it};
	assert_int_equal(cib_store_fetch(b, current.url, fetch_main, 1, &options, &err), CIB_CANCELLED);
	OK(cib_store_fetch(b, current.url, fetch_main, 1, NULL, &err));
	cib_store_free(a);
	cib_store_free(b);
}

static void addresses_that_could_run_something_are_refused(void **state)
{
	(void)state;
	static const struct {
		const char *url;
		int status;
		const char *code;
	} cases[] = {
		{"ext::sh -c id", CIB_USAGE, "remote.url"},
		{"-oProxyCommand=id", CIB_USAGE, "remote.url"},
		{"ssh://-oProxyCommand=id/x", CIB_USAGE, "remote.url"},
		{"-x:path", CIB_USAGE, "remote.url"},
		{"host:-path", CIB_USAGE, "remote.url"},
		{"ssh://a@-b/x", CIB_USAGE, "remote.url"},
		{"git://host/x", CIB_USAGE, "remote.url"},
		{"ftp://host/x", CIB_USAGE, "remote.url"},
		{"", CIB_USAGE, "remote.url"},
		{"host:", CIB_USAGE, "remote.url"},
		{"ssh://host:2a/x", CIB_USAGE, "remote.url"},
		{"ssh://host", CIB_USAGE, "remote.url"},
		{"https://", CIB_USAGE, "remote.url"},
		{"a b:path", CIB_USAGE, "remote.url"},
		{"/not/there/at/all", CIB_OFFLINE, "remote.missing"},
		{"/", CIB_USAGE, "remote.missing"},
		{"http://127.0.0.1:1/x", CIB_OFFLINE, "remote.offline"},
		{"http://no-such-host.invalid/x", CIB_OFFLINE, "remote.offline"},
	};
	for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
		cib_error_clear(&err);
		int status = cib_store_remote_refs(cases[i].url, NULL, note_ref, NULL, &err);
		if (status != cases[i].status || strcmp(err.code, cases[i].code) != 0)
			fail_msg("\"%s\": %d %s %s", cases[i].url, status, err.code, err.message);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(addresses_that_could_run_something_are_refused, begin, end),
		cmocka_unit_test_setup_teardown(push_fetch_and_refusals_work_over_a_path, begin, end),
		cmocka_unit_test_setup_teardown(push_fetch_and_refusals_work_over_a_file_url, begin, end),
		cmocka_unit_test_setup_teardown(push_fetch_and_refusals_work_over_ssh, begin, end),
		cmocka_unit_test_setup_teardown(push_fetch_and_refusals_work_over_http, begin, end),
		cmocka_unit_test_setup_teardown(https_wants_a_valid_certificate, begin, end),
		cmocka_unit_test_setup_teardown(a_silent_server_is_given_up, begin, end),
		cmocka_unit_test_setup_teardown(limits_and_cancelling_stop_a_fetch, begin, end),
	};
	if (system("git --version >/dev/null 2>&1") != 0) {
		print_message("SKIP: git is not installed\n");
		return 0;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
