"""What comes back: loans, goods that were not needed, and slips that were wrong and are reversed, never edited."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from tests.purchasing.examples import delivered
from tests.scenarios.test_disposal import sound
from tests.scenarios.test_stores import figure, held, issued_again
from tests.signing import SIGNATURE
from tests.stores.examples import DUE, asked, issued, item, lent, quota, some, stocked
from tests.world import NOW, TODAY, World
from zongwu.kernel import scope
from zongwu.kernel.errors import Refused
from zongwu.stores import actions, queries, steps
from zongwu.stores.models import Move, Requisition, Slip

pytestmark = pytest.mark.django_db


def test_what_was_borrowed_comes_back_and_who_leaves_is_asked(world: World) -> None:
    slip = lent(world)
    with scope.active(world.school):
        assert queries.of_person(world.people["class_teacher"]) == "还有 1 张借用单没有还清"
        assert Slip.objects.overdue(DUE).count() == 0
        assert Slip.objects.overdue(date(2026, 12, 2)).count() == 1
    with pytest.raises(Refused, match="新期限要晚于"):
        actions.extend_loan(world.ctx("storekeeper"), slip, due_on=DUE)
    with pytest.raises(Refused, match="已经过去的日子"):
        actions.extend_loan(
            world.ctx("storekeeper", now=NOW + timedelta(days=30)), slip, due_on=DUE + timedelta(days=1)
        )
    with pytest.raises(Refused, match="一年之内"):
        actions.extend_loan(world.ctx("storekeeper"), slip, due_on=date(2028, 1, 1))
    actions.extend_loan(world.ctx("storekeeper"), slip, due_on=date(2026, 12, 31), reason="演出推迟")
    with scope.active(world.school):
        assert Slip.objects.overdue(date(2026, 12, 2)).count() == 0
    actions.return_goods(world.ctx("storekeeper"), slip, lines=some(world, 1))
    with scope.active(world.school):
        assert Slip.objects.lent().count() == 1
        (line,) = Move.objects.out()
        assert line.left == 1
    with pytest.raises(Refused, match="退的比还在外面的多"):
        actions.return_goods(world.ctx("storekeeper"), slip, lines=some(world, 2))
    actions.return_goods(world.ctx("storekeeper"), slip)
    with scope.active(world.school):
        assert not Slip.objects.lent().exists()
    with pytest.raises(Refused, match="全退回来了"):
        actions.return_goods(world.ctx("storekeeper"), slip)
    sound(world)


def test_a_wrong_slip_is_reversed_never_edited(world: World) -> None:
    slip = issued(world, 30)
    back = actions.reverse_slip(world.ctx("head"), slip, reason="领错了人")
    assert (back.form, back.value, held(world)) == ("correct", slip.value, (100, Decimal("2000.00")))
    assert figure(world, "stores.issues") == 0
    with pytest.raises(Refused, match="已经冲销过"):
        actions.reverse_slip(world.ctx("head"), slip, reason="再来")
    sound(world)


def test_a_receipt_of_which_some_is_gone_is_not_reversed(world: World) -> None:
    receipt = stocked(world, 10)
    issued_again(world, 4)
    with pytest.raises(Refused, match="只有 6 包，不够 10 包"):
        actions.reverse_slip(world.ctx("head"), receipt, reason="写错")
    assert held(world) == (6, Decimal("120.00"))
    sound(world)


def test_a_receipt_at_another_price_is_reversed_to_the_fen(world: World) -> None:
    stocked(world, 3, "10")
    wrong = stocked(world, 3, "29")
    issued_again(world, 2)
    actions.reverse_slip(world.ctx("head"), wrong, reason="单价写错")
    pieces, yuan = held(world)
    assert pieces == 1
    assert yuan >= 0
    sound(world)


def test_a_return_that_was_reversed_did_not_happen(world: World) -> None:
    slip = lent(world)
    back = actions.return_goods(world.ctx("storekeeper"), slip)
    actions.reverse_slip(world.ctx("head"), back, reason="其实没还")
    with scope.active(world.school):
        assert Slip.objects.lent().count() == 1
    actions.return_goods(world.ctx("storekeeper"), slip)
    assert held(world)[0] == 100
    sound(world)


def test_a_slip_that_another_paper_made_is_not_reversed_alone(world: World) -> None:
    order = delivered(world)
    with scope.active(world.school):
        slip = Slip.objects.get(paper_number=order.number)
        assert slip.keeper == world.people["storekeeper"]
    with pytest.raises(Refused, match="签完自动开的"):
        actions.reverse_slip(world.ctx("head"), slip, reason="冲")


def test_a_keeper_reverses_only_what_he_wrote_today(world: World) -> None:
    slip = stocked(world)
    later = world.ctx("storekeeper", now=NOW + timedelta(days=1))
    with pytest.raises(Refused, match="只能冲销自己当天开的单子"):
        actions.reverse_slip(later, slip, reason="写错")
    actions.reverse_slip(world.ctx("storekeeper"), slip, reason="写错")
    assert held(world)[0] == 0


def test_what_comes_back_is_not_booked_into_a_month_that_is_over(world: World) -> None:
    slip = issued(world, 2)
    with scope.active(world.school):
        Slip.objects.filter(pk=slip.pk).update(on=date(2026, 10, 12))
    with pytest.raises(Refused, match="以前月份的账已经结了"):
        actions.return_goods(world.ctx("storekeeper"), slip, returned_on=date(2026, 10, 20))
    actions.return_goods(world.ctx("storekeeper"), slip, returned_on=TODAY)


def test_a_return_of_last_months_issue_is_no_quota_of_this_month(world: World) -> None:
    quota(world, 5)
    stocked(world)
    slip = actions.issue_goods(
        world.ctx("storekeeper", now=NOW - timedelta(days=42)),
        place=world.store,
        receiver=world.people["class_teacher"],
        lines=some(world, 4),
        signature=SIGNATURE,
    )
    actions.return_goods(world.ctx("storekeeper"), slip)
    with pytest.raises(Refused, match="还能领 5"):
        issued(world, 6)


def test_a_reversed_hand_out_waits_for_the_keeper_again(world: World) -> None:
    request = asked(world)
    slip = actions.hand_out(world.ctx("storekeeper"), request, told=request.code).slip
    actions.reverse_slip(world.ctx("head"), slip, reason="发错了人")
    with scope.active(world.school):
        request = Requisition.objects.get()
    assert request.stage == "待领取"
    actions.hand_out(world.ctx("storekeeper"), request, told=request.code)
    sound(world)


def test_what_is_lent_out_is_not_closed(world: World) -> None:
    lent(world)
    actions.write_off_goods(world.ctx("head"), place=world.store, lines=some(world, 98), on=TODAY, purpose="受潮")
    with pytest.raises(Refused, match="借出去没还"):
        actions.close_item(world.ctx("storekeeper"), item(world))


def test_a_receipt_by_which_more_went_back_is_worth_less_than_nothing(world: World) -> None:
    came, back = Move(to_place=world.store, value=Decimal(30)), Move(from_place=world.store, value=Decimal(50))
    assert steps.worth(Slip(form="receipt"), [came, back]) == Decimal(-20)
    assert steps.worth(Slip(form="issue"), [back]) == Decimal(50)
