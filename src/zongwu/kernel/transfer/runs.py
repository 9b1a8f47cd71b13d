"""An import as a run: staged outside the write lock, previewed, applied in one transaction, undone as a whole.

A domain says with a `Kind` what a sheet is called, who may import it, which records it has already, and how rows are
written and taken back. Everything else is the same for all.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Any, ClassVar, Literal, NamedTuple

from django.db import connection, models
from django.db.models.fields.json import KeyTextTransform

from zongwu.kernel import bulk, clock
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Forbidden, NeedsConfirmation, Refused
from zongwu.kernel.journal import JournalSubject, Touched
from zongwu.kernel.scope import OPEN, School, SchoolModel, Scoped, ScopedQuerySet
from zongwu.kernel.transfer import making

if TYPE_CHECKING:
    from zongwu.kernel.transfer.layout import Sheet
    from zongwu.kernel.transfer.reading import Reading

Effect = Literal["new", "update", "same", "none"]
IMPORTED = ("clean", "fixed", "warn")
Record = dict[str, Any]
Find = Callable[[Sequence[Record]], "Sequence[Record | None]"]
"""For each record what the school has of it already, in the sheet's own terms."""


class ImportRunQuerySet(ScopedQuerySet):
    reads = OPEN  # where a record came from is part of its history; the sheet's rows are behind the import's own pages


