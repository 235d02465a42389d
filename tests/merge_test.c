/* The merge by examples: three versions, what comes of them, and how many conflicts. In the tables ' stands for ".
 * Conflicts keep their value (the central one), as sync does. */
#include "merge/merge.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

typedef struct {
	const char *name, *schema, *base, *ours, *theirs, *expected;
	size_t conflicts;
	const char *pointer; /* of the first conflict */
} example;

static cJSON *read_quoted(const char *text)
{
	cJSON *doc = NULL;
	cib_error err = CIB_ERROR_INIT;
	if (!text)
		return NULL;
	char *copy = cib_strdup(text);
	for (char *p = copy; *p; p++)
		if (*p == '\'')
			*p = '"';
	if (cib_json_read(&doc, copy, strlen(copy), NULL, &err) != CIB_OK)
		fail_msg("%s: %s", text, err.message);
	free(copy);
	return doc;
}

static char *text_of(const cJSON *doc)
{
	cib_buf b = CIB_BUF_INIT;
	if (doc)
		cib_json_write(&b, doc, &(cib_json_style){.compact = true, .keep_order = true});
	return b.data ? cib_buf_take(&b) : cib_strdup("(none)");
}

static void check(const example *e)
{
	cJSON *schema = read_quoted(e->schema), *base = read_quoted(e->base), *ours = read_quoted(e->ours), *theirs = read_quoted(e->theirs);
	cJSON *expected = read_quoted(e->expected), *out = NULL;
	cib_merge_rules *rules = schema ? cib_merge_rules_new(schema) : NULL;
	cib_merge_options options = {.rules = rules};
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	cib_merge_notes notes = {0};
	size_t n = cib_merge_noting(&out, base, ours, theirs, &options, &conflicts, &notes);
	char *got = text_of(out), *want = text_of(expected);
	if (strcmp(got, want) != 0)
		fail_msg("%s\n  got:  %s\n  want: %s", e->name, got, want);
	if (n != e->conflicts)
		fail_msg("%s: %zu conflicts, not %zu; the first at %s", e->name, n, e->conflicts, n ? conflicts.items[0].path : "");
	if (e->pointer)
		assert_string_equal(conflicts.items[0].pointer, e->pointer);
	size_t told = 0;
	for (size_t i = 0; i < notes.count; i++)
		told += notes.items[i].verdict == CIB_MERGE_CONFLICT;
	assert_int_equal(told, n);
	free(got);
	free(want);
	cib_merge_notes_free(&notes);
	cib_conflicts_free(&conflicts);
	cib_merge_rules_free(rules);
	cJSON_Delete(schema);
	cJSON_Delete(base);
	cJSON_Delete(ours);
	cJSON_Delete(theirs);
	cJSON_Delete(expected);
	cJSON_Delete(out);
}

#define RUN(table)                                                   \
	for (size_t i = 0; i < sizeof(table) / sizeof *(table); i++) \
		check(&(table)[i]);

