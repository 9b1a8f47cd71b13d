#!/usr/bin/env python3
"""Makes the project's environment in `.venv` if it is missing or out of date, then runs `zongwu` in it.

    python3 run.py ARGS…          zongwu ARGS…, for example `python3 run.py demo`
    python3 run.py test           every test on SQLite, all but the browser's on PostgreSQL, then the linters
    python3 run.py test ARGS…     only `pytest ARGS…`, on both databases
    python3 run.py quick          the tests without browser and races, on SQLite
    python3 run.py lint           the linters

Needs Python 3.11 and nothing else. Mirrors set for pip or uv are respected.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import xml.etree.ElementTree as ET
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.services import apt_install, postgres, prepare, say

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
PYTHON = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
STATE = VENV / "zongwu.json"  # what has been installed, written after each step so that a broken one is repeated
FOR_USE, FOR_TESTS = ("requirements.lock",), ("requirements.lock", "requirements-dev.lock")

LINTERS = {
    "ruff": ["-m", "ruff", "check"],
    "ruff format": ["-m", "ruff", "format", "--check"],
    "mypy": ["-m", "mypy"],
    "importlinter": ["-c", "from importlinter.cli import lint_imports_command as run; run()", "--no-logo"],
    "djlint": ["-m", "djlint", "src", "--lint", "--quiet"],
}
INTERRUPTED, NOTHING_SELECTED = 2, 5  # pytest's exit codes
COUNTED = ("tests", "failures", "errors", "skipped")  # in its report


# --- the environment ---------------------------------------------------------------------------------------------


def environment(locks: Sequence[str]) -> None:
    """Bring `.venv` up to these lock files; nothing is done when it is."""
    with one_at_a_time():
        state = read_state()
        if not PYTHON.exists() or state.get("python", os.path.realpath(PYTHON)) != os.path.realpath(PYTHON):
            make_venv()
            state = {}
        if not state:
            link_package()
            state = {"python": os.path.realpath(PYTHON)}
        for lock in locks:
            digest = hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
            if state.get(lock) != digest:
                install(lock)
                state[lock] = digest
                # Without its bytecode the program takes a second longer to its first page, each time.
                subprocess.call([str(PYTHON), "-m", "compileall", "-q", str(ROOT / "src")])
                STATE.write_text(json.dumps(state, indent=2) + "\n", encoding="utf-8")


def read_state() -> dict[str, str]:
    try:
        state: dict[str, str] = json.loads(STATE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return state


@contextmanager
def one_at_a_time() -> Iterator[None]:
    """Two commands started together must not install over each other (where the system has locks on folders)."""
    try:
        import fcntl
    except ImportError:
        yield
        return
    folder = os.open(ROOT, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def make_venv() -> None:
    say("正在建立运行环境 .venv")
    uv = shutil.which("uv")
    if uv:
        command = [uv, "venv", "--quiet", "--clear", "--no-python-downloads", "--python", sys.executable, str(VENV)]
    else:
        need_venv_module()
        command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    if subprocess.call(command):
        raise SystemExit("运行环境 .venv 没有建立成功，原因见上。")


def link_package() -> None:
    """Put `src` on the environment's path: the package is used from the checkout and need not be built."""
    ask = "import sysconfig; print(sysconfig.get_path('purelib'))"
    packages = subprocess.check_output([str(PYTHON), "-c", ask], text=True).strip()
    relative = os.path.relpath(ROOT / "src", packages)  # survives a move of the checkout
    Path(packages, "zongwu-src.pth").write_text(relative + "\n", encoding="utf-8")


def need_venv_module() -> None:
    """Debian and Ubuntu split it off the standard library."""
    package = f"python3.{sys.version_info.minor}-venv"
    if importlib.util.find_spec("ensurepip") is None:
        apt_install(package)
        importlib.invalidate_caches()
    if importlib.util.find_spec("ensurepip") is None:
        raise SystemExit(f"这台机器的 Python 缺少 venv 模块，请先安装 {package}（或者安装 uv）再试。")


def install(lock: str) -> None:
    say(f"正在按 {lock} 安装依赖，第一次需要几分钟")
    hashed = ["--require-hashes", "-r", str(ROOT / lock)]
    uv = shutil.which("uv")
    if uv:
        command = [uv, "pip", "install", "--quiet", "--compile-bytecode", "--python", str(PYTHON), *hashed]
        if subprocess.call(command) == 0:
            return
        say("uv 没有装好，改用 pip")
    if subprocess.call([str(PYTHON), "-c", "import pip"], stderr=subprocess.DEVNULL):
        need_venv_module()
        subprocess.call([str(PYTHON), "-m", "ensurepip", "--default-pip"], stdout=subprocess.DEVNULL)
    options = ["--quiet", "--quiet", "--no-input", "--disable-pip-version-check"]
    if subprocess.call([str(PYTHON), "-m", "pip", "install", *options, *hashed]):
        raise SystemExit(f"{lock} 里的依赖没有装好，原因见上。网络慢时可以先给 pip 设置镜像，再运行一次。")


