"""A backup brings everything back, on either database; a damaged one brings nothing in."""

from __future__ import annotations

import hashlib
import json
import os
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import psycopg
import pytest
from django.db import connection

from tests.scenarios.test_command_line import SAMPLE, asked, zongwu
from tests.world import World
from zongwu.assets.models import Asset
from zongwu.kernel import doctor, scope, search
from zongwu.kernel.accounts import Person
from zongwu.kernel.errors import Refused
from zongwu.kernel.privacy import erase_details
from zongwu.school.actions import (
    add_department,
    add_person,
    add_supplier,
    correct_person,
    leave_school,
    return_to_school,
)
from zongwu.school.models import Department, Supplier
from zongwu.site.backup import back_up, check_restored, erase_again, read_manifest, restore_from
from zongwu.site.running import alone


def test_everything_comes_back(world: World, stranger: World, tmp_path: Path, settings: object) -> None:
    settings.DATA = tmp_path / "data"  # type: ignore[attr-defined]
    sha = hashlib.sha256(b"a photograph").hexdigest()
    held = tmp_path / "data" / "files" / str(world.school.pk) / sha[:2] / sha
    held.parent.mkdir(parents=True)
    held.write_bytes(b"a photograph")
    made = back_up(tmp_path / "one.zongwu")
    with scope.active(world.school):
        cards = list(Asset.objects.order_by("pk").values())
    add_department(world.ctx("administrator"), name="后来才有的部门")
    held.unlink()

    manifest, before, _ = restore_from(tmp_path / "one.zongwu")
    check_restored(manifest)

    assert made["tables"] == manifest["tables"]
    assert held.read_bytes() == b"a photograph"
    with scope.active(world.school):
        assert list(Asset.objects.order_by("pk").values()) == cards
        assert not Department.objects.filter(name="后来才有的部门").exists()
        assert search.SearchEntry.objects.exists()
    for school in (world.school, stranger.school):
        assert list(doctor.examine(school)) == []
    add_supplier(world.ctx("administrator"), name="恢复以后新来的商家")  # ids and chain go on where they stood

    assert before is not None
    restore_from(before)
    with scope.active(world.school):
        assert Department.objects.filter(name="后来才有的部门").exists()
        assert not Supplier.objects.filter(name="恢复以后新来的商家").exists()


def test_what_was_erased_since_is_erased_again(world: World, tmp_path: Path, settings: object) -> None:
    settings.DATA = tmp_path  # type: ignore[attr-defined]
    ctx = world.ctx("administrator")
    gone, back = (add_person(ctx, name=name, phone="13800001111") for name in ("早走的", "后走的"))
    leave_school(ctx, gone, on=ctx.today)
    back_up(tmp_path / "one.zongwu")
    leave_school(ctx, back, on=ctx.today)
    for person in (gone, back):
        erase_details(ctx, person)
    return_to_school(ctx, gone, on=ctx.today)
    correct_person(ctx, gone, name=gone.name, phone="13800002222")
    leave_school(ctx, gone, on=ctx.today)
    erase_details(ctx, gone)  # twice since the backup: once is enough

    restored = restore_from(tmp_path / "one.zongwu")
    check_restored(restored.manifest)
    with scope.active(world.school):
        assert Person.objects.get(pk=gone.pk).phone == "13800001111"
    done, left = erase_again(restored.erased)

    assert (done, left) == (1, [str(back)])  # he has not left the school again: somebody has to look
    with scope.active(world.school):
        assert Person.objects.get(pk=gone.pk).phone == ""
    assert list(doctor.examine(world.school)) == []


def test_nobody_restores_under_a_running_server(tmp_path: Path) -> None:
    zongwu(tmp_path, "init", "--name", "城南实验小学")
    zongwu(tmp_path, "backup", str(tmp_path / "one.zongwu"))
    with alone(tmp_path):
        assert "先在那边按 Ctrl+C 停下" in zongwu(tmp_path, "restore", str(tmp_path / "one.zongwu"), expect=1)
        assert "先在那边按 Ctrl+C 停下" in zongwu(tmp_path, "serve", "--port", "8877", expect=1)
    zongwu(tmp_path, "restore", str(tmp_path / "one.zongwu"))


