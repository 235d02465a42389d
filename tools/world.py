#!/usr/bin/env python3
"""Make lib/report/world.c: the outline of the land for the reports' map, and a point for each country.

    tools/world.py --atlas DIR --countries schema/codelists/country.json >lib/report/world.c

DIR is the unpacked package world-atlas (npm pack world-atlas), which holds Natural Earth, public domain, as TopoJSON: land-110m.json
gives the outline, countries-50m.json the points. No borders are drawn, on purpose. A point is the middle of a country's largest
part to a tenth of a degree; EXTRA has those that the atlas lacks.
"""
import argparse, json, math, os

WIDTH, SOUTH = 1000, -57.0  # units of the picture; what lies wholly south of SOUTH is left out
LEAST = 6  # square units: smaller islands are left out
EXTRA = {"AN": (12.2, -69.0), "TW": (23.7, 121.0), "XK": (42.6, 20.9), "BV": (-54.4, 3.4), "CX": (-10.5, 105.7), "CC": (-12.2, 96.9), "GF": (4.0, -53.1), "GI": (36.1, -5.3), "GP": (16.2, -61.5), "MQ": (14.6, -61.0),
         "YT": (-12.8, 45.2), "RE": (-21.1, 55.5), "SJ": (78.5, 16.0), "TK": (-9.2, -171.8), "TV": (-7.5, 178.7), "UM": (19.3, 166.6), "BQ": (12.2, -68.3)}


def equal_earth(lat, lon):
    """Šavrič, Patterson and Jenny (2018); the same polynomial stands in lib/report/geography.c."""
    a1, a2, a3, a4 = 1.340264, -0.081106, 0.000893, 0.003796
    p = math.asin(math.sqrt(3) / 2 * math.sin(math.radians(lat)))
    p2, p6 = p * p, p**6
    x = 2 * math.sqrt(3) * math.radians(lon) * math.cos(p) / (3 * (9 * a4 * p**8 + 7 * a3 * p6 + 3 * a2 * p2 + a1))
    return x, p * (a1 + a2 * p2 + p6 * (a3 + a4 * p2))


EDGE = equal_earth(0, 180)[0]
TOP = equal_earth(90, 0)[1]


def place(lat, lon):
    x, y = equal_earth(lat, lon)
    return round((x / EDGE + 1) * WIDTH / 2), round((TOP - y) * WIDTH / (2 * EDGE))


def arcs_of(topology):
    sx, sy = topology["transform"]["scale"]
    tx, ty = topology["transform"]["translate"]
    for arc in topology["arcs"]:
        x = y = 0
        points = []
        for dx, dy in arc:
            x, y = x + dx, y + dy
            points.append((x * sx + tx, y * sy + ty))
        yield points


def rings(geometry, arcs):
    """The outer rings, as lists of (lon, lat)."""
    polygons = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]] if geometry["type"] == "Polygon" else []
    for polygon in polygons:
        ring = []
        for i in polygon[0]:
            part = arcs[i] if i >= 0 else arcs[~i][::-1]
            ring += part[1:] if ring else part
        yield ring


def area(ring):
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in zip(ring, ring[1:] + ring[:1]))) / 2


def middle(ring):
    cx = cy = total = 0.0
    for a, b in zip(ring, ring[1:] + ring[:1]):
        cross = a[0] * b[1] - b[0] * a[1]
        cx, cy, total = cx + (a[0] + b[0]) * cross, cy + (a[1] + b[1]) * cross, total + cross
    return (cy / (3 * total), cx / (3 * total)) if total else (ring[0][1], ring[0][0])


def cut(ring, edge, keep):
    """The part of a ring on one side of a meridian."""
    out = []
    for a, b in zip(ring, ring[1:] + ring[:1]):
        if keep(a[0]):
            out.append(a)
        if keep(a[0]) != keep(b[0]):
            out.append((edge, a[1] + (b[1] - a[1]) * (edge - a[0]) / (b[0] - a[0])))
    return out


def at_the_date_line(ring):
    """A ring that crosses 180 degrees, as one or two that do not."""
    turned, shift = [ring[0]], 0
    for a, b in zip(ring, ring[1:]):
        shift += 360 if b[0] - a[0] < -180 else -360 if b[0] - a[0] > 180 else 0
        turned.append((b[0] + shift, b[1]))
    for edge, inner, outer, back in ((180, lambda x: x <= 180, lambda x: x >= 180, -360), (-180, lambda x: x >= -180, lambda x: x <= -180, 360)):
        if not all(inner(p[0]) for p in turned):
            yield cut(turned, edge, inner)
            yield [(p[0] + back, p[1]) for p in cut(turned, edge, outer)]
            return
    yield turned


def outline(topology):
    arcs, paths = list(arcs_of(topology)), []
    for geometry in topology["objects"]["land"]["geometries"]:
        for ring in (part for whole in rings(geometry, arcs) for part in at_the_date_line(whole)):
            if max(p[1] for p in ring) < SOUTH:
                continue
            points = []
            for lon, lat in ring:
                p = place(lat, lon)
                if not points or p != points[-1]:
                    points.append(p)
            if len(points) < 3 or area(points) < LEAST:
                continue
            path, before = "M%d %dl" % points[0], points[0]
            path += " ".join("%d %d" % (b[0] - a[0], b[1] - a[1]) for a, b in zip(points, points[1:]))
            paths.append(path.replace(" -", "-") + "z")
    return paths


def points(topology, countries):
    arcs, by_number = list(arcs_of(topology)), {}
    for geometry in topology["objects"]["countries"]["geometries"]:
        found = list(rings(geometry, arcs))
        if found and geometry.get("id"):
            by_number[geometry["id"]] = middle(max(found, key=area))
    for country in sorted(countries, key=lambda c: c["code"]):
        where = by_number.get(country.get("number")) or EXTRA.get(country["code"])
        if where:
            yield country["code"], where


def main():
    options = argparse.ArgumentParser()
    options.add_argument("--atlas", required=True)
    options.add_argument("--countries", required=True)
    options = options.parse_args()
    load = lambda *path: json.load(open(os.path.join(*path), encoding="utf-8"))
    print("/* The outline of the land in Equal Earth projection, 1000 units wide, and a point for each country. Made by tools/world.py from Natural")
    print(" * Earth (public domain): change that, not this. */")
    print('#include "report/private.h"\n\nconst char *const cib_report_land[] = {')
    for path in outline(load(options.atlas, "land-110m.json")):
        print('\t"%s",' % path)
    print("\tNULL,\n};\n\nconst cib_report_point cib_report_points[] = { /* by code: latitude and longitude of the middle, in degrees */")
    for code, (lat, lon) in points(load(options.atlas, "countries-50m.json"), load(options.countries)["codes"]):
        print('\t{"%s", %.1f, %.1f},' % (code, lat, lon))
    print("};\nconst size_t cib_report_point_count = sizeof cib_report_points / sizeof *cib_report_points;")


main()
