"""How the settled entries of a list differ before and after a unit, line by line, for the change log."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from events.names import normalise
from events.periods import Announcement, Correction, Listing, Period, Turn, turns
from events.words import ON_FILE, differing, summarise_amendment
from projections.listings import Before
from projections.settled import Link, parties_of

Change = dict[str, Any]


def listing_changes(news: Before, found: Sequence[Link]) -> Iterator[Change]:
    """What was learnt, corrected or withdrawn about each entry."""
    before = {listing.lineage: listing for listing in news.before}
    after = {listing.lineage: listing for listing in news.after}
    joined = _joined(news)
    for lineage in before.keys() | after.keys():
        old, new = before.get(lineage), after.get(lineage)
        if new is None:
            assert old is not None
            if lineage not in joined:
                prefix = "withdrawn before publication: " if old.filed else "no longer: "
                yield _row(old, found, "withdrawn", _beginning(old), prefix)
        elif old is None:
            yield from _new(new, found)
        else:
            yield from _changed(old, new, found)


def _joined(news: Before) -> set[str]:
    """Histories that a copy of the list began, and that go on under the rule that was read since."""
    begun = {_place(listing) for listing in news.after if not listing.provisional}
    return {listing.lineage for listing in news.before if listing.provisional and _place(listing) in begun}


def _place(listing: Listing) -> tuple[str, str, str]:
    return (listing.list, normalise(listing.last.destination), normalise(listing.last.name))


def _new(new: Listing, found: Sequence[Link]) -> Iterator[Change]:
    if new.filed:
        yield from (_announced(new, one, found) for one in new.announced)
        return
    corrections = {one.claim: one for one in new.corrections}
    for turn in _learnt(new, set()):
        yield _row(new, found, "corrected" if turn.claim in corrections else "learnt", turn)
    yield from (_corrected(new, one, found) for one in new.corrections if one.wrong is not None)
    yield from (_announced(new, one, found) for one in new.announced)


def _changed(old: Listing, new: Listing, found: Sequence[Link]) -> Iterator[Change]:
    if old.filed and not new.filed:
        yield _row(new, found, "learnt", _beginning(new), "published: ")
        yield from _from_claims(new, set(old.claims), found)
        return
    yield from _from_claims(new, set(old.claims), found)
    told = {one.claim for one in old.corrections}
    fresh = [one for one in new.corrections if one.claim not in told and one.wrong is not None]
    yield from (_corrected(new, one, found) for one in fresh)
    known = {one.claim for one in old.announced}
    yield from (_announced(new, one, found) for one in new.announced if one.claim not in known)
    gone = set(old.claims) - set(new.claims)
    if gone:
        yield _row(new, found, "withdrawn", _last(new), "an amendment withdrawn: ")
    elif not fresh and _reads_otherwise(old, new):
        yield _row(new, found, "corrected", _beginning(new), "corrected: ")
    for one in old.announced:
        if one.claim not in new.claims and one.claim not in {other.claim for other in new.announced}:
            yield {**_announced(new, one, found), "kind": "withdrawn"}


def _from_claims(new: Listing, known: set[str], found: Sequence[Link]) -> Iterator[Change]:
    correcting = {one.claim for one in new.corrections}
    for turn in _learnt(new, known):
        yield _row(new, found, "corrected" if turn.claim in correcting else "learnt", turn)


def _learnt(listing: Listing, known: set[str]) -> Iterator[Turn]:
    """One turn for each claim not known before: what the entry turned into by it."""
    by_claim: dict[str, Turn] = {}
    for turn in turns(listing):
        by_claim.setdefault(turn.claim, turn)
    for n, claim in enumerate(listing.claims):
        if claim in known:
            continue
        if claim in by_claim:
            yield by_claim[claim]
        else:  # another amendment of the same day took its place
            last = listing.periods[-1]
            topic = "entity-added" if n == 0 else "entity-revised"
            period = listing.first if n == 0 else last
            yield Turn(day=period.start if n == 0 else last.end or last.start, type=topic, claim=claim, period=period)


def _beginning(listing: Listing) -> Turn:
    topic = "entity-found" if listing.provisional else "entity-added"
    return Turn(day=listing.first.start, type=topic, claim=listing.claims[0], period=listing.first)


def _last(listing: Listing) -> Turn:
    found = turns(listing)
    return found[-1] if found else _beginning(listing)


def _reads_otherwise(old: Listing, new: Listing) -> bool:
    """Whether what was known already now reads differently: not just has more after it, or tells what was left open."""
    # One amendment may begin two periods: that of a suspension, and that after it.
    mine = {(period.because, period.suspended): period for period in new.periods}
    both = [(period, mine[key]) for period in old.periods if (key := (period.because, period.suspended)) in mine]
    return any(_contradicts(before, after) or before.start != after.start for before, after in both)


def _contradicts(before: Period, after: Period) -> bool:
    return any(getattr(before, field) for field in differing(before, after))


def _row(listing: Listing, found: Iterable[Link], kind: str, turn: Turn, prefix: str = "") -> Change:
    citation = listing.citation_of(turn.claim)
    words = summarise_amendment(turn.type, listing.list, (turn.period.name,), turn.period.destination, citation)
    return {
        **_subject(listing, found),
        "kind": kind,
        "date": turn.day,
        "type": turn.type,
        "summary": prefix + words,
        "fact": listing.lineage,
    }


def _subject(listing: Listing, found: Iterable[Link]) -> Change:
    parties = parties_of(listing, found)
    return {
        "institution": None,
        "party": parties[0] if parties else None,
        "parties": ",".join(parties),
        "list": listing.list,
        "name": listing.last.name,
    }


def _corrected(listing: Listing, correction: Correction, found: Iterable[Link]) -> Change:
    turn = Turn(
        day=correction.published or listing.first.start, type="entity-corrected", claim=correction.claim, period=listing.last
    )
    row = _row(listing, found, "corrected", turn)
    return {**row, "summary": f"{row['summary']}: “{correction.wrong}” reads “{correction.right}”"}


def _announced(listing: Listing, filed: Announcement, found: Iterable[Link]) -> Change:
    turn = Turn(
        day=max(filed.effective, filed.published or ""), type=f"entity-{filed.change}", claim=filed.claim, period=listing.last
    )
    return _row(listing, found, "learnt", turn, ON_FILE)
