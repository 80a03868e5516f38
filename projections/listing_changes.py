"""How the settled entries of a list differ before and after a unit, line by line, for the change log."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from events.names import addressed_as, normalise
from events.periods import Announcement, Correction, Listing, Period, Turn, turns
from events.statements import Alias
from events.words import ON_FILE, differing, summarise_amendment
from projections.listings import Before
from projections.rows import FieldChange, encode_fields
from projections.settled import Link, parties_of

Change = dict[str, Any]


def listing_changes(news: Before, found: Sequence[Link]) -> Iterator[Change]:
    """What was learnt, corrected or withdrawn about each entry."""
    before = {listing.lineage: listing for listing in news.before}
    after = {listing.lineage: listing for listing in news.after}
    carried_on = joined(news)
    for lineage in before.keys() | after.keys():
        old, new = before.get(lineage), after.get(lineage)
        if new is None:
            assert old is not None
            if lineage not in carried_on:
                prefix = "withdrawn before publication: " if old.filed else "no longer: "
                yield listing_row(old, found, "withdrawn", _beginning(old), prefix)
        elif old is None:
            yield from _new(new, found)
        else:
            yield from _changed(old, new, found)


def joined(news: Before) -> set[str]:
    """Histories that a copy of the list began, and that go on under the rule that was read since."""
    begun = {place_of(listing) for listing in news.after if not listing.provisional}
    return {listing.lineage for listing in news.before if listing.provisional and place_of(listing) in begun}


def place_of(listing: Listing) -> tuple[str, str, str]:
    """The list, destination and name under which an entry goes on."""
    return (listing.list, normalise(listing.last.destination), normalise(listing.last.name))


def _new(new: Listing, found: Sequence[Link]) -> Iterator[Change]:
    if new.filed:
        yield from (announced_row(new, one, found) for one in new.announced)
        return
    corrections = {one.claim: one for one in new.corrections}
    for turn in learnt_turns(new, set()):
        yield listing_row(new, found, "corrected" if turn.claim in corrections else "learnt", turn)
    yield from (_corrected(new, one, found) for one in new.corrections if one.wrong is not None)
    yield from (announced_row(new, one, found) for one in new.announced)


def _changed(old: Listing, new: Listing, found: Sequence[Link]) -> Iterator[Change]:
    if old.filed and not new.filed:
        yield listing_row(new, found, "learnt", _beginning(new), "published: ")
        yield from _from_claims(new, set(old.claims), found)
        return
    yield from _from_claims(new, set(old.claims), found)
    told = {one.claim for one in old.corrections}
    fresh = [one for one in new.corrections if one.claim not in told and one.wrong is not None]
    yield from (_corrected(new, one, found) for one in fresh)
    known = {one.claim for one in old.announced}
    yield from (announced_row(new, one, found) for one in new.announced if one.claim not in known)
    gone = set(old.claims) - set(new.claims)
    if gone:
        # What went is told as it was; another amendment of the same day may have hidden it.
        went = next((turn for turn in reversed(turns(old)) if turn.claim in gone), None)
        yield listing_row(new, found, "withdrawn", went or _last(new), "an amendment withdrawn: ")
    elif not fresh and _reads_otherwise(old, new):
        yield listing_row(new, found, "corrected", _beginning(new), "corrected: ")
    for one in old.announced:
        if one.claim not in new.claims and one.claim not in {other.claim for other in new.announced}:
            yield {**announced_row(new, one, found), "kind": "withdrawn"}


def _from_claims(new: Listing, known: set[str], found: Sequence[Link]) -> Iterator[Change]:
    correcting = {one.claim for one in new.corrections}
    for turn in learnt_turns(new, known):
        yield listing_row(new, found, "corrected" if turn.claim in correcting else "learnt", turn)


def learnt_turns(listing: Listing, known: set[str]) -> Iterator[Turn]:
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
    return any(contradicts(before, after) or before.start != after.start for before, after in both)


def contradicts(before: Period, after: Period) -> bool:
    """Whether a period reads otherwise than before: not just tells what was left open."""
    return any(getattr(before, field) for field in differing(before, after))


def listing_row(listing: Listing, found: Iterable[Link], kind: str, turn: Turn, prefix: str = "") -> Change:
    """One turn of an entry as a line of the log."""
    citation = listing.citation_of(turn.claim)
    words = summarise_amendment(turn.type, listing.list, (turn.period.name,), turn.period.destination, citation)
    return {
        **_subject(listing, found),
        "kind": kind,
        "date": turn.day,
        "type": turn.type,
        "summary": prefix + words,
        "fact": listing.lineage,
        "claim": turn.claim,
        "destination": turn.period.destination,
        "country": turn.period.country,
        "fields": encode_fields(revised_fields(listing, turn)),
    }


def _subject(listing: Listing, found: Iterable[Link]) -> Change:
    parties = parties_of(listing, found)
    return {
        "institution": None,
        "party": parties[0] if parties else None,
        "parties": ",".join(parties),
        "list": listing.list,
        "name": listing.last.name,
        "names": "\n".join(known_as(listing.names())),
        "listing": listing.lineage,
        "stance": None,
        "standing": "official",
    }


def known_as(names: Iterable[str]) -> tuple[str, ...]:
    """Names as they are compared: normalised, whole and as they are addressed."""
    return tuple(dict.fromkeys(form(name) for name in names for form in (normalise, addressed_as)))


def revised_fields(listing: Listing, turn: Turn) -> tuple[FieldChange, ...]:
    """What a revision changed: each field as it read in the period before and as it reads since."""
    if turn.type != "entity-revised" or turn.period not in listing.periods:
        return ()
    place = listing.periods.index(turn.period)
    if place == 0 or turn.period.because != turn.claim:
        return ()
    return field_changes(listing.periods[place - 1], turn.period)


def field_changes(before: Period, after: Period) -> tuple[FieldChange, ...]:
    """Field by field, how two periods of an entry differ."""
    return tuple(
        FieldChange(field=field, before=_told(getattr(before, field)), after=_told(getattr(after, field)))
        for field in differing(before, after)
    )


def _told(value: str | tuple[str | Alias, ...] | None) -> tuple[str, ...]:
    """A field's value as texts, none where it is empty."""
    values = value if isinstance(value, tuple) else (value,)
    return tuple(one.name if isinstance(one, Alias) else one for one in values if one)


def _corrected(listing: Listing, correction: Correction, found: Iterable[Link]) -> Change:
    turn = Turn(
        day=correction.published or listing.first.start, type="entity-corrected", claim=correction.claim, period=listing.last
    )
    row = listing_row(listing, found, "corrected", turn)
    return {**row, "summary": f"{row['summary']}: “{correction.wrong}” reads “{correction.right}”"}


def announced_row(listing: Listing, filed: Announcement, found: Iterable[Link]) -> Change:
    """What is on file about an entry as a line of the log."""
    turn = Turn(
        day=max(filed.effective, filed.published or ""), type=f"entity-{filed.change}", claim=filed.claim, period=listing.last
    )
    return listing_row(listing, found, "learnt", turn, ON_FILE)
