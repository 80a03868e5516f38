"""A list that copies alone tell: who is known again, who is missing, and when that is told."""

from collections import Counter
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.following import Advance, Followed, advance, differing, from_lines, line_of, spans, to_lines
from events.snapshots import Cited, SnapshotEntry
from events.statements import Alias

DAY = date(2024, 5, 1)


def entry(name: str = "Acme", where: Sequence[str] = ("CN",), **more: Any) -> SnapshotEntry:
    return SnapshotEntry(list="us-bis-uvl", name=name, destinations=tuple(where), **more)


def seen(*copies: Sequence[SnapshotEntry], patience: int = 3) -> list[Advance]:
    """What each copy of one day after the other says."""
    steps: list[Advance] = []
    for number, entries in enumerate(copies):
        known = steps[-1].after if steps else ()
        steps.append(advance(known, entries, DAY + timedelta(days=number), patience))
    return steps


def told(step: Advance) -> dict[str, list[str]]:
    """The names that a step tells of."""
    said = {
        "added": [one.entry.name for one in step.added],
        "revised": [one.after.entry.name for one in step.revised],
        "gone": [one.entry.name for one in step.gone],
        "back": [one.after.entry.name for one in step.back],
    }
    return {kind: names for kind, names in said.items() if names}


ACME, APEX = entry(), entry("Apex")


def test_the_first_copy_adds_all_and_the_same_again_says_nothing() -> None:
    first, again = seen([ACME, APEX], [APEX, ACME])
    assert told(first) == {"added": ["Acme", "Apex"]}
    assert told(again) == {}
    assert again.after == first.after


@pytest.mark.parametrize("missing", [1, 2])
def test_an_absence_that_does_not_last_is_never_told(missing: int) -> None:
    steps = seen([ACME, APEX], *[[APEX]] * missing, [ACME, APEX])
    assert [told(step) for step in steps[1:]] == [{}] * (missing + 1)
    assert steps[-1].after == steps[0].after


def test_an_absence_that_lasts_is_told_once_and_nothing_is_forgotten() -> None:
    steps = seen([ACME, APEX], *[[APEX]] * 6)
    assert [told(step) for step in steps[1:]] == [{}, {}, {"gone": ["Acme"]}, {}, {}, {}]
    (gone,) = steps[3].gone
    assert (gone.missing_since, gone.told) == ("2024-05-02", True)
    assert gone in steps[-1].after


def test_days_count_and_not_copies() -> None:
    """No copy was taken in for a week; the next one without the entry is long enough after the first."""
    first, second = seen([ACME, APEX], [APEX])
    third = advance(second.after, [APEX], DAY + timedelta(days=8), 3)
    assert told(third) == {"gone": ["Acme"]}
    assert advance(first.after, [APEX], DAY + timedelta(days=8), 3).gone == (), "it is missing for a day only"


def test_two_copies_of_one_day_are_one_day() -> None:
    _, second = seen([ACME, APEX], [APEX])
    for _ in range(5):
        second = advance(second.after, [APEX], DAY + timedelta(days=1), 3)
        assert told(second) == {}


def test_one_day_of_patience_tells_at_once() -> None:
    assert told(seen([ACME, APEX], [APEX], patience=1)[1]) == {"gone": ["Acme"]}


def test_back_after_having_been_told() -> None:
    steps = seen([ACME, APEX], *[[APEX]] * 3, [ACME, APEX], *[[APEX]] * 3)
    assert told(steps[4]) == {"back": ["Acme"]}
    assert steps[4].after == steps[0].after
    assert told(steps[7]) == {"gone": ["Acme"]}, "and it can go again"


def test_a_name_in_other_letters_is_the_same_entry() -> None:
    step = seen([entry("Acme Co., Ltd.")], [entry("ACME CO LTD")])[1]
    (revised,) = step.revised
    assert differing(revised.before.entry, revised.after.entry) == ("name",)
    assert told(step) == {"revised": ["ACME CO LTD"]}


def test_ids_that_come_and_change_are_no_news() -> None:
    """The file had no ids before 2021, and its two forms have others."""
    without, one, other = [ACME], [entry(key="a1")], [entry(key="7001")]
    assert [told(step) for step in seen(without, one, other, without)][1:] == [{}, {}, {}]


