"""SMTP: mails handed to one server, one after the other, never over a weaker connection than the settings want."""

import os
import smtplib
import ssl
from contextlib import suppress
from email.message import EmailMessage
from typing import Final, Self

from tracker.deliver.base import ClosedError, DeliveryError, RefusedError
from tracker.deliver.settings import EmailSettings
from tracker.lines import one_line

_WORDS: Final = 300  # characters kept of what a mail server says
NO_SERVER: Final = "no mail server is set: host and from under [email] in tracker.toml"
FINAL_WORD: Final = 3
"""How much a mail server's final word on an address (5xx) weighs; "later" (4xx), as grey lists say, weighs 1."""


class MailServer:
    """The mail server of one run: connected to at the first mail, and kept for those that follow.

    A server may close at any time what it has not answered for; such a connection is made anew, once a mail. What
    goes wrong while a mail is handed over is never tried again here: the server may have taken it.
    """

    def __init__(self, settings: EmailSettings) -> None:
        self.settings = settings
        self._kept: smtplib.SMTP | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Takes leave. Goodbyes that fail change nothing: the mails are taken."""
        kept, self._kept = self._kept, None
        if kept is not None:
            with suppress(smtplib.SMTPException, OSError):
                kept.quit()
            kept.close()

    def send(self, message: EmailMessage, target: str) -> str:
        """Sends a mail to one address and gives the receipt; raises DeliveryError."""
        if not self.settings.host:
            raise DeliveryError(NO_SERVER)
        try:
            self._hand_over(message, target)
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = error.recipients[target]
            raise RefusedError(_told("refused the address", code, answer), weight=FINAL_WORD if code >= 500 else 1) from error
        except smtplib.SMTPDataError as error:
            raise RefusedError(_told("did not take it", error.smtp_code, error.smtp_error)) from error
        except smtplib.SMTPResponseException as error:  # at the greeting, the login or the sender: the same for every address
            raise ClosedError(_told("did not take it", error.smtp_code, error.smtp_error)) from error
        except (smtplib.SMTPException, OSError, ValueError) as error:
            words = one_line(str(error))[:_WORDS] or type(error).__name__
            where = f"{self.settings.host}:{self.settings.port}"
            raise ClosedError(f"the mail server {where} could not be used: {words}") from error
        return f"taken by {self.settings.host} as {message['Message-ID']}"

    def _hand_over(self, message: EmailMessage, target: str) -> None:
        server = self._answering()
        if server is not None:
            try:
                return self._try(server, message, target)
            except smtplib.SMTPException as error:
                if not _has_had_enough(error):
                    raise
        return self._try(_connected(self.settings), message, target)

    def _answering(self) -> smtplib.SMTP | None:
        """The connection kept from the mail before, where the server still answers on it."""
        kept, self._kept = self._kept, None
        if kept is None:
            return None
        with suppress(smtplib.SMTPException, OSError):
            if kept.rset()[0] == 250:
                return kept
        kept.close()
        return None

    def _try(self, server: smtplib.SMTP, message: EmailMessage, target: str) -> None:
        try:
            server.send_message(message, self.settings.sender, [target])
        except (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError):
            self._kept = server  # of that address or mail alone: the others may follow
            raise
        except BaseException:
            server.close()
            raise
        self._kept = server


def _has_had_enough(error: smtplib.SMTPException) -> bool:
    """Whether a server closes a connection on which it took as much as it takes on one (421); this mail it did not take."""
    codes = [code for code, _ in error.recipients.values()] if isinstance(error, smtplib.SMTPRecipientsRefused) else []
    if isinstance(error, smtplib.SMTPResponseException):
        codes = [error.smtp_code]
    return codes == [421]


def _told(what: str, code: int, answer: bytes | str) -> str:
    words = answer.decode("utf-8", "replace") if isinstance(answer, bytes) else answer
    return f"the mail server {what}: {code} {one_line(words)[:_WORDS]}".rstrip()


def _connected(settings: EmailSettings) -> smtplib.SMTP:
    """A connection as the settings want it, never a weaker one."""
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
    except BaseException:
        server.close()
        raise
    return server
