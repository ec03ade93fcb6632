"""Servers that send everybody elsewhere: nobody goes where a stranger points without being told to."""

import socket
from typing import ClassVar

from tests.hostile.hostile import UNJUDGEABLE, Asked, Raw, head


class _Redirects(Raw):
    """Sends everybody elsewhere."""

    exits: ClassVar = UNJUDGEABLE
    kept: ClassVar = ()
    says: ClassVar = "the server redirects (307)"
    there: ClassVar[str] = "/mcp"

    def attack(self, client: socket.socket, asked: Asked) -> None:
        client.sendall(head(f"Location: {self.there}", "Content-Length: 0", status="307 There"))


class RedirectsGoRoundInCircles(_Redirects):
    """Sends everybody to where they are."""

    says: ClassVar = "the server redirects again and again"


class RedirectsToAFile(_Redirects):
    """Sends everybody to a file of their own machine."""

    there: ClassVar = "file:///etc/passwd"


class RedirectsToAScript(_Redirects):
    """Sends everybody to a script, with control characters in it."""

    says: ClassVar = "no address"
    there: ClassVar = "javascript:owned()//\x9b2J<script>owned()</script>\xa0"


class RedirectsToTheMetadataOfACloud(_Redirects):
    """Sends everybody to the address at which a cloud gives out its keys."""

    there: ClassVar = "http://169.254.169.254/latest/meta-data/"


class RedirectsToNowhere(_Redirects):
    """Sends everybody to what is no address."""

    says: ClassVar = "no address"
    there: ClassVar = "http://[::1"
