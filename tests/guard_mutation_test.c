/* 2,000 mutated commits and trees (CIB_TEST_LONG: 100,000): an honest push in which the bytes of one object were changed, and all above it
 * named anew. Whatever the guard takes must be sound by a second reading, here, which shares no code with the guard's;
 * whatever it refuses it must have a reason for; it must not fail. CIB_SEED=N plays one again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "guard/guard.h"
#include "store/sha1.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include <zlib.h>

static const char note_schema[] =
	"{\"type\":\"object\",\"x-cib-kind\":\"note\",\"x-cib-folder\":\"notes\",\"x-cib-prefix\":\"nt\",\"x-cib-writer\":\"member\","
	"\"required\":[\"id\",\"owner\"],\"properties\":{\"id\":{\"type\":\"string\"},\"owner\":{\"type\":\"string\"}}}";
static const char access_text[] = "{\"users\":{\"a-1\":{\"member\":\"m-a\",\"role\":\"staff\"},\"sec\":{\"role\":\"secretariat\"}}}";
static const char people[] = "author a-1 <a-1@m-a.cib.invalid> 1000000000 +0000\ncommitter a-1 <a-1@m-a.cib.invalid> 1000000000 +0000\n";

enum { ROOT,
       MEMBERS,
       OWN,
       NOTES,
       LEVELS }; /* the trees of an honest push, each in the one before */

typedef struct {
	char dir[64], *path;
	cib_store *store;
	cib_oid main, main_tree, honest;
	cib_oid blobs[3];
	cib_buf trees[LEVELS], commit;
	uint64_t random;
} fixture;

/* ---- objects by hand ---- */

static cib_oid write_object(fixture *f, const char *type, const char *data, size_t len)
{
	char head[32], hex[CIB_OID_HEX];
	int n = snprintf(head, sizeof head, "%s %zu", type, len) + 1;
	cib_oid oid;
	sha1_state s;
	sha1_begin(&s);
	sha1_add(&s, head, (size_t)n);
	sha1_add(&s, data, len);
	sha1_end(oid.id, &s);
	cib_oid_hex(hex, &oid);
	char *folder = cib_format("%s/objects/%.2s", f->path, hex), *name = cib_format("%s/%s", folder, hex + 2);
	if (access(name, F_OK) != 0) {
		unsigned char *raw = cib_alloc((size_t)n + len);
		uLongf size = compressBound((uLong)((size_t)n + len));
		unsigned char *packed = cib_alloc(size);
		memcpy(raw, head, (size_t)n);
		memcpy(raw + n, data, len);
		assert_int_equal(compress2(packed, &size, raw, (uLong)((size_t)n + len), 1), Z_OK);
		mkdir(folder, 0777);
		FILE *out = fopen(name, "wb");
		assert_non_null(out);
		assert_int_equal(fwrite(packed, 1, size, out), size);
		assert_int_equal(fclose(out), 0);
		free(raw);
		free(packed);
	}
	free(folder);
	free(name);
	return oid;
}

static void add_entry(cib_buf *tree, const char *mode, const char *name, const cib_oid *oid)
{
	cib_buf_addf(tree, "%s %s", mode, name);
	cib_buf_addc(tree, '\0');
	cib_buf_add(tree, (const char *)oid->id, sizeof oid->id);
}

static cib_oid note(fixture *f, int number)
{
	char text[100];
	int n = snprintf(text, sizeof text, "{\n  \"id\": \"nt-000000000%d\",\n  \"owner\": \"m-a\"\n}\n", number);
	return write_object(f, "blob", text, (size_t)n);
}

