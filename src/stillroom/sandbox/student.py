"""A trained student: coarse features of a picture, weights over the words of its labels, safe bytes."""

from __future__ import annotations

import json
import re
import zipfile
from dataclasses import dataclass
from functools import lru_cache
from io import BytesIO
from zlib import crc32

import numpy as np

from stillroom.sandbox.vision import Floats, Sight, means_on_grid, see

SIDE = 48
"""Side of the square that a student sees before it is made coarser still."""
_GRID = 6
_HUE_BINS = 12
_TEXT_BINS = 64
_GRID_WEIGHT = 0.3
"""A grid of 144 numbers would otherwise outvote the few that describe the whole picture."""
_WORD = re.compile(r"[^\W_]+")


class BadWeights(ValueError):
    """The bytes are no weights of a student."""


@dataclass(frozen=True, slots=True)
class Student:
    """Weights and what is needed to use them."""

    words: tuple[str, ...]
    """The vocabulary: every keyword of the labels."""
    matrix: Floats
    """(features, words)."""
    bias: Floats
    """(words,)."""
    mean: Floats
    """(features,) of the first training set."""
    scale: Floats
    """(features,): what a centred feature is multiplied by; 0 for one that never changes."""
    count: float
    """Mean number of keywords in the labels."""
    separator: str
    """What stood between the keywords of the labels."""

    def logits(self, features: Floats) -> Floats:
        """(words,) or (rows, words)."""
        return np.asarray(self.standardised(features) @ self.matrix + self.bias, dtype=np.float32)

    def standardised(self, features: Floats) -> Floats:
        return np.asarray(np.clip((features - self.mean) * self.scale, -4, 4), dtype=np.float32)


def features_of(picture: bytes | None, prompt: str) -> Floats:
    """What a student knows of one request.

    A picture gives a 6x6 grid of colours and unevenness, histograms of hue, light and saturation, a few
    statistics and its shape. Without a picture the words of the prompt are counted instead.

    Raises:
        UnreadablePicture: The picture cannot be decoded.
    """
    if picture is None:
        return np.concatenate([np.zeros(_PICTURE_FEATURES, np.float32), _text_features(prompt)])
    return np.concatenate([picture_features(see(picture, SIDE)), np.zeros(_TEXT_BINS, np.float32)])


def picture_features(sight: Sight) -> Floats:
    """Coarse numbers of a picture, (features,)."""
    rgb = sight.rgb
    red, green, blue = rgb[:, :, 0], rgb[:, :, 1], rgb[:, :, 2]
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    opponent = np.stack([luma, red - green, (red + green) / 2 - blue, luma * luma], axis=2)
    cells = means_on_grid(opponent, _GRID)
    uneven = np.sqrt(np.maximum(cells[:, :, 3] - cells[:, :, 0] ** 2, 0))
    parts = [cells[:, :, :3].ravel(), uneven.ravel(), _histograms(red, green, blue, luma)]
    parts += [_statistics(luma, cells), _shape(sight.aspect)]
    return np.concatenate(parts).astype(np.float32)


def _histograms(red: Floats, green: Floats, blue: Floats, luma: Floats) -> Floats:
    value = np.maximum(np.maximum(red, green), blue)
    spread = value - np.minimum(np.minimum(red, green), blue)
    saturation = spread / np.maximum(value, 1e-6)
    # The angle in the plane of the two colour differences: a hue without cases.
    hue = np.arctan2(1.732 * (green - blue), 2 * red - green - blue)
    bins = ((hue / (2 * np.pi) * _HUE_BINS + 0.5) % _HUE_BINS).astype(np.int64)
    coloured = (saturation > 0.2) & (value > 0.15)
    hues = np.bincount(bins[coloured], minlength=_HUE_BINS)[:_HUE_BINS] / luma.size
    lights = np.bincount(np.minimum((luma * 8).astype(np.int64), 7).ravel(), minlength=8) / luma.size
    purity = np.bincount(np.minimum((saturation * 5).astype(np.int64), 4).ravel(), minlength=5) / luma.size
    # Square roots: a tenth of a picture in red matters more than the step from six tenths to seven.
    return np.asarray(np.sqrt(np.concatenate([hues, lights, purity])), np.float32)


