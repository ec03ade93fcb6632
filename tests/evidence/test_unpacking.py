"""Packed answers are unpacked as they come, and never more of them at once than a piece."""

import gzip
import zlib

import pytest

from conformance.evidence.unpacking import NotPacked, Unpacker

TEXT = b"data: {}\n\n" * 50_000


def _bare(data: bytes) -> bytes:
    """Deflate without the head that it should have."""
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()


def unpacked(coding: str, *chunks: bytes) -> list[bytes]:
    unpacker = Unpacker(coding)
    return [piece for chunk in chunks for piece in unpacker.feed(chunk)]


@pytest.mark.parametrize(
    ("coding", "packed"),
    [
        ("gzip", gzip.compress(TEXT)),
        (" X-GZIP ", gzip.compress(TEXT)),
        ("deflate", zlib.compress(TEXT)),
        ("deflate", _bare(TEXT)),
        ("", TEXT),
        ("identity", TEXT),
        ("br", TEXT),
        ("gzip, gzip", TEXT),
    ],
)
def test_what_is_known_is_unpacked_and_what_is_not_is_left(coding: str, packed: bytes) -> None:
    assert b"".join(unpacked(coding, packed[:100], packed[100:])) == TEXT


def test_a_bomb_goes_off_a_little_at_a_time() -> None:
    assert max(map(len, unpacked("gzip", gzip.compress(b" " * 10_000_000)))) <= 65_536


@pytest.mark.parametrize("coding", ["gzip", "deflate"])
def test_what_is_not_packed_is_told(coding: str) -> None:
    with pytest.raises(NotPacked, match="cannot be unpacked"):
        unpacked(coding, b"\xff" * 100)
