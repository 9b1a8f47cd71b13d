"""What holds for the files of the repository as such."""

import re
import subprocess
import tomllib
from pathlib import Path, PurePosixPath

import pytest

ROOT = Path(__file__).resolve().parents[1]
VAGUE = {"utils", "util", "helpers", "helper", "common", "misc", "core", "extras"}
LINES = 400

# Written so that this file does not contain what it looks for.
PLACES_OF_ONE_MACHINE = re.compile(rb"(?<![\w.-])/wo[r]k/|\.\./share[d]|\.librar[y]\b|(?<![\w.-])/roo[t]/")
PACKAGE_HOST = re.compile(rb"https?://[\w.@:-]*(?:pypi|pythonhosted|npm|registry|mirror|deb\.debian)[\w.-]*", re.I)
ADDRESS_IN_LOCK = re.compile(r"^-|://| @ ", re.M)  # an option such as an index, or an address


def files():
    """Committed files, and those that a commit of everything would add."""
    if not (ROOT / ".git").exists():
        pytest.skip("not a checkout")
    command = ["git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode().split("\0")
    return sorted({name for name in listed if name and (ROOT / name).is_file()})


def python_files():
    return [name for name in files() if name.endswith(".py") and "/migrations/" not in name]


def test_no_file_knows_a_machine_or_a_package_host():
    found = []
    for name in files():
        content = (ROOT / name).read_bytes()
        for pattern in (PLACES_OF_ONE_MACHINE, PACKAGE_HOST):
            found += [f"{name}: {match.group().decode()}" for match in pattern.finditer(content)]
    assert found == []


@pytest.mark.parametrize(
    "text", [b'open("/wo%srk/x")' % b"", b"../share%sd/a.md" % b"", b"https://files.python%shosted.org/x" % b""]
)
def test_such_a_name_would_be_noticed(text):
    assert PLACES_OF_ONE_MACHINE.search(text) or PACKAGE_HOST.search(text)


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_locks_hold_versions_and_hashes_but_no_address(name):
    lock = (ROOT / name).read_text(encoding="utf-8")
    assert not ADDRESS_IN_LOCK.search(lock)
    pins = re.findall(r"^([a-z0-9-]+)(?:\[[\w,-]+\])?==\S+(?: ;[^\\\n]*)? \\\n    --hash=sha256:", lock, re.M)
    assert len(pins) == len(re.findall(r"^[a-z0-9]", lock, re.M)) > 20


def test_names_of_files_say_what_is_in_them():
    for name in files():
        path = PurePosixPath(name)
        if path.parts[0] == "src":
            assert not VAGUE & {part.partition(".")[0].lower() for part in path.parts}, name
        if path.suffix == ".py":
            assert re.fullmatch(r"[a-z0-9_]+", path.stem), name


def test_no_source_file_is_too_long():
    lengths = {name: len((ROOT / name).read_text(encoding="utf-8").splitlines()) for name in python_files()}
    assert {name: length for name, length in lengths.items() if length > LINES} == {}


def test_the_linter_stops_long_functions():
    lint = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["ruff"]["lint"]
    assert "PLR0915" in lint["select"]
    assert lint["pylint"]["max-statements"] == 50
