"""Who a client is, so that several can be told apart: its process where it runs on this machine (Linux only).

A connection names nobody, because one client uses several; nor does User-Agent, because many are the same. So on
loopback the kernel is asked whose socket it is. Elsewhere host and User-Agent have to do.
"""

import socket
import struct
import time
from contextlib import suppress
from pathlib import Path

_PROC = Path("/proc")
_NETLINK_SOCK_DIAG, _SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST = 4, 20, 1  # linux/netlink.h, linux/sock_diag.h
_HEADER = struct.Struct("=IHHII")  # nlmsghdr: length, type, flags, sequence, sender
_REQUEST = struct.Struct("=BBBxI")  # inet_diag_req_v2 before the socket's id: family, protocol, extensions, states
_ID = struct.Struct("!HH16s16sI8s")  # inet_diag_sockid: ports, addresses, interface, cookie
_ANY_COOKIE = b"\xff" * 8  # INET_DIAG_NOCOOKIE, twice
_INODE = struct.Struct("=I")
_INODE_AT = _HEADER.size + 4 + _ID.size + 16  # in the answer: the last member of inet_diag_msg
_REST = 10.0  # seconds in which nobody is searched for after a search in vain, which took 20 ms

Address = tuple[str, int]

_known: dict[int, None] = {}  # processes that were clients before; most connections are theirs
_in_vain_at = -_REST


def known_process(client: Address, ours: Address) -> str | None:
    """The process at the client's end of a loopback connection, if it was a client before. Takes no time."""
    inode = _inode(client, ours)
    return next((_named(pid) for pid in reversed(_known) if inode and _holds(pid, inode)), None)


def find_process(client: Address, ours: Address) -> str | None:
    """The same, among all processes. Takes some milliseconds."""
    global _in_vain_at
    inode = _inode(client, ours)
    if inode is None or time.monotonic() - _in_vain_at < _REST:
        return None
    for pid in _pids():
        if _holds(pid, inode):
            for gone in [known for known in _known if not (_PROC / str(known)).exists()]:
                _known.pop(gone, None)
            _known[pid] = None
            return _named(pid)
    _in_vain_at = time.monotonic()
    return None


def described(host: str, user_agent: str) -> str:
    """Somebody whose process cannot be known."""
    product = user_agent.split(" ")[0]
    return f"{host} {product}".strip()


def _inode(client: Address, ours: Address) -> int | None:
    """The number of the client's socket. The kernel is asked for this one (sock_diag(7)).

    /proc/net/tcp has the same, among thousands of connections that were closed a minute ago.
    """
    if not hasattr(socket, "AF_NETLINK"):
        return None
    with (
        suppress(OSError, struct.error),
        socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, _NETLINK_SOCK_DIAG) as diag,
    ):
        family, mine = _packed(client[0])
        _, other = _packed(ours[0])
        which = _ID.pack(client[1], ours[1], mine, other, 0, _ANY_COOKIE)
        body = _REQUEST.pack(family, socket.IPPROTO_TCP, 0, 0xFFFFFFFF) + which
        diag.settimeout(0.1)
        diag.sendto(_HEADER.pack(_HEADER.size + len(body), _SOCK_DIAG_BY_FAMILY, _NLM_F_REQUEST, 1, 0) + body, (0, 0))
        answer = diag.recv(4096)
        if _HEADER.unpack_from(answer)[1] == _SOCK_DIAG_BY_FAMILY:
            return int(_INODE.unpack_from(answer, _INODE_AT)[0]) or None
    return None


def _packed(host: str) -> tuple[int, bytes]:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    return family, socket.inet_pton(family, host)


def _pids() -> list[int]:
    with suppress(OSError):
        return sorted((int(entry.name) for entry in _PROC.iterdir() if entry.name.isdecimal()), reverse=True)
    return []


def _holds(pid: int, inode: int) -> bool:
    wanted = f"socket:[{inode}]"
    with suppress(OSError):
        for entry in (_PROC / str(pid) / "fd").iterdir():
            with suppress(OSError):
                if str(entry.readlink()) == wanted:
                    return True
    return False


def _named(pid: int) -> str:
    with suppress(OSError):
        return f"{(_PROC / str(pid) / 'comm').read_text().strip()} (pid {pid})"
    return f"pid {pid}"
