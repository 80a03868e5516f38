"""The `apprise:URL` channel: the text of each digest to any of the services that Apprise reaches (an extra).

Apprise speaks HTTP itself, to addresses that the operator wrote, and says whether a message was taken, not why not.
It has no ids, so the text ends with the id of the digest: the same at every try.
"""

import logging
from importlib import import_module
from importlib.util import find_spec
from typing import Any, Final
from urllib.parse import urlsplit

from tracker.deliver.base import DeliveryError, Means, Parcel, RefusedError
from tracker.errors import FetchError
from tracker.network import refuse_private_host

MISSING: Final = "Apprise is not installed: pip install 'regulatory-change-tracker[apprise]'"


def check_service(target: str) -> str:
    """A URL that Apprise knows how to use; raises ValueError."""
    service = _service(target)
    if service is None:
        kind = target.partition(":")[0]
        raise ValueError(f"Apprise cannot use that {kind}: URL: see https://appriseit.com/services/ for how it is written")
    return target


def shown_service(target: str) -> str:
    """The kind of service alone: such URLs hold tokens."""
    return f"{target.partition('://')[0]}://..."


def deliver_by_apprise(parcel: Parcel, target: str, means: Means) -> str:
    """Sends title and text; raises DeliveryError."""
    try:
        service = _service(target)
    except ValueError as error:
        raise DeliveryError(str(error)) from None
    if service is None:
        raise DeliveryError("Apprise cannot use the address: remove the watch and add it again")
    if not means.http.allow_private:
        try:
            refuse_private_host(urlsplit(target).hostname or "", shown_service(target))
        except FetchError as error:
            raise RefusedError(f"{error}; {error.hint}") from error
    title, _, body = parcel.text.decode().partition("\n")
    sender = import_module("apprise").Apprise()
    sender.add(service)
    if not sender.notify(title=title, body=f"{body.strip()}\n\nId: {parcel.id}\n", body_format="text"):
        raise RefusedError(f"{service.service_name} did not take it; Apprise says no more")
    return f"taken by {service.service_name}"


def _service(target: str) -> Any:
    """The service of a URL, None for one that Apprise cannot use; raises ValueError where it is not installed."""
    if find_spec("apprise") is None:
        raise ValueError(MISSING)
    logging.getLogger("apprise").setLevel(logging.CRITICAL)  # it logs the URL, with its tokens
    return import_module("apprise").Apprise.instantiate(target)