class ImportRun(SchoolModel):
    """One workbook on its way into the records."""

    kind = "import"

    class State(models.TextChoices):
        READ = "read", "待写入"
        APPLIED = "applied", "已写入"
        UNDONE = "undone", "已撤销"
        EXPIRED = "expired", "过期未写入"

    sheet_kind = models.SlugField("表", max_length=20, db_index=False)
    file_name = models.CharField("文件", max_length=160)
    sha256 = models.CharField(max_length=64)
    mapping = models.JSONField(default=dict)
    state = models.CharField("状态", max_length=10, choices=State, default=State.READ)
    counts = models.JSONField(default=dict)
    control = models.JSONField(default=dict)
    imported = models.PositiveIntegerField("写入行数", default=0)
    read_at = models.DateTimeField("读取时间")
    applied_at = models.DateTimeField("写入时间", null=True, blank=True)
    undone_at = models.DateTimeField("撤销时间", null=True, blank=True)
    purged_on = models.DateField("原始内容清理日期", null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(ImportRunQuerySet)()

    class Meta:
        constraints: ClassVar[list[Any]] = SchoolModel.Meta.constraints
        indexes: ClassVar[list[Any]] = [models.Index(fields=["school", "read_at", "id"], name="import_by_time")]
        verbose_name = "导入"

    def __str__(self) -> str:
        return self.file_name


class ImportRow(SchoolModel):
    """One row of the workbook as it was read: what becomes of it and why."""

    run = models.ForeignKey(ImportRun, models.CASCADE, db_index=False, related_name="rows")
    sheet = models.CharField(max_length=60)
    row = models.PositiveIntegerField("行号")
    disposition = models.CharField("处置", max_length=8)
    effect = models.CharField("结果", max_length=8, default="none")
    reasons = models.JSONField(default=list)
    record: models.Field[Any, Any] = models.JSONField(null=True)
    notes = models.JSONField(default=list, help_text="[[列, 轻重, 原因, 原文], …]")
    object_id = models.BigIntegerField(null=True)
    before: models.Field[Any, Any] = models.JSONField(null=True, help_text="更新前的值，撤销时用")

    class Meta:
        constraints: ClassVar[list[Any]] = [
            *SchoolModel.Meta.constraints,
            models.UniqueConstraint(fields=["school", "run", "sheet", "row"], name="import_row_once"),
        ]
        indexes: ClassVar[list[Any]] = [
            models.Index(fields=["school", "run", "disposition", "id"], name="import_row_by_what")
        ]


@dataclass(slots=True)
class Line:
    """A staged row as writing and undoing take it: there may be a hundred thousand, so they are no models."""

    pk: int
    record: Record = field(default_factory=dict)
    effect: str = "none"
    object_id: int = 0
    """0 until it is written."""
    before: Record | None = None


def _chunks(rows: models.QuerySet[ImportRow], *names: str) -> Iterator[list[Line]]:
    """Some thousand staged rows at a time, with these of their values: a whole ledger would fill the memory."""
    last = 0
    while some := list(rows.filter(pk__gt=last).order_by("pk").values("pk", *names)[:_MANY]):
        last = some[-1]["pk"]
        yield [Line(**row) for row in some]


_MANY = 10_000


class Written(NamedTuple):
    """What writing one row came to: the object, and its old record when it was an update."""

    object_id: int
    before: Record | None = None


@dataclass(frozen=True)
class Kind:
    """A sheet that can be imported and exported. `model.kind` names the objects in the journal."""

    sheet: Sheet
    model: type[SchoolModel]
    permission: str
    existing: Callable[[], Find]
    """Made once for a run: for some records at a time what the school has of each already; None where it is new."""
    write: Callable[[Ctx, Sequence[Line]], Sequence[Written]]
    """A step: creates and updates, set-based, in the order of the rows. Called for some thousands at a time."""
    restore: Callable[[Ctx, Sequence[Line]], None]
    """A step: voids what was created, gives updated rows their old values back."""
    records: Callable[[Ctx, Mapping[str, str]], Iterable[Record]]
    """Every record for an export, in the sheet's own terms."""
    prepare: Callable[[Ctx, models.QuerySet[ImportRow]], None] = lambda ctx, rows: None
    """A step before the first row is written, over all that will be: sees which numbers are taken."""
    makes: Callable[[Sequence[Record]], making.Unknown] = lambda records: {}
    """Names in the records for which writing would make a row on the way, such as an unknown room."""
    words: Callable[[], dict[str, dict[str, str]]] = dict
    """Column → the school's own words → what they mean here, such as the aliases of its departments."""


KINDS: dict[str, Kind] = {}
HARMLESS: set[str] = set()
"""Verbs of entries that change nothing about a row, such as printing: an import is taken back all the same."""


def register(kind: Kind) -> None:
    assert kind.sheet.kind not in KINDS, f"{kind.sheet.kind} is registered twice"
    KINDS[kind.sheet.kind] = kind


def kind_named(name: str) -> Kind:
    """:raises Refused: there is no such sheet."""
    if name not in KINDS:
        raise Refused(f"没有叫「{name}」的表，可以导入的有：{'、'.join(sorted(KINDS))}。")
    return KINDS[name]


def weigh(kind: Kind, reading: Reading) -> list[Effect]:
    """What each row would come to against the records that the school has."""
    records = [row.record for row in reading.rows if row.disposition in IMPORTED and row.record]
    effects = iter(map(_effect, kind.existing()(records), records))
    return [next(effects) if row.disposition in IMPORTED and row.record else "none" for row in reading.rows]


def _effect(old: Record | None, record: Record) -> Effect:
    if old is None:
        return "new"
    compared = record.keys() & old.keys()
    compared -= {"qty"} if record.get("qty_assumed") else set()
    compared -= {"no"} if not record.get("no") else set()
    return "same" if all(alike(record[name], old[name]) for name in compared) else "update"


def alike(one: Any, other: Any) -> bool:
    """Nothing and an empty text are the same; amounts are compared as numbers, codes (`0101`) as texts."""
    if one in (None, "") or other in (None, ""):
        return one in (None, "") and other in (None, "")
    if not isinstance(one, Decimal | int) and not isinstance(other, Decimal | int):
        return str(one) == str(other)
    try:
        return Decimal(str(one)) == Decimal(str(other))
    except InvalidOperation:
        return False


def snapshot(row: models.Model) -> Record:
    """Every stored value of a row, so that an undo gives back exactly what was."""
    return {field.attname: getattr(row, field.attname) for field in row._meta.concrete_fields}


def put_back(row: models.Model, before: Record, fixed: Collection[str] = ("id", "school")) -> None:
    """Set a row to a snapshot that was kept as JSON; the caller saves it."""
    for stored in row._meta.concrete_fields:
        if stored.name not in fixed and stored.attname in before:
            setattr(row, stored.attname, stored.to_python(before[stored.attname]))


def require(ctx: Ctx, kind: Kind) -> None:
    """:raises Forbidden: the person may not import this sheet."""
    if not ctx.may(kind.permission):
        raise Forbidden(f"没有导入{kind.sheet.title}的权限，请找学校管理员。")


@create_action(ImportRun, label="读入表格", permission="transfer.import_sheet", hidden=True)
def stage_import(
    ctx: Ctx,
    *,
    kind: str,
    file_name: str,
    sha256: str,
    reading: Reading,
    effects: Sequence[Effect],
    mapping: dict[str, str],
) -> ImportRun:
    """Keep a reading for the preview. The reading itself was made outside the write lock."""
    require(ctx, kind_named(kind))
    run: ImportRun = ImportRun.objects.create(
        school=ctx.school, sheet_kind=kind, file_name=file_name[:160], sha256=sha256, mapping=mapping, read_at=ctx.now,
        counts=reading.counts, control=reading.control(),
    )  # fmt: skip
    bulk.insert(
        ImportRow, ("school_id", "run_id", "sheet", "row", "disposition", "effect", "reasons", "record", "notes"),
        (
            (ctx.school.pk, run.pk, row.sheet[:60], row.row, row.disposition, effect, row.reasons, jsonable(row.record), row.notes)
            for row, effect in zip(reading.rows, effects, strict=True)
        ),
    )  # fmt: skip
    ctx.journal(run, "import.staged", sheet=kind, sha256=sha256, detail={"文件": file_name})
    return run


@action(ImportRun, label="定一格", permission="transfer.import_sheet", hidden=True,
        available=lambda run: run.state == ImportRun.State.READ, refusal="这次导入已经写入、撤销或过期了。")  # fmt: skip
def settle_cell(ctx: Ctx, run: ImportRun, *, row: int, key: str, value: str) -> ImportRun:
    """Choose one of the values that a cell may mean, such as January or October.

    :raises Refused: the cell leaves no such choice.
    """
    require(ctx, kind_named(run.sheet_kind))
    line = run.rows.select_for_update().filter(pk=row).first()
    if line is None or value not in (line.record or {}).get(f"{key}_candidates", []):
        raise Refused("这一格没有这个选项，请刷新后再看。")
    line.record[key] = value
    line.record.pop(f"{key}_candidates")
    if f"{key}_precision" in line.record:
        line.record[f"{key}_precision"] = "day" if len(value) == 10 else "month"
    settled = {key, "qty"} if key == "unit" else {key}
    line.notes = [note for note in line.notes if note[0] not in settled or note[1] != "warn"]
    line.notes.append([key, "fixed", f"已选定 {value}", ""])
    line.reasons = list(dict.fromkeys(note[2] for note in line.notes))
    line.disposition = "warn" if any(note[1] == "warn" for note in line.notes) else "fixed"
    line.save(update_fields=["record", "notes", "reasons", "disposition"])
    run.counts[line.sheet] = dict(Counter(run.rows.filter(sheet=line.sheet).values_list("disposition", flat=True)))
    run.save(update_fields=["counts"])
    ctx.journal(run, "import.settled", sheet_row=line.row, key=key, detail={"选定": value})
    return run


def jsonable(record: Record | None) -> Record | None:
    """A record as a staged row keeps it: amounts and dates as text."""
    if record is None:
        return None
    return {key: str(value) if isinstance(value, Decimal | date) else value for key, value in record.items()}


@action(ImportRun, label="写入", permission="transfer.import_sheet", primary=True, icon="check",
        available=lambda run: run.state == ImportRun.State.READ, refusal="这次导入已经写入或撤销过了。")  # fmt: skip
def apply_import(ctx: Ctx, run: ImportRun, *, confirmed: bool = False) -> ImportRun:
    """Write every importable row in one transaction, under one journal entry.

    :raises NeedsConfirmation: the same file was imported before and not undone.
    """
    kind = kind_named(run.sheet_kind)
    require(ctx, kind)
    # The same file, sent twice at once, waits here and is asked about.
    School.objects.select_for_update().get(pk=ctx.school.pk)
    twice = ImportRun.objects.filter(
        sha256=run.sha256, sheet_kind=run.sheet_kind, state=ImportRun.State.APPLIED
    ).first()
    if twice and not confirmed:
        raise NeedsConfirmation(
            f"这个文件在 {clock.day_of(twice.applied_at)} 已经导入过一次。再写一遍，导入以后改过的会变回表上的样子。"
        )
    waiting = run.rows.filter(disposition__in=IMPORTED)
    kind.prepare(ctx, waiting)
    find, effects, written, digest = kind.existing(), Counter[str](), list[int](), hashlib.sha256()
    for rows in _chunks(waiting, "record"):
        for row, old in zip(rows, find([row.record for row in rows]), strict=True):
            row.effect = _effect(old, row.record)  # the records may have changed since the preview
        changing = [row for row in rows if row.effect in ("new", "update")]
        for row, done in zip(changing, kind.write(ctx, changing), strict=True):
            row.object_id, row.before = done.object_id, jsonable(done.before)
            digest.update(f"{row.object_id}\t{row.effect}\t{_sorted(row.record)}\n".encode())
        _note_results(rows)
        effects.update(row.effect for row in rows)
        written += [row.object_id for row in changing]
    making.require(ctx, {(kind.model.kind, pk) for pk in written})
    run.state, run.applied_at, run.imported = ImportRun.State.APPLIED, ctx.now, effects.total()
    run.save(update_fields=["state", "applied_at", "imported"])
    ctx.journal(
        run, "import.applied", sheet=run.sheet_kind, new=effects["new"], updated=effects["update"], same=effects["same"],
        total_fen=_fen(run.control.get("total")), digest=digest.hexdigest(),
        touched=[Touched(kind.model.kind, pk, "imported") for pk in written],
    )  # fmt: skip
    return run


_sorted = json.JSONEncoder(sort_keys=True, ensure_ascii=False).encode


def _note_results(rows: Sequence[Line]) -> None:
    """What each row came to. One prepared statement: `bulk_update` builds a CASE that grows with every row."""
    before = ImportRow._meta.get_field("before")
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE kernel_importrow SET effect = %s, object_id = %s, before = %s WHERE id = %s",
            [
                (row.effect, row.object_id or None, before.get_db_prep_save(row.before, connection), row.pk)
                for row in rows
            ],
        )


