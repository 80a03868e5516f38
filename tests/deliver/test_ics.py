"""The calendar, read back with vobject, which shares no code with the library that writes it."""

import weakref
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import msgspec
import pytest
import vobject
from icalendar import Calendar

from tests.builders import NOW, added, ended, removed
from tests.deliver.conftest import HOSTILE, Office, Settle
from tests.test_digest import learn
from tracker.deliver import ics
from tracker.deliver.base import Issued, Parcel
from tracker.deliver.ics import calendar_days, nearest

DAY = timedelta(days=1)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "office.ics"


@pytest.fixture
def office(settled: Settle, path: Path) -> Office:
    office = settled("")
    office.watch(f"ics:{path}")
    return office


def read(path: Path) -> list[Any]:
    return list(vobject.readOne(path.read_bytes().decode()).contents.get("vevent", []))


def test_effective_days_are_all_day_events(office: Office, path: Path) -> None:
    office.learn("Acme", effective="2019-10-12")
    assert not office.run().failed
    (event,) = read(path)
    assert (event.dtstart.value, event.dtend.value) == (date(2019, 10, 12), date(2019, 10, 13))
    assert "Acme" in event.summary.value
    assert event.dtstamp.value == NOW
    assert (event.sequence.value, event.status.value) == ("0", "CONFIRMED")


def test_an_event_keeps_its_id_when_its_day_comes(office: Office, path: Path) -> None:
    office.learn("Acme", effective="2019-10-12")
    office.run()
    (before,) = read(path)
    learn(office.app, "document/federal-register/2", removed("Acme", "2019-11-20"))
    office.run(5 * DAY)
    first, second = read(path)
    assert (first.uid.value, first.sequence.value) == (before.uid.value, "0")
    assert second.dtstart.value == date(2019, 11, 20)
    assert second.uid.value != first.uid.value


def test_the_press_sets_no_days(office: Office, path: Path) -> None:
    learn(office.app, "document/post/x", ended("2019-10-01"))
    assert not office.run().failed
    assert read(path) == []


def test_an_empty_calendar_is_one_all_the_same(office: Office, path: Path) -> None:
    """RFC 5545, 3.6: a calendar has one component at the least; a time zone has a TZID and one observance."""
    learn(office.app, "document/post/x", ended("2019-10-01"))
    assert not office.run().failed
    calendar = vobject.readOne(path.read_bytes().decode())
    calendar.validate(raiseException=True)
    (zone,) = calendar.components()
    assert zone.name == "VTIMEZONE"
    (standard,) = zone.components()
    assert (standard.name, standard.tzoffsetto.value) == ("STANDARD", "+0000")
    assert {"dtstart", "tzoffsetfrom", "tzoffsetto"} <= set(standard.contents)
    assert Calendar.from_ical(path.read_bytes()).errors == []
    office.learn("Acme", effective="2019-10-12")
    office.run(DAY)
    assert {one.name for one in vobject.readOne(path.read_bytes().decode()).components()} == {"VEVENT"}


def test_a_hostile_name_breaks_nothing(office: Office, path: Path) -> None:
    office.learn(HOSTILE)
    assert not office.run().failed
    (event,) = read(path)
    assert "END:VCALENDAR" in event.summary.value  # one word of a summary
    raw = path.read_bytes()
    assert raw.count(b"\r\nEND:VCALENDAR") == 1
    assert b"\r\nBCC:" not in raw
    assert max(map(len, raw.split(b"\r\n"))) <= 75
    assert b"\n" not in raw.replace(b"\r\n", b"")


def parcel(*changes: dict[str, Any]) -> Parcel:
    """Digests of one change each, the oldest first."""
    models = [
        msgspec.json.encode({"watch": "office", "number": n, "groups": [{"title": "", "items": [{"change": one}]}]})
        for n, one in enumerate(changes, start=1)
    ]
    issued = [Issued(at=NOW + n * DAY, json=model) for n, model in enumerate(models)]
    return Parcel(
        id="x", watch="office", number=len(models), issued_at=NOW, text=b"", html=b"", json=models[-1],
        all_issued=lambda: iter(issued[::-1]),
    )  # fmt: skip


