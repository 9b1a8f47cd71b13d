"""How a domain says what its sheet looks like, and how the columns are found again in a sheet that somebody made."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property, lru_cache
from typing import Any, NamedTuple

from zongwu.kernel.transfer.cells import Note, Raw, Reader, Severity, text
from zongwu.kernel.transfer.grid import Grid
from zongwu.kernel.transfer.raw import Found, Moment, reject

Record = dict[str, Any]
"""A row's values by column key, and what rules added: numbers as `Decimal`, days as ISO text, nothing as None."""

IGNORED = ""
"""In a person's mapping: this column is not to be read."""


@dataclass(frozen=True)
class SheetColumn:
    """One column: the record key that it fills, the words that may stand over it, how its cells are read."""

    key: str
    header: str
    """As our own template and export write it."""
    aliases: tuple[str, ...] = ()
    """Other words that schools put there, the likelier first: a better word elsewhere in the row wins."""
    read: Reader = text
    required: bool = False
    """A sheet without it is not this kind of sheet."""
    ditto: bool = True
    """同上 and 〃 take the value of the data row before."""
    fill_down: bool = True
    """A vertically merged cell speaks for every row that it covers; not so for numbers and amounts."""
    secret: bool = False
    """What stands in the file is never kept beside the record: identity numbers."""
    money: bool = False
    note: str = ""
    """How to fill it in: the template's explanation."""
    choices: tuple[str, ...] = ()
    """Drop-down list of the template."""

    def understand(self, raw: Raw, moment: Moment) -> Found:
        """What a cell means; a number or a day beyond what anything can hold is refused like any other nonsense."""
        try:
            return self.read(raw, moment)
        except (ValueError, ArithmeticError):
            return Found(None, reject(f"{self.header}“{raw.text.strip()[:20]}”大得不像真的，请核对"))


@dataclass
class Draft:
    """A data row while it is being made: its record so far, the notes by column, and the raw cells."""

    row: int
    record: Record
    raw: dict[str, Raw]
    """The cells of the columns that this sheet has."""
    notes: list[tuple[str, Note]] = field(default_factory=list)
    group: str = ""
    """The heading under which the row stands, such as 一、计算机设备."""
    above: Record | None = None
    """The data row before, as it was understood."""
    numbered: Mapping[str, Record] = field(default_factory=dict)
    """The data rows before by what stands in the sheet's `ordinal` column: for 同第5条."""
    estimates: dict[str, Decimal] = field(default_factory=dict)
    """Column key → what a refused amount is worth in the control totals."""

    def note(self, key: str, severity: Severity, reason: str) -> None:
        self.notes.append((key, Note(severity, reason)))

    def forget(self, key: str) -> None:
        """Take back what a cell alone said, because the row as a whole knows better."""
        self.notes = [(column, note) for column, note in self.notes if column != key]

    def refused(self, *keys: str) -> bool:
        """Whether one of these cells was refused."""
        return any(key in keys and note.severity == "reject" for key, note in self.notes)


def _leave(draft: Draft) -> None:
    """The rule of a sheet whose cells say nothing about one another."""


class Stated(NamedTuple):
    """A number that a line of text states, beside what the rows come to."""

    label: str
    stated: str
    computed: str


def _states_nothing(text: str, records: Sequence[Record]) -> Sequence[Stated]:
    """A sheet whose lines of text are not compared."""
    return ()


@dataclass(frozen=True)
class Sheet:
    """A kind of sheet. `finish` sees the whole row after its cells, for what one cell tells of another."""

    kind: str
    title: str
    columns: Sequence[SheetColumn]
    key: str
    """Record key of the school's own number; every export carries it."""
    name: str
    """Record key without which a row says nothing."""
    stands_in: str = ""
    """Record key by which a row without a number is known instead: two of one name cannot be told apart."""
    amount: str = ""
    """Record key that the control totals sum; empty for sheets without money."""
    limits: Mapping[str, int] = field(default_factory=dict)
    """Record key → how many characters the records have room for; what is longer is refused before it is written."""
    identity: tuple[str, ...] = ()
    """Record keys that make a row the same as one before it with the same number."""
    shown: Sequence[str] = ()
    """Record keys that the preview shows, where number, name and amount do not tell enough."""
    ordinal: str = ""
    """Record key of a column that only counts the lines, where words such as 同第5条 speak of them."""
    compare: Callable[[str, Sequence[Record]], Sequence[Stated]] = _states_nothing
    """What a line of text states of the rows above it, such as 共 20 处，已整改 19 处: it is compared and never read as data."""
    finish: Callable[[Draft], None] = _leave
    paper: Callable[[str], Any] | None = None
    """For sheets on which papers stand one below another: reads the line above a header (`papers.Head`)."""

    def column(self, key: str) -> SheetColumn:
        return self._by_key[key]

    @cached_property
    def _by_key(self) -> dict[str, SheetColumn]:
        return {column.key: column for column in self.columns}

    @cached_property
    def claims(self) -> dict[str, list[tuple[int, str]]]:
        """Header word → the columns that claim it, each with the rank of the word among its own."""
        claims: dict[str, list[tuple[int, str]]] = {}
        for column in self.columns:
            for rank, word in enumerate((column.header, *column.aliases)):
                claims.setdefault(squeeze(word), []).append((rank, column.key))
        return claims

    @cached_property
    def required(self) -> frozenset[str]:
        return frozenset(column.key for column in self.columns if column.required)


@dataclass(frozen=True)
class Header:
    """A header that was found: its rows, which column is which, and what a bare number is worth in a column."""

    first: int
    last: int
    keys: Mapping[int, str]
    worth: Mapping[int, Decimal]
    unread: tuple[str, ...]
    """Header words that belong to no column of the sheet."""

    @cached_property
    def columns(self) -> dict[str, int]:
        return {key: index for index, key in self.keys.items()}