static void objects_merge_by_field(void **state)
{
	(void)state;
	static const example table[] = {
		{"each side another field", NULL, "{'a':1,'b':2}", "{'a':9,'b':2}", "{'a':1,'b':8}", "{'a':9,'b':8}", 0, NULL},
		{"the same change", NULL, "{'a':1}", "{'a':2}", "{'a':2}", "{'a':2}", 0, NULL},
		{"the same field", NULL, "{'a':1}", "{'a':2}", "{'a':3}", "{'a':3}", 1, "/a"},
		{"in any depth", NULL, "{'a':{'b':{'c':1,'d':1}}}", "{'a':{'b':{'c':2,'d':1}}}", "{'a':{'b':{'c':1,'d':2}}}", "{'a':{'b':{'c':2,'d':2}}}", 0, NULL},
		{"removed here, untouched there", NULL, "{'a':1,'b':2}", "{'b':2}", "{'a':1,'b':3}", "{'b':3}", 0, NULL},
		{"removed by both", NULL, "{'a':1,'b':2}", "{'b':2}", "{'b':2}", "{'b':2}", 0, NULL},
		{"removed here, edited there: the edit stays", NULL, "{'a':1}", "{}", "{'a':2}", "{'a':2}", 1, "/a"},
		{"edited here, removed there: the edit stays", NULL, "{'a':1}", "{'a':2}", "{}", "{'a':2}", 1, "/a"},
		{"both add different fields", NULL, "{}", "{'a':1}", "{'b':2}", "{'a':1,'b':2}", 0, NULL},
		{"both add the same field differently", NULL, "{}", "{'a':1}", "{'a':2}", "{'a':2}", 1, "/a"},
		{"both add an object: merged as objects", NULL, "{}", "{'o':{'x':1,'s':5}}", "{'o':{'y':2,'s':5}}", "{'o':{'x':1,'y':2,'s':5}}", 0, NULL},
		{"both add the document", NULL, NULL, "{'x':1}", "{'y':2}", "{'x':1,'y':2}", 0, NULL},
		{"a number becomes an object here, another number there", NULL, "{'a':1}", "{'a':{'v':1}}", "{'a':2}", "{'a':2}", 1, "/a"},
		{"both make an object of a text", NULL, "{'a':'t'}", "{'a':{'x':1}}", "{'a':{'y':2}}", "{'a':{'x':1,'y':2}}", 0, NULL},
		{"null is a value", NULL, "{'a':null}", "{'a':1}", "{'a':null,'b':null}", "{'a':1,'b':null}", 0, NULL},
		{"null is not absent", NULL, "{'a':1}", "{'a':null}", "{}", "{'a':null}", 1, "/a"},
		{"names with slash and tilde", NULL, "{'a/b':1,'c~d':1}", "{'a/b':2,'c~d':1}", "{'a/b':3,'c~d':1}", "{'a/b':3,'c~d':1}", 1, "/a~1b"},
		{"the empty name", NULL, "{'':1}", "{'':2}", "{'':3}", "{'':3}", 1, "/"},
		{"documents that are no objects", NULL, "1", "1", "2", "2", 0, NULL},
		{"documents that are no objects, both changed", NULL, "1", "3", "2", "2", 1, ""},
	};
	RUN(table)
}

static void numbers_merge_by_value_and_keep_their_text(void **state)
{
	(void)state;
	static const example table[] = {
		{"1.0 is 1: written anew here, untouched there", NULL, "{'a':1}", "{'a':1.0}", "{'a':1}", "{'a':1.0}", 0, NULL},
		{"1.0 is 1: no edit against an edit", NULL, "{'a':1}", "{'a':1.0}", "{'a':2}", "{'a':2}", 0, NULL},
		{"the same new value in two spellings", NULL, "{'a':1}", "{'a':20}", "{'a':2e1}", "{'a':2e1}", 0, NULL},
		{"more digits than a double holds", NULL, "{'a':1.00000000000000000001}", "{'a':1.00000000000000000002}", "{'a':1.00000000000000000003}", "{'a':1.00000000000000000003}", 1, "/a"},
		{"the text of an untouched number", NULL, "{'a':1.50,'b':0}", "{'a':1.50,'b':1}", "{'a':1.50,'b':0,'c':2}", "{'a':1.50,'b':1,'c':2}", 0, NULL},
	};
	RUN(table)
}

static void members_stand_where_their_writers_put_them(void **state)
{
	(void)state;
	static const example table[] = {
		{"behind the member that it follows", NULL, "{'a':1,'z':1}", "{'a':1,'z':2}", "{'a':1,'m':5,'z':1}", "{'a':1,'m':5,'z':2}", 0, NULL},
		{"at the head", NULL, "{'b':1,'a':1}", "{'b':2,'a':1}", "{'x':0,'b':1,'a':1}", "{'x':0,'b':2,'a':1}", 0, NULL},
		{"ours first at the same place", NULL, "{'k':1,'a':1}", "{'k':1,'p':1,'a':1}", "{'k':1,'b':2,'a':1}", "{'k':1,'p':1,'b':2,'a':1}", 0, NULL},
		{"by name where both sides keep them sorted", NULL, "{'a':1,'k':1}", "{'a':1,'c':1,'k':1}", "{'a':1,'b':2,'k':1}", "{'a':1,'b':2,'c':1,'k':1}", 0, NULL},
	};
	RUN(table)
}

