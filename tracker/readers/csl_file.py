"""The file of the Consolidated Screening List, in either of its forms: bytes -> records.

    JSON: an object of `results`, with counts of its own     CSV: a header, and a record a line

Both are checked for the keys or columns that are needed; further ones are passed over. Bytes that are
not UTF-8 are taken for Windows-1252, each by itself, since single fields arrive so in a file that is
otherwise sound; control characters too, which is what is left of such bytes decoded as Latin-1 at the source.
"""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from msgspec import UNSET, UnsetType

from tracker.readers.base import UnreadableError

NEEDED: Final = (
    "source", "name", "addresses", "alt_names", "federal_register_notice", "start_date", "license_requirement", "license_policy",
)  # fmt: skip
_KEYS: Final = ("_id", "id", "entity_number")
_STRAY: Final = re.compile("[\udc80-\udcff]")
_PARTS: Final = re.compile(r";\s+(?:and\s+)?")
_COUNTRY: Final = re.compile(r"[A-Z]{2}")
_CONTROLS: Final = {code: bytes([code]).decode("cp1252", "ignore") for code in range(0x80, 0xA0)}


class Address(msgspec.Struct, kw_only=True, gc=False):
    """An address; `country` is an ISO 3166 code. Of the CSV, everything before the code is `address`."""

    address: str | None = None
    city: str | None = None
    state: str | None = None
    postal_code: str | int | None = None
    country: str | None = None


class Record(msgspec.Struct, kw_only=True):
    """One record as the file has it. UNSET is what the record has no key for: JSON leaves out some, list by list."""

    source: str | UnsetType | None = UNSET
    name: str | UnsetType | None = UNSET
    addresses: list[Address] | UnsetType | None = UNSET
    alt_names: list[str] | str | UnsetType | None = UNSET
    federal_register_notice: str | UnsetType | None = UNSET
    start_date: str | UnsetType | None = UNSET
    license_requirement: str | UnsetType | None = UNSET
    license_policy: str | UnsetType | None = UNSET
    country: str | None = None
    id: str | int | None = None
    other_id: str | int | None = msgspec.field(default=None, name="_id")
    entity_number: str | int | None = None


class File(msgspec.Struct, kw_only=True):
    """All records, and what the JSON says of itself: their number, their number by list, and when it was made."""

    results: list[Record]
    total: Any = None
    sources: Any = None
    search_performed_at: Any = None


_decode: Final = msgspec.json.Decoder(File).decode


def read_json(raw: bytes) -> File:
    """The records of the JSON form; raises UnreadableError when it is damaged or of another shape."""
    raw = raw.removeprefix(b"\xef\xbb\xbf")
    try:
        file = _decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        whole = utf8(raw)
        if whole == raw:
            raise UnreadableError(f"it is not the JSON of the screening list: {error}") from None
        return read_json(whole)
    for key in NEEDED if file.results else ():
        if all(getattr(record, key) is UNSET for record in file.results):
            raise UnreadableError(f"the key {key!r} is not there: the file has changed shape")
    _hold_against_itself(file)
    return file


def read_csv(raw: bytes) -> File:
    """The records of the CSV form; raises UnreadableError when it is damaged or of another shape."""
    lines = csv_lines(raw)
    header = [name.strip() for name in next(lines, [])]
    for name in NEEDED:
        if name not in header:
            raise UnreadableError(f"the column {name!r} is not there: the file has changed shape")
    at = {name: header.index(name) for name in (*NEEDED, *_KEYS) if name in header}
    records: list[Record] = []
    for number, row in enumerate(lines, start=1):
        if len(row) != len(header):
            what = f"record {number} has {len(row)} columns and the header {len(header)}"
            raise UnreadableError(f"{what}: the file is cut off or damaged")
        cells = {name: row[place] for name, place in at.items()}
        key = next((cells[name] for name in _KEYS if cells.get(name)), None)
        kept = {name: cells[name] for name in NEEDED if name not in {"addresses", "alt_names"}}
        addresses = [_address(part) for part in parts(cells["addresses"])]
        records.append(Record(**kept, addresses=addresses, alt_names=cells["alt_names"], id=key))
    return File(results=records)


def csv_lines(raw: bytes) -> Iterator[list[str]]:
    """The lines of a CSV file as cells, blank ones left out; raises UnreadableError when it ends within quotes."""
    text = io.TextIOWrapper(io.BytesIO(raw), "utf-8-sig", errors="surrogateescape", newline="")
    try:
        for row in csv.reader(map(_healed, text), strict=True):
            if row:
                yield row
    except csv.Error as error:
        raise UnreadableError(f"it is not the CSV of the screening list, or it is cut off: {error}") from None


def parts(text: str) -> list[str]:
    """What a field with several values holds: "a; b; and c"."""
    return [part for piece in _PARTS.split(text) if (part := clean(piece))]


def clean(text: str) -> str:
    """A text with single blanks and without control characters."""
    return " ".join((text if text.isascii() else text.translate(_CONTROLS)).split())


def performed_at(value: object) -> datetime | None:
    """The time that the JSON says it was made at, in UTC; None when it is no time."""
    try:
        found = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None
    if found is None:
        return None
    return found.astimezone(UTC) if found.tzinfo else found.replace(tzinfo=UTC)


def utf8(raw: bytes) -> bytes:
    """The same bytes where they are UTF-8, else with the stray ones read as Windows-1252."""
    return _healed(raw.decode("utf-8", "surrogateescape")).encode()


def _healed(text: str) -> str:
    if text.isascii():
        return text
    return _STRAY.sub(lambda stray: bytes([ord(stray[0]) - 0xDC00]).decode("cp1252", "replace"), text)


def _address(part: str) -> Address:
    """One address of the CSV: the parts of it, then the country, or nothing but the country."""
    before, _, last = part.rpartition(", ")
    return Address(address=before, country=last) if _COUNTRY.fullmatch(last) else Address(address=part)


def _hold_against_itself(file: File) -> None:
    """Raises UnreadableError when the JSON holds other numbers of records than it says."""
    if isinstance(file.total, int) and file.total != len(file.results):
        what = f"the file says that it holds {file.total} records and holds {len(file.results)}"
        raise UnreadableError(f"{what}: it is cut off or damaged")
    said = said_by_list(file)
    found = Counter(record.source or "" for record in file.results)
    for label in sorted(set(said) | set(found)) if said else ():
        if said.get(label, 0) != found[label]:
            what = f"the file says that it holds {said.get(label, 0)} records of {label!r} and holds {found[label]}"
            raise UnreadableError(f"{what}: it is cut off or damaged")


def said_by_list(file: File) -> dict[str, int]:
    """How many records of each list the JSON says it holds, where any; empty when it does not say."""
    sources = file.sources if isinstance(file.sources, list) else []
    told = [one for one in sources if isinstance(one, dict) and isinstance(one.get("value"), str)]
    return {one["value"]: one["count"] for one in told if isinstance(one.get("count"), int) and one["count"]}
