"""Keeps what is seen in a process of its own, so that neither masking nor a slow disk ever makes a screen wait.

    python -m inspector.keeping.process

reads a recording from its standard input as it grows, with wishes (`wishes.py`) among its lines, and says on its
standard output what came of them.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from conformance.evidence.lines import Wrong, object_of
from conformance.evidence.recording import About, Record, about_of, record_of
from inspector.keeping.spool import MOST, Saved, Spool
from inspector.keeping.wishes import Save, Stop, Wish, Word, wish_of, word_line
from inspector.proxy.masks import Masks

_READ = 256 * 1024  # bytes at a time
_COURTESY = 5  # proxy and screen get the processor sooner, the judge later (nice(2))


class Keeping:
    """What was seen, and what is written down of it. `say` gets answers and news."""

    def __init__(self, about: About, say: Callable[[Word], None], most: int = MOST) -> None:
        self._masks = Masks()
        self._spool = Spool(self._masks.about(about), most)
        self._saved: Saved | None = None
        self._waiting: list[Record] = []
        self._say = say
        self._complained = False
        self._complain()

    def take(self, line: bytes) -> None:
        """A record, or a wish. Raises Wrong."""
        value = object_of(line)
        wish = wish_of(value)
        if wish is None:
            self._waiting += self._masks.masked(record_of(value))
        else:
            self.settle()
            self._say(self._obey(wish))

    def settle(self) -> None:
        """Write what was taken."""
        records, self._waiting = self._waiting, []
        self._spool.put(records)
        self._complain()
        if self._saved is not None:
            try:
                self._saved.put(records)
            except OSError as error:
                told = f"{self._saved.path} is written no further: {error.strerror}"
                self._stop()
                self._say(self._word(told, trouble=True))

    def close(self) -> None:
        """Write what was held back, and no more."""
        self._waiting += self._masks.rest()
        self.settle()
        self._stop()
        self._spool.close()

    def _obey(self, wish: Wish) -> Word:
        match wish:
            case Save(path=path, go_on=go_on):
                return self._save(Path(path), go_on=go_on)
            case Stop():
                path = self._growing
                self._stop()
                return self._word(f"{path} is complete" if path else "no recording was being written")

    def _save(self, path: Path, *, go_on: bool) -> Word:
        try:
            saved = Saved(path, self._spool.pieces())
            if not go_on:
                saved.close()
                return self._word(f"what was seen is in {path}")
            if self._spool.trouble:
                saved.close()
                return self._begin_again(path)
        except OSError as error:
            return self._word(f"{error.filename or path} cannot be written: {error.strerror}", failed=True)
        self._stop()
        self._saved = saved
        return self._word(f"everything since the start is in {path}, and what comes goes there too")

    def _begin_again(self, path: Path) -> Word:
        """What comes after a gap is a recording of its own, so that nobody is blamed for what is missing there."""
        spool, later = self._spool, path.with_stem(f"{path.stem}-later")
        saved = Saved(later, [spool.about], spool.newest + 1)
        self._stop()
        self._saved = saved
        return self._word(f"what was kept is in {path}, and what begins from now on goes to {later}")

    def _word(self, told: str, *, failed: bool = False, trouble: bool = False) -> Word:
        return Word(told, self._growing, failed, trouble)

    @property
    def _growing(self) -> str:
        return str(self._saved.path) if self._saved is not None else ""

    def _stop(self) -> None:
        if self._saved is not None:
            self._saved.close()
        self._saved = None

    def _complain(self) -> None:
        """Say once what the matter is."""
        if self._spool.trouble and not self._complained:
            self._complained = True
            self._say(self._word(self._spool.trouble, trouble=True))


def main() -> None:
    """Keep until the recording ends."""
    source = os.fdopen(sys.stdin.fileno(), "rb")
    os.nice(_COURTESY)
    try:
        keeping = Keeping(about_of(object_of(source.readline())), _say)
    except Wrong as error:
        sys.exit(f"inspector.keeping.process: {error}")
    rest = b""
    while data := source.read1(_READ):
        whole, end, more = data.rpartition(b"\n")
        if not end:
            rest += data
            continue
        for line in (rest + whole).split(b"\n"):
            keeping.take(line)
        rest = more
        keeping.settle()
    keeping.close()


def _say(word: Word) -> None:
    with suppress(BrokenPipeError):  # the viewer was killed: what it asked for is written all the same
        sys.stdout.buffer.write(word_line(word))
        sys.stdout.buffer.flush()


if __name__ == "__main__":
    main()