static void texts_merge_when_nothing_is_lost(void **state)
{
	(void)state;
	static const example table[] = {
		{"one edit holds the other", NULL, "'host/Map/MapServer/1'", "'host/Open/MapServer/4'", "'host/Open/FeatureServer/4'", "'host/Open/FeatureServer/4'", 0, NULL},
		{"and the other way round", NULL, "'host/Map/MapServer/1'", "'host/Open/FeatureServer/4'", "'host/Open/MapServer/4'", "'host/Open/FeatureServer/4'", 0, NULL},
		{"different words: a mixture is nobody's text", NULL, "'host/Map/MapServer/1'", "'host/Open/MapServer/1'", "'host/Map/FeatureServer/1'", "'host/Map/FeatureServer/1'", 1, ""},
		{"versions are one thing", NULL, "'lib 1.2.9'", "'lib 1.3.0'", "'lib 1.3.9'", "'lib 1.3.9'", 1, ""},
		{"dates are one thing", NULL, "'from 2026-01-05'", "'from 2026-02-05'", "'from 2026-02-07'", "'from 2026-02-07'", 1, ""},
		{"nothing of base is left", NULL, "'one'", "'two'", "'two three'", "'two three'", 1, ""},
		{"prose: different sentences", NULL, "'The water is clean. The pump works well. Two towns share it.'", "'The water is very clean. The pump works well. Two towns share it.'",
	         "'The water is clean. The pump works well. Three towns share it.'", "'The water is very clean. The pump works well. Three towns share it.'", 0, NULL},
		{"prose: neighbours", NULL, "'The water is clean. The pump works well.'", "'The water is very clean. The pump works well.'", "'The water is clean. The pump works badly.'",
	         "'The water is very clean. The pump works badly.'", 0, NULL},
		{"prose: the same sentence", NULL, "'The water is clean. The pump works well.'", "'The water is warm. The pump works well.'", "'The water is cold. The pump works well.'",
	         "'The water is cold. The pump works well.'", 1, ""},
		{"prose: one edits, one adds", NULL, "'The water is clean. The pump works well.'", "'The water is warm. The pump works well.'", "'The water is clean. The pump works well. It is loud.'",
	         "'The water is warm. The pump works well. It is loud.'", 0, NULL},
		{"prose without Latin marks", "{'x-merge':'text'}", "'这是水。这是泵。 第三。 最后。'", "'这是好水。这是泵。 第三。 最后。'", "'这是水。这是泵。 第三。 完。'", "'这是好水。这是泵。 第三。 完。'", 0, NULL},
		{"what is declared a scalar is not looked into", "{'x-merge':'scalar'}", "'a b c'", "'a x c'", "'a x y'", "'a x y'", 1, ""},
	};
	RUN(table)
}

