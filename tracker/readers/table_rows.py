"""The rows of a rule's tables as instructions look for them: by destination and name, each taken once."""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache

from events.names import normalise
from tracker.readers.entity_cell import name_end, name_with_aliases
from tracker.readers.entity_table import Entry
from tracker.readers.headings import Headings

# Of ASCII: the letters in lower case, and all that is no letter, digit or underscore.
_LOWER = bytes(range(256)).lower()
_NO_WORDS = bytes(code for code in range(128) if not (chr(code).isalnum() or chr(code) == "_"))


class Rows:
    """The rows of one numbered paragraph's tables, and which of them are spoken for."""

    def __init__(self, entries: Sequence[Entry], headings: Headings) -> None:
        self.entries = entries
        self.free = dict.fromkeys(range(len(entries)))
        self.contested: Counter[str | None] = Counter()
        """How many more rows bear a name than instructions name them, by destination."""
        names = [name_with_aliases(entry.lines) for entry in entries]
        self._apart = [name is not None for name in names]
        self._squeezed = [squeezed(name or entry.lines[0]) for name, entry in zip(names, entries, strict=True)]
        self._at: dict[str | None, list[int]] = defaultdict(list)
        self._named: dict[tuple[str | None, str], list[int]] = defaultdict(list)
        """The rows whose name is set apart, by destination and squeezed name."""
        self._running: dict[str | None, list[tuple[str, int]]] = defaultdict(list)
        """The others by destination, each with its squeezed first line; sorted, so that those that begin alike adjoin."""
        for place, entry in enumerate(entries):
            destination = headings.same(entry.destination)
            self._at[destination].append(place)
            if self._apart[place]:
                self._named[destination, self._squeezed[place]].append(place)
            else:
                self._running[destination].append((self._squeezed[place], place))
        for lines in self._running.values():
            lines.sort()

    def under(self, destination: str | None) -> list[int]:
        """The free rows under a destination."""
        return [place for place in self._at.get(destination, ()) if place in self.free]

    def named(self, destination: str | None, name: str) -> list[int]:
        """The free rows under a destination that bear a name, or begin with it where nothing sets it apart."""
        wanted = squeezed(name)
        found = [*self._named.get((destination, wanted), ())]
        lines = self._running.get(destination, ())
        at = bisect_left(lines, (wanted, -1))
        while at < len(lines) and lines[at][0].startswith(wanted):
            place = lines[at][1]
            if name_end(self.entries[place].lines[0], name) is not None:
                found.append(place)
            at += 1
        return [place for place in sorted(found) if place in self.free]

    def each(self, destination: str | None, names: Sequence[str]) -> dict[str, list[int]]:
        """The free rows of each of several names; longer names first, as a row may begin with a shorter one."""
        found: dict[str, list[int]] = {}
        claimed: set[int] = set()
        for name in sorted(names, key=len, reverse=True):
            found[name] = [place for place in self.named(destination, name) if place not in claimed]
            claimed.update(found[name])
        return found

    def apart(self, place: int) -> bool:
        """Whether a row sets its name apart from what follows."""
        return self._apart[place]

    def begins(self, place: int, names: Mapping[str, str]) -> list[str]:
        """Those of the squeezed names (to the names themselves) that an entry without a name set apart begins with."""
        if self._apart[place]:
            return []
        line, text = self._squeezed[place], self.entries[place].lines[0]
        begun = [name for key, name in names.items() if line.startswith(key)]
        return [name for name in begun if name_end(text, name) is not None]

    def take(self, place: int) -> Entry:
        """Marks a row as spoken for."""
        self.free.pop(place, None)
        return self.entries[place]


@lru_cache(maxsize=16384)
def squeezed(name: str) -> str:
    """A name without blanks, case and punctuation: how names are compared within one document."""
    return name.encode().translate(_LOWER, _NO_WORDS).decode() if name.isascii() else normalise(name).replace(" ", "")
