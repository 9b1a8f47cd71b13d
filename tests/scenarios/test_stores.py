"""A term at the storeroom's counter, as its people: what comes in, who takes it, what comes back, what the month's book says."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from tests.purchasing.examples import ordered
from tests.scenarios.test_disposal import sound
from tests.signing import SIGNATURE, sign, state_of
from tests.stores.examples import asked, issued, item, quota, sent_back, some, stocked
from tests.ui.conftest import client_of
from tests.world import TODAY, World
from zongwu.kernel import scope
from zongwu.kernel.accounts import Grant, Role
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.kernel.figures import FIGURES, Window
from zongwu.kernel.tokens import issue_token
from zongwu.school.models import Place
from zongwu.stores import actions, queries
from zongwu.stores.models import Balance, Item, Slip
from zongwu.stores.steps import Line

pytestmark = pytest.mark.django_db


def held(world: World, name: str = "A4 复印纸") -> tuple[Decimal, Decimal]:
    """Pieces and yuan in store."""
    with scope.active(world.school):
        found = Item.objects.with_stock().get(name=name)
    return found.held, found.worth


def figure(world: World, key: str) -> object:
    with scope.active(world.school):
        return FIGURES[key].value(Window(date(2026, 8, 1), date(2027, 1, 31))).number


@pytest.mark.seed("R1.15", "R6.02")
def test_from_the_delivery_to_the_months_book(world: World) -> None:
    stocked(world, 100, "20")
    stocked(world, 100, "22")
    assert held(world) == (200, Decimal("4200.00"))
    slip = actions.issue_goods(
        world.ctx("storekeeper"),
        place=world.store,
        receiver=world.people["class_teacher"],
        lines=some(world, 50),
        signature=SIGNATURE,
    )
    assert (slip.value, slip.school_class, slip.number) == (
        Decimal("1050.00"),
        world.class_31,
        "CK-2026-0001",
    )  # at the average of 21
    actions.return_goods(world.ctx("storekeeper"), slip, lines=some(world, 10))
    assert held(world) == (160, Decimal("3360.00"))
    with scope.active(world.school):
        (line,) = queries.statement(world.store, date(2026, 11, 1), date(2026, 11, 30))
    assert (line.begins, line.came, line.went, line.ends) == (0, 210, 50, 160)
    assert line.ends_value == Decimal("3360.00")
    assert (figure(world, "stores.issues"), figure(world, "stores.issues_signed")) == (1, Decimal("100.0"))
    assert figure(world, "stores.issued_value") == Decimal("1050.00")
    sound(world)


def test_a_box_is_twenty_packets_and_what_expires_first_goes_first(world: World) -> None:
    ctx, glue = world.ctx("storekeeper"), item(world, "胶水", unit="瓶", spec="")
    lines = [
        Line(glue, Decimal(10), Decimal(2), lot="B", expires_on=date(2027, 6, 1)),
        Line(glue, Decimal(10), Decimal(3), lot="A", expires_on=date(2027, 1, 1)),
    ]
    actions.receive_goods(ctx, place=world.store, lines=lines, on=TODAY)
    slip = actions.issue_goods(
        ctx, place=world.store, receiver=world.people["worker"], lines=[Line(glue, Decimal(12))], signature=SIGNATURE
    )
    with scope.active(world.school):
        assert [(move.lot, move.quantity, move.value) for move in slip.moves.order_by("seq")] == [
            ("A", 10, 30),
            ("B", 2, 4),
        ]
    sound(world)


def test_more_than_there_is_cannot_go_out(world: World) -> None:
    stocked(world, 5)
    with pytest.raises(Refused, match="只有 5 包，不够 6 包"):
        issued_again(world, 6)
    assert held(world) == (5, Decimal("100.00"))
    sound(world)


def issued_again(world: World, many: int) -> Slip:
    return actions.issue_goods(
        world.ctx("storekeeper"),
        place=world.store,
        receiver=world.people["class_teacher"],
        lines=some(world, many),
        signature=SIGNATURE,
    )


def test_nobody_serves_himself_and_nothing_goes_out_unsigned(world: World) -> None:
    stocked(world)
    with pytest.raises(Refused, match="领和发不能是同一个人"):
        actions.issue_goods(
            world.ctx("storekeeper"),
            place=world.store,
            receiver=world.people["storekeeper"],
            lines=some(world),
            signature=SIGNATURE,
        )
    with pytest.raises(Refused, match="还没有签名"):
        actions.issue_goods(
            world.ctx("storekeeper"), place=world.store, receiver=world.people["worker"], lines=some(world)
        )
    assert held(world)[0] == 100


def test_above_the_quota_it_is_approved_first(world: World) -> None:
    quota(world, 5)
    slip = issued(world, 4)
    with scope.active(world.school):
        assert slip.department == world.office
    with pytest.raises(Refused, match="每月定额 5 包，已领 4，还能领 1"):
        issued_again(world, 2)
    request = asked(world, 2)
    assert (state_of(request), request.above[:4]) == ("running", "A4 复")
    with pytest.raises(Refused, match="还没有批下来"):
        actions.hand_out(world.ctx("storekeeper"), request, signature=SIGNATURE)
    sign(world, "head", request)
    actions.hand_out(world.ctx("storekeeper"), request, signature=SIGNATURE)
    assert figure(world, "stores.issues") == 2
    sound(world)


def test_sent_back_and_asked_again_within_the_quota(world: World) -> None:
    request = sent_back(world)
    again = actions.revise_requisition(world.ctx("class_teacher"), request, lines=some(world, 3))
    assert (state_of(again), again.stage) == ("approved", "待领取")
    sound(world)


def test_the_code_that_only_the_asker_sees_hands_it_out(world: World) -> None:
    request = asked(world)
    with pytest.raises(Refused, match="取货码不对"):
        actions.hand_out(world.ctx("storekeeper"), request, told="x")
    with pytest.raises(Refused, match="领和发不能是同一个人"):
        mine = actions.ask_for_goods(world.ctx("storekeeper"), place=world.store, lines=some(world))
        actions.hand_out(world.ctx("storekeeper"), mine, told=mine.code)
    actions.hand_out(world.ctx("storekeeper"), request, told=request.code)
    with scope.active(world.school):
        assert request.slip is None  # this one was read before
        assert Slip.objects.get(form="issue").confirmed
    sound(world)


def test_new_goods_and_a_paper_entered_twice_are_asked_about(world: World) -> None:
    ctx, mop = world.ctx("storekeeper"), Item(name="拖把", unit="把")
    given = {"place": world.store, "on": TODAY, "supplier": world.supplier, "paper_number": "NO.0000124"}
    with pytest.raises(NeedsConfirmation, match="新物品，打勾就添进目录：拖把（把）"):
        actions.receive_goods(ctx, lines=[Line(mop, Decimal(5), Decimal(12))], **given)
    actions.receive_goods(ctx, lines=[Line(mop, Decimal(5), Decimal(12))], confirmed=True, **given)
    assert held(world, "拖把") == (5, 60)
    with pytest.raises(NeedsConfirmation, match="已经入过库（RK-2026-0001）"):
        actions.receive_goods(ctx, lines=[Line(item(world, "拖把"), Decimal(5), Decimal(12))], **given)
    sound(world)


def test_goods_change_storeroom_at_what_they_cost(world: World) -> None:
    from zongwu.school.actions import add_place

    with scope.active(world.school):
        branch = add_place(world.system(), name="体育器材室", level="storeroom", parent=world.campus)
    stocked(world, 10, "3")
    actions.transfer_goods(world.ctx("storekeeper"), place=world.store, to_place=branch, lines=some(world, 4), on=TODAY)
    with scope.active(world.school):
        assert Balance.objects.get(place=branch).value == 12
        whole = queries.statement(None, date(2026, 11, 1), date(2026, 11, 30))
        assert [(line.came, line.went) for line in whole] == [(10, 0)]
        assert queries.in_place(Place.objects.get(pk=branch.pk)) == "里面还有 1 种存货"
    sound(world)


def test_what_waits_counts_against_the_quota_and_a_class_does_not_hide_it(world: World) -> None:
    quota(world, 5)
    first = asked(world, 4)
    assert state_of(first) == "approved"
    teacher = world.ctx("class_teacher")
    second = actions.ask_for_goods(teacher, place=world.store, lines=some(world, 2), school_class=world.class_31)
    assert (state_of(second), second.above[:2]) == ("running", "A4")
    with pytest.raises(Refused, match="只能记在您自己的部门"):
        actions.ask_for_goods(teacher, place=world.store, lines=some(world, 2), department=world.computing)
    with pytest.raises(Refused, match="只能记在您自己的班级"):
        actions.ask_for_goods(world.ctx("worker"), place=world.store, lines=some(world, 2), school_class=world.class_31)


def test_what_has_expired_is_not_handed_out(world: World) -> None:
    stocked(world, 5, lot="旧", expires_on=date(2026, 11, 1))
    with pytest.raises(Refused, match="已过期的不发"):
        issued_again(world, 1)
    actions.write_off_goods(
        world.ctx("head"), place=world.store, lines=[Line(item(world), Decimal(5), lot="旧")], on=TODAY, purpose="过期"
    )
    assert held(world)[0] == 0
    sound(world)


def test_a_program_cannot_hand_out_without_code_or_signature(world: World) -> None:
    request = asked(world)
    issued_token = issue_token(world.system(), person=world.people["storekeeper"], name="程序", writes=True)
    client = Client(headers={"Authorization": f"Bearer {issued_token.token}"})
    url = f"/api/{world.school.code}/stores/requisitions/{request.pk}/do/hand_out"
    assert client.post(url, data={}, content_type="application/json").status_code == 409
    assert state_of(request) == "approved"
    assert request.code not in client.get(f"/api/{world.school.code}/stores/requisitions/{request.pk}").content.decode()


@pytest.mark.parametrize("on", [date(2026, 10, 31), date(2026, 11, 24)])
def test_a_month_that_is_over_stays(world: World, on: date) -> None:
    with pytest.raises(Refused, match=r"以前月份的账已经结了|不能在今天以后"):
        actions.receive_goods(
            world.ctx("storekeeper"), place=world.store, lines=[Line(item(world), Decimal(1), Decimal(1))], on=on
        )


def test_everybody_who_takes_things_sees_what_there_is_but_not_what_it_cost(world: World) -> None:
    ordered(world, who="storekeeper")
    paper, page = item(world), client_of(world, "class_teacher")
    shown = page.get(f"/{world.school.code}/stores/items/{paper.pk}/").content.decode()
    assert "A4 复印纸" in shown
    assert "南城文具" not in shown


def test_the_price_of_a_whole_box_is_asked_about(world: World) -> None:
    stocked(world, 10, "22")
    given = {"place": world.store, "on": TODAY, "lines": [Line(item(world), Decimal(16), Decimal(176))]}
    with pytest.raises(NeedsConfirmation, match="是不是写成了整箱的价"):
        actions.receive_goods(world.ctx("storekeeper"), **given)


def test_the_code_may_be_typed_as_it_is_shown(world: World) -> None:
    request = asked(world)
    page = client_of(world, "storekeeper")
    url = f"/{world.school.code}/stores/requisitions/{request.pk}/do/hand_out/"
    assert page.post(url, {"told": f"{request.code[:3]} {request.code[3:]}".lower(), "key": "c1"}).status_code == 302


def test_who_keeps_a_branch_sees_its_statement_only(world: World) -> None:
    stocked(world)
    with scope.active(world.school):
        branch = Place.objects.create(
            school=world.school, parent=world.campus, level="storeroom", name="体育室", path="本部/体育室", opened_on=TODAY,
            keeper=world.people["worker"],
        )  # fmt: skip
        role = Role.objects.get(code="worker")
        Grant.objects.create(school=world.school, role=role, permission="stores.read_balance", span="own")
    url = f"/{world.school.code}/stores/statement/"
    assert client_of(world, "worker").get(url).status_code == 404
    actions.transfer_goods(
        world.ctx("storekeeper"), place=world.store, to_place=branch, lines=some(world, 7), on=TODAY, purpose="上课用"
    )
    page = client_of(world, "worker").get(f"{url}?place={world.store.pk}").content.decode()
    assert "体育室" in page
    assert "全部" not in page
    assert "2,000.00" not in page
