"""Composes a digest: which lines it has, in which groups.

Its content follows from the span, the watch and the state of knowledge at the span's end alone, so any past
digest can be computed again.
"""

from collections import OrderedDict
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Final

import msgspec

from events.words import ON_FILE
from projections.rows import ChangeRow, EvidenceRow
from tracker.contents import Content, Digest, Group, Item
from tracker.corrections import Corrected, Restated
from tracker.floods import MOST_OF_ONE, Line, merged
from tracker.matching import OPERATORS
from tracker.news import COMING_DAYS, News, Wanted, later
from tracker.steps import name_of

RENDERER: Final = 4
"""The version of composing and rendering. What it makes of the same facts must not change without a new one."""
CATCHING_UP: Final = timedelta(days=30)
"""A document that could be read so long before a watch began is old to it, however late it is taken in."""
MOST_OLD: Final = 10
"""Changes of old documents that are told one by one; a backfill, or old bytes read again, bring thousands."""
_KEPT: Final = 64
"""Contents kept for the next watch of the same filters; those come one after the other."""


def _is_corrected(line: Line) -> bool:
    return line.corrected is not None and line.corrected.cause != "learnt"


def _is_announced(line: Line, day_until: str) -> bool:
    change = line.change
    if change.kind == "effect" or not change.type.startswith(("entity-", "rule-")):
        return False
    return change.summary.startswith(ON_FILE) or change.date > day_until


def _is_of(*types: str) -> Callable[[Line, str], bool]:
    return lambda line, _: line.change.type in types


_GROUPS: Final[tuple[tuple[str, Callable[[Line, str], bool]], ...]] = (
    ("Corrected or retracted", lambda line, _: _is_corrected(line)),
    ("Taken in late", lambda line, _: line.is_late),
    ("Took effect", lambda line, _: line.change.kind == "effect"),
    ("Announced", _is_announced),
    ("Added to a list", _is_of("entity-added")),
    ("Revised on a list", _is_of("entity-revised", "entity-corrected")),
    ("Removed from a list", _is_of("entity-removed")),
    ("Suspended for a time", _is_of("entity-suspended")),
    ("Rules in force for a time", _is_of("rule-in-force")),
    ("Institutions responded", _is_of("institution-responded")),
    ("Ties ended", _is_of("tie-ended")),
    ("Ties reported", _is_of("tie-reported")),
    ("Reviews opened", _is_of("review-opened")),
    ("Listed parties responded", _is_of("entity-responded")),
    ("Listings reported by the press", _is_of("listing-reported")),
    ("Sources failing or silent", lambda line, _: line.change.type.startswith(OPERATORS)),
    ("Other changes", lambda *_: True),
)


