"""Channels that refuse for long are paused, and say so; those that want no more are ended."""

from datetime import timedelta
from pathlib import Path

import pytest
from werkzeug import Response

from events.deliveries import ChannelPaused, ChannelUnsubscribed
from tests.deliver.conftest import Office, Settle
from tests.deliver.mailing import ADDRESS, AnyPort, Box, box, server, settings
from tests.deliver.test_webhook import Receiver, receiver
from tests.deliver.test_webhook import office as hooked
from tracker import digest, watching
from tracker.channels import resume, state_of, wanted
from tracker.delivery import STUBBORN, deliver
from tracker.health import Deliveries, health_of
from tracker.told_whom import deliveries

__all__ = ["box", "hooked", "receiver", "server"]  # fixtures
DAY = timedelta(days=1)


@pytest.fixture
def office(settled: Settle, server: AnyPort) -> Office:
    office = settled(settings(server.port))
    office.watch(f"email:{ADDRESS}")
    return office


def pauses(office: Office) -> list[ChannelPaused]:
    return [one.event for one in office.app.receipts.read() if isinstance(one.event, ChannelPaused)]


def tried_until_paused(office: Office) -> int:
    """How many days of trying it takes."""
    for day in range(1, 30):
        office.run(DAY)
        if pauses(office):
            return day
    raise AssertionError("never paused")


@pytest.mark.parametrize(("answer", "days"), [("451 4.7.1 come again", 10), ("550 5.1.1 no such user", 4)])
def test_an_address_that_only_refuses_is_paused_a_final_word_sooner(office: Office, box: Box, answer: str, days: int) -> None:
    box.answers = [answer] * 20
    office.learn()
    assert tried_until_paused(office) == days
    (paused,) = pauses(office)
    assert (paused.failures, paused.watch) == (days, "office")
    assert answer in paused.error
    assert office.run(30 * DAY).deliveries == ()
    assert len(pauses(office)) == 1


def test_a_paused_address_is_tried_when_a_person_asks_and_goes_on_once_it_takes(office: Office, box: Box) -> None:
    box.answers = ["550 5.1.1 no such user"] * 5
    office.learn()
    tried_until_paused(office)
    assert [one.error for one in deliver(office.app, at_once=True)] != [None]
    assert office.run(DAY).deliveries == ()
    assert [one.error for one in deliver(office.app, at_once=True)] == [None]
    office.learn("Zenith", "document/federal-register/2")
    assert [one.error for one in office.run(DAY).deliveries] == [None]
    assert len(box.mails) == 2


def test_one_that_dies_again_is_paused_again(office: Office, box: Box) -> None:
    box.answers = ["550 5.1.1 no such user"] * 4
    office.learn()
    tried_until_paused(office)
    (channel,) = wanted(office.app)
    assert resume(office.app, "office") == [channel]
    assert resume(office.app, "office") == []
    assert not office.run().failed
    box.answers = ["550 5.1.1 no such user"] * 4
    office.learn("Zenith", "document/federal-register/2")
    for _ in range(6):
        office.run(DAY)
    assert len(pauses(office)) == 2


def test_a_person_who_tries_again_and_again_pauses_nothing(office: Office, box: Box) -> None:
    box.answers = ["550 5.1.1 no such user"] * 10
    office.learn()
    for _ in range(10):
        deliver(office.app, at_once=True)
    office.run()
    assert not pauses(office)


def test_an_outage_of_the_mail_server_is_no_fault_of_the_addresses(settled: Settle, box: Box) -> None:
    server = AnyPort(box)  # not yet started
    office = settled(settings(server.port))
    office.watch(f"email:{ADDRESS}")
    office.learn()
    for _ in range(15):
        assert office.run(DAY).failed
    assert not pauses(office)
    (channel,) = wanted(office.app)
    assert state_of(office.app, channel).refusals == 15
    server.start()
    try:
        assert not office.run(DAY).failed
    finally:
        server.stop()
    assert len(box.mails) == 1


def issue(office: Office, name: str) -> None:
    """Another digest, whatever the cadence."""
    office.learn(name, f"document/federal-register/{name}")
    office.app.views.catch_up()
    assert digest.issue(office.app, "office")
    office.app.views.catch_up()


def test_a_digest_that_is_refused_lets_the_others_go_in_the_end(hooked: Office, receiver: Receiver) -> None:
    issue(hooked, "Poison")
    issue(hooked, "Acme")
    receiver.answers = [Response(status=500)] * STUBBORN
    tried = [deliver(hooked.app, at_once=True) for _ in range(STUBBORN)]
    assert [[one.number for one in run] for run in tried] == [[1]] * STUBBORN  # the channel rests after a refusal
    assert [(one.number, one.error) for one in deliver(hooked.app, at_once=True)] == [(2, None), (1, None)]


def test_a_channel_that_rests_is_not_tried_with_something_newer(hooked: Office, receiver: Receiver) -> None:
    receiver.answers = [Response(status=429, headers={"Retry-After": "3600"})]
    issue(hooked, "Acme")
    assert len(deliver(hooked.app)) == 1
    issue(hooked, "Zenith")
    assert deliver(hooked.app) == []
    assert len(receiver.ids) == 1


def test_a_receiver_that_is_gone_is_unsubscribed_and_its_address_erased(hooked: Office, receiver: Receiver) -> None:
    receiver.answers = [Response(status=410)]
    hooked.learn()
    assert hooked.run().failed
    (channel,) = wanted(hooked.app)
    ended = [one.event for one in hooked.app.receipts.read() if isinstance(one.event, ChannelUnsubscribed)]
    assert ended == [ChannelUnsubscribed(watch="office", channel=channel, how="gone")]
    assert hooked.app.private.get(channel) is None
    assert health_of(hooked.app).deliveries == Deliveries(), "nothing is owed to it any more"
    issue(hooked, "Zenith")
    assert deliver(hooked.app, at_once=True) == []
    assert len(receiver.ids) == 1


def test_what_a_channel_refused_that_was_given_up_since_waits_no_more(hooked: Office, receiver: Receiver, tmp_path: Path) -> None:
    receiver.answers = [Response(status=500)]
    hooked.learn()
    hooked.run()
    assert health_of(hooked.app).deliveries.failed == 1
    watching.change(hooked.app, "office", {"channels": (f"file:{tmp_path}",)})
    assert health_of(hooked.app).deliveries == Deliveries()
    assert [one.state for one in deliveries(hooked.app)] == ["removed"]
