"""The `email:ADDRESS` channel: each digest as a mail of text and HTML, over SMTP."""

import hashlib
import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from typing import Final
from urllib.parse import quote

import css_inline
from markupsafe import Markup

from tracker.deliver.base import Means, Parcel
from tracker.deliver.settings import is_address
from tracker.deliver.smtp import MailServer
from tracker.lines import one_line

_SUBJECT: Final = 300  # characters
_POLICY: Final = SMTP.clone(max_line_length=998)  # folded earlier, long links would come out as encoded words

_QUESTION: Final = """\
Somebody asked that the digests of the watch "{watch}" be sent to this address.

If you want them, open this page until {day} and press the button there:

{link}

If not, do nothing: you get no further mail.
"""


def check_address(target: str) -> str:
    """One plain address; raises ValueError for anything that could be more than that."""
    if not is_address(target):
        raise ValueError(f"{target!r} is not a plain mail address: write name@example.org, its domain in ASCII (xn--...)")
    return target


def shown_address(target: str) -> str:
    """The address with all but the first letter of its name hidden."""
    name, _, domain = target.rpartition("@")
    return f"{name[:1]}...@{domain}"


def deliver_by_mail(parcel: Parcel, target: str, means: Means) -> str:
    """Sends the mail; its Message-ID is the same at every try, and mail servers drop what they have had."""
    return _sent(compose(parcel, target, means), target, means)


def compose(parcel: Parcel, target: str, means: Means) -> EmailMessage:
    """The mail itself: no header takes a word from documents but the subject, and that on one line."""
    message = _headed(parcel.text.decode().partition("\n")[0], target, means)
    message["Message-ID"] = f"<{parcel.id}@{means.email.domain}>"
    message["Date"] = parcel.issued_at
    message["List-Id"] = f"<{_label(parcel.watch)}.{means.email.domain}>"
    links = _unsubscribing(parcel.watch, means)
    if links:
        message["List-Unsubscribe"] = ", ".join(f"<{link}>" for link in links)
    pages = [link for link in links if link.startswith("https:")]
    if pages:
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"  # RFC 8058
    link = next(iter([*pages, *links]), None)  # what mail programs are told is what people read
    end = f"\nTo unsubscribe: {link}\n" if link else ""
    message.set_content(parcel.text.decode() + end, cte="quoted-printable")
    page = _with_end(_inlined(parcel.html.decode()), link)
    message.add_alternative(page, subtype="html", cte="quoted-printable")
    # A boundary of chance would make every try another mail.
    message.set_boundary(f"=_{parcel.id}")
    return message


def send_question(watch: str, link: str, until: datetime, target: str, means: Means) -> str:
    """Asks an address whether it wants the digests of a watch; raises DeliveryError."""
    message = _headed(f"Do you want the digests of {watch}?", target, means)
    named = hashlib.sha256(f"{means.reference}\n{until.isoformat()}".encode()).hexdigest()[:32]
    message["Message-ID"] = f"<{named}@{means.email.domain}>"
    message["Date"] = means.clock.now()
    message.set_content(_QUESTION.format(watch=watch, link=link, day=until.date().isoformat()), cte="quoted-printable")
    return _sent(message, target, means)


def _sent(message: EmailMessage, target: str, means: Means) -> str:
    if means.mail_server is not None:
        return means.mail_server.send(message, target)
    with MailServer(means.email) as server:
        return server.send(message, target)


def _headed(subject: str, target: str, means: Means) -> EmailMessage:
    message = EmailMessage(policy=_POLICY)
    message["From"] = means.email.sender
    message["To"] = target
    message["Subject"] = one_line(subject)[:_SUBJECT]
    message["Auto-Submitted"] = "auto-generated"
    return message


def _unsubscribing(watch: str, means: Means) -> list[str]:
    """The links of List-Unsubscribe: those of the settings; the page that `tracker serve` has, unless one is among them."""
    links = [_filled(link, watch, means.reference) for link in means.email.unsubscribe]
    served = means.unsubscribe
    return [served, *links] if served and not any(link.startswith("https:") for link in links) else links


def _with_end(page: str, link: str | None) -> str:
    """The page with a line below it on how to unsubscribe."""
    if link is None:
        return page
    line = Markup('<p style="text-align: center; font: 13px sans-serif"><a href="{}">Unsubscribe</a></p>').format(link)
    before, end, after = page.rpartition("</body>")
    return f"{before}{line}\n{end}{after}" if end else page + line


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