static void lists_without_a_schema_are_understood(void **state)
{
	(void)state;
	static const example table[] = {
		{"words: both add", NULL, "['a','b']", "['a','b','c']", "['a','x','b']", "['a','x','b','c']", 0, NULL},
		{"words: both add at the end, ours first", NULL, "['m','k']", "['m','k','z']", "['m','k','c']", "['m','k','z','c']", 0, NULL},
		{"words: a sorted list stays sorted", NULL, "['b','k']", "['b','k','z']", "['b','k','s']", "['b','k','s','z']", 0, NULL},
		{"words: one removes, one adds", NULL, "['a','b','c']", "['a','c']", "['a','b','c','d']", "['a','c','d']", 0, NULL},
		{"words: one removes what the other follows", NULL, "['a','b']", "['a']", "['a','b','c']", "['a','c']", 0, NULL},
		{"words: both replace the same one", NULL, "['a','b']", "['a','x']", "['a','y']", "['a','y']", 1, ""},
		{"words: each replaces another", NULL, "['a','b']", "['x','b']", "['a','y']", "['x','y']", 0, NULL},
		{"words: one reorders, one adds", NULL, "['a','b','c']", "['c','b','a']", "['a','b','c','d']", "['c','d','b','a']", 0, NULL},
		{"words: both reorder", NULL, "['a','b','c']", "['c','b','a']", "['b','a','c']", "['b','a','c']", 1, ""},
		{"words: both add the list", NULL, "{}", "{'l':['a','b']}", "{'l':['b','a']}", "{'l':['b','a']}", 1, "/l"},
		{"words: both add the list, one holds the other", NULL, "{}", "{'l':['a','c']}", "{'l':['a','b','c']}", "{'l':['a','b','c']}", 0, NULL},
		{"objects: by a key that nobody declared", NULL, "[{'id':'p','n':1},{'id':'q','n':1}]", "[{'id':'q','n':1},{'id':'p','n':2}]", "[{'id':'p','n':1},{'id':'q','n':3}]",
	         "[{'id':'q','n':3},{'id':'p','n':2}]", 0, NULL},
		{"objects: removed here, edited there", NULL, "[{'id':'p','n':1},{'id':'q','n':1}]", "[{'id':'p','n':1}]", "[{'id':'p','n':1},{'id':'q','n':3}]", "[{'id':'p','n':1},{'id':'q','n':3}]", 1, "/1"},
		{"objects: the key itself changed", NULL, "[{'name':'p','n':1}]", "[{'name':'r','n':1}]", "[{'name':'p','n':2}]", "[{'name':'r','n':2}]", 0, NULL},
		{"objects: without a key, by place", NULL, "[{'n':1,'m':1},{'n':2}]", "[{'n':5,'m':1},{'n':2}]", "[{'n':1,'m':6},{'n':2}]", "[{'n':5,'m':6},{'n':2}]", 0, NULL},
		{"objects: both put one in", NULL, "[{'n':1}]", "[{'n':1},{'n':2}]", "[{'n':1},{'n':3}]", "[{'n':1},{'n':2},{'n':3}]", 0, NULL},
		{"objects: the same one put in", NULL, "[{'n':1}]", "[{'n':1},{'n':2}]", "[{'n':1},{'n':2}]", "[{'n':1},{'n':2}]", 0, NULL},
		{"numbers: different places", NULL, "[1,2,3,4,5,6]", "[9,2,3,4,5,6]", "[1,2,3,4,5,8]", "[9,2,3,4,5,8]", 0, NULL},
		{"numbers: side by side", NULL, "[1,2,3,4,5,6]", "[1,2,9,4,5,6]", "[1,2,3,8,5,6]", "[1,2,9,8,5,6]", 0, NULL},
		{"numbers: a place is one thing", NULL, "[4.35,52.1]", "[4.36,52.1]", "[4.35,52.2]", "[4.35,52.2]", 1, ""},
		{"numbers: each only added", NULL, "[80,443]", "[80,443,8080]", "[22,80,443]", "[22,80,443,8080]", 0, NULL},
		{"numbers: added here, removed there", NULL, "[80,443]", "[80,443,8080]", "[443]", "[443,8080]", 0, NULL},
		{"numbers: sorted by value", NULL, "[9,80]", "[9,80,443]", "[9,80,100]", "[9,80,100,443]", 0, NULL},
		{"numbers: measures that both added", NULL, "[1.5,2.5,3,4,5]", "[1.5,2.5,3,4,5,6]", "[1.5,2.5,3,4,5,7]", "[1.5,2.5,3,4,5,7]", 1, ""},
		{"objects: by a number that is called id", NULL, "[{'id':1,'n':'p'},{'id':2,'n':'q'}]", "[{'id':2,'n':'q'},{'id':1,'n':'p'}]", "[{'id':1,'n':'p'},{'id':2,'n':'r'}]",
	         "[{'id':2,'n':'r'},{'id':1,'n':'p'}]", 0, NULL},
		{"objects: both put in the same id, which does not come twice", NULL, "[{'id':'1'}]", "[{'id':'1'},{'id':'2','x':1}]", "[{'id':'1'},{'id':'2','x':2}]",
	         "[{'id':'1'},{'id':'2','x':2}]", 1, "/1/x"},
		{"objects: moved here, edited there", NULL, "[{'n':1,'m':1},{'n':2,'m':1},{'n':3,'m':1},{'n':4,'m':1}]", "[{'n':2,'m':1},{'n':3,'m':1},{'n':4,'m':1},{'n':1,'m':1}]",
	         "[{'n':1,'m':9},{'n':2,'m':1},{'n':3,'m':1},{'n':4,'m':1}]", "[{'n':2,'m':1},{'n':3,'m':1},{'n':4,'m':1},{'n':1,'m':9}]", 0, NULL},
		{"objects: moved by both, to different places: it comes once", NULL, "[{'n':1},{'n':2},{'n':3},{'n':4}]", "[{'n':2},{'n':1},{'n':3},{'n':4}]", "[{'n':2},{'n':3},{'n':4},{'n':1}]",
	         "[{'n':2},{'n':3},{'n':4},{'n':1}]", 1, ""},
		{"objects: one torn, the edits of the others stand", NULL, "[{'n':1},{'n':2},{'n':3}]", "[{'n':7},{'n':2},{'n':9}]", "[{'n':8},{'n':2},{'n':3,'m':5}]",
	         "[{'n':8},{'n':2},{'n':9,'m':5}]", 1, ""},
		{"points: each side another", NULL, "[[1,1],[2,2],[3,3]]", "[[1,9],[2,2],[3,3]]", "[[1,1],[2,2],[3,8]]", "[[1,9],[2,2],[3,8]]", 0, NULL},
		{"points: the same", NULL, "[[1,1],[2,2]]", "[[1,9],[2,2]]", "[[8,1],[2,2]]", "[[8,1],[2,2]]", 1, ""},
		{"repeated words", NULL, "['a','a','b']", "['a','a','b','c']", "['x','a','a','b']", "['x','a','a','b','c']", 0, NULL},
	};
	RUN(table)
}

