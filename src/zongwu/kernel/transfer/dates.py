"""Days as people write them in ledgers, as exact as they were written.

`2023-09-01`, `2023-09`, `2023` with `date_precision` day, month, year; range for 2021.3-2021.5 (its first month);
ambiguous for the number 2022.1, which may have been 2022.10; none where nobody knows. What a range or an open date
was written as is kept in `date_text`.
"""

from __future__ import annotations

import re
from datetime import date, timedelta
from decimal import Decimal

from zongwu.kernel.transfer.raw import UNKNOWN, Found, Moment, Notes, Raw, fixed, half, nothing, reject, tidy, warn

EARLIEST = 1900
_LONGEST = 60
"""Characters: what is longer is no day, and not read as one."""
SCHOOL_YEAR = 8
"""The month from which a school year counts."""
_EPOCH = date(1899, 12, 30)
_SERIALS = range(7306, 73051)
"""Spreadsheet serial numbers of 1920 to 2099."""

_Y = r"(?P<y>\d{4}|\d{2})"
_SEPARATOR = r"\s*[-./\\、,。·年 ]\s*"
_DAY = re.compile(rf"'?{_Y}{_SEPARATOR}(?P<m>\d{{1,2}})\s*[-./\\、,。·月 ]\s*(?P<d>\d{{1,2}})\s*[日号]?[.。]?")
_CLOCK = re.compile(r"(?:[T\s]+(?:周.|星期.|上午|下午)?\s*\d{1,2}[:点时]\d{0,2}分?(?::\d{2}(?:\.\d+)?)?)$")
_MONTH = re.compile(rf"'?{_Y}{_SEPARATOR}(?P<m>\d{{1,2}})\s*月?(?:份|初|底|末|中旬|上旬|下旬)?[.。]?")
_YEAR = re.compile(r"(?P<y>\d{4})\s*(?:年度?)?")
_RANGE = re.compile(
    r"(?P<y>\d{4})\s*(?:[-./年]\s*(?P<m>\d{1,2})\s*月?)?(?:[-./月]\s*\d{1,2}\s*日?)?\s*[-~—–至到]+\s*"
    r"(?:\d{4}\s*[-./年]?\s*)?(?:\d{1,2}\s*[-./月]?\s*)?(?:\d{1,2}\s*日?)?年?"
)
_MONTHS = re.compile(r"(?P<y>\d{4})\s*[./年]\s*(?P<m>\d{1,2})\s*月?\s*[-~—–至到]+\s*\d{1,2}\s*月?")
"""2021.3-5 and 2021年3-5月: two months, not a day."""
_WEST = re.compile(r"(?P<a>\d{1,2})[/-](?P<b>\d{1,2})[/-](?P<y>\d{4})")
_NO_YEAR = re.compile(r"(?P<m>\d{1,2})\s*[-./月]\s*(?P<d>\d{1,2})\s*[日号]?")
_NUMERALS = "〇一二三四五六七八九"
_ONE_BY_ONE = str.maketrans("〇零○Ｏ一二三四五六七八九", "00001" + "23456789")
_TENS = re.compile(r"([一二三]?)十([一二三四五六七八九]?)(?=[月日号]|$)")


def day(raw: Raw, moment: Moment) -> Found:
    """A day, month or year; blank is `none` without a word, since only the sheet knows whether that matters."""
    if isinstance(raw.value, date):
        return _exact(raw.value, (), moment)
    if isinstance(raw.value, Decimal):
        return _number(raw.value, moment)
    if raw.blank and tidy(raw.text) not in UNKNOWN:
        return nothing(raw)._replace(more={"date_precision": "none"})
    if len(raw.text) > _LONGEST:
        return _unknown(warn(f"日期写成文字“{raw.text.strip()[:12]}……”"), raw.text.strip()[:_LONGEST])
    plain = _digits(half(tidy(raw.text)))
    if not raw.typed and (found := _untyped(plain, moment)):
        return found
    return _written(plain, raw.text.strip(), moment)


