/* Bundles: a list of references, the commits they build on, and a pack, in one file (gitformat-bundle(5)):
 *
 *     # v2 git bundle LF
 *     -<id> <what it is> LF      needed: must be there already
 *     <id> <reference> LF        held
 *     LF
 *     <pack>                     may be thin: deltas against what is needed
 *
 * Written: version 2. Read: also version 3 as far as it says the same (SHA-1, no filter). */
#include "store/closure.h"
#include "store/pack_take.h"
#include "store/pack_write.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { HEAD_MAX = 4 << 20, /* a head that is longer is no bundle of ours or anybody's */
       PACK_HEAD = 12,
       LEAST_OBJECT = 9 }; /* bytes in a pack: what it is, and a zlib stream of nothing */

/* ---- writing ---- */

typedef struct {
	cib_store *store;
	cib_oid *in; /* commits of the bundle, sorted */
	size_t count, cap;
	cib_oid *edges;
	size_t edge_count, edge_cap;
} selection;

static int by_oid(const void *a, const void *b)
{
	return memcmp(a, b, sizeof(cib_oid));
}

static int select_commit(const cib_oid *oid, void *payload)
{
	selection *s = payload;
	s->in = cib_grow(s->in, &s->cap, s->count + 1, sizeof *s->in);
	s->in[s->count++] = *oid;
	return 0;
}

static bool holds(const cib_oid *sorted, size_t count, const cib_oid *oid)
{
	return count && bsearch(oid, sorted, count, sizeof *sorted, by_oid);
}

/* The commits right outside: what the other side must have. */
static int find_edges(selection *s, cib_error *err)
{
	int status = CIB_OK;
	if (s->count)
		qsort(s->in, s->count, sizeof *s->in, by_oid);
	for (size_t i = 0; status == CIB_OK && i < s->count; i++) {
		cib_commit c;
		status = cib_store_commit_read(&c, s->store, &s->in[i], err);
		for (size_t k = 0; status == CIB_OK && k < c.parent_count; k++) {
			if (holds(s->in, s->count, &c.parents[k]))
				continue;
			s->edges = cib_grow(s->edges, &s->edge_cap, s->edge_count + 1, sizeof *s->edges);
			s->edges[s->edge_count++] = c.parents[k];
		}
		cib_commit_clear(&c);
	}
	if (s->edge_count)
		qsort(s->edges, s->edge_count, sizeof *s->edges, by_oid);
	size_t kept = 0;
	for (size_t i = 0; i < s->edge_count; i++)
		if (!kept || by_oid(&s->edges[kept - 1], &s->edges[i]) != 0)
			s->edges[kept++] = s->edges[i];
	s->edge_count = kept;
	return status;
}

/* "-<id> <first line of the message>", as git does: for whoever reads it. */
static void add_need(cib_buf *out, cib_store *store, const cib_oid *oid)
{
	char hex[CIB_OID_HEX];
	cib_commit c = {0};
	cib_oid_hex(hex, oid);
	cib_buf_addf(out, "-%s ", hex);
	if (cib_store_commit_read(&c, store, oid, NULL) == CIB_OK) {
		size_t len = strcspn(c.message, "\r\n");
		cib_buf_add_clean(out, c.message, len < 100 ? len : 100);
	}
	cib_buf_addc(out, '\n');
	cib_commit_clear(&c);
}