static void declared_lists_follow_their_rule(void **state)
{
	(void)state;
	static const char set[] = "{'x-merge':'set'}", keyed[] = "{'x-merge':'keyed:id','items':{'properties':{'tags':{'x-merge':'set'}}}}", order[] = "{'x-merge':'sequence'}", whole[] = "{'x-merge':'atomic'}";
	static const example table[] = {
		{"set: additions by both, sorted", set, "['m']", "['m','z']", "['m','b']", "['m','b','z']", 0, NULL},
		{"set: order is nothing", set, "['a','b','c']", "['c','b','a']", "['b','c','a']", "['a','b','c']", 0, NULL},
		{"set: removed here, there it stays", set, "['a','b']", "['a']", "['a','b','c']", "['a','c']", 0, NULL},
		{"keyed: moved, edited, added", keyed, "[{'id':'1','v':1},{'id':'2','v':1},{'id':'3','v':1}]", "[{'id':'3','v':1},{'id':'1','v':1},{'id':'2','v':1}]",
	         "[{'id':'1','v':1},{'id':'2','v':7},{'id':'3','v':1},{'id':'4','v':1}]", "[{'id':'3','v':1},{'id':'4','v':1},{'id':'1','v':1},{'id':'2','v':7}]", 0, NULL},
		{"keyed: both reorder", keyed, "[{'id':'1'},{'id':'2'},{'id':'3'}]", "[{'id':'3'},{'id':'1'},{'id':'2'}]", "[{'id':'2'},{'id':'1'},{'id':'3'}]", "[{'id':'2'},{'id':'1'},{'id':'3'}]", 1, ""},
		{"keyed: both add the same item", keyed, "[]", "[{'id':'1','a':1}]", "[{'id':'1','b':1}]", "[{'id':'1','a':1,'b':1}]", 0, NULL},
		{"keyed: sets within items", keyed, "[{'id':'1','tags':['m']}]", "[{'id':'1','tags':['m','z']}]", "[{'id':'1','tags':['b','m']}]", "[{'id':'1','tags':['m','b','z']}]", 0, NULL},
		{"keyed: a conflict in an item that moved", keyed, "[{'id':'1','v':1},{'id':'2','v':1}]", "[{'id':'2','v':2},{'id':'1','v':1}]", "[{'id':'1','v':1},{'id':'2','v':3}]",
	         "[{'id':'2','v':3},{'id':'1','v':1}]", 1, "/0/v"},
		{"keyed: deleted against edited", keyed, "[{'id':'1','v':1},{'id':'2','v':1}]", "[{'id':'1','v':1},{'id':'2','v':5}]", "[{'id':'1','v':1}]", "[{'id':'1','v':1},{'id':'2','v':5}]", 1, "/1"},
		{"sequence: pieces", order, "['a','b','c','d']", "['a','x','c','d']", "['a','b','c','y','d']", "['a','x','c','y','d']", 0, NULL},
		{"sequence: both change one item", order, "['a','b']", "['a','x']", "['a','y']", "['a','y']", 1, ""},
		{"atomic: never mixed", whole, "{'a':1,'b':1}", "{'a':2,'b':1}", "{'a':1,'b':2}", "{'a':1,'b':2}", 1, ""},
		{"atomic: one side alone", whole, "{'a':1,'b':1}", "{'a':2,'b':1}", "{'a':1,'b':1}", "{'a':2,'b':1}", 0, NULL},
	};
	RUN(table)
}

