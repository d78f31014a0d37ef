"""Motifs of the demo scenes that people built, cooked or made up."""

from __future__ import annotations

import math

from stillroom.pictures.canvas import Canvas, Colour, hsv, mix
from stillroom.pictures.moods import BLACK, WHITE, Mood, far, lit, sky


def city(canvas: Canvas, mood: Mood) -> None:
    """A skyline, dark with lit windows at night, bright by day; sometimes over water."""
    rng = canvas.rng
    foot = rng.uniform(0.68, 0.98)
    sky(canvas, mood, foot)
    hue = rng.random()
    for layer in range(3):
        x = -0.05
        while x < 1.02:
            width = rng.uniform(0.05, 0.15)
            top = foot - rng.uniform(0.1, 0.62 - layer * 0.12) * rng.uniform(0.6, 1)
            wall = hsv(
                hue + rng.uniform(-0.05, 0.05), rng.uniform(0.05, 0.4), rng.uniform(0.45, 0.85) - layer * 0.1
            )
            colour = far(mix(wall, BLACK, mood.dim * 0.4), mood, 0.9 - layer * 0.4)
            canvas.box(x, top, x + width, foot, colour)
            if rng.random() < 0.3:
                canvas.polygon(
                    [(x, top), (x + width / 2, top - rng.uniform(0.02, 0.1)), (x + width, top)], colour
                )
            if layer:
                _windows(canvas, mood, (x, top, width, foot), colour)
            x += width + rng.choice((0, 0, 0.01, 0.04))
    if rng.random() < 0.5:
        canvas.mirror(foot, lit((40, 60, 90), mood), rng.uniform(0.3, 0.6))
    else:
        canvas.box(0, foot, 1, 1, lit((70, 70, 75), mood))


def _windows(canvas: Canvas, mood: Mood, wall: tuple[float, float, float, float], colour: Colour) -> None:
    rng = canvas.rng
    left, top, width, foot = wall
    across, down = max(2, round(width * 42)), max(2, round((foot - top) * 30))
    glow = (255, 214, 130) if mood.dim > 0.2 else mix(colour, mood.sky[1], 0.6)
    share = rng.uniform(0.2, 0.7) if mood.dim > 0.2 else 0.95
    for row in range(down):
        for column in range(across):
            if rng.random() < share:
                x = left + width * (column + 0.25) / across
                y = top + (foot - top) * (row + 0.25) / down
                canvas.box(x, y, x + width * 0.5 / across, y + (foot - top) * 0.5 / down, glow)


def street(canvas: Canvas, mood: Mood) -> None:
    """A street in perspective, house fronts to both sides, lamps."""
    rng = canvas.rng
    vanish = (rng.uniform(0.3, 0.7), rng.uniform(0.4, 0.65))
    sky(canvas, mood, vanish[1])
    canvas.box(0, vanish[1], 1, 1, lit((105, 100, 100), mood))
    hue = rng.random()
    for side in (0, 1):
        edge = float(side)
        for near in range(4, 0, -1):
            inner = vanish[0] + (edge - vanish[0]) * (near - 1) / 4.2
            outer = vanish[0] + (edge - vanish[0]) * near / 4 + (side - 0.5) * 0.02
            share_in, share_out = (near - 1) / 4.2, near / 4
            height = rng.uniform(0.5, 1.2)
            wall = lit(
                hsv(hue + rng.uniform(-0.12, 0.12), rng.uniform(0.2, 0.6), rng.uniform(0.5, 0.95)), mood
            )
            canvas.polygon(
                [
                    (outer, vanish[1] + (1 - vanish[1]) * share_out),
                    (outer, vanish[1] - height * share_out),
                    (inner, vanish[1] - height * share_in),
                    (inner, vanish[1] + (1 - vanish[1]) * share_in),
                ],
                mix(wall, mood.sky[2], 0.3 * (1 - share_out) * mood.haze),
            )
    for step in range(4):
        share = 0.25 * (step + 1)
        x = vanish[0] + (rng.choice((0.15, 0.85)) - vanish[0]) * share
        foot = vanish[1] + (1 - vanish[1]) * share
        top = foot - 0.5 * share
        canvas.line([(x, foot), (x, top)], lit((50, 50, 55), mood), 0.008 * share)
        canvas.disc(
            (x, top), 0.022 * share, (255, 225, 150) if mood.dim > 0.2 else lit((210, 210, 205), mood)
        )
    for mark in range(1, 6):
        low, high = (
            vanish[1] + (1 - vanish[1]) * (mark / 6) ** 1.5,
            vanish[1] + (1 - vanish[1]) * ((mark + 0.5) / 6) ** 1.5,
        )
        centre = vanish[0] + (0.5 - vanish[0]) * mark / 6
        canvas.polygon(
            [
                (centre - 0.004 * mark, low),
                (centre + 0.004 * mark, low),
                (centre + 0.006 * mark, high),
                (centre - 0.006 * mark, high),
            ],
            lit((235, 235, 220), mood),
        )


