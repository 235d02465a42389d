"""Hostile pushes: objects that no honest program makes, built by hand, and pushed with plain git to real servers.

    hostile.py build DIR CENTRAL      DIR/work.git with all objects, and DIR/steps.json: what to push, in which order
    hostile.py run DIR NAME CENTRAL METHOD ADDRESS HONEST SHARE
                                      do it: CENTRAL is a copy of the folder that was built on, as the server at ADDRESS serves it
                                      (METHOD local, http or ssh); with an honest push after each HONEST, and of SHARE hostile ones only one
    hostile.py stock DIR CENTRAL      how many of them does git by itself refuse?

A refusal is only good when it says why and names commit and path, leaves no file behind in the central repository's objects, and
the next honest push works. Where git's own checks are on they may be faster than the guard: then it is enough that git says
no. Prints a line for each statement and last "# NAME: refused of tried". Ends with 1 when one failed.
"""
import hashlib, json, os, re, subprocess, sys, time, zlib

OWN, OTHER, THIRD, MAIN = "refs/heads/members/m-andal", "refs/heads/members/m-voorbeeld", "refs/heads/members/m-third", "refs/heads/main"
NOTES = "members/m-andal/notes/"
ENV = dict(os.environ, GIT_CONFIG_NOSYSTEM="1", GIT_TERMINAL_PROMPT="0", LC_ALL="C.UTF-8")
for name in "CIB_USER", "GL_USER", "GL_USERNAME", "REMOTE_USER", "GITEA_PUSHER_NAME":
    ENV.pop(name, None)


class Objects:
    """The objects of work.git, written by hand: whatever git's own programs would refuse to make."""

    def __init__(self, git_dir):
        self.dir, self.known = git_dir, {}

    def write(self, kind, data):
        raw = b"%s %d\0" % (kind.encode(), len(data)) + data
        oid = hashlib.sha1(raw).hexdigest()
        path = "%s/objects/%s/%s" % (self.dir, oid[:2], oid[2:])
        if not os.path.exists(path):
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as f:
                f.write(zlib.compress(raw, 1))
        if kind == "tree":
            self.known[oid] = data
        return oid

    def git(self, *args):
        return subprocess.run(["git", "-C", self.dir, *args], check=True, capture_output=True).stdout

    def entries(self, tree):
        """(mode, name, id) of each entry."""
        if tree not in self.known:
            self.known[tree] = self.git("cat-file", "tree", tree)
        data, at, out = self.known[tree], 0, []
        while at < len(data):
            end = data.index(b"\0", at)
            mode, name = data[at:end].split(b" ", 1)
            out.append((mode, name, data[end + 1:end + 21]))
            at = end + 21
        return out

    def tree(self, entries, ordered=True):
        if ordered:
            entries = sorted(entries, key=lambda e: e[1] + (b"/" if e[0] == b"40000" else b""))
        return self.write("tree", b"".join(m + b" " + n + b"\0" + o for m, n, o in entries))

    def folder(self, tree, path):
        """What the tree holds at that path."""
        for part in path.split(b"/"):
            tree = next(oid for _, name, oid in self.entries(tree) if name == part).hex()
        return self.entries(tree)

    def put(self, tree, mode, oid, path):
        """That tree with one entry put at a path; mode 0 takes it out, and a folder that becomes empty."""
        name, _, rest = path.partition(b"/")
        entries = self.entries(tree) if tree else []
        if rest:
            sub = [e[2].hex() for e in entries if e[1] == name]
            oid, deep = self.put(sub[0] if sub else None, mode, oid, rest), mode
            mode = b"40000"
            if deep == b"0" and not self.entries(oid):
                mode = b"0"
        entries = [e for e in entries if e[1] != name]
        return self.tree(entries + ([(mode, name, bytes.fromhex(oid))] if mode != b"0" else []))


def ident(user, domain):
    return "%s <%s@%s>" % (user, user, domain)


STAFF, SECRETARIAT = ident("andal-1", "m-andal.cib.invalid"), ident("sec-1", "secretariat.cib.invalid")
VOORBEELD, THIRD_STAFF = ident("voorbeeld-1", "m-voorbeeld.cib.invalid"), ident("third-1", "m-third.cib.invalid")


def note(name, owner="m-andal", title="A note"):
    return ('{\n  "id": "%s",\n  "owner": "%s",\n  "title": "%s"\n}\n' % (name, owner, title)).encode()


