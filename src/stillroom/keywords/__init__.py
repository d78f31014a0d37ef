"""An answer becomes an ordered set of keywords."""

from stillroom.keywords.judging import JUDGING_VERSION, judge
from stillroom.keywords.parsing import joined, parse, split_joined
from stillroom.keywords.values import Keywords

__all__ = ["JUDGING_VERSION", "Keywords", "joined", "judge", "parse", "split_joined"]
