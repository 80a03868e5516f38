"""SMTP: one mail handed to one server, never over a weaker connection than the settings want."""

import os
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from typing import Final

from tracker.deliver.base import ClosedError, DeliveryError, RefusedError
from tracker.deliver.settings import EmailSettings
from tracker.render import one_line

_WORDS: Final = 300  # characters kept of what a mail server says
NO_SERVER: Final = "no mail server is set: host and from under [email] in tracker.toml"
FINAL_WORD: Final = 3
"""How much a mail server's final word on an address (5xx) weighs; "later" (4xx), as grey lists say, weighs 1."""


def send(message: EmailMessage, target: str, settings: EmailSettings) -> str:
    """Sends a mail to one address and gives the receipt; raises DeliveryError."""
    if not settings.host:
        raise DeliveryError(NO_SERVER)
    try:
        with _connection(settings) as server:
            server.send_message(message, settings.sender, [target])
    except smtplib.SMTPRecipientsRefused as error:
        code, answer = error.recipients[target]
        raise RefusedError(_told("refused the address", code, answer), weight=FINAL_WORD if code >= 500 else 1) from error
    except smtplib.SMTPDataError as error:
        raise RefusedError(_told("did not take it", error.smtp_code, error.smtp_error)) from error
    except smtplib.SMTPResponseException as error:  # at the greeting, the login or the sender: the same for every address
        raise ClosedError(_told("did not take it", error.smtp_code, error.smtp_error)) from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        words = one_line(str(error))[:_WORDS] or type(error).__name__
        raise ClosedError(f"the mail server {settings.host}:{settings.port} could not be used: {words}") from error
    return f"taken by {settings.host} as {message['Message-ID']}"


def _told(what: str, code: int, answer: bytes | str) -> str:
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"the mail server {what}: {code} {one_line(words)[:_WORDS]}".rstrip()


@contextmanager
def _connection(settings: EmailSettings) -> Iterator[smtplib.SMTP]:
    """A connection as the settings want it, never a weaker one. Goodbyes that fail change nothing: the mail is taken."""
    trusted = ssl.create_default_context()
    # Naming ourselves by the sender's domain saves a look-up of this machine's own name.
    where, name, wait = (settings.host, settings.port), settings.domain, settings.timeout
    server: smtplib.SMTP
    if settings.security == "tls":
        server = smtplib.SMTP_SSL(*where, local_hostname=name, timeout=wait, context=trusted)
    else:
        server = smtplib.SMTP(*where, local_hostname=name, timeout=wait)
    try:
        server.ehlo()
        if settings.security == "starttls":
            server.starttls(context=trusted)
        user, password = os.environ.get("TRACKER_SMTP_USER"), os.environ.get("TRACKER_SMTP_PASSWORD")
        if user and password:
            if settings.security == "none":
                raise DeliveryError('a password is not sent in the open: set security = "starttls" or "tls" under [email]')
            server.login(user, password)
        yield server
        with suppress(smtplib.SMTPException, OSError):
            server.quit()
    finally:
        server.close()
