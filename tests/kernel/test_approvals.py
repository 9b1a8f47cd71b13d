"""Approvals: which task is open when, and what each decision means (ux.md §4.1)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from tests.assets.examples import drafted, kept_by_teacher, submitted
from tests.signing import SIGNATURE, case_of, shown, sign, state_of
from tests.world import NOW, TODAY, World
from zongwu.assets.actions import apply_disposal, revise_disposal, submit_disposal
from zongwu.kernel import scope
from zongwu.kernel.accounts import Holding
from zongwu.kernel.approvals import editing
from zongwu.kernel.approvals.actions import (
    add_signers,
    agree,
    answer_withdrawal,
    copy_to,
    pass_on,
    refuse,
    send_back,
    urge,
    withdraw,
)
from zongwu.kernel.approvals.deputies import deputise
from zongwu.kernel.approvals.matters import MATTERS, StageDraft
from zongwu.kernel.approvals.models import Case, Copy, Decision, Task
from zongwu.kernel.approvals.prescribed import Duty, Mode, Route, Stage
from zongwu.kernel.errors import Conflict, Forbidden, Refused
from zongwu.kernel.notify import Notice
from zongwu.ui.actions import attach_file

pytestmark = pytest.mark.django_db


# --- decisions -------------------------------------------------------------------------------------------------------


def at_stage(world: World, document: Any) -> str:
    return case_of(world, document).stage.name


def notices(world: World, who: str) -> list[str]:
    with scope.active(world.school):
        return list(Notice.objects.filter(person=world.people[who]).order_by("id").values_list("sentence", flat=True))


def revised(world: World, document: Any, **changed: Any) -> None:
    with scope.active(world.school):
        cards = [line.asset for line in document.lines.select_related("asset")]
    revise_disposal(
        world.ctx("class_teacher"), document, **({"assets": cards, "form": "scrap", "reason": "补了照片"} | changed)
    )


def test_whose_turn_it_is_is_told(world: World) -> None:
    document = submitted(world)
    assert any("请您办" in one for one in notices(world, "head"))
    assert notices(world, "principal") == []
    sign(world, "storekeeper", document)
    sign(world, "head", document)
    assert any("领导签字" in one for one in notices(world, "principal"))


def test_refusing_ends_it_and_gives_the_things_back(world: World) -> None:
    document = submitted(world)
    refuse(world.ctx("head"), case_of(world, document), opinion="还能用")
    assert state_of(document) == "refused"
    with scope.active(world.school):
        assert document.lines.get().asset.state == "in_use"
        assert not Task.objects.filter(state="open").exists()


def test_sent_back_to_the_applicant_and_straight_back(world: World) -> None:
    """The storekeeper's signature stays; who returned it gets it again, and both see what changed."""
    document = submitted(world)
    sign(world, "storekeeper", document)
    send_back(world.ctx("head"), case_of(world, document), opinion="补照片")
    assert state_of(document) == "returned"
    with pytest.raises(Refused):
        sign(world, "head", document)
    document.refresh_from_db()
    revised(world, document)
    submit_disposal(world.ctx("class_teacher"), document)
    assert any("改好又交上来了" in one for one in notices(world, "storekeeper"))
    sign(world, "head", document)
    assert at_stage(world, document) == "领导签字"


def test_sent_back_and_all_the_way_again(world: World) -> None:
    document = submitted(world)
    sign(world, "storekeeper", document)
    send_back(world.ctx("head"), case_of(world, document), opinion="补照片", straight=False)
    submit_disposal(world.ctx("class_teacher"), document)
    with pytest.raises((Refused, Forbidden)):
        sign(world, "principal", document)
    sign(world, "head", document)
    assert at_stage(world, document) == "总务处、总库房确认"
    sign(world, "storekeeper", document)
    assert at_stage(world, document) == "领导签字"


def test_sent_back_to_an_earlier_stage(world: World) -> None:
    document = submitted(world)
    sign(world, "storekeeper", document)
    sign(world, "head", document)
    case = case_of(world, document)
    with scope.active(world.school):
        first = Stage.objects.get(route=case.route_id, seq=1)
    send_back(world.ctx("principal"), case, opinion="再核一遍", to=first)
    sign(world, "storekeeper", document)
    sign(world, "head", document)
    assert at_stage(world, document) == "领导签字"
    sign(world, "principal", document)
    assert state_of(document) == "approved"


def test_a_changed_amount_takes_another_way(world: World) -> None:
    """Resubmitted with other facts, the case begins at the first stage of the route that fits now."""
    document = submitted(world)
    sign(world, "storekeeper", document)
    send_back(world.ctx("head"), case_of(world, document), opinion="改成报损")
    document.refresh_from_db()
    revised(world, document, form="loss")
    submit_disposal(world.ctx("class_teacher"), document)
    assert at_stage(world, document) == "总务处、总库房确认"
    with scope.active(world.school):
        assert set(Task.objects.filter(state="open").values_list("person__name", flat=True)) == {"周建国", "孙丽华"}


