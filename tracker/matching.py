"""Which watches a change is news to: an inverted index from what a change is about to the queries that name it.

Watches with the same filters share one query, so ten thousand of them cost as much as their different filters do.
A query that names no subject takes everything; it is kept apart, by type where it gives types.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

import msgspec

from events.names import addressed_as, contains_words, normalise
from events.operations import WatchTerms
from projections.rows import ChangeRow

Key = tuple[str, str]
OPERATORS: Final = "source-"
"""How the types begin that tell how sources fare: only operators, and who asks for the type, are told of those."""
_STANDINGS: Final = {"proposed": 0, "reported": 1, "first-hand": 2, "official": 3}


class Query(msgspec.Struct, frozen=True, kw_only=True):
    """The filters of a watch; `names` are those of its saved lists, as they are compared."""

    institutions: tuple[str, ...] = ()
    parties: tuple[str, ...] = ()
    lists: tuple[str, ...] = ()
    destinations: tuple[str, ...] = ()
    listings: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    has_names: bool = False
    types: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    stances: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    words: tuple[str, ...] = ()
    standing: str | None = None
    operators: bool = False

    def subjects(self) -> Iterator[Key]:
        """What it names: a change with any of these is news, unless another filter leaves it out."""
        yield from (("institution", one) for one in self.institutions)
        yield from (("party", one) for one in self.parties)
        yield from (("list", one) for one in self.lists)
        yield from (("destination", normalise(one)) for one in self.destinations)
        for one in self.listings:
            yield from (("lineage", one), ("entry", normalise(one)))
        yield from (("name", one) for one in self.names)

    @property
    def names_something(self) -> bool:
        """Whether it names subjects at all; a saved list without names takes nothing, and not everything."""
        return bool(self.has_names or self.institutions or self.parties or self.lists or self.destinations or self.listings)

    def takes(self, change: ChangeRow, said: Callable[[], str]) -> bool:
        """Whether the filters that narrow let a change pass; `said` gives the words it is found by."""
        return (
            (not self.types or change.type in self.types)
            and (not self.sources or change.source in self.sources)
            and (not self.stances or change.stance in self.stances)
            and (not self.languages or change.language in self.languages)
            and (self.standing is None or _STANDINGS.get(change.standing or "", 0) >= _STANDINGS[self.standing])
            and (not self.words or any(contains_words(said(), normalise(word)) for word in self.words))
        )


def query_of(
    terms: WatchTerms, names: Callable[[str], Iterable[str]], entries: Callable[[str], Iterable[Key]] = lambda _: ()
) -> Query:
    """The filters of a watch; `names` reads a saved list by its reference, `entries` tells whom registers call so.

    A partner is seldom listed under the name by which it is saved: what is known of the party or institution is news too.
    """
    listed = [name for reference in terms.names for name in names(reference)]
    saved = {form(name) for name in listed for form in (normalise, addressed_as)}
    known = {key for name in listed for key in entries(name)}
    return Query(
        institutions=_with(terms.institutions, known, "institution"),
        parties=_with(terms.parties, known, "party"),
        lists=terms.lists,
        destinations=terms.destinations,
        listings=terms.listings,
        names=tuple(sorted(saved)),
        has_names=bool(terms.names),
        types=terms.types,
        sources=terms.sources,
        stances=terms.stances,
        languages=terms.languages,
        words=terms.words,
        standing=terms.standing,
        operators=terms.operators,
    )


def _with(ids: tuple[str, ...], known: Iterable[Key], kind: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*ids, *sorted(id_ for of_kind, id_ in known if of_kind == kind)]))


class Index:
    """The numbers of the queries that a change is news to."""

    def __init__(self, queries: Sequence[Query]) -> None:
        self.queries = queries
        self._naming: defaultdict[Key, list[int]] = defaultdict(list)
        self._everything: list[int] = []
        self._of_type: defaultdict[str, list[int]] = defaultdict(list)
        self._operators: list[int] = []
        for number, query in enumerate(queries):
            for key in set(query.subjects()):
                self._naming[key].append(number)
            if query.operators:
                self._operators.append(number)
            if not query.names_something:
                self._add_everything(number, query)

    def _add_everything(self, number: int, query: Query) -> None:
        if not query.types:
            self._everything.append(number)
        for one in query.types:
            self._of_type[one].append(number)

    def wanting_sources(self) -> set[int]:
        """The queries that are told how sources fare."""
        asking = {number for number, query in enumerate(self.queries) if any(one.startswith(OPERATORS) for one in query.types)}
        return asking.union(self._operators)

    def matching(self, change: ChangeRow) -> list[int]:
        """The queries whose watches take a change, each once.

        What is withdrawn reaches all that name its subjects: words that are no longer said match nothing.
        """
        if change.type.startswith(OPERATORS):
            return self._matching_source(change)
        found: set[int] = set(self._everything)
        found.update(self._of_type.get(change.type, ()))
        for key in subjects_of(change):
            found.update(self._naming.get(key, ()))
        if change.kind == "withdrawn":
            return sorted(found)
        said = _Said(change)
        return [number for number in sorted(found) if self.queries[number].takes(change, said)]

    def _matching_source(self, change: ChangeRow) -> list[int]:
        asked = {number for number, query in enumerate(self.queries) if change.type in query.types}
        found = sorted(asked.union(self._operators))
        return [one for one in found if not self.queries[one].sources or change.source in self.queries[one].sources]


class _Said:
    """The words that a change is found by, put together when first asked for."""

    def __init__(self, change: ChangeRow) -> None:
        self._change = change
        self._words: str | None = None

    def __call__(self) -> str:
        if self._words is None:
            change = self._change
            told = (change.summary, change.name or "", change.title or "", *change.names)
            self._words = " | ".join(normalise(one) for one in told)
        return self._words


def subjects_of(change: ChangeRow) -> Iterator[Key]:
    """All that a query may name a change by."""
    if change.institution:
        yield ("institution", change.institution)
    for party in {change.party, *change.parties}:
        if party:
            yield ("party", party)
    if change.list:
        yield ("list", change.list)
    if change.destination:
        yield ("destination", normalise(change.destination))
    if change.country:
        yield ("destination", normalise(change.country))
    if change.listing:
        yield ("lineage", change.listing)
        yield from (("entry", name) for name in change.names)
    yield from (("name", name) for name in change.names)
