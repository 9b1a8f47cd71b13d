"""A sheet becomes rows with a disposition each, and totals that reconcile with what the sheet itself says.

Six dispositions: clean, fixed (tidied beyond doubt), warn (imported, somebody should know), dup, reject, skip. The
gravest of a row's notes decides. See `docs/domains/transfer.md`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from zongwu.kernel.transfer import cells
from zongwu.kernel.transfer.cells import DITTO, Moment, Raw, tidy
from zongwu.kernel.transfer.layout import Draft, Header, Record, Sheet, find_header, squeeze
from zongwu.kernel.transfer.workbook import Grid, Unreadable

Disposition = Literal["clean", "fixed", "warn", "dup", "reject", "skip"]
IMPORTED = ("clean", "fixed", "warn")
_GROUP = re.compile(r"[（(]?[一二三四五六七八九十]{1,3}[、.）)]|第[一二三四五六七八九十\d]+[类组]")
_SUBTOTAL = re.compile(r"(本页|本组|本类|分组|分类)?(小计|合计)")
_TOTAL = re.compile(r"(全表|总)?(合计|总计|共计|累计)")
_CLOSING = re.compile(r"(制表|填表|填报|编制|复核|审核|审批|负责|分管|经办|保管|盖章|单位|校长|日期|说明|附注|备注|注)[^：:]{0,6}[：:].*")
_FILLED = re.compile(r"(?:填表|填报|制表|截至|截止)?日期?[：:至]?\s*(\d{4}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2})")


class CellNote(NamedTuple):
    """What was said of one cell: the column's key, how grave, why, and what stands in the file."""

    key: str
    severity: str
    reason: str
    raw: str


@dataclass
class Row:
    """One row of the file and what becomes of it."""

    sheet: str
    row: int
    disposition: Disposition
    reasons: list[str] = field(default_factory=list)
    record: Record | None = None
    notes: list[CellNote] = field(default_factory=list)
    amount: Decimal | None = None
    """What the row is worth in the control totals, also when it is refused."""
    group: int = -1


@dataclass
class Group:
    """Rows under one group heading, with the subtotal that the sheet states."""

    label: str
    stated: Decimal | None = None
    computed: Decimal = Decimal(0)


@dataclass
class Reading:
    """A whole workbook as it was read."""

    kind: Sheet
    rows: list[Row]
    counts: dict[str, dict[str, int]]
    groups: list[Group]
    stated_total: Decimal | None
    facts: dict[str, Any]

    @property
    def imported(self) -> int:
        return sum(row.disposition in IMPORTED for row in self.rows)

    def control(self) -> dict[str, Any]:
        """What the sheet says, what will be written, and every difference between the two by name (cli.md)."""
        data = [row for row in self.rows if row.disposition != "skip"]
        total = sum((row.amount or Decimal(0) for row in data if row.disposition in IMPORTED), Decimal(0))
        control: dict[str, Any] = {"rows": len(data), "imported": self.imported}
        if self.kind.amount:
            stated = self.stated_total
            control |= {
                "total": _money(total), "stated_total": None if stated is None else _money(stated),
                "explained": self._explained(data, total),
                "groups": [
                    {"label": g.label, "computed": _money(g.computed), "stated": None if g.stated is None else _money(g.stated)}
                    for g in self.groups
                ],
            }  # fmt: skip
        return control | {"facts": self.facts}

    def _explained(self, data: Sequence[Row], total: Decimal) -> list[dict[str, Any]]:
        if self.stated_total is None:
            return []
        wrong = sum((g.stated - g.computed for g in self.groups if g.stated is not None), Decimal(0))
        found: list[dict[str, Any]] = []
        if wrong:
            labels = [g.label for g in self.groups if g.stated is not None and g.stated != g.computed]
            found.append({"why": "subtotal", "amount": _money(wrong), "groups": labels})
        left = self.stated_total - total - wrong
        for why in ("dup", "reject"):
            rows = [row for row in data if row.disposition == why]
            amount = sum((row.amount or Decimal(0) for row in rows), Decimal(0))
            if rows:
                found.append({"why": why, "amount": _money(amount), "rows": [row.row for row in rows]})
                left -= amount
        if left:
            found.append({"why": "unexplained", "amount": _money(left)})
        return found

    def as_json(self, effects: Sequence[str] | None = None) -> dict[str, Any]:
        """The document of cli.md, but for what the database adds: `import_id`, `file`, `dry_run`."""
        return {
            "kind": self.kind.kind,
            "sheets": self.counts,
            "rows": [
                {
                    "sheet": row.sheet, "row": row.row, "disposition": row.disposition,
                    "effect": effects[at] if effects else "none", "reasons": row.reasons,
                    "record": None if row.record is None else {key: plain(self.kind, key, v) for key, v in row.record.items()},
                }
                for at, row in enumerate(self.rows)
            ],
            "imported": self.imported,
            "control": self.control(),
        }  # fmt: skip


