"""Arithmetic of the ledger: batches, cost, packings; and how an item is meant by a word."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.stores.examples import item
from tests.world import World
from zongwu.kernel import scope
from zongwu.stores import queries, rules


@dataclass
class Batch:
    lot: str
    expires_on: date | None
    quantity: Decimal
    value: Decimal


amounts = st.integers(1, 10**7).map(lambda n: Decimal(n) / 1000)
fen = st.integers(0, 10**8).map(lambda n: Decimal(n) / 100)
batches = st.lists(
    st.builds(Batch, st.just(""), st.dates(date(2026, 1, 1), date(2030, 1, 1)) | st.none(), amounts, fen), max_size=6
)


@given(batches, amounts)
def test_what_is_picked_adds_up_and_no_batch_gives_more_than_it_has(lying: list[Batch], wanted: Decimal) -> None:
    taken = rules.pick(lying, wanted)
    assert sum((one.quantity for one in taken), Decimal(0)) == min(
        wanted, sum((one.quantity for one in lying), Decimal(0))
    )
    for one in taken:
        batch = lying[one.at]
        assert 0 < one.quantity <= batch.quantity
        assert 0 <= one.value <= batch.value
        assert (one.quantity < batch.quantity) or one.value == batch.value
    assert len({one.at for one in taken}) == len(taken)


@given(batches)
def test_what_expires_first_goes_first(lying: list[Batch]) -> None:
    days = [lying[one.at].expires_on or date.max for one in rules.pick(lying, Decimal(10**9))]
    assert days == sorted(days)


@given(st.lists(amounts, min_size=1, max_size=8), fen)
def test_taken_piece_by_piece_a_batch_costs_what_it_cost(parts: list[Decimal], value: Decimal) -> None:
    batch = Batch("", None, sum(parts, Decimal(0)), value)
    spent = Decimal(0)
    for part in parts:
        (one,) = rules.pick([batch], part)
        batch.quantity, batch.value, spent = batch.quantity - one.quantity, batch.value - one.value, spent + one.value
    assert (batch.quantity, batch.value, spent) == (0, 0, value)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("箱=20、件=100", {"箱": 20, "件": 100}),
        ("1箱=20包", {"箱": 20}),
        ("", {}),
        ("盒 = 12.5", {"盒": Decimal("12.5")}),
    ],
)
def test_packings_are_read(text: str, said: dict[str, int]) -> None:
    assert rules.packings(text, "包") == said


@pytest.mark.parametrize("text", ["箱", "箱=0", "箱=20支", "包=3", "箱=很多"])
def test_packings_that_nobody_can_count(text: str) -> None:
    with pytest.raises(ValueError, match=r"箱|包"):
        rules.packings(text, "包")


@pytest.mark.parametrize(("text", "many"), [("20", 20), ("2箱", 40), ("3 包", 3), ("0.5箱", 10)])
def test_quantities_in_whatever_unit(text: str, many: int) -> None:
    assert rules.in_pieces(text, "包", {"箱": Decimal(20)}) == many


@pytest.mark.parametrize("text", ["半箱", "2盒", "若干", "", "1e3", "2箱3包", "9" * 13])
def test_an_unknown_unit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"看不懂|没有"):
        rules.in_pieces(text, "包", {"箱": Decimal(20)})


@pytest.mark.django_db
@pytest.mark.parametrize("word", ["A4 复印纸 70g", "A4复印纸70g", "A4 复印纸", "A4复印纸", "WP-2026-0001"])
def test_an_item_is_meant_by_number_or_name_with_or_without_spaces(world: World, word: str) -> None:
    item(world)
    with scope.active(world.school):
        assert [str(one) for one in queries.named([word])[word]] == ["A4 复印纸 70g"]
        assert queries.named(["复印"])["复印"] == []


@pytest.mark.parametrize(
    ("text", "sizes"), [("999999999", {}), ("0.5角", {"角": Decimal("0.333")}), ("90000000箱", {"箱": Decimal(20)})]
)
def test_what_cannot_be_kept_is_refused(text: str, sizes: dict[str, Decimal]) -> None:
    with pytest.raises(ValueError, match="太大，或者小数太细"):
        rules.in_pieces(text, "包", sizes)
