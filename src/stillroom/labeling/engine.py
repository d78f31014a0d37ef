"""The labeling run: one thread owns the journal and the money, many threads ask."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from stillroom.labeling.crew import Question, ThreadCrew
from stillroom.labeling.line import Line
from stillroom.labeling.pacing import Pacer, Valve
from stillroom.labeling.progress import Progress, RunResult
from stillroom.labeling.run import Books, Conduct, Run, Signals
from stillroom.labeling.tally import Tally
from stillroom.labeling.values import Item


def label(
    items: Sequence[Item],
    question: Question,
    books: Books,
    conduct: Conduct,
    *,
    signals: Signals | None = None,
    report: Callable[[Progress], None] | None = None,
) -> RunResult:
    """Ask a model about every item that is given, and store each answer before it counts.

    Runs in the caller's thread, which alone touches the books; blocks until the run has ended.

    Args:
        items: What is left to ask.
        question: Whom to ask what, and what an answer is worth.
        books: Journal and meter.
        conduct: How fast, how often again, how patiently.
        signals: How the run can be paused and stopped; None: not at all.
        report: Gets a progress up to ten times a second and one at the end, in the caller's thread.

    Returns:
        How the run ended. A refusal or a reached budget is a result, not an exception.

    Raises:
        StillroomError: The journal cannot store. Answers under way are awaited first and offered once more,
            with the room that was set aside for them.
    """
    clock, pace = question.clock, conduct.pace
    run = Run(
        line=Line(items),
        crew=ThreadCrew(question.attempt, max(1, min(pace.concurrency, len(items)))),
        books=books,
        conduct=conduct,
        pacer=Pacer(pace, question.inference, clock.monotonic()),
        valve=Valve(pace.concurrency),
        clock=clock,
        signals=signals or Signals(),
        tally=Tally(len(items), clock.monotonic()),
        report=report,
    )
    return run.go()