def plain(kind: Sheet, key: str, value: Any) -> Any:
    """A record's value as JSON writes it: amounts as text with two decimals, unit prices two to four."""
    if isinstance(value, Decimal):
        if key == "price":
            short = f"{value.quantize(Decimal('0.0001')):f}".rstrip("0")
            return short + "0" * max(0, 2 - len(short.partition(".")[2]))
        return _money(value) if key == kind.amount else f"{value.normalize():f}"
    return value.isoformat() if isinstance(value, date) else value


def _money(value: Decimal) -> str:
    return f"{value.quantize(Decimal('0.01')):f}"


def read(sheet: Sheet, grids: Sequence[Grid], *, today: date, mapping: Mapping[str, str] | None = None) -> Reading:
    """Read every sheet of a workbook as this kind.

    :raises Unreadable: no sheet has the columns without which it cannot be this kind.
    """
    reading = Reading(sheet, [], {}, [], None, {})
    accepted: dict[str, Row] = {}
    known = False
    for grid in grids:
        one = _Pass(sheet, grid, today, mapping or {}, accepted)
        rows = list(one.rows())
        known = known or one.header is not None
        if one.strange:
            reading.facts["columns_left_out"] = [*reading.facts.get("columns_left_out", ()), *one.strange]
        reading.rows += rows
        reading.counts[grid.name] = dict(Counter(row.disposition for row in rows))
        reading.groups += one.groups
        if one.stated_total is not None:
            reading.stated_total = (reading.stated_total or Decimal(0)) + one.stated_total
        hidden = sum(row.disposition != "skip" and row.row - 1 in grid.hidden_rows for row in rows)
        if hidden:
            reading.facts["hidden_rows"] = reading.facts.get("hidden_rows", 0) + hidden
    if not known:
        needed = "、".join(column.header for column in sheet.columns if column.required)
        seen = "、".join(f"「{grid.name}」" for grid in grids) or "（空）"
        raise Unreadable(f"没有找到{sheet.title}：工作表 {seen} 里都没有「{needed}」这样的表头。请看看是不是选错了文件，或先下载模板。")
    return reading


