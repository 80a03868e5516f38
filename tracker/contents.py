"""What a digest says: the one model behind its text, HTML and JSON."""

import msgspec

from projections.rows import ChangeRow, EvidenceRow
from tracker.spans import Span
from tracker.steps import name_of


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """One line of a digest, with its sources.

    `sources` counts the independent ones. `cause` and `before` stand where it was told before and reads otherwise
    now, `also` where it was split. `told` are the ids of what it tells; none where it stands for a flood.
    """

    change: ChangeRow
    evidence: tuple[EvidenceRow, ...] = ()
    sources: int = 0
    cause: str | None = None
    before: ChangeRow | None = None
    also: tuple[ChangeRow, ...] = ()
    told: tuple[str, ...] = ()

    @property
    def standing(self) -> tuple[str, ...]:
        """The ids under which what it tells stands; none where it tells that something is no more."""
        lines = () if self.change.kind == "withdrawn" else (self.change, *self.also)
        return tuple(name_of(line) for line in lines)


class Group(msgspec.Struct, frozen=True, kw_only=True):
    """Lines of one kind."""

    title: str
    items: tuple[Item, ...]


class Content(msgspec.Struct, frozen=True, kw_only=True):
    """What a digest says, whoever is told. `coming` is a preview of what takes effect soon, and no news.

    `renamed` are names under which earlier digests told what goes by another name now: it reads as it did.
    """

    groups: tuple[Group, ...] = ()
    coming: tuple[Item, ...] = ()
    renamed: tuple[tuple[str, str], ...] = ()

    @property
    def size(self) -> int:
        """How many changes it carries."""
        return sum(len(group.items) for group in self.groups)

    @property
    def facts(self) -> tuple[str, ...]:
        """The ids of what it tells one by one, and of what goes by another name now; each once."""
        items = [*(item for group in self.groups for item in group.items), *self.coming]
        told = (one for item in items for one in item.told)
        return tuple(dict.fromkeys((*told, *(one for names in self.renamed for one in names))))

    @property
    def retracted(self) -> tuple[str, ...]:
        """Those of its facts of which it tells that they are no more, or go by another name."""
        items = [item for group in self.groups for item in group.items]
        standing = {one for item in (*items, *self.coming) for one in item.standing} | {new for _, new in self.renamed}
        return tuple(one for one in self.facts if one not in standing)


class Digest(msgspec.Struct, frozen=True, kw_only=True):
    """A digest of one watch."""

    watch: str
    number: int
    span: Span
    content: Content
    dates: str | None = None

    @property
    def size(self) -> int:
        """How many changes it carries."""
        return self.content.size

    @property
    def groups(self) -> tuple[Group, ...]:
        """Its lines by kind."""
        return self.content.groups