def _fen(total: str | None) -> int:
    return int(Decimal(total or 0) * 100)


@action(ImportRun, label="撤销导入", permission="transfer.import_sheet", icon="arrow-back-up",
        available=lambda run: run.state == ImportRun.State.APPLIED, refusal="这次导入还没有写入，或已经撤销过了。",
        confirm="新建的记录作废，改过的记录恢复原值；之后又动过的记录会列出来，整批不撤。")  # fmt: skip
def undo_import(ctx: Ctx, run: ImportRun) -> ImportRun:
    """Take a whole import back.

    :raises Refused: with the list, where a row has a later entry of another action (decisions 11).
    """
    kind = kind_named(run.sheet_kind)
    require(ctx, kind)
    rows = [row for some in _chunks(run.rows.filter(object_id__isnull=False), "object_id", "before") for row in some]
    mine = kind.model.objects.select_for_update().filter(pk__in=run.rows.values("object_id"))
    list(mine.order_by("pk").values_list("pk"))  # nobody moves one of them while the question below is asked
    _untouched_since(run, kind, rows)
    kind.restore(ctx, rows)
    making.take_back(ctx, run, {(kind.model.kind, row.object_id) for row in rows})
    run.state, run.undone_at = ImportRun.State.UNDONE, ctx.now
    run.save(update_fields=["state", "undone_at"])
    ctx.journal(
        run, "import.undone", rows=len(rows),
        touched=[Touched(kind.model.kind, row.object_id, "import_undone") for row in rows],
    )  # fmt: skip
    return run


def _untouched_since(run: ImportRun, kind: Kind, rows: Sequence[Line]) -> None:
    mine = JournalSubject.objects.filter(object_kind="import", object_id=run.pk, entry__verb="import.applied")
    entry = mine.order_by("-id").values_list("entry_id", flat=True).first()
    later = JournalSubject.objects.filter(object_kind=kind.model.kind, entry_id__gt=entry).exclude(
        entry__verb__in=HARMLESS
    )
    touched = set(later.values_list("object_id", flat=True)) & {row.object_id for row in rows}
    if touched:
        names = [str(thing) for thing in kind.model.objects.filter(pk__in=sorted(touched)[:5])]
        more = f"等 {len(touched)} 条" if len(touched) > len(names) else ""
        raise Refused(f"这些记录导入后又动过，不能整批撤销：{'、'.join(names)}{more}。请单独处理，或先撤回那些改动。")


def given(rows: models.QuerySet[ImportRow], key: str) -> list[str]:
    """What the rows that shall be written say under a key, where they say anything: the numbers that are taken."""
    said = rows.values_list(KeyTextTransform(key, "record"), flat=True)
    return [str(one) for one in said.iterator() if one]