def test_an_entry_that_was_renamed_or_moved_is_known_by_its_id() -> None:
    steps = seen(
        [entry(key="a1"), APEX], [entry("Acme Holdings", key="a1"), APEX], [entry("Acme Holdings", ["HK"], key="a1"), APEX]
    )
    assert [told(step) for step in steps[1:]] == [{"revised": ["Acme Holdings"]}] * 2
    assert differing(steps[2].revised[0].before.entry, steps[2].revised[0].after.entry) == ("destinations",)


def test_without_ids_a_renamed_entry_is_another() -> None:
    steps = seen([ACME], *[[entry("Acme Holdings")]] * 3)
    assert [told(step) for step in steps[1:]] == [{"added": ["Acme Holdings"]}, {}, {"gone": ["Acme"]}]


def test_of_two_that_are_alike_the_right_one_goes() -> None:
    here, there, third = (entry(key=key, addresses=(place,)) for key, place in (("1", "Here"), ("2", "There"), ("3", "Yonder")))
    steps = seen([here, there, third], *[[third, there]] * 3)
    assert [told(step) for step in steps[1:]] == [{}, {}, {"gone": ["Acme"]}]
    assert steps[3].gone[0].entry == here
    assert told(seen([ACME, ACME], *[[ACME]] * 3)[3]) == {"gone": ["Acme"]}


def test_what_reads_otherwise_is_a_revision_and_what_is_ordered_otherwise_is_none() -> None:
    before = entry(
        aliases=(Alias(name="A"), Alias(name="B")), addresses=("Here", "There"), citations=(Cited(citation="84 FR 1"),)
    )
    swapped = msgspec.structs.replace(before, aliases=before.aliases[::-1], addresses=before.addresses[::-1])
    assert differing(before, swapped) == ()
    assert differing(before, msgspec.structs.replace(before, start="2019-01-01", key="x", citations=())) == ()
    cited = (*before.citations, Cited(citation="85 FR 2"))
    changed = msgspec.structs.replace(before, license_requirement="All items", addresses=("Here",), citations=cited)
    assert differing(before, changed) == ("license_requirement", "addresses", "citations")


names = st.sampled_from(["Acme", "ACME", "Apex", "Étoile 海康"])
entries = st.lists(
    st.builds(
        entry, names, st.sampled_from([(), ("CN",), ("CN", "HK")]), key=st.sampled_from([None, "1", "2"]),
        addresses=st.sampled_from([(), ("Here",)]),
    ),
    max_size=5,
)  # fmt: skip
copies = st.lists(entries, max_size=7)


@given(st.data(), copies, st.integers(1, 4))
def test_the_order_of_entries_makes_no_difference(data: st.DataObject, shown: list[list[SnapshotEntry]], patience: int) -> None:
    shuffled = [data.draw(st.permutations(one)) for one in shown]
    assert seen(*shown, patience=patience) == seen(*shuffled, patience=patience)
    if shown:
        last = seen(*shown, patience=patience)[-1].after
        mixed = data.draw(st.permutations(last))
        assert advance(mixed, shown[0], DAY + timedelta(days=9), patience) == advance(
            last, shown[0], DAY + timedelta(days=9), patience
        )


@given(copies, st.integers(1, 4))
def test_nothing_is_dropped_and_every_absence_that_lasts_is_told(shown: list[list[SnapshotEntry]], patience: int) -> None:
    before: tuple[Followed, ...] = ()
    for number, (step, one) in enumerate(zip(seen(*shown, patience=patience), shown, strict=True)):
        assert len(step.after) == len(before) + len(step.added)
        standing = [followed.entry for followed in step.after if followed.missing_since is None]
        assert Counter(standing) == Counter(one), "what stands is what the copy shows"
        day = DAY + timedelta(days=number)
        for followed in step.after:
            since = date.fromisoformat(followed.missing_since) if followed.missing_since else None
            assert followed.told == (since is not None and (day - since).days + 1 >= patience)
        assert sum(followed.told for followed in before) + len(step.gone) - len(step.back) == sum(
            followed.told for followed in step.after
        )
        before = step.after


@given(copies)
def test_absent_and_back_in_time_says_nothing(shown: list[list[SnapshotEntry]]) -> None:
    for one in shown:
        steps = seen(one, [], [], one)
        assert [told(step) for step in steps[1:]] == [{}, {}, {}]
        assert steps[-1].after == steps[0].after


@given(copies)
def test_the_text_says_it_all_and_each_line_is_found_in_it(shown: list[list[SnapshotEntry]]) -> None:
    for step in seen(*shown):
        text = to_lines(step.after)
        assert from_lines(text) == step.after
        for followed, (start, end) in spans(step.after).items():
            assert line_of(text[start:end]) == followed
