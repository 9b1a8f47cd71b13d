"""Arithmetic of the ledger: which batch goes first, what it costs, how many pieces a box is. No ORM, no clock."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple, Protocol

CENT = Decimal("0.01")
MOST = Decimal(10**8)
"""Pieces, or yuan a piece: beyond this somebody leant on a key."""


class Lying(Protocol):
    """A batch in a storeroom: pieces and yuan."""

    lot: str
    expires_on: date | None
    quantity: Decimal
    value: Decimal


class Taken(NamedTuple):
    """So much of one batch, and what it cost (yuan)."""

    at: int
    """Which of the batches."""
    quantity: Decimal
    value: Decimal


def cost(quantity: Decimal, value: Decimal, wanted: Decimal) -> Decimal:
    """What `wanted` of a batch costs at its average (政府会计准则第1号：加权平均); the last piece takes what is left to the fen."""
    if wanted == quantity:
        return value
    return (value * wanted / quantity).quantize(CENT, ROUND_HALF_UP)


def pick(batches: Sequence[Lying], wanted: Decimal) -> list[Taken]:
    """From which batches to take: what expires first, then as they lie. Less than wanted when there is not enough."""
    order = sorted(range(len(batches)), key=lambda at: (batches[at].expires_on or date.max, at))
    taken = []
    for at in order:
        some = min(wanted, batches[at].quantity)
        if some > 0:
            taken.append(Taken(at, some, cost(batches[at].quantity, batches[at].value, some)))
            wanted -= some
    return taken


_PACKING = re.compile(r"1?\s*(\S+?)\s*[=＝]\s*(\d{1,12}(?:\.\d{1,3})?)\s*(\S*)")


def packings(text: str, unit: str) -> dict[str, Decimal]:
    """`箱=20、件=100` as unit → pieces.

    :raises ValueError: what cannot be read, in a sentence.
    """
    found: dict[str, Decimal] = {}
    for part in re.split(r"[、,，;；\n]+", text):
        if not part.strip():
            continue
        fits = _PACKING.fullmatch(part.strip())
        if fits is None or fits[3] not in ("", unit) or not Decimal(fits[2]):
            raise ValueError(f"「{part.strip()}」要写成 箱=20 的样子，数字是一箱有几{unit}。")
        if fits[1] == unit:
            raise ValueError(f"「{unit}」就是这件物品的单位，包装要另写一种。")
        if Decimal(fits[2]) >= MOST:
            raise ValueError(f"「{part.strip()[:20]}」大得不像真的，请核对。")
        found[fits[1]] = Decimal(fits[2])
    return found


_QUANTITY = re.compile(r"(-?\d{1,12}(?:\.\d{1,3})?)\s*([^\d\s]*)")


def in_pieces(text: str, unit: str, sizes: Mapping[str, Decimal]) -> Decimal:
    """A quantity as people write it (`20`, `2箱`) in the item's own unit.

    :raises ValueError: no number, or a unit that this item does not have; in a sentence.
    """
    fits = _QUANTITY.fullmatch(text.strip())
    if fits is None:
        raise ValueError(f"数量「{text.strip()}」看不懂，请写数字，可以带单位，如 20 或 2箱。")
    number, word = Decimal(fits[1]), fits[2]
    if word in ("", unit) or word in sizes:
        number *= 1 if word in ("", unit) else sizes[word]
        if abs(number) >= MOST or number != number.quantize(Decimal("0.001")):
            raise ValueError(f"数量「{text.strip()[:20]}」太大，或者小数太细，最多到三位小数。")
        return number
    known = "、".join((unit, *sizes))
    raise ValueError(f"没有「{word}」这个单位，这件物品用：{known}。要按{word}收，请先在物品里写上包装，如 {word}=20。")


def closed(on: date, today: date) -> str:
    """Why nothing may be booked on a day, in a sentence; empty where it may: statements of months that are over stand."""
    if on > today:
        return "日期不能在今天以后。"
    if on < today.replace(day=1):
        return f"以前月份的账已经结了，日期最早写到 {today:%Y-%m}-01；更早的旧单子请用导入。"
    return ""
