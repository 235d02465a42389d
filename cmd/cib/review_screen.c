/* cib review --interactive: the queue on the whole screen, one entry at a time.
 *
 * Plain ANSI and one key a step. Nothing is sent, or even committed, before "finish"; until then each step is in the
 * sitting's file (lib/review/session.c) and can be undone. */
#include "keys.h"
#include "review.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef struct {
	cib_workspace *ws;
	const cib_review_queue *queue;
	cib_review_session *session;
	cib_duplicates *index; /* NULL: without */
	cib_review_detail detail;
	cib_review_view view; /* its fields in words */
	size_t at;            /* the item that is shown */
	size_t field;         /* the field that is marked */
	size_t top;           /* first line of the text that is shown */
	bool only_new, whole;
	bool scrolled;  /* by the person: the marked field may be out of sight */
	char said[200]; /* the line above the keys */
} screen;

/* ---- drawing ---- */

static const cib_review_item *current(const screen *s)
{
	return &s->queue->items[s->at];
}

static const char *sitting_word(cib_sitting what)
{
	static const char *const words[] = {"", N_("ACCEPTED"), N_("RETURNED"), N_("DECLINED")};
	return words[what];
}

static void print_whole(FILE *f, const cJSON *doc)
{
	cib_buf b = CIB_BUF_INIT;
	if (doc)
		cib_json_write(&b, doc, NULL);
	cib_print_clean(f, cib_buf_str(&b));
	cib_buf_free(&b);
}

static void print_comments(const screen *s, FILE *f)
{
	cib_review_comment *list;
	size_t n = cib_review_session_comments(&list, s->session, current(s));
	for (size_t i = 0; i < n; i++) {
		fputs("  \033[36m", f);
		fprintf(f, _("your comment on %s: "), *list[i].pointer ? list[i].pointer : _("the entry"));
		cib_print_clean(f, list[i].text);
		fputs("\033[0m\n", f);
	}
	free(list);
}

/* Break lines at the width; sequences of the terminal take no room. The number of lines before `mark` goes to *marked. */
static char *fold(const char *text, size_t width, size_t mark, size_t *marked)
{
	cib_buf out = CIB_BUF_INIT;
	size_t used = 0, lines = 0;
	*marked = 0;
	for (size_t i = 0; text[i];) {
		size_t n = 1;
		if (i == mark)
			*marked = lines;
		if (text[i] == 27)
			n += strcspn(text + i + 1, "m") + 1;
		else
			while (((unsigned char)text[i + n] & 0xC0u) == 0x80u)
				n++;
		size_t wide = text[i] == 27 || text[i] == '\n' ? 0 : cib_text_width(text + i, n);
		if (used + wide > width) {
			cib_buf_addc(&out, '\n');
			used = 0;
			lines++;
		}
		used = text[i] == '\n' ? 0 : used + wide;
		lines += text[i] == '\n';
		cib_buf_add(&out, text + i, n);
		i += n;
	}
	return out.data ? cib_buf_take(&out) : cib_strdup("");
}

/* The text of the item; its lines are separated by newlines and fit the width. */
static char *render(screen *s, size_t width, size_t *selected_line)
{
	char *text = NULL;
	size_t size = 0;
	FILE *f = open_memstream(&text, &size);
	review_print p = {.stream = f, .width = width, .colour = true, .only_new = s->only_new, .selected = s->field};
	if (s->whole)
		print_whole(f, s->detail.after ? s->detail.after : s->detail.before);
	else
		review_print_text(&p, s->ws, current(s), &s->detail, &s->view);
	print_comments(s, f);
	fclose(f);
	char *folded = fold(text, width, (size_t)p.selected_at, selected_line);
	free(text);
	return folded;
}

