"""What an answer looks like against those before it."""

import pytest

from tracker.shape import Shape, trouble_in


def shape(entries: int, link: int | None = None, date: int | None = None) -> Shape:
    return Shape(entries=entries, having={"link": entries if link is None else link, "date": entries if date is None else date})


@pytest.mark.parametrize(
    ("now", "before", "kind"),
    [
        (shape(20), [shape(20)] * 5, None),
        (shape(10), [shape(20)] * 5, None),
        (shape(9), [shape(20)] * 5, "shrunk"),
        (shape(0), [shape(20)] * 5, "shrunk"),
        (shape(9), [shape(20)] * 4, None),
        (shape(9), [*[shape(20)] * 5, shape(12)], None),
        (shape(0), [shape(3)] * 5, None),
        (shape(20, date=0), [shape(20)] * 5, "changed"),
        (shape(20, date=9), [shape(20)] * 5, "changed"),
        (shape(20, date=12), [shape(20)] * 5, None),
        (shape(20, date=0), [*[shape(20)] * 5, shape(20, date=19)], None),
        (shape(2, link=0), [shape(20)] * 5, "changed"),
    ],
)
def test_what_is_the_matter(now: Shape, before: list[Shape], kind: str | None) -> None:
    found = trouble_in(now, before, has_minimum=False)
    assert (found.kind if found else None) == kind


def test_the_words_tell_what_is_missing_and_how_much() -> None:
    changed = trouble_in(shape(20, link=0, date=0), [shape(20)] * 5, has_minimum=False)
    shrunk = trouble_in(shape(3), [shape(20)] * 5, has_minimum=False)
    assert changed is not None
    assert changed.words == "most of its 20 entries lack what all had: date, link"
    assert shrunk is not None
    assert (shrunk.words, shrunk.entries, shrunk.usual) == ("it holds 3 entries; lately it never held less than 20", 3, 20)


def test_a_minimum_that_is_set_counts_instead() -> None:
    assert trouble_in(shape(3), [shape(20)] * 5, has_minimum=True) is None
