"""The body of an answer, decoded as it streams in, with the cap on what it grows to."""

import zlib
from collections.abc import Iterable, Iterator

_PIECE = 1 << 20  # decoded bytes at a time, so that a small body cannot grow unseen


class BodyError(ValueError):
    """The body is not what its headers say, or is too large: says which."""


def read_body(chunks: Iterable[bytes], coding: str, limit: int, into: bytearray) -> None:
    """Appends the decoded body to `into`; what had come stays there when it fails.

    `coding` is the Content-Encoding (RFC 9110, section 8.4.1): nothing, `identity` or `gzip`, which is
    all the client asks for. Raises BodyError for another coding, bytes that are not gzip, gzip that
    ends too early, and more than `limit` decoded bytes.
    """
    if coding in {"", "identity"}:
        decoded: Iterator[bytes] = iter(chunks)
    elif coding in {"gzip", "x-gzip"}:
        decoded = gunzip(chunks)
    else:
        raise BodyError(f"is encoded as {coding!r}, which was not asked for")
    for piece in decoded:
        if len(into) + len(piece) > limit:
            into += piece[: limit - len(into)]
            raise BodyError(f"is larger than {limit} bytes when decoded")
        into += piece


def gunzip(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Decodes gzip (RFC 1952, also of several members) in pieces of at most 1 MiB; raises BodyError.

    httpx2 decodes too, but takes a stream that ends in the middle for a whole one.
    """
    inflate = zlib.decompressobj(zlib.MAX_WBITS | 16)
    begun = False
    for chunk in chunks:
        pending = chunk
        while pending:
            if inflate.eof:
                inflate, begun = zlib.decompressobj(zlib.MAX_WBITS | 16), False
                pending = pending.lstrip(b"\0")  # padding between members
                if not pending:
                    break
            begun = True
            try:
                piece = inflate.decompress(pending, _PIECE)
            except zlib.error as error:
                raise BodyError(f"is said to be gzip and is not: {error}") from error
            yield piece
            pending = inflate.unused_data if inflate.eof else inflate.unconsumed_tail
    while begun and not inflate.eof:
        piece = inflate.decompress(inflate.unconsumed_tail, _PIECE)
        if not piece:
            raise BodyError("ends in the middle of its gzip stream")
        yield piece
