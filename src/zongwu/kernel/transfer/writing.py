"""Out to spreadsheets: an export that re-imports unchanged, an empty template with its dictionary, the error sheet.

Codes are text cells, dates are real dates, amounts are numbers; a text that begins with `=`, `+`, `-` or `@` is
written as text and comes back unchanged.
"""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from zongwu.kernel.transfer.cells import day
from zongwu.kernel.transfer.layout import Record, Sheet, SheetColumn
from zongwu.kernel.transfer.runs import ImportRow

FIRST_ROW = 3
"""Title, the line of facts, then the header."""


def export(sheet: Sheet, records: Iterable[Record], *, school: str, made_on: date) -> bytes:
    """A workbook of all records under the sheet's own headers."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page = book.add_worksheet(sheet.title[:31])
    styles = _styles(book)
    page.write_string(0, 0, f"{school}{sheet.title}", styles["title"])
    page.write_string(1, 0, f"单位：{school}    填表日期：{made_on.isoformat()}    金额单位：元", styles["note"])
    _header(page, sheet.columns, FIRST_ROW - 1, styles)
    for at, record in enumerate(records, FIRST_ROW):
        for index, column in enumerate(sheet.columns):
            _cell(page, at, index, column, record, styles)
    page.freeze_panes(FIRST_ROW, 0)
    book.set_properties({"created": None, "author": school})
    book.close()
    return out.getvalue()


def _styles(book: Any) -> dict[str, Any]:
    return {
        "title": book.add_format({"bold": True, "font_size": 14}),
        "note": book.add_format({"font_color": "#5B6774"}),
        "head": book.add_format({"bold": True, "bg_color": "#E7F1FB", "border": 1}),
        "must": book.add_format({"bold": True, "bg_color": "#E7F1FB", "border": 1, "font_color": "#A61B1B"}),
        "text": book.add_format({"num_format": "@"}),
        "day": book.add_format({"num_format": "yyyy-mm-dd"}),
        "money": book.add_format({"num_format": "#,##0.00"}),
        "price": book.add_format({"num_format": "#,##0.00##"}),
        "wrong": book.add_format({"num_format": "@", "bg_color": "#FDECEA", "font_color": "#A61B1B"}),
    }


def _header(page: Any, columns: Sequence[SheetColumn], row: int, styles: dict[str, Any]) -> None:
    for index, column in enumerate(columns):
        page.write_string(row, index, column.header, styles["must" if column.required else "head"])
        page.set_column(index, index, max(10, 2 * len(column.header) + 4))


def _cell(page: Any, row: int, index: int, column: SheetColumn, record: Record, styles: dict[str, Any]) -> None:
    value = record.get(column.key)
    if column.read is day:
        value = _dated(record, column.key)
    if value is None or value == "":
        return
    if isinstance(value, date):
        page.write_datetime(row, index, value, styles["day"])
    elif isinstance(value, Decimal | int):
        style = "price" if column.key == "price" else "money" if column.money else None
        page.write_number(row, index, value, styles[style] if style else None)
    else:
        page.write_string(row, index, str(value), styles["text"])


def _dated(record: Record, key: str) -> Any:
    """A date as exact as it is known; what an old book left open is written as the old book had it."""
    written, precision = record.get(key), record.get(f"{key}_precision", "day")
    if precision == "ambiguous":
        return Decimal(record["date_text"]) if record.get("date_text") else None
    if precision == "range":
        return record.get("date_text") or written
    if not written:
        return None
    return date.fromisoformat(written) if len(written) == 10 else f"{written}年" if len(written) == 4 else written


def template(sheet: Sheet) -> bytes:
    """An empty workbook of three sheets: 填写 with drop-downs, 说明, 字典."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True})
    styles = _styles(book)
    page, words, lists = (book.add_worksheet(name) for name in ("填写", "说明", "字典"))
    _header(page, sheet.columns, 0, styles)
    page.freeze_panes(1, 0)
    words.write_row(0, 0, ["列", "必填", "怎么填", "也认得的表头"], styles["head"])
    at = 0
    for index, column in enumerate(sheet.columns):
        words.write_row(
            index + 1, 0, [column.header, "★" if column.required else "", column.note, "、".join(column.aliases)]
        )
        if column.choices:
            lists.write_string(0, at, column.header, styles["head"])
            lists.write_column(1, at, column.choices)
            page.data_validation(
                1, index, 5000, index, {"validate": "list", "source": list(column.choices), "error_type": "warning"}
            )
            at += 1
    words.set_column(0, 3, 24)
    book.close()
    return out.getvalue()


def errors(sheet: Sheet, rows: Iterable[ImportRow]) -> bytes:
    """The refused rows under the sheet's headers, wrong cells red, with what to mend; ready to be sent in again."""
    import xlsxwriter

    out = io.BytesIO()
    book = xlsxwriter.Workbook(out, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False})
    page, styles = book.add_worksheet("改好再传"), _styles(book)
    _header(page, sheet.columns, 0, styles)
    last = len(sheet.columns)
    page.write_row(0, last, ["错误说明", "原行号"], styles["must"])
    for at, row in enumerate(rows, 1):
        raw = {key: text for key, _, _, text in row.notes}
        wrong = {key for key, severity, _, _ in row.notes if severity == "reject"}
        for index, column in enumerate(sheet.columns):
            value = raw.get(column.key) or (row.record or {}).get(column.key)
            if value not in (None, ""):
                page.write_string(at, index, str(value), styles["wrong" if column.key in wrong else "text"])
        page.write_string(at, last, "；".join(row.reasons))
        page.write_number(at, last + 1, row.row)
    page.set_column(last, last, 40)
    book.close()
    return out.getvalue()
