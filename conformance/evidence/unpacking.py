"""Packed answers (RFC 9110, 8.4.1), unpacked a little at a time: few bytes on the wire may stand for gigabytes.

Nobody asks for packing, and some gateways pack all the same.
"""

import zlib
from collections.abc import Iterator

_PIECE = 64 * 1024  # bytes that are unpacked at once
_ANY_HEAD = 32 + zlib.MAX_WBITS  # zlib finds out itself whether it is gzip or deflate
_NO_HEAD = -zlib.MAX_WBITS  # deflate as some send it, without the head that it should have


class NotPacked(ValueError):
    """The bytes are not what the answer says that they are."""


class Unpacker:
    """Undoes the content coding of an answer; any but gzip and deflate, and several at once, are left as they are."""

    def __init__(self, coding: str) -> None:
        name = coding.strip().lower()
        self._unpack = zlib.decompressobj(_ANY_HEAD) if name in ("gzip", "x-gzip", "deflate") else None
        self._may_lack_head = name == "deflate"

    def feed(self, data: bytes) -> Iterator[bytes]:
        """What these bytes stand for, in pieces of a bounded size. Raises NotPacked."""
        if self._unpack is None:
            yield data
            return
        while data:
            try:
                piece = self._unpack.decompress(data, _PIECE)
            except zlib.error as error:
                if not self._may_lack_head:
                    raise NotPacked(f"the answer cannot be unpacked: {error}") from None
                self._unpack, self._may_lack_head = zlib.decompressobj(_NO_HEAD), False
                continue
            self._may_lack_head = False
            data = self._unpack.unconsumed_tail
            if piece:
                yield piece
