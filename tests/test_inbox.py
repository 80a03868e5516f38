"""The inbox: what waits is shown as pending, and a person's decision is an event with a reason."""

from pathlib import Path

import pytest

from events.decisions import ClaimAccepted, ClaimRejected, ReadingAccepted
from events.documents import Quarantine
from projections.claims import PRESENT, Horizon
from projections.pending import pending
from projections.rows import PendingRow
from projections.status import status
from tests.builders import CHINA, LIST, NOW, added, removed, take_in
from tracker import inbox
from tracker.app import App
from tracker.archive import Provenance
from tracker.errors import UsageError
from tracker.ingest import local_document
from tracker.poll import prepare
from tracker.reading import record

WRONG_TOTAL = Path(__file__).parent / "data" / "rules" / "wrong_total.xml"
RULE = "document/federal-register/2019-1"


def waits(app: App, horizon: Horizon = PRESENT) -> list[PendingRow]:
    app.views.catch_up()
    with app.views.store.reading() as database:
        return pending(database, horizon)


def statuses(app: App, name: str, horizon: Horizon = PRESENT) -> list[str]:
    with app.views.store.reading() as database:
        return [row.status for row in status(database, "2019-12-01", horizon, name=name)]


@pytest.fixture
def proposed(app: App) -> PendingRow:
    """A quarantined addition for which the reader proposes a statement."""
    part = Quarantine(list=LIST, reason="the instruction has no verb", change="added", destination=CHINA, name="Acme")
    take_in(app.ledger, RULE, added("Acme", claim="", standing="proposed"), quarantined=(part,))
    (one,) = waits(app)
    return one


def test_a_proposal_is_pending_and_counts_nowhere(app: App, proposed: PendingRow) -> None:
    assert proposed.claim is not None
    assert statuses(app, "Acme") == ["pending"]


def test_an_accepted_proposal_counts_and_waits_no_longer(app: App, proposed: PendingRow) -> None:
    before = app.ledger.head()
    inbox.accept(app, proposed.id[:6], "the table shows a new entry", "a reader")
    assert waits(app) == []
    assert statuses(app, "Acme") == ["listed"]
    (decision,) = app.ledger.read(before)
    assert decision.event == ClaimAccepted(claim=proposed.claim or "", reason="the table shows a new entry", by="a reader")
    assert statuses(app, "Acme", Horizon(position=before)) == ["pending"]


def test_a_rejected_proposal_waits_no_longer_and_never_counts(app: App, proposed: PendingRow) -> None:
    inbox.reject(app, proposed.id, "an example in the preamble", "a reader")
    assert waits(app) == []
    assert statuses(app, "Acme") == []
    assert isinstance(list(app.ledger.read())[-1].event, ClaimRejected)


def test_a_part_without_a_proposal_can_only_be_set_aside(app: App) -> None:
    take_in(app.ledger, RULE, quarantined=(Quarantine(list=LIST, reason="not understood", name="Acme"),))
    (one,) = waits(app)
    with pytest.raises(UsageError, match="no statement"):
        inbox.accept(app, one.id, "why not", "a reader")
    inbox.reject(app, one.id, "an editorial note", "a reader")
    assert waits(app) == []
    assert isinstance(list(app.ledger.read())[-1].event, ReadingAccepted)


def test_an_amendment_of_an_entry_that_nobody_added_waits(app: App) -> None:
    take_in(app.ledger, RULE, removed("Older"))
    (one,) = waits(app)
    assert (one.change, one.name) == ("removed", "Older")
    inbox.reject(app, one.id, "listed before this ledger began", "a reader")
    assert waits(app) == []


def test_an_unknown_id_says_how_to_find_one(app: App) -> None:
    with pytest.raises(UsageError, match="nothing in the inbox"):
        inbox.accept(app, "ffffffff", "why not", "a reader")


def test_deciding_twice_is_one_event(app: App, proposed: PendingRow) -> None:
    inbox.accept(app, proposed.id, "once", "a reader")
    head = app.ledger.head()
    with pytest.raises(UsageError):
        inbox.accept(app, proposed.id, "once", "a reader")
    assert app.ledger.head() == head


def test_what_a_real_rule_leaves_in_quarantine_can_be_accepted(app: App) -> None:
    """The whole way: a rule whose total is wrong, its rows proposed, one accepted, one rejected."""
    registers = app.config.registers
    document = local_document(WRONG_TOTAL, registers)
    prepare(app)
    record(document, Provenance(url=document.url, at=NOW), registers, app.ledger, app.archive, NOW)
    first, *others = [one for one in waits(app) if one.claim]
    with app.views.store.reading() as database:
        shown = {row.name: row.status for row in status(database, "2040-01-01", PRESENT)}
    assert set(shown.values()) == {"pending"}
    inbox.accept(app, first.id, "checked against the printed page", "a reader")
    for other in others:
        inbox.reject(app, other.id, "not in the printed page", "a reader")
    with app.views.store.reading() as database:
        shown = {row.name: row.status for row in status(database, "2040-01-01", PRESENT)}
    assert shown[first.name or ""] == "listed"
    assert [one for one in waits(app) if one.claim] == []


def test_what_waits_is_found_by_an_alias_and_by_its_country(app: App) -> None:
    """A name that is only proposed must never look clear, whichever of its names is asked for."""
    part = Quarantine(list=LIST, reason="the instruction has no verb", change="added", destination=CHINA, name="Acme")
    take_in(app.ledger, "document/federal-register/2019-2", added("Other"))
    take_in(app.ledger, RULE, added("Acme", claim="", aliases=["Ginkgo"], standing="proposed"), quarantined=(part,))
    nameless = Quarantine(list=LIST, reason="not understood", change="added", destination="RURITANIA", name="Dogwood")
    take_in(app.ledger, "document/federal-register/2019-3", quarantined=(nameless,))
    app.views.catch_up()
    assert statuses(app, "Ginkgo") == ["pending"]
    with app.views.store.reading() as database:
        chinese = {row.name: row.status for row in status(database, "2019-12-01", PRESENT, country="CN")}
    assert chinese == {"Acme": "pending", "Other": "listed", "Dogwood": "pending"}, "an unknown country is not elsewhere"


def test_a_rule_that_cannot_be_read_is_kept_and_waits(app: App, tmp_path: Path) -> None:
    broken = tmp_path / "rule.xml"
    broken.write_bytes(WRONG_TOTAL.read_bytes()[:1500])
    document = local_document(broken, app.config.registers)
    prepare(app)
    recorded = record(document, Provenance(url=document.url, at=NOW), app.config.registers, app.ledger, app.archive, NOW)
    assert app.archive.get(recorded[0].event.raw) == broken.read_bytes()  # type: ignore[attr-defined]
    (one,) = waits(app)
    assert (one.name, one.list) == (None, LIST)
    inbox.reject(app, one.id, "a damaged copy; the whole rule is there", "a reader")
    assert waits(app) == []
