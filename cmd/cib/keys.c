/* A terminal read key by key. */
#include "keys.h"

#include "cmd.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

static struct termios before;                /* how the terminal was */
static volatile sig_atomic_t resized, ended; /* the terminal's size changed; the terminal or the machine goes away */

static void on_signal(int number)
{
	if (number == SIGWINCH)
		resized = 1;
	else
		ended = 1;
}

int cib_keys_read(void)
{
	unsigned char c, seq[3] = {0};
	ssize_t n = read(STDIN_FILENO, &c, 1);
	if (n < 0 && errno == EINTR && resized && !ended) {
		resized = 0;
		return CIB_KEY_RESIZED;
	}
	if (n != 1)
		return CIB_KEY_END;
	if (c != 27)
		return c;
	struct pollfd p = {STDIN_FILENO, POLLIN, 0};
	for (size_t i = 0; i < 3 && poll(&p, 1, 30) == 1; i++) {
		if (read(STDIN_FILENO, &seq[i], 1) != 1)
			return CIB_KEY_NONE;
		if (i == 1 && (seq[1] < '0' || seq[1] > '9'))
			break;
	}
	if (seq[0] != '[' && seq[0] != 'O')
		return seq[0] ? CIB_KEY_NONE : CIB_KEY_ESCAPE;
	switch (seq[1]) {
	case 'A':
		return CIB_KEY_UP;
	case 'B':
		return CIB_KEY_DOWN;
	case 'C':
		return CIB_KEY_RIGHT;
	case 'D':
		return CIB_KEY_LEFT;
	case '5':
		return CIB_KEY_PAGE_UP;
	case '6':
		return CIB_KEY_PAGE_DOWN;
	default:
		return CIB_KEY_NONE;
	}
}

void cib_keys_size(size_t *rows, size_t *columns)
{
	struct winsize w;
	bool known = ioctl(STDOUT_FILENO, TIOCGWINSZ, &w) == 0 && w.ws_row && w.ws_col;
	*rows = known && w.ws_row >= 8 ? w.ws_row : known ? 8
	                                                  : 24;
	*columns = known && w.ws_col >= 20 ? w.ws_col : known ? 20
	                                                      : 80;
}

static void drop_character(cib_buf *line)
{
	while (line->len && ((unsigned char)line->data[--line->len] & 0xC0u) == 0x80u)
		;
	if (line->data)
		line->data[line->len] = '\0';
}

/* The end of the line, as much as fits. */
static void draw_prompt(const char *prompt, const cib_buf *line)
{
	size_t rows, columns;
	cib_keys_size(&rows, &columns);
	char *all = cib_format("%s%s", prompt, line->len ? line->data : "");
	const char *from = all;
	while (cib_text_width(from, strlen(from)) + 1 > columns)
		do
			from++;
		while (((unsigned char)*from & 0xC0u) == 0x80u);
	printf("\033[%zu;1H\033[J", rows - 1);
	cib_print_clean(stdout, from);
	fflush(stdout);
	free(all);
}

char *cib_keys_ask(const char *prompt)
{
	cib_buf line = CIB_BUF_INIT;
	int key = CIB_KEY_NONE;
	while (key != '\r' && key != '\n') {
		draw_prompt(prompt, &line);
		key = cib_keys_read();
		if (key == 3 || key == 27 || key == CIB_KEY_ESCAPE || key == CIB_KEY_END || (key == 4 && !line.len))
			line.len = 0;
		if (key == 3 || key == 27 || key == CIB_KEY_ESCAPE || key == CIB_KEY_END || key == 4)
			break;
		if (key == 127 || key == 8)
			drop_character(&line);
		else if (key == 21)
			line.len = 0;
		else if (key >= ' ' && key < 256)
			cib_buf_addc(&line, (char)key);
	}
	char *text = line.len && cib_utf8_valid(line.data, line.len) ? cib_strndup(line.data, line.len) : NULL;
	cib_buf_free(&line);
	return text;
}

bool cib_keys_waiting(void)
{
	struct pollfd p = {STDIN_FILENO, POLLIN, 0};
	return poll(&p, 1, 0) == 1;
}

void cib_keys_begin(void)
{
	struct sigaction quiet = {.sa_handler = on_signal}; /* no SA_RESTART: the key that is waited for comes back without one */
	const int signals[] = {SIGINT, SIGTERM, SIGHUP, SIGWINCH};
	for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
		sigaction(signals[i], &quiet, NULL);
	tcgetattr(STDIN_FILENO, &before);
	struct termios t = before;
	t.c_lflag &= ~(tcflag_t)(ICANON | ECHO | ISIG); /* Ctrl-C is a key: leave, decisions kept */
	t.c_cc[VMIN] = 1;
	t.c_cc[VTIME] = 0;
	fputs("\033[?1049h", stdout);
	fflush(stdout);
	tcsetattr(STDIN_FILENO, TCSANOW, &t);
}

void cib_keys_end(void)
{
	tcsetattr(STDIN_FILENO, TCSANOW, &before);
	fputs("\033[?1049l", stdout);
	fflush(stdout);
}
