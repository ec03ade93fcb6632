"""Content encodings taken off while the bytes come, for our eyes only: what the client gets stays as it was."""

import zlib
from collections.abc import Callable
from importlib import import_module
from typing import Protocol, TypeAlias

Decode: TypeAlias = Callable[[bytes], bytes]

_GZIP = b"\x1f\x8b"
_LARGEST = 16 * 1024 * 1024  # bytes that one chunk may grow to; more is not meant to be read


class Unreadable(ValueError):
    """Bytes that are not what Content-Encoding says, or an encoding that nobody here knows."""


class _Incremental(Protocol):
    def decompress(self, data: bytes) -> bytes: ...


def decoder(content_encoding: str) -> Decode | None:
    """What takes these encodings off (RFC 9110, 8.4); None where there are none. Raises Unreadable."""
    names = [name.strip().lower() for name in content_encoding.split(",")]
    steps = [_decoder(name) for name in reversed(names) if name not in ("", "identity")]
    if not steps:
        return None

    def decode(data: bytes) -> bytes:
        try:
            for step in steps:
                data = step(data)
        except Unreadable:
            raise
        except Exception as error:  # each library has its own
            raise Unreadable(f"the body is not {content_encoding}: {error}") from None
        return data

    return decode


def _decoder(name: str) -> Decode:
    try:
        match name:
            case "gzip" | "x-gzip" | "deflate":
                return _Zlib(may_be_bare=name == "deflate").decode
            case "br":
                brotli: Decode = import_module("brotli").Decompressor().process
                return brotli
            case "zstd":
                zstd: _Incremental = import_module("zstandard").ZstdDecompressor().decompressobj()
                return zstd.decompress
    except ImportError:
        pass
    raise Unreadable(f"Content-Encoding {name!r:.40} cannot be read here")


class _Zlib:
    """gzip and zlib, and bare deflate, which some call deflate too: two bytes tell (RFC 1950, 2.2; RFC 1952)."""

    def __init__(self, may_be_bare: bool) -> None:
        self._may_be_bare = may_be_bare
        self._begin = b""
        self._inner = zlib.decompressobj(zlib.MAX_WBITS | 32)

    def decode(self, data: bytes) -> bytes:
        if len(self._begin) >= 2:
            return self._take(data)
        self._begin += data
        if len(self._begin) < 2:
            return b""
        if int.from_bytes(self._begin[:2]) % 31 and self._may_be_bare and self._begin[:2] != _GZIP:
            self._inner = zlib.decompressobj(-zlib.MAX_WBITS)
        return self._take(self._begin)

    def _take(self, data: bytes) -> bytes:
        plain = self._inner.decompress(data, _LARGEST)
        if self._inner.unconsumed_tail:
            raise Unreadable(f"a chunk of {len(data)} bytes grows beyond {_LARGEST} bytes")
        if self._inner.eof and self._inner.unused_data:  # the next member of a gzip file
            rest = self._inner.unused_data
            self._inner = zlib.decompressobj(zlib.MAX_WBITS | 32)
            return plain + self._take(rest)
        return plain