def test_passed_on(world: World) -> None:
    document = submitted(world)
    pass_on(world.ctx("storekeeper"), case_of(world, document), person=world.people["bookkeeper"])
    with pytest.raises(Refused):
        sign(world, "storekeeper", document)
    sign(world, "bookkeeper", document)
    sign(world, "head", document)
    assert at_stage(world, document) == "领导签字"


@pytest.mark.parametrize("position", ["before", "along", "after"])
def test_others_are_asked(world: World, position: str) -> None:
    document = submitted(world)
    add_signers(
        world.ctx("head"),
        case_of(world, document),
        people=[world.people["bookkeeper"]],
        position=position,
        question="看看账",
    )
    order = {"before": ("bookkeeper", "head"), "along": ("head", "bookkeeper"), "after": ("head", "bookkeeper")}[
        position
    ]
    if position != "along":
        with pytest.raises(Refused):
            sign(world, order[1], document)
    sign(world, "storekeeper", document)
    for who in order:
        assert at_stage(world, document) == "总务处、总库房确认"
        sign(world, who, document)
    assert at_stage(world, document) == "领导签字"


def test_nobody_is_asked_who_may_not(world: World) -> None:
    document = submitted(world)
    for who in ("class_teacher", "head"):
        with pytest.raises(Refused):
            add_signers(
                world.ctx("storekeeper"),
                case_of(world, document),
                people=[world.people[who]],
                position="along",
                question="?",
            )


def test_withdrawn_at_once_while_nobody_has_signed(world: World) -> None:
    document = submitted(world)
    with pytest.raises(Refused):
        withdraw(world.ctx("head"), case_of(world, document))
    withdraw(world.ctx("class_teacher"), case_of(world, document))
    assert state_of(document) == "draft"
    with scope.active(world.school):
        assert document.lines.get().asset.state == "in_use"
    submit_disposal(world.ctx("class_teacher"), document)
    assert state_of(document) == "running"


def test_withdrawn_later_only_with_consent(world: World) -> None:
    document = submitted(world)
    sign(world, "storekeeper", document)
    with pytest.raises(Refused, match="写明原因"):
        withdraw(world.ctx("class_teacher"), case_of(world, document))
    withdraw(world.ctx("class_teacher"), case_of(world, document), opinion="编号填错了")
    assert state_of(document) == "running"
    answer_withdrawal(world.ctx("head"), case_of(world, document), consent=False)
    withdraw(world.ctx("class_teacher"), case_of(world, document), opinion="编号真填错了")
    answer_withdrawal(world.ctx("head"), case_of(world, document), consent=True)
    assert state_of(document) == "draft"


def test_urged_at_most_every_four_hours(world: World) -> None:
    document = submitted(world)
    urge(world.ctx("class_teacher"), case_of(world, document))
    with pytest.raises(Refused, match="四小时"):
        urge(world.ctx("class_teacher", now=NOW + timedelta(hours=3, minutes=59)), case_of(world, document))
    urge(world.ctx("class_teacher", now=NOW + timedelta(hours=4)), case_of(world, document))
    assert sum("催您办" in one for one in notices(world, "head")) == 2


def test_a_deputy_signs_and_both_are_named(world: World) -> None:
    deputise(world.ctx("head"), deputy=world.people["bookkeeper"], from_on=TODAY, until_on=date(2026, 11, 24))
    document = submitted(world)
    sign(world, "bookkeeper", document)
    with scope.active(world.school):
        assert Decision.objects.latest("id").who == "林小燕（代周建国）"
    late = submitted_again(world)
    with pytest.raises(Forbidden):
        sign(world, "bookkeeper", late, now=NOW + timedelta(days=2))


def submitted_again(world: World) -> Any:
    return submit_disposal(world.ctx("class_teacher"), drafted(world))


def test_a_deputy_does_not_sign_for_what_he_asked_for(world: World) -> None:
    deputise(world.ctx("head"), deputy=world.people["class_teacher"], from_on=TODAY, until_on=TODAY)
    document = submitted(world)
    with pytest.raises(Refused, match="不用您签"):
        sign(world, "class_teacher", document)


def test_a_copy_and_its_receipt(world: World) -> None:
    document = submitted(world)
    copy_to(world.ctx("head"), case_of(world, document), people=[world.people["worker"]])
    with pytest.raises(Refused):
        copy_to(world.ctx("head"), case_of(world, document), people=[world.people["worker"]])
    with scope.active(world.school):
        assert Copy.objects.get().read_at is None
        assert case_of(world, document) in Case.objects.visible_to(world.ctx("worker"))


