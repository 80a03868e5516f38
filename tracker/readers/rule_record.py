"""What a source's own record says of a rule: the Register's API, or its public-inspection desk."""

from typing import Any

import msgspec


def read_record(metadata: bytes | None) -> dict[str, Any]:
    """The source's own record, as far as it is one; a broken record is as good as none."""
    try:
        return msgspec.json.decode(metadata, type=dict[str, Any]) if metadata else {}
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return {}


def stated(record: dict[str, Any], key: str) -> str | None:
    """A text of the record, unless it is empty or none."""
    value = record.get(key)
    return value if isinstance(value, str) and value else None


def pages(record: dict[str, Any]) -> tuple[int, int] | None:
    """First and last page."""
    first, last = record.get("start_page"), record.get("end_page")
    return (first, last) if isinstance(first, int) and isinstance(last, int) else None
