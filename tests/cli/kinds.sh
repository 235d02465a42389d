#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2154 # support/people.sh
# The example network, and an eleventh kind of entry that a running network gets: one file and no code. Takes the program
# from $CIB; prints a line for each statement.
set -u
. "$(dirname "$0")/../support/people.sh"

# ---- the example
expect 0 "init --example makes a network to look at" "$CIB" init example.git --example
says "andal-1" "and names its users"
for user in sec-1 andal-1 mithal-1; do
	expect 0 "$user joins it" env CIB_USER=$user "$CIB" join "$tmp/example.git" $user --user $user
done
expect 0 "every entry of it is valid" as sec-1 check --all
says_not "does not exist" "and refers only to what is there"
for kind in member project practice partnership assessment instrument resource event plan response; do
	expect 0 "it has entries of the kind $kind" as sec-1 list --kind $kind --json
	says '"kind":"'$kind'"' "such as these"
done
expect 0 "its texts are in Arabic, too" git -C example.git grep -q "ملحق" main -- members
expect 1 "it names no person's mailbox" git -C example.git grep -qE '[a-z]+\.[a-z]+@' main -- members network
expect 0 "the plan's dates may be to be confirmed" git -C example.git grep -q '"dueStatus": "tbc"' main -- network/plans
expect 0 "a member works in it" as andal-1 new practice --set "/title/en=A test" --set "/summary/en=Short." --set "/objectives/en=O." --set "/process/en=P." \
	--set "/results/en=R." --set "/lessons/en=L." --set /country=TN '/actors:=[{"id":"o-1","member":"m-andal","role":"lead"}]' '/themes:=["waste"]' \
	'/consent:={"partnersAgreed":true}' --set /licence=CC-BY-4.0
expect 0 "and sends" as andal-1 sync

# The guard takes the whole of it in one push, as it would any member's work.
"$CIB" init other.git --title "Other" --secretariat sec-1 --member m-andal:andal-1 >/dev/null 2>&1
git clone -q other.git clone 2>/dev/null
git -C example.git archive main members network | tar -x -C clone
git -C clone add members network
git -C clone -c user.name="secretariat sec-1" -c user.email=sec-1@secretariat.cib.invalid commit -qm "Take the example in"
expect 0 "the guard takes every entry of the example" env CIB_USER=sec-1 git -C clone push -q origin HEAD:refs/heads/main

# ---- a final assessment
a=$(git -C example.git grep -l '"status": "final"' main -- members/m-mithal/assessments | head -1 | sed 's,.*/,,; s,\.json,,')
rm "mithal-1/members/m-mithal/assessments/$a.json"
expect 1 "a final assessment is not taken away" as mithal-1 sync
says "final" "as its rule says"
expect 0 "it is still in the network" git -C example.git cat-file -e "main:members/m-mithal/assessments/$a.json"
git -C mithal-1 show "HEAD:members/m-mithal/assessments/$a.json" >"mithal-1/members/m-mithal/assessments/$a.json"
cp -r example.git copy.git
git clone -q copy.git plain 2>/dev/null
git -C plain rm -q "members/m-mithal/assessments/$a.json"
git -C plain -c user.name="staff mithal-1" -c user.email=mithal-1@m-mithal.cib.invalid commit -qm "Take it away"
expect 1 "the guard refuses it from plain git" env CIB_USER=mithal-1 git -C plain push -q origin HEAD:refs/heads/members/m-mithal
says "does not change" "by the same rule"
git -C plain -c user.name="secretariat sec-1" -c user.email=sec-1@secretariat.cib.invalid commit -q --amend --reset-author -m "Take it away"
expect 0 "the secretariat may take it away" env CIB_USER=sec-1 git -C plain push -q origin HEAD:refs/heads/main
expect 1 "a final assessment does not change any more" as mithal-1 set "$a" /mode=individual
says "final" "as its rule says"
expect 1 "it stays behind as a draft" as mithal-1 sync

# ---- an eleventh kind, in the running network
cat >sec-1/schema/visit.schema.json <<'JSON'
{
  "$id": "https://cib.invalid/schema/visit.schema.json",
  "$schema": "https://json-schema.org/draft/2020-12/schema",
  "additionalProperties": false,
  "description": "A visit of colleagues.",
  "patternProperties": {
    "^x-": true
  },
  "properties": {
    "country": {
      "description": "Where to.",
      "pattern": "^[A-Z]{2}$",
      "title": "Country",
      "type": "string",
      "x-cib-codelist": "Country",
      "x-cib-title": {
        "en": "Country",
        "es": "País",
        "fr": "Pays"
      }
    },
    "end": {
      "format": "date",
      "title": "End",
      "type": "string"
    },
    "id": {
      "type": "string"
    },
    "kind": {
      "const": "visit"
    },
    "mood": {
      "title": "Mood",
      "type": "string",
      "x-cib-codelist": "moods"
    },
    "owner": {
      "type": "string"
    },
    "project": {
      "title": "Project",
      "type": "string"
    },
    "schema": {
      "const": "visit/1"
    },
    "sourceLanguage": {
      "type": "string"
    },
    "start": {
      "format": "date",
      "title": "Start",
      "type": "string"
    },
    "steps": {
      "items": {
        "properties": {
          "id": {
            "type": "string"
          },
          "text": {
            "title": "Step",
            "type": "string"
          }
        },
        "required": [
          "id",
          "text"
        ],
        "type": "object"
      },
      "title": "Steps",
      "type": "array",
      "x-merge": "keyed:id"
    },
    "title": {
      "additionalProperties": {
        "type": "string"
      },
      "title": "Title",
      "type": "object",
      "x-cib-title": {
        "en": "Title",
        "es": "Título",
        "fr": "Titre"
      },
      "x-merge": "map"
    }
  },
  "required": [
    "kind",
    "schema",
    "id",
    "owner",
    "title",
    "country"
  ],
  "title": "Visit",
  "type": "object",
  "x-cib-folder": "visits",
  "x-cib-kind": "visit",
  "x-cib-prefix": "w",
  "x-cib-rules": [
    {
      "first": "/start",
      "rule": "order",
      "second": "/end"
    },
    {
      "field": "/project",
      "kind": "project",
      "rule": "reference"
    }
  ],
  "x-cib-title": {
    "en": "Visit",
    "es": "Visita",
    "fr": "Visite"
  },
  "x-cib-writer": "member"
}
JSON
echo '{"codelist":"moods","version":"1","title":{"en":"Moods"},"codes":[{"code":"good","name":{"en":"Good","fr":"Bonne"}},{"code":"mixed","name":{"en":"Mixed"}}]}' |
	"$CIB" fmt /dev/stdin >sec-1/codelists/moods.json
