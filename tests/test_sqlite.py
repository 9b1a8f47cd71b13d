"""Which SQLite library the program may use."""

import importlib
import sys
from types import SimpleNamespace

import pytest

from zongwu import sqlite


def parsed(version):
    return tuple(map(int, version.split(".")))


@pytest.mark.parametrize(
    "version",
    ["3.7.0", "3.40.1", "3.44.5", "3.45.0", "3.50.6", "3.51.0", "3.51.2", "3.52.0"],
)
def test_affected(version):
    assert sqlite.is_affected(parsed(version))


@pytest.mark.parametrize(
    "version",
    ["3.6.23", "3.44.6", "3.44.9", "3.50.7", "3.51.3", "3.52.1", "3.53.0", "3.53.4", "4.0.0"],
)
def test_sound(version):
    assert not sqlite.is_affected(parsed(version))


@pytest.fixture
def libraries(monkeypatch):
    """Stand-ins for the two libraries; returns a function that sets their versions (None: not installed)."""

    def install(system, other):
        for name, version in {"sqlite3": system, "pysqlite3": other}.items():
            module = version and SimpleNamespace(name=name, sqlite_version_info=parsed(version))
            monkeypatch.setitem(sys.modules, name, module)
            monkeypatch.setitem(sys.modules, f"{name}.dbapi2", module)

    return install


def used():
    names = {importlib.import_module(name).name for name in ("sqlite3", "sqlite3.dbapi2")}
    assert len(names) == 1
    return names.pop()


@pytest.mark.parametrize(
    ("system", "other", "expected"),
    [
        ("3.40.1", "3.53.4", "pysqlite3"),
        ("3.40.1", "3.51.1", "sqlite3"),
        ("3.40.1", None, "sqlite3"),
        ("3.51.3", "3.53.4", "sqlite3"),
    ],
)
def test_the_sound_one_is_preferred(libraries, system, other, expected):
    libraries(system, other)
    sqlite.prefer_safe_sqlite()
    assert used() == expected


def test_an_affected_library_is_named_in_the_sentence(libraries):
    libraries("3.40.1", None)
    problem = sqlite.sqlite_problem()
    assert "3.40.1" in problem
    assert "3.51.3" in problem
    assert "PostgreSQL" in problem


def test_a_sound_library_is_no_problem(libraries):
    libraries("3.53.4", None)
    assert sqlite.sqlite_problem() is None


def test_this_very_environment_can_be_trusted():
    sqlite.prefer_safe_sqlite()
    assert sqlite.sqlite_problem() is None