static void groups_are_never_mixed_from_two_sides(void **state)
{
	(void)state;
	static const char money[] = "{'x-merge-groups':[['amount','currency']]}";
	static const char place[] = "{'properties':{'at':{'$ref':'#/$defs/at'}},'$defs':{'at':{'allOf':[{'x-merge-groups':[['lat','lon','precision']]}]}}}";
	static const example table[] = {
		{"amount here, currency there", money, "{'amount':1,'currency':'EUR','n':1}", "{'amount':2,'currency':'EUR','n':2}", "{'amount':1,'currency':'USD','n':1}",
	         "{'n':2,'amount':1,'currency':'USD'}", 1, ""},
		{"both here", money, "{'amount':1,'currency':'EUR','n':1}", "{'amount':2,'currency':'USD','n':1}", "{'amount':1,'currency':'EUR','n':3}", "{'n':3,'amount':2,'currency':'USD'}", 0, NULL},
		{"the same on both", money, "{'amount':1,'currency':'EUR'}", "{'amount':2,'currency':'EUR'}", "{'amount':2,'currency':'EUR'}", "{'amount':2,'currency':'EUR'}", 0, NULL},
		{"through references", place, "{'at':{'lat':'1','lon':'1','precision':'exact'}}", "{'at':{'lat':'2','lon':'1','precision':'exact'}}",
	         "{'at':{'lat':'1','lon':'1','precision':'area'}}", "{'at':{'lat':'1','lon':'1','precision':'area'}}", 1, "/at"},
	};
	RUN(table)
}