def room(canvas: Canvas, mood: Mood) -> None:
    """A room: wall, floor, a window on the mood outside, furniture, a lamp."""
    rng = canvas.rng
    hue = rng.random()
    wall = hsv(hue, rng.uniform(0.08, 0.55), rng.uniform(0.45, 0.98) * (1 - mood.dim * 0.5))
    floor = hsv(rng.uniform(0.04, 0.12), rng.uniform(0.3, 0.65), rng.uniform(0.3, 0.7))
    skirting = rng.uniform(0.62, 0.8)
    canvas.wash([mix(wall, BLACK, 0.12), wall, mix(wall, WHITE, 0.1)], 0, skirting)
    canvas.wash([mix(floor, BLACK, 0.25), floor], skirting, 1)
    lamp = (rng.uniform(0.1, 0.9), rng.uniform(0.2, 0.5))
    canvas.glow((255, 230, 170), lamp, rng.uniform(0.25, 0.55), 0.35 + mood.dim * 0.5)
    left, top = rng.uniform(0.06, 0.6), rng.uniform(0.08, 0.25)
    width, tall = rng.uniform(0.18, 0.36), rng.uniform(0.25, 0.42)
    canvas.box(left - 0.015, top - 0.02, left + width + 0.015, top + tall + 0.02, mix(wall, WHITE, 0.7))
    for step in range(8):
        shade = mix(mood.sky[0], mood.sky[2], step / 7)
        canvas.box(left, top + tall * step / 8, left + width, top + tall * (step + 1) / 8, shade)
    canvas.box(left + width / 2 - 0.005, top, left + width / 2 + 0.005, top + tall, mix(wall, WHITE, 0.7))
    for board in range(rng.randint(0, 9)):
        x = board / 8
        canvas.line([(x, skirting), (0.5 + (x - 0.5) * 1.9, 1)], mix(floor, BLACK, 0.3), 0.002)
    cloth = hsv(hue + rng.choice((0.3, 0.5, 0.08)), rng.uniform(0.3, 0.8), rng.uniform(0.35, 0.85))
    x, seat = rng.uniform(0.05, 0.5), skirting + rng.uniform(0.0, 0.08)
    long = rng.uniform(0.25, 0.5)
    canvas.box(x, seat - 0.16, x + long, seat + 0.1, mix(cloth, BLACK, 0.15))
    canvas.box(x - 0.03, seat - 0.06, x + long + 0.03, seat + 0.12, cloth)
    for cushion in range(rng.randint(0, 3)):
        middle = x + long * (cushion + 0.5) / 3
        canvas.box(middle - 0.04, seat - 0.13, middle + 0.04, seat - 0.04, hsv(hue + cushion * 0.3, 0.6, 0.9))
    canvas.line([lamp, (lamp[0], skirting + 0.05)], (60, 50, 45), 0.008)
    canvas.polygon(
        [
            (lamp[0] - 0.06, lamp[1] + 0.05),
            (lamp[0] - 0.03, lamp[1] - 0.06),
            (lamp[0] + 0.03, lamp[1] - 0.06),
            (lamp[0] + 0.06, lamp[1] + 0.05),
        ],
        (255, 236, 190),
    )
    if rng.random() < 0.6:
        spot = (rng.uniform(0.1, 0.9), skirting + 0.12)
        for leaf in range(9):
            angle = math.pi * (0.1 + 0.8 * leaf / 8)
            tip = (spot[0] + 0.1 * math.cos(angle), spot[1] - 0.22 * math.sin(angle))
            canvas.line([(spot[0], spot[1] - 0.06), tip], hsv(rng.uniform(0.28, 0.38), 0.6, 0.5), 0.012)
        canvas.box(spot[0] - 0.035, spot[1] - 0.07, spot[0] + 0.035, spot[1] + 0.03, (180, 95, 60))


