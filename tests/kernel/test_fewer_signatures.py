"""Detours by which a document would be approved with fewer signatures than its route demands: each was open once."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

from tests.assets.examples import kept_by_teacher, submitted
from tests.kernel.test_approvals import at_stage, small
from tests.signing import SIGNATURE, case_of, sign, state_of
from tests.world import TODAY, World
from zongwu.assets.actions import apply_disposal, revalue_asset, revise_disposal, submit_disposal
from zongwu.kernel import scope
from zongwu.kernel.accounts import Grant, Holding, Membership
from zongwu.kernel.approvals import editing, signatures
from zongwu.kernel.approvals.actions import add_signers, pass_on, reassign, send_back, withdraw
from zongwu.kernel.approvals.deputies import deputise
from zongwu.kernel.approvals.matters import StageDraft
from zongwu.kernel.approvals.models import Case, Task
from zongwu.kernel.approvals.prescribed import Duty, Mode, Route
from zongwu.kernel.errors import Forbidden, Refused

pytestmark = pytest.mark.django_db


def at_the_leader(world: World) -> Any:
    document = submitted(world)
    for who in ("storekeeper", "head"):
        sign(world, who, document)
    return document


def again(world: World, document: Any) -> None:
    submit_disposal(world.ctx("class_teacher"), document)


def test_who_was_asked_before_does_not_sign_in_the_leaders_place(world: World) -> None:
    document = at_the_leader(world)
    add_signers(
        world.ctx("principal"),
        case_of(world, document),
        people=[world.people["worker"]],
        position="before",
        question="?",
    )
    send_back(world.ctx("worker"), case_of(world, document), opinion="补材料")
    again(world, document)
    sign(world, "worker", document)
    assert state_of(document) == "running"
    sign(world, "principal", document)
    assert state_of(document) == "approved"


def test_who_asked_others_and_returns_still_needs_them(world: World) -> None:
    document = at_the_leader(world)
    add_signers(
        world.ctx("principal"),
        case_of(world, document),
        people=[world.people["worker"]],
        position="after",
        question="?",
    )
    send_back(world.ctx("principal"), case_of(world, document), opinion="补材料")
    again(world, document)
    sign(world, "principal", document)
    assert state_of(document) == "running"
    sign(world, "worker", document)
    assert state_of(document) == "approved"


def test_two_returns_within_each_other_leave_nobody_out(world: World) -> None:
    document = at_the_leader(world)
    with scope.active(world.school):
        first = case_of(world, document).route.stages.get(seq=1)
    send_back(world.ctx("principal"), case_of(world, document), opinion="再核", to=first)
    send_back(world.ctx("head"), case_of(world, document), opinion="重来", straight=False)
    again(world, document)
    assert at_stage(world, document) == "总务处、总库房确认"
    for who in ("storekeeper", "head", "principal"):
        sign(world, who, document)
    assert state_of(document) == "approved"


def test_one_person_fills_one_seat(world: World) -> None:
    deputise(world.ctx("storekeeper"), deputy=world.people["head"], from_on=TODAY, until_on=TODAY)
    document = submitted(world)
    sign(world, "head", document)
    with pytest.raises(Refused, match="一个人不能签两个位置"):
        sign(world, "head", document)


@pytest.mark.parametrize("act", ["pass_on", "send_back"])
def test_nobody_decides_on_his_own_request_in_anothers_place(world: World, act: str) -> None:
    deputise(world.ctx("principal"), deputy=world.people["class_teacher"], from_on=TODAY, until_on=TODAY)
    document, ctx = at_the_leader(world), world.ctx("class_teacher")
    with pytest.raises(Refused):
        if act == "pass_on":
            pass_on(ctx, case_of(world, document), person=world.people["worker"])
        else:
            send_back(ctx, case_of(world, document), opinion="?")


def test_a_list_that_was_exchanged_is_signed_anew(world: World) -> None:
    document = submitted(world)
    sign(world, "storekeeper", document)
    send_back(world.ctx("head"), case_of(world, document), opinion="补照片")
    document.refresh_from_db()
    revise_disposal(
        world.ctx("class_teacher"), document, assets=[kept_by_teacher(world)], form="scrap", reason="主板坏了"
    )
    again(world, document)
    sign(world, "head", document)
    assert at_stage(world, document) == "总务处、总库房确认"
    sign(world, "storekeeper", document)
    assert at_stage(world, document) == "领导签字"


@pytest.mark.parametrize("mode", [Mode.HANDLE, Mode.OUTSIDE, Mode.COPY])
def test_office_work_approves_nothing(world: World, mode: Mode) -> None:
    stages = [StageDraft("批", mode, Duty.APPROVE, [f"person:{world.people['head'].pk}"])]
    with pytest.raises(Refused):
        editing.revise_route(world.ctx("head"), small(world), stages=stages)


def test_a_value_that_rose_takes_the_large_way(world: World) -> None:
    card = kept_by_teacher(world)
    draft = apply_disposal(world.ctx("class_teacher"), assets=[card], form="scrap", reason="坏了")
    revalue_asset(world.ctx("head"), card, value=Decimal(600000), on=TODAY, reason="审计", confirmed=True)
    with pytest.raises(Refused, match="两个人鉴定"):
        submit_disposal(world.ctx("class_teacher"), draft, signature=SIGNATURE)


def test_what_waits_for_disposal_stays_as_it_was_shown(world: World) -> None:
    document = submitted(world)
    with scope.active(world.school):
        card = document.lines.get().asset
    with pytest.raises(Refused):
        revalue_asset(world.ctx("head"), card, value=Decimal(1), on=TODAY, reason="?", confirmed=True)


def test_who_may_not_sign_any_more_is_replaced_by_the_administrator(world: World) -> None:
    document = submitted(world)
    sign(world, "storekeeper", document)
    with pytest.raises(Refused, match="都能签"):
        reassign(world.ctx("administrator"), case_of(world, document), person=world.people["worker"])
    with scope.active(world.school):
        Membership.objects.filter(person=world.people["head"]).update(disabled_at=world.system().now)
    with pytest.raises(Refused):
        reassign(world.ctx("administrator"), case_of(world, document), person=world.people["class_teacher"])
    reassign(world.ctx("administrator"), case_of(world, document), person=world.people["worker"])
    sign(world, "worker", document)
    assert at_stage(world, document) == "领导签字"


def test_a_role_without_the_right_to_sign_fills_no_seat(world: World) -> None:
    with scope.active(world.school):
        Grant.objects.filter(role__code="principal", permission="approvals.sign").delete()
    at_the_leader(world)
    with scope.active(world.school):
        assert set(Task.objects.filter(state="open").values_list("stand_in", flat=True)) == {True}


def test_who_can_fill_one_seat_only_fills_it(world: World) -> None:
    """The storekeeper is the only one of his role and also a head: the other head fills the head's seat."""
    with scope.active(world.school):
        role = Holding.objects.get(person=world.people["head"]).role
        Holding.objects.create(school=world.school, person=world.people["storekeeper"], role=role, from_on=TODAY)
    document = submitted(world)
    sign(world, "storekeeper", document)
    sign(world, "head", document)
    assert at_stage(world, document) == "领导签字"


