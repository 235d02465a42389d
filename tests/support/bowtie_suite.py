"""Runs folders of the official suite through cib-bowtie, as Bowtie does: PROGRAM SUITE [--assert-format] FOLDER..."""
import json, os, subprocess, sys

program, suite, *rest = sys.argv[1:]
options = [a for a in rest if a.startswith("--")]
folders = [a for a in rest if not a.startswith("--")]
remotes = {}
for top, _, files in os.walk(os.path.join(suite, "remotes")):
    for name in files:
        path = os.path.join(top, name)
        with open(path, encoding="utf-8") as f:
            remotes["http://localhost:1234/" + os.path.relpath(path, os.path.join(suite, "remotes"))] = json.load(f)

cases = []
for folder in folders:
    where = os.path.join(suite, "tests/draft2020-12", folder)
    for name in sorted(os.listdir(where)):
        if name.endswith(".json"):
            with open(os.path.join(where, name), encoding="utf-8") as f:
                # numbers beyond doubles must reach the program as they are written
                cases += [(name, c) for c in json.load(f, parse_float=lambda s: {"__number__": s})]


def plain(value):
    """JSON text with the numbers as they stood."""
    if isinstance(value, dict):
        if set(value) == {"__number__"}:
            return value["__number__"]
        return "{" + ",".join(json.dumps(k) + ":" + plain(v) for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ",".join(map(plain, value)) + "]"
    return json.dumps(value)


lines = ['{"cmd":"start","version":1}', '{"cmd":"dialect","dialect":"https://json-schema.org/draft/2020-12/schema"}']
for seq, (_, case) in enumerate(cases):
    tests = [{"description": t["description"], "instance": t["data"]} for t in case["tests"]]
    lines.append('{"cmd":"run","seq":%d,"case":%s}' % (seq, plain({"description": case["description"], "schema": case["schema"], "registry": remotes, "tests": tests})))
lines.append('{"cmd":"stop"}')
out = subprocess.run([program, *options], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True).stdout.splitlines()
replies = [json.loads(line) for line in out]
wrong = total = 0
if len(replies) != len(cases) + 2 or replies[0]["version"] != 1 or replies[1] != {"ok": True}:
    sys.exit("not the protocol: %d replies for %d cases" % (len(replies), len(cases)))
for seq, (name, case) in enumerate(cases):
    reply = replies[seq + 2]
    assert reply["seq"] == seq
    for i, test in enumerate(case["tests"]):
        total += 1
        got = reply.get("results", [{}] * (i + 1))[i].get("valid")
        if got is not test["valid"]:
            wrong += 1
            print("%s: %s: %s: %s" % (name, case["description"], test["description"], got))
print("%d of %d" % (total - wrong, total))
sys.exit(wrong > 0 or total == 0)
