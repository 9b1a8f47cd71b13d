"""One example of each verb of damage and of the price list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.examples import Example, Given
from tests.signing import SIGNATURE, sign
from tests.world import TODAY, World
from zongwu.assets.actions import add_price, report_damage, submit_damage, take_payment
from zongwu.assets.models import Damage, Price


def _report(**changed: Any) -> Any:
    def given(world: World) -> Given:
        said = {
            "what": "窗玻璃",
            "happened_on": TODAY,
            "cause": "negligence",
            "remedy": "school_repair",
            "cost": Decimal(80),
            "payer_class": world.class_31,
        }
        return None, said | changed

    return given


def reported(world: World, **changed: Any) -> Damage:
    return report_damage(world.ctx("class_teacher"), **_report(**changed)(world)[1])


def submitted(world: World, **changed: Any) -> Damage:
    return submit_damage(world.ctx("class_teacher"), reported(world, **changed), signature=SIGNATURE)


def settled(world: World, **changed: Any) -> Damage:
    damage = submitted(world, **changed)
    sign(world, "head", damage)
    return damage


def owed(world: World) -> None:
    """Settled, and nothing paid yet."""
    settled(world)


def paid(world: World) -> Damage:
    return take_payment(world.ctx("bookkeeper"), settled(world), **_PAID)


def to_write_off(world: World) -> None:
    """A thing that is lost, settled, and not yet on any application."""
    settled(world, asset=world.projector, what="", cost=None, cause="lost", remedy="write_off")


def priced(world: World) -> Price:
    return add_price(world.ctx("head"), name="窗玻璃", unit="块", price=Decimal(35))


def _of(make: Any, **keywords: Any) -> Any:
    return lambda world: (make(world), keywords)


def _revised(world: World) -> Given:
    return reported(world), _report(cost=Decimal(60))(world)[1]


def _beyond(world: World) -> Given:
    return reported(world), _report(payer_class=None)(world)[1]


_PAID = {"amount": Decimal(80), "on": TODAY, "receipt_number": "000123"}
ACTIONS = {
    "report_damage": Example("class_teacher", _report(), _report(payer_class=None)),
    "revise_damage": Example("class_teacher", _revised, _beyond),
    "submit_damage": Example("class_teacher", _of(reported, signature=SIGNATURE), _of(submitted, signature=SIGNATURE)),
    "drop_damage": Example("class_teacher", _of(reported), _of(submitted)),
    "take_payment": Example("bookkeeper", _of(settled, **_PAID), _of(settled, **_PAID | {"amount": Decimal(81)})),
    "cancel_payment": Example("bookkeeper", _of(paid, receipt_number="000123", reason="写错了"), _of(settled, receipt_number="000123", reason="写错了")),
    "add_price": Example("head", lambda world: (None, {"name": "门锁", "unit": "把", "price": Decimal(45)}), lambda world: (None, {"name": "门锁", "unit": "把", "price": Decimal(0)})),
    "change_price": Example("head", _of(priced, price=Decimal(40)), _of(priced, price=Decimal(35))),
    "close_price": Example("head", _of(priced), None),
}  # fmt: skip
