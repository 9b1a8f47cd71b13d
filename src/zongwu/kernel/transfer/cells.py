"""What one cell means. Pure: a raw cell in, a value and notes out; nothing is guessed without a note.

Every reader takes `(raw, moment)` and is named for what stands in the column: `text`, `free`, `code`, `number`,
`amount`, `unit_price`, `quantity`, `integer`, `day`. `words` makes a reader for a closed vocabulary.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal

from zongwu.kernel import amounts
from zongwu.kernel.transfer.dates import day
from zongwu.kernel.transfer.raw import (
    BLANKS,
    DITTO,
    Found,
    Moment,
    Note,
    Notes,
    Raw,
    Reader,
    Severity,
    fixed,
    half,
    is_ditto,
    narrow,
    nothing,
    reject,
    tidy,
    warn,
)

__all__ = [
    "BLANKS", "DITTO", "Found", "Moment", "Note", "Notes", "Raw", "Reader", "Severity", "amount", "code", "day",
    "fixed", "free", "half", "integer", "narrow", "nothing", "number", "quantity", "reject", "text", "tidy", "unit_price",
    "warn", "words",
]  # fmt: skip

_DASHES = str.maketrans("—–‐‑‒−﹣－", "--------")
_EXACT_DIGITS = 15
"""A spreadsheet keeps no more digits of a number than these."""
_UNBELIEVABLE = Decimal(10**12)
"""Yuan or pieces: beyond this somebody leant on a key, and the database's integers come to an end."""


# --- texts -----------------------------------------------------------------------------------------------------------


def text(raw: Raw, moment: Moment) -> Found:
    """A name: spaces and line breaks that a hand or a narrow column left are taken out, full-width letters narrowed."""
    if raw.blank:
        return nothing(raw)
    if not isinstance(raw.value, str):
        return Found(raw.text)
    value = narrow(tidy(raw.value))
    return Found(value, () if value == raw.value else fixed("去掉多余的空格、换行或全角字符"))


def free(raw: Raw, moment: Moment) -> Found:
    """A remark: kept as it is written, but for the spaces around it."""
    if raw.blank:
        return nothing(raw)
    value = raw.text.strip()
    return Found(value, () if value == raw.text else fixed("去掉首尾空格"))


def number(raw: Raw, moment: Moment) -> Found:
    """A number whose letters keep their case, such as a telephone's: half-width and without spaces."""
    if raw.blank:
        return nothing(raw)
    value = _squeezed(raw.text)
    return Found(value, () if value == raw.value else fixed("号码全角、带空格或存成数值"))


def code(raw: Raw, moment: Moment) -> Found:
    """A number that identifies: half-width, capital letters, no spaces; typed as a number it loses no digit."""
    if raw.blank:
        return nothing(raw)
    if isinstance(raw.value, Decimal):
        return _numeric_code(raw.value)
    if is_ditto(raw.value):
        return Found(None, warn(f"编号不能写“{raw.text.strip()}”，当作空白"))
    written = raw.text
    if exponent := re.fullmatch(r"(\d(?:\.\d+)?)[eE]\+?(\d+)", half(written)):
        return _scientific_code(Decimal(exponent[1]).scaleb(int(exponent[2])), exponent[1], int(exponent[2]))
    value = _squeezed(written).upper()
    return Found(value, () if value == written else fixed(_what_was_tidied(written)))


def _squeezed(written: str) -> str:
    return re.sub(r"[\s\u200b-\u200d\ufeff]+", "", half(written)).translate(_DASHES).lstrip("'‘’")


def _numeric_code(value: Decimal) -> Found:
    digits = f"{value:f}".removesuffix(".0")
    if len(digits.partition(".")[0].lstrip("-")) > _EXACT_DIGITS:
        return Found(digits, warn(f"编号超过 {_EXACT_DIGITS} 位却存成了数值，末几位可能已被改成 0，请对照原件"))
    return Found(digits, fixed("编号存成数值，已转成文本"))


def _scientific_code(value: Decimal, mantissa: str, exponent: int) -> Found:
    if len(mantissa.partition(".")[2]) < exponent:
        return Found(f"{value:f}", warn("编号成了科学记数，末几位可能已经丢失，请对照原件"))
    return Found(f"{value:f}", fixed("编号成了科学记数，已还原"))


def _what_was_tidied(written: str) -> str:
    reasons = [
        ("编号全角", half(written) != written.strip()),
        ("编号小写", any(char.islower() for char in half(written))),
        ("编号带空格", bool(re.search(r"\s", written))),
    ]
    return "、".join(reason for reason, found in reasons if found) or "编号里的符号已统一"


def words(table: Mapping[str, str], *, unknown: str = "") -> Reader:
    """A reader for a closed vocabulary: an alias is tidied; another word is kept, and told with `unknown` (`{}`)."""

    def read(raw: Raw, moment: Moment) -> Found:
        if raw.blank:
            return nothing(raw)
        word = tidy(half(raw.text))
        if word not in table:
            return Found(word, warn(unknown.format(word)) if unknown else ())
        return Found(table[word], () if table[word] == raw.value else fixed(f"“{word}”归一为“{table[word]}”"))

    return read


# --- money -----------------------------------------------------------------------------------------------------------


def amount(raw: Raw, moment: Moment) -> Found:
    """Yuan to the fen. A refused amount leaves its `estimate` in `more`, since it takes part in the control totals."""
    return _money(raw, moment, "金额", amounts.CENT)


def unit_price(raw: Raw, moment: Moment) -> Found:
    """Yuan a piece, to the ten-thousandth."""
    return _money(raw, moment, "单价", amounts.PRICE_STEP)