def test_a_changed_byte_anywhere_is_noticed(world: World, tmp_path: Path) -> None:
    good = tmp_path / "good.zongwu"
    back_up(good)
    whole, bad = good.read_bytes(), tmp_path / "bad.zongwu"
    places = [*range(0, len(whole), len(whole) // 60), *range(len(whole) - 60, len(whole))]
    for at in places:
        bad.write_bytes(whole[:at] + bytes([whole[at] ^ 1]) + whole[at + 1 :])
        with pytest.raises(Refused):
            read_manifest(bad)
    for length in (0, 10, len(whole) // 2, len(whole) - 1):
        bad.write_bytes(whole[:length])
        with pytest.raises(Refused):
            restore_from(bad)
    read_manifest(good)


def test_a_failed_backup_leaves_the_last_one_alone(
    world: World, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = tmp_path / "kept.zongwu"
    kept.write_bytes(b"the last good one")
    monkeypatch.setattr("zongwu.site.backup.read_manifest", lambda path: (_ for _ in ()).throw(Refused("坏了")))
    with pytest.raises(Refused):
        back_up(kept)
    assert [p.name for p in tmp_path.iterdir()] == ["kept.zongwu"]
    assert kept.read_bytes() == b"the last good one"


def test_on_the_command_line(tmp_path: Path) -> None:
    one, two, kept = tmp_path / "one", tmp_path / "two", tmp_path / "kept.zongwu"
    assert "没有学校" in zongwu(one, "backup", str(kept), expect=1)
    zongwu(one, "init", "--name", "城南实验小学")
    asked(one, "import", "assets", str(SAMPLE))
    assert asked(one, "backup", str(kept))["rows"] > 285
    assert asked(two, "restore", str(kept))["before"] is None
    assert asked(two, "figures") == asked(one, "figures")
    assert "没有发现问题" in zongwu(two, "doctor")
    zongwu(two, "verify")
    (tmp_path / "cut.zongwu").write_bytes(kept.read_bytes()[:-9])
    assert "没有传完整" in zongwu(one, "restore", str(tmp_path / "cut.zongwu"), expect=1)
    assert "找不到" in zongwu(one, "restore", str(tmp_path / "none.zongwu"), expect=1)
    assert asked(one, "figures") == asked(two, "figures")


def test_an_altered_journal_under_a_new_digest_is_refused_and_changes_nothing(world: World, tmp_path: Path) -> None:
    """The digest has no key, so whoever alters a backup can make it anew; the chain tells."""
    good, bad = tmp_path / "good.zongwu", tmp_path / "bad.zongwu"
    back_up(good)
    with zipfile.ZipFile(good) as old, zipfile.ZipFile(bad, "w") as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "tables/kernel.journalentry.jsonl":
                content = content.replace(b'"member:', b'"membre:', 1).replace(b'"system:', b'"sistem:', 1)
            new.writestr(name, content)
    bad.write_bytes(
        bad.read_bytes() + b"\nzongwu-backup sha256:" + hashlib.sha256(bad.read_bytes()).hexdigest().encode()
    )
    add_department(world.ctx("administrator"), name="还在的部门")
    with pytest.raises(Refused, match="对不上"):
        restore_from(bad)
    with scope.active(world.school):
        assert Department.objects.filter(name="还在的部门").exists()


@contextmanager
def an_empty_database(name: str) -> Iterator[list[str]]:
    """Options of the command line for a database of its own, on the engine of this run."""
    if connection.vendor == "sqlite":
        yield []
        return
    given = connection.get_connection_params() | {"dbname": "postgres"}
    keys = ("host", "port", "user", "password", "dbname")
    with psycopg.connect(**{k: v for k, v in given.items() if k in keys}, autocommit=True) as server:
        server.execute(f"DROP DATABASE IF EXISTS {name}")
        server.execute(f"CREATE DATABASE {name}")
        where = f"{given.get('user', '')}:{given.get('password', '')}@{given.get('host', '')}:{given.get('port', 5432)}"
        yield ["--database", f"postgres://{where}/{name}"]
        server.execute(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.mark.parametrize("old", sorted((SAMPLE.parent / "upgrade").glob("*.zongwu")), ids=lambda path: path.stem)
def test_a_school_of_an_earlier_version_is_brought_up_to_date(old: Path, tmp_path: Path, db: None) -> None:
    """Every schema that a school may have: its rows go through the migrations, and its figures stay what they were."""
    with an_empty_database(f"zongwu_upgrade_{os.getpid()}") as options:
        zongwu(tmp_path, "restore", str(old), *options)
        assert asked(tmp_path, "doctor", *options)["findings"] == []
        assert asked(tmp_path, "verify", *options)["breaks"] == []
        now = {f["key"]: f["value"] for f in asked(tmp_path, "figures", "--as-of", "2026-11-24", *options)}
        then = json.loads(old.with_suffix(".json").read_text())
        assert {key: now[key] for key in then} == then
        zongwu(tmp_path, "import", "assets", str(SAMPLE), *options)  # guards and index take new rows
        assert asked(tmp_path, "doctor", *options)["findings"] == []