expect 0 "the secretariat sends a new kind and its codelist" as sec-1 sync
expect 0 "a member receives them" as andal-1 sync
expect 2 "the new kind is known by name" as andal-1 new visits
says "did you mean visit" "and is what was meant"
cat >editor <<'SH'
#!/bin/sh
cp "$1" "$(dirname "$0")/template"
SH
chmod +x editor
expect 0 "its template opens" env EDITOR="$tmp/editor" bash -c 'cd andal-1 && CIB_USER=andal-1 "$CIB" new visit'
expect 0 "with its titles" grep -q "// Country" template
expect 0 "also where one is given in one language only" grep -q '"mood"  Mood' template
expect 1 "its rules hold" as andal-1 new visit "/title/en=To Nairobi" /country=KE /start=2024-05-02 /end=2024-05-01
rm -f "andal-1/members/m-andal/visits/$(cat out).json"
expect 1 "its codes are checked" as andal-1 new visit "/title/en=To Nairobi" /country=KE /mood=goood
says "did you mean good" "and the code that was meant is named"
rm -f "andal-1/members/m-andal/visits/$(cat out).json"
expect 0 "an entry of it is made" as andal-1 new visit "/title/en=To Nairobi" /country=KE /mood=good '/steps:=[{"id":"s-1","text":"Arrive"}]'
id=$(cat out)
expect 0 "its id has the kind's prefix" test "${id#w-}" != "$id"
expect 0 "show knows its fields" as andal-1 show "$id"
says "KE (Kenya)" "and its codes"
expect 0 "it is sent" as andal-1 sync
expect 0 "the secretariat fetches it" as sec-1 sync
expect 0 "sees it in the queue" as sec-1 review m-andal
says "To Nairobi" "by its title"
expect 0 "accepts it" as sec-1 review accept m-andal "$id"
expect 0 "and sends that" as sec-1 sync
expect 1 "another member receives it, whose draft waits" as mithal-1 sync
expect 0 "and lists it by its kind" as mithal-1 list --kind visit
says "To Nairobi" "as an entry like any other"

expect 0 "search finds it" as andal-1 search nairobi --kind visit --country KE
says "$id" "by its words, its kind and its country"
"$CIB" fmt -w sec-1/codelists/moods.json && sed -i 's/"Good"/"Splendid"/' sec-1/codelists/moods.json
expect 0 "the secretariat gives a code another name" as sec-1 sync
expect 0 "which arrives" as andal-1 sync
expect 0 "search" as andal-1 search splendid
says "$id" "finds it by that name, though the entry is the same"

# Two edits of one list of the new kind are joined by the key that the schema names.
expect 0 "a colleague joins" env CIB_USER=andal-1 "$CIB" join "$tmp/example.git" andal-2 --user andal-1
(cd andal-2 && CIB_USER=andal-1 "$CIB" set "$id" '/steps:=[{"id":"s-1","text":"Arrive"},{"id":"s-2","text":"Listen"}]' && CIB_USER=andal-1 "$CIB" sync) >/dev/null 2>&1
expect 0 "one changes a step" as andal-1 set "$id" '/steps:=[{"id":"s-1","text":"Arrive early"}]'
expect 0 "while the other added one, and sync joins them" as andal-1 sync
expect 0 "both are there" as andal-1 show "$id"
says "Arrive early" "the change"
says "Listen" "and the addition"

# ---- an entry that others refer to goes away
rm andal-1/members/m-andal/practices/g-vd71290mqt.json
expect 0 "a member takes a practice away" as andal-1 sync
expect 0 "the secretariat receives that" as sec-1 sync
expect 0 "accepts it, though the plan names it among its outputs" as sec-1 review accept m-andal g-vd71290mqt
expect 0 "and sends it" as sec-1 sync
expect 0 "the entries that named it stay valid" as sec-1 check --all
says "outputs/0: g-vd71290mqt does not exist in the network" "but the plan says that it names what is not there"
says "/practices/0: g-vd71290mqt does not exist" "and so does a project"
expect 0 "who changes one of them hears it" as andal-1 set p-c0md6nbrwp /status=3
says "g-vd71290mqt does not exist" "as a warning"
expect 0 "and is not hindered" as andal-1 sync
says "Sent 1 entry" "from sending it"
exit $failed
