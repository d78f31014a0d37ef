"""SQL about what was asked of pictures that several look-ups share."""

from __future__ import annotations

PATH = """coalesce(
    (SELECT min(f.path) FROM files f WHERE f.content_id = c.id AND f.flag IS NULL),
    (SELECT min(o.path) FROM past_files o WHERE o.content_id = c.id), '')"""
"""The path of content ``c``: first by name of those that have it, else of those that had it."""

THESE = "s.content_id IN (SELECT id FROM contents WHERE hash IN (SELECT value FROM json_each({})))"
"""Condition on a state ``s``: of one of some contents, whose hashes a parameter holds as a JSON list."""

FAILURES = f"""
WITH chosen AS (
    SELECT c.hash AS hash, {PATH} AS path, s.failure AS failure, s.content_id AS content_id,
           s.attempt_id AS attempt_id, s.answer_id AS answer_id
    FROM states s JOIN contents c ON c.id = s.content_id
    WHERE s.run_id = ?1 AND s.state IN ('failed', ?5) AND s.failure IS NOT NULL
      AND (?2 IS NULL OR s.failure IN (SELECT value FROM json_each(?2)))
      AND (?4 IS NULL OR {THESE.format("?4")})
    ORDER BY 2, 1 LIMIT ?3
)
SELECT h.hash, h.path, h.failure, coalesce(nullif(t.message, ''), a.remark, ''), coalesce(t.code, ''),
       (SELECT count(*) FROM attempts n WHERE n.run_id = ?1 AND n.content_id = h.content_id),
       coalesce(t.ended, a.at, 0)
FROM chosen h LEFT JOIN attempts t ON t.id = h.attempt_id LEFT JOIN answers a ON a.id = h.answer_id
ORDER BY h.path, h.hash
"""  # noqa: S608 - made of the pieces above alone
"""What a run gave up: its id, classes or NULL, how many at most or -1, contents or NULL; lists as JSON.

The last parameter is another state of pictures that have failed, or NULL.
"""
