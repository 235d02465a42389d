#!/usr/bin/env python3
"""Entries for measurements of the wire: valid projects of about 3 KB, each with words of its own, of m-a, m-b and others in turn.

usage: wire_entries.py members COUNT           the members of a network of so many entries, a line each
       wire_entries.py import COUNT            a stream for git fast-import: so many entries on main
       wire_entries.py next COUNT N WORD       the same: main goes on with N entries changed, none of them m-a's or m-b's
       wire_entries.py more FOLDER N MEMBER    N new entries of a member in a folder
       wire_entries.py edit FOLDER N WORD      changes the titles of the first N entries in a folder
"""
import json
import os
import random
import sys

SYLLABLES = [c + v + e for c in "bdfgklmnprstvw" for v in "aeiou" for e in ("", "n", "r", "s", "l")]


def members(count):
    return ["m-a", "m-b", *(f"m-{i}" for i in range(48 if count > 5000 else 4))]


def text(dice, words):
    return " ".join("".join(dice.choices(SYLLABLES, k=dice.choice((1, 2, 2, 3)))) for _ in range(words)).capitalize() + "."


def entry(i, member):
    dice = random.Random(i)
    return {
        "dates": {"plannedStart": f"20{dice.randint(10, 29)}-{dice.randint(1, 12):02}"},
        "description": {"general": {"en": " ".join(text(dice, 14) for _ in range(30))}},
        "id": f"p-{i:010}",
        "kind": "project",
        "owner": member,
        "partners": [{"id": "o-1", "name": {"en": text(dice, 3)}, "role": "4"}],
        "schema": "project/1",
        "sectors": [{"code": "15128"}],
        "sourceLanguage": "en",
        "status": "2",
        "title": {"en": text(dice, 8)},
    }


def canonical(doc):
    return (json.dumps(doc, indent=2, sort_keys=True, ensure_ascii=False) + "\n").encode()


def write_import(count, numbers, word=""):
    """One commit on main; its time is fixed, so that equal repositories stay equal."""
    out, names = sys.stdout.buffer, members(count)
    out.write(b"commit refs/heads/main\ncommitter secretariat <sec-1@secretariat.cib.invalid> 1700000000 +0000\ndata 8\nentries\n\nfrom refs/heads/main^0\n")
    for i in numbers:
        member = names[i % len(names)]
        doc = entry(i, member)
        doc["title"]["en"] += word
        data = canonical(doc)
        out.write(f"M 100644 inline members/{member}/projects/p-{i:010}.json\ndata {len(data)}\n".encode() + data + b"\n")


def edit(folder, count, word):
    for name in sorted(os.listdir(folder))[:count]:
        path = os.path.join(folder, name)
        with open(path, "rb") as f:
            doc = json.load(f)
        doc["title"]["en"] += " " + word
        with open(path, "wb") as f:
            f.write(canonical(doc))


def main(what, *rest):
    if what == "members":
        print(*members(int(rest[0])), sep="\n")
    elif what == "import":
        write_import(int(rest[0]), range(int(rest[0])))
    elif what == "next":
        count, n, word = int(rest[0]), int(rest[1]), rest[2]
        step = len(members(count))
        write_import(count, range(2, 2 + n * step, step), " " + word)
    elif what == "more":
        for i in range(10**6, 10**6 + int(rest[1])):
            with open(f"{rest[0]}/p-{i:010}.json", "wb") as f:
                f.write(canonical(entry(i, rest[2])))
    elif what == "edit":
        edit(rest[0], int(rest[1]), rest[2])
    else:
        sys.exit(__doc__)


if __name__ == "__main__":
    main(*sys.argv[1:])
