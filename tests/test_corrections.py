"""Corrections reach those who were told, and nobody else, whatever happens to the facts meanwhile."""

from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import pytest
from hypothesis import event, given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from events.base import Event, Recorded
from events.decisions import ClaimAccepted, ClaimRejected, ClaimsMerged, ClaimsSplit
from events.documents import DocumentRead
from events.operations import DigestIssued, WatchAdded, WatchChanged
from events.periods import turns
from events.statements import EntityFound
from events.watching import Watching, watching
from events.words import summarise, summarise_amendment
from projections.facts import decode_fact
from projections.listings import decode_listing
from projections.rows import ChangeRow
from projections.run import catch_up
from projections.store import ViewStore
from tests.builders import NOW, added, claims_of, ended, instant, reading, removed, responded, revised
from tests.histories import Append, arrivals, histories
from tests.projections.snapshots import new_views
from tracker.composing import Composer
from tracker.contents import Digest, Item
from tracker.news import News, Wanted
from tracker.spans import Span

RULE, SECOND, POST, OTHER = "document/federal-register/1", "document/federal-register/2", "document/post/a", "document/review/b"
DAY = "2000-01-01"
"""A day on which nothing takes effect: these tests are about what is learnt."""
FACTS = {"institution-responded", "entity-responded", "tie-reported", "tie-ended"}
Believed = dict[tuple[str, str], tuple[str, str]]


class Desk:
    """A ledger in memory with its views, whose watches are sent digests of what was learnt."""

    def __init__(self, store: ViewStore) -> None:
        self.store = store
        self.recorded: list[Recorded] = []
        self.sent: dict[str, list[DigestIssued]] = {}
        self.believes: dict[str, Believed] = {}
        self.replaced: set[str] = set()
        """Amendments whose place another one of the same day took at some time: from then on they have no words of their own."""

    def read(self, after: int = 0, until: int | None = None) -> Iterator[Recorded]:
        yield from self.recorded[after:until]

    def head(self) -> int:
        return len(self.recorded)

    def append(self, stream: str, *events: Event) -> None:
        version = sum(one.stream == stream for one in self.recorded)
        for number, one in enumerate(events, start=1):
            position = len(self.recorded) + 1
            self.recorded.append(Recorded(position=position, stream=stream, version=version + number, recorded_at=NOW, event=one))
        catch_up(self.store, self)

    def watch(self, name: str, **filters: Any) -> None:
        """Begins to watch, or changes what is watched."""
        kind = WatchChanged if name in self.believes else WatchAdded
        self.append(f"watch/{name}", kind(watch=name, since=instant("2019-10-01"), **filters))
        self.believes.setdefault(name, {})

    def watching(self, name: str) -> Watching:
        found = watching(one for one in self.recorded if one.stream == f"watch/{name}")
        assert found is not None
        return found

    def digest(self, name: str) -> Digest:
        """Sends a watch its next digest, which it reads and believes."""
        one, sent = self.watching(name), self.sent.setdefault(name, [])
        span = Span(after=sent[-1].until if sent else one.begun, until=self.head(), day_after=DAY, day_until=DAY)
        wanted = Wanted(watching=one, span=span)
        with self.store.reading() as database:
            composer = Composer(News(database, self, [wanted], lambda _: ()))
            digest = composer.compose(wanted, len(sent) + 1)
        if digest.size:
            issued = DigestIssued(
                watch=name, number=digest.number, after=span.after, until=span.until, day_after=DAY, day_until=DAY,
                changes=digest.size, channels=(), text="", html="", json="", facts=digest.content.facts,
                retracted=digest.content.retracted,
            )  # fmt: skip
            sent.append(issued)
            self.append(f"digest/{name}", issued)
            self._read(name, digest)
        return digest

    def _read(self, name: str, digest: Digest) -> None:
        believed = self.believes[name]
        items = [item for group in digest.groups for item in group.items]
        for item in items:
            if item.before is not None and item.before.claim not in self.replaced:
                assert _says(item.before) in believed.values(), f"{name} was corrected about what nobody told it"
        for item in items:
            if item.before is not None:
                gone = [key for key, words in believed.items() if words == _says(item.before) and key[0] == item.before.type]
                # Two entries may read alike, and what was on file may have been published in other words since.
                named = (item.before.type, item.before.claim or item.before.fact)
                believed.pop(named if named in gone or not gone else gone[0], None)
        for item in items:
            for line in _standing_lines(item):
                believed[(line.type, line.claim or line.fact)] = _says(line)

    def truth(self) -> tuple[set[tuple[str, str]], dict[str, tuple[str, str] | None]]:
        """What stands now: the facts in words, and every amendment with its words (None: another took its place)."""
        with self.store.reading() as database:
            return _facts(database), _amendments(database)


