"""A backup is one file that either database can be restored from: every row as JSON lines, every stored file, a digest.

It is taken from one snapshot while people work, and restored in one transaction that is given up when anything does not
fit. Sign-ins, queued jobs and the search index are not in it; neither are the keys of the data folder.
"""

from __future__ import annotations

import base64
import hashlib
import io
import json
import os
import zipfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import date, datetime
from decimal import Decimal
from itertools import islice
from pathlib import Path
from typing import IO, Any, NamedTuple
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.core.exceptions import FieldDoesNotExist, ValidationError
from django.db import DataError, IntegrityError, connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

from zongwu import __version__
from zongwu.kernel import (
    actions,
    attachments,
    clock,
    guards,
    installation,
    journal,
    privacy,
    refs,
    scope,
    search,
    tokens,
)
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing, Refused

_LEFT_OUT = {"contenttypes", "auth", "sessions", "django_tasks_database"}
_TRAILER = b"\nzongwu-backup sha256:"
_DAMAGED = "这个备份文件不完整或被改动过，没有恢复任何内容。请换一份备份。"


def back_up(path: Path) -> dict[str, Any]:
    """Write a backup and read it back; returns its manifest.

    The file appears under its name only once it is whole and on disk.
    """
    part = path.with_name(f".{path.name}.part")
    try:
        with part.open("wb") as out:
            with (
                scope.reading_all("a backup holds every school"),
                zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as book,
            ):
                manifest = _write(book)
            out.write(_TRAILER + _digest(part, out).encode())
            out.flush()
            os.fsync(out.fileno())
        checked = read_manifest(part)
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return checked | {"breaks": manifest["breaks"]}


def _write(book: zipfile.ZipFile) -> dict[str, Any]:
    tables = {model._meta.label_lower: _dump(book, model) for model in _kept(apps)}
    files = sorted(p for p in (Path(settings.DATA) / "files").rglob("*") if p.is_file())
    for file in files:
        book.write(file, f"files/{file.relative_to(Path(settings.DATA) / 'files').as_posix()}", zipfile.ZIP_STORED)
    manifest = {
        "v": 1, "program": __version__, "made_at": clock.now().isoformat(timespec="seconds"), "tables": tables,
        "files": len(files), "schools": list(scope.School.objects.order_by("code").values_list("name", flat=True)),
        "migrations": sorted(f"{app}.{name}" for app, name in MigrationExecutor(connection).loader.applied_migrations),
        "breaks": sorted(f"{b.stream}#{b.seq} {b.what}" for b in _breaks()),
    }  # fmt: skip
    book.writestr("manifest.json", json.dumps(manifest, ensure_ascii=False, indent=1))
    return manifest


def _kept(registry: Any) -> Iterator[type[models.Model]]:
    for model in registry.get_models(include_auto_created=True):
        if (
            model._meta.managed
            and model._meta.app_label not in _LEFT_OUT
            and model._meta.label_lower != "kernel.searchentry"
        ):
            yield model


def _dump(book: zipfile.ZipFile, model: type[models.Model]) -> int:
    names = [field.attname for field in model._meta.concrete_fields]
    count = 0
    with (
        book.open(f"tables/{model._meta.label_lower}.jsonl", "w", force_zip64=True) as raw,
        io.TextIOWrapper(raw, "utf-8") as out,
    ):
        out.write(json.dumps(names) + "\n")
        for row in model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=5000):
            out.write(json.dumps(row, default=_plain, ensure_ascii=False, separators=(",", ":")) + "\n")
            count += 1
    return count


def _plain(value: Any) -> str:
    if isinstance(value, date | datetime):
        return value.isoformat()
    if isinstance(value, Decimal | UUID):
        return str(value)
    return base64.b64encode(bytes(value)).decode()


def _digest(path: Path, out: IO[bytes] | None = None, *, until: int | None = None) -> str:
    """SHA-256 over the file, or over its first bytes."""
    if out is not None:
        out.flush()
    state, left = hashlib.sha256(), until
    with path.open("rb") as source:
        while block := source.read(2**20 if left is None else min(left, 2**20)):
            state.update(block)
            left = None if left is None else left - len(block)
    return state.hexdigest()


