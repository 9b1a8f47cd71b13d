"""Pure rules of the school: how a class is called, when a term begins, what a day is."""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_DIGITS = "零一二三四五六七八九"


def class_name(text: str) -> str | None:
    """`三(2)班`, `三2`, `3.2班`, `302班` → `三（2）班`; None when this is not a class.

    A building's name before it (`综合楼204`) or a bare room number without 班 is not a class.
    """
    parts = class_parts(text)
    return official_name(*parts) if parts else None


def official_name(grade: int, number: int) -> str:
    """`三（2）班`."""
    return f"{grade_name(grade)}（{number}）班"


def grade_name(grade: int) -> str:
    """`三`, as it stands in a class's name."""
    return _DIGITS[grade]


def class_parts(text: str) -> tuple[int, int] | None:
    """(grade, number) of a class however it is written; None when this is not a class."""
    squeezed = re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))
    if re.fullmatch(r"[1-9]\d{2}", squeezed):
        return None
    if room := re.fullmatch(r"([1-9])(\d{2})班", squeezed):
        grade, number = int(room[1]), int(room[2])
        return (grade, number) if number > 0 else None
    found = re.fullmatch(
        r"([一二三四五六七八九1-9])(?:年级)?[.\-(]?(\d{1,2}|[一二三四五六七八九十]{1,2})\)?班?", squeezed
    )
    if not found or (found[1].isascii() and not squeezed.endswith("班") and not re.search(r"[.\-(]", squeezed)):
        return None
    number = int(found[2]) if found[2].isascii() else _chinese_number(found[2])
    return (_one(found[1]), number) if number else None


def _one(digit: str) -> int:
    return int(digit) if digit.isascii() else _DIGITS.index(digit)


def _chinese_number(text: str) -> int:
    if text == "十":
        return 10
    if text.startswith("十"):
        return 10 + _DIGITS.index(text[1])
    if text.endswith("十"):
        return 10 * _DIGITS.index(text[0])
    return _DIGITS.index(text) if len(text) == 1 else 0


def term_name(text: str) -> tuple[int, str] | None:
    """`2026春` → (2026, spring); None when it is not a term's name."""
    found = re.fullmatch(r"(\d{4})\s*(春|秋)(?:季|学期)?", text.strip())
    return (int(found[1]), "spring" if found[2] == "春" else "autumn") if found else None


def term_of(day: date, spring: tuple[int, int] = (2, 1), autumn: tuple[int, int] = (8, 1)) -> tuple[int, str]:
    """The term in which a day falls when a school has set none: from 1 February and from 1 August (decisions 6)."""
    if (day.month, day.day) >= autumn:
        return day.year, "autumn"
    if (day.month, day.day) >= spring:
        return day.year, "spring"
    return day.year - 1, "autumn"


def term_begins(year: int, half: str) -> date:
    return date(year, 8, 1) if half == "autumn" else date(year, 2, 1)


def after(year: int, half: str) -> tuple[int, str]:
    """The term that follows."""
    return (year + 1, "spring") if half == "autumn" else (year, "autumn")


def term_label(year: int, half: str) -> str:
    """`2026—2027 学年第一学期`: the school year begins in autumn."""
    first = year if half == "autumn" else year - 1
    return f"{first}—{first + 1}学年第{'一' if half == 'autumn' else '二'}学期"


def next_begins(year: int, half: str) -> date:
    return term_begins(year + 1, "spring") if half == "autumn" else term_begins(year, "autumn")


def works_by_week(day: date) -> bool:
    return day.weekday() < 5


_HOLIDAYS = {
    "New Year's Day": "元旦", "Spring Festival": "春节", "Tomb-sweeping Day": "清明节", "Labour Day": "劳动节",
    "Dragon Boat Festival": "端午节", "Mid-autumn Festival": "中秋节", "National Day": "国庆节",
    "Anti-Fascist 70th Day": "抗战胜利纪念日",
}  # fmt: skip


def holiday(name: str | None, *, works: bool) -> str:
    """A statutory holiday as it is called here; the weekend that is worked for it is its 补班."""
    called = _HOLIDAYS.get(name or "", name or "")
    return f"{called}补班" if called and works else called


def id_card_valid(text: str) -> bool:
    """GB 11643-1999: eighteen characters whose last is the check character over the first seventeen."""
    if not re.fullmatch(r"\d{17}[\dXx]", text):
        return False
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return "10X98765432"[sum(int(d) * w for d, w in zip(text, weights, strict=False)) % 11] == text[17].upper()


ROOM_NUMBER = re.compile(r"[A-Ha-h]?\d{3,4}")
"""A room that is called by its number, such as 302 or A1204."""


def storey(room: str) -> str:
    """The floor that a room's number tells: 3 of 302, 12 of A1204."""
    digits = room.lstrip("ABCDEFGHabcdefgh")
    return digits[:-2] or digits[:1]
