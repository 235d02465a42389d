/* Two people edit one project at once, without a link: 1,000 seeded pairs of one to five edits each, of different fields,
 * half of them of neighbours. What comes out must be both edits, in any order, without a conflict, and valid. Git's
 * merge of the same texts by lines is counted beside it. CIB_SEED=N plays one pair again. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "support/merge_invariants.h"
#include "support/network.h"
#include "support/wild_documents.h"

#include <sys/wait.h>

/* In the tables ' stands for ", and # for a number that differs from edit to edit. */
static const char project[] =
	"{'kind':'project','schema':'project/1','id':'p-0000000001','owner':'m-andal','sourceLanguage':'en','status':'2','visibility':'network','modality':'city-to-city',"
	"'title':{'en':'Water for six towns','es':'Agua para seis pueblos','fr':'De l eau pour six villes'},"
	"'description':{'general':{'en':'The six towns share one pump. It is old and stands still every summer. The network pays for a new one.','fr':'Les six villes "
	"partagent une pompe. Elle est vieille.'},'objectives':{'en':'Water on every day of the year.'},'targetGroups':{'en':'Households of the six towns.'}},"
	"'dates':{'plannedStart':'2024-01','plannedEnd':'2026-06','actualStart':'2024-02'},"
	"'partners':[{'id':'o-1','role':'4','country':'NL','name':{'en':'City of Exempleville'},'orgType':'10'},{'id':'o-2','role':'2','country':'TN','name':{'fr':'Ville "
	"modele'},'support':['financial','technical']},{'id':'o-3','role':'1','country':'FR','name':{'fr':'Agence de l eau'}},{'id':'o-4','role':'4','country':'ES','name':{'es':'Diputacion'}}],"
	"'budget':[{'id':'b-2024','amount':'182500.00','currency':'EUR','status':'2','periodStart':'2024-01-01','periodEnd':'2024-12-31'},{'id':'b-2025','amount':'90000.00',"
	"'currency':'EUR','status':'1','periodStart':'2025-01-01','periodEnd':'2025-12-31'},{'id':'b-2026','amount':'45000.00','currency':'EUR','periodStart':'2026-01-01','periodEnd':'2026-06-30'}],"
	"'sectors':[{'code':'15128','percentage':'60'},{'code':'15170','percentage':'40'}],'themes':['climate-adaptation','gender-equality','health','local-finance'],"
	"'locations':[{'id':'l-1','country':'TN','lat':'36.80','lon':'10.18','precision':'city'},{'id':'l-2','country':'TN','name':{'fr':'La vallee'},'precision':'region'}],"
	"'documents':[{'id':'d-1','url':'https://example.org/plan.pdf','format':'application/pdf','lang':['fr'],'title':{'fr':'Le plan'}}],"
	"'results':[{'id':'r-1','type':'1','measure':'1','title':{'en':'Houses with water'},'baseline':{'date':'2023','value':'1200'},'targets':[{'id':'t-1','date':'2025','value':'2400'}],"
	"'actuals':[{'id':'a-1','date':'2024-06','value':'1300'}]},{'id':'r-2','type':'2','title':{'en':'Hours without water'}}],"
	"'markers':{'1':'1','2':'0'},'scope':'4'}";

/* One edit: of a field, or of an item of a list, named by its identity. In the order of the fields in the file. */
typedef struct {
	const char *slot; /* what it touches; two edits touch one field when one of these begins the other */
	const char *path, *value;
	const char *also, *also_value; /* a second field that belongs to it */
} edit;
#define ADD(list, id, rest)                                                    \
	{                                                                      \
		list "/" id, list "/+", "{'id':'" id "'," rest "}", NULL, NULL \
	}
#define SET(path, value)                      \
	{                                     \
		path, path, value, NULL, NULL \
	}
#define REMOVE(path)                         \
	{                                    \
		path, path, NULL, NULL, NULL \
	}
#define IN_SET(list, value)                                          \
	{                                                            \
		list "/" value, list "/+", "'" value "'", NULL, NULL \
	}
#define OUT_OF(list, value)                                          \
	{                                                            \
		list "/" value, list "/-", "'" value "'", NULL, NULL \
	}
#define MOVE(list, id)                                           \
	{                                                        \
		list "#order", list "/>", "'" id "'", NULL, NULL \
	}

