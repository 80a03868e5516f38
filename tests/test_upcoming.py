"""What is known today and in force later."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from tests.builders import added, instant, removed, take_in
from tracker.cli.main import cli
from tracker.ledger import Ledger

DELAYED = "document/federal-register/2019-02833"


@pytest.mark.parametrize(
    ("days", "expected"),
    [
        ("30", [("2019-04-05", "entity-added", "Late")]),
        ("365", [("2019-04-05", "entity-added", "Late"), ("2019-12-31", "entity-removed", "Gone")]),
    ],
)
def test_what_takes_effect_later_is_told_in_order(
    home: Path, config_directory: Path, days: str, expected: list[tuple[str, str, str]]
) -> None:
    ledger = Ledger(home / "ledger.db")
    statements = (
        added("Now", "2019-03-01"),
        added("Late", "2019-04-05"),
        added("Gone", "2019-03-02"),
        removed("Gone", "2019-12-31"),
    )
    take_in(ledger, DELAYED, *statements, now=instant("2019-03-10"))
    ledger.close()
    command = ["--home", str(home), "--config", str(config_directory), "--now", "2019-03-15T00:00:00Z"]
    result = CliRunner().invoke(cli, [*command, "upcoming", "--days", days, "--json"], catch_exceptions=False)
    rows = json.loads(result.stdout)
    assert [(row["day"], row["type"], row["name"]) for row in rows] == expected
    assert all(row["summary"] for row in rows)
