"""One pass down one sheet: every row becomes data with a disposition, or is skipped with the reason."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from zongwu.kernel.transfer import markings
from zongwu.kernel.transfer.control import Tally
from zongwu.kernel.transfer.grid import Grid, Value
from zongwu.kernel.transfer.layout import Draft, Header, Record, Sheet, SheetColumn, find_header
from zongwu.kernel.transfer.papers import Papers
from zongwu.kernel.transfer.raw import NOTHING_MORE, Found, Moment, Note, Raw, fixed, is_ditto, tidy, warn

Disposition = Literal["clean", "fixed", "warn", "dup", "reject", "skip"]
IMPORTED: tuple[Disposition, ...] = ("clean", "fixed", "warn")
_GRAVITY: tuple[Disposition, ...] = ("reject", "dup", "warn", "fixed")
_TOTALS = {"subtotal": "小计行", "total": "合计行", "carried": "承前过次行"}
Filled = Sequence[tuple[int, Value]]
OwnWords = Mapping[str, Mapping[str, str]]
"""Column key → word as written → word as the school means it."""


class CellNote(NamedTuple):
    """What was said of one cell: the column's key, how grave, why, and what stands in the file."""

    key: str
    severity: str
    reason: str
    raw: str


@dataclass
class Row:
    """One row of the file, counted from 1 as in Excel, and what becomes of it."""

    sheet: str
    row: int
    disposition: Disposition
    reasons: list[str] = field(default_factory=list)
    record: Record | None = None
    notes: list[CellNote] = field(default_factory=list)
    amount: Decimal = Decimal(0)
    """What the row is worth in the control totals, also when it is refused."""


@dataclass(frozen=True)
class _Place:
    """A column of the sheet that is being read."""

    index: int
    column: SheetColumn
    moment: Moment
    known: dict[Value, tuple[Raw, Found]] = field(default_factory=dict, compare=False)
    """What a value means here: most cells of a ledger repeat what others say."""