/* The trees from the notes up; the folder of another member, and on main one note less. */
static cib_oid make_trees(fixture *f, int notes)
{
	cib_oid others, inner, oid;
	for (int i = 0; i < LEVELS; i++)
		cib_buf_clear(&f->trees[i]);
	for (int i = 0; i < notes; i++) {
		char name[32];
		snprintf(name, sizeof name, "nt-000000000%d.json", i);
		f->blobs[i] = note(f, i);
		add_entry(&f->trees[NOTES], "100644", name, &f->blobs[i]);
	}
	oid = write_object(f, "tree", f->trees[NOTES].data, f->trees[NOTES].len);
	add_entry(&f->trees[OWN], "40000", "notes", &oid);
	oid = write_object(f, "tree", f->trees[OWN].data, f->trees[OWN].len);
	cib_buf b = CIB_BUF_INIT;
	inner = write_object(f, "blob", "{\n  \"id\": \"nt-0000000009\",\n  \"owner\": \"m-b\"\n}\n", 47);
	add_entry(&b, "100644", "nt-0000000009.json", &inner);
	others = write_object(f, "tree", b.data, b.len);
	cib_buf_clear(&b);
	add_entry(&b, "40000", "notes", &others);
	others = write_object(f, "tree", b.data, b.len);
	cib_buf_free(&b);
	add_entry(&f->trees[MEMBERS], "40000", "m-a", &oid);
	add_entry(&f->trees[MEMBERS], "40000", "m-b", &others);
	oid = write_object(f, "tree", f->trees[MEMBERS].data, f->trees[MEMBERS].len);
	cib_oid access_oid = write_object(f, "blob", access_text, sizeof access_text - 1), network = write_object(f, "blob", "{}\n", 3);
	cib_buf schema = CIB_BUF_INIT;
	inner = write_object(f, "blob", note_schema, sizeof note_schema - 1);
	add_entry(&schema, "100644", "note.schema.json", &inner);
	inner = write_object(f, "tree", schema.data, schema.len);
	cib_buf_free(&schema);
	add_entry(&f->trees[ROOT], "100644", "access.json", &access_oid);
	add_entry(&f->trees[ROOT], "40000", "members", &oid);
	add_entry(&f->trees[ROOT], "100644", "network.json", &network);
	add_entry(&f->trees[ROOT], "40000", "schema", &inner);
	return write_object(f, "tree", f->trees[ROOT].data, f->trees[ROOT].len);
}

static cib_oid make_commit(fixture *f, const cib_oid *tree, const cib_oid *parent)
{
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, tree);
	cib_buf_clear(&f->commit);
	cib_buf_addf(&f->commit, "tree %s\n", hex);
	if (parent) {
		cib_oid_hex(hex, parent);
		cib_buf_addf(&f->commit, "parent %s\n", hex);
	}
	cib_buf_addf(&f->commit, "%s\na change\n", people);
	return write_object(f, "commit", f->commit.data, f->commit.len);
}

static int set_up(void **state)
{
	fixture *f = cib_alloc(sizeof *f);
	strcpy(f->dir, "/dev/shm/cib-mutation-XXXXXX"); /* thousands of small files: in memory where that can be had */
	if (!mkdtemp(f->dir))
		assert_non_null(mkdtemp(strcpy(f->dir, "/tmp/cib-mutation-XXXXXX")));
	f->path = cib_format("%s/central.git", f->dir);
	assert_int_equal(cib_store_init(&f->store, f->path, true, "refs/heads/main", NULL), CIB_OK);
	f->main_tree = make_trees(f, 2);
	f->main = make_commit(f, &f->main_tree, NULL);
	assert_int_equal(cib_store_ref_set(f->store, "refs/heads/main", &f->main, NULL, NULL), CIB_OK);
	cib_oid tree = make_trees(f, 3);
	f->honest = make_commit(f, &tree, &f->main);
	*state = f;
	return 0;
}

static int tear_down(void **state)
{
	fixture *f = *state;
	char *command = cib_format("rm -rf '%s'", f->dir);
	cib_store_free(f->store);
	assert_int_equal(system(command), 0);
	for (int i = 0; i < LEVELS; i++)
		cib_buf_free(&f->trees[i]);
	cib_buf_free(&f->commit);
	free(command);
	free(f->path);
	free(f);
	return 0;
}

/* ---- mutations ---- */

static size_t below(fixture *f, size_t n) /* SplitMix64 */
{
	uint64_t z = f->random += 0x9e3779b97f4a7c15u;
	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
	return n ? (size_t)((z ^ (z >> 31)) % n) : 0;
}