def read_manifest(path: Path) -> dict[str, Any]:
    """What a backup says of itself, once every byte of it was found as it was written.

    :raises Refused: it is no backup, was damaged, or was made by a newer program.
    """
    size, tail = path.stat().st_size, len(_TRAILER) + 64
    with path.open("rb") as source:
        source.seek(max(size - tail, 0))
        trailer = source.read()
    if not trailer.startswith(_TRAILER):
        raise Refused(f"{path.name} 不是备份文件，或者没有传完整。")
    if trailer[len(_TRAILER) :].decode("ascii", "replace") != _digest(path, until=size - tail):
        raise Refused(_DAMAGED)
    with _as_damage(), zipfile.ZipFile(path) as book:
        manifest: dict[str, Any] = json.loads(book.read("manifest.json"))
        assert {"v", "program", "made_at", "tables", "files", "migrations", "breaks"} <= manifest.keys()
    known = {f"{app}.{name}" for app, name in MigrationExecutor(connection).loader.disk_migrations}
    if manifest["v"] != 1 or not set(manifest["migrations"]) <= known:
        raise Refused(f"这个备份是更新的版本（{manifest['program']}）做的，请先升级程序再恢复。")
    return manifest


class Restored(NamedTuple):
    """What a restore did: what the backup says of itself, where the former state is, what it knew to be erased."""

    manifest: dict[str, Any]
    before: Path | None
    erased: set[tuple[int, str]]
    """School and reference of those whose details were erased by an entry that the backup does not know."""


def restore_from(path: Path) -> Restored:
    """Put a backup in the place of what is here, in one transaction; what was here is backed up beside it first.

    :raises Refused: the backup is damaged, or fits neither an empty database nor this version of the program.
    """
    manifest = read_manifest(path)
    before, erased = None, {}
    if connection.introspection.table_names():
        _same_version(manifest)
        if scope.School.objects.exists():
            erased = _erased()
            before = _unused_name(f"before-restore-{clock.now():%Y%m%d-%H%M%S}")
            back_up(before)
    else:
        MigrationExecutor(connection).migrate(_targets(manifest))
    with (
        _as_damage(),
        zipfile.ZipFile(path) as book,
        transaction.atomic(),
        scope.all_schools("a backup holds every school"),
    ):
        guards.remove()
        _load(book, manifest)
        if _settled():
            _verify(manifest)
        _put_files(book)
        known = _erased().keys()
    return Restored(manifest, before, {whose for uid, whose in erased.items() if uid not in known})


def _erased() -> dict[UUID, tuple[int, str]]:
    with scope.all_schools("a backup holds every school"):
        entries = journal.JournalEntry.objects.filter(verb=privacy.ERASE).order_by("id")
        return {uid: (school, ref) for uid, school, ref in entries.values_list("uid", "school_id", "ref")}


def erase_again(erased: Iterable[tuple[int, str]]) -> tuple[int, list[str]]:
    """What was erased after the backup was made came back with it: erase it again.

    Returns for how many, and the names of those whose details cannot be erased as they stand now: somebody must decide.
    """
    done, left = 0, []
    for school_id, ref in sorted(erased):
        school = scope.School.objects.filter(pk=school_id).first()
        if school is None:
            continue
        ctx = Ctx.system("restore", school)
        with scope.active(school):
            try:
                row = refs.resolve(ctx, ref)
            except Missing:  # the backup is from before he came
                continue
        verb = next(one for one in actions.on(type(row)) if one.permission == "privacy.erase_details")
        try:
            verb.run(ctx, row)
            done += 1
        except Refused:
            left.append(str(row))
    return done, left


@contextmanager
def _as_damage() -> Iterator[None]:
    """A file that is whole but not what `back_up` writes says so in the same sentence."""
    try:
        yield
    except (
        KeyError,
        TypeError,
        ValueError,
        AttributeError,
        AssertionError,
        StopIteration,
        zipfile.BadZipFile,
    ) as strange:
        raise Refused(_DAMAGED) from strange
    except (IntegrityError, DataError, ValidationError, FieldDoesNotExist) as strange:
        raise Refused(_DAMAGED) from strange


def _unused_name(stem: str) -> Path:
    names = (Path(settings.DATA) / f"{stem}{suffix}.zongwu" for suffix in ("", *(f"-{n}" for n in range(2, 1000))))
    return next(path for path in names if not path.exists())


