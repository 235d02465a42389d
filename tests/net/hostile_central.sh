#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2001,SC2016,SC2086,SC2154,SC2317 # ../support/people.sh
# A central repository that is hostile, broken or not what it was: refused or told, each time with the reason, and nothing that
# is here is lost. Its administrator can do what no push can. Takes the program from $CIB; prints a line for each statement.
set -u
. "$(dirname "$0")/../support/people.sh"
trap 'kill "${web:-}" "${thief:-}" 2>/dev/null; rm -rf "$tmp"' EXIT
unset CIB_HTTP_USER CIB_HTTP_PASSWORD http_proxy all_proxy CIB_SSH GIT_SSH GIT_SSH_COMMAND
c=$tmp/central.git

ago() { echo "$(($(date +%s) - $1 * 86400)) +0000"; }
admin() { GIT_AUTHOR_NAME=x GIT_COMMITTER_NAME=x GIT_AUTHOR_EMAIL=${by:-sec-1@secretariat.cib.invalid} GIT_COMMITTER_EMAIL=${by:-sec-1@secretariat.cib.invalid} git -C "$c" "$@"; }
all_of() { git -C "$1" for-each-ref; (cd "$1" && find . -path ./.git -prune -o -type f -print0 | sort -z | xargs -0 sha1sum); }
plant() { # BRANCH MODE PATH [TEXT]: the administrator puts a file there, whatever its name
	local blob
	blob=$(printf %s "${4-x}" | git -C "$c" hash-object -w --stdin)
	python3 - "$c" "$1" "$2" "$3" "$blob" <<'PY'
import subprocess, sys
repo, branch, mode, path, blob = sys.argv[1:]
def git(*args, data=None):
    return subprocess.run(["git", "-C", repo, *args], input=data, stdout=subprocess.PIPE, check=True).stdout
def put(tree, parts):
    rows = {}
    if tree:
        for row in git("ls-tree", "-z", tree).split(b"\0")[:-1]:
            head, name = row.split(b"\t", 1)
            rows[name] = head.split()
    name = parts[0].encode()
    if len(parts) == 1:
        rows[name] = [mode.encode(), b"blob", blob.encode()]
    else:
        rows[name] = [b"040000", b"tree", put(rows[name][2].decode() if name in rows else None, parts[1:]).encode()]
    # git mktree refuses some names: the object is written as it is
    def key(item):
        return item[0] + (b"/" if item[1][0] == b"040000" else b"")
    raw = b"".join((b"40000" if r[0] == b"040000" else r[0]) + b" " + n + b"\0" + bytes.fromhex(r[2].decode()) for n, r in sorted(rows.items(), key=key))
    return git("hash-object", "-t", "tree", "-w", "--literally", "--stdin", data=raw).decode().strip()
tree = put(branch + "^{tree}", path.split("/"))
print(tree)
PY
}
move() { # BRANCH TREE: one commit more
	admin update-ref "refs/heads/$1" "$(admin commit-tree -p "$1" -m x "$2")"
}

expect 0 "init makes a network" "$CIB" init central.git --title "Example network" --language en --secretariat sec-1 --member m-a:a-1,a-2 --member m-b:b-1
old=$(GIT_AUTHOR_DATE=$(ago 90) GIT_COMMITTER_DATE=$(ago 90) admin commit-tree -m "The network" "main^{tree}")
admin update-ref refs/heads/main "$old"
joins a-1 sec-1
a=$(project a-1 "Water for six towns") b=$(project a-1 "Waste sorting")
rounds a-1 sec-1
expect 0 "accepted" as sec-1 review accept m-a "$a"
rounds sec-1 a-1
sound=$(admin rev-parse main) sound_own=$(admin rev-parse members/m-a)

# ---- history that was rewritten ----
refused() { # SENTENCE TEXT: a-1's sync is refused, saying so, with the edit of before it saved, and nothing else moved
	as a-1 set "$b" "/title/en=Edit $RANDOM" 2>/dev/null
	as a-1 save 2>/dev/null
	local before
	before=$(all_of a-1 | grep -v refs/cib/incoming)
	expect 3 "$1 is refused" as a-1 sync
	says "$2" "as what it is"
	is "$(all_of a-1 | grep -v refs/cib/incoming)" "$before" "and nothing changes here"
}
restored() { admin update-ref refs/heads/main "$sound" && admin update-ref refs/heads/members/m-a "$(git -C a-1 rev-parse refs/cib/central/own)"; }

