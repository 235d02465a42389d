# shellcheck shell=bash disable=SC2154
# shellcheck disable=SC2034 # what it sets is its callers'
# A network as it stands on a working day, for the tests of the app's pages: two colleagues of one member, another member, the
# secretariat. To be sourced after people.sh, in $tmp. Sets the ids $accepted, $returned, $clash, $draft, $fresh; the copy that the tests
# look at is andal-1's. Prints statements.
scene() { # [--example]: in the example network, with its entries
	if [ "${1:-}" = --example ]; then
		expect 0 "the example network is made" "$CIB" init central.git --example
		joins sec-1
		expect 0 "a colleague comes" as sec-1 access add andal-2 --role staff --member m-andal
		rounds sec-1
		joins andal-1 andal-2 voorbeeld-1
	else
		expect 0 "a network is made" "$CIB" init central.git --title "Example network" --language en,fr,ar --secretariat sec-1 \
			--member m-andal:andal-1,andal-2 --member m-voorbeeld:voorbeeld-1
		joins andal-1 andal-2 voorbeeld-1 sec-1
	fi
	accepted=$(project andal-1 "Water for six towns" "/title/fr=De l’eau pour six villes" "/title/ar=المياه لست مدن" "/description/general/ar=مشروع لتوفير المياه في ست مدن." \
		'/sdg:=[{"code":"6.1"}]' '/themes:=["waste"]')
	returned=$(project andal-1 "Waste sorting at school")
	clash=$(project andal-1 "Budgets that everybody can read")
	project voorbeeld-1 "Trees along the river" >/dev/null
	project voorbeeld-1 "A market hall for Exempleville" >/dev/null
	rounds andal-1 andal-2 voorbeeld-1 sec-1
	expect 0 "the secretariat accepts one" as sec-1 review accept m-andal "$accepted"
	expect 0 "and another member's" as sec-1 review accept m-voorbeeld
	expect 0 "and returns one" as sec-1 review return m-andal "$returned" --field /title/en -m "Which school? <b>Say</b> it in the title."
	rounds sec-1 andal-1 andal-2
	expect 0 "a colleague changes an entry" as andal-2 set "$clash" /status=3 "/title/en=Budgets for everybody"
	expect 0 "the other, too" as andal-1 set "$clash" /status=4 "/title/en=Open budgets"
	expect 0 "the one sends it" as andal-2 sync
	expect 1 "the other has a conflict" as andal-1 sync
	fresh=$(project andal-1 "Street lights that last")
	as andal-1 new project "/title/en=Only a title so far" >draft.id 2>/dev/null
	draft=$(cat draft.id)
	expect 0 "an accepted entry is changed again" as andal-1 set "$accepted" "/title/en=Water for seven towns"
	expect 1 "and saved; the draft stays" as andal-1 save
}
