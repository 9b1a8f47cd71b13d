"""A workbook becomes rows with a disposition each, and totals that reconcile with what the sheets themselves say.

Six dispositions: clean, fixed (tidied beyond doubt), warn (imported, somebody should know), dup (a row that stands
above already), reject (not imported), skip (no data). The gravest of a row's notes decides.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from zongwu.kernel import amounts
from zongwu.kernel.transfer import cells, markings
from zongwu.kernel.transfer.control import Entry, Group, Tally, explain, stated_of_all
from zongwu.kernel.transfer.grid import Grid
from zongwu.kernel.transfer.layout import Sheet, find_header
from zongwu.kernel.transfer.papers import Papers
from zongwu.kernel.transfer.rows import IMPORTED, CellNote, Disposition, OwnWords, Row, SheetPass
from zongwu.kernel.transfer.workbook import Unreadable

__all__ = ["IMPORTED", "CellNote", "Disposition", "Group", "Reading", "Row", "read"]


@dataclass
class Reading:
    """A whole workbook as it was read."""

    kind: Sheet
    rows: list[Row]
    counts: dict[str, dict[str, int]]
    """Worksheet → disposition → rows."""
    tallies: list[Tally]
    """One for each worksheet with data."""
    facts: dict[str, Any]

    @property
    def imported(self) -> int:
        return sum(row.disposition in IMPORTED for row in self.rows)

    def control(self) -> dict[str, Any]:
        """What the sheets state, what will be written, and every difference between the two by name (cli.md)."""
        control: dict[str, Any] = {
            "rows": sum(row.disposition != "skip" for row in self.rows),
            "imported": self.imported,
        }
        if self.kind.amount:
            stated = stated_of_all(self.tallies)
            control |= {
                "total": amounts.plain_yuan(self._total(self.rows)),
                "stated_total": None if stated is None else amounts.plain_yuan(stated),
                "explained": self._explained(),
                "groups": [group.as_json() for tally in self.tallies for group in tally.groups],
            }
        return control | {"facts": self.facts}

    def _explained(self) -> list[dict[str, Any]]:
        found = []
        some_state = stated_of_all(self.tallies) is not None
        for tally in self.tallies:
            rows = [row for row in self.rows if row.sheet == tally.sheet and row.disposition != "skip"]
            entries = [Entry(row.row, row.disposition, row.amount) for row in rows]
            reasons = explain(tally, entries, self._total(rows), expect_total=some_state)
            several = {"sheet": tally.sheet} if len(self.tallies) > 1 else {}
            found += [reason | several for reason in reasons]
        return found

    @staticmethod
    def _total(rows: Sequence[Row]) -> Decimal:
        return sum((row.amount for row in rows if row.disposition in IMPORTED), Decimal(0))

    def as_json(self, effects: Sequence[str] | None = None) -> dict[str, Any]:
        """The document of cli.md, but for what the database adds: `import_id`, `file`, `dry_run`, each row's effect."""
        return {
            "kind": self.kind.kind,
            "sheets": self.counts,
            "rows": [
                {
                    "sheet": row.sheet, "row": row.row, "disposition": row.disposition,
                    "effect": effects[at] if effects else None, "reasons": row.reasons, "record": self._record(row),
                }
                for at, row in enumerate(self.rows)
            ],
            "imported": self.imported,
            "control": self.control(),
        }  # fmt: skip

    def _record(self, row: Row) -> dict[str, Any] | None:
        """A record with every key of its sheet: unknown is null."""
        if row.record is None:
            return None
        unknown: dict[str, Any] = {column.key: None for column in self.kind.columns}
        if "date" in unknown:
            unknown["date_precision"] = "none"
        return unknown | {key: plain(self.kind, key, value) for key, value in row.record.items()}


def plain(sheet: Sheet, key: str, value: Any) -> Any:
    """A record's value as JSON writes it: amounts with two decimals, unit prices two to four, quantities as needed."""
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, Decimal):
        return value
    column = next((column for column in sheet.columns if column.key == key), None)
    if column and column.read is cells.unit_price:
        return amounts.plain_price(value)
    return amounts.plain_yuan(value) if column and column.money else amounts.plain_quantity(value)