class SheetPass:
    """Reads one sheet; `rows` and `tally` are what came of it. `accepted` remembers numbers across sheets."""

    def __init__(
        self,
        sheet: Sheet,
        grid: Grid,
        today: date,
        accepted: dict[str, Row],
        mapping: Mapping[str, str],
        words: OwnWords,
        papers: Papers | None = None,
    ) -> None:
        self.sheet, self.grid, self.accepted, self.mapping, self.words = sheet, grid, accepted, mapping, words
        own_day = markings.filled_on(grid)
        self.as_of = own_day if own_day and own_day.year <= today.year + 1 else today
        self.years = markings.years_of(grid)
        self.rows: list[Row] = []
        self.tally = Tally(grid.name)
        self.header: Header | None = None
        """The header that is in force; a sheet may repeat it."""
        self._places: list[_Place] = []
        self._over = False
        """After a grand total, where notes and signatures stand."""
        self._last: Draft | None = None
        self._last_more: dict[str, Mapping[str, Any]] = {}
        self.papers = papers
        self._numbered: dict[str, Record] = {}
        self.stated: list[dict[str, Any]] = []
        """What lines of text state of the rows above them, beside what those come to."""
        self._strange_rows = {row for row, _ in grid.errors} | {row for row, _ in grid.uncached}

    def run(self) -> SheetPass:
        at = 0
        while at < len(self.grid.rows):
            if header := find_header(self.sheet, self.grid, at, self.mapping):
                self._begin(header)
                at = header.last + 1
            else:
                self._row(at)
                at += 1
        self.tally.close()
        return self

    @property
    def _header(self) -> Header:
        assert self.header is not None
        return self.header

    def _begin(self, header: Header) -> None:
        self.header, self._over = header, False
        self._places = [
            _Place(index, self.sheet.column(key), Moment(self.as_of, header.worth.get(index, Decimal(1)), self.years))
            for index, key in header.keys.items()
        ]
        for at in range(header.first, header.last + 1):
            self._skip(at, "表头" if header.first == header.last else "表头（两层）")

    def _skip(self, at: int, reason: str) -> None:
        self.rows.append(Row(self.grid.name, at + 1, "skip", [reason]))
        if self.header is None or reason.startswith(("表头", "空")) or len(self.stated) >= _MOST_STATED:
            return
        text = " ".join(tidy(str(value)) for value in self.grid.rows[at] if value is not None)[:_SENTENCE]
        if self.sheet.compare(text, ()):
            records = [row.record for row in self.rows if row.record is not None and row.disposition in IMPORTED]
            self.stated += [{"row": at + 1} | one._asdict() for one in self.sheet.compare(text, records)]

    def _row(self, at: int) -> None:
        filled = [
            (index, value)
            for index, value in enumerate(self.grid.rows[at])
            if value is not None and not (isinstance(value, str) and not value.strip())
        ]
        if self.papers and self.papers.begins([value for _, value in filled]):
            self._over = False
            self._skip(at, "单据抬头")
        elif reason := self._why_no_data(at, filled):
            self._skip(at, reason)
        else:
            self._data(at)

    # --- rows that are no data ---------------------------------------------------------------------------------------

    def _why_no_data(self, at: int, filled: Filled) -> str:
        """Why this row is skipped; empty for data. Totals and headings go to the tally on the way."""
        if not filled:
            return "空行" if self.header is None or self._over else "空白分隔行"
        if self.header is None:
            return "标题行" if len(filled) == 1 else "表头信息行"
        if self._states_totals(filled):
            return _TOTALS["total"]
        if kind := self._total_kind(at, filled):
            self.tally.mark(at + 1, kind, self._stated(at, filled))
            if self.papers:
                self.papers.states([value for _, value in filled])
            self._over = self._over or kind == "total"
            return _TOTALS[kind]
        if self._says_nothing(filled):
            return "没有内容的行"
        return self._lone(at, *filled[0]) if len(filled) == 1 else self._around(at, filled)

    def _states_totals(self, filled: Filled) -> bool:
        """合计 in one cell and 共 7 处，已整改 4 处 in another, even under the heading of a name."""
        words = [str(value) for _, value in filled if isinstance(value, str)]
        if len(filled) > 3 or not any(markings.total_kind(word) for word in words[:2]):
            return False
        return bool(self.sheet.compare(" ".join(words)[:_SENTENCE], ()))

    def _total_kind(self, at: int, filled: Filled) -> markings.TotalKind:
        """A word for a sum among the first cells, in a row that has no number and name of its own."""
        for index, value in filled[:4]:
            kind = markings.total_kind(value) if isinstance(value, str) else ""
            if kind and self._named(at, but=index):
                return ""
            if kind:
                return kind
        return ""

    def _kept(self, draft: Draft, key: str) -> str:
        """The file's own words of a cell, but for what must not be kept."""
        return draft.raw[key].text if key in draft.raw and not self.sheet.column(key).secret else ""

    def _named(self, at: int, but: int) -> bool:
        """Whether the row has a number or a name, in another cell than this one."""
        columns = [self._header.columns.get(key, but) for key in (self.sheet.key, self.sheet.name)]
        cells = [self.grid.at(at, column) for column in columns if column != but]
        return any(cell and not markings.is_signed([str(cell)]) for cell in cells)

    def _stated(self, at: int, filled: Filled) -> Decimal | None:
        """The sum that a row states: in the amount column, else in the sentence itself."""
        place = next((place for place in self._places if place.column.key == self.sheet.amount), None)
        if place:
            found = place.column.read(Raw(self.grid.at(at, place.index), typed=self.grid.typed), place.moment).value
            if isinstance(found, Decimal):
                return found
        for _, value in filled:
            written = markings.written_amount(value) if isinstance(value, str) else ""
            if written:
                return Decimal(written.replace(",", ""))
        return None

    def _says_nothing(self, filled: Filled) -> bool:
        """Only an ordinal number, or formulas that came to zero: a line that waits to be filled in."""
        keys = self._header.keys
        read = [value for index, value in filled if index in keys and keys[index] != self.sheet.ordinal]
        beside = [value for index, value in filled if index not in keys and isinstance(value, str)]
        return not any(read) and all(word.strip().isdigit() for word in beside)

    def _lone(self, at: int, index: int, value: Value) -> str:
        """A row with one filled cell: a note, a heading, a repeated title, or data that has only a name."""
        if not isinstance(value, str):
            return ""
        text = tidy(value)
        key = self._header.keys.get(index)
        wide = at in self.grid.wide_rows
        if markings.is_note(text) or markings.is_signed([text]):
            return "附注行" if markings.is_note(text) else "落款行"
        if not wide and (key == self.sheet.name or (key == self.sheet.key and any(char.isdigit() for char in text))):
            return "" if not markings.is_heading(text) else self._heading(text)
        if markings.is_heading(text):
            return self._heading(text)
        if self._over or not markings.is_label(text):
            return "附注行"
        return "标题行" if self._repeats_title(at, text) else self._heading(text)

    def _repeats_title(self, at: int, text: str) -> bool:
        """The title again on the next printed page, with a header below it."""
        below = range(at + 1, min(at + 3, len(self.grid.rows)))
        if not any(find_header(self.sheet, self.grid, row, self.mapping) for row in below):
            return False
        title = any(tidy(value) == text for row in self.grid.rows[:3] for value in row if isinstance(value, str))
        return title or markings.is_title(text)

    def _heading(self, text: str, stated: Decimal | None = None) -> str:
        self._over = False
        self.tally.begin(text, stated)
        return "分组标题行"

    def _around(self, at: int, filled: Filled) -> str:
        """A row with several filled cells that is no data all the same."""
        words = [value for _, value in filled if isinstance(value, str)]
        texts = [tidy(word) for word in words[:3]]
        index, first = filled[0]
        named, worded = self._named(at, but=index), len(words) == len(filled)
        if markings.is_signed(texts) and worded and (self._over or not named):
            return "落款行"
        if isinstance(first, str) and not named:
            if markings.is_note(tidy(first)):
                return "附注行"
            if markings.is_heading(tidy(first)) and len(words) == 1:
                return self._heading(tidy(first), self._stated(at, filled))
        if at == self._header.last + 1 and markings.is_column_marks([value for _, value in filled]):
            return "栏次行"
        if markings.is_example(texts):
            return "示例行"
        if not named and worded and at + 1 < len(self.grid.rows):
            return "表头（两层）" if find_header(self.sheet, self.grid, at + 1, self.mapping) else ""
        return "附注行" if self._over and not named and worded else ""

    # --- data --------------------------------------------------------------------------------------------------------

    def _data(self, at: int) -> None:
        above = self._last.record if self._last else None
        draft = Draft(at + 1, {}, {}, group=self.tally.heading, above=above, numbered=self._numbered)
        more: dict[str, Mapping[str, Any]] = {}
        values, strange = self.grid.rows[at], at in self._strange_rows
        for place in self._places:
            key = place.column.key
            value = values[place.index] if place.index < len(values) else None
            known = place.known.get(value) if value is not None and not strange else None
            draft.raw[key], found = known or self._found(at, place)
            draft.record[key] = found.value
            if found.notes:
                draft.notes += [(key, note) for note in found.notes]
            if found.more:
                more[key] = found.more
                draft.record.update({name: value for name, value in found.more.items() if name != "estimate"})
                if "estimate" in found.more:
                    draft.estimates[key] = found.more["estimate"]
        if self.papers:
            self.papers.into(draft)
        try:
            self.sheet.finish(draft)
        except (ValueError, ArithmeticError):
            draft.note(self.sheet.name, "reject", "这一行里有大得不像真的数或日子，请核对")
        row = self._judge(draft)
        if self.papers:
            self.papers.add(row.amount)
        self.rows.append(row)
        self.tally.add(row.amount)
        self._last, self._last_more = draft, more
        if number := draft.record.get(self.sheet.ordinal):
            self._numbered[str(number)] = draft.record

    def _found(self, at: int, place: _Place) -> tuple[Raw, Found]:
        index, column = place.index, place.column
        raw = self._raw(at, index)
        if raw.error:
            return raw, Found(None, warn(f"{column.header}为 {raw.error}"))
        if raw.uncached:
            return raw, Found(None, warn(f"{column.header}的公式没有存下结果，请在 Excel 里打开、保存一次再传"))
        if column.ditto and is_ditto(raw.value):
            return raw, self._ditto(column, raw.text.strip())
        found = self._understood(at, place, raw)
        if raw.value is not None and len(place.known) < _MOST_KNOWN:
            place.known[raw.value] = raw, found
        return raw, found

    def _understood(self, at: int, place: _Place, raw: Raw) -> Found:
        column, index = place.column, place.index
        if column.key in self.words and (meant := self.words[column.key].get(tidy(raw.text))):
            return Found(meant, () if meant == raw.value else fixed(f"“{raw.text.strip()}”归一为“{meant}”"))
        if raw.value is None and column.fill_down and (above := self._merged_above(at, index)) is not None:
            found = column.understand(Raw(above, typed=self.grid.typed), place.moment)
            notes = (*fixed(f"{column.header}为合并单元格，向下取值"), *_grave(found.notes))
            return Found(found.value, notes, found.more)
        return column.understand(raw, place.moment)

    def _raw(self, at: int, index: int) -> Raw:
        values = self.grid.rows[at]
        value = values[index] if index < len(values) else None
        if at not in self._strange_rows:
            return Raw(value, typed=self.grid.typed) if value is not None else _EMPTY
        return Raw(value, self.grid.errors.get((at, index), ""), (at, index) in self.grid.uncached, self.grid.typed)

    def _merged_above(self, at: int, index: int) -> Value:
        top = self.grid.top_of(at, index)
        return self.grid.at(top, index) if top < at else None

    def _ditto(self, column: SheetColumn, word: str) -> Found:
        """The data row before, as it was understood; what was doubtful there is doubtful here."""
        key = column.key
        more = self._last_more.get(key, NOTHING_MORE)
        if self._last is None or (self._last.record.get(key) is None and not more):
            return Found(None, warn(f"{column.header}写“{word}”，上一行却没有可取的值"))
        doubts = _grave([note for known, note in self._last.notes if known == key])
        return Found(self._last.record.get(key), (*fixed(f"{column.header}写“{word}”，取上一行"), *doubts), more)

    # --- what becomes of a row ---------------------------------------------------------------------------------------

    def _judge(self, draft: Draft) -> Row:
        for key, most in self.sheet.limits.items():
            value = draft.record.get(key)
            if value is not None and len(value if isinstance(value, str) else str(value)) > most:
                draft.note(key, "reject", f"{self.sheet.column(key).header}超过 {most} 个字，请缩短")
        row = Row(self.grid.name, draft.row, "clean", record=draft.record)
        row.notes = [CellNote(key, note.severity, note.reason, self._kept(draft, key)) for key, note in draft.notes]
        if self.sheet.amount:
            value = draft.record.get(self.sheet.amount)
            row.amount = value if isinstance(value, Decimal) else draft.estimates.get(self.sheet.amount, row.amount)
        row.disposition = _gravest(row.notes)
        if row.disposition != "reject":
            self._compare(row, draft)
            row.disposition = _gravest(row.notes)
        row.reasons = list(dict.fromkeys(note.reason for note in row.notes))
        return row

    def _compare(self, row: Row, draft: Draft) -> None:
        """A number that an accepted row has already: the same thing again, or a mistake in one of the two."""
        key = self.sheet.key
        if not draft.record.get(key) and self.sheet.stands_in:
            key = self.sheet.stands_in
        number = draft.record.get(key)
        if not number:
            return
        earlier = self.accepted.setdefault(str(number) if key == self.sheet.key else f"{key}:{number}", row)
        if earlier is row or earlier.record is None:
            return
        written = draft.raw[key].text if key in draft.raw else ""
        header = self.sheet.column(key).header
        where = f"第 {earlier.row} 行"
        if earlier.sheet != row.sheet:
            where = f"工作表「{earlier.sheet}」{where}"
        if all(earlier.record.get(name) == draft.record.get(name) for name in self.sheet.identity):
            row.notes.append(CellNote(key, "dup", f"与{where}完全相同", written))
        elif written == number:
            row.notes.append(CellNote(key, "reject", f"{header}重复而内容不同（{where}）", written))
        else:
            reason = f"{header}去全角、统一大小写后与{where}重复而内容不同"
            row.notes.append(CellNote(key, "reject", reason, written))


_SENTENCE = 300
"""Characters of a line of text that are looked at for totals."""
_MOST_STATED = 100
"""Numbers that lines of text state; each is held against all rows above it."""
_EMPTY = Raw()
_MOST_KNOWN = 20_000


def _grave(notes: Sequence[Note]) -> Sequence[Note]:
    return [note for note in notes if note.severity != "fixed"]


def _gravest(notes: Sequence[CellNote]) -> Disposition:
    severities = {note.severity for note in notes}
    return next((grave for grave in _GRAVITY if grave in severities), "clean")
