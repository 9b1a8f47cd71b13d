"""One cell as it stands in a file, and what can be said of it.

A note says how grave it is: `fixed` (tidied beyond doubt), `warn` (imported, somebody should know), `reject`.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from types import MappingProxyType
from typing import Any, Literal, NamedTuple

from zongwu.kernel.transfer.grid import Value

Severity = Literal["fixed", "warn", "dup", "reject"]

UNKNOWN = frozenset({"不详", "不明", "未知", "未填", "暂无", "空", "N/A", "n/a"})
"""What people write where there is something, but they do not know it."""

BLANKS = UNKNOWN | {"", "无", "没有", "-", "--", "---", "—", "——", "－", "–", "/", "／", "//", "\\", "null", "None"}
"""What people write where there is nothing to write."""

DITTO = frozenset({
    "同上", "同前", "同上行", "同上一行", "〃", "″", '"', '""', "''", "“", "”", "“”", "〞", "〝", "々", "ditto",
})  # fmt: skip
"""What people write where the row above is to be read."""

_LONGEST_SIGN = 12
"""Characters, with spaces around: no longer text is looked up among the signs above."""

_SPACES = re.compile(r"[\s\u200b-\u200d\ufeff\u3000]+")
_BETWEEN = re.compile(r"(?<=[^\x00-\x7f]) (?=[^\x00-\x7f])")
_WIDE = str.maketrans({code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if chr(code - 0xFEE0).isalnum()})


class Raw(NamedTuple):
    """One cell as it stands in the file."""

    value: Value = None
    error: str = ""
    """`#REF!` and the like; the value is then None."""
    uncached: bool = False
    """A formula whose result the file does not hold; the value is then None."""
    typed: bool = True
    """False in text files, where numbers and days are text like any other."""

    @property
    def text(self) -> str:
        """As a person would read it."""
        if self.error:
            return self.error
        if isinstance(self.value, Decimal):
            return f"{self.value:f}"
        return "" if self.value is None else str(self.value)

    @property
    def blank(self) -> bool:
        """Nothing in it, or only a word or sign for nothing."""
        if isinstance(self.value, str):
            return len(self.value) <= _LONGEST_SIGN and tidy(self.value) in BLANKS
        return self.value is None and not self.error

    @property
    def struck_out(self) -> bool:
        """A word or sign for nothing, where leaving the cell empty would do."""
        return isinstance(self.value, str) and bool(self.value.strip()) and self.blank


class Note(NamedTuple):
    """Something to be said of a cell."""

    severity: Severity
    reason: str


Notes = tuple[Note, ...]
NOTHING_MORE: Mapping[str, Any] = MappingProxyType({})


class Found(NamedTuple):
    """What a cell means: the value, what is to be said of it, and further record keys such as a date's precision."""

    value: Any = None
    notes: Notes = ()
    more: Mapping[str, Any] = NOTHING_MORE


@dataclass(frozen=True, slots=True)
class Moment:
    """What a cell must know of its sheet."""

    as_of: date
    """Days after this one lie in the future: the sheet's own 填表日期, else today."""
    worth: Decimal = Decimal(1)
    """Yuan in one unit of this column's bare numbers: 10,000 under 万元."""
    years: tuple[int, int] | None = None
    """The years of days that are written without one, such as 3月4日: from August on, and before; None where no title says them."""


Reader = Callable[[Raw, Moment], Found]
"""A normaliser: it never raises, and never guesses without a note."""


def fixed(reason: str) -> Notes:
    return (Note("fixed", reason),)


def warn(reason: str) -> Notes:
    return (Note("warn", reason),)


def reject(reason: str) -> Notes:
    return (Note("reject", reason),)


def nothing(raw: Raw) -> Found:
    """A blank cell; a dash or 无 in it was tidied away."""
    return Found(None, fixed(f"“{raw.text.strip()}”当作空白") if raw.struck_out else ())


def is_ditto(value: Value) -> bool:
    """Whether a cell says to read the row above."""
    return isinstance(value, str) and len(value) <= _LONGEST_SIGN and tidy(value) in DITTO


@lru_cache(maxsize=1 << 16)
def tidy(text: str) -> str:
    """Without the spaces and line breaks between Chinese characters; beside western words one space stays."""
    if text.isascii():
        return _SPACES.sub(" ", text).strip()
    return _BETWEEN.sub("", _SPACES.sub(" ", text).strip())


def narrow(text: str) -> str:
    """Full-width letters and digits as half-width ones; Chinese punctuation stays as it is."""
    return text.translate(_WIDE)


def half(text: str) -> str:
    """Everything full-width as half-width, punctuation too: for codes, numbers and dates."""
    return unicodedata.normalize("NFKC", text).strip()
