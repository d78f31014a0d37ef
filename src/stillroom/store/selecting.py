"""Filters and orders as SQL over the tables of pictures. Values always travel as parameters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from stillroom.store.filters import Filter, Kind, Sort, Term, has_wildcard


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose states, keywords and scores a list shows; each is the id of a run, None: there is none."""

    teacher: int | None = None
    """The teacher's own run."""
    student: int | None = None
    imported: int | None = None
    """Labels from elsewhere: they count where the teacher has no usable answer of its own."""


NOBODY = Scope()

_OWN = ":teacher"
_OWN_OR_IMPORTED = """coalesce(
    (SELECT i.run_id FROM states i WHERE i.run_id = :imported AND i.content_id = c.id AND i.state = 'done'
     AND NOT EXISTS (SELECT 1 FROM states o
                     WHERE o.run_id = :teacher AND o.content_id = c.id AND o.state = 'done')), :teacher)"""
"""Run whose state is the teacher's for content ``c``. Only where labels were imported: it takes longer."""

_JOINS = {
    # A flagged file takes no part in anything, even when its bytes are those of a usable one.
    "c": "contents c ON c.id = f.content_id AND f.flag IS NULL",
    "t": "states t ON t.run_id = {whose} AND t.content_id = c.id",
    "s": "states s ON s.run_id = :student AND s.content_id = c.id",
    "j": "scores j ON j.run_id = :student AND j.content_id = c.id",
    "ta": "answers ta ON ta.id = t.answer_id AND t.state = 'done'",
    "sa": "answers sa ON sa.id = s.answer_id AND s.state = 'done'",
}
_BELOW = {"c": "c", "t": "ct", "s": "cs", "j": "cj", "ta": ("c", "t", "ta"), "sa": ("c", "s", "sa")}

_STATUS = "CASE WHEN f.flag IS NULL THEN coalesce({0}.state, 'waiting') END"


@dataclass(frozen=True, slots=True)
class _Source:
    expression: str
    joins: str = ""
    """Name of the join it needs."""
    never_null: bool = False


_SOURCES = {
    "path": _Source("f.folded", never_null=True),
    "name": _Source("f.name", never_null=True),
    "size": _Source("f.size", never_null=True),
    "width": _Source("f.width", never_null=True),
    "height": _Source("f.height", never_null=True),
    "pixels": _Source("(f.width * f.height)", never_null=True),
    "format": _Source("f.format", never_null=True),
    "flag": _Source("f.flag"),
    "split": _Source("c.side", "c"),
    "order": _Source("c.place", "c"),
    "copies": _Source("c.copies", "c"),
    "excluded": _Source("c.excluded", "c"),
    "status": _Source(_STATUS.format("t"), "t"),
    "failed": _Source("(t.state = 'failed')", "t"),
    "class": _Source("CASE t.state WHEN 'failed' THEN t.failure END", "t"),
    "keywords": _Source("ta.keywords", "ta"),
    "student": _Source(_STATUS.format("s"), "s"),
    "jaccard": _Source("j.jaccard", "j"),
}
_OF_STATES = ("status", "student")
_COUNT_OF_KEYWORDS = _Source("CASE t.state WHEN 'done' THEN t.words END", "t")


@dataclass(slots=True)
class Query:
    """Parts of a SELECT over ``files f``."""

    conditions: list[str] = field(default_factory=list)
    values: dict[str, object] = field(default_factory=dict)
    joins: set[str] = field(default_factory=set)
    inner: set[str] = field(default_factory=set)
    """Joins that a row needs for the conditions to hold."""
    order: str = ""
    whose: str = _OWN
    """SQL for the run whose state is the teacher's."""

    def sql(self, wanted: str) -> str:
        """The statement; ``wanted`` is ours, never the user's."""
        # Inner joins are said to be so down to the files: SQLite makes a LEFT JOIN an inner one by itself
        # where it can, but not those below it, and then goes through all files for every row.
        joins = " ".join(
            [f"JOIN {sql}" for name, sql in _JOINS.items() if name in self.inner]
            + [f"LEFT JOIN {sql}" for name, sql in _JOINS.items() if name in self.joins - self.inner]
        )
        joins = joins.replace("{whose}", self.whose)
        where = f"WHERE {' AND '.join(self.conditions)}" if self.conditions else ""
        order = f"ORDER BY {self.order}" if self.order else ""
        return f"SELECT {wanted} FROM files f {joins} {where} {order}"  # noqa: S608 - values are parameters

    def need(self, join: str, *, inner: bool = False) -> None:
        """Add a join and those that it rests on."""
        if join:
            self.joins.update(_BELOW[join])
            if inner:
                self.inner.update(_BELOW[join])

    def value(self, value: object) -> str:
        """Add a parameter and give its name in SQL."""
        name = f"v{len(self.values)}"
        self.values[name] = value
        return f":{name}"