class Composer:
    """Composes the digests of any number of watches from the same news; equal content is made once."""

    def __init__(self, news: News, most: int = MOST_OF_ONE) -> None:
        self._news = news
        self._most = most
        self._items: dict[int, tuple[Line, Item]] = {}
        self._contents: OrderedDict[tuple[object, ...], tuple[list[Line], Content]] = OrderedDict()

    def compose(self, wanted: Wanted, number: int) -> Digest:
        """What is news to a watch in its span."""
        span, terms = wanted.span, wanted.watching.terms
        restated = self._news.restated(wanted)
        lines = [*self._effects(wanted), *self._learnt(wanted, restated)]
        told = [
            _corrected_line(one, () if one.lines else self._news.told_by(one.before, span.after)) for one in restated.corrections
        ]
        content = self._content([*told, *lines], self._coming(wanted, lines), span.day_until)
        content = msgspec.structs.replace(content, renamed=restated.renamed) if restated.renamed else content
        return Digest(watch=terms.watch, number=number, span=span, content=content, dates=terms.dates)

    def _effects(self, wanted: Wanted) -> list[Line]:
        span = wanted.span
        return [
            Line(one.change)
            for one in self._news.taken(wanted.watching.watch).effects
            if one.learnt is not None and one.learnt <= span.after and span.day_after < one.change.date <= span.day_until
        ]

    def _coming(self, wanted: Wanted, lines: Sequence[Line]) -> list[Line]:
        """What takes effect soon, but for what the same digest tells as news."""
        first, last = wanted.span.day_until, later(wanted.span.day_until, COMING_DAYS)
        news = {line.change.claim for line in lines}
        effects = self._news.taken(wanted.watching.watch).effects
        return [Line(one.change) for one in effects if first < one.change.date <= last and one.change.claim not in news]

    def _learnt(self, wanted: Wanted, restated: Restated) -> list[Line]:
        """One line a fact, as it stands."""
        span, since = wanted.span, wanted.watching.terms.since
        corrected = {one.before.listing for one in restated.corrections} - {None}
        lines: dict[tuple[str, str], ChangeRow] = {}
        for change in self._news.taken(wanted.watching.watch).learnt:
            if change.position is None or not span.after < change.position <= span.until:
                continue
            for stands in self._news.standing(change, wanted):
                if name_of(stands) in restated.names:
                    continue  # known, or told as a correction
                if stands.listing in corrected and stands.kind not in {"learnt", "effect"}:
                    continue
                key = (name_of(stands), stands.type)
                lines.pop(key, None)
                lines[key] = stands
        return _without_echoes(_without_old(list(lines.values()), since))

    def _content(self, lines: list[Line], coming: list[Line], day_until: str) -> Content:
        key = tuple((id(line.corrected or line.change), line.stands_for) for line in (*lines, *coming))
        whole = (len(lines), day_until, key)
        if whole not in self._contents:
            made = self._made(lines, coming, day_until)
            if any(line.corrected for line in lines):
                return made  # of this watch alone
            self._contents[whole] = ([*lines, *coming], made)  # the lines are kept so that their ids stay theirs
            if len(self._contents) > _KEPT:
                self._contents.popitem(last=False)
        return self._contents[whole][1]

    def _made(self, lines: list[Line], coming: list[Line], day_until: str) -> Content:
        groups = []
        for title, belongs in _GROUPS:
            mine = [line for line in lines if belongs(line, day_until)]
            lines = [line for line in lines if not belongs(line, day_until)]
            if mine:
                groups.append(Group(title=title, items=tuple(self._item(line) for line in merged(mine, self._most))))
        return Content(groups=tuple(groups), coming=tuple(self._item(line) for line in merged(coming, self._most)))

    def _item(self, line: Line) -> Item:
        if line.corrected is not None or line.stands_for:
            return self._new_item(line)
        key = id(line.change)
        if key not in self._items:
            self._items[key] = (line, self._new_item(line))
        return self._items[key][1]

    def _new_item(self, line: Line) -> Item:
        change, one = line.change, line.corrected
        evidence, sources = self._news.evidence(change) if one is None or one.lines else (line.was_told_by, 0)
        shown = msgspec.structs.replace(change, names=())
        if line.stands_for:
            command = "tracker changes" if change.change is None else f"tracker changes --after {change.change - 1}"
            words = f"{change.summary}, and {line.stands_for:,} more{line.of_what}: `{command}` lists them"
            return Item(change=msgspec.structs.replace(shown, summary=words), evidence=evidence, sources=sources)
        if one is None:
            return Item(change=shown, evidence=evidence, sources=sources, told=(name_of(change),))
        return Item(
            change=shown,
            evidence=evidence,
            sources=sources,
            cause=one.cause,
            before=msgspec.structs.replace(one.before, names=()),
            also=tuple(msgspec.structs.replace(also, names=()) for also in one.lines[1:]),
            told=tuple(sorted(one.ids)),
        )


def _corrected_line(one: Corrected, was_told_by: tuple[EvidenceRow, ...]) -> Line:
    """How a fact that was told stands now; a retracted one as it was, with who said so."""
    if one.lines:
        kind = one.cause if one.cause in {"learnt", "reread", "decided"} else "corrected"
        change = msgspec.structs.replace(one.lines[0], kind=kind, fields=one.fields or one.lines[0].fields)
    else:
        change = msgspec.structs.replace(one.before, kind="withdrawn", summary=f"no longer: {one.before.summary}")
    return Line(change, corrected=one, was_told_by=was_told_by)


def _without_echoes(lines: list[Line]) -> list[Line]:
    """What the press reported of a listing that the same digest tells officially is its evidence, not news."""
    official = {
        party for line in lines for party in line.change.parties if line.change.type.startswith("entity-") and line.change.list
    }
    return [line for line in lines if line.change.type != "listing-reported" or line.change.party not in official]


def _without_old(changes: list[ChangeRow], since: datetime) -> list[Line]:
    """The changes, with those of old documents told in one line where they are many."""
    old = [change for change in changes if _is_old(change, since)]
    if len(old) <= MOST_OLD:
        return [Line(change) for change in changes]
    late = Line(old[0], stands_for=len(old) - 1, of_what=" from documents of long before this watch began", is_late=True)
    return [late, *(Line(change) for change in changes if not _is_old(change, since))]


def _is_old(change: ChangeRow, since: datetime) -> bool:
    """Whether the document could be read long before the watch began: a backfill, or a new reading of old bytes."""
    return change.available is not None and datetime.fromisoformat(change.available) + CATCHING_UP < since
