"""The `email:ADDRESS` channel: each digest as a mail of text and HTML, over SMTP."""

import os
import re
import smtplib
import ssl
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final
from urllib.parse import quote

import css_inline

from tracker.deliver.base import DeliveryError, Means, Parcel, RefusedError
from tracker.deliver.settings import EmailSettings, is_address
from tracker.render import one_line

_WORDS: Final = 300  # characters kept of what a mail server says
_POLICY: Final = SMTP.clone(max_line_length=998)  # folded earlier, long links would come out as encoded words


def check_address(target: str) -> str:
    """One plain address; raises ValueError for anything that could be more than that."""
    if not is_address(target):
        raise ValueError(f"{target!r} is not a plain mail address: write name@example.org, its domain in ASCII (xn--...)")
    return target


def deliver_by_mail(parcel: Parcel, target: str, means: Means) -> str:
    """Sends the mail; its Message-ID is the same at every try, and mail servers drop what they have had."""
    if not means.email.host:
        raise DeliveryError("no mail server is set: host and from under [email] in tracker.toml")
    message = compose(parcel, target, means)
    try:
        with _connection(means.email) as server:
            server.send_message(message, means.email.sender, [target])
    except smtplib.SMTPRecipientsRefused as error:
        raise RefusedError(_told("refused the address", *error.recipients[target])) from error
    except smtplib.SMTPResponseException as error:
        raise RefusedError(_told("did not take it", error.smtp_code, error.smtp_error)) from error
    except (smtplib.SMTPException, OSError, ValueError) as error:
        words = one_line(str(error))[:_WORDS] or type(error).__name__
        raise RefusedError(f"the mail server {means.email.host}:{means.email.port} could not be used: {words}") from error
    return f"taken by {means.email.host} as {message['Message-ID']}"


def compose(parcel: Parcel, target: str, means: Means) -> EmailMessage:
    """The mail itself: no header takes a word from documents but the subject, and that on one line."""
    settings = means.email
    message = EmailMessage(policy=_POLICY)
    message["From"] = settings.sender
    message["To"] = target
    message["Subject"] = one_line(parcel.text.decode().partition("\n")[0])[:_WORDS]
    message["Date"] = means.clock.now()
    message["Message-ID"] = f"<{parcel.id}@{settings.domain}>"
    message["List-Id"] = f"<{_label(parcel.watch)}.{settings.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    links = [_filled(link, parcel.watch, means.reference) for link in settings.unsubscribe]
    if links:
        message["List-Unsubscribe"] = ", ".join(f"<{link}>" for link in links)
    if any(link.startswith("https:") for link in links):
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    message.set_content(parcel.text.decode(), cte="quoted-printable")
    message.add_alternative(_inlined(parcel.html.decode()), subtype="html", cte="quoted-printable")
    # A boundary of chance would make every try another mail.
    message.set_boundary(f"=_{parcel.id}")
    return message


def _inlined(page: str) -> str:
    """The page with its styles on its elements, where all mail clients see them; media rules stay in the head."""
    try:
        return css_inline.CSSInliner(keep_style_tags=True, load_remote_stylesheets=False).inline(page)
    except css_inline.InlineError:  # a template somebody edited: most clients read the head too
        return page


def _filled(link: str, watch: str, reference: str) -> str:
    return link.replace("{watch}", quote(watch, safe="")).replace("{channel}", quote(reference, safe=""))


def _label(watch: str) -> str:
    """A watch as one label of a List-Id."""
    return re.sub(r"[^a-z0-9-]+", "-", watch).strip("-")


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
