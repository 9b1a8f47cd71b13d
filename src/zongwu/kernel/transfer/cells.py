"""What one cell means. Pure: a raw value in, a value and notes out. Nothing is guessed silently.

A note says how grave it is: `fixed` (beyond doubt, only tidied), `warn` (imported, somebody should know), `reject`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from zongwu.kernel import amounts
from zongwu.kernel.transfer.workbook import Value

Severity = Literal["fixed", "warn", "reject"]
BLANKS = {"", "无", "-", "--", "—", "——", "－", "/", "／", "\\", "不详", "空", "N/A", "n/a", "null"}
DITTO = {"同上", "〃", "″", '"', "''", "“", "同前"}


@dataclass(frozen=True)
class Raw:
    """One cell as it stands in the file."""

    value: Value = None
    error: str = ""
    uncached: bool = False
    merged_from: Value = None
    """The value of the merged area that this blank cell lies in."""

    @property
    def text(self) -> str:
        """As a person would read it."""
        if self.error:
            return self.error
        return f"{self.value:f}" if isinstance(self.value, Decimal) else "" if self.value is None else str(self.value)

    @property
    def blank(self) -> bool:
        return not self.error and (self.value is None or (isinstance(self.value, str) and tidy(self.value) in BLANKS))


class Note(NamedTuple):
    """Something to be said of a cell."""

    severity: Severity
    reason: str


class Found(NamedTuple):
    """A cell's value with its notes; `more` holds further record keys, such as a date's precision."""

    value: Any = None
    notes: tuple[Note, ...] = ()
    more: dict[str, Any] = {}  # noqa: RUF012 - never written to


@dataclass(frozen=True)
class Moment:
    """What a cell may need to know of its sheet."""

    as_of: date
    """Dates after this day lie in the future: the sheet's own 填表日期, else today."""


Reader = Callable[[Raw, Moment], Found]


def fixed(reason: str) -> tuple[Note, ...]:
    return (Note("fixed", reason),)


def warn(reason: str) -> tuple[Note, ...]:
    return (Note("warn", reason),)


def reject(reason: str) -> tuple[Note, ...]:
    return (Note("reject", reason),)


def tidy(text: str) -> str:
    """Without spaces and line breaks between Chinese characters; between western words one space stays."""
    text = re.sub(r"\s+", " ", text.replace("\u200b", "").replace("\ufeff", "")).strip()
    return re.sub(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])", "", text)


def half(text: str) -> str:
    """Full-width letters, digits and signs as half-width ones."""
    return unicodedata.normalize("NFKC", text).strip()


# --- texts -----------------------------------------------------------------------------------------------------------


def text(raw: Raw, moment: Moment) -> Found:
    """A name or remark; spaces and line breaks that a hand or a narrow column left are taken out."""
    if raw.error:
        return Found(None, warn(f"单元格是 {raw.error}"))
    if raw.blank:
        return Found()
    value = raw.text if not isinstance(raw.value, str) else tidy(raw.value)
    changed = isinstance(raw.value, str) and value != raw.value
    return Found(value, fixed("去掉多余的空格或换行") if changed else ())


def free(raw: Raw, moment: Moment) -> Found:
    """A remark: kept as it is, never a reason to say anything."""
    return Found() if raw.blank or raw.error else Found(raw.text.strip())


def code(raw: Raw, moment: Moment) -> Found:
    """A number that identifies: half-width, capital letters, no spaces; a number typed as a number loses no digit."""
    if raw.error:
        return Found(None, warn(f"单元格是 {raw.error}"))
    if raw.blank:
        return Found()
    if isinstance(raw.value, Decimal):
        return Found(f"{raw.value:f}", fixed("编号存成数值，已转成文本"))
    original = raw.text
    value = _squeezed(original).upper()
    if value == original:
        return Found(value)
    reason = "编号全角" if half(original) != original.strip() else "编号小写" if value.lower() == original.strip().lower() != value else "编号带空格"
    return Found(value, fixed(reason))


def _squeezed(original: str) -> str:
    return re.sub(r"\s+", "", half(original)).replace("—", "-").replace("–", "-")


def number(raw: Raw, moment: Moment) -> Found:
    """A number whose letters keep their case, such as a telephone's or a login-like staff number."""
    if raw.blank or raw.error:
        return Found()
    value = _squeezed(raw.text)
    return Found(value, () if value == raw.value else fixed("号码全角、带空格或存成数值"))


def words(table: dict[str, Any], *, unknown: str = "") -> Reader:
    """A closed vocabulary: what is its own meaning is clean, an alias is tidied, anything else is told."""

    def read(raw: Raw, moment: Moment) -> Found:
        if raw.blank or raw.error:
            return Found()
        value = tidy(half(raw.text))
        if value in table:
            return Found(table[value], () if table[value] == raw.value else fixed(f"“{value}”归一为“{table[value]}”"))
        return Found(value, warn(unknown.format(value)) if unknown else ())

    return read


# --- numbers ---------------------------------------------------------------------------------------------------------


