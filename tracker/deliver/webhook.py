"""The `webhook:URL` channel: the JSON of each digest, posted and signed (standardwebhooks.com)."""

import base64
import binascii
from datetime import timedelta
from typing import Final

import httpx2
from standardwebhooks import Webhook

from tracker.deliver.base import DeliveryError, GoneError, Means, Parcel, RefusedError
from tracker.errors import FetchError
from tracker.http import NoValidators, PoliteClient
from tracker.http_faults import brief, shown
from tracker.lines import one_line

_ASK: Final = (
    "make one with `echo whsec_$(openssl rand -base64 32)`, give it to the receiver, and to the tracker as TRACKER_WEBHOOK_SECRET"
)


def check_secret(secret: str | None) -> None:
    """Raises ValueError for a secret that signs nothing well: 24 to 64 bytes in base64, as the standard asks."""
    if not secret:
        raise ValueError(f"a webhook is signed, and needs a secret: {_ASK}")
    try:
        size = len(base64.b64decode(secret.removeprefix("whsec_"), validate=True))
    except (binascii.Error, ValueError):
        size = 0
    if not 24 <= size <= 64:
        raise ValueError(f"that is not a secret of 24 to 64 bytes in base64: {_ASK}")


def check_url(target: str) -> str:
    """An http or https URL on one line, without user and password; raises ValueError."""
    try:
        url = httpx2.URL(target)
    except httpx2.InvalidURL as error:
        raise ValueError(f"that is not a URL ({error}): write https://host/path") from None
    if url.scheme not in {"http", "https"} or not url.host or not target.isascii() or not target.isprintable() or " " in target:
        raise ValueError("a webhook is an http or https URL on one line: write https://host/path")
    if url.userinfo:
        raise ValueError("user and password do not belong into the URL of a webhook: its signature tells who sent it")
    return target


def shown_url(target: str) -> str:
    """The URL as it may be printed: queries hold keys."""
    start, mark, _ = target.partition("?")
    return f"{start}{mark}..." if mark else start


def masked_url(target: str) -> str:
    """The host alone: paths of webhooks are secrets, too."""
    url = httpx2.URL(target)
    return f"{url.scheme}://{url.host}/..."


def deliver_to_webhook(parcel: Parcel, target: str, means: Means) -> str:
    """Posts the digest's JSON; `webhook-id` is the same at every try, `webhook-timestamp` is that of the try."""
    if means.secret is None:
        raise DeliveryError("the secret was erased: remove the watch and add it again")
    now = means.clock.now()
    headers = {
        "content-type": "application/json",
        "webhook-id": parcel.id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(means.secret).sign(parcel.id, now, parcel.json.decode()),
    }
    try:
        with PoliteClient(means.http, means.clock, NoValidators()) as client:
            return f"answered {client.post(target, parcel.json, headers)}"
    except FetchError as error:
        if error.status == 410:
            raise GoneError("the receiver is gone (answered 410): it wants no more digests") from error
        raise RefusedError(_words(error, target), timedelta(seconds=error.retry_after or 0)) from error


def _words(error: FetchError, target: str) -> str:
    """What went wrong, without the address, which must not get into the ledger of receipts."""
    url = httpx2.URL(target)
    words = str(error)
    for part in (brief(url), shown(url), url.netloc.decode(), url.host):
        words = words.replace(part, "the receiver")
    # The hints of faults that pass speak of polls.
    return one_line(words if error.transient or not error.hint else f"{words}; {error.hint}")