def query(filter: Filter, sort: Sort | None, scope: Scope) -> Query:
    """Make the parts of a SELECT from a filter and an order.

    Args:
        filter: Parsed.
        sort: None: in order of id.
        scope: Runs whose states, keywords and scores count.
    """
    made = Query(values={"teacher": scope.teacher, "student": scope.student})
    if scope.imported is not None:
        made.whose = _OWN_OR_IMPORTED
        made.values["imported"] = scope.imported
    for term in filter.terms:
        condition = _condition(term, made)
        made.conditions.append(f"({condition}) IS NOT TRUE" if term.negated else f"({condition})")
    made.order = _order(sort, made)
    return made


def tally(made: Query, column: str, words: Sequence[str | int]) -> list[str]:
    """Make a query count the values of a column.

    Grouping would sort all rows first; the words of a column are few and known.

    Returns:
        What to select: a count for each of ``words``, then one for no value.
    """
    source = _SOURCES[column]
    made.need(source.joins)
    empty = f"count(*) FILTER (WHERE coalesce({source.expression}, '') = '')"
    return [f"count(*) FILTER (WHERE {source.expression} = {made.value(word)})" for word in words] + [empty]


def _order(sort: Sort | None, made: Query) -> str:
    if sort is None:
        return "f.id"
    source = _COUNT_OF_KEYWORDS if sort.column.kind is Kind.KEYWORDS else _SOURCES[sort.column.name]
    made.need(source.joins)
    direction = "DESC" if sort.descending else "ASC"
    # Indexed columns are never null, and are read from their index in either direction.
    last = "" if source.never_null else " NULLS LAST"
    return f"{source.expression} {direction}{last}, f.id {direction if source.never_null else 'ASC'}"


def _condition(term: Term, made: Query) -> str:
    column, value = term.column, term.value
    source = _SOURCES[column.name]
    if column.kind is Kind.KEYWORDS:
        return _keywords(term, made)
    made.need(source.joins, inner=not term.negated and _needs_a_row(term))
    expression = source.expression
    if value is None:
        return f"{expression} IS NULL"
    if column.name in _OF_STATES and isinstance(value, tuple) and not {"waiting", "none"} & set(value):
        # The states themselves, which have an index.
        return " OR ".join(f"{source.joins}.state = {made.value(word)}" for word in value)
    if column.kind is Kind.NUMBER:
        operator = "=" if term.operator == ":" else term.operator
        return f"{expression} {operator} {made.value(value)}"
    if column.kind is Kind.YES_NO:
        return f"({expression}) IS {'TRUE' if value else 'NOT TRUE'}"
    if isinstance(value, tuple):
        return " OR ".join(_word(source, word, made) for word in value)
    if term.operator == "~":
        return f"instr({expression}, {made.value(value)}) > 0"
    text = str(value)
    if has_wildcard(text):
        return f"{expression} GLOB {made.value(text.replace('[', '[[]'))}"
    return f"{expression} = {made.value(text)}"


def _needs_a_row(term: Term) -> bool:
    """Whether a condition can hold only where all the tables that it looks at have a row."""
    value = term.value
    if isinstance(value, tuple):
        return not {"none", "any", "waiting"} & set(value)
    return value is not None and value is not False and term.column.name not in _OF_STATES


def _word(source: _Source, word: str, made: Query) -> str:
    if word not in ("none", "any"):
        return f"{source.expression} = {made.value(word)}"
    if source.never_null:
        return f"{source.expression} {'=' if word == 'none' else '!='} ''"
    return f"{source.expression} IS {'NULL' if word == 'none' else 'NOT NULL'}"


def _keywords(term: Term, made: Query) -> str:
    if term.operator in ("<", "<=", ">", ">="):
        made.need(_COUNT_OF_KEYWORDS.joins, inner=not term.negated)
        return f"{_COUNT_OF_KEYWORDS.expression} {term.operator} {made.value(term.value)}"
    source = _SOURCES["keywords"]
    made.need(source.joins, inner=not term.negated)
    if term.operator == "~":
        return f"instr({source.expression}, {made.value(term.value)}) > 0"
    whole = made.value(f"\n{term.value}\n")
    return f"instr(char(10) || {source.expression} || char(10), {whole}) > 0"
