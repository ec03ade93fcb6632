"""`python -S meter.py FILE COMMAND...` runs a command and writes what it took into a file, as JSON.

A small process stands between, because the system counts the memory of whoever starts a process as that process's
own peak, and a test run is large.
"""

import json
import os
import subprocess
import sys
import time


def main() -> None:
    began = time.monotonic()
    process = subprocess.Popen(sys.argv[2:])
    _, status, usage = os.wait4(process.pid, 0)
    unit = 1 if sys.platform == "darwin" else 1024  # bytes there, KiB elsewhere
    took = {
        "code": os.waitstatus_to_exitcode(status),
        "peak": usage.ru_maxrss * unit / 2**20,
        "wall": time.monotonic() - began,
        "cpu": usage.ru_utime + usage.ru_stime,
    }
    with open(sys.argv[1], "w") as file:  # noqa: PTH123 (pathlib would be half of this process)
        json.dump(took, file)


if __name__ == "__main__":
    main()