static void edits_follow_what_the_other_side_moved(void **state)
{
	(void)state;
	static const example table[] = {
		{"moved into an object", NULL, "{'title':'Water for all','data':'http://old/data','kind':'town'}", "{'title':'Water for all','data':'http://new/data','kind':'town'}",
	         "{'title':'Water for all','source':{'data':'http://old/data','kind':'town'}}", "{'title':'Water for all','source':{'data':'http://new/data','kind':'town'}}", 0, NULL},
		{"renamed in its place", NULL, "{'type':'shapefile','n':1}", "{'type':'geojson','n':1}", "{'format':'shapefile','n':1}", "{'format':'geojson','n':1}", 0, NULL},
		{"a moved object, edited within", NULL, "{'conform':{'a':'alpha','b':'beta'},'x':1}", "{'conform':{'a':'alpha','b':'gamma'},'x':1}", "{'layers':[{'conform':{'a':'alpha','b':'beta'}}],'x':1}",
	         "{'layers':[{'conform':{'a':'alpha','b':'gamma'}}],'x':1}", 0, NULL},
		{"moved here, renamed there", NULL, "{'name':'county','type':'shapefile','site':'http://x.example/y'}", "{'layer':{'name':'county','type':'shapefile','site':'http://x.example/y'}}",
	         "{'name':'county','protocol':'shapefile','site':'http://z.example/y'}", "{'layer':{'name':'county','protocol':'shapefile','site':'http://z.example/y'}}", 0, NULL},
		{"true may stand anywhere by chance", NULL, "{'a':{'on':true},'b':{}}", "{'a':{'on':false},'b':{}}", "{'a':{},'b':{'on':true}}", "{'a':{'on':false},'b':{'on':true}}", 1, "/a/on"},
		{"two places: nobody knows which", NULL, "{'data':'http://old/data','x':1}", "{'data':'http://new/data','x':1}", "{'p':{'data':'http://old/data'},'q':{'data':'http://old/data'},'x':1}",
	         "{'data':'http://new/data','p':{'data':'http://old/data'},'q':{'data':'http://old/data'},'x':1}", 1, "/data"},
		{"moved and changed by the mover too", NULL, "{'data':'http://old/data'}", "{'data':'http://new/data'}", "{'s':{'data':'http://other/data'}}", "{'data':'http://new/data','s':{'data':'http://other/data'}}", 1, "/data"},
	};
	RUN(table)
}

static void a_conflict_path_outlives_moves(void **state)
{
	(void)state;
	cJSON *doc = read_quoted("{'p':[{'id':'x/y','r':1},{'id':'z','r':2}],'l':[{'n':'a'},{'n':'b'}]}");
	static const struct {
		const char *path, *pointer;
	} table[] = {{"/p/z/r", "/p/1/r"}, {"/p/x~1y/r", "/p/0/r"}, {"/p/0/r", "/p/0/r"}, {"/l/b", "/l/1"}, {"/p/z/new", "/p/1/new"}, {"", ""}};
	cib_buf pointer = CIB_BUF_INIT;
	for (size_t i = 0; i < sizeof table / sizeof *table; i++) {
		assert_true(cib_merge_path_to_pointer(&pointer, doc, NULL, table[i].path));
		assert_string_equal(pointer.data, table[i].pointer);
	}
	assert_false(cib_merge_path_to_pointer(&pointer, doc, NULL, "/p/none/r"));
	assert_false(cib_merge_path_to_pointer(&pointer, doc, NULL, "/none/r"));
	cib_buf_free(&pointer);
	cJSON_Delete(doc);
}

static void neither_value_passes_for_the_old_one(void **state)
{
	(void)state;
	cJSON *base = read_quoted("{'a':1,'b':1}"), *ours = read_quoted("{'a':2,'b':1}"), *theirs = read_quoted("{'a':3,'b':4}"), *out = NULL, *want = read_quoted("{'b':4}");
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	cib_merge_options options = {.keep = CIB_KEEP_NEITHER};
	assert_int_equal(cib_merge(&out, base, ours, theirs, &options, &conflicts), 1);
	assert_true(cib_json_equal(out, want));
	cib_conflicts_free(&conflicts);
	cJSON_Delete(base);
	cJSON_Delete(ours);
	cJSON_Delete(theirs);
	cJSON_Delete(out);
	cJSON_Delete(want);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(objects_merge_by_field),
		cmocka_unit_test(numbers_merge_by_value_and_keep_their_text),
		cmocka_unit_test(members_stand_where_their_writers_put_them),
		cmocka_unit_test(texts_merge_when_nothing_is_lost),
		cmocka_unit_test(lists_without_a_schema_are_understood),
		cmocka_unit_test(declared_lists_follow_their_rule),
		cmocka_unit_test(groups_are_never_mixed_from_two_sides),
		cmocka_unit_test(edits_follow_what_the_other_side_moved),
		cmocka_unit_test(a_conflict_path_outlives_moves),
		cmocka_unit_test(neither_value_passes_for_the_old_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