def _standing_lines(item: Item) -> Sequence[ChangeRow]:
    return () if item.change.kind == "withdrawn" else (item.change, *item.also)


def _says(line: ChangeRow) -> tuple[str, str]:
    """Its day and sentence, without the citation, which may come to be known later."""
    words = line.summary.removeprefix("published: ").removeprefix("on file, to be published: ")
    return (line.date, words.rsplit(" by ", 1)[0] if line.listing else words)


def _facts(database: Database) -> set[tuple[str, str]]:
    facts = [decode_fact(row[0]) for row in database.execute("SELECT body FROM facts")]
    return {(one.date, summarise(one)) for one in facts if one.type in FACTS}


def _amendments(database: Database) -> dict[str, tuple[str, str] | None]:
    found: dict[str, tuple[str, str] | None] = {}
    for (body,) in database.execute("SELECT body FROM listings"):
        listing = decode_listing(body)
        others = [*(one.claim for one in listing.announced), *(one.claim for one in listing.corrections)]
        found |= dict.fromkeys([*listing.claims, *others])
        for turn in turns(listing):
            name, place = turn.period.name, turn.period.destination
            words = summarise_amendment(turn.type, listing.list, (name,), place, None)
            found[turn.claim] = found[turn.claim] or (turn.day, words)
    return found


def _with_words_of_its_own(one: Append) -> Append:
    """Without what changes words and is no correction: what a copy began and a rule goes on with."""
    kept = [event for event in one.events if not isinstance(event, EntityFound)]
    gone = len(one.events) - len(kept)
    reads = (msgspec.structs.replace(e, statements=e.statements - gone) if isinstance(e, DocumentRead) else e for e in kept)
    return Append(one.stream, tuple(reads))


@pytest.fixture
def desk() -> Iterator[Desk]:
    with new_views() as store:
        yield Desk(store)


@settings(max_examples=40)
@given(st.data())
def test_nobody_is_left_with_what_no_longer_stands(data: st.DataObject) -> None:
    """Watches of all kinds are sent digests now and then; one forgets half of its filters on the way."""
    appends = [one for one in map(_with_words_of_its_own, data.draw(arrivals(data.draw(histories())))) if one.events]
    with new_views() as store:
        desk = Desk(store)
        desk.watch("all")
        desk.watch("acme", parties=("acme",))
        desk.watch("ties", types=("tie-ended", "tie-reported"))
        for number, one in enumerate(appends):
            desk.append(one.stream, *one.events)
            desk.replaced |= {claim for claim, words in desk.truth()[1].items() if words is None}
            if number == len(appends) // 2:
                desk.watch("acme", institutions=("nobody",))
            for name in data.draw(st.sets(st.sampled_from(sorted(desk.believes)))):
                desk.digest(name)
        corrections = 0
        for name in desk.believes:
            desk.digest(name)
            corrections += sum(bool(item.before) for group in desk.digest(name).groups for item in group.items)
        facts, amendments = desk.truth()
        event(f"{len(facts)} facts, {len(amendments)} amendments")
        for believed in desk.believes.values():
            for (topic, claim), words in believed.items():
                if topic in FACTS:
                    assert words in facts
                elif topic.startswith("entity-") and topic not in {"entity-responded", "entity-corrected"}:
                    assert claim in amendments
                    assert amendments[claim] == words or claim in desk.replaced, topic
        assert facts == {words for (topic, _), words in desk.believes["all"].items() if topic in FACTS}, "nothing was lost"


def first(digest: Digest) -> Item:
    return digest.groups[0].items[0]


def told(digest: Digest) -> list[tuple[str, str | None]]:
    """The title of each line's group, and what was told before."""
    return [
        (group.title, item.before.date if item.before else None) for group in digest.groups for item in group.items
    ]  # fmt: skip


def test_a_retraction_reaches_who_was_told_and_nobody_else(desk: Desk) -> None:
    desk.watch("told", parties=("huawei",))
    events = reading(POST, ended("2019-04-03"))
    desk.append(POST, *events)
    desk.digest("told")
    desk.watch("late", parties=("huawei",))
    (claim,) = claims_of(events)
    desk.append(f"decision/{claim}", ClaimRejected(claim=claim, reason="no", by="ada"))
    retracted = desk.digest("told")
    assert told(retracted) == [("Corrected or retracted", "2019-04-03")]
    assert first(retracted).cause == "withdrawn"
    assert desk.digest("late").size == 0
    assert desk.digest("told").size == 0, "once"


def test_a_watch_that_looks_elsewhere_now_is_corrected_all_the_same(desk: Desk) -> None:
    desk.watch("w", parties=("huawei",))
    desk.append(POST, *reading(POST, ended("2019-04-03")))
    desk.digest("w")
    desk.watch("w", parties=("zte",))
    desk.append(POST, *reading(POST, ended("2019-05-20"), version=2))
    assert told(desk.digest("w")) == [("Corrected or retracted", "2019-04-03")]