def amount(raw: Raw, moment: Moment) -> Found:
    """Yuan. A refused amount keeps its estimate in `more`, since it takes part in the control totals."""
    if raw.error:
        return Found(None, warn(f"金额为 {raw.error}"))
    if raw.uncached:
        return Found(None, fixed("公式没有存下结果"))
    if isinstance(raw.value, Decimal):
        return _positive(raw.value, ())
    if isinstance(raw.value, date):
        return Found(None, reject(f"金额写成了日期 {raw.value}"))
    if raw.blank:
        return Found(None, () if raw.value is None else fixed(f"“{raw.text.strip()}”当作空白"))
    plain = half(raw.text)
    try:
        return _positive(amounts.parse(plain), fixed(f"金额“{raw.text.strip()}”"))
    except amounts.NotAnAmount:
        return _estimate(plain)


def _positive(value: Decimal, notes: tuple[Note, ...]) -> Found:
    if value < 0:
        return Found(value, reject("原值为负"), {"estimate": value})
    return Found(value, notes)


def _estimate(plain: str) -> Found:
    bracketed = re.fullmatch(r"\((.+)\)", plain)
    about = re.fullmatch(r"(?:约|大约|大概|近)?(.+?)(?:左右|上下|多|余|元左右)?", plain)
    inner = bracketed[1] if bracketed else about[1] if about else plain
    try:
        value = amounts.parse(inner) * (-1 if bracketed else 1)
    except amounts.NotAnAmount:
        return Found(None, reject(f"金额“{plain}”看不懂，请填数字"))
    return Found(value, reject("原值为负" if bracketed else "金额写“约”"), {"estimate": value})


def quantity(raw: Raw, moment: Moment) -> Found:
    """How many, and in `more` the unit that was written with the number."""
    if isinstance(raw.value, Decimal):
        return _some(raw.value, (), "")
    if raw.error or raw.uncached or raw.blank:
        return Found()
    plain = tidy(half(raw.text))
    found = re.fullmatch(r"([+-]?\d+(?:\.\d+)?)\s*([^\d\s.]{0,4})", plain)
    if found:
        return _some(Decimal(found[1]), fixed(f"数量“{raw.text.strip()}”"), found[2])
    lot = re.fullmatch(r"[一壹1]\s*([批套组])", plain)
    if lot:
        return Found(Decimal(1), warn("数量写“一批”" if lot[1] == "批" else f"数量写“{plain}”"), {"unit_written": lot[1]})
    return Found(None, reject(f"数量写“{plain}”"))


def _some(value: Decimal, notes: tuple[Note, ...], unit: str) -> Found:
    whole = value.to_integral_value()
    value = whole if whole == value else value
    if value == 0:
        return Found(value, reject("数量为 0"))
    if value < 0:
        return Found(value, reject("数量为负"))
    return Found(value, notes, {"unit_written": unit} if unit else {})


def integer(raw: Raw, moment: Moment) -> Found:
    """A whole number such as a life in months."""
    if raw.blank or raw.error:
        return Found()
    found = re.fullmatch(r"(\d+)(?:\.0+)?", half(raw.text))
    return Found(int(found[1])) if found else Found(None, warn(f"“{raw.text}”不是整数"))


# --- dates -----------------------------------------------------------------------------------------------------------

_Y, _M, _D = r"(?P<y>\d{4}|\d{2})", r"(?P<m>\d{1,2})", r"(?P<d>\d{1,2})"
_DAY = re.compile(rf"{_Y}\s*[-./年]\s*{_M}\s*[-./月]\s*{_D}\s*[日号]?(?:\s+\d{{1,2}}:\d{{2}}(?::\d{{2}})?)?")
_MONTH = re.compile(rf"{_Y}\s*[-./年]\s*{_M}\s*月?(?:份)?")
_YEAR = re.compile(r"(?P<y>\d{4})\s*年?(?:度)?")
_RANGE = re.compile(r"(?P<from>\d{4}\s*[-./年]\s*\d{1,2}月?)\s*(?:[-~至到—–]+)\s*(?:\d{4}\s*[-./年]\s*)?\d{1,2}\s*月?")
_EPOCH = date(1899, 12, 30)
EARLIEST = 1900


def day(raw: Raw, moment: Moment) -> Found:
    """A date as exact as it is written: `2023-09-01`, `2023-09`, `2023`, with `date_precision` beside it."""
    if raw.error:
        return _unknown(warn(f"日期为 {raw.error}"))
    if isinstance(raw.value, date):
        return _dated(raw.value, (), moment)
    if isinstance(raw.value, Decimal):
        return _number(raw.value, moment)
    if raw.blank:
        return _unknown(warn("取得日期为空"))
    written = raw.text.strip()
    plain = amounts.chinese_digits(_numerals(half(raw.text)))
    return _written(plain, written, moment)


def _unknown(notes: tuple[Note, ...]) -> Found:
    return Found(None, notes, {"date_precision": "none"})


