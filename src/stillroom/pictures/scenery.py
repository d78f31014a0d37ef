"""Outdoor motifs of the demo scenes. Each draws on a canvas in a given mood."""

from __future__ import annotations

import math

from stillroom.pictures.canvas import Canvas, Colour, hsv, mix
from stillroom.pictures.moods import BLACK, WHITE, Mood, far, lit, sky


def sea(canvas: Canvas, mood: Mood) -> None:
    """Open water, waves, sometimes a boat, an island or a beach."""
    rng = canvas.rng
    horizon = rng.uniform(0.25, 0.72)
    light, _ = sky(canvas, mood, horizon)
    water = hsv(rng.uniform(0.45, 0.62), rng.uniform(0.4, 0.85), rng.uniform(0.35, 0.8))
    canvas.settle()
    canvas.wash([far(water, mood, 0.9), lit(water, mood), mix(lit(water, mood), BLACK, 0.35)], horizon, 1)
    canvas.clouds(mix(lit(water, mood), WHITE, 0.35), 0.45, horizon, 1, (3, 24))
    if rng.random() < 0.5:
        shore = rng.uniform(0.05, 0.95)
        width = rng.uniform(0.1, 0.3)
        top = horizon - rng.uniform(0.03, 0.14)
        line = [(shore - width, horizon), (shore - width / 3, top), (shore + width / 4, top + 0.02)]
        canvas.polygon([*line, (shore + width, horizon)], far((60, 80, 70), mood, 0.6))
    for row in range(rng.randint(8, 26)):
        y = horizon + (1 - horizon) * ((row + rng.random()) / 26) ** 1.4
        x = light + rng.gauss(0, 0.1 + (y - horizon) * 0.5)
        reach = rng.uniform(0.01, 0.05) + (y - horizon) * 0.12
        canvas.line([(x - reach, y), (x + reach, y)], mix(lit(water, mood), mood.lamp, 0.7), 0.003)
    if rng.random() < 0.55:
        _boat(
            canvas, mood, rng.uniform(0.15, 0.85), rng.uniform(horizon + 0.04, 0.85), rng.uniform(0.04, 0.13)
        )
    if rng.random() < 0.4:
        sand = lit(hsv(0.11, rng.uniform(0.25, 0.5), 0.9), mood)
        canvas.ridge(rng.uniform(0.84, 0.95), 0.06, mix(sand, WHITE, 0.5))
        canvas.ridge(rng.uniform(0.88, 0.97), 0.05, sand)


def _boat(canvas: Canvas, mood: Mood, x: float, y: float, size: float) -> None:
    rng = canvas.rng
    tall = size * canvas.wide
    hull = lit(hsv(rng.random(), 0.7, 0.6), mood)
    sail = lit(hsv(rng.random(), rng.uniform(0, 0.6), 1), mood)
    canvas.polygon(
        [(x - size, y), (x + size, y), (x + size * 0.7, y + tall * 0.3), (x - size * 0.7, y + tall * 0.3)],
        hull,
    )
    canvas.polygon([(x, y - tall * 0.05), (x, y - tall * 1.8), (x + size * 0.9, y - tall * 0.05)], sail)
    canvas.polygon(
        [
            (x - size * 0.08, y - tall * 0.05),
            (x - size * 0.08, y - tall * 1.4),
            (x - size * 0.7, y - tall * 0.05),
        ],
        mix(sail, BLACK, 0.15),
    )


def hills(canvas: Canvas, mood: Mood) -> None:
    """Rolling hills in layers, from far to near, with trees or houses on the nearest."""
    rng = canvas.rng
    horizon = rng.uniform(0.35, 0.7)
    sky(canvas, mood, horizon + 0.1)
    hue = rng.choice((0.22, 0.27, 0.33, 0.38, 0.12, 0.05)) + rng.uniform(-0.03, 0.03)
    layers = rng.randint(3, 5)
    line = []
    for layer in range(layers):
        depth = layer / (layers - 1)
        colour = hsv(hue + 0.04 * depth, 0.35 + 0.35 * depth, 0.75 - 0.4 * depth)
        height = horizon + (0.98 - horizon) * depth * 0.8
        line = canvas.ridge(height, rng.uniform(0.06, 0.2), far(colour, mood, 1 - depth))
    for _ in range(rng.randint(0, 9)):
        x, y = rng.choice(line)
        if rng.random() < 0.75:
            tree(canvas, mood, x, y + 0.01, rng.uniform(0.05, 0.16), hue + rng.uniform(-0.05, 0.08))
        else:
            house(canvas, mood, x, y + 0.03, rng.uniform(0.04, 0.09))