def test_a_claim_rejected_and_accepted_again_between_two_digests_is_no_correction(desk: Desk) -> None:
    desk.watch("w")
    events = reading(POST, ended("2019-04-03"))
    desk.append(POST, *events)
    desk.digest("w")
    (claim,) = claims_of(events)
    for kind in (ClaimRejected, ClaimAccepted):
        desk.append(f"decision/{claim}", kind(claim=claim, reason="so", by="ada"))
    assert desk.digest("w").size == 0


def test_what_a_later_source_tells_more_exactly_says_what_was_told_before(desk: Desk) -> None:
    desk.watch("w")
    desk.append(POST, *reading(POST, ended("2019")))
    desk.digest("w")
    desk.append(OTHER, *reading(OTHER, ended("2019-04-03"), published="2019-10-10"))
    digest = desk.digest("w")
    assert told(digest) == [("Ties ended", "2019")]
    assert first(digest).cause == "learnt"


def test_what_came_changed_its_name_and_went_between_two_digests_is_not_told(desk: Desk) -> None:
    desk.watch("w")
    desk.append(POST, *reading(POST, ended("2019-04-03"), published="2019-04-02"))
    desk.append(OTHER, *reading(OTHER, ended(), published="2019-04-10"))
    desk.append(POST, *reading(POST, published="2019-04-02", again=True))
    desk.append(OTHER, *reading(OTHER, published="2019-04-10", version=2))
    assert desk.digest("w").size == 0


def test_what_was_withdrawn_and_joined_another_report_is_told_as_it_stands(desk: Desk) -> None:
    """The claim that was told goes, another source tells the same more exactly, and the claim comes back to that fact."""
    desk.watch("w")
    desk.append(POST, *reading(POST, ended("/2019-10-09")))
    desk.digest("w")
    desk.append(OTHER, *reading(OTHER, ended("2019-10-09"), published="2019-10-10"))
    desk.append(POST, *reading(POST, version=2))
    desk.append(POST, *reading(POST, ended("/2019-10-11"), version=3))
    digest = desk.digest("w")
    assert told(digest) == [("Ties ended", "/2019-10-09")]
    assert first(digest).change.date == "2019-10-09"
    assert desk.digest("w").size == 0


def test_two_reports_that_come_to_be_one_are_told_to_be(desk: Desk) -> None:
    """Told as of the 1st and of the 4th; a report of the days between chains them."""
    desk.watch("w")
    desk.append(POST, *reading(POST, ended("2019-04-01")))
    desk.append(OTHER, *reading(OTHER, ended("2019-04-04"), published="2019-10-10"))
    assert desk.digest("w").size == 2
    both = "document/post/c"
    desk.append(both, *reading(both, ended("2019-04-02/2019-04-03"), published="2019-10-11"))
    digest = desk.digest("w")
    assert [item.cause for group in digest.groups for item in group.items] == ["merged"]
    assert len(desk.truth()[0]) == 1


def test_a_fact_that_parts_is_told_with_all_its_parts(desk: Desk) -> None:
    desk.watch("w")
    desk.append(POST, *reading(POST, ended("2019-04-01")))
    middle = reading("document/post/c", ended("2019-04-02"), published="2019-10-11")
    desk.append("document/post/c", *middle)
    desk.append(OTHER, *reading(OTHER, ended("2019-04-03"), published="2019-10-10"))
    assert desk.digest("w").size == 1
    (claim,) = claims_of(middle)
    desk.append(f"decision/{claim}", ClaimRejected(claim=claim, reason="another", by="ada"))
    digest = desk.digest("w")
    assert first(digest).before is not None
    assert [first(digest).change.date, *(also.date for also in first(digest).also)] == ["2019-04-01", "2019-04-03"]


def test_what_a_person_parts_and_joins_again_reads_alike_and_is_no_correction(desk: Desk) -> None:
    """Three sources of one fact: told as three, then as one again, and gone."""
    desk.watch("w")
    streams, claims = (POST, OTHER, "document/post/c"), list[str]()
    for day, stream in enumerate(streams):
        events = reading(stream, ended("2019-04-03"), published=f"2019-10-1{day}")
        desk.append(stream, *events)
        claims += claims_of(events)
    desk.digest("w")
    for one in claims[1:]:
        others = tuple(each for each in claims if each != one)
        desk.append(f"decision/{one}", ClaimsSplit(claims=(one,), others=others, reason="another", by="ada"))
    parted = desk.digest("w")
    assert len(desk.truth()[0]) == 1, "three facts of the same words"
    assert len((first(parted).change, *first(parted).also)) == 3
    desk.append(f"decision/{claims[0]}", ClaimsMerged(claims=tuple(claims), reason="one after all", by="ada"))
    assert desk.digest("w").size == 0
    for day, stream in enumerate(streams):
        desk.append(stream, *reading(stream, published=f"2019-10-1{day}", version=2))
    assert set(told(desk.digest("w"))) == {("Corrected or retracted", "2019-04-03")}
    assert desk.digest("w").size == 0


