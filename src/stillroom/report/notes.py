"""What the numbers mean: the footnotes."""

from __future__ import annotations

from stillroom.comparison import HISTOGRAM_BINS, RESAMPLES, SMALL_SAMPLE
from stillroom.report.escaping import outside
from stillroom.report.pieces import NOTES, section
from stillroom.report.values import ReportData

_TEXTS = {
    "jaccard": (
        "<b>Jaccard</b> of a picture: keywords that teacher and student share, divided by all "
        "different keywords of both. 1 means the same keywords, 0 none in common. Keywords are "
        "compared letter by letter after case, width and spaces are made equal, so “sunset” and “sun "
        "set” are different. Two empty lists count as 1, one empty list as 0. The mean gives every "
        "picture the same weight."
    ),
    "interval": (
        f"<b>95&nbsp;% interval</b> of the mean: pictures are drawn again with replacement {RESAMPLES:,} "
        "times (percentile bootstrap, fixed seed). It tells how far the mean could move with other "
        f"pictures of the same kind, not with another training. Below {SMALL_SAMPLE} pictures it says "
        "little. Intervals that overlap do not prove that two runs are equal."
    ),
    "precision": (
        "<b>Precision</b>: share of the student’s keywords that the teacher gave too. <b>Recall</b>: "
        "share of the teacher’s keywords that the student found. <b>F1</b>: their harmonic mean, for "
        "each picture 2J / (1 + J), so it ranks pictures as Jaccard does. All are means over "
        "pictures."
    ),
    "micro": (
        "<b>Micro Jaccard</b> pools the keywords of all pictures before dividing, so long lists weigh "
        "more than short ones."
    ),
    "ratio": (
        "<b>Words ÷ teacher’s</b>: keywords that the student gives for each of the teacher’s, over "
        "answered pictures. Above 1 a student can raise its recall by listing more."
    ),
    "counted": (
        "<b>Pictures</b> that count are test pictures with a label of the teacher that the run was "
        "asked about. An answer that failed counts as 0; a picture that was never asked is left out. "
        f"Training pictures and their near-duplicates never count. Histograms have {HISTOGRAM_BINS} "
        f"bins of {1 / HISTOGRAM_BINS:g}; a score of 1 is in the last."
    ),
    "cost": (
        "<b>Costs</b> are counted from tokens and hours, retries included; the bill of AWS decides. "
        "“unknown” is never counted as nothing. A run’s cost is that of its training and its answers. "
        "Where it says <i>unverified</i> a price comes from a source that AWS has not confirmed."
    ),
}


def notes_section(data: ReportData) -> str:
    """All footnotes, in the order of their numbers."""
    items = "".join(f'<li id="note-{name}">{_TEXTS[name]}</li>' for name in NOTES)
    remarks = "".join(f"<li>{outside(remark)}</li>" for remark in data.remarks)
    more = f'<ul class="remarks">{remarks}</ul>' if remarks else ""
    return section("notes", "What the numbers mean", f'<ol class="notes">{items}</ol>{more}')
