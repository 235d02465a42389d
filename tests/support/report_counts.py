#!/usr/bin/env python3
"""Count in the entries of a central repository what the reports say: report_counts.py CENTRAL FOLDER-WITH-REPORTS.json"""
import json, subprocess, sys

central, folder = sys.argv[1:]
failed = False


def git(*words):
    return subprocess.run(["git", "-C", central, *words], check=True, capture_output=True).stdout


entries = {}
for line in git("ls-tree", "-r", "--name-only", "main").decode().splitlines():
    parts = line.split("/")
    if line.endswith(".json") and (parts[0] == "members" and len(parts) == 4 or parts[0] == "network" and len(parts) == 3):
        entry = json.loads(git("show", "main:" + line))
        entries.setdefault(entry["kind"], []).append(entry)


def statement(sentence, got, want):
    global failed
    if got == want:
        print("ok - " + sentence)
    else:
        print("not ok - %s\n    report: %s\n    counted: %s" % (sentence, got, want))
        failed = True


def report(name):
    return json.load(open("%s/%s.json" % (folder, name), encoding="utf-8"))


def table(name, which):
    return [b for b in report(name)["blocks"] if b["type"] == "table" and b["id"] == which][0]["rows"]


def code(cell):
    return cell[0]["code"] if cell else None


projects = [p for p in entries["project"] if p["status"] != "5"]


def members(p):
    return {p["owner"]} | set(p.get("owners", [])) | {x["member"] for x in p["partners"] if "member" in x}


# who works where
where = {}
for p in projects:
    for country in p.get("recipientCountries", []):
        for m in members(p):
            where[country["code"], m] = where.get((country["code"], m), 0) + 1
got = {(code(r["cells"]["country"]), code(r["cells"]["member"])): r["cells"]["projects"] for r in table("who-works-where", "presence") if not r["total"] and r["cells"]["projects"]}
statement("projects by country and member", got, where)
total = [r["cells"]["projects"] for r in table("who-works-where", "presence") if r["total"]]
statement("and in all, each once", total, [len([p for p in projects if p.get("recipientCountries")])])


def overlapping(a, b):
    def span(p):
        d = p.get("dates", {})
        start, end = d.get("actualStart", d.get("plannedStart")), d.get("actualEnd", d.get("plannedEnd"))
        return (start or "0000", (end or "9999") + "-99"), bool(start or end)
    (x, known_a), (y, known_b) = span(a), span(b)
    return known_a and known_b and x[0] <= y[1] and y[0] <= x[1]


def know(a, b):
    """Does an owner of the one own or take part in the other, or does one name the other? A partner in common says nothing."""
    def owners(p):
        return {p["owner"], *p.get("owners", [])}

    def names(p):
        return {r.get("project") for r in p.get("related", [])}
    return bool(owners(a) & members(b) or owners(b) & members(a) or a["id"] in names(b) or b["id"] in names(a))


groups = {}
for p in projects:
    if not p.get("dates"):
        continue
    for country in p.get("recipientCountries", []):
        for sector in {s["code"][:3] for s in p["sectors"]}:
            groups.setdefault((country["code"], sector), []).append(p)
flagged = set()
for key, group in groups.items():
    if any(a is not b and not know(a, b) and overlapping(a, b) for a in group for b in group):
        flagged.add(key)
got = {(code(r["cells"]["country"]), code(r["cells"]["sector"])) for r in table("who-works-where", "overlaps") if r["flagged"]}
statement("overlaps", sorted(got), sorted(flagged))

# goals
goals, targets = {}, {}
for p in projects:
    for g in {s["code"].split(".")[0] for s in p.get("sdg", [])}:
        goals[g] = goals.get(g, 0) + 1
for kind in ("practice", "partnership", "project"):
    for e in entries[kind]:
        for s in e.get("sdg", []):
            if "." in s["code"]:
                targets.setdefault(s["code"], set()).add(e["id"])
statement("projects by goal", {code(r["cells"]["goal"]): r["cells"]["projects"] for r in table("sdg", "goals") if r["cells"]["projects"]}, goals)
statement("entries by target", {code(r["cells"]["target"]): r["cells"]["projects"] + r["cells"]["practices"] + r["cells"]["partnerships"] for r in table("sdg", "targets")},
          {t: len(ids) for t, ids in targets.items()})
statement("every target is either named or a gap", sum(r["cells"]["gaps"] for r in table("sdg", "gaps")), 169 - len(targets))

# markers: four columns that make all projects
for row in table("markers", "markers"):
    m, cells = code(row["cells"]["marker"]), row["cells"]
    values = [p.get("markers", {}).get(m) for p in projects]
    statement("marker %s in four columns" % m, [cells[k] for k in ("principal", "significant", "not-targeted", "not-screened")],
              [sum(v in ("2", "3", "4") for v in values), values.count("1"), values.count("0"), values.count(None)])

# spread
shares, homes = {}, {}
for p in projects:
    for c in p.get("recipientCountries", []):
        shares[c["code"]] = shares.get(c["code"], 0) + float(c.get("percentage", 100)) / 100
