"""How a command of ours ends: with its exit code, or with one sentence where disk or user cut it short."""

import os
import sys
from collections.abc import Callable

CANNOT, INTERRUPTED = 2, 130  # exit codes; the second is what shells give to Ctrl-C


def finish(command: Callable[[], int]) -> int:
    """Run a command and see its output off. Returns the exit code.

    What cannot be written is said in one sentence. A reader who has had enough, such as `head`, is
    no reason to complain: the command's verdict is then unknown, and the exit code 1.
    """
    try:
        code = command()
        print(end="", flush=True)
        return code
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        _say_no_more()
        return 1
    except OSError as error:
        _say_no_more()
        print(f"{error.filename or 'the output'} cannot be written: {error.strerror}", file=sys.stderr)
        return CANNOT


def _say_no_more() -> None:
    """Or Python would try once more at its end, and complain."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