def change(on: str, kind: str = "learnt", type_: str = "entity-added", **more: Any) -> dict[str, Any]:
    return {"type": type_, "kind": kind, "fact": "f", "date": on, "summary": "Acme", **more}


def test_the_sequence_grows_when_the_date_moves_or_the_entry_is_withdrawn() -> None:
    told = [change("2019-10-12"), change("2019-10-12"), change("2019-10-14", "corrected"), change("2019-10-14", "withdrawn")]
    outcome = []
    for n in range(1, len(told) + 1):
        (day,) = calendar_days(parcel(*told[:n])).values()
        outcome.append((day.day.day, day.sequence, day.cancelled))
    assert outcome == [(12, 0, False), (12, 0, False), (14, 1, False), (14, 2, True)]


def test_every_revision_has_a_day_of_its_own() -> None:
    revised = [change(f"2019-10-1{n}", type_="entity-revised", document=f"document/{n}") for n in range(3)]
    assert [one.day.day for one in calendar_days(parcel(*revised)).values()] == [10, 11, 12]


def test_days_to_come_go_before_days_that_are_over() -> None:
    told = [change(f"20{year}-10-09", fact=str(year)) for year in (21, 15, 19, 17, 20, 18)]
    days = calendar_days(parcel(*told))
    kept = [[one.day.year for one in nearest(days, NOW.date(), most).values()] for most in (1, 3, 5, 9)]
    assert kept == [[2019], [2019, 2020, 2021], [2019, 2020, 2021, 2018, 2017], [2019, 2020, 2021, 2018, 2017, 2015]]


def test_a_file_stops_growing(office: Office, path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ics, "MOST", 3)
    for n in range(5):
        office.learn(f"Firm {n}", f"document/federal-register/{n}", effective=f"2019-10-0{n + 1}")
        assert not office.run(DAY).failed
    assert [one.dtstart.value.day for one in read(path)] == [3, 4, 5]


def test_digests_of_years_are_not_held_all_at_once() -> None:
    """Each is let go before the next is read."""
    alive: list[weakref.ref[bytearray]] = []
    most = 0

    class Watched(bytearray):
        pass

    def read_each() -> Iterator[Issued]:
        nonlocal most
        for n in range(50):
            one = {"watch": "office", "number": n, "groups": [{"items": [{"change": change("2019-10-12", fact=str(n))}]}]}
            model = Watched(msgspec.json.encode(one))
            alive.append(weakref.ref(model))
            issued = Issued(at=NOW, json=model)  # type: ignore[arg-type]
            del model
            yield issued
            del issued
            most = max(most, sum(ref() is not None for ref in alive))

    given = msgspec.structs.replace(parcel(change("2019-10-12")), all_issued=read_each)
    assert len(calendar_days(given)) == 50
    assert most <= 2


def test_what_is_no_day_is_left_out() -> None:
    assert calendar_days(parcel(change("2019-10"), change("2019-10-01/2019-10-09"), change("soon"))) == {}


def test_an_end_that_is_stated_is_a_day_in_advance(office: Office, path: Path) -> None:
    learn(office.app, "document/federal-register/1", added("Acme", "2019-10-10", until="2019-12-31"))
    assert not office.run().failed
    begin, end = read(path)
    assert (begin.dtstart.value, end.dtstart.value) == (date(2019, 10, 10), date(2020, 1, 1))
    office.run(100 * DAY)
    after = read(path)
    assert [(one.uid.value, one.sequence.value) for one in after] == [(begin.uid.value, "0"), (end.uid.value, "0")]
    assert after[1].summary.value != end.summary.value  # now it is told as it came


def test_the_end_of_a_rule_is_a_day_too() -> None:
    told = parcel(change("2026-03-01", "effect", "rule-ended", day="2026-03-01"))
    assert [one.day for one in calendar_days(told).values()] == [date(2026, 3, 1)]