def _untyped(plain: str, moment: Moment) -> Found | None:
    """In a text file an ISO date is a date, and a number is a number."""
    if found := re.fullmatch(r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})", plain):
        return _day(int(found[1]), int(found[3]), int(found[4]), (), moment)
    return _number(Decimal(plain), moment) if re.fullmatch(r"\d+(\.\d+)?", plain) else None


# --- what becomes of it ----------------------------------------------------------------------------------------------


def _unknown(notes: Notes, written: str = "") -> Found:
    return Found(None, notes, {"date_precision": "none"} | ({"date_text": written} if written else {}))


def _exact(found: date, notes: Notes, moment: Moment) -> Found:
    if found > moment.as_of:
        notes = reject(f"日期在未来（{found.isoformat()}）")
    return Found(found.isoformat(), notes, {"date_precision": "day"})


def _day(year: int, month: int, number: int, notes: Notes, moment: Moment) -> Found:
    try:
        return _exact(date(year, month, number), notes, moment)
    except ValueError:
        return _unknown(reject(f"日期不存在（{year}年{month}月{number}日）"))


def _month(year: int, month: int, notes: Notes, moment: Moment) -> Found:
    if not 1 <= month <= 12:
        return _unknown(reject(f"日期不存在（{year}年{month}月）"))
    if (year, month) > (moment.as_of.year, moment.as_of.month):
        notes = reject(f"日期在未来（{year}年{month}月）")
    return Found(f"{year:04d}-{month:02d}", notes, {"date_precision": "month"})


def _year(year: int, moment: Moment) -> Found:
    notes = reject(f"日期在未来（{year}年）") if year > moment.as_of.year else warn("只有年份")
    return Found(f"{year:04d}", notes, {"date_precision": "year"})


def _range(year: int, month: int | None, written: str, moment: Moment) -> Found:
    found = _month(year, month, (), moment) if month else _year(year, moment)
    if any(note.severity == "reject" for note in found.notes):
        return found
    return Found(found.value, warn("日期是一段区间"), {"date_precision": "range", "date_text": written})


def _ambiguous(year: int, written: str) -> Found:
    return Found(
        None, warn("日期为数值 YYYY.1，无法分辨 1 月还是 10 月，需人工确认"),
        {"date_precision": "ambiguous", "date_candidates": [f"{year}-01", f"{year}-10"], "date_text": written},
    )  # fmt: skip


def _century(year: str, notes: Notes, moment: Moment) -> tuple[int, Notes]:
    """Two digits: this century unless that lies in the future; always told."""
    if len(year) == 4:
        return int(year), notes
    near = 2000 + int(year)
    return (near if near <= moment.as_of.year else near - 100), warn("两位年份")


# --- numbers ---------------------------------------------------------------------------------------------------------