def test_a_correction_follows_a_fact_whose_name_changed_in_silence(desk: Desk) -> None:
    """An earlier source joins and gives the fact its name; digests later it turns out to be of another day."""
    desk.watch("w")
    desk.append(OTHER, *reading(OTHER, ended("2019-04-03"), published="2019-10-10"))
    desk.digest("w")
    desk.append(POST, *reading(POST, ended("2019-04-03"), published="2019-10-08"))
    assert desk.digest("w").size == 0
    desk.append("document/post/c", *reading("document/post/c", responded("2019-04-03")))
    assert desk.digest("w").size == 1
    desk.append(POST, *reading(POST, ended("2019-04-04"), published="2019-10-08", version=2))
    assert told(desk.digest("w")) == [("Corrected or retracted", "2019-04-03")]


def test_a_name_that_changes_between_two_corrections_makes_them_one(desk: Desk) -> None:
    desk.watch("w")
    desk.append(OTHER, *reading(OTHER, ended("2019-04-03"), published="2019-10-10"))
    desk.digest("w")
    desk.append(OTHER, *reading(OTHER, ended("2019-05-20"), published="2019-10-10", version=2))
    desk.append(POST, *reading(POST, ended("2019-05-20"), published="2019-10-08"))
    desk.append(POST, *reading(POST, ended("2019-05-21"), published="2019-10-08", version=2))
    digest = desk.digest("w")
    assert told(digest) == [("Corrected or retracted", "2019-04-03")]
    assert first(digest).change.date == "2019-05-21"


def test_who_was_told_of_one_part_after_the_parting_was_not_told_of_the_other(desk: Desk) -> None:
    desk.append(POST, *reading(POST, ended("2019-04-01")))
    middle = reading("document/post/c", ended("2019-04-02"), published="2019-10-11")
    desk.append("document/post/c", *middle)
    desk.append(OTHER, *reading(OTHER, ended("2019-04-03"), published="2019-10-10"))
    (claim,) = claims_of(middle)
    desk.append(f"decision/{claim}", ClaimRejected(claim=claim, reason="another", by="ada"))
    desk.watch("w")
    desk.append(POST, *reading(POST, ended("2019-05-01"), version=2))
    assert told(desk.digest("w")) == [("Ties ended", None)], "as it stands: nobody told it before"
    desk.append(OTHER, *reading(OTHER, ended("2019-06-01"), published="2019-10-10", version=2))
    assert told(desk.digest("w")) == [("Ties ended", None)]
    desk.append(OTHER, *reading(OTHER, ended("2019-07-01"), published="2019-10-10", version=3))
    assert told(desk.digest("w")) == [("Corrected or retracted", "2019-06-01")]


def test_a_reread_entry_tells_the_fields_that_read_otherwise(desk: Desk) -> None:
    desk.watch("w")
    desk.append(RULE, *reading(RULE, added("Acme", aliases=["AC"])))
    desk.digest("w")
    desk.append(RULE, *reading(RULE, added("Acme", aliases=["A.C."]), again=True))
    digest = desk.digest("w")
    (item,) = digest.groups[0].items
    assert (digest.groups[0].title, item.cause, item.change.kind) == ("Corrected or retracted", "reread", "reread")
    assert [(one.field, one.before, one.after) for one in item.change.fields] == [("aliases", ("AC",), ("A.C.",))]


def test_a_later_amendment_corrects_nothing(desk: Desk) -> None:
    desk.watch("w")
    desk.append(RULE, *reading(RULE, added("Acme")))
    desk.digest("w")
    desk.append(SECOND, *reading(SECOND, revised("Acme", "2019-11-01", new_name="Apex"), removed("Apex", "2019-12-01")))
    digest = desk.digest("w")
    assert all(item.before is None for group in digest.groups for item in group.items)
    assert digest.size == 2


def test_who_begins_anew_was_told_nothing(desk: Desk) -> None:
    desk.watch("w")
    desk.append(POST, *reading(POST, ended("2019-04-03")))
    desk.digest("w")
    del desk.believes["w"]
    desk.watch("w")
    desk.append(POST, *reading(POST, ended("2019-05-20"), version=2))
    digest = desk.digest("w")
    assert told(digest) == [("Ties ended", None)], "as it stands, and no correction"
    assert msgspec.structs.asdict(first(digest).change)["date"] == "2019-05-20"