/* What the keys do, in at most two lines; where that is too narrow, the most used alone. */
static void draw_keys(size_t rows, size_t columns)
{
	static const char *const lines[][2] = {
		{N_("a accept  A accept all clean of the member  r return  c comment on field  d decline  s skip  u undo"),
	         N_("n/p next/previous  up/down field  o whole entry  l since last look  f finish  q leave (kept)  ? help")},
		{N_("a accept  A all clean  r return  c comment  d decline  s skip"), N_("u undo  n/p next/prev.  o whole  l new  f finish  q leave  ? help")},
		{N_("a accept r return c comment s skip"), N_("u undo f finish q leave ? help")}};
	size_t i = columns > 101 ? 0 : columns > 64 ? 1
	                                            : 2;
	for (size_t k = 0; k < 2; k++)
		printf("\033[%zu;1H\033[K%.*s", rows - 1 + k, (int)columns - 1, _(lines[i][k]));
}

static void draw_top(const screen *s, size_t columns)
{
	cib_sitting what = cib_review_session_state(s->session, current(s));
	size_t accepted = cib_review_session_count(s->session, CIB_SITTING_ACCEPT), returned = cib_review_session_count(s->session, CIB_SITTING_RETURN);
	size_t declined = cib_review_session_count(s->session, CIB_SITTING_DECLINE);
	char *wide = cib_format(_(" Review %zu of %zu   accepted %zu, returned %zu, declined %zu   %s "), s->at + 1, s->queue->count, accepted, returned, declined, _(sitting_word(what)));
	char *narrow = cib_format(" %zu/%zu  +%zu <%zu x%zu  %s ", s->at + 1, s->queue->count, accepted, returned, declined, _(sitting_word(what)));
	printf("\033[H\033[J\033[7m%.*s\033[0m\n", (int)columns - 1, strlen(wide) < columns ? wide : narrow);
	free(wide);
	free(narrow);
}

static void draw(screen *s)
{
	size_t rows, columns, line = 0, at, total = 0;
	cib_keys_size(&rows, &columns);
	size_t room = rows - 4;
	char *text = render(s, columns, &at);
	for (const char *p = text; *p; p++)
		total += *p == '\n';
	if (!s->whole && !s->scrolled && (at < s->top || at + 1 >= s->top + room))
		s->top = at > 2 ? at - 2 : 0;
	if (s->top + room > total)
		s->top = total > room ? total - room : 0;
	draw_top(s, columns);
	for (const char *p = text; *p; line++) {
		size_t n = strcspn(p, "\n");
		if (line >= s->top && line < s->top + room)
			printf("%.*s\033[0m\n", (int)n, p);
		p += n + (p[n] == '\n');
	}
	if (s->top + room < total)
		printf("\033[%zu;1H\033[2m%s\033[0m", rows - 2, _("(space: more)"));
	if (*s->said)
		printf("\033[%zu;1H\033[K%.*s", rows - 2, (int)columns - 1, s->said);
	draw_keys(rows, columns);
	fflush(stdout);
	free(text);
}

static void help(void)
{
	fputs("\033[H\033[J", stdout);
	fputs(_("a  accept this version and go on\n"
	        "A  accept all of this member that nothing speaks against\n"
	        "r  return with a comment on the entry\n"
	        "c  comment on the marked field; returned with it\n"
	        "d  decline with a reason\n"
	        "s  skip: decide nothing, go on\n"
	        "u  undo the last step\n"
	        "n p  next, previous      up down (k j)  mark a field\n"
	        "space, page up, page down  scroll\n"
	        "o  the whole entry, and back\n"
	        "l  only what is new since the last look, and back\n"
	        "f  finish: carry out all decisions\n"
	        "q  leave; the decisions are kept for the next time\n\n"
	        "Nothing leaves this computer before f and then cib sync.\nAny key goes back."),
	      stdout);
	fflush(stdout);
	while (cib_keys_read() == CIB_KEY_RESIZED)
		;
}

/* ---- steps ---- */

/* The fields in words, again: of all changes, or of what is new. */
static void view(screen *s, bool only_new)
{
	s->only_new = only_new && s->detail.seen;
	s->field = s->top = 0;
	cib_review_view_clear(&s->view);
	cib_review_view_make(&s->view, s->ws, current(s), &s->detail, s->only_new, cib_term_lang());
}