def test_a_signature_of_other_digits_is_none(world: World) -> None:
    with pytest.raises(Refused):
        signatures.clean(SIGNATURE.translate(str.maketrans("0123456789", "０１２３４５６７８９")))


def test_withdrawn_with_consent_also_after_a_return(world: World) -> None:
    document = submitted(world)
    sign(world, "storekeeper", document)
    send_back(world.ctx("head"), case_of(world, document), opinion="补照片")
    again(world, document)
    with pytest.raises(Refused, match="写明原因"):
        withdraw(world.ctx("class_teacher"), case_of(world, document))


def test_a_route_that_is_sent_twice_with_other_stages_is_a_conflict(world: World) -> None:
    def stages(name: str) -> list[StageDraft]:
        return [StageDraft(name, Mode.ONE, Duty.APPROVE, [f"person:{world.people['principal'].pk}"])]

    ctx, route = world.ctx("head", key="page"), small(world)
    editing.revise_route(ctx, route, stages=stages("校长签"))
    with pytest.raises(Refused):
        editing.revise_route(world.ctx("head", key="page"), route, stages=stages("别的"))
    with scope.active(world.school):
        assert Route.objects.get(name="小额处置", retired_on=None).stages.get().name == "校长签"


def test_a_stranger_reads_nothing_of_it(world: World, stranger: World) -> None:
    document = submitted(world)
    with pytest.raises((Forbidden, LookupError)):
        withdraw(stranger.ctx("head"), case_of(world, document))
    with scope.active(stranger.school):
        assert not Case.objects.visible_to(stranger.ctx("head")).exists()
