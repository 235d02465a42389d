#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154,SC2086 # ../support/people.sh
# The formats of cib check, each by its published form: SARIF and JUnit by their schemas (npm packages carry them), GitLab's and
# GitHub's by what their pages ask for. Takes the program from $CIB; prints a line for each statement.
set -u
. "$(dirname "$0")/../support/people.sh"
schemas=$support/../../build/report-schemas
sh "$support/report_schemas.sh" "$schemas" 2>"$tmp/no" || schemas=
[ -n "$schemas" ] || echo "SKIP: the published schemas of SARIF and JUnit: $(cat "$tmp/no")"

# ---- what there is to report: every awkward character, a warning-free file, a file that cannot be read ----
mkdir -p 'data/a b' data/good
printf '{"n": "x", "m": "1"}\n' >'data/a b/100%, c:d <&">.json'
printf '{"n": "\xef\xbf\xbf \\u001b[31m", "zz": 1}\n' >data/bad.json
printf '{"n":1,,}\n' >data/broken.json
printf '{"n":1}\n' >data/good/one.json
cat >any.schema.json <<'END'
{"$schema":"https://json-schema.org/draft/2020-12/schema","type":"object","properties":{"n":{"type":"integer"},"m":{"type":"integer"}},
"additionalProperties":false}
END
"$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1 2>"$tmp/err" || { echo "not ok - init"; exit 1; }
git clone -q central.git clone
mkdir -p clone/members/m-a/projects clone/members/m-b
printf '{"id": 1}\n' >clone/members/m-a/projects/p-aaaaaaaaaa.json
echo x >clone/members/m-b/y
git -C clone add -A && git -C clone -c user.name=x -c user.email=x@example.org commit -qm x

# The three ways to check, in each format.
for format in text json sarif junit github gitlab; do
	expect 1 "any JSON is reported as $format" "$CIB" check --schema any.schema.json --format $format data
	cp out "schema.$format"
	cd clone || exit 1
	expect 1 "a network is reported as $format" "$CIB" check --format $format
	cp "$tmp/out" "$tmp/network.$format"
	expect 1 "a range is reported as $format" "$CIB" check --range origin/main..HEAD --user a-1 --format $format
	cp "$tmp/out" "$tmp/range.$format"
	expect 0 "nothing wrong is reported as $format" "$CIB" check --range HEAD~1..HEAD~1 --user a-1 --format $format
	cd "$tmp" || exit 1
	cp out "clean.$format"
	expect 2 "what cannot be read is reported as $format" "$CIB" check --schema any.schema.json --format $format data/good nothing.json
	cp out "incomplete.$format"
done
expect 2 "another format is a mistake" "$CIB" check --format yaml
says "text, json, sarif, junit, github or gitlab" "which names those that there are"

# ---- by the published schemas ----
for what in schema network range clean incomplete; do
	[ -n "$schemas" ] || continue
	expect 0 "SARIF: $what is valid by the schema of SARIF 2.1.0" "$CIB" check --schema "$schemas/sarif.json" "$what.sarif"
	expect 0 "JUnit: $what is valid by Ant's schema" xmllint --noout --schema "$schemas/ant.xsd" "$what.junit"
	expect 0 "JUnit: $what is valid by Jenkins's schema" xmllint --noout --schema "$schemas/jenkins.xsd" "$what.junit"
done
if [ -n "$schemas" ]; then
	sed 's/"level":"error"/"level":"bad"/' schema.sarif >broken.sarif
	expect 1 "the schema of SARIF refuses a level that there is not" "$CIB" check --schema "$schemas/sarif.json" broken.sarif
	sed 's/"startLine":1/"startLine":0/' schema.sarif >broken.sarif
	expect 1 "and line 0" "$CIB" check --schema "$schemas/sarif.json" broken.sarif
	sed 's/ failures="[0-9]*"//' schema.junit >broken.junit
	expect 3 "Ant's schema refuses a suite that does not count" xmllint --noout --schema "$schemas/ant.xsd" broken.junit
fi

# ---- and by what the schemas do not say ----
cat >facts.py <<'END'
import json, re, sys, urllib.parse, xml.etree.ElementTree as xml

failed = 0
def check(sentence, good, why=""):
    global failed
    print(("ok - " if good else "not ok - ") + sentence + ("" if good else " " + str(why)))
    failed |= not good

