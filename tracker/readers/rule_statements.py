"""From amendments to statements: what is certain is stated, what is not is proposed and waits by name."""

from collections.abc import Sequence
from typing import Any

import msgspec

from events.base import Evidence
from events.documents import Quarantine
from events.names import normalise
from events.statements import EntityAdded, EntityRemoved, EntityRevised, EntitySuspended, Statement
from tracker.readers.amendment import LIST, Amendment
from tracker.readers.rule_dates import Effective
from tracker.registers import Registers


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """When a rule takes effect and for how long, and the number of the document that it corrects, if it does."""

    effective: Effective
    corrects: str | None = None


def state(
    amendments: Sequence[Amendment], terms: Terms, registers: Registers
) -> tuple[tuple[Statement, ...], tuple[Quarantine, ...]]:
    """Certain amendments become statements; the others are quarantined by name, proposed where they can be.

    A proposal counts nowhere until a person accepts it.
    """
    statements: list[Statement] = []
    quarantined: list[Quarantine] = []
    for amendment in amendments:
        effective = terms.effective
        day = effective.of(amendment.number)
        trouble = amendment.trouble or effective.trouble or _term_trouble(amendment, effective)
        if amendment.effective is not None and amendment.effective != day:
            trouble = trouble or f"the instruction is effective {amendment.effective}, the rule says {day}"
        statement = None if day is None else _statement(amendment, day, terms, registers)
        reason = trouble or "what is done to the entry is not understood"
        if statement is not None and trouble:
            statements.append(msgspec.structs.replace(statement, standing="proposed"))
        elif statement is not None:
            statements.append(statement)
            doubt = amendment.doubt or _doubtful_destination(amendment, registers)
            reason = f"a field is stated as printed: {doubt}" if doubt else ""
        if reason:
            quarantined.append(
                Quarantine(
                    list=LIST,
                    reason=reason,
                    change=amendment.change,
                    destination=amendment.destination,
                    name=amendment.name or amendment.guess,
                )
            )
    return tuple(statements), tuple(quarantined)


def _term_trouble(amendment: Amendment, effective: Effective) -> str | None:
    """A term is understood for what is added or suspended for a time; another change undone by itself is not."""
    if amendment.change == "suspended" and amendment.until is None and effective.until is None:
        return "the entry is suspended, and until when is not told"
    if effective.until is not None and amendment.change in {"revised", "removed"}:
        return f"the rule is in force until {effective.until}, and what becomes of the entry then is not told"
    return None


def _statement(amendment: Amendment, day: str, terms: Terms, registers: Registers) -> Statement | None:
    if amendment.destination is None or amendment.name is None:
        return None
    named: dict[str, Any] = {
        "evidence": Evidence(text="", start=amendment.start, end=amendment.end),
        "list": LIST,
        "destination": amendment.destination,
        "name": amendment.name,
        "effective": day,
        "citation": amendment.citation or None,
    }
    if amendment.change == "removed":
        return EntityRemoved(**named)
    if amendment.change == "suspended":
        return EntitySuspended(until=amendment.until or terms.effective.until, **named)
    if amendment.renames_only:
        return EntityRevised(new_name=amendment.new_name, **named)
    entry, entity = amendment.entry, amendment.entity
    if entry is None or entity is None or amendment.change is None:
        return None
    printed: dict[str, Any] = {
        "aliases": entity.aliases,
        "addresses": entity.addresses,
        "license_requirement": entry.requirement,
        "review_policy": entry.policy,
        "footnotes": entry.footnotes,
    }
    country = _country(amendment.destination, registers)
    if amendment.change == "added" and amendment.moved_from is None:
        return EntityAdded(country=country, until=terms.effective.until, **printed, **named)
    moves = amendment.moved_from is not None and normalise(amendment.moved_from) != normalise(amendment.destination)
    return EntityRevised(
        **{**named, "destination": amendment.moved_from or amendment.destination},
        **printed,
        new_name=amendment.new_name,
        new_destination=amendment.destination if moves else None,
        new_country=country if moves else None,
        applicable=terms.effective.applicable if terms.corrects else None,
        corrects=terms.corrects,
    )


def _doubtful_destination(amendment: Amendment, registers: Registers) -> str | None:
    """What is the matter with the heading of a new or moved entry: one that nobody has seen before may be misprinted."""
    if amendment.change != "added" or amendment.destination is None or _country(amendment.destination, registers):
        return None
    return f"the destination is not a known one: {amendment.destination!r}"


def _country(heading: str, registers: Registers) -> str | None:
    return registers.destinations.get(heading.upper().replace("’", "'"))
