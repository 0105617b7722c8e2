#!/usr/bin/env python3
"""Cut the Jinban Sans fonts out of Noto Sans CJK SC.

    apt-get install fonts-noto-cjk unicode-data
    python3 -m venv /tmp/fonts && /tmp/fonts/bin/pip install -r assets/fonts/requirements.txt
    /tmp/fonts/bin/python assets/fonts/build.py

Three files come out, beside this script:

* JinbanSans-Regular.otf, JinbanSans-Bold.otf: every character of the Table of
  General Standard Chinese Characters (通用规范汉字表, 8,105), of GB 2312, of the
  texts shipped in assets/, and the punctuation that forms and receipts use.
* JinbanSansRare-Regular.otf: every other Han character that Noto has. Names on
  older identity cards need them; loaded only when a text does.

The same inputs give the same bytes.
"""

import argparse
import bz2
import pathlib
import re
import sys

from fontTools import subset
from fontTools.ttLib import TTCollection

HERE = pathlib.Path(__file__).resolve().parent
ASSETS = HERE.parent
SOURCE_FAMILY = "Noto Sans CJK SC"
LAYOUT_FEATURES = ["kern", "liga", "ccmp", "halt", "palt"]
# Text that the terminal may have to draw lives in these folders.
TEXTS = ["locales", "catalogue", "regions"]
TEXT_SUFFIXES = {".csv", ".json", ".md", ".toml", ".tsv", ".txt", ".yaml", ".yml"}
# Vertical setting is never used; the terminal writes from left to right.
UNUSED_TABLES = ["BASE", "DSIG", "STAT", "VORG", "vhea", "vmtx"]

RANGES = [
    (0x0020, 0x007E),  # ASCII
    (0x00A0, 0x00FF),  # Latin-1
    (0x2010, 0x2027),  # dashes, quotation marks, ellipsis
    (0x2030, 0x203B),  # per mille, primes, ‹ ›, ※
    (0x2160, 0x216B),  # Ⅰ to Ⅻ
    (0x2190, 0x2199),  # arrows
    (0x2460, 0x2473),  # ① to ⑳
    (0x3000, 0x303F),  # CJK punctuation
    (0xFE30, 0xFE4F),  # vertical and overlined forms that old forms use
    (0xFF01, 0xFF5E),  # full-width forms
    (0xFFE0, 0xFFE6),  # full-width signs, ￥
]
MARKS = "€℃℉№™≈≠≤≥∞√∶■□▲△▼▽◆◇○◎●★☆♀♂✓☎㎡㎏㎜㎝㎞㏄〇"
# The letters of pinyin, with their tones.
PINYIN = "āáǎàēéěèīíǐìōóǒòūúǔùǖǘǚǜüńňǹḿêĀÁǍÀĒÉĚÈŌÓǑÒ"
# Surnames and given-name characters seen on identity cards that neither table holds.
NAMES = "㑇㛃㛄㜣㝬㟃㧐㬎㬚㵘䒟䓫䓨䝙䠀䢺䣘䥽䦃䨱䴉仝侴俣偲傜冼凃勍叁喆堃堺墉夨妤姵媄寳峯嵃嶒彧恒恊惇慜昇昉昺晅晧暐暘暻曌朤柟桭棪榃榮槀橒欀毓氹淏渟湦溎滎澐濛炘炤烎焜煊煕煜熈燏燚犇猷玘玥珉珺琎琇瑀瑨璟瓛甯畑畲皛皞矞砼磊祎祐祺禕禤秂穂竑笪筠粦綪縯翀翃聃聀脩芃芈芊苳荍荘菂菻葳蒽蓥薏蘅虢袆覃訸詝誉谌赟趸軏迀迊逄逯邘邨郄郤郯鄢酆鈊鉃銮鋆錀鎏鑫钘铠锳镕闫闵陞隹雲霈靑韡韫頔顗頴飏馡馨駪骉骎髙鬯鱻鲉麴麹黉龑龘龢"


def read_tgh(path):
    """The 8,105 characters, from Unihan's kTGH."""
    opener = bz2.open if path.suffix == ".bz2" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        found = {int(m[1], 16) for line in lines if (m := re.match(r"U\+([0-9A-F]+)\tkTGH\t", line))}
    if len(found) != 8105:
        sys.exit(f"{path}: expected 8105 characters with kTGH, found {len(found)}")
    return found


