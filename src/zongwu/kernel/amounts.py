"""The one door from text to amount.

Money is integer fen in the database and `Decimal` yuan in Python; unit prices are integer ten-thousandths of a yuan,
quantities integer thousandths (decisions 14). `float` is banned: where a spreadsheet hands one over, `of_float` takes
the digits that it shows. 人民币大写 follows 《正确填写票据和结算凭证的基本规定》 (中国人民银行, 支付结算办法 附一).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal

CENT = Decimal("0.01")
PRICE_STEP = Decimal("0.0001")
QUANTITY_STEP = Decimal("0.001")
_WORTH = {"千": 10**3, "仟": 10**3, "万": 10**4, "十万": 10**5, "百万": 10**6, "千万": 10**7, "亿": 10**8}
_AMOUNT = re.compile(
    r"(?:人民币|rmb|cny)?\s*(?P<sign>[+-])?\s*¥?\s*"
    r"(?P<number>[+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+)"
    r"\s*(?P<worth>[十百千]?万|[千仟亿])?\s*(?P<yuan>元|圆|块)?\s*[整正]?(?:/\s*[^\d\s]{1,3})?",
    re.IGNORECASE,
)


class NotAnAmount(ValueError):
    """The text is not an amount."""


def of_float(number: float) -> Decimal:
    """The shortest decimal that is this float: what the spreadsheet shows. Only for cells read from a file."""
    return Decimal(repr(number))


def parse(text: str, worth: Decimal = Decimal(1)) -> Decimal:
    """Yuan from what people write: `￥1,280.00`, `1.28万元`, `1280元`, full-width digits, 壹仟贰佰元整.

    A bare number counts in `worth` yuan, for columns headed 万元; a unit in the text itself comes first.

    :raises NotAnAmount: anything else, such as 约3000, (1200) or a misplaced thousands separator (1,28).
    """
    plain = unicodedata.normalize("NFKC", text).replace("−", "-").strip()
    found = _AMOUNT.fullmatch(plain)
    if not found:
        return parse_yuan_words(plain)
    sign, digits = found["sign"], found["number"].replace(",", "")
    if sign and digits[0] in "+-":
        raise NotAnAmount(text)
    number = Decimal(f"{sign or ''}{digits}")
    if found["worth"]:
        return number * _WORTH[found["worth"]]
    return number if found["yuan"] else number * worth


# --- the integers of the database ------------------------------------------------------------------------------------


def to_fen(yuan: Decimal) -> int:
    """Yuan → fen, half up."""
    return _units(yuan, CENT)


def from_fen(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def to_price_units(price: Decimal) -> int:
    """Yuan a piece → ten-thousandths of a yuan, half up."""
    return _units(price, PRICE_STEP)


def from_price_units(units: int) -> Decimal:
    return Decimal(units).scaleb(-4)


def to_thousandths(quantity: Decimal) -> int:
    """A quantity → thousandths, half up."""
    return _units(quantity, QUANTITY_STEP)


def from_thousandths(units: int) -> Decimal:
    return Decimal(units).scaleb(-3)


def _units(number: Decimal, step: Decimal) -> int:
    return int((number / step).quantize(Decimal(1), ROUND_HALF_UP))


# --- as people read them ---------------------------------------------------------------------------------------------


def round_yuan(yuan: Decimal) -> Decimal:
    """To the fen, half up."""
    return yuan.quantize(CENT, ROUND_HALF_UP)


def round_price(price: Decimal) -> Decimal:
    """To the ten-thousandth of a yuan, half up."""
    return price.quantize(PRICE_STEP, ROUND_HALF_UP)


def format_yuan(yuan: Decimal) -> str:
    """`1,234.50`."""
    return f"{round_yuan(yuan):,f}"


def plain_yuan(yuan: Decimal) -> str:
    """`1234.50`, for machines."""
    return f"{round_yuan(yuan):f}"


def plain_price(price: Decimal) -> str:
    """Two to four decimals, as many as are needed: `12.50`, `0.125`."""
    whole, _, decimals = f"{round_price(price):f}".partition(".")
    return f"{whole}.{decimals.rstrip('0'):0<2}"


def plain_quantity(quantity: Decimal) -> str:
    """Without trailing zeros: `12`, `0.5`."""
    text = f"{quantity.quantize(QUANTITY_STEP, ROUND_HALF_UP):f}"
    return text.rstrip("0").rstrip(".")


# --- dividing --------------------------------------------------------------------------------------------------------


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Divide fen by weights so that the parts sum to the total: the largest remainders get what is left.

    :raises ValueError: no weight, or a negative one.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be positive")
    parts = [abs(total) * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda at: (-(abs(total) * weights[at] % whole), at))
    for at in order[: abs(total) - sum(parts)]:
        parts[at] += 1
    return [part if total >= 0 else -part for part in parts]


# --- 人民币大写 ------------------------------------------------------------------------------------------------------

_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_VARIANTS = str.maketrans("一二两三四五六七八九〇○十百千圆园", "壹贰贰叁肆伍陆柒捌玖零零拾佰仟元元")
_SECTION = re.compile(
    r"零?(?:([壹贰叁肆伍陆柒捌玖])仟)?零?(?:([壹贰叁肆伍陆柒捌玖])佰)?零?(?:([壹贰叁肆伍陆柒捌玖]?)(拾))?零?([壹贰叁肆伍陆柒捌玖])?"
)
_WORDS = re.compile(
    r"(?P<minus>负)?(?:(?P<yuan>[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+)元)?零?"
    r"(?:(?P<jiao>[零壹贰叁肆伍陆柒捌玖])角)?零?(?:(?P<fen>[零壹贰叁肆伍陆柒捌玖])分)?[整正]?"
)


def yuan_in_words(yuan: Decimal) -> str:
    """1409.50 → 壹仟肆佰零玖元伍角; 整 after 元 only, 零 where places are left out, 负 before a negative amount."""
    fen = to_fen(abs(yuan))
    whole, jiao, cent = fen // 100, fen // 10 % 10, fen % 10
    if not fen:
        return "零元整"
    words = "负" if yuan < 0 else ""
    words += f"{_integer_in_words(whole)}元" if whole else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif cent and whole:
        words += "零"
    if cent:
        words += f"{_DIGITS[cent]}分"
    return words if jiao or cent else f"{words}整"


def _integer_in_words(number: int) -> str:
    for worth, unit in ((10**8, "亿"), (10**4, "万"), (1000, "仟"), (100, "佰"), (10, "拾")):
        high, low = divmod(number, worth)
        if high:
            gap = "零" if 0 < low < worth // 10 else ""
            return _integer_in_words(high) + unit + gap + (_integer_in_words(low) if low else "")
    return _DIGITS[number]


def parse_yuan_words(text: str) -> Decimal:
    """人民币大写 → yuan; also 一千二百元.

    :raises NotAnAmount: it is not one.
    """
    plain = re.sub(r"^人民币\s*[:：]?|\s", "", text.strip()).translate(_VARIANTS)
    found = _WORDS.fullmatch(plain)
    if not found or not (found["yuan"] or found["jiao"] or found["fen"]):
        raise NotAnAmount(text)
    fen = 100 * _integer_of_words(found["yuan"] or "零", text)
    fen += 10 * _DIGITS.index(found["jiao"] or "零") + _DIGITS.index(found["fen"] or "零")
    return from_fen(-fen if found["minus"] else fen)


def _integer_of_words(words: str, text: str) -> int:
    for unit, worth in (("亿", 10**8), ("万", 10**4)):
        high, found, low = words.rpartition(unit)
        if found:
            if not high.strip("零"):
                raise NotAnAmount(text)
            return _integer_of_words(high, text) * worth + (_integer_of_words(low, text) if low else 0)
    section = _SECTION.fullmatch(words)
    if not section:
        raise NotAnAmount(text)
    thousands, hundreds, tens, ten, ones = section.groups()
    digits = [_DIGITS.index(digit or "零") for digit in (thousands, hundreds, tens or ("壹" if ten else "零"), ones)]
    return int("".join(map(str, digits)))
