"""The files for systemd: what systemd itself says of them, and what the documentation promises."""

import configparser
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.docs.pages import DOCS, ROOT, text

UNITS = ROOT / "contrib" / "systemd"
SERVICES = ("tracker.service", "tracker-daily.service")


def directives(name: str) -> configparser.ConfigParser:
    parser = configparser.ConfigParser(strict=False, interpolation=None)
    parser.optionxform = str  # type: ignore[assignment,method-assign]
    parser.read_string((UNITS / name).read_text())
    return parser


def test_systemd_finds_nothing_wrong(tmp_path: Path) -> None:
    analyze = shutil.which("systemd-analyze")
    if analyze is None:
        pytest.skip("systemd-analyze is not installed")
    for path in UNITS.iterdir():
        # It wants to see the program that is started, and there is none at that place here.
        (tmp_path / path.name).write_text(path.read_text().replace("/opt/tracker/bin/tracker", "/bin/true"))
    line = [analyze, "verify", "--recursive-errors=no", *map(str, sorted(tmp_path.iterdir()))]
    done = subprocess.run(line, capture_output=True, text=True, check=False, timeout=60)
    if "Failed to initialize manager" in done.stderr or "Unknown option" in done.stderr:
        pytest.skip(f"systemd-analyze cannot verify here: {done.stderr.strip()}")
    assert (done.returncode, done.stderr) == (0, "")


@pytest.mark.parametrize("name", SERVICES)
def test_services_are_closed_in(name: str) -> None:
    service = directives(name)["Service"]
    for setting, value in {
        "NoNewPrivileges": "yes",
        "ProtectSystem": "strict",
        "ProtectHome": "yes",
        "PrivateTmp": "yes",
        "DynamicUser": "yes",
        "StateDirectory": "tracker",
        "CapabilityBoundingSet": "",
        "Environment": "TRACKER_HOME=/var/lib/tracker",
    }.items():
        assert service[setting] == value, setting


def test_what_is_started_is_what_is_documented() -> None:
    assert directives("tracker.service")["Service"]["ExecStart"].endswith("/tracker run")
    daily = directives("tracker-daily.service")["Service"]
    assert (daily["ExecStart"].endswith("/tracker daily"), daily["Type"], daily["SuccessExitStatus"]) == (True, "oneshot", "3")
    timer = directives("tracker-daily.timer")["Timer"]
    assert (timer["OnCalendar"], timer["Persistent"]) == ("hourly", "true")
    told = text(DOCS / "operations.md")
    assert all(name in told for name in (*SERVICES, "tracker-daily.timer"))
