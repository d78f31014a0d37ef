"""Big lists: a filter in SQL finds what a filter in plain Python finds; orders, blocks, facets, names."""

from __future__ import annotations

import fnmatch
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stillroom.errors import FilterError, UsageError
from stillroom.labeling.values import FailureClass
from stillroom.pictures import Flag, Side
from stillroom.store import IMPORTED, PictureRow
from stillroom.store.filters import COLUMNS, Filter, Kind, Term, fold, parse, parse_sort
from stillroom.store.selecting import Scope, query
from stillroom.store.views import Views


@pytest.fixture
def gallery(make, pricing):
    """Eleven files, ten contents and a half: every state, flag and side."""
    store = make.store
    names = [
        "a/beach one.jpg",
        "a/Beach[2].JPG",
        "b/straße.png",
        "b/바다.jpg",
        "b/old.gif",
        "c/x_y.webp",
        "c/z.jpg",
    ]
    store.pictures.save_inspections(
        [
            make.inspection(
                name,
                size=1000 * (i + 1),
                width=100 * (i + 1),
                height=480,
                format=name.rpartition(".")[2].lower(),
            )
            for i, name in enumerate(names)
        ]
        + [
            make.inspection("copy.jpg", names[0]),
            make.flagged("empty.jpg"),
            make.inspection("liar.png", names[1], flag=Flag.WRONG_EXTENSION, reason="It is a jpeg."),
            make.flagged("bomb.png", Flag.BOMB),
        ]
    )
    contents = [make.content(name) for name in names]
    store.pictures.save_sides(
        dict(
            zip(
                contents,
                [Side.TRAIN, Side.TEST, Side.TRAIN, Side.TEST, Side.OUT, Side.VALIDATION],
                strict=False,
            )
        )
    )
    store.pictures.save_order([contents[2], contents[0]])
    store.pictures.set_excluded([contents[4]], True)
    teacher, student = make.run(), make.run("untuned")
    make.label(teacher, {contents[0]: ("sunset", "golden hour"), contents[1]: ("sun", "sea", "바다")})
    with store.runs.claim(teacher.id):
        journal = store.runs.journal(teacher.id, pricing)
        begun = journal.advance([], [make.item(one) for one in contents[2:5]])
        journal.advance(
            [
                make.answered(begun[0], contents[2], "sorry", failure=FailureClass.REFUSED),
                make.failed(begun[1], contents[3], FailureClass.INVALID),
            ],
            [],
        )
    make.label(student, {contents[0]: ("sunset",), contents[1]: ("sea", "sand")})
    store.answers.save_scores(student.id, [(contents[0], 0.5), (contents[1], 0.25)])
    return store


def views(store) -> Views:
    """Lists with what the runs of a gallery say."""
    runs = {run.spec.name: run.id for run in store.runs.all()}
    return store.views.of(Scope(runs.get("teacher"), runs.get("untuned"), runs.get("imported")))