static const edit edits[] = {
	{"/budget/b-2024/money", "/budget/b-2024/amount", "'#.50'", "/budget/b-2024/currency", "'USD'"},
	SET("/budget/b-2024/periodEnd", "'2024-11-30'"),
	SET("/budget/b-2024/status", "'1'"),
	{"/budget/b-2025/money", "/budget/b-2025/amount", "'#.00'", NULL, NULL},
	SET("/budget/b-2025/periodStart", "'2025-02-01'"),
	REMOVE("/budget/b-2026"),
	ADD("/budget", "b-2027", "'amount':'#.00','currency':'EUR'"),
	ADD("/budget", "b-2028", "'amount':'#.00','currency':'USD'"),
	MOVE("/budget", "b-2025"),
	SET("/dates/actualEnd", "'2026-07'"),
	REMOVE("/dates/actualStart"),
	SET("/dates/plannedEnd", "'2026-12'"),
	SET("/dates/plannedStart", "'2023-11'"),
	SET("/description/general/en", "'The six towns share one pump. It was mended # times. The network pays for a new one.'"),
	SET("/description/general/fr", "'Les six villes partagent # pompes.'"),
	SET("/description/general/es", "'Los seis pueblos comparten # bombas.'"),
	SET("/description/objectives/en", "'Water on # days of the year.'"),
	REMOVE("/description/targetGroups"),
	SET("/documents/d-1/title/fr", "'Le plan, version #'"),
	IN_SET("/documents/d-1/lang", "en"),
	IN_SET("/documents/d-1/lang", "es"),
	SET("/documents/d-1/bytes", "#"),
	ADD("/documents", "d-2", "'url':'https://example.org/#.pdf'"),
	ADD("/documents", "d-0", "'url':'https://example.org/#.html'"),
	SET("/identifiers", "[{'type':'internal','value':'#'}]"),
	{"/locations/l-1/place", "/locations/l-1/lat", "'36.#'", "/locations/l-1/precision", "'exact'"},
	SET("/locations/l-1/country", "'FR'"),
	SET("/locations/l-1/name", "{'fr':'Lieu #'}"),
	SET("/locations/l-2/name/en", "'Valley #'"),
	ADD("/locations", "l-3", "'country':'TN'"),
	SET("/markers/1", "'2'"),
	SET("/markers/2", "'1'"),
	SET("/markers/3", "'1'"),
	SET("/modality", "'twinning'"),
	SET("/partners/o-1/country", "'DE'"),
	SET("/partners/o-1/name/en", "'City number #'"),
	SET("/partners/o-1/name/fr", "'Ville #'"),
	SET("/partners/o-1/role", "'2'"),
	SET("/partners/o-2/name/en", "'Model town #'"),
	SET("/partners/o-2/orgType", "'11'"),
	IN_SET("/partners/o-2/support", "political"),
	OUT_OF("/partners/o-2/support", "financial"),
	SET("/partners/o-3/role", "'3'"),
	REMOVE("/partners/o-4"),
	ADD("/partners", "o-5", "'role':'4','name':{'en':'Town #'}"),
	ADD("/partners", "o-6", "'role':'3','name':{'en':'Agency #'}"),
	ADD("/partners", "o-0", "'role':'1','name':{'en':'Fund #'}"),
	MOVE("/partners", "o-3"),
	SET("/results/r-1/actuals/a-1/value", "'#'"),
	ADD("/results/r-1/actuals", "a-2", "'date':'2024-12','value':'#'"),
	ADD("/results/r-1/actuals", "a-3", "'date':'2025-06','value':'#'"),
	SET("/results/r-1/baseline/value", "'#'"),
	SET("/results/r-1/targets/t-1/value", "'#'"),
	SET("/results/r-1/title/fr", "'# maisons'"),
	SET("/results/r-2/measure", "'1'"),
	ADD("/results", "r-3", "'title':{'en':'Result #'}"),
	SET("/scope", "'5'"),
	{"/sectors", "/sectors/15128/percentage", "'70'", "/sectors/15170/percentage", "'30'"},
	SET("/status", "'3'"),
	IN_SET("/themes", "culture"),
	OUT_OF("/themes", "gender-equality"),
	OUT_OF("/themes", "health"),
	IN_SET("/themes", "migration"),
	SET("/title/en", "'Water for # towns'"),
	SET("/title/es", "'Agua para # pueblos'"),
	SET("/title/fr", "'De l eau pour # villes'"),
	REMOVE("/visibility"),
};

