"""A records file for every rule, breaking this rule and no other.

``BROKEN[rule](bucket)`` makes the file, and the pictures in that bucket that it points to. Files have only as
many records as a rule needs, so that the remarks on small files (`SIZE_REMARKS`) come with most of them.
"""

from tests.records import broken_files, broken_media, broken_shapes
from tests.records.making import BROKEN, SIZE_REMARKS, BrokenCase

__all__ = ["BROKEN", "SIZE_REMARKS", "BrokenCase", "broken_files", "broken_media", "broken_shapes"]