# --- running -----------------------------------------------------------------------------------------------------


def zongwu(args: Sequence[str]) -> int:
    """The program itself, in the caller's folder; on POSIX it takes this process over, signals and all."""
    command = [str(PYTHON), "-P", "-m", "zongwu", *args]
    if os.name == "posix":
        os.execv(command[0], command)
    return run(command)


def run(command: Sequence[str], **options: object) -> int:
    """A command's exit code. Ctrl-C reaches it too, so let it end in its own way; take it along when we must go."""
    with subprocess.Popen(command, **options) as process:  # type: ignore[call-overload]
        while True:
            try:
                return int(process.wait())
            except KeyboardInterrupt:
                continue
            except BaseException:
                process.kill()
                raise


def lint(env: dict[str, str]) -> list[str]:
    """Run every linter to its end; returns those that found something."""
    configured = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    for tool in {name.split()[0] for name in LINTERS}:
        if f"[tool.{tool}]" not in configured:
            raise SystemExit(f"pyproject.toml 里没有 [tool.{tool}]，代码检查不完整。")
    unhappy = []
    for name, command in LINTERS.items():
        say(f"代码检查：{name}")
        if run([str(PYTHON), *command], cwd=ROOT, env=env):
            unhappy.append(name)
    return unhappy


class Suite:
    """Runs of pytest whose counts are added up."""

    def __init__(self, folder: Path, partial: bool = False) -> None:
        self.accepted = (0, NOTHING_SELECTED) if partial else (0,)
        self.report = folder / "report.xml"
        # Whatever database or data folder this person works with, the tests see none of it.
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("ZONGWU_")}
        self.env = {**inherited, "ZONGWU_DATA": str(folder / "data")}
        self.counts = {"passed": 0, "failed": 0, "skipped": 0}
        self.failed: list[str] = []

    def pytest(self, title: str, *args: str, **env: str) -> None:
        say(f"测试：{title}")
        started = time.monotonic()
        command = [str(PYTHON), "-m", "pytest", "-n", "2", f"--junitxml={self.report}", *args]
        code = run(command, cwd=ROOT, env={**self.env, **env})
        if code == INTERRUPTED:
            raise SystemExit("测试被中断。")
        if code not in self.accepted:
            self.failed.append(title)
        if self.report.exists():
            self.add_up()
        say(f"{title} 用时 {time.monotonic() - started:.0f} 秒")

    def add_up(self) -> None:
        for suite in ET.parse(self.report).iter("testsuite"):
            total, failures, errors, skipped = (int(suite.get(key, 0)) for key in COUNTED)
            self.counts["failed"] += failures + errors
            self.counts["skipped"] += skipped
            self.counts["passed"] += max(0, total - failures - errors - skipped)
        self.report.unlink()

    def end(self) -> int:
        """Say what went wrong; the last line is the sum over all runs."""
        passed, failed, skipped = self.counts.values()
        if not passed + failed:
            self.failed.append("没有运行任何测试")
        if self.failed:
            print(f"没有通过：{'、'.join(self.failed)}", file=sys.stderr, flush=True)
        print(f"{passed} passed, {failed} failed" + (f", {skipped} skipped" if skipped else ""), flush=True)
        return 1 if self.failed else 0


def test(args: Sequence[str]) -> int:
    needs = prepare()
    with tempfile.TemporaryDirectory(prefix="zongwu-test-", ignore_cleanup_errors=True) as folder:
        suite = Suite(Path(folder), partial=bool(args))
        suite.env |= needs
        suite.pytest("SQLite", *args)
        with postgres() as url:
            suite.pytest("PostgreSQL", "-m", "not browser", *args, ZONGWU_DATABASE=url)
        if not args:
            suite.failed += lint(suite.env)
        return suite.end()


def quick(args: Sequence[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="zongwu-test-", ignore_cleanup_errors=True) as folder:
        suite = Suite(Path(folder))
        suite.pytest("SQLite", "-m", "not browser and not race", *args)
        return suite.end()


def lint_only(_: Sequence[str]) -> int:
    with tempfile.TemporaryDirectory(prefix="zongwu-test-", ignore_cleanup_errors=True) as folder:
        unhappy = lint(Suite(Path(folder)).env)
    if unhappy:
        raise SystemExit(f"没有通过：{'、'.join(unhappy)}")
    return 0


def main(args: Sequence[str]) -> int:
    if sys.version_info < (3, 11):  # noqa: UP036 - this file runs before anything could be checked
        raise SystemExit(f"需要 Python 3.11 或更高版本，这里是 {sys.version.split()[0]}。")
    for_developers = {"test": test, "quick": quick, "lint": lint_only}
    if not args or args[0] not in for_developers:
        environment(FOR_USE)
        return zongwu(args)
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    environment(FOR_TESTS)
    return for_developers[args[0]](args[1:])


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr] # a console may lack Chinese
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
