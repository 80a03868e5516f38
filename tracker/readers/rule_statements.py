"""From amendments to statements: what is certain is stated, what is not is proposed and waits by name."""

from collections.abc import Sequence

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
            reason = f"a field is stated as printed: {amendment.doubt}" if amendment.doubt else ""
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
    evidence = Evidence(text="", start=amendment.start, end=amendment.end)
    entry, entity = amendment.entry, amendment.entity
    if amendment.change == "removed":
        return EntityRemoved(
            evidence=evidence,
            list=LIST,
            destination=amendment.destination,
            name=amendment.name,
            effective=day,
            citation=amendment.citation,
        )
    if amendment.change == "suspended":
        return EntitySuspended(
            evidence=evidence,
            list=LIST,
            destination=amendment.destination,
            name=amendment.name,
            effective=day,
            until=amendment.until or terms.effective.until,
            citation=amendment.citation,
        )
    if amendment.renames_only:
        return EntityRevised(
            evidence=evidence,
            list=LIST,
            destination=amendment.destination,
            name=amendment.name,
            effective=day,
            new_name=amendment.new_name,
            citation=amendment.citation,
        )
    if entry is None or entity is None:
        return None
    if amendment.change == "added" and amendment.moved_from is None:
        return EntityAdded(
            evidence=evidence,
            list=LIST,
            destination=amendment.destination,
            name=amendment.name,
            effective=day,
            country=_country(amendment.destination, registers),
            aliases=entity.aliases,
            addresses=entity.addresses,
            license_requirement=entry.requirement,
            review_policy=entry.policy,
            footnotes=entry.footnotes,
            citation=amendment.citation or None,
            until=terms.effective.until,
        )
    if amendment.change is None:
        return None
    moves = amendment.moved_from is not None and normalise(amendment.moved_from) != normalise(amendment.destination)
    return EntityRevised(
        evidence=evidence,
        list=LIST,
        destination=amendment.moved_from or amendment.destination,
        name=amendment.name,
        effective=day,
        new_name=amendment.new_name,
        new_destination=amendment.destination if moves else None,
        new_country=_country(amendment.destination, registers) if moves else None,
        aliases=entity.aliases,
        addresses=entity.addresses,
        license_requirement=entry.requirement,
        review_policy=entry.policy,
        footnotes=entry.footnotes,
        citation=amendment.citation or None,
        applicable=terms.effective.applicable if terms.corrects else None,
        corrects=terms.corrects,
    )


def _country(heading: str, registers: Registers) -> str | None:
    return registers.destinations.get(heading.upper().replace("’", "'"))