def read(
    sheet: Sheet,
    grids: Sequence[Grid],
    *,
    today: date,
    mapping: Mapping[str, str] | None = None,
    words: OwnWords | None = None,
) -> Reading:
    """Read every sheet of a workbook as this kind.

    `mapping` is the person's own: header word → column key, or empty for a column not to be read. `words` are the
    school's own, by column: a word as written → as meant; they come before what the sheet itself knows.

    :raises Unreadable: no sheet has the columns without which it cannot be this kind.
    """
    mapping, words = mapping or {}, words or {}
    data = _data_sheets(sheet, grids, mapping)
    if not data:
        raise Unreadable(_not_recognised(sheet, grids))
    reading = Reading(sheet, [], {}, [], {})
    accepted: dict[str, Row] = {}
    papers = Papers(sheet.paper) if sheet.paper else None
    for grid in grids:
        if any(grid is known for known in data):
            one = SheetPass(sheet, grid, today, accepted, mapping, words, papers).run()
            rows = one.rows
            reading.tallies.append(one.tally)
            _add_facts(reading.facts, one)
        else:
            rows = _aside(grid)
        reading.rows += rows
        reading.counts[grid.name] = dict(Counter(row.disposition for row in rows))
    if papers and papers.documents:
        reading.facts |= papers.facts()
    return reading


def _data_sheets(sheet: Sheet, grids: Sequence[Grid], mapping: Mapping[str, str]) -> list[Grid]:
    """The sheets that hold data; summaries and explanations beside them are left out, even where they look alike."""
    found: list[tuple[Grid, set[str]]] = []
    for grid in grids:
        headers = (find_header(sheet, grid, at, mapping) for at in range(len(grid.rows)))
        if header := next(filter(None, headers), None):
            found.append((grid, set(header.keys.values())))
    plain_pages = [keys for grid, keys in found if not markings.is_aside(grid)]
    width = max(map(len, plain_pages), default=0)
    numbered = any(sheet.key in keys for keys in plain_pages)

    def is_data(grid: Grid, keys: set[str]) -> bool:
        if markings.is_aside(grid):
            return 2 * len(keys) > 3 * width  # the name says 汇总, but no other page has as much
        return sheet.key in keys or not numbered or 2 * len(keys) > width

    return [grid for grid, keys in found if is_data(grid, keys)]


def _not_recognised(sheet: Sheet, grids: Sequence[Grid]) -> str:
    needed = "、".join(f"「{column.header}」" for column in sheet.columns if column.required)
    seen = "、".join(f"「{grid.name}」" for grid in grids) or "（一张也没有）"
    return (
        f"没有找到{sheet.title}：要有写着{needed}的表头，看过的工作表是{seen}。"
        "请看看是不是选错了文件；表头用的是别的词，就先对应一下列，或下载模板填。"
    )


def _aside(grid: Grid) -> list[Row]:
    reason = "汇总页" if "汇总" in grid.name else "说明页"
    return [
        Row(grid.name, at + 1, "skip", [reason if any(value is not None for value in row) else "空行"])
        for at, row in enumerate(grid.rows)
    ]


def _add_facts(facts: dict[str, Any], one: SheetPass) -> None:
    """What a person should know of the sheet as a whole: hidden and struck rows are read, some columns are not."""
    data = {row.row - 1 for row in one.rows if row.disposition != "skip"}
    header = one.header
    hidden = {index for index in one.grid.hidden_columns if header and index in header.keys}
    for key, found in (
        ("hidden_rows", len(data & one.grid.hidden_rows)), ("hidden_columns", len(hidden)),
        ("strikethrough_rows", len(data & one.grid.struck_rows)),
    ):  # fmt: skip
        if found:
            facts[key] = facts.get(key, 0) + found
    if one.stated:
        facts.setdefault("stated", []).extend({"sheet": one.grid.name} | stated for stated in one.stated)
    unread = dict.fromkeys([*facts.get("columns_left_out", ()), *(header.unread if header else ())])
    if unread:
        facts["columns_left_out"] = list(unread)
