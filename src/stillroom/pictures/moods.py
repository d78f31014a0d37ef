"""The light a demo scene is drawn in: time of day, weather, sky."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random

from stillroom.pictures.canvas import Canvas, Colour, hsv, mix

WHITE: Colour = (255, 255, 255)
BLACK: Colour = (8, 8, 14)


@dataclass(frozen=True, slots=True)
class Mood:
    """Time of day and weather, as colours."""

    sky: tuple[Colour, Colour, Colour]
    """From the top to the horizon."""
    lamp: Colour
    """Sun or moon."""
    dim: float
    """How much of the light is gone, 0–1."""
    haze: float
    """How much of the distance fades into the sky, 0–1."""


def draw_mood(rng: Random) -> Mood:
    """One of eight kinds of light, each with its own variation."""
    turn = rng.uniform(-0.03, 0.03)
    deep = rng.uniform(0.8, 1.1)

    def tone(hue: float, saturation: float, value: float) -> Colour:
        return hsv(hue + turn, saturation * deep, value)

    moods = (
        Mood(
            (tone(0.58, 0.75, 0.75), tone(0.56, 0.5, 0.92), tone(0.54, 0.15, 1)), (255, 250, 225), 0.0, 0.35
        ),
        Mood((tone(0.6, 0.35, 0.85), tone(0.95, 0.3, 0.95), tone(0.08, 0.35, 1)), (255, 236, 200), 0.1, 0.6),
        Mood((tone(0.7, 0.6, 0.4), tone(0.97, 0.65, 0.8), tone(0.07, 0.85, 1)), (255, 205, 120), 0.35, 0.4),
        Mood((tone(0.04, 0.8, 0.55), tone(0.07, 0.8, 0.9), tone(0.13, 0.65, 1)), (255, 240, 170), 0.25, 0.5),
        Mood((tone(0.65, 0.8, 0.08), tone(0.63, 0.7, 0.2), tone(0.6, 0.5, 0.35)), (235, 235, 245), 0.72, 0.2),
        Mood((tone(0.6, 0.15, 0.4), tone(0.6, 0.1, 0.6), tone(0.58, 0.06, 0.75)), (225, 225, 225), 0.3, 0.5),
        Mood(
            (tone(0.56, 0.06, 0.8), tone(0.55, 0.05, 0.87), tone(0.5, 0.03, 0.93)), (250, 250, 245), 0.12, 0.8
        ),
        Mood((tone(0.5, 0.7, 0.45), tone(0.47, 0.5, 0.7), tone(0.16, 0.3, 0.95)), (255, 250, 210), 0.2, 0.4),
    )
    return rng.choice(moods)


def lit(colour: Colour, mood: Mood) -> Colour:
    """The colour in the mood's light."""
    return mix(mix(colour, mood.sky[2], 0.12), BLACK, mood.dim * 0.8)


def far(colour: Colour, mood: Mood, distance: float) -> Colour:
    """The colour seen through air; distance 0–1."""
    return mix(lit(colour, mood), mood.sky[2], distance * mood.haze)


def sky(canvas: Canvas, mood: Mood, horizon: float) -> tuple[float, float]:
    """Sky with clouds, and sun, moon or stars.

    Returns:
        Where the light stands.
    """
    rng = canvas.rng
    canvas.wash([*mood.sky, mood.sky[2]], 0, min(1.0, horizon + 0.02))
    place = (rng.uniform(0.08, 0.92), horizon * rng.uniform(0.15, 0.95))
    canvas.glow(mix(mood.lamp, mood.sky[1], 0.2), place, rng.uniform(0.25, 0.6), rng.uniform(0.5, 0.95))
    if rng.random() < 0.75:
        tint = mix(WHITE if rng.random() < 0.7 else mood.sky[0], mood.sky[1], 0.15 + mood.dim * 0.75)
        canvas.clouds(tint, rng.uniform(0.35, 0.85), 0, horizon, (rng.randint(2, 8), rng.randint(2, 5)))
    if mood.dim > 0.6:
        for _ in range(rng.randint(20, 90)):
            star = (rng.random(), rng.random() * horizon)
            canvas.disc(star, rng.uniform(0.0008, 0.002), mix(WHITE, mood.sky[0], rng.random() * 0.6))
    if rng.random() < 0.65:
        canvas.disc(place, rng.uniform(0.015, 0.07), mood.lamp)
    return place
