"""What is told of one line of a digest, in whatever form: who says so, what was told before, how fields read."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Final

from projections.rows import ChangeRow, EvidenceRow, FieldChange
from tracker.dates import say

if TYPE_CHECKING:
    from tracker.contents import Item
    from tracker.deliver import told

_FIELDS: Final = {
    "name": "name",
    "destination": "destination",
    "aliases": "other names",
    "addresses": "addresses",
    "license_requirement": "license requirement",
    "review_policy": "license review policy",
    "footnotes": "footnotes",
}
_CAUSES: Final = {
    "learnt": "told more exactly by a later source",
    "corrected": "corrected",
    "merged": "the same as another report",
    "split": "not one thing but several",
    "reread": "read again, with another result",
    "decided": "decided by a person",
}


def source_line(evidence: "EvidenceRow | told.Source") -> str:
    """Who says so: outlet or document, and whom it credits."""
    who = one_line(evidence.outlet or evidence.title or evidence.document.rpartition("/")[2])
    credit = f", told {one_line(evidence.attributed_to)}" if evidence.attributed_to else ""
    return f"{who}{credit}"


def one_line(text: str) -> str:
    """Text of others on one line, without control characters, so that it cannot pose as ours."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def counted(item: "Item | told.Item") -> str:
    """How many independent sources there are, where one would be few: an official document is its own proof."""
    if item.change.standing == "official" or not item.sources:
        return ""
    return "1 source" if item.sources == 1 else f"{item.sources} independent sources"


def notes(item: "Item | told.Item", dates: str | None) -> Iterator[str]:
    """What is told below a line: what was told before, until when it holds, and how fields read."""
    if item.cause == "withdrawn":
        rested = "; what it rested on is named with it" if item.evidence else ""
        yield f"retracted: it was told before, and no source tells it any more{rested}"
    elif item.before is not None:
        cause = _CAUSES.get(item.cause or "", "reads otherwise")
        before = _line(item.before, dates)
        same = before == _line(item.change, dates) and item.before.standing != item.change.standing
        yield f"{cause}; told before: {f'the same, as {item.before.standing}' if same else before}"
    yield from (f"and: {_line(also, dates)}" for also in item.also)
    yield from _term(item, dates)
    yield from map(field_line, item.change.fields)


def _term(item: "Item | told.Item", dates: str | None) -> Iterator[str]:
    """The last day of what an amendment brings for a time, as it states it; rules in force for a time say it themselves."""
    change = item.change
    if item.told and change.type.startswith("entity-") and change.kind != "withdrawn":
        last = [one.details.get("until") for one in item.evidence if one.type == change.type]
        if last and isinstance(last[-1], str):
            yield f"by its own terms until {say(last[-1], dates)}"


def _line(change: "ChangeRow | told.Line", dates: str | None) -> str:
    return f"{say(change.date, dates)}: {one_line(change.summary)}"


def field_line(field: FieldChange) -> str:
    """A field as it read and as it reads; of names and addresses, what came and what went."""
    name = _FIELDS.get(field.field, field.field)
    if field.field in {"aliases", "addresses", "footnotes"}:
        came = [one for one in field.after if one not in field.before]
        gone = [one for one in field.before if one not in field.after]
        told = [f"{word} {_quoted(texts)}" for word, texts in (("added", came), ("dropped", gone)) if texts]
        return f"{name}: {'; '.join(told) or 'in another order'}"
    return f"{name}: {_quoted(field.before) or 'none'} → {_quoted(field.after) or 'none'}"


def _quoted(texts: "tuple[str, ...] | list[str]") -> str:
    return ", ".join(f"“{one_line(text)}”" for text in texts)
