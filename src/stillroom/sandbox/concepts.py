"""From measured numbers to what a person would say about the picture: concepts and how strongly each holds.

A concept's strength rises from 0 to 1 between two thresholds of its measures, so that borderline pictures get
borderline answers.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

Measures = Mapping[str, float]
Strength = Callable[[Measures], float]


def rise(value: float, low: float, high: float) -> float:
    """0 at ``low``, 1 at ``high``, straight between; falling when ``low`` > ``high``."""
    return min(1.0, max(0.0, (value - low) / (high - low)))


def _share(name: str, low: float, high: float) -> Strength:
    return lambda m: rise(m[name], low, high)


def _dusk(m: Measures) -> float:
    return rise(m["dusk_above"], 0.15, 0.6) * rise(m["warmth"], 0.02, 0.2) * _not_cut_out(m)


def _not_cut_out(m: Measures) -> float:
    return 1 - _cut_out(m)


def _cut_out(m: Measures) -> float:
    return (
        rise(m["white"], 0.12, 0.35) * rise(m["border_luma"], 0.85, 0.97) * rise(m["border_plain"], 0.4, 0.7)
    )


def _drawing(m: Measures) -> float:
    """Flat areas with hard outlines and few half-tones."""
    return rise(m["flat"], 0.4, 0.7) * rise(m["strong_edges"], 0.05, 0.14)


def _night(m: Measures) -> float:
    return rise(m["luma"], 0.34, 0.16) * rise(m["dark_share"], 0.3, 0.7)


def _detail(m: Measures) -> float:
    return rise(m["edge_share"], 0.22, 0.5)


def _minimal(m: Measures) -> float:
    return rise(m["edge_share"], 0.22, 0.06)


def _round(m: Measures) -> float:
    return rise(abs(m["subject_tall"] - 1), 0.2, 0.03) * rise(m["subject_solid"], 0.5, 0.75) * _cut_out(m)


def _gradient(m: Measures) -> float:
    return rise(m["smooth"], 0.3, 0.75) * rise(m["strong_edges"], 0.05, 0.005)


def _outdoors(m: Measures) -> float:
    return max(rise(m["sky_blue"], 0.15, 0.6), rise(m["growth"], 0.1, 0.45), _dusk(m)) * _not_cut_out(m)


CONCEPTS: dict[str, Strength] = {
    # subjects
    "object": lambda m: _cut_out(m),
    "sky": lambda m: rise(m["sky_blue"], 0.1, 0.6) * _not_cut_out(m),
    "clouds": lambda m: rise(m["cloud"], 0.02, 0.3) * _not_cut_out(m),
    "water": lambda m: rise(m["water"], 0.15, 0.7) * _not_cut_out(m),
    "greenery": lambda m: rise(m["growth"], 0.06, 0.35),
    "foliage": lambda m: rise(m["growth_textured"], 0.05, 0.2) * rise(m["edge_share"], 0.1, 0.3),
    "flower": lambda m: rise(m["bloom"], 0.15, 0.6) * rise(m["vivid"], 0.05, 0.3),
    "autumn leaves": lambda m: rise(m["leaf"], 0.08, 0.3) * rise(m["hue_orange"], 0.08, 0.3),
    "sand": lambda m: rise(m["sand_below"], 0.1, 0.4),
    "snow": lambda m: rise(m["snow_below"], 0.3, 0.7) * _not_cut_out(m),
    "stone": lambda m: rise(m["stone"], 0.08, 0.3) * rise(m["saturation"], 0.35, 0.15),
    "wood": lambda m: rise(m["wood"], 0.12, 0.4),
    "skin": lambda m: rise(m["skin"], 0.05, 0.25),
    "fire": lambda m: rise(m["fire"], 0.08, 0.35) * rise(m["hue_orange"], 0.03, 0.2),
    "figure": lambda m: rise(m["subject_tall"], 1.08, 1.35) * _cut_out(m),
    "long shape": lambda m: rise(m["subject_tall"], 0.95, 0.75) * _cut_out(m),
    "round shape": _round,
    "light spots": lambda m: rise(m["lights"], 0.01, 0.06) * rise(m["lights"], 0.3, 0.12),
    # place, time, season
    "outdoors": _outdoors,
    "studio": lambda m: _cut_out(m) * rise(m["border_plain"], 0.7, 0.9),
    "horizon": lambda m: rise(m["horizon"], 0.1, 0.3) * rise(m["lines_level"], -0.05, 0.3) * _not_cut_out(m),
    "meadow": lambda m: rise(m["growth_below"], 0.15, 0.6),
    "dusk": _dusk,
    "night": _night,
    "daylight": lambda m: rise(m["luma"], 0.42, 0.62) * _not_cut_out(m),
    "winter": lambda m: (
        rise(m["cool_share"] + m["white"], 0.3, 0.8)
        * rise(m["warmth"], 0, -0.15)
        * rise(m["luma"], 0.4, 0.65)
    ),
    "summer": lambda m: rise(m["luma"], 0.4, 0.6) * rise(m["vivid"], 0.25, 0.55) * _not_cut_out(m),
    # action and mood
    "calm": lambda m: rise(m["edge"], 0.05, 0.015),
    "lively": lambda m: rise(m["vivid"], 0.15, 0.45) * rise(m["edge"], 0.03, 0.07),
    "dramatic": lambda m: rise(m["luma_range"], 0.7, 0.95) * rise(m["dark_share"], 0.15, 0.45),
    "gloomy": lambda m: rise(m["luma"], 0.45, 0.25) * rise(m["saturation"], 0.4, 0.15),
    "cheerful": lambda m: rise(m["luma"], 0.5, 0.75) * rise(m["hue_variety"], 2, 3.6),
    "cosy": lambda m: rise(m["warmth"], 0.08, 0.3) * rise(m["luma"], 0.8, 0.5),
    "cool mood": lambda m: rise(m["warmth"], -0.04, -0.3),
    "dreamy": lambda m: rise(m["pastel"], 0.1, 0.45) * rise(m["edge"], 0.06, 0.02),
    "mysterious": lambda m: _night(m) * rise(m["edge"], 0.06, 0.02),
    "dynamic": lambda m: rise(m["lines_slanted"], 0.12, 0.4),
    # visual style: colour
    "red": _share("hue_red", 0.08, 0.3),
    "orange": _share("hue_orange", 0.07, 0.3),
    "yellow": _share("hue_yellow", 0.03, 0.15),
    "lime": _share("hue_lime", 0.02, 0.12),
    "green": _share("hue_green", 0.03, 0.2),
    "teal": _share("hue_teal", 0.03, 0.2),
    "azure": _share("hue_azure", 0.05, 0.3),
    "blue": _share("hue_blue", 0.04, 0.25),
    "purple": _share("hue_purple", 0.03, 0.2),
    "magenta": _share("hue_magenta", 0.03, 0.15),
    "pink": _share("hue_pink", 0.03, 0.15),
    "brown": _share("brown", 0.05, 0.22),
    "beige": _share("beige", 0.06, 0.25),
    "white": _share("white", 0.25, 0.65),
    "grey": _share("grey", 0.1, 0.4),
    "black": _share("black", 0.1, 0.35),
    "navy": _share("navy", 0.05, 0.25),
    "colourless": lambda m: rise(m["chromatic"], 0.12, 0.02),
    "one colour": lambda m: rise(m["hue_top"], 0.75, 0.95) * rise(m["chromatic"], 0.15, 0.5),
    "many colours": lambda m: rise(m["hue_variety"], 2.4, 4.2),
    "vivid": _share("vivid", 0.12, 0.45),
    "muted": lambda m: rise(m["saturation"], 0.4, 0.12) * rise(m["chromatic"], 0.03, 0.2),
    "pastel": _share("pastel", 0.08, 0.35),
    "warm": lambda m: max(rise(m["warmth"], 0.06, 0.25), rise(m["warm_share"], 0.25, 0.7)),
    "cold": lambda m: max(rise(m["warmth"], -0.03, -0.25), rise(m["cool_share"], 0.25, 0.7)),
    # visual style: light
    "bright": lambda m: rise(m["luma"], 0.6, 0.85),
    "dark": lambda m: rise(m["luma"], 0.45, 0.2),
    "middle light": lambda m: rise(m["middle_share"], 0.3, 0.7),
    "contrast": lambda m: rise(m["luma_deviation"], 0.25, 0.4),
    "flat light": lambda m: rise(m["luma_deviation"], 0.24, 0.1),
    "silhouette": lambda m: (
        rise(m["black"], 0.12, 0.4) * rise(m["bright_share"], 0.2, 0.5) * rise(m["chromatic"], 0.5, 0.1)
    ),
    "light from above": lambda m: rise(m["top_brighter"], 0.06, 0.3),
    "light below": lambda m: rise(m["top_brighter"], -0.06, -0.25),
    "side light": lambda m: rise(abs(m["left_brighter"]), 0.07, 0.2),
    "glowing centre": lambda m: rise(m["centre_brighter"], 0.05, 0.25),
    "dark centre": lambda m: rise(m["centre_brighter"], -0.2, -0.5),
    # visual style: form
    "landscape": lambda m: rise(m["aspect"], 1.1, 1.4),
    "portrait": lambda m: rise(m["aspect"], 0.92, 0.75),
    "square": lambda m: rise(abs(m["aspect"] - 1), 0.15, 0.04),
    "wide": lambda m: rise(m["aspect"], 1.6, 1.85),
    "drawing": lambda m: _drawing(m),
    "line art": lambda m: rise(m["two_tone"], 0.75, 0.95) * rise(m["chromatic"], 0.2, 0.02) * _cut_out(m),
    "detailed": _detail,
    "minimal": _minimal,
    "empty space": lambda m: rise(m["flat"], 0.45, 0.75),
    "frame filling": lambda m: rise(m["border_plain"], 0.75, 0.4),
    "centred": lambda m: rise(m["edge_centre"], 1.1, 1.7) * rise(abs(m["subject_x"] - 0.5), 0.08, 0.02),
    "off centre": lambda m: rise(abs(m["subject_x"] - 0.5), 0.04, 0.12),
    "symmetry": lambda m: rise(m["mirror_sides"], 0.55, 0.85),
    "reflection": lambda m: rise(m["mirror_ends"], 0.55, 0.8) * _not_cut_out(m),
    "upright lines": lambda m: rise(m["lines_upright"], 0.12, 0.4),
    "level lines": lambda m: rise(m["lines_level"], 0.12, 0.4),
    "slanted lines": lambda m: rise(m["lines_slanted"], 0.12, 0.4),
    "pattern": lambda m: rise(m["repeats"], 0.4, 0.7) * _detail(m),
    "gradient": _gradient,
    "soft": lambda m: rise(m["strong_edges"], 0.05, 0.0) * rise(m["flat"], 0.7, 0.3),
    "sharp": lambda m: rise(m["strong_edges"], 0.08, 0.22),
    "textured": lambda m: rise(m["fineness"], 0.68, 0.95) * rise(m["edge_share"], 0.12, 0.3),
    # context
    "nature": lambda m: max(rise(m["growth"], 0.08, 0.4), rise(m["sky_blue"], 0.3, 0.7) * _not_cut_out(m)),
    "background": lambda m: _not_cut_out(m) * rise(m["edge"], 0.06, 0.025),
    "catalogue": lambda m: _cut_out(m) * rise(m["white"], 0.3, 0.6),
    "graphic": lambda m: _drawing(m) * rise(m["vivid"], 0.05, 0.3),
    "festive": lambda m: rise(m["hue_variety"], 2.8, 4.5) * rise(m["vivid"], 0.1, 0.35),
    "vintage": lambda m: rise(m["brown"] + m["beige"], 0.12, 0.45) * rise(m["saturation"], 0.7, 0.4),
    "wallpaper": lambda m: rise(m["aspect"], 1.45, 1.7) * _not_cut_out(m),
}
"""Every concept and its strength, in the order in which ties are broken."""


def strengths(measures: Measures) -> dict[str, float]:
    """How strongly each concept holds, 0–1."""
    return {name: strength(measures) for name, strength in CONCEPTS.items()}