class Builder:
    def __init__(self, folder, central):
        self.steps, self.now, self.ids = [], int(time.time()), 0
        work = folder + "/work.git"
        subprocess.run(["git", "clone", "-q", "--bare", "--no-hardlinks", central, work], check=True)
        for setting in "core.protectNTFS", "core.protectHFS", "gc.auto":
            subprocess.run(["git", "-C", work, "config", setting, "0"], check=True)
        self.o = Objects(work)
        self.root, root_tree = (self.o.git("rev-parse", name).decode().strip() for name in ("main", "main^{tree}"))
        self.trees = {self.root: root_tree}

    # ---- objects

    def blob(self, data):
        return self.o.write("blob", data if isinstance(data, bytes) else data.encode())

    def put(self, tree, mode, oid, path):
        path = path if isinstance(path, bytes) else path.encode()
        return self.o.put(tree, str(mode).encode(), oid, path)

    def commit(self, tree, *parents, who=STAFF, message="a change\n", raw=None, when=None):
        when = "%d +0000" % (self.now if when is None else when)
        lines = ["tree " + tree] + ["parent " + p for p in parents]
        lines += raw if raw is not None else ["author %s %s" % (who, when), "committer %s %s" % (who, when)]
        message = message if isinstance(message, bytes) else message.encode()
        oid = self.o.write("commit", "\n".join(lines).encode("utf-8", "surrogateescape") + b"\n\n" + message)
        self.trees[oid] = tree
        return oid

    def tree_of(self, commit):
        return self.trees[commit]

    def new(self):
        self.ids += 1
        return "nt-%010d" % self.ids

    def with_(self, mode, oid, path, parent=None, **how):
        """A commit that puts this at the path."""
        parent = parent or self.tip
        return self.commit(self.put(self.tree_of(parent), mode, oid, path), parent, **how)

    def with_notes(self, tree):
        """A commit whose own folder of notes is that tree."""
        return self.with_(40000, tree, NOTES[:-1])

    # ---- steps

    def deny(self, sentence, want, oid, path=None, ref=OWN, user="andal-1", names_commit=True, specs=None, **more):
        self.steps.append(dict(more, kind="deny", sentence=sentence, want=want, user=user, specs=specs or ["+%s:%s" % (oid, ref)], path=path,
                               commit=oid[:12] if names_commit else ""))

    def deny_at(self, sentence, want, mode, content, path, **more):
        """The usual one: a commit with that at the path; the message names both."""
        oid = content if mode == 0 or (isinstance(content, str) and re.fullmatch("[0-9a-f]{40}", content)) else self.blob(content)
        shown = path if isinstance(path, str) and re.fullmatch(r"[ -~]*", path) else None
        self.deny(sentence, want, self.with_(mode, oid, path), shown, **more)

    def take(self, sentence, oid, ref, user):
        self.steps.append({"kind": "take", "sentence": sentence, "specs": ["%s:%s" % (oid, ref)], "user": user})

    # ---- the network

    def network(self):
        schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": "https://cib.invalid/schema/note.schema.json", "type": "object",
                  "x-cib-kind": "note", "x-cib-folder": "notes", "x-cib-prefix": "nt", "x-cib-writer": "member", "title": "Note",
                  "required": ["id", "owner", "title"], "additionalProperties": False,
                  "properties": {"id": {"type": "string"}, "owner": {"type": "string"}, "title": {"type": "string", "minLength": 1, "maxLength": 200},
                                 "n": {"type": "number"}, "deep": {}}}
        tree = self.put(self.tree_of(self.root), 100644, self.blob(json.dumps(schema)), "schema/note.schema.json")
        tree = self.put(tree, 100644, self.blob(note("nt-bbbbbbbbbb")), NOTES + "nt-bbbbbbbbbb.json")
        tree = self.put(tree, 100644, self.blob(note("nt-cccccccccc", "m-voorbeeld")), "members/m-voorbeeld/notes/nt-cccccccccc.json")
        self.main = self.commit(tree, self.root, who=SECRETARIAT)
        self.take("the secretariat brings a kind and the first entries", self.main, MAIN, "sec-1")
        self.tip = self.main
        self.honest_own("an honest push makes the member's branch")
        self.a_note = self.blob(note("nt-7777777777"))

    def honest_own(self, sentence):
        name = self.new()
        self.tip = self.with_(100644, self.blob(note(name)), NOTES + name + ".json")
        self.take(sentence, self.tip, OWN, "andal-1")

    def honest_chain(self, count):
        """Commits of a third member, for the honest pushes between the others."""
        parent, out = self.main, []
        for _ in range(count):
            name = self.new()
            parent = self.with_(100644, self.blob(note(name, "m-third")), "members/m-third/notes/%s.json" % name, parent, who=THIRD_STAFF)
            out.append(parent)
        return out

    # ---- names and trees

    def names_and_trees(self):
        grammar, n, here = "a name may hold lower-case letters", self.a_note, self.tree_of(self.tip)
        for name in ("A.json", "CON", "aux.json", "a.", "a.json:x", "a\\b.json", "a\nb.json", "a\033[31m.json", b"a\xff.json", "a\u202eb.json", "--upload-pack=x",
                     "e\u0301.json", "\u00e9.json", ".gitattributes", ".gitmodules", "_x.json", "a b.json", "com1.json", ".git", "git~1"):
            path = NOTES.encode() + name if isinstance(name, bytes) else NOTES + name
            self.deny_at("a file named %s is refused" % ascii(name), grammar, 100644, n, path)
        for one, two, sentence in ("a.json", "A.json", "A.json beside a.json"), ("e\u0301.json", "\u00e9.json", "NFC beside NFD"):
            self.deny(sentence + " is refused", grammar, self.commit(self.put(self.put(here, 100644, n, NOTES + one), 100644, n, NOTES + two), self.tip))
        self.deny_at("a .gitattributes at the root is refused", grammar, 100644, "* filter=x\n", ".gitattributes")
        self.deny_at("a .gitattributes that is a link is refused", grammar, 120000, "x", ".gitattributes")
        self.deny_at("a .gitmodules at the root is refused", grammar, 100644, "x", ".gitmodules")
        file = NOTES + "nt-7777777777.json"
        self.deny_at("a symbolic link is refused", "a symbolic link", 120000, "/etc/passwd", file)
        self.deny_at("a submodule is refused", "a submodule", 160000, self.tip, NOTES + "sub")
        self.deny_at("mode 100755 is refused", "mode is 100755", 100755, n, file)
        self.deny_at("mode 100664 is refused", "mode is 100664", 100664, n, file)
        self.deny_at("a name of 300 bytes is refused", "bytes; at most", 100644, n, NOTES + "a" * 300 + ".json")
        self.deny_at("a name of 101 bytes is refused", "at most 100", 100644, n, NOTES + "a" * 96 + ".json")
        self.deny_at("a file nine folders deep is refused", "folders deep", 100644, n, NOTES + "a/b/c/d/e/f.json")
        deep = self.o.tree([(b"100644", b"a.json", bytes.fromhex(n))])
        for _ in range(600):
            deep = self.o.tree([(b"40000", b"a", bytes.fromhex(deep))])
        self.deny("a tree 600 deep is refused", "deep", self.with_notes(deep))
        bomb = self.o.tree([(b"100644", b"nt-0000000000.json", bytes.fromhex(n))])
        for _ in range(8):
            bomb = self.o.tree([(b"40000", b"d%d" % i, bytes.fromhex(bomb)) for i in range(10)])
        self.deny("a git bomb of a hundred million files is refused", "refused", self.with_notes(bomb))
        entry = lambda name, mode=b"100644": (mode, name, bytes.fromhex(n))
        more = [entry(b"nt-x%09d.json" % i) for i in range(5001)]
        more += self.o.folder(here, NOTES[:-1].encode())
        self.deny("5,001 changed files are refused", "more than 5000 files", self.with_notes(self.o.tree(more)), names_commit=False)
        good, later = entry(b"nt-7777777777.json"), entry(b"nt-7777777778.json")
        self.deny("the same name twice is refused", "malformed", self.with_notes(self.o.tree([good, good], False)))
        self.deny("names out of order are refused", "malformed", self.with_notes(self.o.tree([later, good], False)))
        self.deny("a mode with a leading zero is refused", "malformed", self.with_notes(self.o.tree([entry(b"nt-7777777777.json", b"0100644")], False)))
        self.deny("a folder that is no object is refused", "malformed", self.with_(40000, "0" * 40, "members/m-andal/practices"), git_may=True, local=True) # over a network no git packs it
        self.deny("an empty folder is refused", "malformed", self.with_(40000, self.o.tree([]), "members/m-andal/practices"))
        self.deny_at("200 MB of zeros are refused by their header", "200000000 bytes", 100644, bytes(200000000), file, heavy=True)
        self.deny_at("a file that is no entry is refused", "entries only", 100644, "hi", NOTES + "readme.txt")
        self.deny_at("a folder of no kind is refused", "no kind of entry", 100644, n, "members/m-andal/poems/nt-7777777777.json")

    # ---- commits and references

    def commits_and_refs(self):
        name = self.new()
        t = self.put(self.tree_of(self.tip), 100644, self.blob(note(name)), NOTES + name + ".json")
        make = lambda **how: self.commit(t, self.tip, **how)
        by = lambda author, committer=None, date=1: ["author %s %d +0000" % (author, date), "committer %s 1 +0000" % (committer or author)]
        a = ident("a", "m-andal.cib.invalid")
        foreign = "another organisation"
        self.deny("an author of another member is refused", foreign, make(who=VOORBEELD))
        self.deny("an author of the secretariat is refused", foreign, make(who=SECRETARIAT))
        self.deny("a forged author beside an honest committer is refused", foreign, make(raw=by(VOORBEELD, STAFF)))
        self.deny("a private address is refused", "no address of this network", make(who=ident("andal-1", "example.org")))
        self.deny("an address with a longer domain is refused", foreign, make(who=ident("andal-1", "x.m-andal.cib.invalid")))
        self.deny("a date in 2100 is refused", "in the future", make(raw=by(a, date=4102444800)))
        self.deny("a message of 1.5 MB is refused", "the commit message has", make(message=b"x" * 1500000))
        self.deny("a bidi override in the message is refused", "not plain UTF-8", make(message="a\u202eb\n"))
        self.deny("an escape in the message is refused", "not plain UTF-8", make(message="a\033[31mb\n"))
        self.deny("broken UTF-8 in the message is refused", "not plain UTF-8", make(message=b"bad \xff\n"))
        self.deny("a commit without a well-formed author is refused", "well-formed", make(raw=["author nobody", "committer %s 1 +0000" % a]))
        self.deny("a commit with a date of letters is refused", "well-formed", make(raw=[by(a)[0].replace(" 1 ", " x "), by(a)[1]]))
        for sentence, raw in (("two authors", by(a)[:1] + by(a)),
                              ("a header that git does not know", by(a) + ["x-hidden anything"]), ("a message in another encoding", by(a) + ["encoding latin1"])):
            self.deny("a commit with %s is refused" % sentence, "malformed", make(raw=raw))
        self.deny("text behind a NUL in the message is refused", "NUL byte", make(message=b"x\0hidden\n"))
        self.deny("a bidi override in the committer's name is refused", "the committer's name",
                  make(raw=by(a, "a\u202eb <a@m-andal.cib.invalid>")))
        self.deny("an orphan root is refused", "history of its own", self.commit(t, who=VOORBEELD), ref=OTHER, user="voorbeeld-1")
        self.deny("a merge of an orphan root is refused", "history of its own", self.commit(t, self.tip, self.commit(self.tree_of(self.tip))), names_commit=False)
        c, no = make(), "you may not change this reference"
        tag = self.o.write("tag", ("object %s\ntype commit\ntag v1\ntagger %s 1 +0000\n\nx\n" % (c, a)).encode())
        for sentence, oid, ref in (("a tag", c, "refs/tags/v1"), ("an annotated tag", tag, "refs/tags/v2"), ("a tree as a tag", t, "refs/tags/v3"), ("notes", c, "refs/notes/commits"),
                                   ("a replacement", c, "refs/replace/" + self.tip), ("a branch -x", c, "refs/heads/-x"), ("refs/heads/MAIN", c, "refs/heads/MAIN"),
                                   ("a reference of one's own", c, "refs/x/y"), ("the secretariat's main from staff", c, MAIN), ("another member's branch", c, OTHER)):
            self.deny("%s is refused" % sentence, no, oid, ref, ref, names_commit=False)
        self.deny("a branch below one's own is refused", "refs", c, ref=OWN + "/x", names_commit=False)
        self.deny("a stranger is refused", "has no access", c, user="stranger", names_commit=False)
        self.deny("a push of nobody is refused", "nobody is known", c, user="", names_commit=False, local=True)
        self.deny("the secretariat in a member's branch is refused", no, c, OWN, user="sec-1", names_commit=False)
        self.deny("one good and one bad reference in one push are both refused", "refs/heads/evil", c, names_commit=False, specs=["+%s:%s" % (c, OWN), "+%s:refs/heads/evil" % c])
        self.deny("the deletion of a branch is refused", "", c, names_commit=False, specs=[":" + OWN], git_may=True)
        self.deny("a rewritten history is refused", "take back commits", self.with_(100644, self.blob(note(name)), NOTES + name + ".json", self.main), git_may=True)
        self.deny("a branch moved back is refused", "take back commits", self.main, names_commit=False, git_may=True)
        many = self.tip
        for i in range(1001):
            many = self.commit(self.tree_of(self.tip), many, when=i + 1)
        self.deny("1,001 commits are refused", "more than 1000 commits", many, names_commit=False)

    # ---- content

    def content(self):
        foreign, n, here = "may only change", self.a_note, self.tree_of(self.tip)
        theirs, file = "members/m-voorbeeld/notes/nt-cccccccccc.json", NOTES + "nt-7777777777.json"
        self.deny_at("a file in another member's folder is refused", foreign, 100644, n, "members/m-voorbeeld/notes/nt-7777777777.json")
        self.deny_at("a change of another member's entry is refused", foreign, 100644, note("nt-cccccccccc", "m-voorbeeld", "x"), theirs)
        self.deny_at("the removal of another member's entry is refused", foreign, 0, n, theirs)
        t = self.put(here, 0, n, NOTES + "nt-bbbbbbbbbb.json")
        moved = "members/m-voorbeeld/notes/nt-bbbbbbbbbb.json"
        self.deny("an entry moved out of the own folder is refused", foreign, self.commit(self.put(t, 100644, self.blob(note("nt-bbbbbbbbbb")), moved), self.tip), moved)
        t = self.put(here, 0, n, theirs)
        self.deny("an entry moved into the own folder is refused", foreign,
                  self.commit(self.put(t, 100644, self.blob(note("nt-cccccccccc")), NOTES + "nt-cccccccccc.json"), self.tip), theirs)
        self.deny_at("a folder whose name begins as one's own is refused", foreign, 100644, n, "members/m-andal2/notes/nt-7777777777.json")
        for sentence, path, text in (("access", "access.json", '{"users":{"andal-1":{"role":"secretariat"}}}'), ("the network's rules", "network.json", "{}"),
                                     ("a schema", "schema/note.schema.json", "{}"), ("a codelist", "codelists/sector.json", "{}")):
            self.deny_at("a change of %s by staff is refused" % sentence, "only the secretariat", 100644, text, path)
        self.deny_at("the secretariat's entries are refused to staff", foreign, 100644, "{}", "network/themes/t-7777777777.json")
        self.deny_at("reviews are refused to staff", foreign, 100644, "{}", "reviews/m-andal/nt-7777777777.json")
        head = b'{\n  "id": "nt-7777777777",\n  "owner": "m-andal",\n'
        for sentence, want, text in (
                ("a duplicate key", "refused", head + b'  "title": "a",\n  "title": "b"\n}\n'),
                ("a duplicate key in disguise", "refused", head + b'  "title": "a",\n  "\\u0074itle": "b"\n}\n'),
                ("a byte order mark", "refused", b"\xef\xbb\xbf" + head + b'  "title": "a"\n}\n'),
                ("a NUL", "refused", head + b'  "title": "a\\u0000b"\n}\n'), ("a raw NUL", "refused", head + b'  "title": "a\0b"\n}\n'),
                ("a lone surrogate", "refused", head + b'  "title": "\\ud800"\n}\n'), ("invalid UTF-8", "refused", head + b'  "title": "\xff"\n}\n'),
                ("depth 100,000", "refused", head + b'  "deep": ' + b"[" * 100000 + b"\n}\n"), ("text behind the document", "refused", note("nt-7777777777") + b" x"),
                ("the number 1e999", "/n", head[:30] + b'  "n": 1e999,\n' + head[30:] + b'  "title": "a"\n}\n'),
                ("the number 12345678901234567890", "/n", head[:30] + b'  "n": 12345678901234567890,\n' + head[30:] + b'  "title": "a"\n}\n'),
                ("the number -0", "/n", head[:30] + b'  "n": -0,\n' + head[30:] + b'  "title": "a"\n}\n'),
                ("text that is not canonical", "canonical", b'{"id":"nt-7777777777","owner":"m-andal","title":"a"}'),
                ("text that is not NFC", "normalisation", head + '  "title": "e\u0301"\n}\n'.encode()),
                ("an entry without what its schema requires", "title", b'{\n  "id": "nt-7777777777",\n  "owner": "m-andal"\n}\n'),
                ("an id unlike its file name", "/id", note("nt-8888888888")), ("another owner", "/owner", note("nt-7777777777", "m-voorbeeld")),
                ("an entry of 1 MiB and a byte", "1048577 bytes", b" " * 1048577), ("a picture that is named .json", "refused", b"\x89PNG\r\n\x1a\n")):
            self.deny_at(sentence + " is refused", want, 100644, text, file)
        self.deny_at("a changed id is refused", "/id", 100644, note("nt-8888888888"), NOTES + "nt-bbbbbbbbbb.json")
        self.deny_at("an id without the kind's prefix is refused", "/id", 100644, note("p-7777777777"), NOTES + "p-7777777777.json")
        self.deny_at("an id that another member has is refused", "already belongs", 100644, note("nt-cccccccccc"), NOTES + "nt-cccccccccc.json")
        name = self.new()
        c = self.with_(100644, self.blob(note(name)), NOTES + name + ".json")
        t = self.put(self.tree_of(c), 100644, self.blob(note("nt-cccccccccc", "m-voorbeeld", "evil")), theirs)
        self.deny("an evil merge is refused", foreign, self.commit(t, c, self.main), theirs)
        # Taken from one parent, so no commit's own doing: but the branch differs from main.
        old = self.commit(self.put(self.tree_of(self.tip), 0, n, "schema"), self.tip, self.root)
        self.deny("a merge that takes back main's work is refused", "schema", old, names_commit=False)
        for sentence, bad in (("a bad commit undone at the tip", self.with_(100644, self.blob(note("nt-cccccccccc", "m-voorbeeld", "bad")), theirs)),
                              ("broken JSON in the middle", self.with_(100644, self.blob('{"id":1,"id":2}'), file)),
                              ("a forged author in the middle", self.commit(self.tree_of(self.tip), self.tip, who=SECRETARIAT))):
            self.deny(sentence + " is refused", bad[:12], self.commit(self.tree_of(self.tip), bad), names_commit=False)

    # ---- the secretariat's own mistakes

    def sec(self, sentence, want, mode, content, path, shown=None):
        c = self.with_(mode, self.blob(content) if mode else self.a_note, path, self.main, who=SECRETARIAT)
        self.deny(sentence, want, c, shown, MAIN, "sec-1")

    def schema(self, text):
        return ('{"$schema":"https://json-schema.org/draft/2020-12/schema","$id":"https://cib.invalid/schema/note.schema.json","type":"object","x-cib-kind":"note",'
                '"x-cib-folder":"notes","x-cib-prefix":"nt","x-cib-writer":"member",%s}' % text)

    def rules(self):
        kind, file = "schema/note.schema.json", NOTES + "nt-7777777777.json"
        bound = lambda tree, *parents, who=SECRETARIAT: self.commit(tree, *(parents or (self.main,)), who=who)
        here = self.tree_of(self.main)
        self.sec("the last secretariat cannot be removed", "nobody would be the secretariat", 100644, '{"users":{"andal-1":{"member":"m-andal","role":"staff"}}}', "access.json")
        self.sec("a role that does not exist is refused", "the role must be", 100644, '{"users":{"sec-1":{"role":"secretariat"},"x":{"role":"king"}}}', "access.json")
        self.sec("a member named secretariat is refused", "the member of staff", 100644,
                 '{"users":{"sec-1":{"role":"secretariat"},"x":{"role":"staff","member":"secretariat"}}}', "access.json")
        self.sec("access that is not JSON is refused", "access.json", 100644, "{", "access.json")
        self.sec("the removal of the network's rules is refused", "cannot be loaded", 0, "", "network.json")
        self.sec("a schema that is not JSON is refused", kind, 100644, "{", kind)
        self.sec("a schema under which an entry of main is invalid is refused", "nt-bbbbbbbbbb.json", 100644, self.schema('"required":["summary"]'), kind)
        self.sec("the removal of a kind that has entries is refused", "nt-bbbbbbbbbb.json", 0, "", kind)
        self.sec("a schema with a remote reference is refused", "schema", 100644, self.schema('"$ref":"https://example.org/x.json"'), kind)
        self.sec("a schema that refers to itself for ever is refused", "schema", 100644, self.schema('"$ref":"#"'), kind)
        t = self.put(here, 100644, self.blob(self.schema('"properties":{"slow":{"pattern":"^(?=(([a-z])+)+[0-9])"}}')), kind)
        slow = '{\n  "id": "nt-7777777777",\n  "owner": "m-andal",\n  "slow": "%s"\n}\n' % ("a" * 60)
        self.deny("a pattern that never ends is refused", "pattern", bound(self.put(t, 100644, self.blob(slow), file)), None, MAIN, "sec-1")
        self.sec("a schema with a million branches is refused", "bytes; at most", 100644, self.schema('"anyOf":[' + "{}," * 999999 + "{}]"), kind)
        self.sec("an invalid entry from the secretariat is refused", "/id", 100644, note("nt-8888888888"), file, file)
        self.sec("a link from the secretariat is refused", "symbolic link", 120000, "x", "README.md", "README.md")
        self.deny("a rewritten main is refused", "take back commits", self.commit(here, self.root, who=SECRETARIAT, message="another\n"), None, MAIN, "sec-1", git_may=True)
        self.deny("a commit of the secretariat's in a member's name is refused", "another organisation",
                  self.with_(100644, self.blob("hi"), "README.md", self.main), None, MAIN, "sec-1")
        two = "members/m-voorbeeld/notes/nt-dddddddddd.json"
        t = self.put(here, 100644, self.blob(note("nt-dddddddddd")), NOTES + "nt-dddddddddd.json")
        t = self.put(t, 100644, self.blob(note("nt-dddddddddd", "m-voorbeeld")), two)
        self.deny("two entries with one id are refused together", "already belongs", bound(t), None, MAIN, "sec-1")
        # Two branches, each good alone: the second is accepted in ignorance of the first.
        one = self.with_(100644, self.blob(note("nt-eeeeeeeeee")), NOTES + "nt-eeeeeeeeee.json")
        self.take("an entry with an id of its own is taken", one, OWN, "andal-1")
        path = "members/m-voorbeeld/notes/nt-eeeeeeeeee.json"
        other = self.with_(100644, self.blob(note("nt-eeeeeeeeee", "m-voorbeeld")), path, self.main, who=VOORBEELD)
        self.take("so is one of another member with the same, while neither is on main", other, OTHER, "voorbeeld-1")
        self.tip, joined = one, bound(self.tree_of(one), self.main, one)
        self.take("the secretariat accepts a branch by a merge", joined, MAIN, "sec-1")
        both = self.commit(self.put(self.tree_of(joined), 100644, self.blob(note("nt-eeeeeeeeee", "m-voorbeeld")), path), joined, other, who=SECRETARIAT)
        self.deny("accepting both is refused", "already belongs", both, None, MAIN, "sec-1")
        self.main = joined
        self.tip = self.commit(self.tree_of(joined), self.tip, joined)
        self.honest_own("after hostile rules an honest push, with a merge of main, works")