def gb2312():
    """Every character of GB 2312; the dot and the dash, which Python maps elsewhere, are in RANGES."""
    found = set()
    for row in range(0xA1, 0xF8):
        for cell in range(0xA1, 0xFF):
            try:
                found.add(ord(bytes([row, cell]).decode("gb2312")))
            except UnicodeDecodeError:
                pass
    return found


def shipped():
    """Every character of the texts shipped beside the fonts."""
    found = set()
    for folder in TEXTS:
        for path in sorted((ASSETS / folder).rglob("*")):
            if path.suffix in TEXT_SUFFIXES:
                found.update(map(ord, path.read_text(encoding="utf-8")))
    return {code for code in found if code >= 0x20}


def is_han(code):
    return 0x3400 <= code <= 0x9FFF or 0xF900 <= code <= 0xFAFF or 0x20000 <= code <= 0x3FFFF


def open_source(path):
    for font in TTCollection(path, lazy=True).fonts:
        if font["name"].getDebugName(1).startswith(SOURCE_FAMILY):
            font.recalcTimestamp = False
            return font
    sys.exit(f"{path} holds no {SOURCE_FAMILY}")


def rename(font, family, style):
    """Give the font its own name: a system font of the same name would compete with it,
    and the licence reserves the original's."""
    postscript = f"{family.replace(' ', '')}-{style}"
    table = font["name"]
    keep = {0, 5, 13, 14}
    table.names = [r for r in table.names if r.nameID in keep and r.platformID == 3 and r.langID == 0x409]
    for name_id, text in {
        1: family,
        2: style,
        3: f"{table.getDebugName(5)};{postscript}",
        4: f"{family} {style}",
        6: postscript,
        16: family,
        17: style,
    }.items():
        table.setName(text, name_id, 3, 1, 0x409)
    cff = font["CFF "].cff
    cff.fontNames = [postscript]
    top = cff.topDictIndex[0]
    top.FullName, top.FamilyName, top.Weight = f"{family} {style}", family, style
    top.rawDict.pop("Notice", None)
    for index, private in enumerate(top.FDArray):
        private.FontName = f"{postscript}-{index}"


def cut(source, target, family, style, wanted):
    font = open_source(source)
    options = subset.Options()
    options.layout_features = LAYOUT_FEATURES
    options.hinting = False
    options.notdef_outline = True
    options.name_IDs = ["*"]
    options.drop_tables += UNUSED_TABLES
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=wanted & set(font.getBestCmap()))
    cutter.subset(font)
    rename(font, family, style)
    font.save(target)
    print(f"{target.name}: {len(font.getBestCmap())} characters, {target.stat().st_size} bytes")


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--noto", type=pathlib.Path, default=pathlib.Path("/usr/share/fonts/opentype/noto"))
    parser.add_argument(
        "--unihan", type=pathlib.Path, default=pathlib.Path("/usr/share/unicode/Unihan_OtherMappings.txt.bz2")
    )
    parser.add_argument("--out", type=pathlib.Path, default=HERE)
    options = parser.parse_args()

    regular = options.noto / "NotoSansCJK-Regular.ttc"
    bold = options.noto / "NotoSansCJK-Bold.ttc"
    everything = set(open_source(regular).getBestCmap())
    texts = shipped()
    common = read_tgh(options.unihan) | gb2312() | texts
    common |= {code for first, last in RANGES for code in range(first, last + 1)}
    common |= set(map(ord, MARKS + PINYIN + NAMES))
    rare = {code for code in everything if is_han(code)} - common

    if lost := sorted(texts - everything):
        print("in the shipped texts, but not in Noto:", " ".join(f"{chr(c)} U+{c:04X}" for c in lost), file=sys.stderr)
    cut(regular, options.out / "JinbanSans-Regular.otf", "Jinban Sans", "Regular", common)
    cut(bold, options.out / "JinbanSans-Bold.otf", "Jinban Sans", "Bold", common)
    cut(regular, options.out / "JinbanSansRare-Regular.otf", "Jinban Sans Rare", "Regular", rare)


if __name__ == "__main__":
    main()