admin update-ref refs/heads/main "$old"
refused "a main that was rolled back" rewritten
admin update-ref refs/heads/main "$(admin commit-tree -p "$old" -m other "$sound^{tree}")"
refused "a main with another history" rewritten
restored
admin update-ref refs/heads/members/m-a "$(admin commit-tree -m other "$sound_own~1^{tree}")"
refused "another history as the branch of one's own" rewritten
restored

# ---- a server that lost what it had acknowledged: its power failed, or an older state of it was restored ----
brought_back() { # SENTENCE
	expect 0 "$1: the next sync sends it again" as a-1 sync
	says "no longer had all that it had acknowledged" "and says so"
	is "$(admin rev-parse members/m-a)" "$(git -C a-1 rev-parse HEAD)" "and the server has it"
	expect 0 "and the one after it" as a-1 sync
	says_not "acknowledged" "has nothing to say of that"
}
as a-1 sync 2>/dev/null
as sec-1 sync >/dev/null 2>&1
newest=$(admin rev-parse members/m-a)
admin update-ref refs/heads/members/m-a "$(admin rev-parse members/m-a~1)"
expect 0 "the secretariat syncs with a server that lost a part of a member's branch" as sec-1 sync
says "m-a: the server no longer has all that was seen in this member's branch" "and is told"
is "$(git -C sec-1 rev-parse refs/cib/central/members/m-a)" "$newest" "and keeps what may be the last copy of it"
brought_back "a branch of one's own that was set back"
admin update-ref refs/heads/members/m-a "$(by=a-2@m-a.cib.invalid admin commit-tree -p "members/m-a~1" -m other "members/m-a~1^{tree}")"
brought_back "a branch of one's own that was set back and went on from there"
admin update-ref -d refs/heads/members/m-a
expect 0 "the secretariat syncs with a server that lost a member's branch" as sec-1 sync
says "m-a: the server no longer has all" "and is told"
is "$(git -C sec-1 for-each-ref --format='%(objectname)' refs/cib/rescue)" "$newest" "and keeps what may be the last copy of it"
brought_back "a branch of one's own that is gone"
accepted_then() { # SENTENCE COMMAND...: the server loses a branch of which all was accepted, but not sent yet
	local what=$1 id
	shift
	id=$(project a-1 "Street lights")
	rounds a-1 sec-1
	expect 0 "all of a member's branch is accepted" as sec-1 review accept m-a
	"$@"
	expect 0 "the server $what: what was accepted goes to main" as sec-1 sync
	says "went to main without its history" "and it is said how"
	is "$(admin ls-tree -r --name-only main | grep -c "$id")" 1 "main has it"
	is "$(admin rev-parse main)" "$(git -C sec-1 rev-parse HEAD)" "as it is here"
	brought_back "the member's branch"
	expect 0 "the secretariat syncs" as sec-1 sync
	says_not "refused" "and all is well"
	expect 0 "its queue" as sec-1 review list
	says_not "$id" "holds nothing of it"
}
accepted_then "lost the newest of the branch" admin update-ref refs/heads/members/m-a "$(admin rev-parse members/m-a)"
accepted_then "lost the branch" admin update-ref -d refs/heads/members/m-a
sound=$(admin rev-parse main) # with receipts