int cib_bundle_write(cib_buf *out, cib_store *store, const cib_bundle_ref *refs, size_t ref_count, const cib_oid *known, size_t known_count, cib_error *err)
{
	selection s = {.store = store};
	cib_oid *tips = cib_alloc((ref_count + 1) * sizeof *tips), *here = cib_alloc((known_count + 1) * sizeof *here);
	size_t here_count = 0, held = 0;
	for (size_t i = 0; i < ref_count; i++)
		tips[i] = refs[i].oid;
	for (size_t i = 0; i < known_count; i++)
		if (cib_store_complete(store, &known[i]))
			here[here_count++] = known[i];
	int status = cib_store_commits(store, tips, ref_count, here, here_count, false, select_commit, &s, err);
	if (status == CIB_OK)
		status = find_edges(&s, err);
	cib_buf_clear(out);
	cib_buf_adds(out, "# v2 git bundle\n");
	for (size_t i = 0; status == CIB_OK && i < s.edge_count; i++)
		add_need(out, store, &s.edges[i]);
	for (size_t i = 0; status == CIB_OK && i < ref_count; i++) {
		char hex[CIB_OID_HEX];
		cib_oid_hex(hex, &refs[i].oid);
		if (!holds(s.in, s.count, &refs[i].oid)) /* git, too, leaves out what is known */
			continue;
		cib_buf_addf(out, "%s %s\n", hex, refs[i].name);
		held++;
	}
	cib_buf_addc(out, '\n');
	if (status == CIB_OK && !held)
		status = cib_error_set(err, CIB_NOTFOUND, "bundle.nothing", "there is nothing new to put into a bundle");
	if (status == CIB_OK) {
		cib_buf pack = CIB_BUF_INIT;
		size_t objects = 0;
		pack_wish wish = {.tips = tips, .tip_count = ref_count, .have = here, .have_count = here_count, .thin = true, .offsets = true};
		status = pack_write(&pack, &objects, store, &wish, err);
		cib_buf_add(out, pack.data, pack.len);
		cib_buf_free(&pack);
	}
	free(s.in);
	free(s.edges);
	free(tips);
	free(here);
	return status;
}

/* ---- reading ---- */

void cib_bundle_clear(cib_bundle *b)
{
	for (size_t i = 0; i < b->ref_count; i++)
		free(b->refs[i].name);
	for (size_t i = 0; i < b->need_count; i++)
		free(b->needs[i].name);
	free(b->refs);
	free(b->needs);
	*b = (cib_bundle){0};
}

static void add_ref(cib_bundle_ref **list, size_t *count, size_t *cap, const cib_oid *oid, const char *name)
{
	cib_buf clean = CIB_BUF_INIT;
	cib_buf_add_clean(&clean, name, strlen(name));
	*list = cib_grow(*list, cap, *count + 1, sizeof **list);
	(*list)[(*count)++] = (cib_bundle_ref){.oid = *oid, .name = cib_strdup(cib_buf_str(&clean))};
	cib_buf_free(&clean);
}

/* One line of the head behind the first; false when it is none. */
static bool read_line(cib_bundle *b, const char *line, int version)
{
	if (version == 3 && *line == '@')
		return strcmp(line, "@object-format=sha1") == 0;
	bool need = *line == '-';
	cib_oid oid;
	char hex[CIB_OID_HEX] = "";
	line += need;
	if (strlen(line) < 40)
		return false;
	memcpy(hex, line, 40);
	if (!cib_oid_parse(&oid, hex))
		return false;
	line += 40;
	if (need) {
		add_ref(&b->needs, &b->need_count, &b->need_cap, &oid, *line == ' ' ? line + 1 : line);
		return *line == ' ' || !*line;
	}
	if (*line != ' ' || !line[1])
		return false;
	add_ref(&b->refs, &b->ref_count, &b->ref_cap, &oid, line + 1);
	return true;
}

static int no_bundle(cib_error *err, const char *path, const char *why)
{
	int status = cib_error_set(err, CIB_FINDINGS, "bundle.format", "%s is no bundle that can be read: %s", path, why);
	cib_error_hint(err, "copy the file again, or ask for a new one");
	return status;
}

