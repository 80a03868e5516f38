"""Anchors: the head of the chain, published elsewhere, and the proof that a ledger still extends it."""

import re
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import Final

import msgspec

from tracker.chain import ORIGIN
from tracker.errors import UsageError
from tracker.ledger import Ledger

# As `tracker anchor` prints it, and as its JSON reads.
_LINE: Final = re.compile(r"\btracker-anchor\s+(\d{1,18})\s+([0-9a-fA-F]{64})\b")
_JSON: Final = re.compile(r'"position":\s*(\d{1,18}),\s*"digest":\s*"([0-9a-f]{64})"')


class Anchor(msgspec.Struct, frozen=True, kw_only=True):
    """A position, and the digest of all up to it in hexadecimal."""

    position: int
    digest: str

    def line(self) -> str:
        """The anchor in one line of words, for a letter, a log or a page."""
        return f"tracker-anchor {self.position} {self.digest}"


class Head(Anchor, frozen=True, kw_only=True):
    """The anchor of a whole ledger, and when its last event was recorded."""

    recorded_at: datetime | None


class Proof(msgspec.Struct, frozen=True, kw_only=True):
    """How far the chain is sound, and what is wrong.

    `broken` is the first broken place. `completed` counts the events that had no digest yet. `extended` are the
    anchors that the ledger extends, `refuted` tells of each other one.
    """

    sound: Anchor
    completed: int
    broken: str | None
    extended: tuple[Anchor, ...]
    refuted: tuple[str, ...]


def head_of(ledger: Ledger) -> Head:
    """The anchor of all that the ledger holds; completes the chain first where it has to."""
    head = ledger.complete_chain()
    last = next(ledger.read(head.position - 1, head.position), None) if head.position else None
    return Head(position=head.position, digest=head.digest.hex(), recorded_at=last.recorded_at if last else None)


def anchors_in(given: str) -> tuple[Anchor, ...]:
    """The anchors in a text, or in the file of that name; raises UsageError when there is none."""
    found = _parsed(given)
    if not found:
        try:
            found = _parsed(Path(given).read_text(encoding="utf-8", errors="replace"))
        except (OSError, ValueError):
            found = ()
    if not found:
        hint = "An anchor reads `tracker-anchor POSITION DIGEST`, as `tracker anchor` prints it."
        raise UsageError(f"{given}: this is no anchor, and no file that holds one", hint)
    return found


def _parsed(text: str) -> tuple[Anchor, ...]:
    found = [*_LINE.findall(text), *_JSON.findall(text)]
    return tuple(Anchor(position=int(position), digest=digest.lower()) for position, digest in found)


def prove(ledger: Ledger, anchors: Iterable[Anchor] = ()) -> Proof:
    """Makes every digest again from the stored bytes; compares with the chain and with the anchors.

    A chain that is sound as far as it goes is completed then, where an older version left events without.
    """
    anchors = tuple(anchors)
    wanted = {anchor.position for anchor in anchors}
    found = {0: ORIGIN.hex()}
    last, sound, completed = 0, Anchor(position=0, digest=ORIGIN.hex()), 0
    broken: str | None = None
    for one in ledger.walk_chain():
        if one.digest is not None:
            last, completed = one.position, completed + (not one.is_chained)
            if one.position in wanted:
                found[one.position] = one.digest.hex()
        if one.wrong and broken is None:
            broken = f"position {one.position}: {one.wrong}"
        elif one.digest is not None and broken is None:
            sound = Anchor(position=one.position, digest=one.digest.hex())
    if completed and broken is None:
        ledger.complete_chain()
    extended = tuple(anchor for anchor in anchors if found.get(anchor.position) == anchor.digest)
    refuted = tuple(_refuted(anchor, last) for anchor in anchors if anchor not in extended)
    return Proof(sound=sound, completed=completed, broken=broken, extended=extended, refuted=refuted)


def _refuted(anchor: Anchor, last: int) -> str:
    if anchor.position > last:
        return f"anchor {anchor.position}: the ledger ends at position {last}: events were cut off"
    return f"anchor {anchor.position}: the ledger holds another past up to there"
