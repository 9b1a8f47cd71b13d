"""How a domain says what its sheet looks like, and how the columns are found again in a sheet that somebody made."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from zongwu.kernel.transfer.cells import Note, Raw, Reader, text

Record = dict[str, Any]


@dataclass(frozen=True)
class SheetColumn:
    """One column: the record key that it fills, the words that may stand over it, how its cells are read."""

    key: str
    header: str
    """As our own template and export write it."""
    aliases: tuple[str, ...] = ()
    read: Reader = text
    required: bool = False
    """A sheet without it is not this kind of sheet."""
    ditto: bool = True
    """同上 and 〃 take the value of the data row before."""
    fill_down: bool = False
    """A vertically merged cell speaks for every row that it covers."""
    money: bool = False
    note: str = ""
    """Explained on the template."""
    choices: tuple[str, ...] = ()
    """Drop-down list of the template."""


@dataclass
class Draft:
    """A data row while it is being made: its record so far, notes by column, and the raw cells."""

    row: int
    record: Record
    raw: dict[str, Raw]
    notes: list[tuple[str, Note]] = field(default_factory=list)
    estimate: Any = None
    """What a refused amount is worth in the control totals."""

    def note(self, key: str, severity: Any, reason: str) -> None:
        self.notes.append((key, Note(severity, reason)))

    def forget(self, key: str, severity: str) -> None:
        """Take back what a cell alone said, because the row as a whole knows better."""
        self.notes = [(k, n) for k, n in self.notes if k != key or n.severity != severity]


@dataclass(frozen=True)
class Sheet:
    """A kind of sheet. `finish` sees the whole row after its cells: cross-checks and what one cell tells of another."""

    kind: str
    title: str
    columns: Sequence[SheetColumn]
    key: str
    """Record key of the school's own number; every export carries it."""
    name: str
    """Record key without which a row says nothing."""
    amount: str = ""
    """Record key that the control totals sum; empty for sheets without money."""
    identity: tuple[str, ...] = ()
    """Record keys that make a row the same as one before it."""
    finish: Callable[[Draft], None] = lambda draft: None

    def column(self, key: str) -> SheetColumn:
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> dict[str, SheetColumn]:
        return {column.key: column for column in self.columns}

    @cached_property
    def words(self) -> dict[str, str]:
        """Every word that may stand over a column → its key; the first column that claims a word has it."""
        claims = [(squeeze(word), c.key) for c in self.columns for word in (c.header, *c.aliases)]
        return dict(reversed(claims))

    @cached_property
    def required(self) -> frozenset[str]:
        return frozenset(column.key for column in self.columns if column.required)


def squeeze(word: Any) -> str:
    """A header as it is compared: half-width, without spaces, line breaks, stars and units in brackets."""
    plain = unicodedata.normalize("NFKC", str(word or ""))
    plain = re.sub(r"[\s*★:：]", "", plain)
    return re.sub(r"\((?:元|万元|必填|选填|年月日|月|￥)\)$", "", plain).lower()


def heads(sheet: Sheet, row: Sequence[Any], mapping: Mapping[str, str] | None = None) -> dict[int, str]:
    """Column index → record key, as far as the words of one row are known. The user's own mapping comes first."""
    words = sheet.words | {squeeze(word): key for word, key in (mapping or {}).items()}
    found: dict[int, str] = {}
    for index, value in enumerate(row):
        key = words.get(squeeze(value)) if isinstance(value, str) and len(value) < 40 else None
        if key and key not in found.values():
            found[index] = key
    return found


def _only_texts(row: Sequence[Any]) -> bool:
    return all(value is None or isinstance(value, str) for value in row)


@dataclass(frozen=True)
class Header:
    """Where a header stands and what its columns are."""

    first: int
    last: int
    keys: Mapping[int, str]


def find_header(
    sheet: Sheet, rows: Sequence[Sequence[Any]], at: int, mapping: Mapping[str, str] | None = None
) -> Header | None:
    """The header that begins in this row, of one level or two; None when the row begins none."""
    if not _only_texts(rows[at]):
        return None
    upper = heads(sheet, rows[at], mapping)
    if not upper:
        return None
    required = sheet.required
    lower: dict[int, str] = {}
    if at + 1 < len(rows) and _only_texts(rows[at + 1]):
        lower = heads(sheet, rows[at + 1], mapping)
    if required <= set(upper.values()) and len(upper) >= min(3, len(sheet.columns)) and not _continues(upper, lower):
        return Header(at, at, upper)
    both = {index: key for index, key in upper.items() if key not in lower.values()} | lower
    if lower and required <= set(both.values()) and len(both) >= 3:
        return Header(at, at + 1, both)
    if required <= set(upper.values()) and len(upper) >= min(2, len(sheet.columns)):
        return Header(at, at, upper)
    return None


def _continues(upper: Mapping[int, str], lower: Mapping[int, str]) -> bool:
    """Whether the row below adds columns that the row above does not have."""
    return len(set(lower.values()) - set(upper.values())) >= 2
