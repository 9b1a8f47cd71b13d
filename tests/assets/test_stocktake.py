"""Counting: what a scan says, what the differences are, and what becomes of the register."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import connection

from tests.scenarios.test_disposal import sound
from tests.signing import SIGNATURE, case_of, sign, state_of
from tests.signing import scan as paper
from tests.world import TODAY, World
from zongwu.assets import counting
from zongwu.assets.actions import (
    apply_disposal,
    begin_stocktake,
    close_stocktake,
    depreciate_month,
    finish_room,
    move_asset,
    plan_stocktake,
    print_labels,
    register_asset,
    resume_stocktake,
    scan_item,
    settle_differences,
    settle_surplus,
    submit_disposal,
    submit_stocktake,
)
from zongwu.assets.models import Asset, Stocktake, StocktakeItem, StocktakeRoom, Surplus
from zongwu.kernel import scope
from zongwu.kernel.codes import valid as codes_of
from zongwu.kernel.errors import NeedsConfirmation, Refused

pytestmark = pytest.mark.django_db
DEADLINE = date(2026, 12, 4)


def begun(world: World, **changed: Any) -> Stocktake:
    plan = {
        "name": "2026 年度盘点", "deadline_on": DEADLINE, "places": [], "watcher": world.people["worker"],
        "second_watcher": world.people["class_teacher"],
    } | changed  # fmt: skip
    stocktake = plan_stocktake(world.ctx("storekeeper"), **plan)
    return begin_stocktake(world.ctx("storekeeper"), stocktake)


def room(world: World, stocktake: Stocktake, place: Any) -> StocktakeRoom:
    with scope.active(world.school):
        found: StocktakeRoom = StocktakeRoom.objects.get(stocktake=stocktake, place=place)
        return found


def items(world: World, stocktake: Stocktake) -> dict[str, StocktakeItem]:
    with scope.active(world.school):
        return {
            row.asset.number: row for row in StocktakeItem.objects.filter(stocktake=stocktake).select_related("asset")
        }


def said(world: World, where: StocktakeRoom, code: str, **more: Any) -> str:
    return str(scan_item(world.ctx("storekeeper"), where, code=code, **more).said)


def card(world: World, name: str, place: Any, **more: Any) -> Asset:
    fields = {
        "category": "A02020200", "quantity": Decimal(1), "unit_price": Decimal(500), "acquired_on": date(2024, 9, 1), "unit": "台",
    } | more  # fmt: skip
    return register_asset(world.system(), name=name, place=place, department=world.office, **fields)


def test_what_a_scan_says(world: World) -> None:
    stocktake = begun(world)
    here, there = room(world, stocktake, world.room_101), room(world, stocktake, world.room_102)
    late = card(world, "新到的", world.room_101)
    assert said(world, here, world.projector.number) == "ok"
    assert said(world, here, world.projector.number.lower()) == "again"
    assert said(world, here, world.laptop.number) == "moved"
    assert said(world, there, world.projector.number) == "moved"
    assert said(world, here, late.number) == "outside"
    assert said(world, here, "ZC-1999-9999") == "unknown"
    assert scan_item(world.ctx("storekeeper"), here, note="旧音箱").said == "surplus"
    with pytest.raises(Refused):
        scan_item(world.ctx("storekeeper"), here)


def test_a_label_is_read_as_an_address_and_as_its_characters(world: World) -> None:
    print_labels(world.ctx("storekeeper"), assets=[world.projector.pk, world.laptop.pk])
    with scope.active(world.school):
        codes = codes_of("asset", [world.projector.pk, world.laptop.pk])
    here = room(world, begun(world), world.room_101)
    assert said(world, here, f"https://zongwu.example/p/{codes[world.projector.pk]}") == "ok"
    assert said(world, here, codes[world.laptop.pk].lower()) == "moved"


def test_a_scan_asks_few_questions(world: World, django_assert_num_queries: Any) -> None:
    here = room(world, begun(world), world.room_101)
    ctx = world.ctx("storekeeper", key="phone-1")
    # the journal's subjects go past Django's cursor on SQLite; the savepoint stands for BEGIN and COMMIT
    with django_assert_num_queries(8 + 2 - (connection.vendor == "sqlite")):
        scan_item(ctx, here, code=world.projector.number)


def test_one_key_is_one_scan(world: World) -> None:
    here = room(world, begun(world), world.room_101)
    first = scan_item(world.ctx("storekeeper", key="k"), here, code=world.projector.number)
    again = scan_item(world.ctx("storekeeper", key="k"), here, code=world.projector.number)
    assert first.pk == again.pk
    with scope.active(world.school):
        assert here.scans.count() == 1


@pytest.mark.seed("R1.07")
def test_a_count_from_the_plan_to_the_register(world: World) -> None:
    fan, lost, desks = (
        card(world, "风扇", world.room_101), card(world, "不见的", world.room_102),
        card(world, "课桌", world.room_102, quantity=Decimal(45)),
    )  # fmt: skip
    stocktake = begun(world)
    here, there = room(world, stocktake, world.room_101), room(world, stocktake, world.room_102)
    for code in (world.projector.number, world.laptop.number):
        said(world, here, code)
    said(world, there, fan.number)
    said(world, there, desks.number, quantity=Decimal(43))
    said(world, there, "没见过的编号")
    scan_item(world.ctx("storekeeper"), there, note="旧音箱")
    finish_room(world.ctx("class_teacher"), here, signature=SIGNATURE)
    with pytest.raises(NeedsConfirmation, match="102"):
        close_stocktake(world.ctx("storekeeper"), stocktake)
    finish_room(world.ctx("storekeeper"), there)
    close_stocktake(world.ctx("storekeeper"), stocktake)
    with pytest.raises(Refused):
        said(world, here, fan.number)
    results = {number: row.result for number, row in items(world, stocktake).items()}
    assert results == {
        world.projector.number: "match", world.laptop.number: "moved", fan.number: "moved", lost.number: "short", desks.number: "fewer",
    }  # fmt: skip
    with pytest.raises(Refused, match="6 条"):
        submit_stocktake(world.ctx("storekeeper"), stocktake)
    rows = items(world, stocktake)
    keeper = world.ctx("storekeeper")
    settle_differences(keeper, stocktake, items=[rows[fan.number].pk], answer="follow")
    settle_differences(keeper, stocktake, items=[rows[world.laptop.number].pk], answer="return")
    with pytest.raises(Refused, match="原因"):
        settle_differences(keeper, stocktake, items=[rows[lost.number].pk], answer="loss")
    settle_differences(
        keeper, stocktake, items=[rows[lost.number].pk, rows[desks.number].pk], answer="loss", reason="查无下落"
    )
    with scope.active(world.school):
        unknown, box = Surplus.objects.filter(stocktake=stocktake).order_by("id")
    settle_surplus(keeper, stocktake, surplus=unknown.pk, answer="leave", reason="租来的")
    settle_surplus(
        keeper, stocktake, surplus=box.pk, answer="enter", name="音箱", category="A02091203", value=Decimal(200)
    )
    submit_stocktake(keeper, stocktake)
    assert (state_of(fan), state_of(lost)) == ("in_use", "in_use")
    with scope.active(world.school):
        assert Asset.objects.get(pk=fan.pk).place_id == world.room_101.pk
    for who in ("worker", "class_teacher", "bookkeeper", "head"):
        sign(world, who, stocktake)
    assert case_of(world, stocktake).stage.name == "校长办公会"
    sign(world, "principal", stocktake, reply_number="纪要〔2026〕9 号", held_on=TODAY, paper=paper(world))
    with scope.active(world.school):
        assert Asset.objects.get(pk=fan.pk).place_id == world.room_102.pk
        assert Asset.objects.get(pk=world.laptop.pk).place_id == world.room_102.pk
        left = Asset.objects.get(pk=desks.pk)
        assert (left.quantity, left.value) == (Decimal(43), Decimal("21500.00"))
        entered = Asset.objects.get(name="音箱")
        assert (entered.method, entered.value, entered.place_id) == ("surplus", Decimal(200), world.room_102.pk)
    assert state_of(lost) == "disposed"
    sound(world)


def test_the_run_says_what_one_row_would(world: World) -> None:
    """The statement over all scans and the words that each phone was told agree."""
    cards = [card(world, f"第{n}件", world.room_101 if n % 2 else world.room_102) for n in range(12)]
    stocktake = begun(world)
    rooms = [room(world, stocktake, world.room_101), room(world, stocktake, world.room_102)]
    told = {one.number: said(world, rooms[n % 3 % 2], one.number) for n, one in enumerate(cards)}
    for one in rooms:
        finish_room(world.ctx("storekeeper"), one)
    close_stocktake(world.ctx("storekeeper"), stocktake)
    results = items(world, stocktake)
    words = {"ok": "match", "moved": "moved"}
    assert {number: results[number].result for number in told} == {number: words[word] for number, word in told.items()}


def test_what_moves_while_people_count_is_no_difference(world: World) -> None:
    """The register moved it to the room in which it was found: nothing is lost, nothing differs."""
    stocktake = begun(world, places=[world.room_101, world.room_102])
    here, there = room(world, stocktake, world.room_101), room(world, stocktake, world.room_102)
    with pytest.raises(Refused, match="正在盘点"):
        move_asset(world.ctx("storekeeper"), world.projector, place=world.room_102, on=TODAY)
    finish_room(world.ctx("storekeeper"), here)
    move_asset(world.ctx("storekeeper"), world.projector, place=world.room_102, on=TODAY)
    assert said(world, there, world.projector.number) == "ok"
    finish_room(world.ctx("storekeeper"), there)
    close_stocktake(world.ctx("storekeeper"), stocktake)
    assert items(world, stocktake)[world.projector.number].result == "match"


def test_what_is_being_counted_is_not_disposed_of(world: World) -> None:
    begun(world)
    draft = apply_disposal(world.ctx("storekeeper"), assets=[world.projector], form="loss", reason="丢了")
    with pytest.raises(Refused, match="正在盘点"):
        submit_disposal(world.ctx("storekeeper"), draft)


def test_scanned_in_two_rooms_is_not_moved_blindly(world: World) -> None:
    stocktake = begun(world)
    here, there = room(world, stocktake, world.room_101), room(world, stocktake, world.room_102)
    said(world, there, world.projector.number)
    said(world, here, world.projector.number)
    for one in (here, there):
        finish_room(world.ctx("storekeeper"), one)
    close_stocktake(world.ctx("storekeeper"), stocktake)
    row = items(world, stocktake)[world.projector.number]
    assert (row.result, row.twice) == ("moved", True)
    with pytest.raises(Refused, match="两处"):
        settle_differences(world.ctx("storekeeper"), stocktake, items=[row.pk], answer="follow")


def test_the_sum_closes(world: World) -> None:
    stocktake = begun(world)
    said(world, room(world, stocktake, world.room_101), world.projector.number)
    close_stocktake(world.ctx("storekeeper"), stocktake, confirmed=True)
    with scope.active(world.school):
        found = counting.tally(stocktake)
    assert found["books"] == found["match"] + found["moved"] + found["short"] + found["fewer"] == 2


def counted_and_closed(world: World, *scans: tuple[Any, str, Any]) -> Stocktake:
    """A count of both rooms in which these were scanned: (place, code, quantity)."""
    stocktake = begun(world)
    for place, code, quantity in scans:
        said(world, room(world, stocktake, place), code, quantity=quantity)
    return close_stocktake(world.ctx("storekeeper"), stocktake, confirmed=True)


def approve(world: World, stocktake: Stocktake) -> None:
    submit_stocktake(world.ctx("storekeeper"), stocktake)
    for who in ("worker", "class_teacher", "bookkeeper", "head"):
        sign(world, who, stocktake)
    if case_of(world, stocktake).stage is not None:
        sign(world, "principal", stocktake, reply_number="9", held_on=TODAY, paper=paper(world))


def test_a_part_of_a_batch_that_was_depreciated_is_lost(world: World) -> None:
    computers = card(
        world, "计算机", world.room_101, quantity=Decimal(45), unit_price=Decimal(4000), category="A02010105"
    )
    depreciate_month(world.ctx("bookkeeper"), month=date(2026, 10, 1))
    codes = [
        (world.room_101, computers.number, Decimal(30)),
        (world.room_101, world.projector.number, None),
        (world.room_102, world.laptop.number, None),
    ]
    stocktake = counted_and_closed(world, *codes)
    row = items(world, stocktake)[computers.number]
    settle_differences(world.ctx("storekeeper"), stocktake, items=[row.pk], answer="loss", reason="查无下落")
    approve(world, stocktake)
    with scope.active(world.school):
        left = Asset.objects.get(pk=computers.pk)
        assert (left.quantity, left.value) == (Decimal(30), Decimal("120000.00"))
        assert left.accumulated == sum(charge.amount for charge in left.charges.all())
        assert left.monthly * (left.life_months - left.months_taken) == pytest.approx(
            left.value - left.accumulated, abs=1
        )
    sound(world)


def test_an_answer_does_not_outlive_its_difference(world: World) -> None:
    stocktake = counted_and_closed(world, (world.room_102, world.laptop.number, None))
    lost = items(world, stocktake)[world.projector.number]
    settle_differences(world.ctx("storekeeper"), stocktake, items=[lost.pk], answer="loss", reason="查无下落")
    resume_stocktake(world.ctx("storekeeper"), stocktake)
    said(world, room(world, stocktake, world.room_102), world.projector.number)
    close_stocktake(world.ctx("storekeeper"), stocktake, confirmed=True)
    found = items(world, stocktake)[world.projector.number]
    assert (found.result, found.answer) == ("moved", "")
    with pytest.raises(Refused, match="1 条"):
        submit_stocktake(world.ctx("storekeeper"), stocktake)


def test_scanned_again_and_again_is_counted_once(world: World) -> None:
    desks = card(world, "课桌", world.room_102, quantity=Decimal(45))
    five, ten = Decimal(5), Decimal(10)
    scans = [(world.room_101, desks.number, five), *[(world.room_102, desks.number, ten)] * 4]
    row = items(world, counted_and_closed(world, *scans))[desks.number]
    assert (row.result, row.counted, row.twice) == ("fewer", Decimal(15), True)


def test_what_changed_hands_since_the_closing_is_left_alone(world: World) -> None:
    stocktake = counted_and_closed(
        world, (world.room_102, world.projector.number, None), (world.room_102, world.laptop.number, None)
    )
    row = items(world, stocktake)[world.projector.number]
    settle_differences(world.ctx("storekeeper"), stocktake, items=[row.pk], answer="follow")
    move_asset(world.ctx("storekeeper"), world.projector, place=world.store, on=TODAY)
    approve(world, stocktake)
    with scope.active(world.school):
        assert Asset.objects.get(pk=world.projector.pk).place_id == world.store.pk
    assert "没有再调" in items(world, stocktake)[world.projector.number].reason


@pytest.mark.parametrize("quantity", ["NaN", "Infinity", "1e30", "-1", "0.0001"])
def test_quantities_that_are_none(world: World, quantity: str) -> None:
    with pytest.raises(Refused):
        said(world, room(world, begun(world), world.room_101), world.projector.number, quantity=Decimal(quantity))


@pytest.mark.parametrize(
    "wrong", [{"category": "B1"}, {"value": Decimal("NaN")}, {"value": Decimal(10**14)}, {"quantity": Decimal(0)}]
)
def test_surplus_that_is_no_card(world: World, wrong: dict[str, Any]) -> None:
    stocktake = begun(world)
    scan_item(world.ctx("storekeeper"), room(world, stocktake, world.room_101), note="旧音箱")
    close_stocktake(world.ctx("storekeeper"), stocktake, confirmed=True)
    with scope.active(world.school):
        found = Surplus.objects.get(stocktake=stocktake)
    with pytest.raises(Refused):
        settle_surplus(world.ctx("storekeeper"), stocktake, surplus=found.pk, answer="enter", **wrong)


def test_two_counts_of_one_room(world: World) -> None:
    begun(world)
    with pytest.raises(Refused, match="已经在"):
        begun(world)