enum { EDITS = sizeof edits / sizeof *edits,
       MOST = 5 };

static uint64_t state_of_choice;

static unsigned pick(unsigned n)
{
	state_of_choice = state_of_choice * 6364136223846793005u + 1442695040888963407u;
	return (unsigned)(state_of_choice >> 33) % n;
}

/* ---- edits ---- */

static cJSON *read_quoted(const char *text, unsigned number)
{
	cib_buf b = CIB_BUF_INIT;
	cJSON *doc = NULL;
	for (; *text; text++)
		if (*text == '\'')
			cib_buf_addc(&b, '"');
		else if (*text == '#')
			cib_buf_addf(&b, "%u", number);
		else
			cib_buf_addc(&b, *text);
	if (cib_json_read(&doc, cib_buf_str(&b), b.len, NULL, NULL) != CIB_OK)
		fail_msg("not JSON: %s", b.data);
	cib_buf_free(&b);
	return doc;
}

/* The item of a list with that identity, or that is that scalar; its place in *at. */
static cJSON *item_of(cJSON *list, const char *id, int *at)
{
	*at = 0;
	for (cJSON *c = list->child; c; c = c->next, ++*at) {
		const char *name = cJSON_IsString(c) ? c->valuestring : cib_json_string(c, "id");
		if (name && strcmp(name, id) == 0)
			return c;
	}
	return NULL;
}

static void edit_list(cJSON *list, char how, cJSON *value)
{
	int at, n = cJSON_GetArraySize(list);
	assert_non_null(list);
	if (how == '+') {
		wild_insert(list, pick((unsigned)n + 1), value);
		return;
	}
	cJSON *item = item_of(list, value->valuestring, &at);
	cJSON_Delete(value);
	if (item && how == '-') {
		cJSON_DeleteItemFromArray(list, at);
	} else if (item && how == '>') {
		item = cJSON_DetachItemFromArray(list, at);
		wild_insert(list, (unsigned)n - 1, item); /* to the end, whatever else came or went */
	}
}

static void apply_one(cJSON **doc, const cib_merge_rules *rules, const char *path, const char *text, unsigned number)
{
	size_t len = path ? strlen(path) : 0;
	cib_buf pointer = CIB_BUF_INIT;
	if (!path)
		return;
	cJSON *value = text ? read_quoted(text, number) : NULL;
	if (path[len - 2] == '/' && strchr("+->", path[len - 1])) {
		char *list = cib_strndup(path, len - 2);
		assert_true(cib_merge_path_to_pointer(&pointer, *doc, rules, list));
		edit_list(cib_json_at(*doc, pointer.data), path[len - 1], value);
		free(list);
	} else {
		if (!cib_merge_path_to_pointer(&pointer, *doc, rules, path))
			fail_msg("no %s", path);
		assert_int_equal(cib_json_set_at(doc, pointer.data, value, NULL), CIB_OK);
	}
	cib_buf_free(&pointer);
}

/* The choices within an edit (where an item is put in) are its own, so that it is the same alone and behind others. */
static void apply(cJSON **doc, const cib_merge_rules *rules, const unsigned *list, size_t n, unsigned number)
{
	for (size_t i = 0; i < n; i++) {
		const edit *e = &edits[list[i]];
		apply_one(doc, rules, e->path, e->value, number + list[i]);
		apply_one(doc, rules, e->also, e->also_value, number + list[i]);
	}
}

static bool begins(const char *a, const char *b)
{
	size_t n = strlen(a);
	return strncmp(a, b, n) == 0 && (!b[n] || b[n] == '/');
}

static bool touches(unsigned a, unsigned b)
{
	return begins(edits[a].slot, edits[b].slot) || begins(edits[b].slot, edits[a].slot);
}

static bool is_free(unsigned wanted, const unsigned *a, size_t n, const unsigned *b, size_t m)
{
	for (size_t i = 0; i < n; i++)
		if (touches(wanted, a[i]))
			return false;
	for (size_t i = 0; i < m; i++)
		if (touches(wanted, b[i]))
			return false;
	return true;
}

