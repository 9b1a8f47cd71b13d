"""A form field of rows: typed, or pasted from a spreadsheet. One row a line, its cells parted by tabs; the page's script shows a table.

Where there is a `quantity` and a `price`, the page tells beneath what the rows come to.

class OrderForm(forms.Form):
    lines = GridField(GridColumn("item", "物品"), GridColumn("quantity", "数量", numeric=True), label="明细")
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django import forms

from zongwu.kernel.ctx import Ctx

MOST = 500
_PARTS = re.compile(r"\t|\s*\|\s*| {2,}")


class GridColumn(NamedTuple):
    """One column: what it is called, and how wide it is beside the others."""

    key: str
    label: str
    wide: int = 1
    numeric: bool = False
    offers: bool = False
    """The page offers the field's `offers` while one types."""
    fixed: bool = False
    """Stands as it is: the rows are given, and only the other cells are filled in."""


@dataclass(frozen=True)
class GridRow:
    """What stands in one row, counted from 1; `at` tells the person which."""

    at: int
    cells: dict[str, str]

    def __getitem__(self, key: str) -> str:
        return self.cells.get(key, "")


class Grid(forms.Textarea):
    """The rows as text; `grid.js` makes a table of it."""

    def __init__(self, columns: Sequence[GridColumn]) -> None:
        super().__init__(attrs={"rows": 6, "spellcheck": "false", "data-grid": json.dumps([[*one] for one in columns])})
        self.offered: Callable[[], Iterable[str]] = tuple

    def build_attrs(self, *given: Any, **more: Any) -> dict[str, Any]:
        words = list(self.offered())
        return super().build_attrs(*given, **more) | (
            {"data-offers": json.dumps(words, ensure_ascii=False)} if words else {}
        )


class GridField(forms.CharField):
    """Cleans to the rows that say something; a domain makes of them what it needs in `understood`."""

    def __init__(self, *columns: GridColumn, **keywords: Any) -> None:
        self.columns = columns
        keywords.setdefault("widget", Grid(columns))
        keywords.setdefault("help_text", "可以从 Excel 里整块复制，粘贴进来")
        super().__init__(strip=False, **keywords)

    def offered(self, ctx: Ctx) -> Iterable[str]:
        """Words that the page offers in a column that asks for it."""
        return ()

    def meet(self, ctx: Ctx) -> None:
        self.widget.offered = lambda: self.offered(ctx)  # asked for when the page is drawn, not by whoever posts

    def prepare_value(self, value: Any) -> str:
        """Rows as text: each a sequence of cells."""
        if isinstance(value, str) or value is None:
            return value or ""
        return "\n".join("\t".join(str(cell) for cell in row) for row in value)

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        if sum(1 for line in text.splitlines() if line.strip()) > MOST:
            raise forms.ValidationError(f"一次最多 {MOST} 行，请分几次。")
        rows = self.rows(text)
        if self.required and not rows:
            raise forms.ValidationError("一行也没有填。")
        problems: list[str] = []
        wrong: list[int] = []
        found = []
        for row in rows:
            try:
                found.append(self.understood(row))
            except ValueError as no:
                problems.append(f"第 {row.at} 行：{no}")
                wrong.append(row.at)
        if problems:
            self.widget.attrs["data-wrong"] = json.dumps(wrong)
            raise forms.ValidationError(problems[:20])
        return found

    def understood(self, row: GridRow) -> Any:
        """:raises ValueError: what is wrong with the row, in a sentence."""
        return row

    def rows(self, text: str) -> list[GridRow]:
        keys = [column.key for column in self.columns]
        labels = {column.label for column in self.columns}
        found = []
        for at, line in enumerate(text.splitlines(), start=1):
            cells = [cell.strip() for cell in (line.split("\t") if "\t" in line else _PARTS.split(line.strip()))]
            if any(cells) and cells[0] not in labels:  # a header that was copied along
                found.append(GridRow(at, dict(zip(keys, cells, strict=False))))
        return found


class GivenRows(GridField):
    """Rows that are there already, of which only some cells are filled in; cleans to row → what was understood of it.

    The form's `meet` names them: `lines`, by what stands in the first column.
    """

    nothing = "表上没有「{name}」。"

    def __init__(self, *columns: GridColumn, **keywords: Any) -> None:
        super().__init__(*columns, **keywords)
        self.lines: dict[str, Any] = {}

    def line(self, row: GridRow) -> Any:
        """What the row stands for.

        :raises ValueError: nothing of this name is on the list.
        """
        name = row[self.columns[0].key]
        if name not in self.lines:
            raise ValueError(self.nothing.format(name=name))
        return self.lines[name]

    def clean(self, value: Any) -> Any:
        return dict(one for one in super().clean(value) if one is not None)