def check_restored(manifest: dict[str, Any]) -> None:
    """Once the program's own migrations ran: verify the journal again, rebuild the index, end every token.

    :raises Refused: the chain does not hold where it held when the backup was made.
    """
    with scope.all_schools("a backup holds every school"):
        _verify(manifest)
    for school in scope.School.objects.all():
        search.rebuild(school)
        with scope.active(school):  # one that was revoked since would open again
            tokens.ApiToken.objects.filter(revoked_on=None).update(revoked_on=clock.today())


def _same_version(manifest: dict[str, Any]) -> None:
    here = {f"{app}.{name}" for app, name in MigrationExecutor(connection).loader.applied_migrations}
    if here != set(manifest["migrations"]):
        raise Refused(
            f"这个备份是 {manifest['program']} 版做的，和这里的数据库版本不同。"
            "请用 --data 指一个空的数据目录来恢复，程序会把它升级到现在的版本。"
        )


def _targets(manifest: dict[str, Any]) -> list[tuple[str, str]]:
    """The last migration of each app: they are numbered."""
    return list(
        {app: (app, name) for app, _, name in (each.partition(".") for each in manifest["migrations"])}.values()
    )


def _load(book: zipfile.ZipFile, manifest: dict[str, Any]) -> None:
    """Every row as it was, into the tables as they were then."""
    then = MigrationExecutor(connection).loader.project_state(_targets(manifest)).apps
    kept = list(_kept(then))
    with connection.cursor() as cursor:
        for table in (*(model._meta.db_table for model in kept), search.SearchEntry._meta.db_table):
            cursor.execute(f'DELETE FROM "{table}"')
        if connection.vendor == "sqlite" and "kernel_search" in guards.present():
            cursor.execute("INSERT INTO kernel_search(kernel_search) VALUES ('rebuild')")
    for model in kept:
        count, rows = 0, _rows(book, model)
        while some := list(islice(rows, 1000)):
            model._base_manager.bulk_create(some)
            count += len(some)
        if count != manifest["tables"].get(model._meta.label_lower):
            raise Refused(_DAMAGED)
    if connection.vendor == "postgresql":
        installation.follow_rows()


def _rows(book: zipfile.ZipFile, model: type[models.Model]) -> Iterator[models.Model]:
    fields: dict[str, Any] = {field.attname: field for field in model._meta.concrete_fields}
    for field in fields.values():
        field.auto_now = field.auto_now_add = False  # a restored time is not now
    with book.open(f"tables/{model._meta.label_lower}.jsonl") as raw:
        lines: Iterable[str] = io.TextIOWrapper(raw, "utf-8")
        names = json.loads(next(iter(lines)))
        readers = [getattr(fields[name], "target_field", fields[name]).to_python for name in names]
        for line in lines:
            values = json.loads(line)
            yield model(**{n: read(v) for n, read, v in zip(names, readers, values, strict=True)})


def _settled() -> bool:
    """Ask the database at once about every key that waited, while the whole restore can still be given up.

    Guards go back on, but for an older schema, which gets them once it was brought up to date; tells which it was.
    """
    connection.check_constraints()
    executor = MigrationExecutor(connection)
    present = not executor.migration_plan(executor.loader.graph.leaf_nodes())
    if present:
        guards.install()
    return present


def _verify(manifest: dict[str, Any]) -> None:
    """:raises Refused: the journal does not hold where it held when the backup was made."""
    if fresh := sorted({f"{b.stream}#{b.seq} {b.what}" for b in _breaks()} - set(manifest["breaks"])):
        raise Refused(f"备份里的日志对不上：{fresh[0]}。没有恢复，请换一份备份。")


def _put_files(book: zipfile.ZipFile) -> None:
    """Files lie under the digest of what they hold, so putting one where it is already changes nothing."""
    root = Path(settings.DATA) / "files"
    for name in book.namelist():
        kept, _, place = name.partition("/")
        if kept == "files":
            target = (root / place).resolve()
            if not target.is_relative_to(root.resolve()):
                raise Refused(_DAMAGED)
            content = book.read(name)
            if hashlib.sha256(content).hexdigest() != target.name:
                raise Refused(_DAMAGED)
            attachments.store(target, content)


def _breaks() -> Iterator[journal.Break]:
    for school in scope.School.objects.values_list("pk", flat=True):
        yield from journal.verify(school)
