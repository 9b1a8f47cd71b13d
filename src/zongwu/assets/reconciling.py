"""The finance bureau's card list, and how it is held against the register. Pure, but for the sheet's own cells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, NamedTuple

from zongwu.kernel.amounts import format_yuan, plain_quantity
from zongwu.kernel.transfer import cells
from zongwu.kernel.transfer.layout import Sheet, SheetColumn
from zongwu.kernel.transfer.reading import Reading
from zongwu.kernel.transfer.runs import IMPORTED

FINANCE = Sheet(
    kind="finance",
    title="财政资产卡片",
    key="no",
    name="name",
    limits={"no": 40, "name": 100},
    columns=[
        SheetColumn(
            "no", "资产编号", ("卡片编号", "财政卡片号", "资产编码", "资产卡片编号", "卡片号", "财政资产编号", "国资编号", "固定资产编号", "编号"),
            cells.code, required=True, ditto=False, fill_down=False,
        ),
        SheetColumn("name", "资产名称", ("固定资产名称", "卡片名称", "名称"), required=True),
        SheetColumn("qty", "数量", ("账面数量", "资产数量", "实有数量"), cells.quantity, ditto=False, fill_down=False),
        SheetColumn(
            "amount", "价值", ("原值", "资产原值", "账面原值", "价值（元）", "资产价值", "金额", "金额（原值）", "原始价值"),
            cells.amount, ditto=False, fill_down=False, money=True,
        ),
    ],
)  # fmt: skip


@dataclass(frozen=True)
class Card:
    """A card of the register, as far as the two sides can be compared."""

    pk: int
    number: str
    finance_number: str
    name: str
    quantity: Decimal
    value: Decimal


class Their(NamedTuple):
    """A row of the finance bureau's list. What the list has no column for is None and is not compared."""

    row: int
    number: str
    name: str
    quantity: Decimal | None
    value: Decimal | None


class Pair(NamedTuple):
    """What stands on either side of one card, and how they differ; both and no word: they are the same."""

    ours: Card | None
    theirs: Their | None
    says: str = ""


class CardList(NamedTuple):
    """The bureau's list as it was read from a file."""

    name: str
    rows: Sequence[Their]
    unread: int = 0
    """Rows that say nothing that could be compared."""


def card_list(name: str, reading: Reading) -> CardList:
    rows = [
        Their(
            row.row,
            row.record.get("no") or "",
            row.record.get("name") or "",
            row.record.get("qty"),
            row.record.get("amount"),
        )
        for row in reading.rows
        if row.record is not None and row.disposition in IMPORTED
    ]
    return CardList(name, rows, sum(row.disposition != "skip" for row in reading.rows) - len(rows))


def compare(cards: Sequence[Card], rows: Sequence[Their]) -> Iterator[Pair]:
    """Every card of either side once. They meet by the finance bureau's number, else by our own, else by name and value where
    only one on each side is left with them.
    """
    by_finance = _grouped(cards)
    by_own = {card.number.upper(): card for card in cards if not card.finance_number}
    left = {card.pk: card for card in (*by_finance.values(), *by_own.values())}
    once: dict[str, Their] = {}
    nameless: list[Their] = []
    for one in rows:
        if not one.number:
            nameless.append(one)
        elif once.setdefault(one.number.upper(), one) is not one:
            yield Pair(None, one, "财政表上这个编号有两行")
    lonely: list[Their] = []
    for number, one in once.items():
        card = by_finance.get(number) or by_own.get(number)
        if card is None:
            lonely.append(one)
        else:
            del left[card.pk]
            yield Pair(card, one, differences(card, one))
    lonely += nameless
    alike = _alone(left.values(), lambda card: (card.name, card.value))
    again = _alone(lonely, lambda one: (one.name, one.value))
    for one in lonely:
        card = alike.get((one.name, one.value)) if again.get((one.name, one.value)) is one else None
        if card is None or card.finance_number:
            yield Pair(None, one)
        else:
            del left[card.pk]
            yield Pair(card, one, f"台账没有填财政卡片号；名称和原值一样，可能就是 {one.number}")
    for card in left.values():
        yield Pair(card, None)


def _grouped(cards: Sequence[Card]) -> dict[str, Card]:
    """The bureau's number → our card; several under one number, such as a batch that was split here, are held against it together."""
    found: dict[str, Card] = {}
    for card in cards:
        number = card.finance_number.upper()
        if not number:
            continue
        first = found.get(number)
        found[number] = (
            card
            if first is None
            else replace(first, quantity=first.quantity + card.quantity, value=first.value + card.value)
        )
    return found


def _alone(rows: Iterable[Any], content: Any) -> dict[Any, Any]:
    """Those of which there is only one with this content."""
    found: dict[Any, Any] = {}
    twice = set()
    for row in rows:
        if content(row) in found:
            twice.add(content(row))
        found[content(row)] = row
    return {key: row for key, row in found.items() if key not in twice}


def differences(card: Card, one: Their) -> str:
    """In words, or nothing."""
    said = []
    if one.name and "".join(card.name.split()) != "".join(one.name.split()):
        said.append(f"名称 台账「{card.name}」财政「{one.name}」")
    if one.value is not None and one.value != card.value:
        said.append(f"原值 台账 {format_yuan(card.value)} 财政 {format_yuan(one.value)}")
    if one.quantity is not None and one.quantity != card.quantity:
        said.append(f"数量 台账 {plain_quantity(card.quantity)} 财政 {plain_quantity(one.quantity)}")
    return "；".join(said)
