"""Puts corrections into what they correct, before anything is folded.

A correction ("a" should read "b") states no day of effect: the document it corrects reads as if it had been
printed so. So its words are put into that document's amendments, and the fold goes on as always; without
the correction (at an earlier state of knowledge) it folds what was printed.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any, Final

import msgspec

from events.names import normalise
from events.periods import Correction, Unmatched
from events.said import Said
from events.statements import Alias, Amendment, EntityAdded, EntityCorrected, EntityRevised

_ITEMS: Final = re.compile(r";\s*(?:and\s+)?")
_TEXTS: Final = ("name", "new_name", "license_requirement", "review_policy")


class Corrected(msgspec.Struct, frozen=True):
    """The amendments as corrected, the corrections by the claim they went into, and those that fit nothing."""

    amendments: tuple[Said, ...]
    corrections: dict[str, tuple[Correction, ...]]
    unmatched: tuple[Unmatched, ...]


def correct(said: Iterable[Said]) -> Corrected:
    """Applies every correction to the document it names, in the order of their publication."""
    amendments: list[Said] = []
    corrections: list[Said] = []
    for one in said:
        (corrections if isinstance(one.statement, EntityCorrected) else amendments).append(one)
    applied: dict[str, tuple[Correction, ...]] = defaultdict(tuple)
    unmatched: list[Unmatched] = []
    for correction in sorted(corrections, key=lambda one: (one.published_day, one.document, one.statement.place)):
        wanted = correction.statement
        assert isinstance(wanted, EntityCorrected)
        meant = [n for n, one in enumerate(amendments) if _is_meant(one, wanted)]
        words = _words(wanted, [amendments[n].statement for n in meant])
        fitting = [n for n in meant if any(wrong in text for wrong, _ in words for text in _texts(amendments[n].statement))]
        if not fitting or correction.filed:
            unmatched.append(_waiting(correction, wanted, meant=bool(meant)))
            continue
        for n in fitting:
            statement = amendments[n].statement
            amendments[n] = msgspec.structs.replace(amendments[n], statement=_put_right(statement, words))
            applied[statement.claim] += (_correction(correction, wanted),)
    return Corrected(tuple(amendments), dict(applied), tuple(unmatched))


def _is_meant(one: Said, wanted: EntityCorrected) -> bool:
    amendment = one.statement
    assert isinstance(amendment, Amendment)
    names = {normalise(wanted.name), normalise(wanted.name.replace(wanted.right, wanted.wrong))}
    return (
        one.document.rpartition("/")[2] == wanted.corrects
        and amendment.list == wanted.list
        and normalise(amendment.destination) == normalise(wanted.destination)
        and (normalise(amendment.name) in names or normalise(getattr(amendment, "new_name", None) or "") in names)
    )


def _words(wanted: EntityCorrected, statements: Sequence[Any]) -> list[tuple[str, str]]:
    """What to replace by what: the words as printed, or item by item where they run over several addresses."""
    whole = [(wanted.wrong, wanted.right)]
    if any(wanted.wrong in text for statement in statements for text in _texts(statement)):
        return whole
    wrong, right = (_ITEMS.split(text.rstrip(" .")) for text in (wanted.wrong, wanted.right))
    if len(wrong) != len(right):
        return whole
    return [(one, other) for one, other in zip(wrong, right, strict=True) if one != other]


def _texts(statement: Any) -> Sequence[str]:
    texts = [value for field in _TEXTS if (value := getattr(statement, field, None))]
    texts += [alias.name for alias in getattr(statement, "aliases", None) or ()]
    return [*texts, *(getattr(statement, "addresses", None) or ())]


def _put_right(statement: Any, words: Sequence[tuple[str, str]]) -> Any:
    def right(text: str) -> str:
        for wrong, instead in words:
            text = text.replace(wrong, instead)
        return text

    changes: dict[str, Any] = {field: right(value) for field in _TEXTS if (value := getattr(statement, field, None))}
    if isinstance(statement, EntityAdded | EntityRevised):
        if statement.aliases is not None:
            changes["aliases"] = tuple(Alias(name=right(alias.name), kind=alias.kind) for alias in statement.aliases)
        if statement.addresses is not None:
            changes["addresses"] = tuple(right(address) for address in statement.addresses)
    return msgspec.structs.replace(statement, **changes)


def _correction(said: Said, wanted: EntityCorrected) -> Correction:
    return Correction(
        claim=wanted.claim,
        corrects=wanted.corrects,
        wrong=wanted.wrong,
        right=wanted.right,
        citation=said.citation,
        published=said.published,
    )


def _waiting(said: Said, wanted: EntityCorrected, *, meant: bool) -> Unmatched:
    why = f"“{wanted.wrong}” does not stand in the entry"
    if said.filed:
        why = "it is on file for public inspection and not published"
    elif not meant:
        why = f"document {wanted.corrects} has not been read, or does not name the entry"
    return Unmatched(
        claim=wanted.claim,
        list=wanted.list,
        destination=wanted.destination,
        name=wanted.name,
        change="corrected",
        document=said.document,
        reason=f"a correction waits: {why}",
    )