static int parse_head(cib_bundle *b, FILE *f, const char *path, cib_error *err)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n = getline(&line, &cap, f);
	int version = n < 0 || !line ? 0 : strcmp(line, "# v2 git bundle\n") == 0 ? 2
	                           : strcmp(line, "# v3 git bundle\n") == 0       ? 3
	                                                                          : 0;
	int status = version ? CIB_OK : no_bundle(err, path, _("it does not begin as one"));
	while (status == CIB_OK) {
		n = getline(&line, &cap, f);
		if (n <= 0 || line[n - 1] != '\n' || ftell(f) > HEAD_MAX || strlen(line) != (size_t)n)
			status = no_bundle(err, path, _("it ends within its head"));
		else if (n == 1)
			break;
		else {
			line[n - 1] = '\0';
			if (!read_line(b, line, version))
				status = no_bundle(err, path, strncmp(line, "@filter", 7) == 0 ? _("it holds only a part of its objects") : _("its head is malformed"));
		}
	}
	free(line);
	if (status == CIB_OK && !b->ref_count)
		status = no_bundle(err, path, _("it holds no branch"));
	return status;
}

int cib_bundle_read(cib_bundle *out, const char *path, cib_error *err)
{
	*out = (cib_bundle){0};
	unsigned char head[PACK_HEAD];
	struct stat st;
	FILE *f = fopen(path, "rbe");
	if (!f)
		return cib_error_set(err, errno == ENOENT ? CIB_NOTFOUND : CIB_IO, "bundle.open", "cannot read %s: %s", path, cib_strerror(errno));
	int status = fstat(fileno(f), &st) != 0 || !S_ISREG(st.st_mode) ? no_bundle(err, path, _("it is no file")) : parse_head(out, f, path, err);
	if (status == CIB_OK) {
		out->pack_at = (size_t)ftell(f);
		out->size = (size_t)st.st_size;
		if (fread(head, 1, sizeof head, f) != sizeof head || memcmp(head, "PACK", 4) != 0)
			status = no_bundle(err, path, _("its pack is missing"));
		else
			out->objects = (uint32_t)head[8] << 24 | (uint32_t)head[9] << 16 | (uint32_t)head[10] << 8 | head[11];
		if (status == CIB_OK && out->objects > (out->size - out->pack_at) / LEAST_OBJECT) /* who reads packs makes room for all at once */
			status = no_bundle(err, path, _("its pack says to hold more than fits into it"));
	}
	fclose(f);
	if (status != CIB_OK)
		cib_bundle_clear(out);
	return status;
}

const cib_bundle_ref *cib_bundle_missing(const cib_bundle *b, cib_store *store)
{
	for (size_t i = 0; i < b->need_count; i++)
		if (!cib_store_complete(store, &b->needs[i].oid))
			return &b->needs[i];
	return NULL;
}

static int feed(pack_taking *x, FILE *f, const cib_bundle *b)
{
	char *part = cib_alloc(65536);
	int rc = fseek(f, (long)b->pack_at, SEEK_SET) ? -1 : 0;
	for (size_t n; rc == 0 && (n = fread(part, 1, 65536, f)) > 0;)
		rc = pack_take_add(x, part, n);
	free(part);
	return rc == 0 && ferror(f) ? -1 : rc;
}

int cib_bundle_unpack(char **taken, cib_store *store, const cib_bundle *b, const char *path, cib_error *err)
{
	*taken = NULL;
	if (b->objects == 0)
		return CIB_OK;
	FILE *f = fopen(path, "rbe");
	if (!f)
		return cib_error_set(err, CIB_IO, "bundle.open", "cannot read %s: %s", path, cib_strerror(errno));
	pack_taking x;
	int rc = pack_take_begin(&x, store), status = CIB_OK;
	if (rc == 0)
		rc = feed(&x, f, b);
	rc = pack_take_end(&x, rc, taken);
	if (rc) {
		status = cib_store_git_error(err, rc, "bundle.damaged", N_("%s is damaged, or a disk fails"), path);
		if (status != CIB_IO) {
			cib_error_hint(err, "copy the file again, or ask for a new one; nothing of it was taken");
			status = CIB_FINDINGS;
			if (err)
				err->status = status;
		}
	}
	fclose(f);
	return status;
}

void cib_bundle_drop(cib_store *store, const char *taken)
{
	pack_take_drop(store, taken);
}