odd = 'data/a b/100%, c:d <&">.json'
lines = [json.loads(l) for l in open("schema.json")]
assert {l["file"] for l in lines} == {odd, "data/bad.json", "data/broken.json"}, lines

sarif = json.load(open("schema.sarif"))["runs"][0]
uris = {urllib.parse.unquote(r["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]) for r in sarif["results"]}
check("SARIF: names come back from their URIs", uris == {l["file"] for l in lines}, uris)
check("SARIF: each result names its rule", all(sarif["tool"]["driver"]["rules"][r["ruleIndex"]]["id"] == r["ruleId"] for r in sarif["results"]))
check("SARIF: every finding is there", len(sarif["results"]) == len(lines))
prints = [r["partialFingerprints"]["cibFinding/v1"] for r in sarif["results"]]
check("SARIF: no two fingerprints are the same", len(set(prints)) == len(prints))
check("SARIF: a run that broke off says so", json.load(open("incomplete.sarif"))["runs"][0]["invocations"][0]["executionSuccessful"] is False)
check("SARIF: a clean run has no results", json.load(open("clean.sarif"))["runs"][0]["results"] == [])
result = json.load(open("range.sarif"))["runs"][0]["results"][0]
check("SARIF: a range's result names its commit", re.fullmatch("[0-9a-f]{12}", result["properties"]["commit"]) is not None)

suite = xml.parse("schema.junit").getroot()[0]
cases = suite.findall("testcase")
check("JUnit: every file is a case, the good ones too", {c.get("name") for c in cases} == uris | {"data/good/one.json"})
check("JUnit: the counts are those of the cases", int(suite.get("tests")) == len(cases) and int(suite.get("failures")) == len(suite.findall("testcase/failure")) == 3)
check("JUnit: an escape does not come through", "\x1b" not in open("schema.junit").read())
suite = xml.parse("incomplete.junit").getroot()[0]
check("JUnit: a run that broke off has an error", suite.get("errors") == "1" and suite.find("testcase/error") is not None)
suite = xml.parse("clean.junit").getroot()[0]
check("JUnit: a clean run has a good case", suite.get("tests") == "1" and suite.get("failures") == "0")

for name in "schema", "network", "range", "clean":
    report = json.load(open(name + ".gitlab"))
    check("GitLab: each of %s has what its page asks for" % name, isinstance(report, list) and all(
        set(f) == {"description", "check_name", "fingerprint", "severity", "location"} and f["description"] and f["check_name"]
        and f["severity"] in ("info", "minor", "major", "critical", "blocker") and f["location"]["lines"]["begin"] >= 1
        and not f["location"]["path"].startswith(("./", "/")) for f in report), report)
    check("GitLab: no two fingerprints of %s are the same" % name, len({f["fingerprint"] for f in report}) == len(report))
check("GitLab: a file and its name", odd in {f["location"]["path"] for f in json.load(open("schema.gitlab"))})
check("GitLab: a clean run is an empty list", json.load(open("clean.gitlab")) == [])

# The runner's own reading of a line: command, properties between commas, data; then %25 %0D %0A, and in properties %3A %2C.
def command(line):
    m = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line)
    if not m:
        return None
    undo = lambda s: s.replace("%0D", "\r").replace("%0A", "\n").replace("%3A", ":").replace("%2C", ",").replace("%25", "%")
    return m[1], {k: undo(v) for k, v in (p.split("=", 1) for p in m[2].split(","))}, m[3].replace("%25", "%")
for name in "schema", "network", "range":
    parsed = [command(l) for l in open(name + ".github").read().splitlines()]
    check("GitHub: each line of %s is a command" % name, parsed and all(parsed), parsed)
    check("GitHub: each command of %s has a file and says something" % name, all(c[1]["file"] and c[2] for c in parsed if c))
files = {command(l)[1]["file"] for l in open("schema.github").read().splitlines()}
check("GitHub: names come back from their escapes", odd in files, files)
check("GitHub: line and column are there", re.search(r"^::error file=data/broken\.json,line=1,col=8,title=json", open("schema.github").read(), re.M) is not None, open("schema.github").read())
check("GitHub: a clean run says nothing", open("clean.github").read() == "")
sys.exit(failed)
END
python3 facts.py || failed=1
exit $failed