def names(store, text: str, sort: str | None = None) -> list[str]:
    ids = views(store).select(parse(text), None if sort is None else parse_sort(sort))
    return [row.path for row in views(store).rows(ids)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("beach", ["a/beach one.jpg", "a/Beach[2].JPG"]),
        ('"beach one"', ["a/beach one.jpg"]),
        ("STRASSE", ["b/straße.png"]),
        ("name:beach[2].jpg", ["a/Beach[2].JPG"]),
        ("name:beach*", ["a/beach one.jpg", "a/Beach[2].JPG"]),
        ("name:?_y.webp", ["c/x_y.webp"]),
        ("path:b/*", ["b/straße.png", "b/바다.jpg", "b/old.gif"]),
        ("바다", ["b/바다.jpg"]),
        ("split:test", ["a/Beach[2].JPG", "b/바다.jpg"]),
        ("split:out,validation", ["b/old.gif", "c/x_y.webp"]),
        ("split:none -flag:any", ["c/z.jpg"]),
        ("flag:any", ["empty.jpg", "liar.png", "bomb.png"]),
        ("flag:bomb,empty", ["empty.jpg", "bomb.png"]),
        ("excluded:yes", ["b/old.gif"]),
        ("copies>1", ["a/beach one.jpg", "copy.jpg"]),
        ("status:failed", ["b/straße.png", "b/바다.jpg"]),
        ("failed:yes class:refused", ["b/straße.png"]),
        ("status:unknown", ["b/old.gif"]),
        ("status:waiting", ["c/x_y.webp", "c/z.jpg"]),
        ("status:none", ["empty.jpg", "liar.png", "bomb.png"]),
        ("status:none,unknown", ["b/old.gif", "empty.jpg", "liar.png", "bomb.png"]),
        ("-student:none student:waiting split:out", ["b/old.gif"]),
        ("format:none", ["empty.jpg", "bomb.png"]),
        ("kw:sunset", ["a/beach one.jpg", "copy.jpg"]),
        ("kw:sun", ["a/Beach[2].JPG"]),
        ('kw:"GOLDEN hour"', ["a/beach one.jpg", "copy.jpg"]),
        ("kw~바", ["a/Beach[2].JPG"]),
        ("kw>=3", ["a/Beach[2].JPG"]),
        ("kw:sorry", []),
        ("jaccard<0.3", ["a/Beach[2].JPG"]),
        ("jaccard:0.5", ["a/beach one.jpg", "copy.jpg"]),
        ("order:0", ["b/straße.png"]),
        ("width>=600 size<7k", ["c/x_y.webp", "copy.jpg", "liar.png"]),
        ("pixels<60k", ["a/beach one.jpg", "empty.jpg", "bomb.png"]),
        ("student:done", ["a/beach one.jpg", "a/Beach[2].JPG", "copy.jpg"]),
        ("format~pn -flag:any", ["b/straße.png"]),
        ("flag~exten", ["liar.png"]),
    ],
)
def test_what_filters_find(gallery, text, expected):
    assert names(gallery, text) == expected
    assert views(gallery).count(parse(text)) == len(expected)


@pytest.mark.parametrize(
    ("sort", "first"),
    [
        ("name", "a/beach one.jpg"),
        ("-name", "b/바다.jpg"),
        ("path", "a/beach one.jpg"),
        ("-size", "c/z.jpg"),
        ("jaccard", "a/Beach[2].JPG"),
        ("-jaccard", "a/beach one.jpg"),
        ("-kw", "a/Beach[2].JPG"),
        ("order", "b/straße.png"),
        ("-pixels", "c/z.jpg"),
        ("flag", "bomb.png"),
    ],
)
def test_orders(gallery, sort, first):
    found = names(gallery, "", sort)
    assert found[0] == first
    assert len(found) == 11


@pytest.mark.parametrize("column", [column.name for column in COLUMNS])
@pytest.mark.parametrize("direction", ["", "-"])
def test_every_column_sorts_and_what_has_no_value_comes_last(gallery, column, direction):
    ids = list(views(gallery).select(None, parse_sort(direction + column)))
    assert sorted(ids) == sorted(views(gallery).select())
    rows = views(gallery).rows(ids)
    if column == "jaccard":
        assert [row.jaccard is None for row in rows] == sorted(row.jaccard is None for row in rows)


def test_rows_tell_all(gallery, make):
    row = views(gallery).rows(views(gallery).select(parse('"beach one"')))[0]
    assert (row.name, row.side, row.order, row.copies) == ("beach one.jpg", Side.TRAIN, 1, 2)
    assert (row.status, row.keywords, row.student_status) == ("done", "sunset\ngolden hour", "done")
    assert (row.student_keywords, row.jaccard, row.failure) == ("sunset", 0.5, None)
    failed = views(gallery).rows(views(gallery).select(parse("class:refused")))[0]
    assert (failed.status, failed.failure, failed.keywords) == ("failed", "refused", "")
    liar = views(gallery).rows(views(gallery).select(parse("liar")))[0]
    assert (liar.status, liar.content, liar.flag, liar.copies) == ("", None, "wrong_extension", 0)


