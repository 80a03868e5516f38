"""Puts on record what readings rest on: registers and lexicons, adopted by an event before their first use."""

from collections.abc import Sequence
from datetime import datetime

from events.base import Event, Recorded
from events.decisions import PartyLinked, PartyUnlinked, RegisterAdopted
from tracker.archive import Archive
from tracker.config import Config, packaged_directory
from tracker.errors import ConfigError
from tracker.ledger import Decide, Ledger
from tracker.readers.lexicon_check import check_lexicon

LinkKey = tuple[str, str, str, str]


def adopt(config: Config, ledger: Ledger, archive: Archive, now: datetime) -> int:
    """Archives and adopts every register that is new or changed; gives how many events that took.

    A changed register of parties also links and unlinks entries of lists, in the same append, so that
    which entries are whose is a matter of record.
    """
    added = 0
    for name, content in config.contents.items():
        stream, decide = f"register/{name}", _adoption(config, name)
        if decide(ledger.stream(stream)):
            check_own(config, name)
            archive.put(content)
            added += len(ledger.append(stream, decide, now))
    return added


def check_own(config: Config, name: str) -> None:
    """Raises ConfigError for a lexicon that cannot be used; the packaged ones are sound, and take seconds together."""
    if not name.startswith("lexicon/") or config.files[f"{name}.toml"].is_relative_to(packaged_directory()):
        return
    path = config.files[f"{name}.toml"]
    try:
        check_lexicon(config.registers.lexicons[name.removeprefix("lexicon/")], str(path))
    except ValueError as error:
        raise ConfigError(str(error), "docs/configuration.md describes lexicons.") from error


def _adoption(config: Config, name: str) -> Decide:
    digest = config.registers.digests[name]

    def decide(known: Sequence[Recorded]) -> Sequence[Event]:
        events = [one.event for one in known]
        current = next((event.digest for event in reversed(events) if isinstance(event, RegisterAdopted)), None)
        if current == digest:
            return []
        return [RegisterAdopted(name=name, digest=digest), *(_link_changes(config, events) if name == "parties" else ())]

    return decide


def _link_changes(config: Config, events: list[Event]) -> list[Event]:
    wanted: dict[LinkKey, None] = {
        (party.id, link.list, link.name, link.match): None for party in config.registers.parties for link in party.listings
    }
    held: dict[LinkKey, None] = {}
    for event in events:
        if isinstance(event, PartyLinked) and event.by == "register":
            held[(event.party, event.list, event.name, event.match)] = None
        elif isinstance(event, PartyUnlinked) and event.by == "register":
            held.pop((event.party, event.list, event.name, event.match), None)
    gone = [_link(PartyUnlinked, key) for key in held if key not in wanted]
    return gone + [_link(PartyLinked, key) for key in wanted if key not in held]


def _link(kind: type[PartyLinked] | type[PartyUnlinked], key: LinkKey) -> Event:
    party, list_id, name, match = key
    return kind(party=party, list=list_id, name=name, match="begins" if match == "begins" else "exact")