def _statistics(luma: Floats, cells: Floats) -> Floats:
    across, down = np.abs(np.diff(luma, axis=1)), np.abs(np.diff(luma, axis=0))
    edge = np.concatenate([across.ravel(), down.ravel()])
    border = np.concatenate([luma[0], luma[-1], luma[:, 0], luma[:, -1]])
    middle = cells[2:4, 2:4, 0].mean()
    return np.array(
        [
            luma.mean(),
            luma.std(),
            edge.mean(),
            (edge < 0.01).mean(),
            (edge > 0.15).mean(),
            across.mean() - down.mean(),
            border.mean(),
            border.std(),
            middle - border.mean(),
            np.abs(luma - luma[:, ::-1]).mean(),
            np.abs(luma - luma[::-1]).mean(),
            cells[:3, :, 0].mean() - cells[3:, :, 0].mean(),
        ],
        dtype=np.float32,
    )


def _shape(aspect: float) -> Floats:
    wide = np.log(max(aspect, 1e-3))
    steps = np.array([-0.2, -0.05, 0.05, 0.2, 0.45])
    return np.concatenate([[np.clip(wide, -1.5, 1.5)], np.tanh((wide - steps) * 12)]).astype(np.float32)


def _text_features(prompt: str) -> Floats:
    counts = np.zeros(_TEXT_BINS, np.float32)
    for word in _WORD.findall(prompt.casefold()):
        counts[crc32(word.encode()) % _TEXT_BINS] += 1
    return np.asarray(np.minimum(counts, 2), np.float32)


_GRID_FEATURES = _GRID * _GRID * 4
_PICTURE_FEATURES = _GRID_FEATURES + _HUE_BINS + 8 + 5 + 12 + 6
FEATURES = _PICTURE_FEATURES + _TEXT_BINS


def standardising(features: Floats) -> tuple[Floats, Floats]:
    """Mean and multiplier of each feature of a training set, (rows, features)."""
    mean, deviation = features.mean(axis=0), features.std(axis=0)
    scale = np.where(deviation > 1e-5, 1 / np.maximum(deviation, 0.02), 0).astype(np.float32)
    scale[:_GRID_FEATURES] *= _GRID_WEIGHT
    return mean.astype(np.float32), scale


def packed(student: Student) -> bytes:
    """Weights as bytes: an npz archive of plain numbers and one JSON text."""
    about = json.dumps(
        {"words": student.words, "count": student.count, "separator": student.separator}, ensure_ascii=False
    )
    target = BytesIO()
    np.savez(
        target,
        about=np.frombuffer(about.encode(), np.uint8),
        matrix=student.matrix.astype(np.float16),
        bias=student.bias,
        mean=student.mean,
        scale=student.scale,
    )
    return target.getvalue()


@lru_cache(maxsize=4)
def unpacked(weights: bytes) -> Student:
    """Read weights; the last few are kept, since a student answers many requests.

    Raises:
        BadWeights: These are none.
    """
    try:
        with np.load(BytesIO(weights), allow_pickle=False) as archive:
            about = json.loads(bytes(archive["about"]).decode())
            student = Student(
                words=tuple(about["words"]),
                matrix=archive["matrix"].astype(np.float32),
                bias=archive["bias"],
                mean=archive["mean"],
                scale=archive["scale"],
                count=float(about["count"]),
                separator=str(about["separator"]),
            )
    except (ValueError, OSError, KeyError, TypeError, EOFError, zipfile.BadZipFile) as broken:
        raise BadWeights("these bytes are no weights of a student") from broken
    if student.matrix.shape != (FEATURES, len(student.words)):
        raise BadWeights("the weights are of another shape than their vocabulary")
    return student