def mountains(canvas: Canvas, mood: Mood) -> None:
    """Jagged ranges, often with snow, over a lake or a valley."""
    rng = canvas.rng
    horizon = rng.uniform(0.55, 0.78)
    sky(canvas, mood, horizon)
    rock = hsv(rng.uniform(0.55, 0.75), rng.uniform(0.1, 0.45), rng.uniform(0.35, 0.6))
    for layer in range(3):
        tops = []
        x = -0.1
        while x < 1.1:
            step = rng.uniform(0.08, 0.22)
            tops.append((x + step / 2, horizon - rng.uniform(0.12, 0.5) * (1 - layer * 0.28), step))
            x += step * 0.75
        for x, y, step in tops:
            colour = far(mix(rock, BLACK, layer * 0.18), mood, 0.8 - layer * 0.35)
            slope = (horizon - y) * 0.9 / canvas.wide + step * 0.3
            canvas.polygon([(x - slope, horizon + 0.01), (x, y), (x + slope, horizon + 0.01)], colour)
            shaded = mix(colour, BLACK, 0.22)
            canvas.polygon([(x, y), (x + slope, horizon + 0.01), (x + slope * 0.15, horizon + 0.01)], shaded)
            if layer < 2 and horizon - y > 0.2:
                cap, drop = (horizon - y) * 0.28, slope * 0.28
                snow = far(WHITE, mood, 0.3)
                points = [(x - drop, y + cap), (x, y), (x + drop, y + cap), (x + drop * 0.3, y + cap * 0.75)]
                canvas.polygon([*points, (x - drop * 0.2, y + cap * 1.1)], snow)
    if rng.random() < 0.6:
        canvas.mirror(horizon, lit(hsv(0.56, 0.5, 0.5), mood), rng.uniform(0.25, 0.6))
    else:
        canvas.ridge(horizon + 0.06, 0.05, lit(hsv(rng.uniform(0.2, 0.4), 0.5, 0.5), mood))
    if rng.random() < 0.5:
        shore = canvas.ridge(rng.uniform(0.88, 0.97), 0.08, lit((40, 55, 40), mood))
        for x, y in rng.sample(shore, rng.randint(5, 25)):
            fir(canvas, lit((30, 60, 45), mood), x, y + 0.02, rng.uniform(0.05, 0.2))


def forest(canvas: Canvas, mood: Mood) -> None:
    """A wood, from the light between far trunks to the dark near ones."""
    rng = canvas.rng
    hue = rng.choice((0.3, 0.35, 0.26, 0.42, 0.09, 0.03, 0.14)) + rng.uniform(-0.03, 0.03)
    leaf = hsv(hue, rng.uniform(0.45, 0.85), rng.uniform(0.4, 0.75))
    glade = mix(mood.sky[2], leaf, 0.35)
    canvas.wash([lit(leaf, mood), mix(glade, mood.lamp, 0.3), glade, lit(mix(leaf, BLACK, 0.4), mood)])
    canvas.glow(mood.lamp, (rng.random(), rng.uniform(0.1, 0.6)), rng.uniform(0.3, 0.7), 0.7)
    canvas.clouds(lit(leaf, mood), rng.uniform(0.4, 0.7), 0, rng.uniform(0.4, 0.75), (9, 7))
    if rng.random() < 0.5:
        for layer in range(4):
            y = 0.5 + layer * 0.15
            shade = far(mix(leaf, BLACK, 0.15 + layer * 0.15), mood, 0.8 - layer * 0.25)
            for _ in range(14 - layer * 2):
                fir(canvas, shade, rng.random(), y + rng.uniform(0, 0.1), rng.uniform(0.2, 0.5))
        canvas.box(0, 0.97, 1, 1, lit(mix(leaf, BLACK, 0.6), mood))
        return
    ground = rng.uniform(0.7, 0.85)
    canvas.ridge(ground, 0.05, lit(hsv(hue + rng.uniform(-0.1, 0.05), 0.5, 0.45), mood))
    bark = hsv(rng.uniform(0.04, 0.1), rng.uniform(0.05, 0.5), rng.uniform(0.2, 0.8))
    for layer in range(3):
        for _ in range(rng.randint(3, 9) - layer):
            x, width = rng.random(), rng.uniform(0.006, 0.014) * (1 + layer * 1.6)
            lean = rng.uniform(-0.03, 0.03)
            colour = far(mix(bark, BLACK, layer * 0.2), mood, 0.9 - layer * 0.4)
            foot = ground + layer * 0.08
            canvas.polygon(
                [
                    (x - width, foot),
                    (x + lean - width * 0.6, -0.02),
                    (x + lean + width * 0.6, -0.02),
                    (x + width, foot),
                ],
                colour,
            )


