#!/usr/bin/env bash
# The app's pages in a real browser: Chromium, led by playwright-core, looked at by axe-core. Skips where there is no browser, or
# npm cannot bring what tests/app/package.json names; neither is needed to build or to use cib.
set -u
# shellcheck source=tests/support/people.sh
. "$(dirname "$0")/../support/people.sh"
# shellcheck source=tests/support/app_scene.sh
. "$support/app_scene.sh"
# shellcheck source=tests/support/browser.sh
. "$support/browser.sh"

sed "s|../../lib|$root/lib|" "$root/tests/app/tsconfig.json" >"$tools/tsconfig.json"
expect 0 "the types in the pages' comments hold" "$tools/node_modules/.bin/tsc" -p "$tools/tsconfig.json"

scene
run() { # SCRIPT ARGUMENT...: its lines are statements
	timeout 600 node "$tools/$1" "$tmp" "${@:2}" || failed=1
}
run pages.mjs "{\"accepted\": \"$accepted\", \"returned\": \"$returned\", \"clash\": \"$clash\", \"draft\": \"$draft\", \"fresh\": \"$fresh\"}"

# 20 entries, each with 10 hostile strings, in its title, texts, translations, lists and history.
node -e 'import(process.argv[1]).then(m => console.log(JSON.stringify(m.strings)))' "$tools/xss.mjs" >strings.json
python3 - "$CIB" "$tmp/andal-2" >hostile.json <<'PY'
import json, os, subprocess, sys
cib, folder = sys.argv[1:]
strings = json.load(open("strings.json"))
ids = []
for i in range(0, len(strings), 10):
    s = strings[i:i + 10]
    values = ["/title/en=" + s[0], "/title/fr=" + s[1], "/description/general/en=" + s[2], "/description/general/fr=" + s[3], "/description/general/ar=" + s[4],
              "/partners:=" + json.dumps([{"id": "o-1", "name": {"en": s[5], "fr": s[6]}, "role": "4"}, {"id": "o-2", "name": {"en": s[7]}, "role": "4"}]),
              "/status=2", "/dates/plannedStart=2024-01", '/sectors:=[{"code":"15128"}]']
    env = {**os.environ, "CIB_USER": "andal-2"}
    made = subprocess.run([cib, "new", "project", *values], cwd=folder, env=env, capture_output=True, text=True)
    ids.append(made.stdout.strip())
    subprocess.run([cib, "save"], cwd=folder, env=env, capture_output=True)
    subprocess.run([cib, "set", ids[-1], "/title/en=" + s[8], "/description/general/en=" + s[9]], cwd=folder, env=env, capture_output=True)
    subprocess.run([cib, "save"], cwd=folder, env=env, capture_output=True)
print(json.dumps({"hostile": ids}))
PY
run hostile.mjs "$(cat hostile.json)"
exit $failed
