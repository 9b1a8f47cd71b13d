"""What the tests need besides Python packages: Chromium, fonts, poppler, and a throw-away PostgreSQL server.

Standard library only: `run.py` uses it before anything is installed. Run as a script it is the keeper of one server.
"""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NamedTuple

CHROMIUM = "ZONGWU_CHROMIUM"  # the tests find the browser's path in this variable; a person may set it too
BROWSERS = [
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
]
# Not for a server that anybody relies on: nothing here survives a power cut.
POSTGRES_SETTINGS = """
listen_addresses = '127.0.0.1'
port = {port}
unix_socket_directories = ''
fsync = off
synchronous_commit = off
full_page_writes = off
autovacuum = off
max_connections = 60
"""


def say(text: str) -> None:
    """One step, told on standard error so that standard output stays the command's own."""
    print(f"· {text}", file=sys.stderr, flush=True)


def apt_install(*packages: str) -> bool:
    """Install Debian packages when that is possible here and allowed; the caller looks again whether it helped."""
    if not shutil.which("apt-get") or os.geteuid() != 0:
        return False
    say(f"正在安装系统软件包：{' '.join(packages)}")
    env = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    install = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "-o", "DPkg::Lock::Timeout=300", *packages]
    for command in (["apt-get", "update", "-qq"], install):
        done = subprocess.run(command, env=env, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode:
        print(done.stdout[-2000:], done.stderr[-2000:], sep="\n", file=sys.stderr)
    return done.returncode == 0


def prepare() -> dict[str, str]:
    """Find what the tests need, install what is missing where that is possible; returns variables for the tests."""
    missing = [need for need in NEEDS if not need.find()]
    if is_ubuntu() and any("chromium" in need.packages for need in missing):
        raise SystemExit(
            "Ubuntu 的 Chromium 是 snap 包：请先运行 snap install chromium，或者用 ZONGWU_CHROMIUM 指明 Chrome 的位置。"
        )
    if missing:
        apt_install(*(package for need in missing for package in need.packages))
    absent = [need.name for need in missing if not need.find()]
    if absent:
        raise SystemExit(f"测试还需要：{'、'.join(absent)}。请安装后再试。")
    return {CHROMIUM: str(chromium())}


def is_ubuntu() -> bool:
    release = Path("/etc/os-release")
    return release.exists() and "ID=ubuntu" in release.read_text().splitlines()


def chromium() -> str | None:
    """The first browser that really answers: Ubuntu's `chromium-browser` may be an empty shell around a snap."""
    for name in filter(None, [os.environ.get(CHROMIUM), *BROWSERS]):
        path = shutil.which(name)
        if path and (os.name == "nt" or subprocess.run([path, "--version"], capture_output=True).returncode == 0):
            return path
    return None


def has_chinese_font() -> bool:
    """Windows and macOS come with one; elsewhere fontconfig knows."""
    if sys.platform in ("win32", "darwin"):
        return True
    lister = shutil.which("fc-list")
    return bool(lister and subprocess.run([lister, ":lang=zh-cn"], capture_output=True).stdout.strip())


def postgres_folder() -> Path | None:
    """The folder of `initdb` and `pg_ctl`: Debian keeps them off the PATH, newest version first."""
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parent.name), reverse=True)
    on_path = shutil.which("pg_ctl")
    for folder in [*debian, *([Path(on_path).resolve().parent] if on_path else [])]:
        if shutil.which("initdb", path=folder) and shutil.which("pg_ctl", path=folder):
            return folder
    return None


class Need(NamedTuple):
    """Something outside Python: how to find it, what to call it, which Debian packages bring it."""

    find: Callable[[], object]
    name: str
    packages: tuple[str, ...]


NEEDS = [
    Need(chromium, "Chromium 或 Chrome 浏览器（也可以用 ZONGWU_CHROMIUM 指明它的位置）", ("chromium",)),
    Need(has_chinese_font, "中文字体", ("fonts-wqy-microhei", "fontconfig")),
    Need(lambda: shutil.which("pdftoppm"), "poppler 的 pdftoppm", ("poppler-utils",)),
    Need(postgres_folder, "PostgreSQL 15 以上的服务器程序", ("postgresql",)),
]


@contextmanager
def postgres() -> Iterator[str]:
    """The URL of a fresh server. Its keeper stops it as soon as our end of the pipe closes, even if we are killed."""
    keeper = subprocess.Popen(
        [sys.executable, __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True
    )
    assert keeper.stdin and keeper.stdout
    try:
        url = keeper.stdout.readline().strip()
        if not url:
            raise SystemExit("测试用的 PostgreSQL 没有启动成功，原因见上。")
        yield url
    finally:
        keeper.stdin.close()
        keeper.wait()


def keep_postgres() -> None:
    """The keeper: make a server, print its URL, wait for the end of standard input, stop it, delete it."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    tools, owner = postgres_folder(), _server_account()
    assert tools
    with tempfile.TemporaryDirectory(prefix="zongwu-pg-", ignore_cleanup_errors=True) as name:
        folder, data, password = Path(name), Path(name, "data"), secrets.token_hex(16)
        log, secret = folder / "log", folder / "password"
        secret.write_text(password)
        if owner:
            shutil.chown(folder, owner["user"], owner["group"])
            shutil.chown(secret, owner["user"], owner["group"])

        surroundings = {"cwd": folder, "env": {**os.environ, "PGDATA": str(data), "LC_ALL": "C"}, **owner}

        def run(tool: str, *args: str, text: str = "") -> None:
            with log.open("a", encoding="utf-8") as out:  # a pipe would stay open as long as the server lives
                command = [str(tools / tool), *args]
                done = subprocess.run(command, input=text, text=True, stdout=out, stderr=out, **surroundings)
            if done.returncode:
                raise SystemExit(log.read_text(encoding="utf-8", errors="replace")[-3000:])

        run("initdb", "-U", "postgres", "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "--no-locale", "-N")
        # A plain owner, as in a school's own installation: a superuser would not notice missing rights.
        role = f"CREATE ROLE zongwu LOGIN CREATEDB PASSWORD '{password}';\nCREATE DATABASE zongwu OWNER zongwu;\n"
        run("postgres", "--single", "postgres", text=role)
        port = _free_port()
        with (data / "postgresql.conf").open("a") as conf:
            conf.write(POSTGRES_SETTINGS.format(port=port))
        try:
            run("pg_ctl", "start", "-D", str(data), "-w", "-t", "60")
            print(f"postgres://zongwu:{password}@127.0.0.1:{port}/zongwu", flush=True)
            sys.stdin.read()
        finally:
            run("pg_ctl", "stop", "-D", str(data), "-w", "-m", "immediate")


def _server_account() -> dict[str, Any]:
    """PostgreSQL refuses to run as root: then an account without rights takes over."""
    if os.name == "nt" or os.geteuid() != 0:
        return {}
    import pwd

    known = {account.pw_name: account for account in pwd.getpwall()}
    account = known.get("postgres") or known["nobody"]
    return {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    keep_postgres()