def flower(canvas: Canvas, mood: Mood) -> None:
    """A blossom or a few, close up, before something blurred."""
    rng = canvas.rng
    ground = hsv(rng.choice((0.3, 0.36, 0.25, 0.6, 0.9, 0.1)), rng.uniform(0.2, 0.7), rng.uniform(0.15, 0.85))
    canvas.wash([mix(ground, mood.sky[1], 0.4), ground, mix(ground, BLACK, 0.4)])
    for _ in range(rng.randint(2, 7)):
        spot = mix(ground, hsv(rng.random(), 0.5, 0.9), rng.random() * 0.7)
        canvas.glow(spot, (rng.random(), rng.random()), rng.uniform(0.1, 0.35), 0.8)
    hue = rng.choice((0.95, 0.0, 0.05, 0.13, 0.16, 0.58, 0.72, 0.8, 0.88))
    for _ in range(rng.choice((1, 1, 2, 3, 5))):
        x, y, size = rng.uniform(0.15, 0.85), rng.uniform(0.15, 0.7), rng.uniform(0.09, 0.27)
        canvas.line([(x, y), (x + rng.uniform(-0.1, 0.1), 1.05)], hsv(0.32, 0.6, 0.4), 0.014)
        petals, rows = rng.randint(5, 14), rng.randint(1, 3)
        tone = hsv(hue + rng.uniform(-0.03, 0.03), rng.uniform(0.25, 0.85), rng.uniform(0.75, 1))
        start = rng.random()
        for row in range(rows):
            reach = size * (1 - row * 0.3)
            for petal in range(petals):
                angle = math.tau * (petal / petals + start + row * 0.5 / petals)
                colour = mix(tone, WHITE if petal % 2 else BLACK, 0.08 + 0.08 * row)
                _petal(canvas, (x, y), reach, angle, math.pi * reach / petals * 1.1, colour)
        canvas.disc(
            (x, y),
            size * rng.uniform(0.15, 0.3),
            hsv(rng.choice((0.13, 0.1, 0.07, 0.3)), 0.8, rng.uniform(0.3, 0.95)),
        )


def _petal(
    canvas: Canvas, centre: tuple[float, float], reach: float, angle: float, half: float, colour: Colour
) -> None:
    points = []
    for step in range(13):
        along = step / 6 if step <= 6 else (12 - step) / 6
        across = half * math.sin(math.pi * min(1.0, along * 0.92)) * (1 if step <= 6 else -1)
        x = along * reach * math.cos(angle) - across * math.sin(angle)
        y = along * reach * math.sin(angle) + across * math.cos(angle)
        points.append((centre[0] + x, centre[1] + y * canvas.wide))
    canvas.polygon(points, colour)


def table(canvas: Canvas, mood: Mood) -> None:
    """A still life: fruit, a bowl, a bottle on a table."""
    rng = canvas.rng
    edge = rng.uniform(0.45, 0.7)
    back = hsv(rng.random(), rng.uniform(0.1, 0.6), rng.uniform(0.12, 0.85))
    wood = hsv(rng.uniform(0.02, 0.12), rng.uniform(0.15, 0.7), rng.uniform(0.3, 0.9))
    canvas.wash([mix(back, BLACK, 0.2), back], 0, edge)
    canvas.wash([mix(wood, BLACK, 0.3), wood, mix(wood, WHITE, 0.15)], edge, 1)
    canvas.glow(mood.lamp, (rng.choice((0.05, 0.95)), rng.uniform(0.1, 0.5)), 0.6, 0.5)
    for _ in range(rng.randint(0, 3)):
        x, wide, top = rng.uniform(0.1, 0.9), rng.uniform(0.03, 0.06), rng.uniform(0.12, 0.35)
        foot = edge + rng.uniform(0.05, 0.12)
        glass = hsv(rng.choice((0.35, 0.1, 0.55, 0.95)), rng.uniform(0.3, 0.8), rng.uniform(0.25, 0.7))
        canvas.box(x - wide, top + 0.15, x + wide, foot, glass)
        canvas.polygon(
            [
                (x - wide, top + 0.15),
                (x - wide * 0.35, top + 0.06),
                (x + wide * 0.35, top + 0.06),
                (x + wide, top + 0.15),
            ],
            glass,
        )
        canvas.box(x - wide * 0.35, top - 0.03, x + wide * 0.35, top + 0.07, glass)
        canvas.box(x - wide * 0.7, top + 0.2, x - wide * 0.45, foot - 0.05, mix(glass, WHITE, 0.45))
    for _ in range(rng.randint(2, 9)):
        size = rng.uniform(0.035, 0.11)
        at = (rng.uniform(0.08, 0.92), edge + rng.uniform(0.02, 0.9 - edge))
        fruit = hsv(
            rng.choice((0.0, 0.03, 0.08, 0.13, 0.22, 0.3, 0.8)),
            rng.uniform(0.6, 0.95),
            rng.uniform(0.5, 0.95),
        )
        canvas.disc(
            (at[0] + size * 0.2, at[1] + size * canvas.wide * 0.85), size * 1.05, mix(wood, BLACK, 0.5), 0.25
        )
        canvas.disc(at, size, mix(fruit, BLACK, 0.2))
        canvas.disc((at[0] - size * 0.1, at[1] - size * 0.1), size * 0.86, fruit)
        canvas.disc((at[0] - size * 0.35, at[1] - size * 0.4), size * 0.22, mix(fruit, WHITE, 0.6))
        canvas.line(
            [(at[0], at[1] - size * canvas.wide * 0.9), (at[0] + 0.01, at[1] - size * canvas.wide * 1.25)],
            (70, 50, 30),
            0.006,
        )


