"""How things leave the register, told by their people: the small way and the large."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from tests.assets.examples import kept_by_teacher
from tests.signing import SIGNATURE, case_of, scan, sign, state_of
from tests.world import TODAY, World
from zongwu.assets.actions import apply_disposal, register_asset, settle_disposal, submit_disposal
from zongwu.assets.models import Asset, Disposal
from zongwu.kernel import scope
from zongwu.kernel.doctor import examine
from zongwu.kernel.errors import Forbidden, Refused
from zongwu.kernel.journal import verify

pytestmark = pytest.mark.django_db


def sound(world: World) -> None:
    assert list(examine(world.school)) == []
    with scope.active(world.school):
        assert list(verify(world.school.pk)) == []


def computers(world: World, count: int, price: str = "4150") -> list[Asset]:
    return [
        register_asset(
            world.system(), name="台式计算机", category="A02010105", quantity=Decimal(1), unit_price=Decimal(price), unit="台",
            acquired_on=date(2018, 8, 20), place=world.room_102, department=world.computing,
        )
        for _ in range(count)
    ]  # fmt: skip


@pytest.mark.seed("R1.12")
def test_the_small_way(world: World) -> None:
    """The branch keeper applies, the office and the storeroom confirm, the leader signs: struck off."""
    old = kept_by_teacher(world)
    keeper = world.ctx("class_teacher")
    draft = apply_disposal(keeper, assets=[old], form="scrap", reason="主板电容鼓包，修不了")
    assert state_of(old) == "in_use"
    submit_disposal(keeper, draft)
    assert (state_of(draft), state_of(old)) == ("running", "pending")
    assert case_of(world, draft).route.name == "小额处置"
    with pytest.raises(Forbidden):
        sign(world, "principal", draft)
    sign(world, "storekeeper", draft)
    with pytest.raises(Refused, match="已经签过"):
        sign(world, "storekeeper", draft)
    sign(world, "head", draft)
    assert state_of(old) == "pending"
    sign(world, "principal", draft, opinion="同意")
    assert (state_of(draft), state_of(old)) == ("approved", "disposed")
    with scope.active(world.school):
        assert Disposal.objects.get().ended_on == TODAY
    sound(world)


@pytest.mark.seed("R1.13", "R1.14")
def test_the_large_way(world: World) -> None:
    """Storeroom and finance apply jointly, the meeting decides, education and finance bureau approve."""
    old = computers(world, 50)
    people = {"appraiser": world.people["worker"], "second_appraiser": world.people["class_teacher"]}
    draft = apply_disposal(
        world.ctx("storekeeper"), assets=old, form="scrap", reason="超过年限，不能运行新版教学软件", **people
    )
    with pytest.raises(Refused, match="手写签名"):
        submit_disposal(world.ctx("storekeeper"), draft)
    submit_disposal(world.ctx("storekeeper"), draft, signature=SIGNATURE)
    assert case_of(world, draft).stage.name == "联合申请"
    sign(world, "bookkeeper", draft)
    for appraiser in ("worker", "class_teacher"):
        sign(world, appraiser, draft, opinion="无维修价值")
    sign(world, "head", draft)
    assert case_of(world, draft).stage.name == "校长办公会"
    with pytest.raises(Refused, match="纪要"):
        sign(world, "principal", draft)
    sign(world, "principal", draft, reply_number="2026-11-3", held_on=date(2026, 11, 20), paper=scan(world))
    for office in ("教育局审批", "财政局审批"):
        assert case_of(world, draft).stage.name == office
        assert state_of(old[0]) == "pending"
        sign(
            world,
            "storekeeper",
            draft,
            reply_number=f"{office}〔2026〕8号",
            held_on=date(2026, 11, 22),
            paper=scan(world),
        )
    assert case_of(world, draft).stage.name == "核销"
    sign(world, "storekeeper", draft)
    assert {state_of(card) for card in old} == {"disposed"}
    settle_disposal(world.ctx("head"), draft, proceeds=Decimal("1500"), receipt_number="J-1", settled_on=TODAY)
    sound(world)


def test_below_the_limit_the_finance_bureau_is_not_asked(world: World) -> None:
    old = computers(world, 15)
    people = {"appraiser": world.people["worker"], "second_appraiser": world.people["class_teacher"]}
    draft = apply_disposal(world.ctx("storekeeper"), assets=old, form="scrap", reason="超过年限", **people)
    submit_disposal(world.ctx("storekeeper"), draft, signature=SIGNATURE)
    sign(world, "bookkeeper", draft)
    sign(world, "worker", draft)
    sign(world, "class_teacher", draft)
    sign(world, "head", draft)
    sign(world, "principal", draft, reply_number="3", held_on=TODAY, paper=scan(world))
    sign(world, "head", draft, reply_number="8", held_on=TODAY, paper=scan(world))
    assert case_of(world, draft).stage.name == "核销"


def test_what_was_changed_after_a_signature_is_not_signed_on(world: World) -> None:
    draft = apply_disposal(world.ctx("class_teacher"), assets=[kept_by_teacher(world)], form="scrap", reason="坏了")
    submit_disposal(world.ctx("class_teacher"), draft)
    sign(world, "head", draft)
    with scope.active(world.school):
        Disposal.objects.filter(pk=draft.pk).update(reason="换了个说法")
    with pytest.raises(Refused, match="被改过"):
        sign(world, "storekeeper", draft)


def test_nobody_signs_his_own_application(world: World) -> None:
    """The storekeeper's own seat goes to the administrator, who finds somebody and does not sign."""
    (old,) = computers(world, 1)
    draft = apply_disposal(world.ctx("storekeeper"), assets=[old], form="scrap", reason="坏了")
    submit_disposal(world.ctx("storekeeper"), draft)
    with pytest.raises(Refused, match="不用您签"):
        sign(world, "storekeeper", draft)
    with pytest.raises(Refused, match="转交"):
        sign(world, "administrator", draft)
    assert state_of(draft) == "running"


@pytest.mark.parametrize("state", ["lent", "disposed"])
def test_what_is_not_there_is_not_disposed_of(world: World, state: str) -> None:
    with scope.active(world.school):
        Asset.objects.filter(pk=world.projector.pk).update(state=state)
    with pytest.raises(Refused):
        apply_disposal(world.ctx("storekeeper"), assets=[world.projector], form="scrap", reason="坏了", confirmed=True)
