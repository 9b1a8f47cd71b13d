"""The one door from text to amount. Money is fen below and `Decimal` yuan above; float is banned.

人民币大写 follows 《正确填写票据和结算凭证的基本规定》: 整 after 元 and 角, 零 between, never after 分.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import ROUND_HALF_UP, Decimal, InvalidOperation

CENT = Decimal("0.01")
_DIGITS = "零壹贰叁肆伍陆柒捌玖"
_PLAIN = str.maketrans("〇○零一二三四五六七八九两", "0001234567892")


class NotAnAmount(ValueError):
    """The text is not an amount."""


def parse(text: str) -> Decimal:
    """Yuan from what people write: `￥1,280.00`, `1.28万元`, `1280元`, full-width digits.

    :raises NotAnAmount: anything else, such as 约3000 or (1200).
    """
    plain = unicodedata.normalize("NFKC", text).strip()
    plain = re.sub(r"^(人民币|RMB|[¥￥])\s*", "", plain, flags=re.I).replace(",", "").replace("，", "").replace(" ", "")
    found = re.fullmatch(r"([+-]?\d+(?:\.\d*)?|[+-]?\.\d+)(万)?(?:元|圆)?(?:整|正)?", plain)
    if not found:
        raise NotAnAmount(text)
    try:
        number = Decimal(found[1])
    except InvalidOperation as wrong:
        raise NotAnAmount(text) from wrong
    return number * 10000 if found[2] else number


def to_fen(yuan: Decimal) -> int:
    """Yuan → fen, half up to the fen."""
    return int((yuan * 100).quantize(Decimal(1), ROUND_HALF_UP))


def from_fen(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def format_yuan(yuan: Decimal) -> str:
    """`1,234.50`."""
    return f"{yuan.quantize(CENT, ROUND_HALF_UP):,.2f}"


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Divide fen by weights so that the parts sum to the total: the largest remainders get what is left.

    :raises ValueError: no weight, or a negative one.
    """
    whole = sum(weights)
    if whole <= 0 or min(weights) < 0:
        raise ValueError("weights must be positive")
    parts = [abs(total) * weight // whole for weight in weights]
    order = sorted(range(len(weights)), key=lambda i: (-(abs(total) * weights[i] % whole), i))
    for i in order[: abs(total) - sum(parts)]:
        parts[i] += 1
    return [part if total >= 0 else -part for part in parts]


def yuan_in_words(yuan: Decimal) -> str:
    """人民币大写: 1409.50 → 壹仟肆佰零玖元伍角整."""
    fen = to_fen(abs(yuan))
    whole, jiao, cent = fen // 100, fen // 10 % 10, fen % 10
    words = f"{_integer_in_words(whole)}元" if whole else ""
    if jiao:
        words += f"{_DIGITS[jiao]}角"
    elif cent and whole:
        words += "零"
    words += f"{_DIGITS[cent]}分" if cent else "整" if words else "零元整"
    return f"负{words}" if yuan < 0 and fen else words


def _integer_in_words(number: int) -> str:
    words, gap = "", False
    for place, unit in ((12, "万亿"), (8, "亿"), (4, "万"), (0, "")):
        section = number // 10**place % 10**4
        if not section:
            gap = gap or bool(words)
            continue
        if words and (gap or section < 1000):
            words += "零"
        words += _section_in_words(section) + unit
        gap = False
    return words


def _section_in_words(section: int) -> str:
    words, gap = "", False
    for place, unit in ((3, "仟"), (2, "佰"), (1, "拾"), (0, "")):
        digit = section // 10**place % 10
        if not digit:
            gap = gap or bool(words)
            continue
        words += ("零" if gap else "") + _DIGITS[digit] + unit
        gap = False
    return words


_UNITS = {"拾": 10, "十": 10, "佰": 100, "百": 100, "仟": 1000, "千": 1000}


def parse_yuan_words(text: str) -> Decimal:
    """人民币大写 → yuan.

    :raises NotAnAmount: it is not one.
    """
    plain = re.sub(r"^(人民币)?[:：]?|\s|[整正]$", "", text.strip()).replace("圆", "元").replace("两", "贰")
    negative = plain.startswith("负")
    found = re.fullmatch(
        r"(?:(?P<yuan>[零壹贰叁肆伍陆柒捌玖拾佰仟万亿]+)元)?零?(?:(?P<jiao>[零壹贰叁肆伍陆柒捌玖])角)?零?"
        r"(?:(?P<fen>[零壹贰叁肆伍陆柒捌玖])分)?",
        plain.removeprefix("负"),
    )
    if not plain or not found or not any(found.groups()):
        raise NotAnAmount(text)
    total = Decimal(_words_to_integer(found["yuan"] or "零"))
    total += Decimal(_DIGITS.index(found["jiao"] or "零")) / 10 + Decimal(_DIGITS.index(found["fen"] or "零")) / 100
    return -total if negative else total


def _words_to_integer(words: str) -> int:
    """Sections of 万 and 亿, each of at most four digits."""
    for unit, worth in (("亿", 10**8), ("万", 10**4)):
        if unit in words:
            high, _, low = words.rpartition(unit)
            return _words_to_integer(high) * worth + _words_to_integer(low)
    total = digit = 0
    for char in words:
        if char in _UNITS:
            total += (digit or 1) * _UNITS[char]
            digit = 0
        else:
            digit = _DIGITS.index(char)
    return total + digit


def chinese_digits(text: str) -> str:
    """〇一二 as digits, one by one: 二〇一六 → 2016."""
    return text.translate(_PLAIN)
