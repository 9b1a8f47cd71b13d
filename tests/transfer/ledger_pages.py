"""Small ledgers as the child process hands them over, made of one clean row and its variations."""

from datetime import date, datetime
from decimal import Decimal

from zongwu.assets.sheets import LEDGER
from zongwu.kernel.transfer.grid import Grid
from zongwu.kernel.transfer.reading import read

LEDGER_PAGE = "固定资产台账"
TODAY = date(2026, 11, 24)

HEAD = [
    "序号",
    "资产编号",
    "资产名称",
    "规格型号",
    "计量单位",
    "数量",
    "单价",
    "金额",
    "取得日期",
    "使用部门",
    "存放地点",
    "使用状况",
    "备注",
]
FIRST = [1, "ZC-001", "交换机", "24口", "台", 2, 100, 200, datetime(2020, 1, 2), "总务处", "一楼", "在用", None]
COLUMN = {word: at for at, word in enumerate(HEAD)}


def line(number: int = 1, **changed):
    """A clean row, with some cells written otherwise."""
    cells_ = [number, f"ZC-{number:03d}", *FIRST[2:]]
    for word, value in changed.items():
        cells_[COLUMN[word]] = value
    return cells_


def grid(*rows, name="台账", **more) -> Grid:
    """Rows as the child process hands them over."""

    def value(cell):
        if isinstance(cell, datetime):
            return cell.date()
        if isinstance(cell, int | float) and not isinstance(cell, bool):
            return Decimal(repr(cell))
        return cell or None

    return Grid(name, [[value(cell) for cell in row] for row in rows], **more)


def reading_of(*rows, **more):
    return read(LEDGER, [grid(*rows, **more)], today=TODAY)


def data(reading):
    return [row for row in reading.rows if row.disposition != "skip"]


def one(**changed):
    return data(reading_of(HEAD, line(**changed)))[0]


# --- the sample ------------------------------------------------------------------------------------------------------
