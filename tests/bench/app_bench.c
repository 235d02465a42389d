/* The secretariat at the app: a queue of 1,000 entries of 40 members, asked for over HTTP as the pages ask, at the first time and
 * again. app_bench DIR keeps what was made for the measurement there. */
#include "app/app.h"
#include "made_network.h"
#include "review/review.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

enum { SUBMITTERS = 40,
       CHANGED = 13,    /* entries of a member that main has in another version, */
       FRESH = 12,      /* and that main does not have */
       MEANWHILE = 200, /* commits of main since, about others */
       ENTRIES = 20000,
       AGAIN = 5 };

typedef struct {
	int port;
	char cookie[160], token[80];
	cib_buf answer; /* of the last request, with its head */
} client;

static void submit(cib_store *store, const cib_oid *main_tip, size_t member)
{
	cib_error err = CIB_ERROR_INIT;
	char *ref = cib_format("refs/heads/members/m-%zu", member), *email = cib_format("user-%zu@m-%zu.cib.invalid", member, member);
	cib_oid tip = made_commit(store, main_tip, member, MADE_MEMBERS, CHANGED, 1, email);
	tip = made_commit(store, &tip, ENTRIES + member, MADE_MEMBERS, FRESH, 0, email);
	made_must(cib_store_ref_set(store, ref, &tip, NULL, &err), &err, "branch");
	free(ref);
	free(email);
}

/* Main goes on: one entry of the members that submit nothing, in each commit. */
static void go_on(cib_store *store, const cib_oid *main_tip)
{
	cib_error err = CIB_ERROR_INIT;
	cib_oid tip = *main_tip;
	for (size_t i = 0; i < MEANWHILE; i++)
		tip = made_commit(store, &tip, SUBMITTERS + i % (MADE_MEMBERS - SUBMITTERS) + i / 10 * MADE_MEMBERS, 1, 1, 1, "sec-1@secretariat.cib.invalid");
	made_must(cib_store_ref_set(store, "refs/heads/main", &tip, NULL, &err), &err, "main");
}

static void make_scene(const char *dir)
{
	cib_error err = CIB_ERROR_INIT;
	cib_oid main_tip;
	cib_workspace *ws = NULL;
	cib_sync_options options = {.lang = "en"};
	char *path = cib_format("%s/central.git", dir), *copy = cib_format("%s/sec-1", dir);
	cib_store *store = made_network(path, ENTRIES, &main_tip);
	for (size_t m = 0; m < SUBMITTERS; m++)
		submit(store, &main_tip, m);
	go_on(store, &main_tip);
	made_must(cib_workspace_join(&ws, path, copy, "sec-1", NULL, &options, &err), &err, "join");
	made_must(cib_sync(ws, &options, &(cib_sync_report){0}, &err), &err, "sync"); /* with the index of duplicates */
	cib_workspace_free(ws);
	cib_store_free(store);
	free(path);
	free(copy);
}

/* ---- a client ---- */

