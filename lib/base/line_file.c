/* A file of lines that grows, for steps that come one by one: adding one costs one write, and one flush to the disk as soon as it
 * matters. What a kill or a power cut leaves is a beginning: whole lines, and at most one that is cut off, which nobody reads. */
#include "base/private.h"

#include "base/gettext.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct cib_line_file {
	char *path;
	int fd;         /* -1: the file is not open for writing */
	size_t *starts; /* of each line */
	size_t count, cap;
	size_t end; /* behind the last whole line */
	bool loose; /* something may not have reached the disk */
};

static void note_line(cib_line_file *l, size_t len)
{
	l->starts = cib_grow(l->starts, &l->cap, l->count + 1, sizeof *l->starts);
	l->starts[l->count++] = l->end;
	l->end += len;
}

int cib_line_file_open(cib_line_file **out, const char *path, cib_line_cb take, void *payload, cib_error *err)
{
	cib_buf text = CIB_BUF_INIT;
	cib_line_file *l = cib_alloc(sizeof *l);
	int status = cib_file_read(&text, path, 0, err);
	if (status == CIB_NOTFOUND) {
		cib_error_clear(err);
		status = CIB_OK;
	}
	l->path = cib_strdup(path);
	l->fd = -1;
	for (const char *end; status == CIB_OK && l->end < text.len && (end = memchr(text.data + l->end, '\n', text.len - l->end));) {
		size_t len = (size_t)(end - text.data) - l->end;
		if (!take(text.data + l->end, len, payload))
			break;
		note_line(l, len + 1);
	}
	cib_buf_free(&text);
	if (status == CIB_OK)
		*out = l;
	else
		cib_line_file_free(l);
	return status;
}

size_t cib_line_file_count(const cib_line_file *lines)
{
	return lines->count;
}

/* Open the file for writing, and cut off what is no whole line. */
static int begin(cib_line_file *l, cib_error *err)
{
	if (l->fd >= 0)
		return CIB_OK;
	l->fd = open(l->path, O_WRONLY | O_CREAT | O_CLOEXEC, 0666);
	if (l->fd < 0 || ftruncate(l->fd, (off_t)l->end) != 0)
		return cib_file_failed(err, N_("write"), l->path);
	return cib_file_sync_parent(l->path, err); /* the file itself may be new */
}

int cib_line_file_add(cib_line_file *lines, const char *text, cib_error *err)
{
	int status = begin(lines, err);
	if (status != CIB_OK)
		return status;
	char *line = cib_format("%s\n", text);
	size_t len = strlen(line);
	if (lseek(lines->fd, (off_t)lines->end, SEEK_SET) < 0 || cib_file_write_all(lines->fd, line, len) != 0) {
		status = cib_file_failed(err, N_("write"), lines->path);
		(void)!ftruncate(lines->fd, (off_t)lines->end); /* a line that was cut off would not be read anyhow */
	} else {
		note_line(lines, len);
		lines->loose = true;
	}
	free(line);
	return status;
}

int cib_line_file_drop(cib_line_file *lines, cib_error *err)
{
	int status = begin(lines, err);
	if (status != CIB_OK || !lines->count)
		return status;
	if (ftruncate(lines->fd, (off_t)lines->starts[lines->count - 1]) != 0)
		return cib_file_failed(err, N_("write"), lines->path);
	lines->end = lines->starts[--lines->count];
	lines->loose = true;
	return CIB_OK;
}

int cib_line_file_flush(cib_line_file *lines, cib_error *err)
{
	if (!lines->loose)
		return CIB_OK;
	if (fdatasync(lines->fd) != 0) /* with the file's length */
		return cib_file_failed(err, N_("write"), lines->path);
	lines->loose = false;
	return CIB_OK;
}

int cib_line_file_replace(cib_line_file *lines, const cib_buf *text, cib_error *err)
{
	int status = text->len ? cib_file_write(lines->path, text->data, text->len, err) : cib_file_remove(lines->path, err);
	if (status != CIB_OK)
		return status;
	if (lines->fd >= 0)
		close(lines->fd); /* of the old file */
	lines->fd = -1;
	lines->count = lines->end = 0;
	lines->loose = false;
	for (const char *end; lines->end < text->len && (end = memchr(text->data + lines->end, '\n', text->len - lines->end));)
		note_line(lines, (size_t)(end - text->data) + 1 - lines->end);
	return CIB_OK;
}

void cib_line_file_free(cib_line_file *lines)
{
	if (!lines)
		return;
	if (lines->fd >= 0)
		close(lines->fd);
	free(lines->starts);
	free(lines->path);
	free(lines);
}
