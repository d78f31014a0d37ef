"""Where a project of a million pictures stands: seconds, and memory beside that of the open project.

    PYTHONPATH=benchmarks python benchmarks/status.py [PICTURES]

Bar: under 2 s and under 60 MiB.
"""

from __future__ import annotations

import resource
import statistics
import sys
import time

from labeled_million import labeled

from stillroom.steps.standing import status
from stillroom.steps.workspace import open_workspace


def main() -> None:
    """Print the median of five, on the wall and on the processor."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000
    with open_workspace(labeled(count), exact=True) as workspace:
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        times = []
        for _ in range(5):
            began, began_cpu = time.perf_counter(), time.process_time()
            status(workspace)
            times.append((time.perf_counter() - began, time.process_time() - began_cpu))
        grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    wall, cpu = (statistics.median(column) for column in zip(*times, strict=True))
    print(f"status of {count:,} pictures: {wall:.2f} s, {cpu:.2f} s CPU (bar 2), +{grown:.0f} MiB (bar 60)")


if __name__ == "__main__":
    main()