def test_what_was_shown_is_what_is_signed(world: World) -> None:
    document = submitted(world)
    with pytest.raises(Conflict, match="旧内容"):
        sign(world, "head", document, shown="0" * 64)


def test_papers_stay_as_they_were_shown(world: World) -> None:
    document = submitted(world)
    with pytest.raises(Refused, match="附件不能再增减"):
        attach_file(
            world.ctx("head"),
            about=f"disposal:{document.pk}",
            name="a.pdf",
            sha256="0" * 64,
            media_type="application/pdf",
            size=1,
        )


def test_nobody_found_goes_to_the_administrator_who_finds_somebody(world: World) -> None:
    with scope.active(world.school):
        Holding.objects.filter(role__code="principal").delete()
    document = submitted(world)
    sign(world, "storekeeper", document)
    sign(world, "head", document)
    with pytest.raises(Refused, match="转交"):
        sign(world, "administrator", document)
    with pytest.raises(Refused, match="核对"):
        pass_on(world.ctx("administrator"), case_of(world, document), person=world.people["head"])
    pass_on(world.ctx("administrator"), case_of(world, document), person=world.people["worker"])
    sign(world, "worker", document)
    assert state_of(document) == "approved"


def test_a_hand_signature_where_the_route_asks_for_one(world: World) -> None:
    document = submitted(world)
    with pytest.raises(Refused, match="手写签名"):
        sign(world, "head", document, signature="")


# --- routes ----------------------------------------------------------------------------------------------------------


def small(world: World) -> Route:
    with scope.active(world.school):
        found: Route = Route.objects.get(name="小额处置", retired_on=None)
        return found


def test_every_matter_has_a_route_from_the_beginning(world: World) -> None:
    with scope.active(world.school):
        for matter in MATTERS.values():
            assert Route.objects.in_force(matter.code).filter(condition=[]).exists()


def test_what_runs_keeps_its_version(world: World) -> None:
    document = submitted(world)
    stages = [StageDraft("签字", Mode.ONE, Duty.APPROVE, [f"person:{world.people['principal'].pk}"])]
    editing.revise_route(world.ctx("head"), small(world), stages=stages)
    assert case_of(world, document).route.version == 1
    sign(world, "storekeeper", document)
    sign(world, "head", document)
    assert at_stage(world, document) == "领导签字"
    assert case_of(world, submitted_again(world)).route.version == 2


@pytest.mark.parametrize(
    "stages",
    [
        [],
        [StageDraft("没人", Mode.ALL, Duty.APPROVE, [])],
        [StageDraft("只抄送", Mode.COPY, Duty.HANDLE, ["role:1"])],
        [StageDraft("核", Mode.ALL, Duty.CONFIRM, ["role:1"]), StageDraft("批", Mode.ALL, Duty.APPROVE, ["role:1"])],
        [StageDraft("批", Mode.ALL, Duty.APPROVE, ["role:999999"])],
    ],
)
def test_routes_that_are_none(world: World, stages: list[StageDraft]) -> None:
    with pytest.raises(Refused):
        editing.revise_route(world.ctx("head"), small(world), stages=stages)
    assert small(world).version == 1


def test_the_last_route_stays(world: World) -> None:
    editing.retire_route(world.ctx("head"), small(world))
    with scope.active(world.school):
        large = Route.objects.get(name="大额处置")
    with pytest.raises(Refused, match="只剩"):
        editing.retire_route(world.ctx("head"), large)
    with pytest.raises(Refused, match="没有一条适用"):
        submit_disposal(world.ctx("class_teacher"), drafted(world))


def test_a_decision_asks_few_questions(world: World, django_assert_max_num_queries: Any) -> None:
    """Rights, lock, hash, signature, journal, next stage, notice: at most fifteen statements."""
    document = submitted(world)
    sign(world, "storekeeper", document)
    case, digest, ctx = case_of(world, document), shown(world, document), world.ctx("head", key="k1")
    # the journal's subjects go past Django's cursor on SQLite; BEGIN and COMMIT are a test's savepoints
    with django_assert_max_num_queries(15 + 2 - (connection.vendor == "sqlite")):
        agree(ctx, case, shown=digest, opinion="同意", signature=SIGNATURE)


def test_apply_again_with_the_same_card(world: World) -> None:
    card = kept_by_teacher(world)
    apply_disposal(world.ctx("class_teacher"), assets=[card], form="scrap", reason="坏了")
    with pytest.raises(Refused, match="已经在"):
        apply_disposal(world.ctx("class_teacher"), assets=[card], form="scrap", reason="坏了")
