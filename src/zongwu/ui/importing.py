"""The import wizard: choose a file, see what becomes of every row, write, take back. The same for every kind of sheet."""

from __future__ import annotations

import hashlib
import secrets
import tempfile
from decimal import Decimal
from pathlib import Path
from typing import Any
from urllib.parse import quote

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_POST

from zongwu.kernel import clock, jobs, scope
from zongwu.kernel.attachments import place_of, store
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing, NeedsConfirmation, Refused
from zongwu.kernel.transfer import making, runs, workbook, writing
from zongwu.kernel.transfer.grid import Grid
from zongwu.kernel.transfer.layout import Sheet
from zongwu.kernel.transfer.reading import Reading, read
from zongwu.kernel.transfer.runs import KINDS, ImportRow, ImportRun, Kind, kind_named
from zongwu.ui.request import SchoolRequest, page

PERMISSION = "transfer.import_sheet"
LARGEST = 30 * 1024 * 1024
AT_ONCE = 2 * 1024 * 1024
"""What is larger is read by the worker, not while the browser waits."""
READ_LATER = "transfer.read"
PAGE = 100
SHOWN = {
    "look": ("要看的", "eye", "", "提示、重复、拒收"), "clean": ("原样可用", "check", "ok", "日期、数字都对"),
    "fixed": ("自动整理", "wand", "doing", "日期、全角、别名"), "warn": ("提示", "alert-triangle", "warn", "会写入，请过目"),
    "dup": ("重复", "copy", "", "与前面行相同，不写"), "reject": ("拒收", "alert-circle", "bad", "改好再传，不写"),
    "skip": ("跳过", "player-skip-forward", "", "标题、小计、空行"),
}  # fmt: skip
"""Disposition → word, icon, ink, explanation."""
BADGES = {
    "clean": ("原样", "ok"), "fixed": ("整理", "doing"), "warn": ("提示", "warn"), "dup": ("重复", "neutral"),
    "reject": ("拒收", "bad"), "skip": ("跳过", "neutral"),
}  # fmt: skip
EXPLAINED = {
    "subtotal": "小计写错",
    "dup": "重复",
    "reject": "拒收",
    "unexplained": "说不清的差额",
    "unstated": "没有写合计的表",
}


