#!/usr/bin/env python3
"""Derive merges.csv: which 2023 division carries on each town and village of 2016.

A code that still exists is kept. A retired town goes to the 2023 town of the same county that holds
the majority of its villages, matched by name; a retired village goes to the only village of that name
in the successor town. Where this gives no single answer the new code stays blank.
"""

import argparse
import collections
import csv
import io
import pathlib
import re
import sys

HERE = pathlib.Path(__file__).resolve().parent
SUFFIX = re.compile(r"(村村民委员会|村民委员会|社区居民委员会|居民委员会|社区居委会|居委会|村委会|社区)$")


def load(name):
    with open(HERE / name, encoding="utf-8", newline="") as file:
        return {row["code12"]: row for row in csv.DictReader(file)}


def stem(name):
    """翠屏社区居民委员会 and 翠屏村民委员会 are the same place after a village became a community."""
    short = SUFFIX.sub("", name)
    return short or name


def children(rows):
    by_parent = collections.defaultdict(list)
    for row in rows.values():
        by_parent[row["parent12"]].append(row)
    return by_parent


def town_successors(old, new):
    """code of a retired town -> (new code or '', why)."""
    old_children, new_children = children(old), children(new)
    by_county_and_stem = collections.defaultdict(list)
    for row in new.values():
        if row["level"] == "village":
            county = new[row["parent12"]]["parent12"]
            by_county_and_stem[county, stem(row["name"])].append(row["parent12"])
    result = {}
    for town in (row for row in old.values() if row["level"] == "town" and row["code12"] not in new):
        votes = collections.Counter()
        found = 0
        for village in old_children[town["code12"]]:
            homes = set(by_county_and_stem[town["parent12"], stem(village["name"])])
            if len(homes) == 1:
                votes[homes.pop()] += 1
                found += 1
        same_name = [row for row in new_children[town["parent12"]]
                     if stem_town(row["name"]) == stem_town(town["name"])]
        if len(same_name) == 1:
            result[town["code12"]] = (same_name[0]["code12"], "renumbered, same name")
            continue
        best = votes.most_common(1)
        if best and best[0][1] * 2 > found and best[0][1] >= 2:
            result[town["code12"]] = (best[0][0], f"{best[0][1]} of {found} surviving villages")
        else:
            result[town["code12"]] = ("", f"unclear: {dict(votes)}" if votes else "unclear: no village kept its name")
    return result


def stem_town(name):
    return re.sub(r"(镇|乡|回族乡|街道办事处|街道|办事处)$", "", name)


def derive():
    old, new = load("2016.csv"), load("2023.csv")
    towns = town_successors(old, new)
    new_children = children(new)
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(["old_code", "level", "old_name", "new_code", "new_name", "why"])
    for code, row in old.items():
        if row["level"] not in ("town", "village"):
            continue
        if code in new:
            same_place = stem(new[code]["name"]) == stem(row["name"]) if row["level"] == "village" else True
            # A village code can be given to another place; only the same name is the same village.
            if same_place:
                writer.writerow([code, row["level"], row["name"], code, new[code]["name"], "kept"])
                continue
        if row["level"] == "town":
            target, why = towns[code]
        else:
            parent = row["parent12"]
            home = parent if parent in new else towns[parent][0]
            named = [v for v in new_children[home] if home and stem(v["name"]) == stem(row["name"])]
            target = named[0]["code12"] if len(named) == 1 else ""
            why = "same name in the successor town" if target else "unclear: no village of this name"
        name = new[target]["name"] if target else ""
        writer.writerow([code, row["level"], row["name"], target, name, why])
    return out.getvalue()


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="fail when merges.csv is not current")
    arguments = parser.parse_args()
    text, path = derive(), HERE / "merges.csv"
    if arguments.check:
        sys.exit(0 if path.exists() and path.read_text(encoding="utf-8") == text else "merges.csv is not current")
    path.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
