"""What one column says of one row: a typed value for the spreadsheet, a text and a look for the page."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import models

from zongwu.kernel.clock import SCHOOL_ZONE
from zongwu.kernel.scope import School
from zongwu.ui.addresses import url_of
from zongwu.ui.screens import Column, Money, Screens

ICONS = {
    "ok": "check", "doing": "circle-half-2", "warn": "alert-triangle", "bad": "alert-circle", "info": "player-play",
    "back": "arrow-back-up", "neutral": "circle-dashed",
}  # fmt: skip
"""A tone never stands alone: its icon and the word say the same."""


@dataclass(frozen=True)
class Cell:
    """One value as the page shows it."""

    text: str
    name: str = ""
    label: str = ""
    url: str = ""
    sub: str = ""
    tone: str = ""
    numeric: bool = False
    low: bool = False
    code: bool = False

    @property
    def icon(self) -> str:
        return ICONS.get(self.tone, "")


def follow(row: Any, path: str) -> Any:
    """The raw value at the end of a path; None where the path ends early."""
    for name in path.split("."):
        if row is None:
            return None
        row = getattr(row, name)
        if callable(row) and not isinstance(row, models.Model):
            row = row()
    return row


def value(row: Any, column: Column) -> Any:
    """What goes into a spreadsheet: the choice's label, the row's name, dates and numbers as themselves."""
    *path, last = column.name.split(".")
    owner = follow(row, ".".join(path)) if path else row
    if owner is None:
        return None
    display = getattr(owner, f"get_{last}_display", None)
    if display is not None:
        return str(display() or "")
    found = follow(owner, last)
    return str(found) if isinstance(found, models.Model) else found


def write(found: Any, column: Column | None = None) -> str:
    """A value as people write it: grouped money, ISO dates, 是 and 否, a dash for nothing is left to the template."""
    if found is None:
        return ""
    if isinstance(found, bool):
        return "是" if found else "否"
    if isinstance(found, Decimal):
        if isinstance(column, Money):
            return f"{found:,.2f}"
        whole = found == found.to_integral_value()
        return f"{int(found):,}" if whole else f"{found.normalize():,f}"
    if isinstance(found, int) and column is not None and column.numeric:
        return f"{found:,.2f}" if isinstance(column, Money) else f"{found:,}"
    if isinstance(found, datetime):
        return f"{found.astimezone(SCHOOL_ZONE):%Y-%m-%d %H:%M}"
    if isinstance(found, date):
        return found.isoformat()
    return str(found)


def cell(school: School, screens: Screens | None, row: Any, column: Column, *, link: bool = True) -> Cell:
    """One cell of a list, a fact grid or a card."""
    found = value(row, column)
    tone = ""
    if column.badge is not None:
        tone = column.badge.get(follow(row, column.name), "neutral")
    url = ""
    if link:
        target = row if column.link else follow(row, column.name) if found is not None else None
        url = url_of(school, target) if isinstance(target, models.Model) else ""
    sub = write(value(row, Column(column.sub))) if column.sub else ""
    label = screens.label(column) if screens else column.label
    return Cell(
        text=write(found, column), name=column.name, label=label, url=url, sub=sub, tone=tone if found else "",
        numeric=column.numeric, low=column.low, code=column.link,
    )  # fmt: skip


def cells(school: School, screens: Screens, row: Any, columns: Iterable[Column], *, link: bool = True) -> list[Cell]:
    return [cell(school, screens, row, column, link=link) for column in columns]
