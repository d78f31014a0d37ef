"""Time the scores of many pictures against the same sums in plain Python.

    python benchmarks/scores.py [--pictures 20000] [--runs 3] [--pairs 7]

Two references, in alternating pairs with the room's own ``score_runs``; medians are printed:

- ``sets built``: the sets of all keywords exist already; only ``&``, ``|`` and the sums are timed;
- ``from strings``: the sets are built too, ``set(text.split("\\n"))`` once for each list, then the same sums.

``score_runs`` always begins from the strings. The bar (at most 2) is held against the first, the harder one.
The summaries with their bootstrap intervals are timed apart (at most 3 s for all runs).
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence
from statistics import median

from stillroom.comparison.scoring import score_runs
from stillroom.comparison.summary import summarise

Sums = tuple[float, float, float, float]


def made_up(pictures: int, runs: int) -> tuple[list[str], list[list[str]]]:
    """Keyword strings as they are stored: 15 to 25 words of a vocabulary of 3,000, a part of them shared."""
    chance = random.Random(20)
    vocabulary = [f"keyword {number}" if number % 3 else f"word{number}" for number in range(3_000)]
    teacher, students = [], [[] for _ in range(runs)]
    for _ in range(pictures):
        words = chance.sample(vocabulary, chance.randint(15, 25))
        teacher.append("\n".join(words))
        for student in students:
            kept = [word for word in words if chance.random() < 0.5]
            student.append("\n".join(dict.fromkeys(kept + chance.sample(vocabulary, 20 - len(kept) // 2))))
    return teacher, students


def sums_of_sets(teacher: Sequence[set[str]], student: Sequence[set[str]]) -> Sums:
    """Jaccard, precision, recall and F1 of one run, summed over pictures."""
    jaccard = precision = recall = f1 = 0.0
    for taught, given in zip(teacher, student, strict=True):
        shared = len(taught & given)
        jaccard += shared / len(taught | given)
        precision += shared / len(given)
        recall += shared / len(taught)
        f1 += 2 * shared / (len(taught) + len(given))
    return jaccard, precision, recall, f1


def sets_of(stored: Sequence[str]) -> list[set[str]]:
    """The words of each stored list."""
    return [set(text.split("\n")) for text in stored]


def seconds(work: Callable[[], object]) -> float:
    """How long it takes once."""
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pictures", type=int, default=20_000)
    parser.add_argument("--runs", type=int, default=3)
    parser.add_argument("--pairs", type=int, default=7)
    chosen = parser.parse_args()
    teacher, students = made_up(chosen.pictures, chosen.runs)
    named = {f"run {number}": student for number, student in enumerate(students)}
    teacher_sets, student_sets = sets_of(teacher), [sets_of(student) for student in students]

    def ours() -> list[Sums]:
        scores = score_runs(teacher, named).values()
        return [(run.jaccard.sum(), run.precision.sum(), run.recall.sum(), run.f1.sum()) for run in scores]

    def sets_built() -> list[Sums]:
        return [sums_of_sets(teacher_sets, student) for student in student_sets]

    def from_strings() -> list[Sums]:
        taught = sets_of(teacher)
        return [sums_of_sets(taught, sets_of(student)) for student in students]

    for one, other in zip(ours(), sets_built(), strict=True):
        assert all(abs(a - b) < 1e-6 * chosen.pictures for a, b in zip(one, other, strict=True))

    times: dict[str, list[float]] = {"ours": [], "sets built": [], "from strings": []}
    for _ in range(chosen.pairs):
        times["sets built"].append(seconds(sets_built))
        times["ours"].append(seconds(ours))
        times["from strings"].append(seconds(from_strings))
    middle = {name: median(values) for name, values in times.items()}
    print(f"{chosen.pictures:,} pictures × {chosen.runs} runs, medians of {chosen.pairs}")
    for name, value in middle.items():
        print(f"  {name:13} {value * 1000:7.0f} ms")
    print(f"ratio to sets built:   {middle['ours'] / middle['sets built']:.2f}  (bar 2)")
    print(f"ratio to from strings: {middle['ours'] / middle['from strings']:.2f}")
    scored = score_runs(teacher, named)
    spent = [seconds(lambda: [summarise(run) for run in scored.values()]) for _ in range(3)]
    print(f"summaries with intervals, all runs: {median(spent):.2f} s  (bar 3 s)")


if __name__ == "__main__":
    main()
