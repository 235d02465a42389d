#!/usr/bin/env bash
# cib-bowtie: the protocol, and the official suite by way of it. Takes the program beside $CIB; prints a line for each statement.
# shellcheck disable=SC2016 # $ref stands in single quotes
# builds: both
set -u
bowtie=${CIB:?path of the cib program}-bowtie
here=$(cd "$(dirname "$0")" && pwd)
failed=0

# say SENTENCE WANTED LINE...: the program answers these lines with that text (exit code last).
say() {
	local sentence=$1 want=$2 got
	shift 2
	got=$(printf '%s\n' "$@" | "$bowtie" 2>/dev/null)$'\n'$?
	if [ "$got" = "$want" ]; then
		echo "ok - $sentence"
	else
		echo "not ok - $sentence"
		printf '    %s\n' "expected: $want" "got: $got"
		failed=1
	fi
}
start='{"cmd":"start","version":1}'
dialect='{"cmd":"dialect","dialect":"https://json-schema.org/draft/2020-12/schema"}'
stop='{"cmd":"stop"}'

if printf '%s\n' "$start" "$stop" | "$bowtie" | grep -q '"version":1,"implementation":{"language":"c","name":"cib",.*"dialects":\["https://json-schema.org/draft/2020-12/schema"\]'; then
	echo "ok - start is answered with who one is and which dialect one speaks"
else
	echo "not ok - start is answered with who one is and which dialect one speaks"
	failed=1
fi
say "another version of the protocol is refused" $'\n2' '{"cmd":"start","version":2}'
say "the dialect is taken, others are not" $'{"ok":true}\n{"ok":false}\n{"ok":false}\n0' "$dialect" \
	'{"cmd":"dialect","dialect":"http://json-schema.org/draft-07/schema#"}' '{"cmd":"dialect"}' "$stop"
say "a case gets a result for each test, under its number" $'{"seq":1,"results":[{"valid":true},{"valid":false}]}\n{"seq":"b","results":[]}\n0' \
	'{"cmd":"run","seq":1,"case":{"description":"d","schema":{"type":"integer"},"tests":[{"description":"t","instance":1},{"description":"t","instance":"a","valid":true}]}}' \
	'{"cmd":"run","seq":"b","case":{"schema":true,"tests":[]}}' "$stop"
say "references lead into the registry, and only there" \
	$'{"seq":1,"results":[{"valid":false}]}\n{"errored":true,"context":{"code":"schema.ref","message":"the reference \\"http://cib.example/b\\" leads nowhere: no schema with that URI is known","pointer":"/$ref"},"seq":2}\n0' \
	'{"cmd":"run","seq":1,"case":{"schema":{"$ref":"http://cib.example/a"},"registry":{"http://cib.example/a":{"type":"null"}},"tests":[{"instance":1}]}}' \
	'{"cmd":"run","seq":2,"case":{"schema":{"$ref":"http://cib.example/b"},"registry":{"http://cib.example/a":{"type":"null"}},"tests":[{"instance":1}]}}' "$stop"
say "a schema that is none, and text that is no JSON, are errors of that case alone" \
	$'{"errored":true,"context":{"code":"schema.keyword","message":"there is no type \\"strin\\"","pointer":"/type"},"seq":3}\n{"errored":true,"context":{"code":"json.duplicate-key","message":"the name \\"a\\" stands twice in this object: at 1:40 and at 1:46"},"seq":9}\n{"seq":4,"results":[{"valid":true}]}\n0' \
	'{"cmd":"run","seq":3,"case":{"schema":{"type":"strin"},"tests":[{"instance":1}]}}' \
	'{"cmd":"run","seq":9,"case":{"schema":{"a":1,"a":2},"tests":[]}}' \
	'{"cmd":"run","seq":4,"case":{"schema":true,"tests":[{"instance":null}]}}' "$stop"
say "where a limit leaves no verdict, none is claimed" \
	$'{"seq":1,"results":[{"errored":true,"context":{"code":"schema.pattern-too-costly","message":"no verdict: a pattern of the schema is too costly for this text"}},{"valid":true}]}\n0' \
	'{"cmd":"run","seq":1,"case":{"schema":{"pattern":"(?=(a+)+$)b"},"tests":[{"instance":"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaac"},{"instance":1}]}}' "$stop"
say "formats are notes" $'{"seq":1,"results":[{"valid":true}]}\n0' '{"cmd":"run","seq":1,"case":{"schema":{"format":"date"},"tests":[{"instance":"x"}]}}' "$stop"
bowtie_options=$bowtie
bowtie=$(mktemp)
printf '#!/bin/sh\nexec "%s" --assert-format\n' "$bowtie_options" >"$bowtie"
chmod +x "$bowtie"
say "formats are asserted with --assert-format" $'{"seq":1,"results":[{"valid":false}]}\n0' '{"cmd":"run","seq":1,"case":{"schema":{"format":"date"},"tests":[{"instance":"x"}]}}' "$stop"
rm -f "$bowtie"
bowtie=$bowtie_options

suite=${CIB_SHARED_DIR:-$here/../../../shared}/data/json-schema-suite
if [ -d "$suite/tests" ]; then
	for folders in ". optional" "--assert-format optional/format"; do
		# shellcheck disable=SC2086 # they are several
		if out=$(python3 "$here/../support/bowtie_suite.py" "$bowtie" "$suite" $folders); then
			echo "ok - the official suite passes by way of the protocol ($folders: $out)"
		else
			echo "not ok - the official suite passes by way of the protocol ($folders)"
			printf '%s\n' "$out" | tail -n 20 | sed 's/^/    /'
			failed=1
		fi
	done
else
	echo "SKIP: no official suite in ../shared/data"
fi
exit $failed