static const char *ask(client *c, const char *method, const char *path, const char *body)
{
	struct sockaddr_in here = {.sin_family = AF_INET, .sin_port = htons((uint16_t)c->port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	int s = socket(AF_INET, SOCK_STREAM, 0);
	cib_buf text = CIB_BUF_INIT;
	char part[65536];
	ssize_t n = 0;
	cib_buf_addf(&text, "%s %s HTTP/1.1\r\nHost: 127.0.0.1:%d\r\nConnection: close\r\n%s", method, path, c->port, c->cookie);
	if (body)
		cib_buf_addf(&text, "Origin: http://127.0.0.1:%d\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n%s\r\n%s", c->port, strlen(body), c->token, body);
	else
		cib_buf_adds(&text, "\r\n");
	cib_buf_clear(&c->answer);
	if (s < 0 || connect(s, (struct sockaddr *)&here, sizeof here) != 0 || write(s, text.data, text.len) != (ssize_t)text.len)
		exit(1);
	while ((n = read(s, part, sizeof part)) > 0)
		cib_buf_add(&c->answer, part, (size_t)n);
	close(s);
	cib_buf_free(&text);
	if (strncmp(cib_buf_str(&c->answer), "HTTP/1.1 200", 12) != 0) {
		fprintf(stderr, "%s %s: %.300s\n", method, path, cib_buf_str(&c->answer));
		exit(1);
	}
	return cib_buf_str(&c->answer);
}

/* What stands in the last answer behind `before`, up to a quote. */
static void take(char *out, size_t size, const client *c, const char *head, const char *before, const char *tail)
{
	const char *at = strstr(cib_buf_str(&c->answer), before);
	if (!at)
		exit(1);
	at += strlen(before);
	snprintf(out, size, "%s%.*s%s", head, (int)strcspn(at, "\";"), at, tail);
}

static void enter(client *c, const cib_app *app)
{
	cib_buf page = CIB_BUF_INIT;
	cib_error err = CIB_ERROR_INIT;
	made_must(cib_file_read(&page, cib_app_start_page(app), 1 << 16, &err), &err, "start page");
	char *body = cib_format("{\"token\":\"%.64s\"}", strstr(cib_buf_str(&page), "#start=") + 7);
	c->port = cib_app_port(app);
	ask(c, "POST", "/api/start", body);
	take(c->cookie, sizeof c->cookie, c, "Cookie: ", "Set-Cookie: ", "\r\n");
	ask(c, "GET", "/api/me", NULL);
	take(c->token, sizeof c->token, c, "X-Cib-Token: ", "\"token\":\"", "\r\n");
	free(body);
	cib_buf_free(&page);
}

/* ---- what is measured ---- */

static double time_of(client *c, const char *method, const char *path, const char *body)
{
	double start = made_now();
	ask(c, method, path, body);
	return made_now() - start;
}

static void figure(const char *name, double ms, int target)
{
	printf("figure app_review_%s_of_1000 %.0f ms target %d\n", name, ms, target);
	fflush(stdout);
}

static void measure_get(client *c, const char *name, const char *path, int target)
{
	double runs[AGAIN];
	for (int i = 0; i < AGAIN; i++)
		runs[i] = time_of(c, "GET", path, NULL);
	figure(name, made_median(runs, AGAIN), target);
}

/* Accept entries of the first member one after the other, each looked at first: the time of both requests. */
static void measure_decisions(client *c)
{
	double looks[AGAIN], steps[AGAIN];
	for (int i = 0; i < AGAIN; i++) {
		char version[64], *path = cib_format("/api/review/items/m-0/p-%010d", i * MADE_MEMBERS), *decide = cib_format("%s/decide", path);
		looks[i] = time_of(c, "GET", path, NULL);
		take(version, sizeof version, c, "", "\"version\":\"", "");
		char *body = cib_format("{\"version\":\"%s\",\"what\":\"accept\"}", version);
		steps[i] = time_of(c, "POST", decide, body);
		free(body);
		free(decide);
		free(path);
	}
	figure("item", made_median(looks, AGAIN), 50);
	figure("decide", made_median(steps, AGAIN), 50);
}

int main(int argc, char **argv)
{
	char made[] = "/tmp/cib-bench-XXXXXX";
	const char *dir = argc > 1 ? argv[1] : mkdtemp(made);
	cib_error err = CIB_ERROR_INIT;
	cib_app *app = NULL;
	client c = {.answer = CIB_BUF_INIT};
	char *copy = cib_format("%s/sec-1", dir), *clean = cib_format("rm -rf '%s'", dir);
	if (access(copy, F_OK) != 0)
		make_scene(dir);
	setenv("CIB_USER", "sec-1", 1);
	made_must(cib_app_open(&app, copy, &(cib_app_options){0}, &err), &err, "app");
	enter(&c, app);
	figure("home", time_of(&c, "GET", "/api/home", NULL), 300);
	figure("home_again", time_of(&c, "GET", "/api/home", NULL), 50);
	figure("queue_first", time_of(&c, "GET", "/api/review", NULL), 1000);
	measure_get(&c, "queue_again", "/api/review", 50);
	measure_get(&c, "queue_of_a_member", "/api/review?member=m-7", 50);
	measure_decisions(&c);
	measure_get(&c, "activity", "/api/review/activity", 300);
	figure("accept_clean", time_of(&c, "POST", "/api/review/accept-clean", "{}"), 1000);
	measure_get(&c, "queue_when_all_is_decided", "/api/review", 50);
	measure_decisions(&c);
	figure("undo", time_of(&c, "POST", "/api/review/undo", "{}"), 50);
	figure("looked", time_of(&c, "POST", "/api/review/looked", "{}"), 100);
	cib_app_free(app);
	if (argc == 1 && system(clean) != 0)
		return 1;
	cib_buf_free(&c.answer);
	free(copy);
	free(clean);
	return 0;
}
