"""Draws the blank forms and the samples of results that the sample guides name, and writes their digests into them.

    python3 assets/catalogue/make_attachments.py

A blank form is drawn from what the guide asks for; a sample shows what kind of paper to expect, and says that it
is one. Both are A4, in SVG, so that they can be shown and printed without any further program.
"""

import hashlib
import json
from pathlib import Path
from xml.sax.saxutils import escape

HERE = Path(__file__).parent
FILES = HERE / "attachments"
WIDTH, HEIGHT, EDGE = 210, 297, 20


def page(*parts):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}mm" height="{HEIGHT}mm" '
        f'viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif">\n'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>\n' + "".join(parts) + "</svg>\n"
    )


def text(x, y, size, words, anchor="start", fill="#000", more=""):
    return (
        f'<text x="{x}" y="{y}" font-size="{size}" text-anchor="{anchor}" fill="{fill}"{more}>'
        f"{escape(words)}</text>\n"
    )


def box(x, y, width, height):
    return (
        f'<rect x="{x}" y="{y}" width="{width}" height="{height}" fill="none" '
        f'stroke="#000" stroke-width="0.3"/>\n'
    )


def lines(words, per_line):
    return [words[at : at + per_line] for at in range(0, len(words), per_line)] or [""]


def sample_of_result(guide, result):
    name = result["name"]
    parts = [box(EDGE, EDGE, WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE)]
    for at, line in enumerate(lines(name, 14)):
        parts.append(text(WIDTH / 2, 60 + 13 * at, 10, line, "middle"))
    facts = [
        ("姓名", "样张三"),
        ("办理事项", guide.get("short_name", guide["name"])),
        ("编号", "（办好以后才有）"),
        ("日期", "　　　　年　　月　　日"),
    ]
    for at, (label, value) in enumerate(facts):
        y = 110 + 14 * at
        parts.append(text(40, y, 6, label))
        parts.append(text(75, y, 6, value))
        parts.append(f'<path d="M75 {y + 2}H170" stroke="#000" stroke-width="0.2"/>\n')
    parts.append(text(170, 210, 6, guide["department"]["name"], "end"))
    parts.append(
        text(WIDTH / 2, 175, 44, "样张", "middle", "#c00", ' opacity="0.25" transform="rotate(-24 105 160)"')
    )
    parts.append(text(WIDTH / 2, 262, 4.5, "这是样子，用来看个明白，没有效力。", "middle", "#444"))
    return page(*parts)


def asked(guide):
    """What the form asks for: the card's facts first, then the guide's own questions."""
    rows = [("姓名", ""), ("公民身份号码", ""), ("住址", "")]
    for group in (guide.get("form") or {"groups": []})["groups"]:
        for field in group["fields"]:
            options = field["input"].get("options", [])
            rows.append((field["label"], "　".join("□" + option["label"] for option in options)))
    return rows


def blank_form(guide, material):
    parts = []
    for at, line in enumerate(lines(material["name"], 18)):
        parts.append(text(WIDTH / 2, 32 + 11 * at, 8, line, "middle"))
    y, width, label_width = 50, WIDTH - 2 * EDGE, 50
    for label, choices in asked(guide):
        left, right = lines(label, 9), lines(choices, 22)
        height = max(14, 7 * max(len(left), len(right)) + 5)
        parts += [box(EDGE, y, label_width, height), box(EDGE + label_width, y, width - label_width, height)]
        for at, line in enumerate(left):
            parts.append(text(EDGE + 3, y + 9 + 7 * at, 5, line))
        for at, line in enumerate(right):
            parts.append(text(EDGE + label_width + 3, y + 9 + 7 * at, 5, line))
        y += height
    parts.append(text(EDGE, y + 16, 5, "我保证上面写的都是真的。"))
    parts.append(text(EDGE, y + 32, 5, "申请人签名（或按手印）：＿＿＿＿＿＿＿＿　　代办人签名：＿＿＿＿＿＿"))
    parts.append(text(EDGE, y + 46, 5, "＿＿＿＿年＿＿月＿＿日"))
    parts.append(text(WIDTH / 2, HEIGHT - 10, 4, f"{guide['department']['name']}　示例表格，仅供试用", "middle", "#444"))
    return page(*parts)


def attach(name, words, svg):
    content = svg.encode()
    (FILES / name).write_bytes(content)
    return {
        "digest": hashlib.new("sm3", content).hexdigest(),
        "length": len(content),
        "media_type": "image/svg+xml",
        "name": words,
    }


def main():
    FILES.mkdir(exist_ok=True)
    for old in FILES.glob("*.svg"):
        old.unlink()
    for path in sorted(HERE.glob("*.json")):
        if path.name == "themes.json":
            continue
        guide = json.loads(path.read_text())
        for at, result in enumerate(guide["results"]):
            result["sample"] = attach(
                f"{guide['id']}-result-{at + 1}.svg", f"{result['name']}样张", sample_of_result(guide, result)
            )
        for material in guide["materials"]:
            if material["capture"] == "form":
                material["blank_form"] = attach(
                    f"{guide['id']}-{material['id']}.svg", f"{material['name']}（空白）", blank_form(guide, material)
                )
        path.write_text(json.dumps(guide, ensure_ascii=False, indent=2) + "\n")


main()