# ---- what no network holds ----
for bad in "100644 members/m-a/.git/config" "100644 members/m-a/projects/.gitattributes" "120000 members/m-a/projects/link.json" \
	"100755 members/m-a/projects/run.json" "100644 members/m-a/CON" "100644 schema/A.json"; do
	move main "$(plant main "${bad% *}" "${bad#* }")"
	refused "main with ${bad#* } (${bad% *})" "${bad#* }"
	restored
done
move members/m-a "$(plant members/m-a 100644 members/m-a/.git/hooks/pre-commit '#!/bin/sh')"
refused "the own branch with a hook in it" "members/m-a/.git/hooks/pre-commit"
is "$(find a-1/members -name .git)" "" "which is not written"
restored
move main "$(plant main 160000 members/m-a/sub)"
refused "main with a submodule" "members/m-a/sub"
restored
tree=$(plant main 100644 members/m-a/x.json)
for _ in 1 2 3 4 5 6 7; do # ten files ten times ten times ...: 10^7 in 8 objects
	tree=$(for i in 0 1 2 3 4 5 6 7 8 9; do printf '040000 tree %s\td%s\n' "$tree" "$i"; done | admin mktree --missing)
done
bomb=$( (admin ls-tree main && printf '040000 tree %s\tbomb\n' "$tree") | admin mktree)
move main "$bomb"
refused "a bomb of ten million files in a few objects" "more files than any network has"
restored
expect 3 "a copy of such a network is not made" env CIB_USER=a-2 sh -c "git -C '$c' update-ref refs/heads/main \"\$(GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@x GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x@x git -C '$c' commit-tree -p main -m x $(plant main 120000 members/m-a/l.json))\" && '$CIB' join '$c' bad --user a-2"
is "$(ls bad 2>/dev/null)" "" "and nothing is left of it"
restored

# ---- the own folder, changed by somebody else ----
text=$(git -C "$c" show "main:members/m-a/projects/$a.json")
move main "$(plant main 100644 "members/m-a/projects/$a.json" "${text/Water for six towns/Changed by the server}
")"
expect 0 "an own entry that the server changed" as a-1 sync
says "$a: the secretariat changed it on main" "is told"
(cd a-1 && CIB_USER=a-1 "$CIB" log "$a") >out 2>&1
says "Water for six towns" "and what it was is in the history"
sound=$(admin rev-parse main)
admin read-tree main && admin rm -q --cached "members/m-a/projects/$a.json" && move main "$(admin write-tree)"
expect 0 "an own entry that the server removed" as a-1 sync
says "$a: the secretariat removed it on main" "is told, too"
is "$(git -C a-1 cat-file -t "$sound:members/m-a/projects/$a.json")" blob "and is in the history"
sound=$(admin rev-parse main)

# ---- a main that stands still ----
says_not "stood still" "a main that moves is no news"
frozen=$(GIT_AUTHOR_DATE=$(ago 60) GIT_COMMITTER_DATE=$(ago 60) admin commit-tree -p "$old" -m frozen "$sound^{tree}")
admin update-ref refs/heads/main "$frozen" && admin update-ref -d refs/heads/members/m-a
expect 0 "another copy" env CIB_USER=a-2 "$CIB" join "$c" a-2 --user a-2
old_work=$(by=a-2@m-a.cib.invalid GIT_AUTHOR_DATE=$(ago 50) GIT_COMMITTER_DATE=$(ago 50) admin commit-tree -p main -m work "$(plant main 100644 members/m-a/projects/p-aaaaaaaaaa.json "$(sed 's/"id": "[^"]*"/"id": "p-aaaaaaaaaa"/' <<<"$text")
")")
admin update-ref refs/heads/members/m-a "$old_work"
expect 0 "work that was sent long ago, and a main that is older" as a-2 sync
says "main has stood still at the server for 60 days" "is told"

# ---- what a server says ----
fake() { # a server behind a pipe that says what is given
	printf '#!/bin/sh\n%s\n' "$1" >"$tmp/fake"
	chmod +x "$tmp/fake"
}
over() { (cd "$tmp" && CIB_SSH=$tmp/fake CIB_TIMEOUT=20 CIB_USER=a-1 "$CIB" join ssh://host/x "fake-copy" --user a-1); }
hostile() { # STATUS SENTENCE SCRIPT
	fake "$3"
	expect "$1" "$2" over
	is "$(ls -d fake-copy 2>/dev/null)" "" "and leaves nothing here"
}
id=1111111111111111111111111111111111111111
hostile 3 "endless references end" "exec python3 -c \"
import sys
line = b'%s refs/heads/main\\0 side-band-64k ofs-delta\\n' % b'$id'
w = sys.stdout.buffer.write
w(b'%04x' % (len(line) + 4) + line)
i = 0
while True:
    i += 1
    line = b'%s refs/heads/b%d\\n' % (b'$id', i)
    w(b'%04x' % (len(line) + 4) + line)
\""
says "too many references" "with the reason"
said=$(printf 'ERR \033[2J\033]0;title\007you are \033[31mlost\033[0m, friend')
hostile 3 "an error with escape codes" "printf %04x%s $((${#said} + 4)) '$said'"
is "$(grep -c "$(printf '\033')" err)" 0 "is shown without them"
says "friend" "and is shown"
pack() { # PYTHON: what comes as the pack
	printf "exec python3 -c \"
import sys, struct, zlib, hashlib
w, r = sys.stdout.buffer.write, sys.stdin.buffer
def pkt(b): w(b'%%04x' %% (len(b) + 4) + b)
pkt(b'%s refs/heads/main\\\\0 side-band-64k ofs-delta\\\\n'); w(b'0000'); sys.stdout.buffer.flush()
while True:
    n = int(r.read(4), 16)
    if n and r.read(n - 4) == b'done\\\\n': break
pkt(b'NAK\\\\n')
def data(b):
    for i in range(0, len(b), 60000): pkt(b'\\\\x01' + b[i:i+60000])
def size(kind, n):
    out = bytearray([kind << 4 | n & 15]); n >>= 4
    while n: out[-1] |= 128; out.append(n & 127); n >>= 7
    return bytes(out)
%s
\"" "$id" "$1"
}
hostile 3 "an object of 5 GB is refused by its head" "$(pack "data(b'PACK' + struct.pack('>II', 2, 1) + size(3, 5 << 30) + zlib.compress(b'x' * 100000))")"
says "too large" "with the reason"
hostile 3 "a pack that swells to terabytes is refused" "$(pack "
data(b'PACK' + struct.pack('>II', 2, 1000000))
z = zlib.compress(b'x' * (60 << 20), 9)
while True: data(size(3, 60 << 20) + z)")"
says "swells" "with the reason"
over_little() { (ulimit -v 300000; over); } # kB of addresses: nobody takes memory for what is only said
few() { # STATUS SENTENCE OBJECTS END: a pack that claims so many objects and holds one
	fake "$(pack "data(b'PACK' + struct.pack('>II', 2, $3) + size(3, 4) + zlib.compress(b'text')$4)")"
	expect "$1" "$2" over_little
}
few 3 "a pack that claims four thousand million objects is refused by its head" 4000000000 ""
says "too many objects" "with the reason"
few 4 "one that claims nineteen million, and ends" 19000000 ""
says "ended" "takes no memory for them"
rm -rf fake-copy
few 3 "and with as many zeros as a sum behind the one" 19000000 " + bytes(20)"
rm -rf fake-copy
hostile 3 "a pack that is none is refused" "$(pack "data(b'GARBAGE' * 100)")"

# ---- another host ----
cat >web.py <<'PY'
import http.server, sys
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        open(sys.argv[1], "a").write(f"{self.path} {self.headers.get('Authorization')}\n")
        self.send_response(302 if len(sys.argv) > 2 else 404)
        if len(sys.argv) > 2:
            self.send_header("Location", sys.argv[2] + self.path)
        self.end_headers()
    do_POST = do_GET
    def log_message(self, *a): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
print(server.server_port, flush=True)
server.serve_forever()
PY
python3 web.py "$tmp/thief.log" >thief.port & thief=$!
for _ in {1..200}; do [ -s thief.port ] && break; sleep 0.05; done
python3 web.py "$tmp/web.log" "http://localhost:$(cat thief.port)" >web.port & web=$!
for _ in {1..200}; do [ -s web.port ] && break; sleep 0.05; done
expect 3 "a server that points to another is not followed" env CIB_HTTP_USER=a-1 CIB_HTTP_PASSWORD=pw "$CIB" join "http://127.0.0.1:$(cat web.port)/x" led --user a-1
says "points to another address" "with the reason"
is "$(cat thief.log 2>/dev/null)" "" "and the other one hears nothing"

for url in 'ext::sh -c touch% '"$tmp"'/run' -oProxyCommand=id "ssh://-oProxyCommand=touch%20$tmp/run/x" 'host:-x' "fd::17" "ftp://host/x"; do
	expect 2 "the address $url is refused" "$CIB" join --user a-1 -- "$url" addressed
	is "$(ls -d addressed run 2>/dev/null)" "" "and nothing is run or made"
done
exit "$failed"
