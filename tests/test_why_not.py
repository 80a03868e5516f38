"""Why a name is not on a list: every way in which it may be missing, over a real ledger and archive."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from events.decisions import ClaimRejected, ReadingAccepted
from events.documents import Quarantine
from events.names import normalise
from tests.builders import LIST, added, append, instant, removed, reported, revised
from tests.conftest import Tracker
from tests.documents import put
from tracker.archive import Archive
from tracker.ledger import Ledger
from tracker.mentioned import Searched

KEYS = {"name", "names", "list", "on", "listed", "mentioned", "waiting", "rejected", "blocked", "near", "copies", "coverage"}
RULE, LATER, FILED, POST = (
    "document/federal-register/2019-1", "document/federal-register/2019-2", "document/federal-register/2019-3", "document/post/a",
)  # fmt: skip
Ask = Callable[..., dict[str, Any]]


@pytest.fixture
def ask(tracker: Tracker, ledger: Ledger, archive: Archive) -> Ask:
    """A list with an entry, one removed, one quarantined, one unmatched and one filed; and an article."""
    put(ledger, archive, RULE, "Acme Trading Co., Ltd., a.k.a. Zenith.", added("Acme Trading Co., Ltd.", aliases=["Zenith"]))
    put(
        ledger, archive, LATER, "The entry for Gone Works is removed. The line on “Nimbus Kestrel” is blurred.",
        added("Gone Works"), removed("Gone Works", "2019-10-20"), revised("Stranger Ltd"),
        quarantined=(Quarantine(list=LIST, reason="two cells for three columns", change="added", name="Nimbus Kestrel"),),
        published="2019-10-10",
    )  # fmt: skip
    put(ledger, archive, FILED, "Falcon Optics is added.", added("Falcon Optics", "2019-11-05"), rendition="inspection")
    put(ledger, archive, POST, "Prices of Acme rose.\nMadame d’Orsay spoke with Nimbus-Kestrel’s chief.", reported("zte"))
    ledger.close()

    def asked(*command: object, now: str = "2019-10-21T00:00:00Z") -> dict[str, Any]:
        result = tracker("-q", "why-not", *command, "--json", now=now)
        assert result.exit_code == 0, result.output
        found: dict[str, Any] = json.loads(result.stdout)
        assert set(found) == KEYS
        return found

    return asked


def test_a_listed_name_is_said_to_be_listed(ask: Ask) -> None:
    (row,) = ask("zenith")["listed"]
    assert (row["name"], row["status"], row["list"]) == ("Acme Trading Co., Ltd.", "listed", LIST)


def test_documents_that_mention_it_are_quoted_to_the_letter(ask: Ask, archive: Archive) -> None:
    found = ask("nimbus kestrel")
    assert found["listed"] == []
    post, rule = sorted(found["mentioned"], key=lambda one: one["document"], reverse=True)
    assert (post["document"], post["statements"], rule["document"]) == (POST, 0, LATER)
    assert (post["quote"], post["found"]) == ("Madame d’Orsay spoke with Nimbus-Kestrel’s chief.", "Nimbus-Kestrel")
    for one in found["mentioned"]:
        assert archive.text(one["text"])[one["start"] : one["end"]] == one["quote"]
        assert one["title"].startswith("Title of")


def test_what_was_quarantined_waits_with_its_reason(ask: Ask) -> None:
    (one,) = ask("Nimbus Kestrel")["waiting"]
    assert (one["kind"], one["reason"], one["document"]) == ("quarantined", "two cells for three columns", LATER)
    assert ask("Nimbus Kestrel", "--known-at", 4)["waiting"] == []


def test_an_amendment_without_an_entry_waits(ask: Ask) -> None:
    (one,) = ask("Stranger")["waiting"]
    assert (one["kind"], one["change"]) == ("unmatched", "revised")


def test_a_filing_waits_for_publication(ask: Ask) -> None:
    found = ask("Falcon Optics", "--on", "2019-10-09")
    assert found["listed"] == []
    assert {one["kind"] for one in found["waiting"]} == {"announced"}
    assert "2019-11-05" in found["waiting"][0]["reason"]


def test_a_removed_entry_is_near_and_says_when_it_went(ask: Ask) -> None:
    (one,) = ask("Gone Works")["near"]
    assert (one["status"], one["why"]) == ("removed", ["removed on 2019-10-20"])


def test_another_spelling_is_near(ask: Ask) -> None:
    found = ask("Acme Tradng Co Ltd")
    assert found["listed"] == []
    assert found["near"][0]["name"] == "Acme Trading Co., Ltd."
    assert found["near"][0]["why"] == ["spelt otherwise: Acme Trading Co., Ltd."]


def test_another_list_is_said(ask: Ask) -> None:
    found = ask("Zenith", "--list", "us-bis-uvl")
    assert (found["listed"], found["coverage"]["list"]) == ([], "us-bis-uvl")
    assert found["near"][0]["why"][0] == "on the list us-bis-el, not us-bis-uvl"


def test_before_its_day_an_entry_is_near(ask: Ask) -> None:
    (one,) = ask("Zenith", "--on", "2019-01-01")["near"]
    assert (one["status"], one["effective_from"]) == ("unknown", "2019-10-09")


def test_what_a_person_rejected_is_told_with_the_reason(ask: Ask, home: Path) -> None:
    ledger = Ledger(home / "ledger.db")
    claim = next(one.event.claim for one in ledger.read() if getattr(one.event, "name", "") == "Acme Trading Co., Ltd.")  # type: ignore[attr-defined]
    append(ledger, f"decision/{claim}", [ClaimRejected(claim=claim, reason="a misprint", by="Ada")], instant("2019-10-12"))
    (part,) = [one["id"] for one in ask("Nimbus Kestrel")["waiting"]]
    aside = ReadingAccepted(document=LATER, part=part, reason="a heading", by="Ada")
    append(ledger, f"decision/{part}", [aside], instant("2019-10-13"))
    ledger.close()
    (one,) = ask("Zenith")["rejected"]
    assert (one["claim"], one["reason"], one["by"], one["decided_at"][:10]) == (claim, "a misprint", "Ada", "2019-10-12")
    (one,) = ask("Nimbus Kestrel")["rejected"]
    assert (one["reason"], one["quarantined"]) == ("a heading", "two cells for three columns")
    assert ask("Zenith", "--known-at", "2019-10-11")["rejected"] == []
    assert ask("Zenith", "--known-at", "2019-10-11")["listed"]


def test_what_a_blocker_took_back_names_the_blocker(ask: Ask, tracker: Tracker, tmp_path: Path) -> None:
    article = tmp_path / "article.txt"
    article.write_text("A plan\n\nMIT has not cut its ties with Huawei. It met with people of many firms in the city.\n")
    assert tracker("ingest", article, "--published", "2019-10-10", "--lang", "en").exit_code == 0
    (one,) = ask("Huawei")["blocked"]
    assert (one["type"], one["rule"]) == ("tie-ended", "negation")
    assert one["quote"] == "MIT has not cut its ties with Huawei."


def test_a_copy_of_the_list_is_told_apart(ask: Ask, home: Path, archive: Archive) -> None:
    ledger = Ledger(home / "ledger.db")
    put(ledger, archive, "document/ecfr/744-4", "Zenith\nNimbus Kestrel\nYonder", kind="ecfr", published="2019-10-11")
    ledger.close()
    found = ask("Nimbus Kestrel")
    (copy,) = found["copies"]
    assert (copy["quote"], copy["published"]) == ("Nimbus Kestrel", "2019-10-11")
    assert copy["document"] not in {one["document"] for one in found["mentioned"]}
    assert ask("Nimbus Kestrel", "--available-at", "2019-10-10")["copies"] == []


def test_a_missing_text_is_one_line(ask: Ask, tracker: Tracker, archive: Archive) -> None:
    text = ask("Zenith")["mentioned"][0]["text"]
    (archive.root / text[:2] / text[2:]).unlink()
    result = tracker("why-not", "Zenith")
    assert (result.exit_code, result.stdout) == (1, "")
    assert text in result.stderr


def test_words_for_people(ask: Ask, tracker: Tracker) -> None:
    told = tracker("why-not", "Nimbus Kestrel", now="2019-10-21T00:00:00Z").stdout
    assert told.startswith("Nimbus Kestrel: not listed on any list on 2019-10-21\n")
    assert "two cells for three columns" in told
    assert "coverage    us-bis-el: complete from 2019-10-09" in told
    assert "in no document that was read" in tracker("why-not", "Nobody\x1b[31m Knows").stdout


def test_a_name_that_nothing_mentions_is_told_with_the_nearest(ask: Ask, tracker: Tracker) -> None:
    assert "nearest names: Huawei" in tracker("why-not", "Huawie").stderr
    assert "nearest" not in tracker("why-not", "Nimbus Kestrel").stderr


@pytest.mark.parametrize("command", [("!?",), ("Acme", "--list", "nowhere"), ("Acme", "--on", "2019-02-30")])
def test_what_cannot_be_asked_is_one_line(ask: Ask, tracker: Tracker, command: tuple[str, ...]) -> None:
    result = tracker("why-not", *command)
    assert (result.exit_code, result.stdout) == (2, "")


@pytest.mark.parametrize(("name", "text", "found"), [
    ("Huawei", "un porte-parole d'Huawei.", "Huawei"),
    ("Peoples Bank", "the People’s\n Bank", "People’s\n Bank"),
    ("商汤", "和商汤科技", "商汤"),
    ("Étoile Rouge", "ﬁn: l'E\u0301toile\u00a0rouge", "E\u0301toile\u00a0rouge"),
    ("Ａｃｍｅ", "Acme_Ltd ACME", "ACME"),
    ("Strasse", "der Straße", "Straße"),
])  # fmt: skip
def test_spellings_of_one_name(name: str, text: str, found: str) -> None:
    mentions = Searched([name]).mentions(text)
    assert mentions is not None
    assert mentions.found == found


@pytest.mark.parametrize("text", ["Smith submitted", "", "M I T"])
def test_only_whole_words(text: str) -> None:
    assert Searched(["mit"]).mentions(text) is None


@given(st.text(), st.text(alphabet="ab é'ﬁß-_.华", min_size=1), st.text())
def test_offsets_always_lead_to_the_words(before: str, name: str, after: str) -> None:
    text = f"{before} {name} {after}"
    mentions = Searched([name]).mentions(text)
    if mentions is not None:
        assert text[mentions.start : mentions.end] == mentions.quote
        assert mentions.found in mentions.quote
        assert normalise(mentions.found)