def test_rows_keep_their_order_and_leave_out_what_is_gone(gallery):
    ids = list(views(gallery).select())
    wanted = [ids[5], ids[0], 999_999, ids[3], ids[0]]
    assert [row.id for row in views(gallery).rows(wanted)] == [ids[5], ids[0], ids[3], ids[0]]
    assert views(gallery).rows([]) == []


def test_many_rows_come_in_blocks(make):
    make.pictures(*(f"{i:05}" for i in range(1234)))
    ids = views(make.store).select(None, parse_sort("-name"))
    assert [row.path for row in views(make.store).rows(ids)] == [f"{i:05}" for i in reversed(range(1234))]


@pytest.mark.parametrize("before", ["", "flag:any", "split:test"])
def test_choosing_a_facet_finds_as_many_as_it_says(gallery, before: str):
    facets = views(gallery).facets(parse(before))
    for column, counts in facets.items():
        for value, count in counts.items():
            assert len(names(gallery, f"{before} {column}:{value}")) == count, f"{column}:{value}"


def test_facets_count_what_a_filter_leaves(gallery):
    facets = views(gallery).facets(parse("-flag:any"))
    assert facets["split"] == {"train": 3, "test": 2, "none": 1, "out": 1, "validation": 1}
    assert facets["status"] == {"done": 3, "failed": 2, "waiting": 2, "unknown": 1}
    assert facets["flag"] == {"none": 8}
    assert facets["format"] == {"jpg": 4, "gif": 1, "jpeg": 1, "png": 1, "webp": 1}
    assert facets["excluded"] == {"yes": 1}
    assert views(gallery).facets(parse("excluded:no"))["excluded"] == {}
    assert list(facets["split"].values()) == sorted(facets["split"].values(), reverse=True)
    assert views(gallery).facets()["flag"] == {"none": 8, "bomb": 1, "empty": 1, "wrong_extension": 1}


def test_a_scope_chooses_whose_answers_count(gallery):
    nobody = gallery.views
    assert len(nobody.select(parse("status:waiting"))) == 8
    assert len(nobody.select(parse("jaccard<1"))) == 0
    assert nobody.rows([1])[0].status == "waiting"


def test_imported_labels_count_where_the_teacher_has_no_usable_answer_of_its_own(gallery, make):
    of = {row.path: row.content for row in gallery.views.rows(gallery.views.select())}
    own, refused, asked_by_nobody = "a/beach one.jpg", "b/straße.png", "c/z.jpg"
    imported = gallery.runs.start_or_find(IMPORTED)
    make.label(imported, {of[name]: ("from elsewhere",) for name in (own, refused, asked_by_nobody)})
    assert names(gallery, "kw:sunset") == [own, "copy.jpg"]
    assert names(gallery, 'kw:"from elsewhere" status:done') == [refused, asked_by_nobody]
    assert names(gallery, "status:failed") == ["b/바다.jpg"]
    assert names(gallery, "status:waiting") == ["c/x_y.webp"]
    row = views(gallery).rows(views(gallery).select(parse("name:z.jpg")))[0]
    assert (row.status, row.keywords) == ("done", "from elsewhere")


def test_an_empty_store_has_empty_lists(store):
    assert list(views(store).select(parse("split:test"))) == []
    assert views(store).facets() == {"split": {}, "status": {}, "flag": {}, "format": {}, "excluded": {}}


def test_scores_are_replaced_as_a_whole(gallery, make):
    run = next(run for run in gallery.runs.all() if run.spec.role == "untuned")
    gallery.answers.save_scores(run.id, [(make.content("c/z.jpg"), 0.9)])
    assert names(gallery, "-jaccard:none") == ["c/z.jpg"]


