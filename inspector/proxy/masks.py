"""Secrets out of a recording while it is written: records go in, records without secrets come out.

A secret is masked from the record on in which it first shows, that one included. What a mask is like, and that
verdicts stay the same, is the business of `conformance.evidence.masking`. Here is only what growing takes: an event
is held back until it is whole, and the body of another answer until its end, so that no secret slips through in two
halves. Both are read no sooner, so nothing changes for whoever judges.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

from conformance.evidence.masking import SHORT, Masker, mask_of, spellings
from conformance.evidence.recording import About, Asked, Chunk, Deed, End, Head, Kept, Lost, Record
from conformance.evidence.secret import found_in, in_address, plain_in
from conformance.evidence.sse import EventReader
from conformance.evidence.trace import Event, Exchange

_FEW = 64  # spellings that are looked for one by one
_LONGEST = 8 * 1024 * 1024  # bytes that are held back


class GrowingMasker(Masker):
    """A masker that learns of secrets one after another. Its cost does not grow with their number."""

    def __init__(self) -> None:
        super().__init__(())
        self._hidden: set[str] = set()
        self._taken: set[str] = set()
        self._plain: set[str] = set()
        self._starts: dict[str, list[str]] = {}

    def learn(self, exchange: Exchange) -> None:
        """Learn of the secrets in (a part of) an exchange."""
        self._plain.update(plain_in(exchange))
        self.know(found_in(exchange))

    def know(self, secrets: Iterable[str]) -> None:
        """Learn of these secrets."""
        new = {secret for secret in secrets if secret} - self._hidden - self._plain
        if not new:
            return
        self._hidden |= new
        for secret in sorted(new, key=lambda s: (-len(s), s)):
            mask = self._masks[secret] = mask_of(secret, self._hidden, self._taken)
            self._taken.add(mask)
            if len(secret) >= SHORT:
                self._long[secret] = mask
                self._spell(secret, mask)
        self.__dict__.pop("_escaped", None)

    def _spell(self, secret: str, mask: str) -> None:
        for spelled, instead in spellings(secret, mask):
            if spelled not in self._spelled:
                self._spelled[spelled] = instead
                self._starts.setdefault(spelled[:SHORT], []).append(spelled)

    def text_now(self, text: str) -> str:
        """A text without the secrets that are known by now."""
        return self._everywhere(text)

    def _plainly(self, text: str) -> str:
        if len(self._spelled) <= _FEW:
            return super()._plainly(text)
        starts, found = self._starts, list[str]()
        for at in range(len(text) - SHORT + 1):
            if text[at : at + SHORT] in starts:
                found += starts[text[at : at + SHORT]]
        for spelled in sorted(set(found), key=len, reverse=True):
            text = text.replace(spelled, self._spelled[spelled])
        return text


@dataclass(slots=True)
class _Held:
    """An exchange under way, and what of its answer was not written yet."""

    facts: Exchange
    reader: EventReader | None = None
    body: bytearray = field(default_factory=bytearray)
    last_at: float = 0.0

    @property
    def left(self) -> bytes:
        """What is held back."""
        return self.reader.tail if self.reader is not None else bytes(self.body)


class Masks:
    """The masks of one recording."""

    def __init__(self) -> None:
        self._masker = GrowingMasker()
        self._under_way: dict[int, _Held] = {}

    def about(self, about: About) -> About:
        """What is true of the whole recording, without the secrets in its address."""
        self._masker.know(in_address(about.upstream))
        return replace(about, upstream=self._masker.text_now(about.upstream))

    def masked(self, record: Record) -> Iterator[Record]:
        """What can be written now that this record is there."""
        match record:
            case Asked():
                yield self._asked(record)
            case Deed(what=what):
                yield replace(record, what=self._masker.text_now(what))
            case Kept(event_id=event_id):
                yield replace(record, event_id=event_id and self._masker.text_now(event_id))
            case _:
                held = self._under_way.get(record.number)
                if held is not None:
                    yield from self._answered(held, record)

    def rest(self) -> Iterator[Record]:
        """What is held back, where no more will come."""
        for number, held in self._under_way.items():
            yield from self._write(held, Chunk(number, held.last_at, b""), held.left, ())
        self._under_way.clear()

    def _asked(self, record: Asked) -> Asked:
        facts = Exchange(
            *(record.number, record.client, record.method, record.url), record.headers, record.body, record.at
        )
        self._masker.learn(facts)
        self._under_way[record.number] = _Held(facts)
        return replace(
            record,
            client=self._masker.text_now(record.client),
            url=self._masker.text_now(record.url),
            headers=self._masker.headers(record.headers),
            body=self._masker.data(record.body),
        )

    def _answered(self, held: _Held, record: Head | Chunk | End | Lost) -> Iterator[Record]:
        match record:
            case Head(headers=headers):
                facts = replace(held.facts, request_body=b"", response_headers=headers)
                self._masker.learn(facts)
                held.facts = replace(facts, request_headers=(), response_headers=())
                held.reader = EventReader() if facts.is_stream else None
                yield replace(record, headers=self._masker.headers(headers))
            case Chunk(data=data):
                yield from self._came(held, record, data)
            case End() | Lost():
                yield from self._write(held, record, held.left, ())
                del self._under_way[record.number]
                yield replace(record, why=self._masker.text_now(record.why)) if isinstance(record, Lost) else record

    def _came(self, held: _Held, record: Chunk, data: bytes) -> Iterator[Record]:
        """Bytes of an answer: what they complete can be written."""
        held.last_at = record.at
        if held.reader is None:
            held.body += data
        else:
            events = tuple(held.reader.feed(data, record.at))
            yield from self._write(held, record, b"".join(event.raw for event in events), events)
        if len(held.body) > _LONGEST or (held.reader is not None and held.reader.pending > _LONGEST):
            del self._under_way[record.number]
            why = f"more than {_LONGEST} bytes would have to be held back until their secrets are known"
            yield Deed(record.number, record.at, f"the rest is left out of the recording: {why}")
            yield Lost(record.number, record.at, "cut off", why)

    def _write(self, held: _Held, record: Record, data: bytes, events: tuple[Event, ...]) -> Iterator[Record]:
        if data:
            said = replace(held.facts, events=events) if events else replace(held.facts, body=data)
            self._masker.learn(said)
            yield Chunk(record.number, record.at, self._masker.data(data))