def tree(canvas: Canvas, mood: Mood, x: float, y: float, size: float, hue: float) -> None:
    """A round tree that stands at (x, y)."""
    rng = canvas.rng
    tall = size * canvas.wide
    canvas.line([(x, y), (x, y - tall)], lit((80, 55, 40), mood), size * 0.12)
    for _ in range(5):
        leaf = lit(hsv(hue + rng.uniform(-0.02, 0.02), 0.6, rng.uniform(0.35, 0.6)), mood)
        at = (x + rng.uniform(-0.4, 0.4) * size, y - tall * rng.uniform(0.9, 1.4))
        canvas.disc(at, size * rng.uniform(0.3, 0.5), leaf)


def fir(canvas: Canvas, colour: Colour, x: float, y: float, tall: float) -> None:
    """A conifer that stands at (x, y); `tall` is a share of the height."""
    wide = tall * 0.28 / canvas.wide
    for step in range(3):
        low = y - tall * (0.08 + step * 0.26)
        reach = wide * (1 - step * 0.26)
        canvas.polygon(
            [(x - reach, low), (x, low - tall * 0.42), (x + reach, low)], mix(colour, WHITE, step * 0.04)
        )


def house(canvas: Canvas, mood: Mood, x: float, y: float, size: float) -> None:
    """A house with a roof and a window that is lit at night."""
    rng = canvas.rng
    tall = size * canvas.wide
    wall = lit(hsv(rng.random(), rng.uniform(0.05, 0.4), 0.9), mood)
    canvas.box(x - size, y - tall, x + size, y, wall)
    roof = lit(hsv(rng.uniform(0, 0.08), 0.7, 0.55), mood)
    canvas.polygon([(x - size * 1.2, y - tall), (x, y - tall * 1.9), (x + size * 1.2, y - tall)], roof)
    pane = (255, 215, 120) if mood.dim > 0.3 else lit((60, 80, 100), mood)
    canvas.box(x - size * 0.5, y - tall * 0.7, x - size * 0.1, y - tall * 0.3, pane)
    canvas.box(x + size * 0.2, y - tall * 0.6, x + size * 0.55, y, mix(wall, BLACK, 0.6))


def dunes(canvas: Canvas, mood: Mood) -> None:
    """A desert: dunes with a bright and a dark side, cacti, sometimes a caravan of rocks."""
    rng = canvas.rng
    horizon = rng.uniform(0.3, 0.6)
    sky(canvas, mood, horizon + 0.08)
    hue = rng.uniform(0.04, 0.13)
    layers = rng.randint(3, 6)
    for layer in range(layers):
        depth = layer / (layers - 1)
        sand = hsv(hue, 0.35 + 0.35 * depth, 0.95 - 0.25 * depth)
        height = horizon + (0.95 - horizon) * depth * 0.85
        line = canvas.ridge(height, rng.uniform(0.05, 0.22), far(sand, mood, 1 - depth))
        crest = rng.randrange(10, 50)
        x, y = line[crest]
        side = rng.choice((-1, 1))
        shadow = mix(far(sand, mood, 1 - depth), (90, 45, 40), 0.35)
        foot = [(x + side * rng.uniform(0.2, 0.5), y + 0.2), (x + side * 0.05, y + rng.uniform(0.2, 0.4))]
        canvas.polygon([(x, y + 0.005), *foot], shadow)
    for _ in range(rng.choice((0, 0, 1, 2, 4))):
        x, y = rng.choice(line)
        size = rng.uniform(0.01, 0.025)
        tall = size * canvas.wide * 8
        green = lit((60, 110, 70), mood)
        canvas.line([(x, y + 0.03), (x, y - tall)], green, size)
        for arm in (-1, 1):
            bend = y - tall * rng.uniform(0.3, 0.5)
            canvas.line(
                [(x, bend), (x + arm * size * 2, bend), (x + arm * size * 2, bend - tall * 0.3)],
                green,
                size * 0.8,
            )


