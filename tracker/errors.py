"""Errors people see: one line that says what, where, and what to do next."""

from enum import IntEnum
from typing import Literal


class Exit(IntEnum):
    """Exit codes of every command."""

    OK = 0
    FAILED = 1
    USAGE = 2
    SOURCES_FAILED = 3


class TrackerError(Exception):
    """An expected error. `hint` says what to do; the message never holds secrets."""

    exit_code = Exit.FAILED

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.hint = hint


class ConfigError(TrackerError):
    """A setting is missing, unknown or wrong: names the file and the key."""

    exit_code = Exit.USAGE


class UsageError(TrackerError):
    """A command was given something it cannot take."""

    exit_code = Exit.USAGE


class OutOfTimeError(TrackerError):
    """The time for one source as a whole is over: no document of it is asked for any more."""

    exit_code = Exit.SOURCES_FAILED


class FetchError(TrackerError):
    """An answer could not be had, or is not what the source promises.

    `url` is what was asked, `status` what was answered, where anything was; `body` holds the bytes of
    the answer as far as they came, `raw` their digest once they are archived. `retry_after` is the
    number of seconds the server asked to be left alone. `transient` says that the host or the way to
    it is at fault, not the document: the same request may well work later. `trouble` is what a source has
    whose polls end so: it failed, or answers with less than it should, or with another thing altogether.
    """

    exit_code = Exit.SOURCES_FAILED

    def __init__(
        self,
        message: str,
        hint: str | None = None,
        *,
        url: str | None = None,
        raw: str | None = None,
        retry_after: float | None = None,
        status: int | None = None,
        body: bytes | None = None,
        transient: bool = False,
        trouble: Literal["failed", "shrunk", "changed"] = "failed",
    ) -> None:
        super().__init__(message, hint)
        self.url = url
        self.raw = raw
        self.retry_after = retry_after
        self.status = status
        self.body = body
        self.transient = transient
        self.trouble: Literal["failed", "shrunk", "changed"] = trouble