def test_arguments_become_contents(gallery, make, tmp_path):
    listed = tmp_path / "list.txt"
    listed.write_text("b/바다.jpg\n\na/beach one.jpg\n", encoding="utf-8")
    resolve = views(gallery).resolve
    beach, sea = make.content("a/beach one.jpg"), make.content("b/바다.jpg")
    assert resolve([f"@{listed}"]) == [sea, beach]
    assert resolve(["copy.jpg"]) == [beach]
    assert resolve(["a/Beach[2].JPG", "split:test", "copy.jpg"]) == [
        make.content("a/Beach[2].JPG"),
        sea,
        beach,
    ]
    assert resolve(["flag:any"]) == []
    assert resolve(["excluded:yes"]) == [make.content("b/old.gif")]
    assert resolve([]) == []


def test_a_list_names_pictures_as_find_does_and_with_any_characters(make, tmp_path):
    odd = make.pictures("a\x0cb.jpg", "c\u2028d.jpg", "e\x85f.jpg")
    plain = make.pictures("sea.jpg", "b/sky.jpg")
    listed = tmp_path / "list.txt"
    listed.write_text(
        "a\x0cb.jpg\nc\u2028d.jpg\r\ne\x85f.jpg\n./sea.jpg\n./b/sky.jpg", encoding="utf-8", newline=""
    )
    assert views(make.store).resolve([f"@{listed}"]) == [*odd, *plain]


def test_a_path_comes_before_a_filter(make):
    (odd,) = make.pictures("split:test")
    make.pictures("other")
    assert views(make.store).resolve(["split:test"]) == [odd]


def test_arguments_that_are_nothing(gallery, tmp_path):
    resolve = views(gallery).resolve
    with pytest.raises(UsageError, match="cannot be read"):
        resolve([f"@{tmp_path / 'missing.txt'}"])
    bad = tmp_path / "bad.txt"
    bad.write_text("nobody.jpg\n")
    with pytest.raises(UsageError, match=r"nobody\.jpg"):
        resolve([f"@{bad}"])
    with pytest.raises(FilterError):
        resolve(["splt:test"])
    with pytest.raises(FilterError):
        resolve(["bro\udcffken"])
    assert resolve(["@list"], read_text=lambda path: "copy.jpg" if path == Path("list") else "") != []


def test_what_is_never_sent_is_told_beside_what_is_meant(gallery, tmp_path):
    names = tmp_path / "names.txt"
    names.write_text("copy.jpg\nempty.jpg\n")
    listed, named, filtered, mixed = views(gallery).resolve_each(
        [f"@{names}", "empty.jpg", "flag:any", "copy.jpg"]
    )
    assert (len(listed.contents), named.contents, filtered.contents) == (1, [], [])
    assert listed.unsent == named.unsent
    assert named.unsent.startswith("'empty.jpg' (")
    assert "match flag:any: they are never sent" in filtered.unsent
    assert mixed == (listed.contents, "")


def holds(term: Term, row: PictureRow) -> bool:
    """A term in plain Python, on what a row shows."""
    return naive(term, row) != term.negated


def naive(term: Term, row: PictureRow) -> bool:
    column, value = term.column.name, term.value
    if term.column.kind is Kind.KEYWORDS:
        return naive_keywords(term, row)
    found = shown(column, row)
    if value is None:
        return found is None
    if term.column.kind is Kind.NUMBER:
        return found is not None and compare(found, term.operator, value)
    if term.column.kind is Kind.YES_NO:
        return bool(found) == value
    if isinstance(value, tuple):
        return any(
            found is None if one == "none" else found is not None if one == "any" else found == one
            for one in value
        )
    if found is None:
        return False
    if term.operator == "~":
        return value in found
    if "*" in value or "?" in value:
        return fnmatch.fnmatchcase(found, value.replace("[", "[[]"))
    return found == value