def snow(canvas: Canvas, mood: Mood) -> None:
    """Winter: white slopes, firs, falling flakes."""
    rng = canvas.rng
    horizon = rng.uniform(0.3, 0.65)
    sky(canvas, mood, horizon + 0.08)
    tint = hsv(rng.uniform(0.52, 0.68), rng.uniform(0.03, 0.2), 1)
    line = []
    for layer in range(3):
        colour = mix(far(tint, mood, 0.7 - layer * 0.3), (120, 140, 190), 0.18 - layer * 0.06)
        line = canvas.ridge(horizon + layer * (0.9 - horizon) * 0.45, rng.uniform(0.05, 0.18), colour)
        for x, y in rng.sample(line, rng.randint(0, 14)):
            fir(
                canvas,
                far((45, 80, 75), mood, 0.7 - layer * 0.3),
                x,
                y + 0.03,
                rng.uniform(0.06, 0.12) * (1 + layer),
            )
    if rng.random() < 0.5:
        x, y = rng.choice(line)
        house(canvas, mood, x, y + 0.04, rng.uniform(0.05, 0.1))
    if rng.random() < 0.6:
        for _ in range(rng.randint(60, 220)):
            canvas.disc((rng.random(), rng.random()), rng.uniform(0.001, 0.005), mix(WHITE, tint, 0.3))


def field(canvas: Canvas, mood: Mood) -> None:
    """A farmed plain: rows that meet at the horizon, or a meadow full of flowers."""
    rng = canvas.rng
    horizon = rng.uniform(0.2, 0.6)
    sky(canvas, mood, horizon)
    hue = rng.choice((0.14, 0.12, 0.25, 0.3, 0.36, 0.78, 0.97))
    crop = hsv(hue + rng.uniform(-0.02, 0.02), rng.uniform(0.5, 0.85), rng.uniform(0.55, 0.95))
    earth = hsv(rng.uniform(0.06, 0.32), rng.uniform(0.35, 0.6), rng.uniform(0.3, 0.5))
    canvas.settle()
    canvas.wash([far(earth, mood, 0.8), lit(earth, mood), lit(earth, mood)], horizon, 1)
    vanish = rng.uniform(0.1, 0.9)
    if rng.random() < 0.5:
        rows = rng.randint(8, 22)
        for row in range(-rows, rows + 1):
            x = vanish + row * 2.6 / rows
            canvas.polygon(
                [(vanish + row * 0.03, horizon), (x - 0.9 / rows, 1.02), (x + 0.5 / rows, 1.02)],
                lit(crop, mood),
            )
    else:
        for _ in range(rng.randint(150, 420)):
            near = rng.random() ** 1.6
            petal = lit(mix(crop, WHITE, rng.random() * 0.35), mood)
            canvas.disc((rng.random(), horizon + (1 - horizon) * near), 0.003 + 0.014 * near, petal, 0.7)
    for _ in range(rng.randint(0, 7)):
        tree(canvas, mood, rng.random(), horizon + 0.012, rng.uniform(0.02, 0.07), rng.uniform(0.22, 0.4))
    if rng.random() < 0.4:
        house(canvas, mood, rng.random(), horizon + 0.05, rng.uniform(0.04, 0.08))


