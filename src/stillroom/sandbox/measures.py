"""Measuring a picture: colours, light, composition, texture. Every number comes from the pixels alone."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from stillroom.sandbox.vision import Floats, Sight

Mask = npt.NDArray[np.bool_]

HUES = ("red", "orange", "yellow", "lime", "green", "teal", "azure", "blue", "purple", "magenta", "pink")
_HUE_EDGES = np.array([0.0, 0.5, 0.85, 1.15, 1.6, 2.6, 3.2, 3.65, 4.25, 4.9, 5.35, 5.8, 6.001])
"""Upper ends of the hues on a circle of 6 (red 0, green 2, blue 4); the last part is red again."""
_CHROMATIC = 0.22
"""Saturation from which a pixel has a colour that people would name."""


@dataclass(frozen=True, slots=True)
class Planes:
    """The picture taken apart, all (side, side), 0–1 unless said otherwise."""

    luma: Floats
    saturation: Floats
    value: Floats
    hue: Floats
    """0–6."""
    warmth: Floats
    """Red minus blue, -1–1."""
    across: Floats
    """Change of luma from left to right."""
    down: Floats
    """Change of luma from top to bottom."""
    edge: Floats
    """Strength of the change."""


def planes(sight: Sight) -> Planes:
    """Take a picture apart."""
    red, green, blue = (np.ascontiguousarray(sight.rgb[:, :, channel]) for channel in range(3))
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    value = np.maximum(np.maximum(red, green), blue)
    spread = value - np.minimum(np.minimum(red, green), blue)
    safe = np.maximum(spread, 1e-6)
    hue = np.where(
        value == red,
        ((green - blue) / safe) % 6,
        np.where(value == green, (blue - red) / safe + 2, (red - green) / safe + 4),
    )
    across, down = np.zeros_like(luma), np.zeros_like(luma)
    across[:, 1:-1] = (luma[:, 2:] - luma[:, :-2]) / 2
    down[1:-1, :] = (luma[2:, :] - luma[:-2, :]) / 2
    return Planes(
        luma=luma,
        saturation=np.asarray(spread / np.maximum(value, 1e-6), np.float32),
        value=value,
        hue=hue,
        warmth=red - blue,
        across=across,
        down=down,
        edge=np.hypot(across, down),
    )


def measure(sight: Sight) -> dict[str, float]:
    """All measured properties of a picture by name; shares and means are 0–1."""
    parts = planes(sight)
    found = {"aspect": sight.aspect}
    found |= _colours(parts)
    found |= _light(parts)
    found |= _composition(sight.rgb, parts)
    found |= _texture(parts)
    found |= _zones(parts)
    return found


def _share(mask: Mask) -> float:
    return float(np.count_nonzero(mask)) / mask.size


def _colours(parts: Planes) -> dict[str, float]:
    saturation, value = parts.saturation, parts.value
    chromatic = (saturation > _CHROMATIC) & (value > 0.18)
    named = np.searchsorted(_HUE_EDGES, parts.hue[chromatic], side="right") - 1
    counts = np.bincount(named, minlength=len(_HUE_EDGES)).astype(float)
    counts[0] += counts[len(HUES)]
    shares = counts[: len(HUES)] / parts.luma.size
    found = {f"hue_{name}": float(share) for name, share in zip(HUES, shares, strict=True)}
    earthy = chromatic & (parts.hue > 0.2) & (parts.hue < 1.1)
    found["brown"] = _share(earthy & (value < 0.6) & (saturation > 0.3))
    found["beige"] = _share((parts.hue < 1.2) & (saturation > 0.08) & (saturation < 0.4) & (value > 0.65))
    dull = saturation < 0.14
    found["white"] = _share(dull & (value > 0.92))
    found["grey"] = _share(dull & (value > 0.2) & (value <= 0.88))
    found["black"] = _share(value < 0.16)
    found["navy"] = _share(chromatic & (parts.hue > 3.5) & (parts.hue < 4.4) & (value < 0.45))
    found["pastel"] = _share((saturation > 0.08) & (saturation < 0.38) & (value > 0.78))
    found["vivid"] = _share((saturation > 0.65) & (value > 0.5))
    found["saturation"] = float(saturation.mean())
    found["chromatic"] = _share(chromatic)
    found["warmth"] = float(parts.warmth.mean())
    present = shares[shares > 0.004]
    total = present.sum()
    weights = present / total if total > 0 else present
    found["hue_variety"] = float(np.exp(-(weights * np.log(weights)).sum())) if total > 0.03 else 0.0
    found["hue_top"] = float(weights.max()) if total > 0.05 else 0.0
    warm = shares[[0, 1, 2, 9, 10]].sum()
    found["warm_share"] = float(warm)
    found["cool_share"] = float(shares[[5, 6, 7, 8]].sum())
    return found


def _light(parts: Planes) -> dict[str, float]:
    luma = parts.luma
    low, quarter, middle, three, high = (float(v) for v in np.percentile(luma, (5, 25, 50, 75, 95)))
    side = luma.shape[0]
    third, rim = side // 3, max(1, side // 8)
    centre = float(luma[third:-third, third:-third].mean())
    border = _border(luma, rim)
    mean = float(luma.mean())
    lights = luma > max(0.75, mean + 0.3)
    return {
        "luma": mean,
        "luma_deviation": float(luma.std()),
        "luma_low": low,
        "luma_quarter": quarter,
        "luma_median": middle,
        "luma_three_quarters": three,
        "luma_high": high,
        "luma_range": high - low,
        "dark_share": _share(luma < 0.2),
        "bright_share": _share(luma > 0.82),
        "middle_share": _share((luma > 0.3) & (luma < 0.7)),
        "lights": _share(lights),
        "centre_brighter": centre - float(border.mean()),
        "top_brighter": float(luma[:third].mean() - luma[-third:].mean()),
        "left_brighter": float(luma[:, :third].mean() - luma[:, -third:].mean()),
    }


def _border(plane: Floats, rim: int) -> Floats:
    return np.concatenate(
        [
            plane[:rim].ravel(),
            plane[-rim:].ravel(),
            plane[rim:-rim, :rim].ravel(),
            plane[rim:-rim, -rim:].ravel(),
        ]
    )


def _composition(rgb: Floats, parts: Planes) -> dict[str, float]:
    luma, side = parts.luma, parts.luma.shape[0]
    rim = max(1, side // 16)
    border_colour = np.array(
        [np.median(_border(rgb[:, :, channel], rim)) for channel in range(3)], np.float32
    )
    away = np.abs(rgb - border_colour).max(axis=2)
    subject = away > 0.14
    border_plain = 1.0 - _share(_border(away, rim) > 0.14)
    found = {
        "border_plain": border_plain,
        "border_luma": float(border_colour @ np.array([0.299, 0.587, 0.114], np.float32)),
        "border_saturation": float(border_colour.max() - border_colour.min()),
        "subject": _share(subject),
    }
    found |= _subject_shape(subject)
    rows, columns = luma.mean(axis=1), luma.mean(axis=0)
    inner = slice(side // 6, -(side // 6))
    steps_down = np.abs(rows[3:] - rows[:-3])[inner]
    steps_across = np.abs(columns[3:] - columns[:-3])[inner]
    found["horizon"] = float(steps_down.max())
    found["horizon_height"] = float(steps_down.argmax() + side // 6) / side
    found["upright"] = float(steps_across.max())
    deviation = float(luma.std()) + 0.02
    found["mirror_sides"] = 1 - float(np.abs(luma - luma[:, ::-1]).mean()) / (1.13 * deviation)
    found["mirror_ends"] = 1 - float(np.abs(luma - luma[::-1]).mean()) / (1.13 * deviation)
    return found


def _subject_shape(subject: Mask) -> dict[str, float]:
    side = subject.shape[0]
    total = max(1, int(np.count_nonzero(subject)))
    by_row, by_column = subject.sum(axis=1), subject.sum(axis=0)
    places = (np.arange(side) + 0.5) / side
    middle_x, middle_y = float(by_column @ places) / total, float(by_row @ places) / total
    spread_x = float(np.sqrt(by_column @ (places - middle_x) ** 2 / total))
    spread_y = float(np.sqrt(by_row @ (places - middle_y) ** 2 / total))
    rows_used = max(1, int(np.count_nonzero(by_row > 0.03 * side)))
    columns_used = max(1, int(np.count_nonzero(by_column > 0.03 * side)))
    return {
        "subject_x": middle_x,
        "subject_y": middle_y,
        "subject_spread": spread_x + spread_y,
        "subject_tall": (spread_y + 0.02) / (spread_x + 0.02),
        "subject_solid": total / (rows_used * columns_used),
    }


def _texture(parts: Planes) -> dict[str, float]:
    luma, edge = parts.luma, parts.edge
    side = luma.shape[0]
    half = side // 2
    fine = np.abs(luma[1:, 1:] - luma[:-1, :-1])
    pooled = luma[: half * 2, : half * 2].reshape(half, 2, half, 2).mean(axis=(1, 3))
    coarse = np.abs(pooled[1:, 1:] - pooled[:-1, :-1])
    energy = edge.mean() + 1e-6
    third = side // 3
    inner = edge[third:-third, third:-third].mean()
    tensor_x, tensor_y = float((parts.across**2).mean()), float((parts.down**2).mean())
    tensor_xy = float((parts.across * parts.down).mean())
    total = tensor_x + tensor_y + 1e-9
    centred = luma - luma.mean()
    variance = float((centred**2).mean()) + 1e-5
    repeats = [
        max(
            float((centred[:, lag:] * centred[:, :-lag]).mean()),
            float((centred[lag:] * centred[:-lag]).mean()),
        )
        for lag in (side // 8, side // 6, side // 5, side // 4)
    ]
    return {
        "edge": float(energy),
        "edge_share": _share(edge > 0.06),
        "strong_edges": _share(edge > 0.18),
        "flat": _share(edge < 0.008),
        "smooth": _share((edge >= 0.002) & (edge < 0.02)),
        "fineness": float(fine.mean() / (coarse.mean() + 1e-4)),
        "edge_centre": float(inner / energy),
        "lines_upright": (tensor_x - tensor_y) / total,
        "lines_level": (tensor_y - tensor_x) / total,
        "lines_slanted": abs(2 * tensor_xy) / total,
        "repeats": max(repeats) / variance,
        "two_tone": _share((luma < 0.12) | (luma > 0.9)),
        "saturation_deviation": float(parts.saturation.std()),
    }


def _zones(parts: Planes) -> dict[str, float]:
    """Likenesses to things: sky above, water below, green growth, skin, fire, snow."""
    side = parts.luma.shape[0]
    third = side // 3
    above, below = slice(0, third), slice(side - third, side)
    hue, saturation, value, edge = parts.hue, parts.saturation, parts.value, parts.edge
    calm = edge < 0.045
    bluish = (hue > 2.9) & (hue < 4.4) & (saturation > 0.12)
    growth = (hue > 1.05) & (hue < 2.9) & (saturation > 0.18) & (value > 0.12)
    skin = (hue > 0.1) & (hue < 0.95) & (saturation > 0.18) & (saturation < 0.62) & (value > 0.4)
    leaf = (hue < 1.1) & (saturation > 0.45) & (value > 0.3) & (edge > 0.03)
    dusk = ((hue < 1.0) | (hue > 4.9)) & (saturation > 0.3) & (value > 0.35)
    bloom = ((hue > 4.4) | (hue < 0.3) | ((hue > 0.8) & (hue < 1.1))) & (saturation > 0.4) & (value > 0.4)
    pale = (saturation < 0.16) & (value > 0.7)
    dim = (saturation < 0.25) & (edge > 0.02)
    return {
        "sky_blue": _share((bluish & calm & (value > 0.4))[above]),
        "sky_pale": _share((pale & calm)[above]),
        "sky_dark": _share(((value < 0.25) & calm)[above]),
        "dusk_above": _share((dusk & calm)[above]),
        "cloud": _share((pale & (edge > 0.004))[above]) * _share((bluish & (value > 0.35))[: 2 * third]) * 4,
        "water": _share((bluish & (edge > 0.004))[below]),
        "growth": _share(growth),
        "growth_below": _share(growth[below]),
        "growth_textured": _share(growth & (edge > 0.02)),
        "sand_below": _share(
            ((hue < 1.2) & (saturation > 0.1) & (saturation < 0.5) & (value > 0.55) & calm)[below]
        ),
        "snow_below": _share((pale & (value > 0.8))[below]),
        "skin": _share(skin & calm),
        "leaf": _share(leaf),
        "bloom": _share(bloom[third:-third, third:-third]),
        "fire": _share((hue < 0.95) & (saturation > 0.6) & (value > 0.8)),
        "stone": _share(dim & (value > 0.2) & (value < 0.75)),
        "wood": _share((hue > 0.2) & (hue < 1.0) & (saturation > 0.25) & (saturation < 0.8) & (value < 0.7)),
        "ground_dark": _share((value < 0.25)[below]),
    }