# --- words of headers ------------------------------------------------------------------------------------------------

_TAIL = re.compile(r"\((?:[^()]*元|必填|选填|可空|[^()]*年[^()]*月[^()]*|￥|¥|如.*|格式.*|单位.*)\)$")
_ORDINAL_HEADERS = {"序号", "行号", "行次", "no", "no.", "序"}
_BRACKETS = re.compile(r"\([^()]*\)")
_ORDINAL = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十]+)[.、)]")
_WORTH = re.compile(r"[(:/](?:单位[:：]?)?(?:人民币)?(千元|万元|百万元|亿元)\)?$")
_YUAN = {"千元": Decimal(1000), "万元": Decimal(10**4), "百万元": Decimal(10**6), "亿元": Decimal(10**8)}


@lru_cache(maxsize=1 << 15)
def squeeze(word: str) -> str:
    """A header as it is compared: half-width, without spaces, stars, ordinals, and units or hints in brackets."""
    plain = re.sub(r"[\s*★☆#:：]", "", unicodedata.normalize("NFKC", word)).lower()
    return _TAIL.sub("", _ORDINAL.sub("", plain))


@lru_cache(maxsize=1 << 12)
def _worth(word: str) -> Decimal:
    """10,000 for a column headed 金额（万元）."""
    found = _WORTH.search(re.sub(r"\s", "", unicodedata.normalize("NFKC", word)))
    return _YUAN[found[1]] if found else Decimal(1)


def _assign(sheet: Sheet, names: Sequence[Sequence[str]], mapping: Mapping[str, str]) -> dict[int, str]:
    """Column index → key. `names` gives for each column its words, the most telling first; the best claim wins.

    The person's own mapping (header word → key, or `IGNORED`) comes before every claim.
    """
    own = {squeeze(word): key for word, key in mapping.items()}
    bids: list[tuple[int, int, int, str]] = []
    for index, words in enumerate(names):
        for order, word in enumerate(words):
            if squeeze(word) in own:
                bids = [bid for bid in bids if bid[2] != index]
                bids.append((-1, order, index, own[squeeze(word)]))
                break
            bids += [(rank, order, index, key) for rank, key in sheet.claims.get(squeeze(word), ())]
            bare = _BRACKETS.sub("", squeeze(word))
            if bare != squeeze(word):
                bids += [(rank, order + 9, index, key) for rank, key in sheet.claims.get(bare, ())]
    found: dict[int, str] = {}
    for _, _, index, key in sorted(bids):
        if index not in found and (key == IGNORED or key not in found.values()):
            found[index] = key
    return {index: key for index, key in sorted(found.items()) if key != IGNORED}


def _fits(sheet: Sheet, keys: Iterable[str]) -> bool:
    keys = set(keys)
    return sheet.required <= keys and len(keys) >= min(2, len(sheet.columns))


# --- where a header stands -------------------------------------------------------------------------------------------


def find_header(sheet: Sheet, grid: Grid, at: int, mapping: Mapping[str, str] | None = None) -> Header | None:
    """The header that begins in this row, of one level or two; None when none begins here.

    A second level belongs to the header when it names further columns and stands under the first without
    contradicting it: where the first level names a column, the second is blank or the cells are merged.
    """
    upper = grid.rows[at]
    if not _is_words(upper):
        return None
    mapping = mapping or {}
    one = [[value] if isinstance(value, str) else [] for value in upper]
    single = _assign(sheet, one, mapping)
    if (single or grid.merged) and at + 1 < len(grid.rows) and _is_words(grid.rows[at + 1]):
        two = _two_levels(grid, at)
        double = _assign(sheet, two, mapping)
        if len(double) > len(single) and _fits(sheet, double.values()) and _stands_under(grid, at, single):
            return _header(at, at + 1, double, two)
    return _header(at, at, single, one) if _fits(sheet, single.values()) else None


def _is_words(row: Sequence[Any]) -> bool:
    """At least two texts, none of them long, and nothing else."""
    texts = 0
    for value in row:
        if value is None:
            continue
        if not isinstance(value, str) or len(value) > 40:
            return False
        texts += 1
    return texts >= 2


def _two_levels(grid: Grid, at: int) -> list[list[str]]:
    """For each column its words: both levels together, the lower, the upper."""
    upper, lower = grid.rows[at], grid.rows[at + 1]
    words: list[list[str]] = []
    over = ""
    for index in range(max(len(upper), len(lower))):
        above, below = grid.at(at, index), grid.at(at + 1, index)
        if isinstance(above, str):
            over = above
        if isinstance(below, str):
            words.append([f"{over}{below}", below, *([above] if isinstance(above, str) else [])])
        else:
            words.append([above] if isinstance(above, str) else [])
    return words


def _stands_under(grid: Grid, at: int, single: Mapping[int, str]) -> bool:
    """Whether the row below is this header's second level: by merged cells, else by what it leaves blank."""
    width = len(grid.rows[at])
    if at in grid.wide_rows or any(grid.top_of(at + 1, index) <= at for index in range(width)):
        return True
    below = [grid.at(at + 1, index) for index in single]
    return bool(single) and all(word is None or str(word).startswith(("(", "（")) for word in below)


def _header(first: int, last: int, keys: Mapping[int, str], words: Sequence[Sequence[str]]) -> Header:
    worth = {index: unit for index in keys for word in words[index] if (unit := _worth(word)) != 1}
    others = (words[index][-1].strip() for index in range(len(words)) if words[index] and index not in keys)
    unread = tuple(word for word in others if squeeze(word) not in _ORDINAL_HEADERS)
    return Header(first, last, keys, worth, unread)