def _money(raw: Raw, moment: Moment, what: str, step: Decimal) -> Found:
    if raw.blank:
        return nothing(raw)
    if isinstance(raw.value, Decimal):
        notes = fixed(f"{what}按表头的单位换算成元") if moment.worth != 1 else ()
        return _rounded(raw.value * moment.worth, notes, what, step)
    if not isinstance(raw.value, str):
        return Found(None, reject(f"{what}写成了日期“{raw.text}”"))
    try:
        value = amounts.parse(raw.value, moment.worth)
    except amounts.NotAnAmount:
        return _refused(half(raw.value), moment, what)
    as_number = not raw.typed and re.fullmatch(r"-?\d+(\.\d+)?", raw.value) and moment.worth == 1
    return _rounded(value, () if as_number else fixed(f"{what}“{raw.value.strip()}”"), what, step)


def _rounded(value: Decimal, notes: Notes, what: str, step: Decimal) -> Found:
    if abs(value) >= _UNBELIEVABLE:
        return Found(None, reject(f"{what}“{value:f}”大得不像真的，请核对"))
    rounded = value.quantize(step, ROUND_HALF_UP)
    if abs(rounded - value) > Decimal("0.000001"):  # less is what a spreadsheet's own arithmetic leaves behind
        notes += fixed(f"{what}“{value.normalize():f}”四舍五入")
    if rounded < 0:
        return Found(rounded, reject(f"{what}为负"), {"estimate": rounded})
    return Found(rounded, notes)


def _refused(plain: str, moment: Moment, what: str) -> Found:
    """约3000 is worth 3000 in the control totals, (1200.00) minus 1200; anything else nothing."""
    bracketed = re.fullmatch(r"\((.+)\)", plain)
    about = re.fullmatch(r"(?:约|大约|大概|近|估|≈|~)?\s*(.+?)\s*(?:左右|上下|多|余)?\s*元?", plain)
    inner = bracketed[1] if bracketed else about[1] if about else plain
    try:
        value = amounts.parse(inner, moment.worth) * (-1 if bracketed else 1)
    except amounts.NotAnAmount:
        return Found(None, reject(f"{what}“{plain}”看不懂，请填数字"))
    why = f"{what}为负" if bracketed else f"{what}写“{plain}”，请填准确的数字"
    return Found(None, reject(why), {"estimate": value} if abs(value) < _UNBELIEVABLE else {})


# --- quantities ------------------------------------------------------------------------------------------------------

_COUNTED = re.compile(
    r"(?:共|计)?\s*([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d+)?)\s*\(?((?![余多来几约左])[^\d\s.,+*×xX()]{0,4})\)?"
)
_PACKED = re.compile(r"(\d+)\s*([^\d\s(]{1,3})\s*\(\s*(?:每|一|1)?\s*\2?\s*(\d+)\s*([^\d\s)]{1,3})\s*(?:/\s*\2)?\s*\)")
_LOT = warn("数量写“一批”")
_IN_WORDS = re.compile(r"([一二两三四五六七八九十百壹贰叁肆伍陆柒捌玖拾佰]+)\s*([^\d\s]{1,3})?")


def quantity(raw: Raw, moment: Moment) -> Found:
    """How many; the unit that was written with the number is `unit_written` in `more`."""
    if isinstance(raw.value, Decimal):
        return _some(raw.value, ())
    if raw.blank:
        return nothing(raw)
    plain = half(tidy(raw.text))
    if found := _COUNTED.fullmatch(plain):
        as_number = not raw.typed and plain == raw.value and not found[2]
        notes = () if as_number else _LOT if found[2] == "批" else fixed(f"数量“{raw.text.strip()}”")
        return _some(Decimal(found[1].replace(",", "")), notes, found[2])
    if found := _PACKED.fullmatch(plain):
        total = Decimal(found[1]) * Decimal(found[3])
        return _some(total, warn(f"数量“{plain}”按 {total:f}{found[4]} 登记"), found[4])
    if (found := _IN_WORDS.fullmatch(plain)) and (number := _chinese_number(found[1])):
        notes = _LOT if found[2] == "批" else fixed(f"数量“{plain}”")
        return _some(Decimal(number), notes, found[2] or "")
    return Found(None, reject(f"数量写“{plain}”，请填数字"))


def _some(value: Decimal, notes: Notes, unit: str = "") -> Found:
    if abs(value) >= _UNBELIEVABLE:
        return Found(None, reject(f"数量“{value:f}”大得不像真的，请核对"))
    whole = value.to_integral_value()
    value = whole if whole == value else value.quantize(amounts.QUANTITY_STEP, ROUND_HALF_UP)
    if value <= 0:
        return Found(value, reject("数量为负" if value < 0 else "数量为 0"))
    return Found(value, notes, {"unit_written": unit} if unit else {})


def _chinese_number(words: str) -> int:
    try:
        return int(amounts.parse_yuan_words(f"{words}元"))
    except amounts.NotAnAmount:
        return 0


def integer(raw: Raw, moment: Moment) -> Found:
    """A whole number such as a life in months; anything else is told and left out."""
    if raw.blank:
        return nothing(raw)
    found = re.fullmatch(r"(\d+)(?:\.0+)?\s*[^\d\s.]{0,3}", half(raw.text))
    if not found:
        return Found(None, warn(f"“{raw.text.strip()}”不是整数，没有读"))
    clean = isinstance(raw.value, Decimal) or (not raw.typed and raw.text.isdigit())
    return Found(int(found[1]), () if clean else fixed(f"“{raw.text.strip()}”读作 {found[1]}"))