def compare(found: float, operator: str, value: float) -> bool:
    return {
        ":": found == value,
        "<": found < value,
        "<=": found <= value,
        ">": found > value,
        ">=": found >= value,
    }[operator]


def naive_keywords(term: Term, row: PictureRow) -> bool:
    if row.status != "done":
        return False
    words = row.keywords.split("\n") if row.keywords else []
    if term.operator == ":":
        return term.value in words
    if term.operator == "~":
        return any(term.value in word for word in words)
    return compare(len(words), term.operator, term.value)


def shown(column: str, row: PictureRow) -> object:
    usable = row.flag is None
    values = {
        "path": fold(row.path),
        "name": fold(row.name),
        "pixels": row.width * row.height,
        "split": None if row.side is None else row.side.value,
        "copies": row.copies if usable else None,
        "excluded": row.excluded,
        "status": row.status or None,
        "failed": row.status == "failed",
        "class": row.failure,
        "student": row.student_status or None,
    }
    return values[column] if column in values else getattr(row, column)


def words_of(column: str) -> st.SearchStrategy[str]:
    known = next(one for one in COLUMNS if one.name == column)
    if known.kind is Kind.NUMBER:
        return st.sampled_from(["0", "1", "2", "0.25", "0.5", "300", "480", "2000", "48k", "none"])
    if known.kind is Kind.YES_NO:
        return st.sampled_from(["yes", "no"])
    if known.words:
        return st.lists(st.sampled_from(known.words), min_size=1, max_size=3).map(",".join)
    texts = [
        "beach",
        "a",
        "jpg",
        "*.jpg",
        "b/*",
        "?",
        "[2]",
        "바다",
        "sun",
        "sunset",
        "golden hour",
        "%",
        "_",
        "ss",
    ]
    return st.one_of(st.sampled_from(texts), st.text(st.characters(codec="utf-8"), min_size=1, max_size=4))


@st.composite
def filter_texts(draw: st.DrawFn) -> str:
    parts = []
    for _ in range(draw(st.integers(1, 4))):
        column = draw(st.sampled_from([one.name for one in COLUMNS]))
        operator = draw(st.sampled_from([":", "=", "~", "<", "<=", ">", ">="]))
        word = draw(words_of(column))
        if " " in word or draw(st.booleans()):
            escaped = word.replace("\\", "\\\\").replace('"', '\\"')
            word = f'"{escaped}"'
        bare = draw(st.booleans()) and column == "path"
        parts.append(draw(st.sampled_from(["", "-"])) + (word if bare else f"{column}{operator}{word}"))
    return " ".join(parts)


@settings(max_examples=300, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=filter_texts())
def test_sql_finds_what_python_finds(gallery, text):
    try:
        found: Filter = parse(text)
    except FilterError:
        return
    everything = views(gallery).rows(views(gallery).select())
    expected = [row.id for row in everything if all(holds(term, row) for term in found.terms)]
    assert list(views(gallery).select(found)) == expected
    assert views(gallery).contents(found) == contents_of(everything, expected)


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=filter_texts(), sort=st.sampled_from([column.name for column in COLUMNS]))
def test_no_list_goes_through_all_files_again_and_again(gallery, text, sort):
    try:
        made = query(parse(text), parse_sort(sort), Scope(teacher=1, student=2))
    except FilterError:
        return
    with gallery.database.reading() as connection:
        plan = [row[3] for row in connection.execute(f"EXPLAIN QUERY PLAN {made.sql('f.id')}", made.values)]
    assert not any(step.startswith("SCAN") for step in plan[1:]), plan


def contents_of(rows: list[PictureRow], ids: list[int]) -> list[str]:
    usable = sorted((row for row in rows if row.id in ids and row.content), key=lambda row: row.path)
    return list(dict.fromkeys(row.content for row in usable if row.content))
