"""Something is broken or lost: who answers signs, the office settles, the bookkeeper takes the money."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from tests.assets.damages import paid, priced, reported, settled, submitted
from tests.scenarios.test_disposal import sound
from tests.signing import SIGNATURE, case_of, sign, state_of
from tests.world import TODAY, World
from zongwu.assets import steps
from zongwu.assets.actions import (
    add_price,
    cancel_payment,
    register_asset,
    report_damage,
    revise_damage,
    submit_damage,
    take_payment,
)
from zongwu.assets.models import Asset, Damage
from zongwu.assets.rules import worn
from zongwu.kernel import scope
from zongwu.kernel.errors import Forbidden, NeedsConfirmation, Refused
from zongwu.kernel.figures import FIGURES, Window

pytestmark = pytest.mark.django_db
SINCE = date(2026, 8, 1)


def figure(world: World, name: str) -> Any:
    with scope.active(world.school):
        return FIGURES[name].value(Window(SINCE, TODAY)).number


def desk(world: World, **changed: Any) -> Asset:
    said = {
        "name": "实验桌", "category": "A05010299", "quantity": Decimal(1), "unit_price": Decimal(1200), "unit": "张", "acquired_on": date(2021, 11, 1),
        "place": world.room_101, "department": world.office, "custodian": world.people["class_teacher"],
    } | changed  # fmt: skip
    card = register_asset(world.system(), **said)
    with scope.active(world.school):
        Asset.objects.filter(pk=card.pk).update(life_months=120)
        card.refresh_from_db()
    return card


@pytest.mark.seed("R2.05", "R6.03")
def test_a_class_breaks_a_pane_and_pays(world: World) -> None:
    price = priced(world)
    damage = reported(world, item=price, quantity=Decimal(2), cost=None, what="")
    assert (damage.what, damage.amount, damage.answers) == ("窗玻璃", Decimal(70), "三（1）班")
    submit_damage(world.ctx("class_teacher"), damage, signature=SIGNATURE)  # his signature answers for the class
    with pytest.raises(Refused):
        take_payment(world.ctx("bookkeeper"), damage, amount=Decimal(70), on=TODAY, receipt_number="01")
    sign(world, "head", damage)
    assert state_of(damage) == "approved"
    take_payment(world.ctx("bookkeeper"), damage, amount=Decimal(30), on=TODAY, receipt_number="01")
    with pytest.raises(Refused, match="收据号已经用过"):
        take_payment(world.ctx("bookkeeper"), damage, amount=Decimal(40), on=TODAY, receipt_number="01")
    with pytest.raises(Refused, match="不能多收"):
        take_payment(world.ctx("bookkeeper"), damage, amount=Decimal("40.01"), on=TODAY, receipt_number="02")
    paid = take_payment(world.ctx("bookkeeper"), damage, amount=Decimal(40), on=TODAY, receipt_number="02")
    assert (paid.left, paid.paid_on) == (0, TODAY)
    assert {figure(world, f"assets.damages_{one}") for one in ("amount", "paid")} == {Decimal(70)}
    sound(world)


@pytest.mark.seed("R2.05")
def test_wilful_damage_is_paid_at_price_and_carelessness_less_wear(world: World) -> None:
    """Five of ten years old: half of it is worn. Wilful damage pays the whole price."""
    common = {"asset": desk(world), "what": "", "cost": None, "remedy": "replace"}
    careless = reported(world, cause="negligence", **common)
    assert (careless.full, careless.wear, careless.amount) == (Decimal(1200), Decimal(600), Decimal(600))
    common["confirmed"] = True
    assert reported(world, cause="wilful", **common).amount == Decimal(1200)
    worn_out = reported(world, cause="wear", payer_class=None, **common)
    assert worn_out.amount == 0
    submit_damage(world.ctx("class_teacher"), worn_out)  # nobody answers: the office alone settles it
    sign(world, "head", worn_out)
    assert state_of(worn_out) == "approved"


@pytest.mark.parametrize(("used", "wear"), [(-3, "0"), (0, "0"), (60, "500"), (96, "800"), (97, "800"), (400, "800")])
def test_a_fifth_of_the_price_always_stays(used: int, wear: str) -> None:
    assert worn(Decimal(1000), used, 120, Decimal(20)) == Decimal(wear)


@pytest.mark.seed("R2.03")
def test_what_the_school_repairs_goes_for_repair(world: World) -> None:
    card = desk(world, name="示波器")
    settled(world, asset=card, what="", cost=Decimal(260))
    with scope.active(world.school):
        now = Asset.objects.get(pk=card.pk)
    assert (now.state, now.condition) == ("repair", "broken")
    sound(world)


@pytest.mark.seed("R2.03")
def test_what_is_lost_waits_to_be_written_off(world: World) -> None:
    card = desk(world, name="秒表")
    damage = settled(world, asset=card, what="", cost=None, cause="lost", remedy="write_off")
    with scope.active(world.school):
        assert list(Damage.objects.to_write_off()) == [damage]
        assert list(Asset.objects.broken()) == []  # it is not there to be broken
    assert damage.amount == Decimal(600)


def test_a_teacher_answers_for_what_he_broke(world: World) -> None:
    damage = submitted(world, payer=world.people["worker"], payer_class=None)
    with pytest.raises(Forbidden):
        sign(world, "head", damage)
    sign(world, "worker", damage)
    sign(world, "head", damage)
    assert state_of(damage) == "approved"


def test_who_answers_does_not_settle_the_amount(world: World) -> None:
    damage = submitted(world, payer=world.people["head"], payer_class=None)
    sign(world, "head", damage)
    with scope.active(world.school):
        assert [task.person.name for task in case_of(world, damage).tasks.filter(state="open")] == ["孙丽华"]


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"quantity": Decimal(-1)}, "quantity"), ({"cost": Decimal(-5)}, "cost"), ({"happened_on": date(2024, 1, 1)}, "happened_on"),
        ({"payer_class": None}, "payer"), ({"what": ""}, "what"), ({"cost": None}, "cost"), ({"happened_on": date(2026, 11, 24)}, "happened_on"),
        ({"remedy": "class_repair"}, "remedy"), ({"remedy": "write_off"}, "asset"), ({"cause": "?"}, "cause"),
    ],
)  # fmt: skip
def test_what_is_no_report(world: World, changed: dict[str, Any], field: str) -> None:
    with pytest.raises(Refused) as no:
        reported(world, **changed)
    assert field in no.value.fields
    with scope.active(world.school):
        assert not Damage.objects.exists()


def test_part_of_a_card_is_not_written_off(world: World) -> None:
    card = desk(world, quantity=Decimal(50))
    with pytest.raises(Refused) as no:
        reported(world, asset=card, cost=None, remedy="write_off")
    assert "remedy" in no.value.fields
    with pytest.raises(Refused) as no:
        reported(world, asset=card, cost=None, remedy="replace", quantity=Decimal(51))
    assert "quantity" in no.value.fields


def test_only_who_reported_it_changes_it_and_nobody_after_sending(world: World) -> None:
    damage = reported(world)
    said = {"what": "玻璃", "happened_on": TODAY, "cause": "wear", "remedy": "school_repair"}
    with pytest.raises(Forbidden):
        revise_damage(world.ctx("storekeeper"), damage, **said)
    submit_damage(world.ctx("class_teacher"), damage, signature=SIGNATURE)
    with pytest.raises(Refused, match="已经送签"):
        revise_damage(world.ctx("class_teacher"), damage, **said)


def test_whoever_keeps_money_books_what_is_paid(world: World) -> None:
    """`money` will add itself to `steps.money_books`; what it refuses is not received either."""
    damage, heard = settled(world), []

    def book(ctx: Any, payment: Any) -> None:
        heard.append(payment.amount)
        raise Refused("这个月已经结账。")

    steps.money_books.append(book)
    try:
        with pytest.raises(Refused, match="已经结账"):
            take_payment(world.ctx("bookkeeper"), damage, amount=Decimal(80), on=TODAY, receipt_number="9")
    finally:
        steps.money_books.remove(book)
    with scope.active(world.school):
        damage.refresh_from_db()
    assert (heard, damage.paid) == ([Decimal(80)], 0)


def test_a_wrong_receipt_is_cancelled_and_written_again(world: World) -> None:
    damage = settled(world)
    take_payment(world.ctx("bookkeeper"), damage, amount=Decimal(80), on=TODAY, receipt_number="1")
    cancel_payment(world.ctx("bookkeeper"), damage, receipt_number="1", reason="金额写错")
    assert figure(world, "assets.damages_paid") == 0
    with pytest.raises(Refused, match="还没有收过款"):
        cancel_payment(world.ctx("bookkeeper"), damage, receipt_number="1", reason="再来")
    again = take_payment(world.ctx("bookkeeper"), damage, amount=Decimal(80), on=TODAY, receipt_number="2")
    assert (again.left, figure(world, "assets.damages_paid")) == (0, Decimal(80))
    sound(world)


def test_a_stranger_reports_for_nobody_elses_class(world: World) -> None:
    with pytest.raises(Forbidden):
        report_damage(world.ctx("nobody"), what="门", happened_on=TODAY, cause="wear", remedy="school_repair")


def test_who_settles_or_owes_does_not_take_the_money(world: World) -> None:
    damage = settled(world)
    with pytest.raises(Refused, match="核定金额的人"):
        take_payment(world.ctx("head"), damage, amount=Decimal(80), on=TODAY, receipt_number="1")
    own = submitted(world, payer=world.people["bookkeeper"], payer_class=None)
    sign(world, "bookkeeper", own)
    sign(world, "head", own)
    with pytest.raises(Refused, match="自己的赔款"):
        take_payment(world.ctx("bookkeeper"), own, amount=Decimal(80), on=TODAY, receipt_number="1")


def test_who_settled_it_does_not_take_the_money_back_either(world: World) -> None:
    damage = paid(world)
    with pytest.raises(Refused, match="核定金额的人"):
        cancel_payment(world.ctx("head"), damage, receipt_number="000123", reason="退")


def test_who_is_named_is_asked_even_where_nothing_is_to_pay(world: World) -> None:
    damage = submitted(world, cause="wilful", cost=Decimal(0), payer=world.people["worker"], payer_class=None)
    with pytest.raises(Forbidden):
        sign(world, "head", damage)


def test_the_same_thing_twice_is_asked_about(world: World) -> None:
    card = desk(world)
    said = {"asset": card, "what": "", "cost": Decimal(20)}
    reported(world, **said)
    with pytest.raises(NeedsConfirmation, match="已经有一张单子 PC-2026-0001") as asked:
        reported(world, **said)
    assert "三（1）班" not in str(asked.value)  # who answers for the other is not told
    assert reported(world, **said, confirmed=True).asset == card


def test_a_card_that_was_corrected_meanwhile_is_not_written_off_in_part(world: World) -> None:
    card = desk(world)
    damage = submitted(world, asset=card, what="", cost=None, cause="lost", remedy="write_off")
    with scope.active(world.school):
        Asset.objects.filter(pk=card.pk).update(quantity=Decimal(3))
    with pytest.raises(Refused, match="数量改过了"):
        sign(world, "head", damage)


def test_a_sum_beyond_reason_is_refused(world: World) -> None:
    price = add_price(world.ctx("head"), name="门", unit="扇", price=Decimal("9999999.99"))
    with pytest.raises(Refused) as no:
        reported(world, item=price, cost=None, quantity=Decimal("999999999.999"))
    assert "quantity" in no.value.fields
