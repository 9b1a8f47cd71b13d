"""`kinds`, `template`, `import`, `undo-import`, `export`: spreadsheets in and out."""

from __future__ import annotations

import argparse
import hashlib
from pathlib import Path
from typing import Any

from zongwu.kernel import clock, scope
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.kernel.transfer import runs, workbook, writing
from zongwu.kernel.transfer.reading import Reading, read
from zongwu.kernel.transfer.runs import KINDS, ImportRun, kind_named
from zongwu.site.commands.output import answer, the_school

_NAMES = {"clean": "原样可用", "fixed": "自动整理", "warn": "有提示", "dup": "重复", "reject": "拒收", "skip": "跳过"}


def kinds(options: argparse.Namespace) -> int:
    document = [{"kind": name, "title": kind.sheet.title} for name, kind in sorted(KINDS.items())]
    answer(options, document, [f"{row['kind']}  {row['title']}" for row in document])
    return 0


def template(options: argparse.Namespace) -> int:
    Path(options.output).write_bytes(writing.template(kind_named(options.kind).sheet))
    answer(options, {"file": options.output, "kind": options.kind}, [f"已写入 {options.output}"])
    return 0


def take_in(options: argparse.Namespace) -> int:
    school, kind, path = the_school(options), kind_named(options.kind), Path(options.file)
    if not path.is_file():
        raise Refused(f"找不到文件 {path}。")
    ctx = Ctx.system("import", school)
    with scope.reading(school):
        words = kind.words()
    reading = read(kind.sheet, workbook.load(path), today=clock.today(), words=words)
    with scope.reading(school):
        effects = list(runs.weigh(kind, reading))
    told, done = _told(reading), f"可以写入 {reading.imported} 行（只看，没有写）"
    head: dict[str, Any] = {"kind": options.kind, "file": path.name, "dry_run": options.dry_run}
    if not options.dry_run:
        staged = runs.stage_import(
            ctx, kind=options.kind, file_name=path.name, sha256=hashlib.sha256(path.read_bytes()).hexdigest(), reading=reading,
            effects=effects, mapping={},
        )  # fmt: skip
        if not options.json:
            del reading  # a large ledger is in memory once: as it was read, or as it is written
        try:
            run = runs.apply_import(ctx, staged, confirmed=options.again)
        except NeedsConfirmation as asked:
            raise Refused(f"{asked} 什么也没有写入；确实要再写一遍，请加 --again。") from asked
        with scope.reading(school):
            effects = list(ImportRun.objects.get(pk=run.pk).rows.order_by("id").values_list("effect", flat=True))
        head, done = {"import_id": run.pk} | head, f"已写入 {run.imported} 行，导入编号 {run.pk}"
    answer(options, head | reading.as_json(effects) if options.json else head, [*told, done])
    return 0


def _told(reading: Reading) -> list[str]:
    lines = []
    for name, counts in reading.counts.items():
        told = "，".join(f"{_NAMES[what]} {counts[what]}" for what in _NAMES if counts.get(what))
        lines.append(f"「{name}」{told or '空表'}")
    for row in reading.rows:
        if row.disposition in ("reject", "dup"):
            lines.append(f"  {row.sheet} 第 {row.row} 行：{_NAMES[row.disposition]}，{'；'.join(row.reasons)}")
    control = reading.control()
    if "total" in control:
        lines.append(f"写入合计 {control['total']}，表上合计 {control['stated_total'] or '没有写'}")
        lines += [f"  差额：{e['why']} {e['amount']}" for e in control["explained"]]
    failed = control["facts"].get("document_checks_failed", ())
    lines += [f"  单据 {one['doc']} 的{one['row']}写 {one['written']}，各行相加是 {one['computed']}" for one in failed]
    return lines


def undo(options: argparse.Namespace) -> int:
    school = the_school(options)
    run = runs.undo_import(Ctx.system("import", school), options.id)
    answer(options, {"import_id": run.pk, "state": run.state}, [f"导入 {run.pk} 已整批撤销。"])
    return 0


def export(options: argparse.Namespace) -> int:
    school, kind = the_school(options), kind_named(options.kind)
    narrowed: dict[str, str] = {}
    for pair in options.filter:
        key, found, value = pair.partition("=")
        if not found:
            raise Refused(f"--filter 要写成 键=值，如 --filter state=idle，不是「{pair}」。")
        narrowed[key] = value
    with scope.reading(school):
        records = list(kind.records(Ctx.system("export", school), narrowed))
    content = writing.export(kind.sheet, records, school=school.name, made_on=clock.today())
    Path(options.output).write_bytes(content)
    answer(options, {"file": options.output, "rows": len(records)}, [f"已把 {len(records)} 行写入 {options.output}"])
    return 0
