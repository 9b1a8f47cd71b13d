"""Export of what the page shows: the same filter, columns and order, as a workbook that can be read in again."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote

from django.http import HttpResponse

from zongwu.kernel.clock import SCHOOL_ZONE
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.transfer import writing
from zongwu.kernel.transfer.runs import KINDS
from zongwu.ui import cells
from zongwu.ui.lists import Listing
from zongwu.ui.request import Page, SchoolRequest, page
from zongwu.ui.screens import Column, Money, Screens, field_at, joined

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
FORMULA_SIGNS = ("=", "+", "-", "@", "\t")
"""A text that begins so stays a text: a quote mark in the cell's format keeps Excel from reading a formula into it."""


def export_view(screens: Screens) -> Page:
    """The list as xlsx. `ids` narrows it to the chosen rows."""

    @page(screens.read)
    def view(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
        listing = Listing(screens, ctx, request.GET, request)
        rows = joined(listing.rows, listing.columns)
        if chosen := [int(pk) for pk in request.GET.getlist("ids") if pk.isdecimal() and len(pk) < 19]:
            rows = rows.filter(pk__in=chosen)
        if screens.ledger:
            return _ledger(ctx, screens, listing, rows)
        order = listing.order
        tie = "-id" if order.startswith("-") else "id"
        heads = [head for column in listing.columns for head in _heads(screens, column)]
        body = workbook(ctx, screens.title, said(listing), heads, rows.order_by(order, tie).iterator(chunk_size=2000))
        return download(body, f"{ctx.school}_{screens.title}_{said(listing) or '全部'}_{ctx.today:%Y%m%d}.xlsx")

    return view


def _ledger(ctx: Ctx, screens: Screens, listing: Listing, rows: Any) -> HttpResponse:
    """The rows of the list in the columns of its own spreadsheet: what is read again comes back all the same."""
    kind = KINDS[screens.imports]
    wanted = set(rows.order_by().values_list("number", flat=True))
    records = (record for record in kind.records(ctx, {}) if record[kind.sheet.key] in wanted)
    body = writing.export(kind.sheet, records, school=ctx.school.name, made_on=ctx.today)
    return download(body, f"{ctx.school}_{screens.title}_{said(listing) or '全部'}_{ctx.today:%Y%m%d}.xlsx")


def _heads(screens: Screens, column: Column) -> list[tuple[Column, str]]:
    """A column of the list with its second line as a column of its own, under the fields' own names: so it is read again."""
    parts = [column, *([Column(column.sub)] if column.sub else [])]
    names = [field_at(screens.model, part.name) for part in parts]
    return [
        (part, str(found.verbose_name) if found is not None else screens.label(part))
        for part, found in zip(parts, names, strict=True)
    ]


def said(listing: Listing) -> str:
    """The conditions in words, for title and file name."""
    return "，".join(f"{chip.label} {chip.text}" for chip in listing.chips)


def download(body: bytes, name: str) -> HttpResponse:
    response = HttpResponse(body, content_type=MEDIA_TYPE)
    safe = "".join(c for c in name if c not in '\\/:*?"<>|\r\n')
    response.headers["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(safe[-120:])}"
    return response


def workbook(ctx: Ctx, title: str, conditions: str, heads: list[tuple[Column, str]], rows: Iterator[Any]) -> bytes:
    """Title row, row with unit and date, header, rows. Codes and telephone numbers are text, dates are dates."""
    from xlsxwriter import Workbook  # heavy

    out = io.BytesIO()
    book = Workbook(out, {"constant_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    book.set_properties({"title": title, "author": str(ctx.person or ""), "created": ctx.now.replace(tzinfo=None)})
    looks = {
        "title": book.add_format({"bold": True, "font_size": 14, "align": "center"}),
        "note": book.add_format({"font_color": "#5B6774"}),
        "head": book.add_format({"bold": True, "bg_color": "#EBEFF3", "border": 1, "text_wrap": True}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "moment": book.add_format({"num_format": "yyyy-mm-dd hh:mm"}),
        "quoted": book.add_format({"quote_prefix": True}),
        "text": book.add_format({"num_format": "@"}),
    }
    sheet = book.add_worksheet(title[:31])
    for at, (column, label) in enumerate(heads):
        sheet.set_column(at, at, 14 if column.numeric else max(12, 2 * len(label) + 4))
    if len(heads) > 1:
        sheet.merge_range(0, 0, 0, len(heads) - 1, f"{ctx.school} {title}", looks["title"])
    else:
        sheet.write_string(0, 0, f"{ctx.school} {title}", looks["title"])
    sheet.write_string(1, 0, _note(ctx, conditions, heads), looks["note"])
    for at, (_, label) in enumerate(heads):
        sheet.write_string(2, at, label, looks["head"])
    sheet.freeze_panes(3, 1)
    for line, row in enumerate(rows, start=3):
        for at, (column, _) in enumerate(heads):
            _write(sheet, line, at, cells.value(row, column), column, looks)
    book.close()
    return out.getvalue()


def _note(ctx: Ctx, conditions: str, heads: list[tuple[Column, str]]) -> str:
    parts = [f"截至 {ctx.now.astimezone(SCHOOL_ZONE):%Y-%m-%d %H:%M}", f"制表人 {ctx.person or ''}"]
    if conditions:
        parts.append(f"条件：{conditions}")
    if any(isinstance(column, Money) for column, _ in heads):
        parts.append("金额单位：元")
    return "　".join(parts)


def _write(sheet: Any, line: int, at: int, found: Any, column: Column, looks: dict[str, Any]) -> None:
    if found is None or found == "":
        return
    if isinstance(found, bool):
        sheet.write_string(line, at, cells.write(found))
    elif isinstance(found, Decimal | int):
        sheet.write_number(line, at, found, looks["money"] if isinstance(column, Money) else None)
    elif isinstance(found, datetime):
        sheet.write_datetime(line, at, found.astimezone(SCHOOL_ZONE).replace(tzinfo=None), looks["moment"])
    elif isinstance(found, date):
        sheet.write_datetime(line, at, datetime(found.year, found.month, found.day), looks["day"])
    else:
        text = str(found)
        sheet.write_string(line, at, text, looks["quoted" if text.startswith(FORMULA_SIGNS) else "text"])