static void replace(cib_buf *b, size_t at, size_t gone, const void *with, size_t len)
{
	cib_buf out = CIB_BUF_INIT;
	cib_buf_add(&out, b->data, at);
	cib_buf_add(&out, with, len);
	cib_buf_add(&out, b->data + at + gone, b->len - at - gone);
	cib_buf_free(b);
	*b = out;
}

static void mutate_bytes(fixture *f, cib_buf *b)
{
	static const char *const pieces[] = {"\0", "\n", " ", "\n\n", "/", "..", "\xff", "\xc3\x28", "\033[2J", "\xe2\x80\xae", "100644 ", "40000 ", "120000 x", "parent ", "tree ", "gpgsig x\n", "encoding latin1\n", "-1", "99999999999999999999"};
	if (b->len == 0)
		return;
	size_t at = below(f, b->len), n = 1 + below(f, b->len - at < 24 ? b->len - at : 24), to = below(f, b->len);
	const char *piece = pieces[below(f, sizeof pieces / sizeof *pieces)];
	char bit = (char)(b->data[at] ^ (1 << below(f, 8)));
	char *again = cib_alloc(n);
	memcpy(again, b->data + at, n);
	switch (below(f, 5)) {
	case 0:
		replace(b, at, 1, &bit, 1);
		break;
	case 1:
		replace(b, at, n, "", 0);
		break;
	case 2:
		replace(b, at, 0, piece, *piece ? strlen(piece) : 1);
		break;
	case 3:
		replace(b, at, n, piece, *piece ? strlen(piece) : 1);
		break;
	default:
		replace(b, to, 0, again, n);
		break;
	}
	free(again);
}

/* The bytes of one entry of a tree, or of one line of a commit. */
static void parts(const cib_buf *b, bool tree, size_t at[64], size_t *count)
{
	size_t p = 0;
	for (*count = 0; p < b->len && *count < 63;) {
		const char *end = memchr(b->data + p, tree ? '\0' : '\n', b->len - p);
		at[(*count)++] = p;
		p = end ? (size_t)(end - b->data) + (tree ? 21 : 1) : b->len;
		if (p > b->len)
			p = b->len;
	}
	at[*count] = p;
}

/* Any object that there is, or none. */
static cib_oid any_object(fixture *f)
{
	cib_oid none = {{0}}, all[] = {f->main, f->main_tree, f->honest, f->blobs[0], f->blobs[2], none};
	return all[below(f, sizeof all / sizeof *all)];
}

static void mutate_parts(fixture *f, cib_buf *b, bool tree)
{
	static const char *const modes[] = {"100644", "40000", "100755", "100664", "120000", "160000", "040000", "0100644", "0", "", "140000", "1006444", "777777777777"};
	static const char *const names[] = {"A.json", "..", ".", "", ".git", "nt-0000000001.json", "nt-x.json", "con", "a/b", "access.json", "members", "m-b", "notes", "\xc3\xa9", "a\\b", "~1"};
	size_t at[64], count;
	parts(b, tree, at, &count);
	if (count == 0)
		return;
	size_t i = below(f, count), k = below(f, count), len = at[i + 1] - at[i];
	cib_buf part = CIB_BUF_INIT;
	cib_oid oid = any_object(f);
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, &oid);
	cib_buf_add(&part, b->data + at[i], len);
	switch (below(f, 5)) {
	case 0:
		replace(b, at[i], len, "", 0);
		break;
	case 1:
		replace(b, at[k], 0, part.data, part.len);
		break;
	case 2: /* another object */
		if (tree && len > 20)
			replace(b, at[i] + len - 20, 20, oid.id, 20);
		else if (!tree && len > 46 && i < 2)
			replace(b, at[i + 1] - 41, 40, hex, 40);
		break;
	case 3: { /* another mode */
		const char *space = tree ? memchr(b->data + at[i], ' ', len) : NULL, *mode = modes[below(f, sizeof modes / sizeof *modes)];
		if (space)
			replace(b, at[i], (size_t)(space - b->data) - at[i], mode, strlen(mode));
		break;
	}
	default: { /* another name */
		const char *space = tree ? memchr(b->data + at[i], ' ', len) : NULL, *end = space ? memchr(space, '\0', len) : NULL, *name = names[below(f, sizeof names / sizeof *names)];
		if (end && end < b->data + at[i + 1])
			replace(b, (size_t)(space - b->data) + 1, (size_t)(end - space) - 1, name, strlen(name));
		break;
	}
	}
	cib_buf_free(&part);
}

