"""One purchase goes into many rooms, and where it replaces something, that comes out and is disposed of."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.assets.counts import begun
from tests.assets.rollouts import DUE, panels, planned, rooms_of
from tests.scenarios.test_damage import figure
from tests.scenarios.test_disposal import computers, sound
from tests.ui.conftest import client_of
from tests.world import TODAY, World
from zongwu.assets.actions import (
    draw_handover,
    drop_placement,
    drop_rollout,
    move_asset,
    place_item,
    plan_rollout,
    split_asset,
)
from zongwu.assets.models import Asset, Placement, Rollout, State
from zongwu.kernel import scope
from zongwu.kernel.errors import Forbidden, Refused
from zongwu.school.actions import add_place

pytestmark = pytest.mark.django_db


@pytest.mark.seed("R6.05")
def test_ninety_three_panels_go_into_ninety_three_rooms(world: World) -> None:
    batch = panels(world, 1, quantity=Decimal(93), unit_price=Decimal("18600.005"))[0]
    split_asset(world.ctx("storekeeper"), batch)
    with scope.active(world.school):
        cards = list(Asset.objects.on_books().filter(name="触控一体机").order_by("number"))
        assert Asset.objects.get(pk=batch.pk).void
    assert len(cards) == 93
    assert (sum(card.value for card in cards), {card.quantity for card in cards}) == (batch.value, {1})
    assert max(card.value for card in cards) - min(card.value for card in cards) <= Decimal("0.01")
    with scope.active(world.school):
        building = world.room_101.parent
    for number in range(3, 94):
        add_place(world.system(), name=f"R{number:03d}", level="room", parent=building, code=f"R{number:03d}")
    rollout = plan_rollout(world.ctx("storekeeper"), name="教室装一体机", assets=cards, places=[building], due_on=DUE)
    rooms = rooms_of(world, rollout)
    assert len({one.place_id for one in rooms}) == 93
    for one in rooms[:40]:
        place_item(world.ctx("storekeeper"), one, on=TODAY)
    page = client_of(world, "head").get(f"/cnsx/assets/rollouts/{rollout.pk}/").content.decode()
    assert "40 / 93" in page
    assert "还差 53 件" in page
    assert figure(world, "assets.placed_items") == 40
    for one in rooms[40:]:
        place_item(world.ctx("storekeeper"), one, on=TODAY)
    with scope.active(world.school):
        assert Rollout.objects.get().state == "done"
    sound(world)


@pytest.mark.seed("R5.06")
def test_fifty_old_out_fifty_new_in(world: World) -> None:
    old, new = computers(world, 50), panels(world, 50, name="台式计算机", category="A02010105")
    rollout = plan_rollout(world.ctx("storekeeper"), name="机房换新", assets=new, replaces=old, due_on=DUE)
    for one in rooms_of(world, rollout):
        place_item(world.ctx("storekeeper"), one, on=TODAY)
    with scope.active(world.school):
        assert Asset.objects.filter(pk__in=[card.pk for card in old], state=State.IDLE).count() == 50
        assert (
            Asset.objects.filter(pk__in=[card.pk for card in new], state=State.IN_USE, place=world.room_102).count()
            == 50
        )
    assert figure(world, "assets.placed_replacing") == 50
    client = client_of(world, "storekeeper")
    page = client.get(f"/cnsx/assets/rollouts/{rollout.pk}/").content.decode()
    assert "处置换下来的 50 件" in page
    form = client.get("/cnsx/assets/disposals/new/apply_disposal/", {"asset": ",".join(str(card.pk) for card in old)})
    listed = form.content.decode()
    assert all(card.number in listed for card in old)
    sound(world)


def test_whoever_keeps_the_room_keeps_what_is_put_in(world: World) -> None:
    first, second = rooms_of(world, planned(world))
    place_item(world.ctx("storekeeper"), first, on=TODAY)
    place_item(world.ctx("storekeeper"), second, on=TODAY)
    with scope.active(world.school):
        keepers = [Asset.objects.get(pk=one.asset_id).custodian for one in (first, second)]
    assert keepers == [world.people["class_teacher"], None]


def test_who_leads_it_puts_it_in_and_nobody_else(world: World) -> None:
    rollout = planned(world, leader=world.people["worker"])
    first, second = rooms_of(world, rollout)
    place_item(world.ctx("worker"), second, on=TODAY)
    with pytest.raises(Forbidden):
        place_item(world.ctx("nobody"), first, on=TODAY)
    with scope.active(world.school):
        seen = {
            who: Placement.objects.visible_to(world.ctx(who)).count()
            for who in ("worker", "class_teacher", "principal")
        }
    assert seen == {"worker": 2, "class_teacher": 1, "principal": 2}


def test_what_is_being_counted_stays_where_it_is(world: World) -> None:
    first = rooms_of(world, planned(world, assets=panels(world, place=world.room_101, state="in_use")))[0]
    begun(world)
    with pytest.raises(Refused, match="正在盘点"):
        place_item(world.ctx("storekeeper"), first, on=TODAY)


def test_what_is_on_its_way_is_not_handed_out(world: World) -> None:
    cards = panels(world)
    planned(world, assets=cards)
    with pytest.raises(Refused, match="PF-2026-0001"):
        draw_handover(world.ctx("storekeeper"), form="issue", receiver=world.people["worker"], assets=cards[:1])


def test_what_it_would_replace_is_gone_already(world: World) -> None:
    """The old one was written off meanwhile: the new one goes in all the same."""
    old, new = computers(world, 1), panels(world, 1)
    one = rooms_of(world, planned(world, assets=new, replaces=old))[0]
    with scope.active(world.school):
        Asset.objects.filter(pk=old[0].pk).update(state=State.DISPOSED)
    place_item(world.ctx("storekeeper"), one, on=TODAY)
    with scope.active(world.school):
        assert [Asset.objects.get(pk=card.pk).state for card in (*new, *old)] == [State.IN_USE, State.DISPOSED]


def test_nothing_goes_two_ways(world: World) -> None:
    cards = panels(world)
    said = {"name": "x", "assets": cards, "places": [world.room_101, world.room_102], "due_on": DUE}
    rollout = plan_rollout(world.ctx("storekeeper"), **said)
    with pytest.raises(Refused, match="已经在 PF-2026-0001 上"):
        plan_rollout(world.ctx("storekeeper"), **said)
    drop_rollout(world.ctx("storekeeper"), rollout)
    plan_rollout(world.ctx("storekeeper"), **said)


def test_only_rooms_with_a_class_are_asked_for(world: World) -> None:
    [only] = rooms_of(world, planned(world, assets=panels(world, 1), places=[world.room_101.parent], classrooms=True))
    assert only.place == world.room_101
    with pytest.raises(Refused) as no:
        planned(world, places=[world.room_101.parent], classrooms=True)
    assert "1 间房" in no.value.fields["places"]


def test_one_that_broke_is_left_out_and_the_rest_is_done(world: World) -> None:
    rollout = planned(world)
    first, second = rooms_of(world, rollout)
    place_item(world.ctx("storekeeper"), first, on=TODAY)
    drop_placement(world.ctx("storekeeper"), second, reason="屏碎了，退货")
    with scope.active(world.school):
        assert Rollout.objects.get().state == "done"
    with pytest.raises(Refused, match="不能在今天以后"):
        place_item(world.ctx("storekeeper"), rooms_of(world, planned(world))[0], on=date(2030, 1, 1))


def test_nothing_goes_into_a_room_that_was_closed(world: World) -> None:
    first = rooms_of(world, planned(world))[0]
    with scope.active(world.school):
        type(first.place).objects.filter(pk=first.place_id).update(closed_on=TODAY)
    with pytest.raises(Refused, match="已经停用"):
        place_item(world.ctx("storekeeper"), first, on=TODAY)


def test_what_has_a_story_is_not_split(world: World) -> None:
    batch = panels(world, 1, quantity=Decimal(3), place=world.room_101)[0]
    move_asset(world.ctx("storekeeper"), batch, place=world.room_102, on=TODAY)
    with pytest.raises(Refused, match="已经有变动记录"):
        split_asset(world.ctx("storekeeper"), batch)


def test_the_treasurys_share_is_split_like_the_value(world: World) -> None:
    batch = panels(
        world, 1, quantity=Decimal(3), unit_price=Decimal(100), fiscal_fund=Decimal(200), finance_number="F1"
    )[0]
    split_asset(world.ctx("storekeeper"), batch)
    with scope.active(world.school):
        pieces = list(Asset.objects.on_books().filter(name=batch.name).order_by("number"))
    assert [one.fiscal_fund for one in pieces] == [Decimal("66.67"), Decimal("66.67"), Decimal("66.66")]
    assert {one.finance_number for one in pieces} == {"F1"}


def test_what_is_on_a_slip_is_not_rolled_out(world: World) -> None:
    draw_handover(world.ctx("storekeeper"), form="issue", receiver=world.people["worker"], assets=[world.laptop])
    with pytest.raises(Refused, match="已经在"):
        planned(world, assets=[world.laptop], places=[world.room_101])


def test_a_batch_is_split_first(world: World) -> None:
    batch = panels(world, 1, quantity=Decimal(2))
    with pytest.raises(Refused, match="拆成单件"):
        plan_rollout(world.ctx("storekeeper"), name="x", assets=batch, places=[world.room_101], due_on=DUE)


@pytest.mark.parametrize("quantity", ["1", "2.5", "501"])
def test_what_cannot_be_split(world: World, quantity: str) -> None:
    card = panels(world, 1, quantity=Decimal(quantity))[0]
    with pytest.raises(Refused):
        split_asset(world.ctx("storekeeper"), card)
    with scope.active(world.school):
        assert not Asset.objects.get(pk=card.pk).void


def test_the_old_ones_are_named_by_their_numbers(world: World) -> None:
    old, new = computers(world, 3), panels(world, 3)
    first, last = old[0].number, old[2].number
    said = {
        "key": "k", "name": "换新", "assets": [card.pk for card in new], "replaces": f"{first}~{last[-4:]}", "due_on": DUE.isoformat(),
    }  # fmt: skip
    answer = client_of(world, "storekeeper").post("/cnsx/assets/rollouts/new/plan_rollout/", said)
    assert answer.status_code == 302, answer.content.decode()[:4000]
    with scope.active(world.school):
        assert {one.old_id for one in Placement.objects.all()} == {card.pk for card in old}
    wrong = client_of(world, "storekeeper").post(
        "/cnsx/assets/rollouts/new/plan_rollout/", said | {"key": "l", "replaces": "ZC-1990-0001"}
    )
    assert "找不到这些编号：ZC-1990-0001" in wrong.content.decode()
