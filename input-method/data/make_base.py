#!/usr/bin/env python3
"""Write base.tsv and given.tsv, the general Chinese vocabulary of the keyboard.

Run by hand when a source has a newer release; the two files are committed, so that building
Jinban needs neither Python nor a network. Sources and licences: NOTICE.md beside this file.

    make_base.py --android pinyin_simp.dict.yaml --jieba dict.txt --unihan /usr/share/unicode

Costs are tenths of a nat: round(-10 * ln(probability)), 0..250. A lower cost comes first.
"""

import argparse
import bz2
import collections
import itertools
import math
import pathlib
import unicodedata

HERE = pathlib.Path(__file__).parent
SURNAMES = HERE.parents[1] / "assets" / "lexicons" / "surnames.tsv"
REGIONS = HERE.parents[1] / "assets" / "regions"
COSTLIEST = 250
# Of jieba's 349,000 words, those this often seen in its corpus are worth their place.
JIEBA_MINIMUM = {2: 12, 3: 6, 4: 6}
JIEBA_MINIMUM_LONGER = 3
LONGEST = 8
# Readings of 呣, 嗯 and 哼 that nobody types and that would make every n the end of a word.
GRUNTS = ("m", "n", "ng", "hm", "hng")
# Names of people belong to no dictionary on a public machine; they only teach which characters names use.
NAME_TAGS = ("nr", "nrt", "nrfg")


def unihan(folder, part):
    for line in bz2.open(folder / f"Unihan_{part}.txt.bz2", "rt", encoding="utf-8"):
        if line.startswith("U+"):
            code, field, value = line.rstrip("\n").split("\t")
            yield chr(int(code[2:], 16)), field, value


def plain(syllable):
    """zhōng → zhong, lǜ → lv."""
    letters = unicodedata.normalize("NFD", syllable).replace("u\u0308", "v")
    return "".join(c for c in letters if "a" <= c <= "z")


def in_gb2312(char):
    try:
        return "\u4e00" <= char and len(char.encode("gb2312")) == 2
    except UnicodeEncodeError:
        return False


def read_characters(folder):
    """The 8,105 characters of 通用规范汉字表 with their readings, then what GB 2312 and the names of places have besides."""
    readings = collections.defaultdict(list)
    standard = {c for c, field, _ in unihan(folder, "OtherMappings") if field == "kTGH"}
    fallback = {}
    for char, field, value in unihan(folder, "Readings"):
        if field == "kTGHZ2013":
            for group in value.split(" "):
                for syllable in group.split(":")[1].split(","):
                    if plain(syllable) not in readings[char]:
                        readings[char].append(plain(syllable))
        elif field == "kMandarin":
            fallback[char] = plain(value.split(" ")[0])
    for char in readings:
        readings[char] = [s for s in readings[char] if s not in GRUNTS] or readings[char]
    regions = {c for path in sorted(REGIONS.glob("*.csv")) for c in path.read_text(encoding="utf-8")}
    wanted = standard | {c for c in fallback if in_gb2312(c) or c in regions}
    return {c: readings.get(c) or [fallback[c]] for c in wanted if c in readings or c in fallback}


def read_android(path):
    body = path.read_text(encoding="utf-8").split("\n...\n", 1)[1]
    for line in body.splitlines():
        fields = line.split("\t")
        if len(fields) == 3:
            yield fields[0], tuple(fields[1].replace("ü", "v").split(" ")), float(fields[2])


def read_jieba(path):
    for line in path.read_text(encoding="utf-8").splitlines():
        word, count, tag = line.split(" ")
        yield word, float(count), tag


def spell(word, by_word, by_char):
    """The reading of a word by its cheapest split into words whose reading is known."""
    best = [(0.0, ())] + [None] * len(word)
    for start, end in itertools.combinations(range(len(word) + 1), 2):
        piece = word[start:end]
        known = by_word.get(piece) or ((by_char[piece],) if len(piece) == 1 else None)
        if best[start] is None or known is None:
            continue
        cost = best[start][0] + (1.0 if len(piece) > 1 else 1.6)
        if best[end] is None or cost < best[end][0]:
            best[end] = (cost, best[start][1] + known)
    return best[-1][1]