static void copy(cib_buf *to, const cib_buf *from)
{
	cib_buf_clear(to);
	cib_buf_add(to, from->data, from->len);
}

/* An honest push with one object changed, and what names it made again. */
static cib_oid mutated_push(fixture *f)
{
	cib_buf object = CIB_BUF_INIT, above = CIB_BUF_INIT;
	size_t level = below(f, LEVELS + 3); /* the last two: the commit */
	if (level > LEVELS)
		level = LEVELS;
	copy(&object, level == LEVELS ? &f->commit : &f->trees[level]);
	for (size_t i = 0, n = 1 + below(f, 2); i < n; i++) {
		if (below(f, 2))
			mutate_bytes(f, &object);
		else
			mutate_parts(f, &object, level < LEVELS);
	}
	cib_oid was, now = write_object(f, level == LEVELS ? "commit" : "tree", object.data, object.len);
	for (size_t i = level; i-- > 0 && level < LEVELS;) { /* the trees above */
		was = write_object(f, "tree", f->trees[i + 1].data, f->trees[i + 1].len);
		copy(&above, &f->trees[i]);
		for (size_t p = 0; p + 20 <= above.len; p++)
			if (memcmp(above.data + p, was.id, 20) == 0)
				memcpy(above.data + p, now.id, 20);
		now = write_object(f, "tree", above.data, above.len);
	}
	if (level < LEVELS) {
		copy(&above, &f->commit);
		char hex[CIB_OID_HEX];
		cib_oid_hex(hex, &now);
		memcpy(above.data + 5, hex, 40);
		now = write_object(f, "commit", above.data, above.len);
	}
	cib_buf_free(&object);
	cib_buf_free(&above);
	return now;
}

/* ---- the second reading: from the bytes on the disk ---- */

static bool read_object(cib_buf *out, fixture *f, const char *type, const char *hex)
{
	static unsigned char packed[1 << 16], raw[1 << 16];
	char *name = cib_format("%s/objects/%.2s/%s", f->path, hex, hex + 2), head[32];
	FILE *in = fopen(name, "rb");
	free(name);
	if (!in)
		return false;
	uLongf size = sizeof raw;
	size_t n = fread(packed, 1, sizeof packed, in);
	fclose(in);
	if (uncompress(raw, &size, packed, (uLong)n) != Z_OK)
		return false;
	const unsigned char *end = memchr(raw, '\0', size);
	size_t start = end ? (size_t)(end - raw) + 1 : 0;
	snprintf(head, sizeof head, "%s %zu", type, (size_t)size - start);
	cib_buf_clear(out);
	cib_buf_add(out, (const char *)raw + start, size - start);
	return end && strcmp(head, (const char *)raw) == 0;
}

static bool plain_name(const char *name)
{
	return *name && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-") == strlen(name) && strcmp(name, "con") != 0 && !strchr("._-", *name);
}

