"""Double opt-in: an address that somebody else gave is asked first, and its digests wait for its yes."""

from collections.abc import Sequence
from datetime import timedelta

from events.base import Event, Recorded
from events.deliveries import ConfirmationAsked
from projections.deliveries import ParcelRow
from tracker.app import App
from tracker.deliver.base import TakesMail
from tracker.deliver.mail import send_question
from tracker.links import confirm_path
from tracker.parcels import means


def ask(app: App, row: ParcelRow, target: str, mail_server: TakesMail | None = None) -> str:
    """Mails the question to an address and records that; raises DeliveryError."""
    settings = app.config.settings
    until = (app.clock.now() + timedelta(seconds=settings.email.confirm_within)).replace(microsecond=0)
    link = settings.serve.base + confirm_path(app, row.channel, until)
    receipt = send_question(row.watch, link, until, target, means(app, row.channel, mail_server))
    asked = ConfirmationAsked(watch=row.watch, channel=row.channel, until=until)

    def decide(_: Sequence[Recorded]) -> Sequence[Event]:
        return [asked]

    app.receipts.append(f"channel/{row.channel}", decide, app.clock.now())
    return receipt