def _dated(found: date, notes: tuple[Note, ...], moment: Moment) -> Found:
    if found > moment.as_of:
        return Found(found.isoformat(), reject("日期在未来"), {"date_precision": "day"})
    return Found(found.isoformat(), notes, {"date_precision": "day"})


def _month(year: int, month: int, notes: tuple[Note, ...], moment: Moment, precision: str = "month") -> Found:
    if not 1 <= month <= 12:
        return Found(None, reject("日期不存在"), {"date_precision": "none"})
    if (year, month) > (moment.as_of.year, moment.as_of.month):
        return Found(f"{year:04d}-{month:02d}", reject("日期在未来"), {"date_precision": precision})
    return Found(f"{year:04d}-{month:02d}", notes, {"date_precision": precision})


def _year(year: int, moment: Moment) -> Found:
    if year > moment.as_of.year:
        return Found(str(year), reject("日期在未来"), {"date_precision": "year"})
    return Found(str(year), warn("只有年份"), {"date_precision": "year"})


def _number(value: Decimal, moment: Moment) -> Found:
    """Numbers that stand for dates: 20230901, 2019.9, a spreadsheet's serial such as 45170, 2015."""
    whole = value == value.to_integral_value()
    number = int(value)
    if whole and 19000101 <= number <= 99991231:
        return _ymd(number // 10000, number // 100 % 100, number % 100, fixed("日期存成数值"), moment)
    if whole and 190001 <= number <= 299912:
        return _month(number // 100, number % 100, fixed("年月存成数值"), moment)
    if whole and EARLIEST <= number <= 2200:
        return _year(number, moment)
    if whole and 7000 <= number <= 80000:
        return _dated(_EPOCH + timedelta(days=number), fixed("日期存成常规数字（Excel 序列值）"), moment)
    year, dot, month = f"{value:f}".partition(".")
    if dot and EARLIEST <= int(year) <= 2200 and len(month) <= 2:
        if month == "1":
            candidates = [f"{year}-01", f"{year}-10"]
            return Found(
                None, warn("日期为数值 YYYY.1，无法分辨 1 月还是 10 月，需人工确认"),
                {"date_precision": "ambiguous", "date_candidates": candidates, "date_text": f"{year}.1"},
            )  # fmt: skip
        return _month(int(year), int(month), fixed("数值年月（月精度）"), moment)
    if not whole and 7000 <= number <= 80000:
        return _dated(_EPOCH + timedelta(days=number), fixed("日期带时刻的序列值"), moment)
    return _unknown(warn(f"日期写成数字“{value:f}”，看不懂"))


def _ymd(year: int, month: int, day_: int, notes: tuple[Note, ...], moment: Moment) -> Found:
    try:
        return _dated(date(year, month, day_), notes, moment)
    except ValueError:
        return Found(None, reject("日期不存在"), {"date_precision": "none"})


def _written(plain: str, written: str, moment: Moment) -> Found:
    tidied = fixed(f"日期“{written}”")
    if found := re.fullmatch(r"(\d{4})(\d{2})(\d{2})", plain):
        return _ymd(int(found[1]), int(found[2]), int(found[3]), tidied, moment)
    if found := re.fullmatch(r"((?:19|20)\d{2})(0[1-9]|1[0-2])", plain):
        return _month(int(found[1]), int(found[2]), tidied, moment)
    if found := _DAY.fullmatch(plain):
        year, notes = _century(found["y"], tidied)
        return _ymd(year, int(found["m"]), int(found["d"]), notes, moment)
    if found := _RANGE.fullmatch(plain):
        year, month = map(int, re.findall(r"\d+", found["from"]))
        first = _month(year, month, warn("日期是一段区间"), moment, "range")
        return first._replace(more=first.more | {"date_text": written})
    if found := _MONTH.fullmatch(plain):
        year, notes = _century(found["y"], tidied)
        return _month(year, int(found["m"]), notes, moment)
    if found := _YEAR.fullmatch(plain):
        return _year(int(found["y"]), moment)
    if re.fullmatch(r"\d{5}", plain):
        return _dated(_EPOCH + timedelta(days=int(plain)), fixed("日期存成文本序列值"), moment)
    return _unknown(warn(f"日期写成文字“{written}”"))


def _century(year: str, notes: tuple[Note, ...]) -> tuple[int, tuple[Note, ...]]:
    """Two digits: from 70 on the last century, below it this one; always told."""
    if len(year) == 4:
        return int(year), notes
    return (1900 if int(year) >= 70 else 2000) + int(year), warn("两位年份")


def _numerals(plain: str) -> str:
    """十一月二十日 → 11月20日, so that the patterns see digits. Years are written digit by digit and come later."""

    def number(found: re.Match[str]) -> str:
        digits = "零一二三四五六七八九"
        tens, _, ones = found[1].partition("十")
        value = (digits.index(tens) if tens else 1) * 10 + (digits.index(ones) if ones else 0)
        return f"{value}{found[2]}"

    return re.sub(r"([一二三]?十[一二三四五六七八九]?)([月日号])", number, plain)