def balloons(canvas: Canvas, mood: Mood) -> None:
    """Hot-air balloons over a low horizon."""
    rng = canvas.rng
    horizon = rng.uniform(0.8, 0.97)
    sky(canvas, mood, horizon)
    canvas.ridge(horizon, rng.uniform(0.03, 0.12), far(hsv(rng.uniform(0.05, 0.45), 0.45, 0.45), mood, 0.3))
    for _ in range(rng.randint(1, 7)):
        x, y, size = rng.uniform(0.08, 0.92), rng.uniform(0.12, 0.65), rng.uniform(0.03, 0.15)
        tall = size * canvas.wide
        hue, other = rng.random(), rng.random()
        one, two = lit(hsv(hue, 0.8, 0.95), mood), lit(hsv(other, 0.6, 0.95), mood)
        canvas.polygon(
            [
                (x - size * 0.85, y + tall * 0.5),
                (x + size * 0.85, y + tall * 0.5),
                (x + size * 0.2, y + tall * 1.5),
                (x - size * 0.2, y + tall * 1.5),
            ],
            one,
        )
        canvas.disc((x, y), size, one)
        for stripe in (0.62, 0.25):
            canvas.pen.ellipse(
                [canvas.at(x - size * stripe, y - tall), canvas.at(x + size * stripe, y + tall)],
                fill=two if stripe > 0.5 else one,
            )
        canvas.box(x - size * 0.15, y + tall * 1.6, x + size * 0.15, y + tall * 1.85, (95, 65, 40))


def aurora(canvas: Canvas, mood: Mood) -> None:
    """Northern lights over a dark land; the mood gives way to night."""
    rng = canvas.rng
    base = hsv(rng.uniform(0.55, 0.75), 0.8, rng.uniform(0.08, 0.2))
    canvas.wash([base, mix(base, mood.sky[0], 0.2), mix(base, mood.sky[2], 0.25)])
    hue = rng.choice((0.38, 0.42, 0.5, 0.83))
    for _ in range(rng.randint(4, 9)):
        colour = hsv(hue + rng.uniform(-0.06, 0.06), 0.75, rng.uniform(0.5, 0.9))
        place = (rng.random(), rng.uniform(0.1, 0.5))
        canvas.glow(colour, place, rng.uniform(0.12, 0.35), rng.uniform(0.4, 0.8))
    for _ in range(rng.randint(30, 120)):
        canvas.disc((rng.random(), rng.random() * 0.7), rng.uniform(0.0008, 0.002), WHITE)
    land = canvas.ridge(
        rng.uniform(0.7, 0.9), rng.uniform(0.05, 0.2), mix(base, BLACK, 0.7), rng.random() * 0.6
    )
    for x, y in rng.sample(land, rng.randint(0, 20)):
        fir(canvas, mix(base, BLACK, 0.8), x, y + 0.02, rng.uniform(0.05, 0.2))


def shoal(canvas: Canvas, mood: Mood) -> None:
    """Under water: rays, fish, weeds."""
    rng = canvas.rng
    hue = rng.uniform(0.44, 0.64)
    top, deep = hsv(hue, rng.uniform(0.35, 0.6), 0.95), hsv(hue + 0.04, 0.85, rng.uniform(0.1, 0.4))
    canvas.wash([mix(top, mood.sky[2], 0.2), hsv(hue, 0.7, 0.65), deep])
    canvas.glow(WHITE, (rng.random(), -0.05), rng.uniform(0.3, 0.6), 0.6)
    canvas.clouds(top, 0.4, 0, 0.6, (12, 2))
    fish = hsv(rng.random(), rng.uniform(0.4, 0.9), 0.95)
    for _ in range(rng.randint(2, 24)):
        x, y, size = rng.random(), rng.uniform(0.1, 0.85), rng.uniform(0.012, 0.06)
        tall, way = size * canvas.wide, rng.choice((-1, 1))
        colour = mix(fish, deep, rng.random() * 0.4)
        canvas.disc((x, y), size, colour, 0.5)
        tail = x - way * size * 0.8
        canvas.polygon(
            [(tail, y), (tail - way * size * 0.7, y - tall * 0.5), (tail - way * size * 0.7, y + tall * 0.5)],
            colour,
        )
        canvas.disc((x + way * size * 0.6, y - tall * 0.1), size * 0.1, BLACK)
    canvas.ridge(rng.uniform(0.88, 0.98), 0.06, mix(deep, (210, 190, 140), 0.3))
    for _ in range(rng.randint(3, 14)):
        x = rng.random()
        weed = hsv(rng.choice((0.35, 0.95, 0.08, 0.8)), 0.6, 0.6)
        sway = [
            (x + 0.02 * math.sin(step * 1.3 + x * 9), 1 - step * rng.uniform(0.03, 0.07)) for step in range(6)
        ]
        canvas.line(sway, mix(weed, deep, 0.3), rng.uniform(0.006, 0.02))