def _number(value: Decimal, moment: Moment) -> Found:
    """20230901, 202309, 230901, 2019.9, 2015, 98.9, or a spreadsheet's serial number such as 45170."""
    written = f"{value:f}"
    whole, _, decimals = written.partition(".")
    number = int(value)
    if len(decimals) in (1, 2) and EARLIEST <= number < 2200:
        if decimals == "1":
            return _ambiguous(number, written)
        return _month(number, int(decimals), fixed("年月存成数值"), moment)
    if number in _SERIALS:
        return _exact(_EPOCH + timedelta(days=number), fixed("日期存成常规数字（Excel 序列值）"), moment)
    if decimals:
        return _written(written, written, moment)
    if len(whole) == 8:
        return _day(number // 10000, number // 100 % 100, number % 100, fixed("日期存成数值"), moment)
    if len(whole) == 6:
        return _six_digits(whole, fixed("日期存成数值"), moment)
    if EARLIEST <= number < 2200:
        return _year(number, moment)
    return _unknown(warn(f"日期写成数字“{written}”，看不懂"), written)


def _six_digits(digits: str, notes: Notes, moment: Moment) -> Found:
    """202309 is a month; 230901 can only be a day."""
    year, month = int(digits[:4]), int(digits[4:])
    if EARLIEST <= year <= moment.as_of.year and 1 <= month <= 12:
        return _month(year, month, notes, moment)
    year, notes = _century(digits[:2], notes, moment)
    return _day(year, int(digits[2:4]), int(digits[4:]), notes, moment)


# --- texts -----------------------------------------------------------------------------------------------------------


def _written(plain: str, written: str, moment: Moment) -> Found:
    tidied = fixed(f"日期“{written}”")
    plain = _CLOCK.sub("", plain)
    if re.fullmatch(r"\d{8}(\.0+)?", plain):
        return _day(int(plain[:4]), int(plain[4:6]), int(plain[6:8]), tidied, moment)
    if re.fullmatch(r"\d{6}", plain):
        return _six_digits(plain, tidied, moment)
    if re.fullmatch(r"\d{5}(\.\d+)?", plain) and int(plain[:5]) in _SERIALS:
        return _exact(_EPOCH + timedelta(days=int(plain[:5])), fixed("日期存成序列值"), moment)
    if found := _MONTHS.fullmatch(plain):
        return _range(int(found["y"]), int(found["m"]), written, moment)
    if found := _DAY.fullmatch(plain):
        year, notes = _century(found["y"], tidied, moment)
        return _day(year, int(found["m"]), int(found["d"]), notes, moment)
    if (found := _RANGE.fullmatch(plain)) and not _MONTH.fullmatch(plain):
        return _range(int(found["y"]), int(found["m"]) if found["m"] else None, written, moment)
    if found := _MONTH.fullmatch(plain):
        year, notes = _century(found["y"], tidied, moment)
        return _month(year, int(found["m"]), notes, moment)
    if found := _YEAR.fullmatch(plain):
        return _year(int(found["y"]), moment)
    return _strange(plain, written, tidied, moment)


def _strange(plain: str, written: str, tidied: Notes, moment: Moment) -> Found:
    """Month before day, no year, a day with words behind it; else words."""
    if found := _WEST.fullmatch(plain):
        return _western(int(found["y"]), int(found["a"]), int(found["b"]), tidied, moment)
    if found := _NO_YEAR.fullmatch(plain):
        if moment.years is None:
            return _unknown(warn(f"日期“{written}”没有年份"), written)
        month = int(found["m"])
        return _day(moment.years[month < SCHOOL_YEAR], month, int(found["d"]), tidied, moment)
    if (found := _DAY.match(plain)) and not plain[found.end() :][:1].isdigit():
        year, _ = _century(found["y"], tidied, moment)
        return _day(year, int(found["m"]), int(found["d"]), warn(f"日期里还有别的字“{written}”"), moment)
    return _unknown(warn(f"日期写成文字“{written}”"), written)


def _western(year: int, first: int, second: int, tidied: Notes, moment: Moment) -> Found:
    """9/15/2023 has one meaning; 3/4/2023 has two, of which only the year is sure."""
    if first == second or first > 12:
        return _day(year, second, first, tidied, moment)
    if second > 12:
        return _day(year, first, second, tidied, moment)
    candidates = [f"{year}-{first:02d}-{second:02d}", f"{year}-{second:02d}-{first:02d}"]
    reason = warn("日期分不清月和日，需人工确认")
    return Found(f"{year}", reason, {"date_precision": "year", "date_candidates": candidates})


def _digits(plain: str) -> str:
    """二〇一六年十一月二十日 → 2016年11月20日."""

    def tens(found: re.Match[str]) -> str:
        return str(10 * (_NUMERALS.index(found[1]) if found[1] else 1) + (_NUMERALS.index(found[2]) if found[2] else 0))

    if plain.isascii():
        return plain
    return _TENS.sub(tens, plain).translate(_ONE_BY_ONE)
