"""The rows of a rule's tables as instructions look for them: by destination and name, each taken once."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from events.names import normalise
from tracker.readers.entity_cell import name_end, name_with_aliases
from tracker.readers.entity_table import Entry
from tracker.readers.headings import Headings


class Rows:
    """The rows of one numbered paragraph's tables, and which of them are spoken for."""

    def __init__(self, entries: Sequence[Entry], headings: Headings) -> None:
        self.entries = entries
        self.free = dict.fromkeys(range(len(entries)))
        self.contested: Counter[str | None] = Counter()
        """How many more rows bear a name than instructions name them, by destination."""
        self._apart = [name_with_aliases(entry.lines) is not None for entry in entries]
        self._squeezed = [squeezed(name_with_aliases(entry.lines) or entry.lines[0]) for entry in entries]
        self._at: dict[str | None, list[int]] = defaultdict(list)
        for place, entry in enumerate(entries):
            self._at[headings.same(entry.destination)].append(place)

    def under(self, destination: str | None) -> list[int]:
        """The free rows under a destination."""
        return [place for place in self._at.get(destination, ()) if place in self.free]

    def named(self, destination: str | None, name: str) -> list[int]:
        """The free rows under a destination that bear a name, or begin with it where nothing sets it apart."""
        return [place for place in self.under(destination) if self._bears(place, name)]

    def each(self, destination: str | None, names: Sequence[str]) -> dict[str, list[int]]:
        """The free rows of each of several names; longer names first, as a row may begin with a shorter one."""
        found: dict[str, list[int]] = {}
        claimed: set[int] = set()
        for name in sorted(names, key=len, reverse=True):
            found[name] = [place for place in self.named(destination, name) if place not in claimed]
            claimed.update(found[name])
        return found

    def _bears(self, place: int, name: str) -> bool:
        wanted = squeezed(name)
        if self._apart[place] or not self._squeezed[place].startswith(wanted):
            return self._squeezed[place] == wanted
        return name_end(self.entries[place].lines[0], name) is not None

    def begins(self, place: int, names: Mapping[str, str]) -> list[str]:
        """Those of the squeezed names (to the names themselves) that an entry without a name set apart begins with."""
        if self._apart[place]:
            return []
        line, text = self._squeezed[place], self.entries[place].lines[0]
        return [name for key, name in names.items() if line.startswith(key) and name_end(text, name) is not None]

    def take(self, place: int) -> Entry:
        """Marks a row as spoken for."""
        self.free.pop(place, None)
        return self.entries[place]


@lru_cache(maxsize=16384)
def squeezed(name: str) -> str:
    """A name without blanks, case and punctuation: how names are compared within one document."""
    return normalise(name).replace(" ", "")
