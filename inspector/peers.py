"""Who a client is, so that several can be told apart: its process where it runs on this machine (Linux only).

A connection names nobody, because one client uses several; nor does User-Agent, because many are the same. So on
loopback the kernel is asked whose socket it is. Elsewhere host and User-Agent have to do.
"""

from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_ESTABLISHED = "01"
_known: dict[int, None] = {}  # processes that were clients before, asked first


def process_behind(client_port: int, our_port: int) -> str | None:
    """Name and id of the process that holds the client's end of a loopback connection."""
    inode = _inode(client_port, our_port)
    if inode is None:
        return None
    for pid in [*reversed(_known), *(pid for pid in _pids() if pid not in _known)]:
        if _holds(pid, inode):
            _known[pid] = None
            return f"{_name(pid)} (pid {pid})"
    return None


def described(host: str, user_agent: str) -> str:
    """Somebody whose process cannot be known."""
    product = user_agent.split(" ")[0]
    return f"{host} {product}".strip()


def _inode(client_port: int, our_port: int) -> str | None:
    """The number of the socket; `/proc/net/tcp` is described in proc(5)."""
    mine, ours = f":{client_port:04X}", f":{our_port:04X}"
    for table in ("net/tcp", "net/tcp6"):
        with suppress(OSError):
            for line in (_PROC / table).read_text().splitlines()[1:]:
                words = line.split()
                if words[1].endswith(mine) and words[2].endswith(ours) and words[3] == _ESTABLISHED:
                    return words[9]
    return None


def _pids() -> list[int]:
    with suppress(OSError):
        return sorted((int(entry.name) for entry in _PROC.iterdir() if entry.name.isdecimal()), reverse=True)
    return []


def _holds(pid: int, inode: str) -> bool:
    wanted = f"socket:[{inode}]"
    with suppress(OSError):
        for entry in (_PROC / str(pid) / "fd").iterdir():
            with suppress(OSError):
                if str(entry.readlink()) == wanted:
                    return True
    return False


def _name(pid: int) -> str:
    with suppress(OSError):
        return (_PROC / str(pid) / "comm").read_text().strip()
    return "a process"