static int load(screen *s, cib_error *err)
{
	cib_review_detail_clear(&s->detail);
	s->whole = false;
	int status = cib_review_detail_load(&s->detail, s->ws, current(s), s->index, cib_term_lang(), err);
	view(s, true);
	return status;
}

static int go(screen *s, bool forward, cib_error *err)
{
	s->at = forward ? (s->at + 1) % s->queue->count : (s->at + s->queue->count - 1) % s->queue->count;
	return load(s, err);
}

/* To the next item without a decision; stays where all have one. */
static int go_on(screen *s, cib_error *err)
{
	size_t next = cib_review_session_next(s->session, s->queue, s->at);
	if (next != SIZE_MAX)
		s->at = next;
	else
		snprintf(s->said, sizeof s->said, "%s", _("Everything has a decision. f carries them out."));
	return load(s, err);
}

static int decide(screen *s, cib_sitting what, cib_error *err)
{
	const cib_review_item *item = current(s);
	int status = cib_review_session_decide(s->session, item, what, err);
	snprintf(s->said, sizeof s->said, "%s: %s", item->id, _(sitting_word(what)));
	return status == CIB_OK ? go_on(s, err) : status;
}

static int with_comment(screen *s, cib_sitting what, bool on_field, cib_error *err)
{
	const cib_view_field *field = on_field && s->field < s->view.count ? &s->view.items[s->field] : NULL;
	const char *pointer = field ? field->pointer : "";
	char *prompt = field ? cib_format(_("Comment on %s: "), field->title) : cib_strdup(what == CIB_SITTING_DECLINE ? _("Reason: ") : _("Comment: "));
	char *text = cib_keys_ask(prompt);
	int status = CIB_OK;
	free(prompt);
	if (!text) {
		snprintf(s->said, sizeof s->said, "%s", _("Nothing was written, nothing is decided."));
		return CIB_OK;
	}
	status = cib_review_session_comment(s->session, current(s), pointer, text, err);
	free(text);
	if (status == CIB_OK && on_field) { /* there may be more to say about other fields: stay */
		snprintf(s->said, sizeof s->said, _("%s: RETURNED with your comment; n goes on"), current(s)->id);
		return cib_review_session_decide(s->session, current(s), what, err);
	}
	return status == CIB_OK ? decide(s, what, err) : status;
}

static int accept_clean(screen *s, cib_error *err)
{
	const char *member = current(s)->member;
	size_t taken, left;
	int status = cib_review_session_accept_clean(&taken, &left, s->session, s->queue, member, s->index, cib_term_lang(), err);
	snprintf(s->said, sizeof s->said, _("%s: accepted %zu, %zu to be looked at one by one"), member, taken, left);
	return status == CIB_OK ? go_on(s, err) : status;
}

static int undo(screen *s, cib_error *err)
{
	char id[101];
	int status = cib_review_session_undo(s->session, id, err);
	if (status == CIB_NOTFOUND) {
		snprintf(s->said, sizeof s->said, "%s", _("There is nothing to undo."));
		cib_error_clear(err);
		return CIB_OK;
	}
	for (size_t i = 0; i < s->queue->count; i++)
		if (strcmp(s->queue->items[i].id, id) == 0)
			s->at = i;
	snprintf(s->said, sizeof s->said, _("%s: the last step is taken back"), id);
	return status == CIB_OK ? load(s, err) : status;
}

static void move(screen *s, int key)
{
	size_t *at = s->whole ? &s->top : &s->field;
	if (key == CIB_KEY_UP)
		*at -= *at > 0;
	else if (s->whole || s->field + 1 < s->view.count)
		++*at;
}

