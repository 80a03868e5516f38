"""What comes back from the web: an answer, and the validators of the version it is."""

from datetime import datetime
from typing import Protocol

import msgspec


class UrlValidators(msgspec.Struct, frozen=True, kw_only=True):
    """What identifies the version of a URL that was answered (RFC 9110, section 8.8); either may be missing."""

    url: str
    etag: str | None = None
    last_modified: str | None = None


class Validators(Protocol):
    """Where the client looks up the validators of a URL."""

    def get(self, url: str) -> tuple[str | None, str | None] | None:
        """ETag and Last-Modified of the version held, or None."""


class NoValidators:
    """Holds no versions, so that every request is unconditional."""

    def get(self, url: str) -> None:
        """Nothing, whatever the URL."""


class Answer(msgspec.Struct, frozen=True, kw_only=True):
    """An answer in full, or the word that nothing changed (`not_modified`, with an empty body).

    `url` is where it came from in the end, `moved_to` where the requested URL has moved for good.
    `media_type` is lower case without parameters, `charset` as declared. `headers` are those worth
    keeping, names in lower case. `fresh_for` is in seconds. `validators` belong to `url`.
    """

    url: str
    requested_url: str
    status: int
    headers: dict[str, str]
    media_type: str | None
    charset: str | None
    body: bytes
    fetched_at: datetime
    not_modified: bool
    fresh_for: float | None
    moved_to: str | None
    validators: UrlValidators


def content_type(value: str) -> tuple[str | None, str | None]:
    """Media type, in lower case, and charset of a Content-Type header (RFC 9110, section 8.3)."""
    media_type, *parameters = value.split(";")
    charset = None
    for parameter in parameters:
        name, _, given = parameter.partition("=")
        if name.strip().lower() == "charset":
            charset = given.strip().strip("\"'") or None
    return media_type.strip().lower() or None, charset