/* Is the tree well-formed, and, but for what lies in members/m-a/, main's? NULL, or what is wrong. */
static const char *judge_tree(fixture *f, const char *hex, const char *place)
{
	cib_buf tree = CIB_BUF_INIT, blob = CIB_BUF_INIT;
	const char *wrong = read_object(&tree, f, "tree", hex) ? NULL : "no tree", *last = "";
	bool last_folder = false;
	size_t entries = 0;
	for (size_t p = 0; !wrong && p < tree.len; entries++) {
		bool folder = strncmp(tree.data + p, "40000 ", 6) == 0, file = strncmp(tree.data + p, "100644 ", 7) == 0;
		const char *name = tree.data + p + (folder ? 6 : 7);
		size_t len = (folder || file) && memchr(name, '\0', tree.len - (size_t)(name - tree.data)) ? strlen(name) : 0;
		cib_oid oid;
		char inner[CIB_OID_HEX];
		if (!len || (size_t)(name - tree.data) + len + 21 > tree.len) {
			wrong = "a broken entry";
			break;
		}
		memcpy(oid.id, name + len + 1, 20);
		cib_oid_hex(inner, &oid);
		char *path = cib_format("%s%s", place, name), *one = cib_format("%s%s", last, last_folder ? "/" : ""), *two = cib_format("%s%s", name, folder ? "/" : "");
		cib_oid mains;
		unsigned mode = 0;
		bool own = strncmp(path, "members/m-a/", 12) == 0, way = strcmp(path, "members") == 0 || strcmp(path, "members/m-a") == 0;
		int found = cib_store_tree_get(&mains, &mode, f->store, &f->main, path, NULL);
		if (!plain_name(name))
			wrong = "a bad name";
		else if (entries && (strcmp(one, two) >= 0 || strcmp(last, name) == 0))
			wrong = "names out of order";
		else if (!own && !way && (found != CIB_OK || !cib_oid_equal(&mains, &oid)))
			wrong = "a foreign path";
		else if (own && strcmp(path, "members/m-a/notes") != 0 && (!file || strncmp(path, "members/m-a/notes/nt-", 21) != 0 || strchr(path + 21, '/') || !strstr(path, ".json")))
			wrong = "no entry";
		else if ((way || strcmp(path, "members/m-a/notes") == 0) && !folder)
			wrong = "no folder";
		else if (folder && (way || own)) {
			char *below_path = cib_format("%s/", path);
			wrong = judge_tree(f, inner, below_path);
			free(below_path);
		} else if (own) {
			char *expected = cib_format("{\n  \"id\": \"%.13s\",\n  \"owner\": \"m-a\"\n}\n", name);
			if (!read_object(&blob, f, "blob", inner) || strcmp(cib_buf_str(&blob), expected) != 0 || strlen(name) != 18)
				wrong = "a bad text";
			free(expected);
		}
		last = name;
		last_folder = folder;
		free(path);
		free(one);
		free(two);
		p = (size_t)(name - tree.data) + len + 21;
	}
	if (!wrong && !entries)
		wrong = "an empty tree";
	if (!wrong && strcmp(place, "") == 0 && entries != 4)
		wrong = "something of main is missing";
	if (!wrong && strcmp(place, "members/") == 0 && entries != 2 && !strstr(tree.data, "m-b"))
		wrong = "another member is missing";
	cib_buf_free(&tree);
	cib_buf_free(&blob);
	return wrong;
}

static bool is_person(const char *line, const char *word)
{
	size_t n = strlen(word), mail = 0;
	if (strncmp(line, word, n) != 0 || line[n] != ' ')
		return false;
	for (const char *p = line + n + 1; *p; p++) {
		if ((unsigned char)*p < ' ' || (unsigned char)*p == 127)
			return false;
		mail += *p == '<' || *p == '>';
	}
	const char *at = strchr(line, '<');
	return at && mail == 2 && strstr(at, "@m-a.cib.invalid> ") && strlen(strchr(at, '>')) > 8;
}

static const char *judge_commit(fixture *f, const cib_oid *oid)
{
	char hex[CIB_OID_HEX], *lines[8] = {0};
	cib_buf b = CIB_BUF_INIT;
	cib_oid_hex(hex, oid);
	const char *wrong = read_object(&b, f, "commit", hex) ? NULL : "no commit";
	if (!wrong && memchr(b.data, '\0', b.len))
		wrong = "a NUL";
	size_t n = 0;
	for (char *p = wrong ? NULL : b.data, *end; n < 8 && p && *p && (end = strchr(p, '\n')); p = end + 1) {
		*end = '\0';
		lines[n++] = p;
	}
	if (!wrong && (n < 5 || strncmp(lines[0], "tree ", 5) != 0 || strlen(lines[0]) != 45))
		wrong = "no tree line";
	size_t person = 1;
	while (!wrong && person < n && strncmp(lines[person], "parent ", 7) == 0)
		person++;
	if (!wrong && (person < 2 || n < person + 3))
		wrong = "no parent, or no message";
	cib_oid_hex(hex, &f->main);
	if (!wrong && strcmp(lines[1] + 7, hex) != 0 && person == 2) {
		cib_oid_hex(hex, &f->honest); /* a later parent of ours is as good */
		if (strcmp(lines[1] + 7, hex) != 0)
			wrong = "another parent";
	}
	if (!wrong && (!is_person(lines[person], "author") || !is_person(lines[person + 1], "committer")))
		wrong = "no people";
	if (!wrong)
		wrong = judge_tree(f, lines[0] + 5, "");
	cib_buf_free(&b);
	return wrong;
}

