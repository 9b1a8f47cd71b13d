"""How things change hands, told by both sides: issue, loan and return, between departments, when a keeper leaves."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.scenarios.test_disposal import computers, sound
from tests.signing import SIGNATURE, case_of, sign, state_of
from tests.world import NOW, TODAY, World
from zongwu.assets.actions import draw_handover, move_asset, renew_loan, return_loan, submit_handover
from zongwu.assets.models import Asset
from zongwu.kernel import scope
from zongwu.kernel.accounts import Holding, Role
from zongwu.kernel.approvals.actions import refuse
from zongwu.kernel.dues import DUES
from zongwu.kernel.errors import Forbidden, Refused
from zongwu.school.models import Appointment

pytestmark = pytest.mark.django_db
DUE = date(2026, 11, 30)


def fresh(row: Any) -> Any:
    with scope.active(row.school_id):
        return type(row).objects.get(pk=row.pk)


def drawn(world: World, who: str = "storekeeper", **slip: Any) -> Any:
    slip = {"form": "issue", "receiver": world.people["class_teacher"], "assets": [world.laptop]} | slip
    return draw_handover(world.ctx(who), **slip)


def lent(world: World) -> Any:
    slip = drawn(world, form="loan", due_on=DUE, reason="公开课")
    submit_handover(world.ctx("storekeeper"), slip)
    sign(world, "class_teacher", slip)
    return slip


def test_one_signature_for_many_things(world: World) -> None:
    cards = computers(world, 12)
    slip = drawn(world, assets=cards, to_place=world.room_101)
    submit_handover(world.ctx("storekeeper"), slip)
    assert fresh(cards[0]).user_id is None
    sign(world, "class_teacher", slip)
    assert {fresh(card).user_id for card in cards} == {world.people["class_teacher"].pk}
    assert {fresh(card).place_id for card in cards} == {world.room_101.pk}
    sound(world)


@pytest.mark.seed("R2.05")
def test_a_loan_is_due_reminded_renewed_and_comes_back(world: World) -> None:
    slip = lent(world)
    assert state_of(world.laptop) == "lent"
    with scope.active(world.school):
        due = DUES["assets.loans_overdue"]
        assert not due.rows(DUE).exists()
        assert [row.pk for row in due.rows(DUE + timedelta(days=1))] == [world.laptop.pk]
    with pytest.raises(Refused):
        renew_loan(world.ctx("storekeeper"), slip, due_on=DUE)
    renew_loan(world.ctx("storekeeper"), slip, due_on=date(2026, 12, 7))
    with pytest.raises(Refused, match="坏在哪里"):
        return_loan(world.ctx("storekeeper"), slip, on=TODAY, condition="broken")
    return_loan(world.ctx("storekeeper"), slip, on=TODAY, condition="broken", note="屏幕裂了")
    back = fresh(world.laptop)
    assert (back.state, back.condition, back.place_id, back.user_id) == ("in_use", "broken", world.room_102.pk, None)
    with pytest.raises(Refused):
        return_loan(world.ctx("storekeeper"), slip, on=TODAY, condition="good")
    sound(world)


def test_what_is_lent_is_not_lent_again(world: World) -> None:
    lent(world)
    with pytest.raises(Refused, match="借出"):
        drawn(world)


def department_head(world: World, who: str, department: Any) -> None:
    with scope.active(world.school):
        person = world.people[who]
        Holding.objects.create(
            school=world.school, person=person, role=Role.objects.get(code="department_head"), from_on=TODAY
        )
        Appointment.objects.filter(person=person).update(department=department)


@pytest.mark.seed("R1.16")
def test_between_departments_both_sides_sign_and_the_office_adjusts_the_register(world: World) -> None:
    department_head(world, "worker", world.computing)
    department_head(world, "class_teacher", world.office)
    with pytest.raises(Refused, match="双方签字"):
        move_asset(world.ctx("storekeeper"), world.laptop, place=world.room_101, department=world.office, on=TODAY)
    slip = drawn(world, form="transfer", to_department=world.office, to_place=world.room_101)
    submit_handover(world.ctx("storekeeper"), slip)
    sign(world, "worker", slip)
    sign(world, "class_teacher", slip)
    assert fresh(world.laptop).department_id == world.computing.pk
    assert case_of(world, slip).stage.name == "总务处调账"
    sign(world, "head", slip)
    moved = fresh(world.laptop)
    assert (moved.department_id, moved.place_id) == (world.office.pk, world.room_101.pk)
    sound(world)


def test_a_department_without_a_head_goes_to_the_administrator(world: World) -> None:
    slip = drawn(world, form="transfer", to_department=world.office)
    submit_handover(world.ctx("storekeeper"), slip)
    with pytest.raises(Refused, match="转交"):
        sign(world, "administrator", slip)


def test_a_keeper_leaves_and_hands_over_everything_in_one_paper(world: World) -> None:
    teacher, next_one = world.people["class_teacher"], world.people["worker"]
    slip = draw_handover(
        world.ctx("class_teacher"),
        form="leave",
        giver=teacher,
        receiver=next_one,
        witness=world.people["head"],
        reason="换班主任",
    )
    submit_handover(world.ctx("class_teacher"), slip, signature=SIGNATURE)
    with pytest.raises((Refused, Forbidden)):
        sign(world, "head", slip)
    sign(world, "worker", slip)
    sign(world, "head", slip)
    kept = fresh(world.projector)
    assert (kept.user_id, kept.custodian_id, kept.responsible_id) == (next_one.pk, next_one.pk, world.people["head"].pk)
    sound(world)


def test_two_people_do_not_confirm_the_same_thing_on_two_slips(world: World) -> None:
    drawn(world)
    with pytest.raises(Refused, match="已经在"):
        drawn(world, receiver=world.people["worker"])


def test_who_refuses_to_receive_leaves_everything_as_it_was(world: World) -> None:
    slip = drawn(world)
    submit_handover(world.ctx("storekeeper"), slip)
    refuse(world.ctx("class_teacher"), case_of(world, slip), opinion="东西是坏的")
    assert (state_of(slip), fresh(world.laptop).user_id) == ("refused", None)
    assert drawn(world).number != slip.number


def test_what_went_into_repair_meanwhile_is_not_handed_over(world: World) -> None:
    slip = drawn(world)
    submit_handover(world.ctx("storekeeper"), slip)
    with scope.active(world.school):
        Asset.objects.filter(pk=world.laptop.pk).update(state="repair")
    with pytest.raises(Refused, match="办不下去"):
        sign(world, "class_teacher", slip, now=NOW)


@pytest.mark.parametrize(
    "wrong",
    [
        {"form": "loan"},
        {"form": "loan", "due_on": date(2026, 1, 1)},
        {"form": "transfer"},
        {"form": "leave"},
        {"form": "gift"},
        {"assets": []},
    ],
)
def test_slips_that_lack_something(world: World, wrong: dict[str, Any]) -> None:
    with pytest.raises(Refused):
        drawn(world, **wrong)


def test_a_teacher_hands_out_only_what_is_his(world: World) -> None:
    with pytest.raises(Refused, match="没有能交接的"):
        drawn(world, "class_teacher", receiver=world.people["worker"])
