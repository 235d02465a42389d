#!/usr/bin/env bash
# libcib as another program meets it: installed, found by pkg-config, one header, one archive.
# builds: both
set -u
CIB=${CIB:?path of the cib program}
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
build=$(dirname "$CIB")
failed=0
statement() { # SENTENCE COMMAND...
	local sentence=$1
	shift
	if "$@" >"$tmp/out" 2>&1; then
		echo "ok - $sentence"
	else
		echo "not ok - $sentence"
		sed 's/^/    /' "$tmp/out"
		failed=1
	fi
}

cat >"$tmp/program.c" <<'C'
#include <cib.h>
#include <stdio.h>
#include <string.h>

static cJSON *read_text(const char *text)
{
	cJSON *doc = NULL;
	cib_error err = CIB_ERROR_INIT;
	if (cib_json_read(&doc, text, strlen(text), NULL, &err) != CIB_OK)
		printf("%zu:%zu %s\n", err.line, err.column, err.code);
	return doc;
}

int main(int argc, char **argv)
{
	cib_error err = CIB_ERROR_INIT;
	cJSON *schema_doc = read_text("{\"properties\": {\"age\": {\"type\": \"integer\"}}}"), *doc = read_text("{\"age\": \"six\"}"), *merged = NULL;
	cJSON *base = read_text("{\"a\": 1, \"b\": 1}"), *ours = read_text("{\"a\": 2, \"b\": 1}"), *theirs = read_text("{\"a\": 1, \"b\": 2}");
	cib_schema *schema = NULL;
	cib_findings findings = CIB_FINDINGS_INIT;
	cib_conflicts conflicts = CIB_CONFLICTS_INIT;
	cib_buf text = CIB_BUF_INIT;
	read_text("{\"a\": 1, \"a\": 2}");
	if (cib_schema_compile(&schema, schema_doc, NULL, &err) == CIB_OK && cib_schema_validate(schema, doc, NULL, 0, "en", &findings) == CIB_FINDINGS)
		printf("%s %s\n", findings.items[0].pointer, findings.items[0].keyword);
	printf("%zu conflicts\n", cib_merge(&merged, base, ours, theirs, NULL, &conflicts));
	cib_json_style compact = {0};
	compact.compact = true;
	cib_json_write(&text, merged, &compact);
	printf("%s\n", cib_buf_str(&text));

	cib_store *store = NULL;
	cib_network *net = NULL;
	cib_oid tip;
	if (argc > 1 && cib_store_open(&store, argv[1], &err) == CIB_OK && cib_store_ref_get(&tip, store, "refs/heads/main", &err) == CIB_OK &&
	    cib_network_load(&net, store, &tip, &err) == CIB_OK)
		printf("%s\n", cib_network_kind(net, "project") ? "a network with projects" : "no projects");
	else
		printf("%s\n", err.message);
	cib_network_free(net);
	cib_store_free(store);
	cib_buf_free(&text);
	cib_conflicts_free(&conflicts);
	cib_findings_free(&findings);
	cib_schema_free(schema);
	cJSON_Delete(schema_doc);
	cJSON_Delete(doc);
	cJSON_Delete(merged);
	cJSON_Delete(base);
	cJSON_Delete(ours);
	cJSON_Delete(theirs);
	return 0;
}
C
cat >"$tmp/expected" <<'E'
1:10 json.duplicate-key
/age type
0 conflicts
{"a":2,"b":2}
a network with projects
E

statement "the library installs" cmake --install "$build" --prefix "$tmp/usr"
PKG_CONFIG_PATH=$(dirname "$(find "$tmp/usr" -name cib.pc)")
export PKG_CONFIG_PATH
sanitizers=()
# shellcheck disable=SC2054 # one option
[ "$(basename "$build")" != asan ] || sanitizers=(-fsanitize=address,undefined)
# shellcheck disable=SC2046 # words on purpose
statement "a program builds with one header, by pkg-config" \
	cc -std=c11 -Wall -Wextra -Werror "${sanitizers[@]}" "$tmp/program.c" -o "$tmp/program" $(pkg-config --cflags --libs cib)
# shellcheck disable=SC2046
statement "the header reads as C++, too" \
	c++ -x c++ -fsyntax-only -Wall -Werror $(pkg-config --cflags cib) "$tmp/usr/include/cib/cib.h"
statement "a network is made" "$CIB" init "$tmp/net.git" --title Net --secretariat sec-1
"$tmp/program" "$tmp/net.git" >"$tmp/got" 2>&1
statement "the program reads, validates, merges and opens a network" diff "$tmp/expected" "$tmp/got"
statement "cib.h names every room that has a header" bash -c '
	cd "$1" && for d in lib/*/; do r=$(basename "$d"); [ ! -e "lib/$r/$r.h" ] || grep -q "\"$r/$r.h\"" lib/cib.h || { echo "$r"; exit 1; }; done' _ "$(cd "$(dirname "$0")/../.." && pwd)"
exit $failed