static void choose(unsigned lists[2][MOST], size_t counts[2])
{
	size_t wanted[2] = {1 + pick(MOST), 1 + pick(MOST)};
	counts[0] = counts[1] = 0;
	for (int tries = 0; tries < 200; tries++) {
		int side = (int)pick(2), other = 1 - side;
		if (counts[side] == wanted[side])
			continue;
		bool beside = counts[other] && pick(2);
		unsigned e = beside ? (lists[other][pick((unsigned)counts[other])] + 1) % EDITS : pick(EDITS);
		if (is_free(e, lists[0], counts[0], lists[1], counts[1]))
			lists[side][counts[side]++] = e;
	}
}

/* ---- what comes out ---- */

typedef struct {
	size_t pairs, conflicts, wrong, invalid;
	size_t git, git_conflicts, git_broken, git_wrong;
} counts;

/* Do the items that the base has stand in one order on both? */
static bool old_items_in_order(const cJSON *base, const cJSON *a, const cJSON *b)
{
	if (cJSON_IsObject(base)) {
		for (const cJSON *c = base->child; c; c = c->next)
			if (cib_json_get(a, c->string) && !old_items_in_order(c, cib_json_get(a, c->string), cib_json_get(b, c->string)))
				return false;
		return true;
	}
	const cJSON *x = cJSON_IsArray(a) ? a->child : NULL, *y = cJSON_IsArray(b) ? b->child : NULL;
	int ignored;
	for (; x || y; x = x->next, y = y->next) {
		cJSON *list = (cJSON *)(uintptr_t)base;
		while (x && (!cib_json_string(x, "id") || !item_of(list, cib_json_string(x, "id"), &ignored)))
			x = x->next;
		while (y && (!cib_json_string(y, "id") || !item_of(list, cib_json_string(y, "id"), &ignored)))
			y = y->next;
		if (!x || !y)
			return !x && !y;
		if (strcmp(cib_json_string(x, "id"), cib_json_string(y, "id")) != 0)
			return false;
	}
	return true;
}

static bool is_right(const cJSON *base, const cJSON *merged, const cJSON *expected)
{
	return merged && same_but_for_order(merged, expected) && old_items_in_order(base, merged, expected);
}

static bool is_valid(fixture *f, const cJSON *doc)
{
	cib_buf text = CIB_BUF_INIT;
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_json_write(&text, doc, NULL);
	cib_check_options options = {.lang = "en", .canonical = true};
	bool ok = cib_network_check(f->net, "members/m-andal/projects/p-0000000001.json", text.data, text.len, &options, NULL, &findings) == CIB_OK;
	for (size_t i = 0; i < findings.count && !ok; i++)
		if (findings.items[i].severity == CIB_ERROR)
			print_message("%s: %s\n", findings.items[i].pointer, findings.items[i].message);
	cib_findings_free(&findings);
	cib_buf_free(&text);
	return ok;
}

static void put(const char *dir, const char *name, const cJSON *doc)
{
	cib_buf text = CIB_BUF_INIT;
	char *path = cib_format("%s/%s", dir, name);
	cib_json_write(&text, doc, NULL);
	FILE *file = fopen(path, "w");
	assert_non_null(file);
	assert_int_equal(fwrite(text.data, 1, text.len, file), text.len);
	assert_int_equal(fclose(file), 0);
	cib_buf_free(&text);
	free(path);
}

static void merge_by_lines(counts *n, const char *dir, cJSON *const docs[3], const cJSON *expected)
{
	char *command = cib_format("cd '%s' && git merge-file -q -p ours base theirs", dir), part[4096];
	cib_buf out = CIB_BUF_INIT;
	cJSON *doc = NULL;
	put(dir, "base", docs[0]);
	put(dir, "ours", docs[1]);
	put(dir, "theirs", docs[2]);
	FILE *pipe = popen(command, "r");
	assert_non_null(pipe);
	for (size_t got; (got = fread(part, 1, sizeof part, pipe)) > 0;)
		cib_buf_add(&out, part, got);
	int status = pclose(pipe);
	assert_true(WIFEXITED(status) && WEXITSTATUS(status) < 128);
	n->git++;
	if (status != 0)
		n->git_conflicts++;
	else if (cib_json_read(&doc, cib_buf_str(&out), out.len, NULL, NULL) != CIB_OK)
		n->git_broken++;
	else if (!is_right(docs[0], doc, expected))
		n->git_wrong++;
	cJSON_Delete(doc);
	cib_buf_free(&out);
	free(command);
}