def cost(probability):
    return min(COSTLIEST, max(0, round(-10 * math.log(probability)))) if probability > 0 else COSTLIEST


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--android", type=pathlib.Path, required=True)
    parser.add_argument("--jieba", type=pathlib.Path, required=True)
    parser.add_argument("--unihan", type=pathlib.Path, required=True)
    args = parser.parse_args()

    characters = read_characters(args.unihan)
    characters = {c: r for c, r in characters.items() if r[0] not in GRUNTS}
    android = [e for e in read_android(args.android) if all(c in characters for c in e[0])]
    jieba = [e for e in read_jieba(args.jieba) if all(c in characters for c in e[0])]
    # Only readings that a standard dictionary knows; the Android list carries a few stray ones.
    android = [
        (w, p, n) for w, p, n in android
        if len(w) == len(p) and (len(w) > 1 or p[0] in characters[w] or n >= 100)
    ]
    syllables = {s for readings in characters.values() for s in readings}
    android = [e for e in android if all(s in syllables for s in e[1])]
    android_total = sum(n for _, _, n in android)
    jieba_total = sum(n for _, n, _ in jieba)

    by_word, per_reading = {}, collections.defaultdict(dict)
    for word, pinyin, count in sorted(android, key=lambda e: e[2]):
        if len(word) == 1:
            per_reading[word][pinyin[0]] = count
        else:
            by_word[word] = pinyin
    for char, readings in characters.items():
        for syllable in readings:
            per_reading[char].setdefault(syllable, 0.0)
    by_char = {c: max(r, key=lambda s: (r[s], s == characters[c][0])) for c, r in per_reading.items()}

    chance = collections.defaultdict(float)
    for word, pinyin, count in android:
        chance[word, pinyin] += 0.5 * count / android_total
    for word, count, tag in jieba:
        if len(word) == 1:
            shares = per_reading[word]
            whole = sum(shares.values())
            for syllable, share in shares.items():
                part = share / whole if whole else 1.0 / len(shares)
                chance[word, (syllable,)] += 0.5 * count / jieba_total * part
            continue
        enough = count >= JIEBA_MINIMUM.get(len(word), JIEBA_MINIMUM_LONGER)
        known = word in by_word
        if known or (enough and len(word) <= LONGEST and not tag.startswith(NAME_TAGS)):
            pinyin = by_word.get(word) or spell(word, by_word, by_char)
            chance[word, pinyin] += 0.5 * count / jieba_total
    for char, readings in per_reading.items():
        for syllable in readings:
            chance.setdefault((char, (syllable,)), 0.0)

    rows = sorted((pinyin, cost(p), word) for (word, pinyin), p in chance.items())
    with (HERE / "base.tsv").open("w", encoding="utf-8", newline="\n") as out:
        out.writelines(f"{word}\t{' '.join(pinyin)}\t{price}\n" for pinyin, price, word in rows)

    # Which characters people give their children, learnt from the names of public figures and characters of novels.
    surnames = {line.split("\t")[0] for line in SURNAMES.read_text(encoding="utf-8").splitlines() if line and line[0] != "#"}
    given = collections.Counter()
    for word, _, tag in jieba:
        if tag == "nr" and len(word) in (2, 3) and word[0] in surnames:
            given.update(word[1:])
    total = sum(given.values())
    with (HERE / "given.tsv").open("w", encoding="utf-8", newline="\n") as out:
        for char, count in sorted(given.items(), key=lambda e: (-e[1], e[0])):
            if count >= 3:
                out.write(f"{char}\t{cost(count / total)}\n")
    print(f"{len(rows)} readings, {len(characters)} characters, {len(syllables)} syllables, {len(given)} in names")


if __name__ == "__main__":
    main()