for m in entries["member"]:
    if m["status"] != "inactive":
        homes[m["country"]] = homes.get(m["country"], 0) + 1
countries = table("spread", "countries")
statement("shares of projects by country", {code(r["cells"]["country"]): round(r["cells"]["shares"], 3) for r in countries if r["cells"]["projects"]}, {c: round(v, 3) for c, v in shares.items()})
statement("homes of members", {code(r["cells"]["country"]): r["cells"]["home"] for r in countries if r["cells"]["home"]}, homes)
statement("members by section", sum(r["cells"]["active"] + r["cells"]["observers"] + r["cells"]["inactive"] for r in table("spread", "sections")), len(entries["member"]))

# compendium of the year that the report names
year = report("compendium")["year"]


def runs(p):
    d = p.get("dates", {})
    start, end = d.get("actualStart", d.get("plannedStart")), d.get("actualEnd", d.get("plannedEnd"))
    return (not start or int(start[:4]) <= year) and (not end or int(end[:4]) >= year)


statement("the projects of the year", sorted(code(r["cells"]["project"]) for r in table("compendium", "projects")), sorted(p["id"] for p in projects if runs(p)))
sums = {}
for p in filter(runs, projects):
    for b in p.get("budget", []):
        if b.get("type") == "2" or not any(o.get("type") == "2" and o["currency"] == b["currency"] and o.get("periodStart") == b.get("periodStart") for o in p["budget"]):
            sums[b["currency"]] = sums.get(b["currency"], 0) + round(float(b["amount"]) * 100)
statement("budgets by currency", {r["cells"]["budget"][0]["currency"]: round(float(r["cells"]["budget"][0]["amount"]) * 100) for r in table("compendium", "budgets")}, sums)

# plan and consultation
plan = max(entries["plan"], key=lambda e: e["year"])
activities = [a for p in plan["priorities"] for a in p.get("activities", [])]
total = [r["cells"] for r in table("plan", "objectives") if r["total"]][0]
statement("activities by how far they are", [total[k] for k in ("activities", "done", "in-progress", "planned", "postponed", "dropped")],
          [len(activities)] + [sum(a["status"] == s for a in activities) for s in ("done", "in-progress", "planned", "postponed", "dropped")])
asked = max((p for p in entries["plan"] if p.get("rounds")), key=lambda e: e["year"])
last = max(asked["rounds"], key=lambda r: r.get("opens", ""))["id"]
responses = [r for r in entries["response"] if r["plan"] == asked["id"] and r["round"] == last and r["status"] == "submitted"]
means = {}
for p in asked["priorities"]:
    scores = [r["importance"][p["id"]]["score"] for r in responses if p["id"] in r.get("importance", {})]
    if scores:
        means[p["id"]] = round(sum(scores) / len(scores), 3)
statement("mean importance", {code(r["cells"]["priority"]): round(r["cells"]["mean"], 3) for r in table("consultation", "importance") if r["cells"]["mean"] is not None}, means)
statement("offers", len(table("consultation", "offers")), sum(len(r.get("contributions", [])) for r in responses))
statement("who has not answered", sorted(code(r["cells"]["member"]) for r in table("consultation", "silent")),
          sorted({m["id"] for m in entries["member"] if m["status"] == "active"} - {r["owner"] for r in responses}))

# practices, assessments, matchmaking, quality
statement("published practices", sorted(code(r["cells"]["practice"]) for r in table("practices", "catalogue")), sorted(p["id"] for p in entries["practice"] if p.get("publication") == "published"))
instrument = {i["id"]: i for i in entries["instrument"]}
latest = {}
for a in sorted((a for a in entries["assessment"] if a["status"] == "final"), key=lambda a: a["date"]):
    latest[a["subject"]["id"]] = a


def mean(a):
    weighed = [(a["answers"][q["id"]]["score"], float(q.get("weight", 1))) for q in instrument[a["instrument"]]["questions"]
               if a["answers"].get(q["id"], {}).get("score") is not None and not a["answers"][q["id"]].get("notApplicable")]
    return round(sum(s * w for s, w in weighed) / sum(w for _, w in weighed), 3)


statement("latest scores", {code(r["cells"]["subject"]): round(r["cells"]["latest"], 3) for r in table("assessments", "overview")}, {s: mean(a) for s, a in latest.items()})
active = [m for m in entries["member"] if m["status"] != "inactive"]
statement("offers and needs", {code(r["cells"]["capability"]): [r["cells"]["offer"], r["cells"]["seek"]] for r in table("matchmaking", "capabilities") if r["cells"]["offer"] + r["cells"]["seek"]},
          {c: [sum(c in m.get("offers", []) for m in active), sum(c in m.get("seeks", []) for m in active)] for m in active for c in m.get("offers", []) + m.get("seeks", [])})
statement("entries checked, by member", sum(r["cells"]["entries"] for r in table("quality", "members")), sum(map(len, entries.values())))

sys.exit(failed)
