"""A screening list that a test makes up: its file served on loopback, polled as the tracker polls."""

import json
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from events.base import Event
from events.statements import Statement
from projections import status
from projections.claims import PRESENT, Horizon
from projections.pending import pending
from projections.rows import ListingRow, PendingRow
from tests.conftest import HandClock
from tracker.app import App
from tracker.poll import Outcome, chosen, poll

LABELS = {
    "us-bis-el": "Entity List (EL) - Bureau of Industry and Security",
    "us-bis-uvl": "Unverified List (UVL) - Bureau of Industry and Security",
    "us-bis-dpl": "Denied Persons List (DPL) - Bureau of Industry and Security",
    "us-ofac-sdn": "Specially Designated Nationals (SDN) - Treasury Department",
}
UVL, DPL, SDN = "us-bis-uvl", "us-bis-dpl", "us-ofac-sdn"
PATH = "/downloadable_consolidated_screening_list/v1/consolidated.json"
FIRST = datetime(2024, 5, 1, 12, tzinfo=UTC)

Lists = dict[str, list[dict[str, Any]]]


def record(name: str, country: str | None = "CN", **more: Any) -> dict[str, Any]:
    """An entry as the file has it."""
    address = {"address": more.pop("address", None), "city": None, "state": None, "postal_code": None, "country": country}
    fields = dict.fromkeys(("federal_register_notice", "start_date", "license_requirement", "license_policy"))
    return {"id": f"id-{name}", "name": name, "addresses": [address], "alt_names": [], **fields, **more}


def many(count: int, beginning: str = "Entry") -> list[dict[str, Any]]:
    """So many entries."""
    return [record(f"{beginning} {number:04}") for number in range(count)]


def file_of(lists: Lists, day: int = 0) -> bytes:
    """The file as made on a day after the first, at five in the morning Eastern."""
    made = (FIRST + timedelta(days=day)).replace(hour=9)
    results = [{"source": LABELS[name], **one} for name, entries in lists.items() for one in entries]
    return json.dumps({"total": len(results), "search_performed_at": made.isoformat(), "results": results}).encode()


class Screening:
    """An app with the screening list as its only source, and the server that has the file."""

    def __init__(self, app: App, clock: HandClock, server: HTTPServer, config: Path) -> None:
        self.app, self.clock, self.server, self.config = app, clock, server, config
        (config / "tracker.toml").write_text(
            "[http]\nallow_private = true\nper_host_gap = 0\nobey_robots = false\nretries = 0\n", encoding="utf-8"
        )
        self.settings()

    def settings(self, expect: str = "{}") -> None:
        """Says what is expected of the source."""
        text = f'[[source]]\nid = "csl"\nkind = "csl"\nbase_url = "{self.server.url_for("/")}"\nexpect = {expect}\n'
        (self.config / "sources.toml").write_text(text, encoding="utf-8")
        self.app.__dict__.pop("config", None)

    def serve(self, body: bytes, **headers: str) -> None:
        """Has this file from now on."""

        def respond(request: Request) -> Response:
            known = headers.get("ETag") and request.headers.get("If-None-Match") == headers["ETag"]
            return Response(b"", 304, headers) if known else Response(body, 200, headers, content_type="application/json")

        self.server.clear_all_handlers()
        self.server.expect_request(PATH).respond_with_handler(respond)

    def poll(self, day: float, lists: Lists | None = None, body: bytes | None = None, **headers: str) -> Outcome:
        """Polls on a day after the first; with `lists` or `body` the server has that file."""
        if lists is not None or body is not None:
            self.serve(body if body is not None else file_of(lists or {}, int(day)), **headers)
        self.clock.at = FIRST + timedelta(days=day)
        (outcome,) = poll(self.app, chosen(self.app, ["csl"], due=False))
        return outcome

    def events(self, *types: type[Event]) -> list[Event]:
        """Those events of the ledger, in order."""
        return [one.event for one in self.app.ledger.read() if isinstance(one.event, types)]

    def topics(self, after: int = 0) -> list[str]:
        """The types of events past a position, registers left out."""
        return [one.event.topic() for one in self.app.ledger.read(after) if not one.stream.startswith("register/")]

    def statements(self) -> list[tuple[str, str]]:
        """What was stated, in order: type and name."""
        return [(one.topic(), getattr(one, "name", "")) for one in self.events(Statement)]

    def waits(self) -> list[PendingRow]:
        """The inbox."""
        with self.app.views.store.reading() as database:
            return pending(database, PRESENT)

    def status(self, name: str, day: str = "2024-12-01", horizon: Horizon = PRESENT) -> list[str]:
        """What the entries of that name are."""
        return [row.status for row in self.rows(day, name=name, horizon=horizon)]

    def rows(self, day: str = "2024-12-01", horizon: Horizon = PRESENT, **asked: Any) -> Sequence[ListingRow]:
        """The status of entries."""
        with self.app.views.store.reading() as database:
            return status.status(database, day, horizon, **asked)
