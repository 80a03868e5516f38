"""Where connections may go, and how long they may take: the sockets under the polite client.

A name is resolved here, every address it has is checked, and the connection is made to the checked
address itself, so a name that changes its address between check and use (DNS rebinding) gains nothing.

What remains: through a proxy, the proxy resolves names; only addresses written out in the URL and the
name `localhost` are refused then. Resolving a name is not covered by the deadline.
"""

import ipaddress
import socket
from collections.abc import Callable, Iterable
from typing import Any

import httpcore2
import httpx2

from tracker.clock import Clock
from tracker.errors import FetchError

Resolve = Callable[[str, int], list[str]]
"""From host and port to every address of the host; raises OSError when there is none."""

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


def resolve(host: str, port: int) -> list[str]:
    """Every address of a host, by the machine's resolver; raises OSError (`socket.gaierror`)."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet.

    Loopback, private, link-local, shared, reserved, documentation and multicast addresses do not, nor
    do IPv6 addresses that wrap such an IPv4 address (RFC 4291 mapped, RFC 3056 6to4, RFC 6052 NAT64).
    """
    try:
        found = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour
        if found in _NAT64:
            inner = ipaddress.IPv4Address(int(found) & 0xFFFFFFFF)
        if inner is not None:
            return is_public(str(inner))
    return found.is_global and not found.is_multicast


def refuse_private_host(host: str, url: str) -> None:
    """Raises FetchError when the host is a private address written out, or this very machine.

    It also reads the short and numeric forms that resolvers take ("127.1", "2130706433", "0x7f.1").
    """
    address = host
    try:
        address = socket.inet_ntoa(socket.inet_aton(host))
    except OSError:
        if ":" not in host:
            address = "127.0.0.1" if host == "localhost" or host.endswith(".localhost") else "8.8.8.8"
    if not is_public(address):
        raise private_address(url, host, address)


def private_address(where: str, host: str, address: str) -> FetchError:
    """The error for a host that is not on the public internet."""
    return FetchError(
        f"{where}: {host} is {address}, an address of this machine or of a private network, and is not asked",
        "if that is intended, set allow_private = true under [http] in tracker.toml",
        url=where,
    )


class Deadline:
    """How long the request in hand may still take, and all requests of the work in hand together. One at a time."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._end = self._whole_end = float("inf")

    def start(self, seconds: float) -> None:
        """The request begins now and must be over within so many seconds."""
        self._end = self._clock.monotonic() + seconds

    def left(self) -> float:
        """Seconds left; not above zero when the time is over."""
        return min(self._end, self._whole_end) - self._clock.monotonic()

    def start_whole(self, seconds: float) -> None:
        """Work of many requests begins now and must be over within so many seconds."""
        self._end, self._whole_end = float("inf"), self._clock.monotonic() + seconds

    def shorten_whole(self, seconds: float) -> None:
        """From now on it may take so many seconds at most."""
        self._whole_end = min(self._whole_end, self._clock.monotonic() + seconds)

    def whole_left(self) -> float:
        """Seconds left for the work as a whole."""
        return self._whole_end - self._clock.monotonic()


class CheckedBackend(httpcore2.SyncBackend):
    """Connects to public addresses only (unless all are allowed), and keeps the deadline."""

    def __init__(self, deadline: Deadline, *, allow_private: bool, resolve: Resolve = resolve) -> None:
        self._deadline = deadline
        self._allow_private = allow_private
        self._resolve = resolve

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """Resolves, checks all addresses, then tries them in turn. Raises FetchError for a private one."""
        try:
            addresses = self._resolve(host, port)
        except OSError as error:
            raise httpcore2.ConnectError(f"the name {host} has no address: {error}") from error
        if not self._allow_private:
            for address in addresses:
                if not is_public(address):
                    raise private_address(f"{host}:{port}", host, address)
        failure: Exception = httpcore2.ConnectError(f"the name {host} has no address")
        for address in addresses:
            try:
                within = _shorter(timeout, self._deadline)
                stream = super().connect_tcp(address, port, within, local_address, socket_options)
                return DeadlineStream(stream, self._deadline)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise failure


class DeadlineStream(httpcore2.NetworkStream):
    """A connection whose every wait ends with the deadline, so that a server that drips is left too."""

    def __init__(self, stream: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._stream = stream
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._stream.read(max_bytes, _shorter(timeout, self._deadline))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, _shorter(timeout, self._deadline))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: Any, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        within = _shorter(timeout, self._deadline)
        return DeadlineStream(self._stream.start_tls(ssl_context, server_hostname, within), self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._stream.get_extra_info(info)


def _shorter(timeout: float | None, deadline: Deadline) -> float:
    left = deadline.left()
    if left <= 0:
        raise httpcore2.ReadTimeout("the deadline is over")
    return left if timeout is None else min(timeout, left)


class CheckedTransport(httpx2.HTTPTransport):
    """httpx2's transport on checked connections. Proxies of the environment use transports of their own."""

    def __init__(self, backend: CheckedBackend) -> None:
        super().__init__()
        # httpx2 takes no network backend; its pool is replaced by one of the same make that does.
        self._pool.close()
        self._pool = httpcore2.ConnectionPool(
            ssl_context=httpx2.create_ssl_context(),
            max_connections=10,
            max_keepalive_connections=5,
            keepalive_expiry=5.0,
            network_backend=backend,
        )


class CheckedClient(httpx2.Client):
    """httpx2's client on checked connections, with the proxies of the environment.

    It takes the transport's place from within: a `transport` given to it switches those proxies off.
    """

    def __init__(self, backend: CheckedBackend, *, headers: dict[str, str], timeout: float) -> None:
        self._backend = backend
        super().__init__(headers=headers, timeout=timeout, follow_redirects=False)

    def _init_transport(self, *_: Any, **__: Any) -> httpx2.BaseTransport:
        return CheckedTransport(self._backend)
