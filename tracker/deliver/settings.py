"""The settings that channels take from `tracker.toml`. User names, passwords and secrets are never among them."""

import re
from typing import Literal

import msgspec

_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@(?=.{1,253}$)[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?")
_LINK = re.compile(r"(?:https://|mailto:)[\x21\x23-\x3b\x3d\x3f-\x7e]+")  # plain ASCII, neither spaces nor quotes nor <>


def is_address(text: str) -> bool:
    """Whether a text is one plain mail address and nothing else: no name, no list, no newline."""
    return _ADDRESS.fullmatch(text) is not None


class EmailSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """How digests are mailed. User and password come from TRACKER_SMTP_USER and TRACKER_SMTP_PASSWORD.

    `security` is `starttls`, `tls` (from the first byte) or `none`, which is for a server on this machine.
    `unsubscribe` are links of List-Unsubscribe, `{watch}` and `{channel}` in them stand for what is meant.
    With `confirm`, an address gets digests only once it said yes to a mail that asks, within `confirm_within`
    seconds; those that are `own` (addresses, or domains) are not asked.
    """

    host: str = ""
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: str = msgspec.field(default="", name="from")
    unsubscribe: tuple[str, ...] = ()
    timeout: float = 30.0
    confirm: bool = False
    confirm_within: float = 7 * 86400.0
    own: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if self.host and not re.fullmatch(r"[A-Za-z0-9.:_-]+", self.host):
            raise ValueError('host under [email] is the name of a mail server, for example "smtp.example.org"')
        if not 0 < self.port < 65536 or self.timeout <= 0:
            raise ValueError("port under [email] lies between 1 and 65535, timeout is more than 0")
        if self.sender and not is_address(self.sender):
            raise ValueError('from under [email] is a plain address, for example "tracker@example.org"')
        if bool(self.host) != bool(self.sender):
            raise ValueError("host and from under [email] are set together")
        for link in self.unsubscribe:
            if not _LINK.fullmatch(link):
                raise ValueError(f"unsubscribe under [email] holds {link!r}: write https:// or mailto: links in plain ASCII")

    def asks(self, address: str) -> bool:
        """Whether an address must say yes before it gets digests."""
        known = {one.lower() for one in self.own}
        return self.confirm and address.lower() not in known and address.lower().rpartition("@")[2] not in known

    @property
    def domain(self) -> str:
        """The domain that mails come from."""
        return self.sender.rpartition("@")[2]


class DeliverySettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """When an address is given up: after refusals in a row that weigh so much together.

    A refusal weighs 1; a mail server's final word on an address (5xx) weighs 3.
    """

    pause_after: int = 10

    def __post_init__(self) -> None:
        if self.pause_after < 1:
            raise ValueError("pause_after under [delivery] is 1 or more")


class ServeSettings(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What `tracker serve` answers on, and under which address the world reaches it."""

    host: str = "127.0.0.1"
    port: int = 8744
    public_url: str = ""
    entries: int = 100

    def __post_init__(self) -> None:
        if self.public_url and not re.fullmatch(r"https?://[\x21\x23-\x3b\x3d\x40-\x7e]+", self.public_url):
            raise ValueError('public_url under [serve] is an address as "https://tracker.example.org", without a query')
        if not 0 <= self.port < 65536 or not 1 <= self.entries <= 1000:
            raise ValueError("port under [serve] lies between 0 and 65535, entries between 1 and 1000")

    @property
    def base(self) -> str:
        """The public address, without a slash at its end; empty when none is set."""
        return self.public_url.rstrip("/")