/* One key. CIB_CANCELLED: leave; *finish: carry out first. */
static int step(screen *s, int key, bool *finish, cib_error *err)
{
	if (key != CIB_KEY_RESIZED)
		s->said[0] = '\0';
	s->scrolled = key == ' ' || key == CIB_KEY_PAGE_UP || key == CIB_KEY_PAGE_DOWN;
	switch (key) {
	case 'a':
		return decide(s, CIB_SITTING_ACCEPT, err);
	case 'A':
		return accept_clean(s, err);
	case 'r':
		return with_comment(s, CIB_SITTING_RETURN, false, err);
	case 'c':
		return with_comment(s, CIB_SITTING_RETURN, true, err);
	case 'd':
		return with_comment(s, CIB_SITTING_DECLINE, false, err);
	case 's':
	case 'n':
	case CIB_KEY_RIGHT:
		return go(s, true, err);
	case 'p':
	case CIB_KEY_LEFT:
		return go(s, false, err);
	case 'u':
		return undo(s, err);
	case CIB_KEY_UP:
	case CIB_KEY_DOWN:
		move(s, key);
		break;
	case 'k':
		move(s, CIB_KEY_UP);
		break;
	case 'j':
		move(s, CIB_KEY_DOWN);
		break;
	case ' ':
	case CIB_KEY_PAGE_DOWN:
		s->top += 10;
		break;
	case CIB_KEY_PAGE_UP:
		s->top = s->top > 10 ? s->top - 10 : 0;
		break;
	case 'o':
		s->whole = !s->whole;
		s->top = 0;
		break;
	case 'l':
		view(s, !s->only_new);
		break;
	case '?':
	case 'h':
		help();
		break;
	case 'f':
		*finish = true;
		return CIB_CANCELLED;
	case 'q':
	case 3:
	case 4:
	case CIB_KEY_END:
		return CIB_CANCELLED;
	case CIB_KEY_NONE:
	case CIB_KEY_RESIZED:
	case CIB_KEY_ESCAPE:
		break;
	default:
		snprintf(s->said, sizeof s->said, "%s", _("? shows what the keys do."));
		break;
	}
	return CIB_OK;
}

int review_screen(cib_workspace *ws, const cib_review_queue *queue)
{
	screen s = {.ws = ws, .queue = queue};
	cib_error err = CIB_ERROR_INIT;
	bool finish = false;
	if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO))
		return cib_usage("--interactive needs a terminal; for scripts: cib review accept | return | decline");
	const char *term = getenv("TERM");
	if (!term || !*term || strcmp(term, "dumb") == 0)
		return cib_usage("--interactive needs a terminal that can place text, and TERM is %s; without one: cib review show, then cib review accept | return | decline", term && *term ? term : _("not set"));
	if (queue->count == 0) {
		fputs(_("Nothing waits for review.\n"), stderr);
		return 0;
	}
	int status = cib_review_session_open(&s.session, ws, &err);
	if (status != CIB_OK)
		return cib_fail(&err);
	cib_keys_begin();
	s.at = queue->count - 1;
	cib_duplicates_open(&s.index, ws, NULL);
	status = go_on(&s, &err);
	cib_review_session_hurry(s.session);
	while (status == CIB_OK) {
		if (!cib_keys_waiting()) /* a person will believe what the next picture says */
			status = cib_review_session_flush(s.session, &err);
		draw(&s);
		if (status == CIB_OK)
			status = step(&s, cib_keys_read(), &finish, &err);
	}
	cib_keys_end();
	if (status == CIB_CANCELLED)
		status = cib_review_session_flush(s.session, &err);
	int code = status == CIB_OK ? 0 : cib_fail(&err);
	size_t kept = cib_review_session_count(s.session, CIB_SITTING_NONE);
	if (finish)
		code = review_finish(s.session);
	else if (code == 0 && kept)
		fprintf(stderr, cib_ngettext("%zu decision is kept and not carried out. Go on: cib review --interactive, then f\n", "%zu decisions are kept and not carried out. Go on: cib review --interactive, then f\n", kept), kept);
	cib_review_detail_clear(&s.detail);
	cib_review_view_clear(&s.view);
	cib_review_session_free(s.session);
	cib_duplicates_free(s.index);
	return code;
}
