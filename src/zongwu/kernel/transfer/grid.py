"""A sheet as it stands in a file: dense cells, and what the values alone do not tell."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from functools import cached_property

Value = str | Decimal | date | None
"""What a cell can hold: text, an exact number, a day, nothing."""

Span = tuple[int, int, int, int]
"""A merged area: first row, first column, last row, last column."""

ERRORS = frozenset({"#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#NAME?", "#NULL!", "#NUM!", "#SPILL!", "#CALC!"})


@dataclass(frozen=True)
class Grid:
    """One sheet, dense from A1. Positions are (row, column), counted from zero."""

    name: str
    rows: Sequence[Sequence[Value]]
    errors: Mapping[tuple[int, int], str] = field(default_factory=dict)
    """Cells that hold an error such as `#REF!`; their value is None."""
    uncached: frozenset[tuple[int, int]] = frozenset()
    """Formulas whose result the file does not hold; their value is None."""
    merged: Sequence[Span] = ()
    hidden_rows: frozenset[int] = frozenset()
    hidden_columns: frozenset[int] = frozenset()
    struck_rows: frozenset[int] = frozenset()
    """Rows with a value that is struck through."""
    typed: bool = True
    """False for text files, where a number or a day is written like any other text."""

    def at(self, row: int, column: int) -> Value:
        """The value there; None outside of the sheet."""
        if row < len(self.rows) and column < len(self.rows[row]):
            return self.rows[row][column]
        return None

    @cached_property
    def wide_rows(self) -> frozenset[int]:
        """Rows in which cells are merged side by side."""
        return frozenset(top for top, left, bottom, right in self.merged if top == bottom and left < right)

    @cached_property
    def _tall(self) -> dict[int, list[tuple[int, int]]]:
        """Column → (first row, last row) of what is merged downwards in it, in order."""
        tall: dict[int, list[tuple[int, int]]] = {}
        for top, left, bottom, _ in sorted(self.merged):
            if bottom > top:
                tall.setdefault(left, []).append((top, bottom))
        return tall

    def top_of(self, row: int, column: int) -> int:
        """The first row of the merged area that covers this cell from above; the row itself where none does."""
        spans = self._tall.get(column, [])
        at = bisect_right(spans, (row, 1 << 30)) - 1
        return spans[at][0] if at >= 0 and row <= spans[at][1] else row
