"""Control totals: what a sheet states, what its rows come to, and every difference between the two by name."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from zongwu.kernel.amounts import plain_yuan
from zongwu.kernel.transfer.markings import TotalKind

ZERO = Decimal(0)


@dataclass
class Group:
    """Rows under one heading, or down to one subtotal. `computed` counts every row, refused ones too."""

    label: str
    stated: Decimal | None = None
    computed: Decimal = ZERO
    rows: int = 0

    @property
    def gap(self) -> Decimal:
        """How much the sheet states too much."""
        return ZERO if self.stated is None else self.stated - self.computed

    def as_json(self) -> dict[str, Any]:
        stated = None if self.stated is None else plain_yuan(self.stated)
        return {"label": self.label, "computed": plain_yuan(self.computed), "stated": stated}


@dataclass
class _Mark:
    """A row that states a sum, and the rows since the mark before it."""

    row: int
    kind: TotalKind
    stated: Decimal | None
    group: Group | None


@dataclass
class Tally:
    """Adds up one sheet while it is read. Which 合计 is the grand total is only known at the end."""

    sheet: str
    groups: list[Group] = field(default_factory=list)
    stated_total: Decimal | None = None
    _everything: Decimal = ZERO
    _open: Group | None = None
    _heading: str = ""
    _marks: list[_Mark] = field(default_factory=list)

    @property
    def heading(self) -> str:
        return self._heading

    def begin(self, label: str, stated: Decimal | None = None) -> None:
        """A heading, which may carry its group's sum itself."""
        self._heading = label
        self._open = Group(label, stated)
        self.groups.append(self._open)

    def add(self, amount: Decimal | None) -> None:
        """A data row's amount."""
        if self._open is None:
            again = any(group.label == self._heading for group in self.groups)
            self._open = Group(f"{self._heading}（续）" if self._heading and again else self._heading)
        self._open.computed += amount or ZERO
        self._everything += amount or ZERO
        self._open.rows += 1

    def mark(self, row: int, kind: TotalKind, stated: Decimal | None) -> None:
        """A row that states a sum."""
        if kind == "carried":
            return
        self._marks.append(_Mark(row, kind, stated, self._open))
        self._open = None

    def close(self) -> None:
        """Settle what each mark sums: the last 合计 everything, unless every block has its own."""
        totals = [mark for mark in self._marks if mark.kind == "total"]
        if totals:
            grand = self._sums_everything(totals[-1], alone=len(totals) == 1)
            stated = [mark.stated for mark in (totals[-1:] if grand else totals) if mark.stated is not None]
            self.stated_total = sum(stated, ZERO) if stated else None
            totals = totals[:-1] if grand else totals
        for mark in [mark for mark in self._marks if mark.kind == "subtotal"] + totals:
            self._settle(mark)
        self.groups = [group for group in self.groups if group.rows or group.stated is not None]

    def _sums_everything(self, last: _Mark, *, alone: bool) -> bool:
        """Whether its sum lies nearer to that of all rows than to that of the rows just above it."""
        if alone or last.group is None or last.stated is None:
            return True
        return abs(last.stated - self._everything) <= abs(last.stated - last.group.computed)

    def _settle(self, mark: _Mark) -> None:
        group = mark.group
        if group is None:
            return
        if group.stated is None:
            group.stated = mark.stated
        if not any(group is known for known in self.groups):
            group.label = group.label or f"至第 {mark.row} 行小计"
            self.groups.append(group)


@dataclass(frozen=True)
class Entry:
    """A data row as the control totals see it."""

    row: int
    disposition: str
    amount: Decimal


def explain(
    tally: Tally, entries: Sequence[Entry], imported: Decimal, *, expect_total: bool = False
) -> list[dict[str, Any]]:
    """Why the stated total differs from what is imported: stated − Σ amounts = imported, exactly.

    Where the sheet states no total, rows left out are listed all the same; if other sheets do state one
    (`expect_total`), the whole sheet is a difference, `unstated`.
    """
    found = []
    left_out = ZERO
    for why in ("dup", "reject"):
        rows = [entry for entry in entries if entry.disposition == why]
        amount = sum((entry.amount for entry in rows), ZERO)
        left_out += amount
        if rows:
            found.append(_reason(why, amount, rows=[entry.row for entry in rows]))
    if tally.stated_total is None:
        return [*found, _reason("unstated", -imported - left_out)] if expect_total and entries else found
    gap = tally.stated_total - imported - left_out
    wrong = [group for group in tally.groups if group.gap]
    carried = sum((group.gap for group in wrong), ZERO)
    stated = sum((group.stated or ZERO for group in tally.groups), ZERO)
    if wrong and (gap == carried or tally.stated_total == stated):
        found.insert(0, _reason("subtotal", carried, groups=[group.label for group in wrong]))
        gap -= carried
    if gap:
        found.append(_reason("unexplained", gap))
    return found


def _reason(why: str, amount: Decimal, **more: Any) -> dict[str, Any]:
    return {"why": why, "amount": plain_yuan(amount), **more}


def stated_of_all(tallies: Iterable[Tally]) -> Decimal | None:
    """What all sheets together state; None where none does."""
    stated = [tally.stated_total for tally in tallies if tally.stated_total is not None]
    return sum(stated, ZERO) if stated else None