/* ---- the loop ---- */

static int judge(fixture *f, const cib_oid *tip, cib_findings *findings, cib_error *err)
{
	cib_ref_update update = {"refs/heads/members/m-a", {{0}}, *tip};
	return cib_guard_judge(f->store, &update, 1, &(cib_guard_options){.user = "a-1"}, findings, err);
}

/* A push of which an object is missing never reaches the guard: git looks before. Does the message name one that is not there? */
static bool is_missing(fixture *f, const char *message)
{
	const char *hex = strstr(message, " object ");
	char *name = hex ? cib_format("%s/objects/%.2s/%.38s", f->path, hex + 8, hex + 10) : NULL;
	bool missing = (name && access(name, F_OK) != 0) || strstr(message, "null OID");
	free(name);
	return missing;
}

static void play(fixture *f, unsigned long seed, size_t *taken, size_t *refused)
{
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_error err = CIB_ERROR_INIT;
	f->random = seed;
	cib_oid tip = mutated_push(f);
	char hex[CIB_OID_HEX];
	cib_oid_hex(hex, &tip);
	int status = judge(f, &tip, &findings, &err);
	if (status == CIB_OK) {
		const char *wrong = judge_commit(f, &tip);
		if (wrong) {
			cib_buf bytes = CIB_BUF_INIT;
			read_object(&bytes, f, "commit", hex);
			print_message("%s\n", cib_buf_str(&bytes));
			cib_buf_free(&bytes);
		}
		if (wrong)
			fail_msg("taken, but: %s (commit %s); again with CIB_SEED=%lu", wrong, hex, seed);
		++*taken;
	} else if (status == CIB_REFUSED) {
		const cib_finding *first = findings.count ? &findings.items[0] : NULL;
		if (!first || !first->message || !*first->message || !first->code)
			fail_msg("refused without a reason (commit %s); again with CIB_SEED=%lu", hex, seed);
		++*refused;
	} else if (is_missing(f, err.message)) {
		++*refused;
	} else {
		fail_msg("the guard failed: %s (commit %s); again with CIB_SEED=%lu", err.message, hex, seed);
	}
	cib_findings_free(&findings);
}

static void what_is_taken_of_mutated_pushes_is_sound(void **state)
{
	fixture *f = *state;
	const char *one = getenv("CIB_SEED"), *lasting = getenv("CIB_TEST_LONG");
	unsigned long first = one ? strtoul(one, NULL, 10) : (unsigned long)time(NULL) * 100000, count = one ? 1 : lasting && *lasting ? 100000
	                                                                                                                               : 2000;
	size_t taken = 0, refused = 0;
	for (unsigned long i = 0; i < count; i++) {
		play(f, first + i, &taken, &refused);
		if (i % 100 == 0) {
			cib_findings findings = CIB_FINDINGS_INIT;
			assert_int_equal(judge(f, &f->honest, &findings, NULL), CIB_OK);
			cib_findings_free(&findings);
		}
	}
	print_message("%lu mutated pushes from CIB_SEED=%lu: %zu refused, %zu taken and sound\n", count, first, refused, taken);
	if (!one)
		assert_true(taken > 0 && refused > count / 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {cmocka_unit_test_setup_teardown(what_is_taken_of_mutated_pushes_is_sound, set_up, tear_down)};
	return cmocka_run_group_tests_name("guard, mutated pushes", tests, NULL, NULL);
}