class _Pass:
    """One pass down one sheet."""

    def __init__(
        self, sheet: Sheet, grid: Grid, today: date, mapping: Mapping[str, str], accepted: dict[str, Row]
    ) -> None:
        self.sheet, self.grid, self.mapping, self.accepted = sheet, grid, mapping, accepted
        self.header: Header | None = None
        self.groups: list[Group] = []
        self.stated_total: Decimal | None = None
        self.previous: Record = {}
        self.strange: list[str] = []
        self.over = False
        self.moment = Moment(self._filled_on() or today)
        self.covering = self._covering()

    def _filled_on(self) -> date | None:
        """The sheet's own date, from the lines above its header."""
        for row in self.grid.rows[:8]:
            for value in row:
                found = _FILLED.search(cells.half(value)) if isinstance(value, str) and "日期" in value else None
                if found:
                    year, month, day = map(int, re.findall(r"\d+", found[1]))
                    try:
                        return date(year, month, day)
                    except ValueError:
                        return None
        return None

    def _covering(self) -> dict[tuple[int, int], tuple[int, int]]:
        """Cell → the first cell of the vertically merged area that covers it."""
        return {
            (row, left): (top, left)
            for top, left, bottom, right in self.grid.merged
            if left == right and bottom - top < 2000
            for row in range(top + 1, bottom + 1)
        }

    def rows(self) -> Iterator[Row]:
        at = 0
        while at < len(self.grid.rows):
            header = find_header(self.sheet, self.grid.rows, at, self.mapping)
            if header:
                self.strange = self.strange or self._strange(header)
                self.header, self.over = header, False
                for index in range(header.first, header.last + 1):
                    yield self._skip(index, "表头" if header.first == header.last else "表头（两层）")
                at = header.last + 1
                continue
            yield self._row(at)
            at += 1

    def _strange(self, header: Header) -> list[str]:
        """Words of the header's last level over columns that nobody claimed; a person may still say what they are."""
        lowest = self.grid.rows[header.last]
        words = [tidy(v) for i, v in enumerate(lowest) if i not in header.keys and isinstance(v, str) and v.strip()]
        return [word for word in words if word not in {"序号", "行号", "编号"}]

    def _skip(self, at: int, reason: str) -> Row:
        return Row(self.grid.name, at + 1, "skip", [reason])

    def _row(self, at: int) -> Row:
        filled = [value for value in self.grid.rows[at] if value is not None and str(value).strip()]
        errors = any(place[0] == at for place in self.grid.errors)
        if not filled and not errors:
            return self._skip(at, "空白分隔行" if self.header and not self.over else "空行")
        if self.header is None:
            return self._skip(at, "标题行" if len(filled) == 1 and at == 0 else "表头以上的行")
        texts = [squeeze(value) for value in filled if isinstance(value, str)]
        if reason := self._not_data(at, filled, texts):
            return self._skip(at, reason)
        return self._data(at)

    def _not_data(self, at: int, filled: list[Any], texts: list[str]) -> str:
        """Why a row below a header is no data; notes down subtotals and totals on the way."""
        number, name = self._cell(at, self.sheet.key), self._cell(at, self.sheet.name)
        first = next((tidy(value) for value in filled if isinstance(value, str)), "")
        words = {text for text in texts[:2] if len(text) <= 8}
        if any(_SUBTOTAL.fullmatch(word) and "小计" in word or word.startswith(("本页", "本组", "本类")) for word in words):
            self._close_group(at)
            return "小计行"
        if any(_TOTAL.fullmatch(word) for word in words):
            self.stated_total, self.over = self._stated(at), True
            return "合计行"
        if len(filled) == 1 and isinstance(filled[0], str) and _GROUP.match(cells.half(filled[0])):
            self.groups.append(Group(tidy(filled[0])))
            return "分组标题行"
        if _CLOSING.fullmatch(first) and (self.over or not (number.value and name.value)):
            return "附注行" if first.startswith(("说明", "附注", "备注", "注")) else "落款行"
        if len(filled) == 1 and isinstance(filled[0], str) and self.grid.rows[at].index(filled[0]) not in self.header.keys:  # type: ignore[union-attr]
            return "附注行"
        if self.over and not (name.value and len(filled) > 2):
            return "附注行"
        return ""

    def _stated(self, at: int) -> Decimal | None:
        found = cells.amount(self._cell(at, self.sheet.amount), self.moment) if self.sheet.amount else cells.Found()
        return found.value if isinstance(found.value, Decimal) else None

    def _close_group(self, at: int) -> None:
        if not self.groups or self.groups[-1].stated is not None:
            self.groups.append(Group("未分组"))
        self.groups[-1].stated = self._stated(at)

    def _cell(self, at: int, key: str) -> Raw:
        for index, known in self.header.keys.items() if self.header else ():
            if known == key:
                return self._raw(at, index)
        return Raw()

    def _raw(self, at: int, index: int) -> Raw:
        row = self.grid.rows[at]
        top = self.covering.get((at, index))
        return Raw(
            row[index] if index < len(row) else None, self.grid.errors.get((at, index), ""),
            (at, index) in self.grid.uncached, self.grid.rows[top[0]][index] if top and index < len(self.grid.rows[top[0]]) else None,
        )  # fmt: skip

    def _data(self, at: int) -> Row:
        assert self.header is not None
        draft = Draft(at + 1, {}, {})
        for index, key in self.header.keys.items():
            self._read_cell(draft, key, self._raw(at, index))
        self.sheet.finish(draft)
        row = self._judge(draft)
        if self.groups and row.amount is not None and self.groups[-1].stated is None:
            self.groups[-1].computed += row.amount
        self.previous = draft.record
        return row

    def _read_cell(self, draft: Draft, key: str, raw: Raw) -> None:
        column = self.sheet.column(key)
        draft.raw[key] = raw
        written = tidy(raw.value) if isinstance(raw.value, str) else ""
        if column.ditto and written in DITTO:
            draft.record[key] = self.previous.get(key)
            draft.note(key, "fixed", f"{column.header}写“{written}”，取上一行")
            return
        if column.fill_down and raw.value is None and raw.merged_from is not None:
            raw = Raw(raw.merged_from)
            draft.note(key, "fixed", f"{column.header}为合并单元格，向下取值")
        found = column.read(raw, self.moment)
        if found.value is not None or key not in draft.record:
            draft.record[key] = found.value
        draft.notes += [(key, note) for note in found.notes]
        draft.estimate = found.more.get("estimate", draft.estimate)
        draft.record |= {name: value for name, value in found.more.items() if name != "estimate"}

    def _judge(self, draft: Draft) -> Row:
        """The gravest note decides; only a row that stands by itself is compared with those accepted before it."""
        severities = {note.severity for _, note in draft.notes}
        disposition: Disposition = "clean"
        for grave in ("reject", "warn", "fixed"):
            if grave in severities:
                disposition = grave  # type: ignore[assignment]
                break
        row = Row(self.grid.name, draft.row, disposition, record=draft.record)
        row.notes = [
            CellNote(key, note.severity, note.reason, draft.raw[key].text if key in draft.raw else "")
            for key, note in draft.notes
        ]
        if self.sheet.amount:
            value = draft.record.get(self.sheet.amount)
            row.amount = value if isinstance(value, Decimal) else draft.estimate
        if disposition != "reject":
            self._compare(row, draft)
        row.reasons = list(dict.fromkeys(note.reason for note in row.notes))
        return row

    def _compare(self, row: Row, draft: Draft) -> None:
        number = draft.record.get(self.sheet.key)
        if not number:
            return
        earlier = self.accepted.get(str(number))
        if earlier is None:
            self.accepted[str(number)] = row
            return
        header = self.sheet.column(self.sheet.key).header
        raw = draft.raw[self.sheet.key].text
        if all((earlier.record or {}).get(key) == draft.record.get(key) for key in self.sheet.identity):
            row.disposition = "dup"
            row.notes.append(CellNote(self.sheet.key, "dup", f"与前面第 {earlier.row} 行完全相同", raw))
            return
        row.disposition = "reject"
        how = f"{header}重复而内容不同" if raw == number else "编号去全角、统一大小写后与已有编号重复而内容不同"
        row.notes.append(CellNote(self.sheet.key, "reject", f"{how}（第 {earlier.row} 行）", raw))