@page(PERMISSION)
def past(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """What was imported lately, and what can be."""
    kinds = [kind for kind in KINDS.values() if ctx.may(kind.permission)]
    mine = ImportRun.objects.filter(sheet_kind__in=[kind.sheet.kind for kind in kinds])
    done = mine.order_by("-read_at", "-id")[:30]
    return TemplateResponse(
        request, "ui/importing/past.html", {"runs": [(r, KINDS[r.sheet_kind]) for r in done], "kinds": kinds}
    )


@page(PERMISSION)
def begin(request: SchoolRequest, ctx: Ctx, kind: str) -> HttpResponse:
    """Choose a file; what comes of it is shown before anything is written."""
    described = kind_named(kind)
    runs.require(ctx, described)
    given: dict[str, Any] = {"kind": described, "sheet": described.sheet, "key": secrets.token_urlsafe(16)}
    if request.method != "POST":
        return TemplateResponse(request, "ui/importing/begin.html", given)
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise Refused("请先选一个文件。")
        size = upload.size or 0
        if size > LARGEST:
            raise Refused(f"这个文件有 {size // 1048576} MB，最大 {LARGEST // 1048576} MB，请拆成几个再传。")
        name, content = Path(upload.name or "").name, upload.read()
        if size > AT_ONCE:
            return _later(ctx, kind, name, content)
        run = _take(ctx.keyed(request.POST.get("key", "")), described, name, content, _remembered(kind))
    except Refused as no:
        return TemplateResponse(request, "ui/importing/begin.html", given | {"problems": no.problems}, status=409)
    return redirect("import-preview", ctx.school.code, run.pk)


def _later(ctx: Ctx, kind: str, name: str, content: bytes) -> HttpResponse:
    """A large file is read by the worker; the page of the job says how far it is and opens the preview."""
    digest = hashlib.sha256(content).hexdigest()
    store(place_of(ctx.school.pk, digest), content)
    waiting = jobs.enqueue(ctx, READ_LATER, kind=kind, name=name, sha256=digest)
    return redirect("job", ctx.school.code, waiting.pk)


@jobs.job(READ_LATER, "读入表格")
def read_later(ctx: Ctx, say: jobs.Progress, *, kind: str, name: str, sha256: str) -> str:
    """Read a file that is stored already; returns the address of its preview."""
    say(0, 2)
    run = _take(ctx, kind_named(kind), name, place_of(ctx.school.pk, sha256).read_bytes(), _remembered(kind))
    return reverse("import-preview", args=[ctx.school.code, run.pk])


def _remembered(kind: str) -> dict[str, str]:
    """The columns as the school last assigned them for this kind."""
    last = (
        ImportRun.objects.filter(sheet_kind=kind, state=ImportRun.State.APPLIED)
        .exclude(mapping={})
        .order_by("-id")
        .first()
    )
    return dict(last.mapping) if last else {}


def _take(ctx: Ctx, kind: Kind, name: str, content: bytes, mapping: dict[str, str]) -> ImportRun:
    """Read outside the write lock, then stage. The file is kept, so that columns can be assigned again."""
    digest = hashlib.sha256(content).hexdigest()
    grids = _grids(name, content)
    if not any(column.secret for column in kind.sheet.columns):
        store(place_of(ctx.school.pk, digest), content)
    with scope.reading(ctx.school):
        reading = read(kind.sheet, grids, today=ctx.today, mapping=mapping, words=kind.words())
        effects = runs.weigh(kind, reading)
    return runs.stage_import(
        ctx,
        kind=kind.sheet.kind,
        file_name=Path(name).name,
        sha256=digest,
        reading=reading,
        effects=effects,
        mapping=mapping,
    )


def _grids(name: str, content: bytes) -> list[Grid]:
    with tempfile.TemporaryDirectory(prefix="zongwu-import-") as folder:
        path = Path(folder) / f"upload{Path(name).suffix.lower()[:6]}"
        path.write_bytes(content)
        return workbook.load(path, Path(name).name)


def read_upload(file: UploadedFile[Any], sheet: Sheet) -> Reading:
    """A file that is only read: for a form that compares and imports nothing.

    :raises Refused: too large, or not this kind of sheet.
    """
    if (file.size or 0) > 4 * AT_ONCE:
        raise Refused(
            f"这个文件有 {(file.size or 0) // 1048576} MB，最大 {4 * AT_ONCE // 1048576} MB，请只留卡片明细那一张表。"
        )
    return read(sheet, _grids(file.name or "", file.read()), today=clock.today())


def _run(ctx: Ctx, pk: int) -> tuple[ImportRun, Kind]:
    run = ImportRun.objects.filter(pk=pk).first()
    if run is None or run.sheet_kind not in KINDS:
        raise Missing("找不到这次导入。")
    kind = KINDS[run.sheet_kind]
    runs.require(ctx, kind)
    return run, kind


@page(PERMISSION)
def preview(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    return TemplateResponse(request, "ui/importing/preview.html", _preview(request, ctx, pk))


def _preview(request: HttpRequest, ctx: Ctx, pk: int) -> dict[str, Any]:
    run, kind = _run(ctx, pk)
    totals = _totals(run)
    show = request.GET.get("show") or next((name for name in ("look", "fixed", "clean") if totals[name]), "skip")
    wanted = ("warn", "dup", "reject") if show == "look" else (show,)
    after = request.GET.get("after", "")
    lines = list(
        run.rows.filter(
            disposition__in=wanted, pk__gt=int(after) if after.isdecimal() and len(after) < 19 else 0
        ).order_by("pk")[: PAGE + 1]
    )
    columns = [c for c in kind.sheet.columns if c.key in _shown(kind)]
    return {
        "run": run, "kind": kind, "show": show, "columns": columns, "lines": [_line(kind, columns, row) for row in lines[:PAGE]],
        "next": lines[PAGE - 1].pk if len(lines) > PAGE else None,
        "tiles": [(name, totals[name], *SHOWN[name]) for name in SHOWN], "totals": totals, "balance": _balance(run),
        "strange": run.control.get("facts", {}).get("columns_left_out", []), "all_columns": kind.sheet.columns,
        "failed": run.control.get("facts", {}).get("document_checks_failed", []), "stated": run.control.get("facts", {}).get("stated", []), "now": _live(kind, ctx), "new": run.rows.filter(effect="new").count(),
        "updates": run.rows.filter(effect="update").count(), "same": run.rows.filter(effect="same").count(),
        "key": secrets.token_urlsafe(16), "makes": _makes(run, kind, ctx),
    }  # fmt: skip


def _makes(run: ImportRun, kind: Kind, ctx: Ctx) -> list[making.Foretold]:
    """What writing would make besides the rows themselves; nothing once it is written."""
    if run.state != ImportRun.State.READ:
        return []
    rows = run.rows.filter(disposition__in=runs.IMPORTED)
    return making.foretell(ctx, kind.makes(list(rows.values_list("record", flat=True))))


def _live(kind: Kind, ctx: Ctx) -> int:
    rows = kind.model.objects.visible_to(ctx)
    return int((rows.live() if hasattr(rows, "live") else rows).count())


def _totals(run: ImportRun) -> dict[str, int]:
    totals = dict.fromkeys(SHOWN, 0)
    for counts in run.counts.values():
        for name, count in counts.items():
            totals[name] += count
    totals["look"] = totals["warn"] + totals["dup"] + totals["reject"]
    return totals | {
        "rows": sum(totals[n] for n in SHOWN if n != "look"),
        "imported": totals["clean"] + totals["fixed"] + totals["warn"],
    }


def _shown(kind: Kind) -> tuple[str, ...]:
    """The columns of the preview: what tells one row from another."""
    sheet = kind.sheet
    if sheet.shown:
        return tuple(sheet.shown)
    wanted = dict.fromkeys((sheet.key, sheet.name, "qty", sheet.amount, "date", "class", "dept", "phone", "level"))
    keys = {column.key for column in sheet.columns}
    return tuple(key for key in wanted if key in keys)[:6]


def _line(kind: Kind, columns: list[Any], row: ImportRow) -> dict[str, Any]:
    """One row of the preview: its cells, each with what is wrong, and the reasons with their answers."""
    worst: dict[str, tuple[str, str]] = {}
    for key, severity, _, raw in row.notes:
        if severity in ("reject", "warn", "dup") and worst.get(key, ("", ""))[0] != "reject":
            worst[key] = (severity, raw)
    record = row.record or {}
    cells = []
    for column in columns:
        severity, raw = worst.get(column.key, ("", ""))
        text = _text(kind, column, record.get(column.key), raw if severity in ("reject", "warn") else "")
        look = {"reject": "wrong", "dup": "wrong", "warn": "odd"}.get(severity, "")
        cells.append(
            {"text": text or ("空" if severity else ""), "look": look, "numeric": column.money or column.key == "qty"}
        )
    choices = [
        {"key": key.removesuffix("_candidates"), "value": value}
        for key, values in record.items() if key.endswith("_candidates") for value in values
    ]  # fmt: skip
    word, tone = BADGES[row.disposition]
    grave = [reason for _, severity, reason, _ in row.notes if severity != "fixed"] or row.reasons
    return {
        "row": row,
        "cells": cells,
        "badge": word,
        "tone": tone,
        "why": list(dict.fromkeys(grave)),
        "choices": choices,
    }


def _text(kind: Kind, column: Any, value: Any, raw: str) -> str:
    """What stands in the cell: the file's own words where they are in question, else the value as it will be written."""
    if raw.strip() and not (column.key == kind.sheet.amount and value is not None):
        return raw.strip()
    if value in (None, ""):
        return ""
    return f"{Decimal(value):,.2f}" if column.money else str(value)


def _balance(run: ImportRun) -> dict[str, Any] | None:
    control = run.control
    if "total" not in control:
        return None
    steps = [
        {"label": f"{EXPLAINED[e['why']]}{' ' + str(len(e['rows'])) + ' 行' if 'rows' in e else ''}", "note": "、".join(e.get("groups", ())), "amount": e["amount"], "bad": e["why"] in ("unexplained", "unstated")}
        for e in control["explained"]
    ]  # fmt: skip
    return {
        "stated": control["stated_total"],
        "total": control["total"],
        "steps": steps,
        "closed": not any(s["bad"] for s in steps),
    }


@require_POST
@page(PERMISSION)
def settle(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    """One of two readings of a cell."""
    row = request.POST.get("row", "")
    runs.settle_cell(
        ctx,
        pk,
        row=int(row) if row.isdecimal() and len(row) < 19 else 0,
        key=request.POST.get("cell", ""),
        value=request.POST.get("value", ""),
    )
    return redirect(f"{request.POST.get('back') or '.'}" if request.POST.get("back", "").startswith("?") else "../")


@require_POST
@page(PERMISSION)
def columns(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    """Read the same file again with columns that a person assigned."""
    run, kind = _run(ctx, pk)
    keys = {column.key for column in kind.sheet.columns}
    chosen = {
        word: key for word, key in request.POST.items() if key in keys and word not in ("key", "csrfmiddlewaretoken")
    }
    kept = place_of(ctx.school.pk, run.sha256)
    if not kept.exists():
        raise Refused("这个文件没有留存（含身份证号等），请改好表头重新上传。")
    content = kept.read_bytes()
    fresh = _take(ctx.keyed(request.POST.get("key", "")), kind, run.file_name, content, run.mapping | chosen)
    return redirect("import-preview", ctx.school.code, fresh.pk)


@require_POST
@page(PERMISSION)
def apply(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    try:
        run = runs.apply_import(
            ctx.keyed(request.POST.get("key", "")), pk, confirmed=bool(request.POST.get("confirmed"))
        )
    except NeedsConfirmation as ask:
        given = _preview(request, ctx, pk) | {"asked": ask.problems}
        return TemplateResponse(request, "ui/importing/preview.html", given, status=409)
    except Refused as no:
        given = _preview(request, ctx, pk) | {"problems": no.problems}
        return TemplateResponse(request, "ui/importing/preview.html", given, status=409)
    messages.success(request, f"已写入 {run.imported} 行。")
    return redirect("import-preview", ctx.school.code, pk)


@require_POST
@page(PERMISSION)
def undo(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    try:
        runs.undo_import(ctx.keyed(request.POST.get("key", "")), pk)
    except Refused as no:
        messages.error(request, "；".join(no.problems))
    else:
        messages.success(request, "整批撤销了，新建的记录已作废。")
    return redirect("import-preview", ctx.school.code, pk)


@page(PERMISSION)
def blank(request: SchoolRequest, ctx: Ctx, kind: str) -> HttpResponse:
    """The empty template with its explanations and drop-downs."""
    sheet = kind_named(kind).sheet
    return _workbook(writing.template(sheet), f"{sheet.title}_模板.xlsx")


@page(PERMISSION)
def refused_rows(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    """The refused rows, to be mended and sent in again."""
    run, kind = _run(ctx, pk)
    return _workbook(
        writing.errors(kind.sheet, run.rows.filter(disposition="reject").order_by("pk")),
        f"错误表_{Path(run.file_name).stem}.xlsx",
    )


def _workbook(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(name)}"
    return response
