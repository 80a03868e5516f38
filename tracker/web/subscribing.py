"""The pages behind the links of mails. A GET changes nothing, whoever follows it: only the button does."""

from datetime import UTC, datetime

from werkzeug import Request, Response
from werkzeug.exceptions import BadRequest, NotFound

from tracker import channels
from tracker.app import App
from tracker.deliver import CHANNELS
from tracker.links import is_code
from tracker.web.pages import page


def unsubscribe(app: App, request: Request, channel: str, code: str) -> Response:
    """Ends a channel: its page for people, the one click of mail programs (RFC 8058)."""
    if not is_code(app, code, "unsubscribe", channel):
        raise NotFound
    watch, address = _watch_of(channel), _address(app, channel)
    if channels.state_of(app, channel).unsubscribed_at is not None or address is None:
        return page("You are unsubscribed", f"Nothing more is sent to you for “{watch}”.")
    if request.method != "POST":
        words = f"Digests of “{watch}” go to {address}. Shall they end?"
        return page("Unsubscribe", words, button="Unsubscribe")
    _check_click(request)
    channels.unsubscribe(app, watch, channel)
    return page("You are unsubscribed", f"Nothing more is sent to you for “{watch}”, and your address is erased here.")


def confirm(app: App, request: Request, channel: str, until: int, code: str) -> Response:
    """Takes an address's yes."""
    if not is_code(app, code, "confirm", channel, str(until)):
        raise NotFound
    watch, address, state = _watch_of(channel), _address(app, channel), channels.state_of(app, channel)
    if address is None or state.unsubscribed_at is not None:
        return page("No longer there", f"The watch “{watch}” sends nothing to this address any more.", status=410)
    if state.confirmed_at is not None:
        return page("You are subscribed", f"Digests of “{watch}” go to {address}.")
    if app.clock.now() > datetime.fromtimestamp(until, UTC):
        words = f"It was good until {datetime.fromtimestamp(until, UTC):%Y-%m-%d}. Ask whoever keeps “{watch}” for another."
        return page("This link is over", words, status=410)
    if request.method != "POST":
        return page("Subscribe", f"Digests of “{watch}” would go to {address}. Do you want them?", button="Yes, send them")
    _check_click(request)
    channels.confirm(app, watch, channel)
    return page("You are subscribed", f"Digests of “{watch}” go to {address}.")


def _check_click(request: Request) -> None:
    """Only a click posts this: robots that post to whatever they find do not."""
    if request.form.get("List-Unsubscribe") != "One-Click":
        raise BadRequest("The form is incomplete: press the button of the page.")


def _watch_of(channel: str) -> str:
    """`email:office-12-1` is a channel of the watch `office`."""
    return channel.partition(":")[2].rsplit("-", 2)[0]


def _address(app: App, channel: str) -> str | None:
    target = app.private.get(channel)
    kind = CHANNELS.get(channel.partition(":")[0])
    return kind.mask(target) if target and kind else None