def build(folder, central):
    b = Builder(folder, central)
    b.network()
    chain_root = b.main
    b.names_and_trees()
    b.honest_own("after hostile names and trees an honest push works")
    b.commits_and_refs()
    b.honest_own("after hostile commits and references an honest push works")
    b.content()
    b.honest_own("after hostile content an honest push works")
    b.rules()
    b.main = chain_root
    with open(folder + "/steps.json", "w") as f:
        json.dump({"steps": b.steps, "honest": b.honest_chain(len(b.steps) + 10)}, f)


# ---- pushing

class Run:
    def __init__(self, folder, name, central, method, address, every, share=1):
        self.work, self.name, self.central, self.method = folder + "/work.git", name, os.path.abspath(central), method
        self.every, self.share = int(every), int(share)
        self.address = self.central if method == "local" else address
        self.refused = self.tried = self.honest = self.dishonoured = self.by_git = 0
        self.failed = False
        plan = json.load(open(folder + "/steps.json"))
        self.steps, self.chain = plan["steps"], plan["honest"]
        self.strict = subprocess.run(["git", "-C", self.central, "config", "receive.fsckObjects"], capture_output=True, text=True, check=False).stdout.strip() == "true"

    def say(self, good, sentence, why=""):
        print(("ok - " if good else "not ok - ") + self.name + ": " + sentence + ("" if good else why), flush=True)
        if not good:
            self.failed = True
            print("".join("    %s\n" % ascii(line)[1:-1] for line in self.err.splitlines()[:20]), end="")

    def push(self, user, specs):
        env, address = dict(ENV), self.address
        if self.method == "http":
            address = address.replace("://", "://%s:pw-%s@" % (user, user))
        elif self.method == "ssh":
            env["CIB_TEST_KEY"] = "%s/%s" % (os.environ["CIB_TEST_KEYS"], user)
        elif user:
            env["CIB_USER"] = user
        done = subprocess.run(["git", "-C", self.work, "-c", "pack.threads=1", "push", "-q", address, *specs], env=env, stdin=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
        self.err = done.stderr.decode("utf-8", "surrogateescape")
        return done.returncode == 0

    def files(self):
        """All that lies in the central repository's objects, quarantine included."""
        out = []
        for folder, _, names in os.walk(self.central + "/objects"):
            out += [folder] * ("incoming" in folder) + [folder + "/" + n for n in names]
        return sorted(out)

    def refs(self):
        return {os.path.join(f, n): open(os.path.join(f, n)).read() for f, _, names in os.walk(self.central + "/refs") for n in names}

    def fault(self, step, before):
        """What is wrong with a refusal; None when nothing is."""
        spoken = self.err.replace("\033[K", "")
        if re.search("[\033\r\001\u202e]", spoken):
            return " (control characters reach the terminal)"
        if step["user"] == "stranger" and self.method == "ssh" and step["want"] in spoken:
            pass # serve-ssh does not even let them ask
        elif not re.search("remote rejected|remote unpack failed|unpacker error", spoken):
            return " (it is not the server that refused)"
        elif "remote: refused: " not in spoken and (step.get("git_may") or (self.strict and re.search("remote: (error|fatal): ", spoken))):
            self.by_git += 1
        elif "remote: refused: " not in spoken:
            return " (the guard did not speak)"
        elif step["want"] not in spoken:
            return " (refused, but not with %r)" % step["want"]
        elif step["commit"] and step["commit"] + (":" + step["path"] if step["path"] else "") not in spoken:
            return " (the message does not name %s:%s)" % (step["commit"], step["path"] or "")
        for _ in range(40): # a server may end a moment after its answer
            if (self.files(), self.refs()) == before:
                return None
            time.sleep(0.05)
        return " (something was left behind)"

    def deny(self, step):
        before = self.files(), self.refs()
        self.tried += 1
        if self.push(step["user"], step["specs"]):
            self.say(False, step["sentence"], " (it was taken)")
            return
        why = self.fault(step, before)
        self.say(why is None, step["sentence"], why or "")
        self.refused += why is None

    def be_honest(self):
        if not self.push("third-1", ["%s:%s" % (self.chain[self.honest], THIRD)]):
            self.dishonoured += 1
            self.say(False, "the honest push after %d hostile ones" % self.tried, " (refused)")
        self.honest += 1

    def all(self):
        for at, step in enumerate(self.steps):
            if step["kind"] == "take":
                self.say(self.push(step["user"], step["specs"]), step["sentence"], " (refused)")
            elif at % self.share == 0 and (self.method == "local" or not (step.get("local") or step.get("heavy"))):
                self.deny(step)
                if self.tried % self.every == 0:
                    self.be_honest()
        self.be_honest()
        self.say(not self.dishonoured, "each of %d honest pushes in between was taken" % self.honest)

    def broken_guard(self):
        """The guard itself fails: everything is refused, and when it is well again the same push is taken."""
        git = lambda *args: subprocess.run(["git", "-C", self.central, *args], check=True, capture_output=True, text=True, stdin=subprocess.DEVNULL, env=dict(
            ENV, GIT_AUTHOR_NAME="x", GIT_AUTHOR_EMAIL="x@x", GIT_COMMITTER_NAME="x", GIT_COMMITTER_EMAIL="x@x")).stdout.strip()
        step = {"user": "third-1", "specs": ["%s:%s" % (self.chain[self.honest], THIRD)], "path": None, "commit": "", "want": "the guard failed"}
        saved, hook = git("rev-parse", MAIN), self.central + "/hooks/pre-receive"
        git("update-ref", "-d", MAIN)
        self.deny(dict(step, sentence="without a main everything is refused"))
        git("update-ref", MAIN, git("commit-tree", "-m", "x", git("mktree")))
        self.deny(dict(step, sentence="without rules everything is refused"))
        git("update-ref", MAIN, saved)
        os.rename(hook, hook + ".kept")
        for sentence, want, text in (("without memory everything is refused", "", "ulimit -v 12000\nexec sh '%s.kept'\n" % hook),
                                     ("without time everything is refused", "", "ulimit -t 0\nexec sh '%s.kept'\n" % hook)):
            with open(hook, "w") as f:
                f.write("#!/bin/sh\n" + text)
            os.chmod(hook, 0o755)
            self.deny(dict(step, sentence=sentence, want=want, git_may=True))
        os.rename(hook + ".kept", hook)
        self.say(self.push(step["user"], step["specs"]), "the same push is taken when the guard is well again", " (refused)")


def run(*args):
    r = Run(*args)
    r.all()
    if r.method == "local":
        r.broken_guard()
    done = subprocess.run(["git", "-C", r.central, "fsck", "--strict", "--no-dangling"], capture_output=True, text=True, check=False)
    r.err = done.stdout + done.stderr
    r.say(done.returncode == 0, "the central repository is sound")
    print("# %s: %d refused of %d tried, %d of them by git itself; %d honest pushes between them taken" % (r.name, r.refused, r.tried, r.by_git, r.honest - r.dishonoured))
    return r.failed


def stock(folder, central):
    """Not a test: what would git, with its own checks and no hook, have refused?"""
    r = Run(folder, "git alone", central, "local", central, 1)
    for step in r.steps:
        if step["kind"] == "take":
            r.push(step["user"], step["specs"])
            continue
        r.tried += 1
        before = r.refs()
        r.refused += not r.push(step["user"], step["specs"])
        for path in set(r.refs()) - set(before):
            os.remove(path)
        for path, text in before.items():
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "w") as f:
                f.write(text)
    print("# git alone, with fsckObjects: %d refused of %d tried" % (r.refused, r.tried))
    return False


if __name__ == "__main__":
    commands = {"build": build, "run": run, "stock": stock}
    sys.exit(1 if commands[sys.argv[1]](*sys.argv[2:]) else 0)