def pattern(canvas: Canvas, mood: Mood) -> None:
    """No thing at all: tiles, stripes, rings, triangles or washes of colour."""
    rng = canvas.rng
    hue, spread = rng.random(), rng.choice((0.06, 0.15, 0.4))
    bright, strong = rng.uniform(0.45, 1), rng.uniform(0.1, 0.9)

    def ink() -> Colour:
        return hsv(
            hue + rng.uniform(-spread, spread), strong * rng.uniform(0.6, 1.2), bright * rng.uniform(0.4, 1.1)
        )

    canvas.wash([ink(), mood.sky[1], ink()])
    kind = rng.randrange(6)
    if kind == 0:
        across, down = rng.randint(3, 12), rng.randint(3, 12)
        for column in range(across):
            for row in range(down):
                canvas.box(column / across, row / down, (column + 1) / across, (row + 1) / down, ink())
    elif kind == 1:
        slant, x = rng.uniform(-0.8, 0.8), -1.0
        while x < 2:
            width = rng.uniform(0.02, 0.16)
            canvas.polygon(
                [(x, -0.02), (x + width, -0.02), (x + width + slant, 1.02), (x + slant, 1.02)], ink()
            )
            x += width
    elif kind == 2:
        for _ in range(rng.randint(2, 8)):
            centre, size = (rng.random(), rng.random()), rng.uniform(0.1, 0.4)
            for ring in range(6):
                canvas.disc(centre, size * (1 - ring / 6), ink())
    elif kind == 3:
        for _ in range(rng.randint(12, 60)):
            x, y, size = rng.random(), rng.random(), rng.uniform(0.05, 0.35)
            canvas.polygon(
                [(x + rng.uniform(-size, size), y + rng.uniform(-size, size)) for _ in range(3)], ink()
            )
    elif kind == 4:
        for row in range(rng.randint(4, 12)):
            canvas.ridge(row / 10 + 0.05, rng.uniform(0.05, 0.25), ink())
    else:
        for _ in range(rng.randint(3, 9)):
            canvas.clouds(ink(), rng.uniform(0.4, 0.7), 0, 1, (rng.randint(2, 7), rng.randint(2, 7)))


def weave(canvas: Canvas, mood: Mood) -> None:
    """A texture close up: cloth, bricks or planks."""
    rng = canvas.rng
    base = hsv(rng.random(), rng.uniform(0.15, 0.8), rng.uniform(0.25, 0.95))
    canvas.wash([mix(base, mood.sky[0], 0.3), base, mix(base, BLACK, 0.3)])
    kind = rng.randrange(3)
    rows = rng.randint(6, 18)
    for row in range(rows):
        top = row / rows
        if kind == 0:
            width = rng.uniform(0.12, 0.16)
            for column in range(-1, 8):
                left = (column + (0.5 if row % 2 else 0)) * 0.15
                brick = mix(base, WHITE if rng.random() < 0.5 else BLACK, rng.random() * 0.3)
                canvas.box(left, top + 0.006, left + width, top + 1 / rows - 0.004, brick)
        elif kind == 1:
            board = mix(base, WHITE if rng.random() < 0.5 else BLACK, rng.random() * 0.4)
            canvas.box(top, 0, top + 1 / rows - 0.004, 1, board)
            for _ in range(3):
                x = top + rng.random() / rows
                canvas.line(
                    [(x, rng.random() * 0.5), (x, 0.5 + rng.random() * 0.5)], mix(board, BLACK, 0.2), 0.002
                )
        else:
            other = hsv(rng.random(), 0.6, 0.8)
            canvas.box(0, top, 1, top + 0.4 / rows, mix(base, other, rng.random() * 0.7))
            canvas.box(top, 0, top + 0.3 / rows, 1, mix(base, other, rng.random() * 0.7))
    canvas.settle()
    canvas.glow(mood.lamp, (rng.random(), rng.random()), rng.uniform(0.3, 0.7), rng.uniform(0.1, 0.4))
