"""nginx for tests: an installed one, or else Debian's package unpacked below `.venvs/`, which needs no rights.

`with nginx(folder, GOOD, upstream) as url: run_against(url)`
"""

import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from tests.real_servers.environments import ROOT, EnvironmentUnavailable, locked

GOOD = (Path(__file__).parents[2] / "docs" / "nginx" / "mcp.conf").read_text(encoding="utf-8")
DEFAULTS = """
server {
    listen 127.0.0.1:8080;
    location / { proxy_pass http://127.0.0.1:8000; }
}
"""
MAIN = """
daemon off;
master_process off;  # no change of user: everything stays in a folder that only we may enter
pid nginx.pid;
error_log error.log;
events {{ worker_connections 4096; }}
http {{
    access_log off;
    gzip on;
    gzip_proxied any;
    gzip_types *;
    client_body_temp_path body; proxy_temp_path proxy; fastcgi_temp_path fastcgi;
    uwsgi_temp_path uwsgi; scgi_temp_path scgi;
    {servers}
}}
"""
PACKAGES = ("nginx", "nginx-core")  # of Debian, and of older Ubuntu, where `nginx` is empty
START_SECONDS = 20.0
DOWNLOAD_SECONDS = 60.0


@contextmanager
def nginx(folder: Path, servers: str, upstream: str) -> Iterator[str]:
    """The URL of `upstream` through an nginx of its own, with these server blocks in a folder for its files."""
    program, port = find(), free_port()
    written = servers.replace("127.0.0.1:8080", f"127.0.0.1:{port}")
    behind = urlsplit(upstream)
    conf = folder / "nginx.conf"
    conf.write_text(MAIN.format(servers=written.replace("127.0.0.1:8000", behind.netloc)), encoding="utf-8")
    with subprocess.Popen([program, "-p", folder, "-c", conf, "-e", folder / "error.log"]) as process:
        try:
            wait_until_up(process, port)
            yield f"http://127.0.0.1:{port}{behind.path}"
        finally:
            process.terminate()


def find() -> Path:
    """The program; raises EnvironmentUnavailable if this machine has none and cannot get it."""
    if installed := shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin:/usr/local/sbin"):
        return Path(installed)
    unpacked = ROOT / "nginx" / "usr" / "sbin" / "nginx"
    with locked("nginx"):
        for package in PACKAGES:
            if not unpacked.exists():
                unpack(package)
    if not unpacked.exists():
        raise EnvironmentUnavailable("nginx is not installed, and apt-get cannot download it")
    return unpacked


def unpack(package: str) -> None:
    """Download a package of Debian's and take the files out, without installing anything."""
    folder = ROOT / "nginx"
    folder.mkdir(exist_ok=True)
    try:
        subprocess.run(
            ["apt-get", "download", package], cwd=folder, check=True, capture_output=True, timeout=DOWNLOAD_SECONDS
        )
        for file in folder.glob(f"{package}_*.deb"):
            subprocess.run(["dpkg-deb", "-x", file, folder], check=True, capture_output=True)
    except (OSError, subprocess.SubprocessError) as error:
        raise EnvironmentUnavailable(f"nginx is not installed, and cannot be had from apt-get: {error}") from error


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port: int = listening.getsockname()[1]
        return port


def wait_until_up(process: subprocess.Popen[bytes], port: int) -> None:
    """Until connections are accepted; nginx does not say when that is."""
    deadline = time.monotonic() + START_SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=START_SECONDS).close()
            return
        except ConnectionRefusedError:
            if process.poll() is not None or time.monotonic() > deadline:
                raise AssertionError("nginx did not start: its error.log says why") from None
            time.sleep(0.02)
