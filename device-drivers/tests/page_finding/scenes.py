"""Pictures of a page on a table, as a camera would see it, made by Pillow.

Arguments: a font, and a file with scenes as JSON. Each scene names where its picture goes, the size
of the page and of the picture, the corners of the page in the picture, and what light and lens do.
"""

import json
import random
import sys

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

# Pictures are drawn this many times larger and then reduced: edges come out smooth.
LARGER = 2
# Where the marks are, as shares of the page, and how large they are.
MARKS = [(0.12, 0.1), (0.88, 0.12), (0.5, 0.5), (0.1, 0.9), (0.9, 0.88)]
MARK = 0.02


def page(font_file, width, height, seed):
    dice = random.Random(seed)
    drawn = Image.new("RGB", (width, height), (236, 234, 228))
    draw = ImageDraw.Draw(drawn)
    size = width // 34
    font = ImageFont.truetype(font_file, size)
    words = "人民政府村委会证明申请书姓名性别出生日期住址家庭成员关系土地承包养老保险参保登记签字盖章"
    y = int(height * 0.05)
    while y < height * 0.93:
        line = "".join(dice.choice(words) for _ in range(dice.randint(10, 26)))
        draw.text((width * 0.18, y), line, font=font, fill=(35, 35, 40))
        y += int(size * 1.8)
    draw.ellipse([width * 0.6, height * 0.7, width * 0.8, height * 0.7 + width * 0.2], outline=(205, 40, 45), width=size // 5)
    side = width * MARK
    for x, y in MARKS:
        x, y = x * width, y * height
        draw.rectangle([x - side * 1.6, y - side * 1.6, x + side * 1.6, y + side * 1.6], fill=(236, 234, 228))
        draw.rectangle([x - side / 2, y - side / 2, x + side / 2, y + side / 2], fill=(0, 0, 0))
    return drawn


def solve(rows):
    """Gauss, for the eight numbers of a projection."""
    size = len(rows)
    for i in range(size):
        pivot = max(range(i, size), key=lambda r: abs(rows[r][i]))
        rows[i], rows[pivot] = rows[pivot], rows[i]
        for r in range(size):
            if r != i:
                share = rows[r][i] / rows[i][i]
                rows[r] = [a - share * b for a, b in zip(rows[r], rows[i])]
    return [row[size] / row[i] for i, row in enumerate(rows)]


def projection(seen, on_page):
    """What Pillow wants: from places in the picture to places on the page."""
    rows = []
    for (x, y), (u, v) in zip(seen, on_page):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    return solve(rows)


def table(scene, width, height):
    dice = random.Random(scene["seed"])
    ground = Image.new("RGB", (width, height), tuple(scene["table"]))
    draw = ImageDraw.Draw(ground)
    for _ in range(40):
        y = dice.randint(0, height)
        tint = tuple(max(0, min(255, c + dice.randint(-9, 9))) for c in scene["table"])
        draw.line([(0, y), (width, y + dice.randint(-60, 60))], fill=tint, width=dice.randint(2, 12))
    return ground


def lit(picture, scene):
    """A lamp on one side, and how bright it is."""
    bright, slope = scene["bright"], scene["slope"]
    width, height = picture.size
    light = Image.new("L", (256, 1))
    light.putdata([max(0, min(255, int(255 * bright * (1 - slope * x / 255)))) for x in range(256)])
    light = light.resize((width, height), Image.BILINEAR)
    return ImageChops.multiply(picture, Image.merge("RGB", [light] * 3))


def picture(scene, font_file):
    width, height = scene["picture"]
    sheet = page(font_file, *scene["page"], scene["seed"])
    large = (width * LARGER, height * LARGER)
    seen = [(x * LARGER, y * LARGER) for x, y in scene["corners"]]
    w, h = scene["page"]
    numbers = projection(seen, [(0, 0), (w, 0), (w, h), (0, h)])
    warped = sheet.transform(large, Image.PERSPECTIVE, numbers, Image.BICUBIC)
    mask = Image.new("L", large, 0)
    ImageDraw.Draw(mask).polygon(seen, fill=255)
    ground = table(scene, *large)
    ground.paste(warped, (0, 0), mask)
    whole = ground.resize((width, height), Image.BOX)
    whole = lit(whole, scene)
    if scene["blur"] > 0:
        whole = whole.filter(ImageFilter.GaussianBlur(scene["blur"]))
    if scene["noise"] > 0:
        grain = Image.effect_noise((width, height), scene["noise"])
        whole = ImageChops.add(whole, Image.merge("RGB", [grain] * 3), 1, -128)
    whole.save(scene["to"], quality=92)


def main():
    font_file, scenes = sys.argv[1:]
    with open(scenes, encoding="utf-8") as file:
        for scene in json.load(file):
            picture(scene, font_file)


main()