static void merge_by_field(counts *n, fixture *f, cJSON *const docs[3], const cJSON *expected, const cib_merge_rules *rules, unsigned long seed)
{
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	cJSON *merged = NULL;
	size_t found = cib_merge(&merged, docs[0], docs[1], docs[2], &(cib_merge_options){.rules = rules}, &conflicts);
	bool right = is_right(docs[0], merged, expected), valid = merged && is_valid(f, merged);
	n->conflicts += found > 0;
	n->wrong += !right;
	n->invalid += !valid;
	if (found || !right || !valid) {
		cib_json_changes changes = {0};
		print_message("seed %lu, %s schema: %zu conflicts, the first at %s\n", seed, rules ? "with the" : "without a", found, found ? conflicts.items[0].path : "none");
		cib_json_diff(&changes, expected, merged, NULL);
		for (size_t i = 0; i < changes.count; i++) {
			char *want = text_of(changes.items[i].before), *got = text_of(changes.items[i].after);
			print_message("  %s is %.300s and not %.300s\n", changes.items[i].pointer, got, want);
			free(want);
			free(got);
		}
		cib_json_changes_free(&changes);
	}
	cib_conflicts_free(&conflicts);
	cJSON_Delete(merged);
}

static void one_pair(fixture *f, counts *with, counts *without, const cib_merge_rules *rules, unsigned long seed)
{
	unsigned lists[2][MOST];
	size_t n[2];
	state_of_choice = seed * 0x9e3779b97f4a7c15u + 11;
	unsigned number = 10 + pick(900);
	cJSON *docs[3], *expected;
	choose(lists, n);
	docs[0] = read_quoted(project, 0);
	for (int i = 0; i < 2; i++) {
		docs[i + 1] = cJSON_Duplicate(docs[0], true);
		apply(&docs[i + 1], rules, lists[i], n[i], number);
		if (!is_valid(f, docs[i + 1]))
			fail_msg("seed %lu: the edits of one side are not valid alone", seed);
	}
	expected = cJSON_Duplicate(docs[1], true);
	apply(&expected, rules, lists[1], n[1], number);
	with->pairs++;
	merge_by_field(with, f, docs, expected, rules, seed);
	merge_by_field(without, f, docs, expected, NULL, seed);
	if (seed % 5 == 0 || getenv("CIB_TEST_LONG")) /* a process each */
		merge_by_lines(with, f->dir, docs, expected);
	for (int i = 0; i < 3; i++)
		cJSON_Delete(docs[i]);
	cJSON_Delete(expected);
}

static void two_people_who_edit_different_fields_both_get_what_they_wrote(void **state)
{
	fixture *f = *state;
	const char *one = getenv("CIB_SEED");
	unsigned long first = one ? strtoul(one, NULL, 10) : 1, count = one ? 1 : 1000;
	const cib_merge_rules *rules = cib_network_rules(f->net, cib_network_kind(f->net, "project"));
	counts with = {0}, without = {0};
	for (unsigned long seed = first; seed < first + count; seed++)
		one_pair(f, &with, &without, rules, seed);
	print_message("%zu pairs: %zu conflicts, %zu wrong, %zu invalid; without the schema %zu conflicts, %zu wrong, %zu invalid\n", with.pairs, with.conflicts, with.wrong,
	              with.invalid, without.conflicts, without.wrong, without.invalid);
	if (with.git)
		print_message("git by lines, %zu pairs: %zu conflicts, %zu broken JSON, %zu clean but wrong: %.1f %%\n", with.git, with.git_conflicts, with.git_broken, with.git_wrong,
		              100.0 * (double)(with.git_conflicts + with.git_broken + with.git_wrong) / (double)with.git);
	assert_int_equal(with.conflicts + with.wrong + with.invalid, 0);
	assert_int_equal(without.conflicts + without.wrong + without.invalid, 0);
	assert_true(one || with.git_conflicts > 0); /* else the edits are too far apart to say anything */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(two_people_who_edit_different_fields_both_get_what_they_wrote, set_up_network, tear_down_network),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
