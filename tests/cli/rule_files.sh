#!/usr/bin/env bash
# shellcheck disable=SC1091,SC2016,SC2154 # ../support/people.sh
# Rule files that cannot be: a slip of the secretariat, or what two of them did offline, does not lock their copy or the network.
set -u
. "$(dirname "$0")/../support/people.sh"

expect 0 "a network" "$CIB" init central.git --title T --language en --secretariat sec-1 --member m-a:a-1
[ "$failed" = 0 ] || exit 1
joins sec-1
expect 0 "a second of the secretariat" as sec-1 access add sec-2 --role secretariat
rounds sec-1
joins sec-2 a-1
change() { # USER FILE PYTHON: of the document d
	python3 - "$1/$2" "$3" <<-'END'
		import json, sys
		d = json.load(open(sys.argv[1]))
		exec(sys.argv[2])
		json.dump(d, open(sys.argv[1], "w"), indent=2, sort_keys=True, ensure_ascii=False)
	END
}
slip() { # FILE PYTHON SAYS
	cp "sec-1/$1" good
	change sec-1 "$1" "$2"
	expect 1 "$1 with $2 stays here as a draft" as sec-1 sync
	says "$1: error:" "which is named"
	says "$3" "with the reason"
	expect 0 "the copy goes on working" as sec-1 list
	cp good "sec-1/$1"
	rounds sec-1
}

echo "# What no network could load, or nobody could put back"
schema=schema/project.schema.json
slip $schema 'd["description"] = "y" * 300000' "at most 262144 are allowed"
slip $schema 'd["$defs"] = {"a": {"$anchor": "q"}, "b": {"$anchor": "q"}}' 'the anchor "q" stands twice'
slip $schema 'd["properties"]["x"] = {"$ref": "#/nowhere"}' "leads nowhere"
slip $schema 'd = 3' "a schema is an object"
slip network.json 'd = 3' "network.json is an object"
slip network.json 'd["title"]["en"] = ["y" * 50000] * 25' "at most 1048576 are allowed"
slip network.json 'd["limits"] = {"packBytes": 32}' "from 65536"
slip network.json 'd["limits"] = {"messageBytes": 1}' "from 256"
change sec-1 network.json 'd["limits"] = {"jsonBytes": 100, "jsonNodes": 5}'
rounds sec-1
change sec-1 network.json 'd.pop("limits")'
expect 0 "limits that no file fits into are put back" as sec-1 sync
git -C central.git show main:network.json >shown.json
expect 1 "for everybody" grep -q limits shown.json

echo "# A schema that refers to one that comes with it"
change sec-1 $schema 'd["properties"]["x-place"] = {"$ref": "urn:example:place"}'
printf '{"$id": "urn:example:place", "type": "string"}' >sec-1/schema/place.schema.json
rounds sec-1 sec-2 a-1
project a-1 "Water" /x-place=here >/dev/null
expect 0 "an entry is judged by both" as a-1 check

echo "# One takes away what the other builds on"
change sec-1 $schema 'd.setdefault("$defs", {})["extra"] = {"type": "string"}'
rounds sec-1 sec-2
change sec-1 $schema 'd["$defs"].pop("extra")'
change sec-2 $schema 'd["properties"]["x-extra"] = {"$ref": "#/$defs/extra"}'
expect 0 "the other adds somebody, too" as sec-2 access add a-2 --role staff --member m-a
rounds sec-1
expect 1 "the two are not right together" as sec-2 sync
says "project.schema, the whole entry: each side's edit is right by itself" "which is said, with its name"
expect 0 "the rest is sent" git -C central.git grep -q a-2 main -- access.json
expect 0 "a person decides" as sec-2 resolve project.schema --ours
rounds sec-2 sec-1
expect 0 "and all have it" grep -q x-extra sec-1/$schema

echo "# Each leaves the secretariat to the others"
change sec-1 access.json 'd["users"]["sec-1"]["until"] = "2099-01-01"'
change sec-2 access.json 'd["users"]["sec-2"]["until"] = "2099-01-01"'
rounds sec-1
expect 1 "nobody would be left" as sec-2 sync
says "access, the whole entry" "which is asked"
expect 0 "one stays" as sec-2 resolve access --theirs
rounds sec-2 sec-1
exit "$failed"
