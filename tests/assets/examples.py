"""One example of each verb of the register, with one wrong state."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.examples import Example, Given
from tests.signing import sign
from tests.world import TODAY, World
from zongwu.assets.actions import apply_disposal, change_state, depreciate_month, register_asset, submit_disposal
from zongwu.assets.models import Asset
from zongwu.assets.steps import in_books_on
from zongwu.kernel import scope


def _card(**keywords: Any) -> Any:
    return lambda world: (world.projector, {k: v(world) if callable(v) else v for k, v in keywords.items()})


def _in_repair(**keywords: Any) -> Any:
    def given(world: World) -> Given:
        change_state(world.ctx("storekeeper"), world.projector, state="repair", condition="broken", on=TODAY)
        return world.projector, {k: v(world) if callable(v) else v for k, v in keywords.items()}

    return given


def _undated(world: World) -> Given:
    with scope.active(world.school):
        Asset.objects.filter(pk=world.projector.pk).update(precision="year")
    return world.projector, {"acquired_on": date(2026, 9, 12)}


def _new(**changed: Any) -> Any:
    fields = {
        "name": "空调",
        "category": "A02061804",
        "quantity": Decimal(1),
        "unit_price": Decimal(3000),
        "acquired_on": date(2026, 11, 2),
    }
    return lambda world: (None, fields | changed)


def _already(world: World) -> Given:
    depreciate_month(world.ctx("bookkeeper"), month=date(2026, 10, 1))
    return None, {"month": date(2026, 10, 1)}


def kept_by_teacher(world: World) -> Asset:
    """An old computer that the class teacher keeps: he may ask for its disposal, and stands nowhere on the small route."""
    return register_asset(
        world.system(), name="台式计算机", category="A02010105", quantity=Decimal(1), unit_price=Decimal(4150), unit="台",
        acquired_on=date(2018, 8, 20), place=world.room_102, department=world.computing, custodian=world.people["class_teacher"],
    )  # fmt: skip


def drafted(world: World) -> Any:
    """A disposal of one old computer, as the class teacher drew it up."""
    return apply_disposal(world.ctx("class_teacher"), assets=[kept_by_teacher(world)], form="scrap", reason="主板坏了")


def submitted(world: World) -> Any:
    return submit_disposal(world.ctx("class_teacher"), drafted(world))


def approved(world: World) -> Any:
    document = submitted(world)
    for who in ("storekeeper", "head", "principal"):
        sign(world, who, document)
    return document


def _of(make: Any, **keywords: Any) -> Any:
    return lambda world: (make(world), keywords)


def _disposal(**changed: Any) -> Any:
    return lambda world: (None, {"assets": [kept_by_teacher(world)], "form": "scrap", "reason": "坏了"} | changed)


def _revised(world: World) -> Given:
    document = drafted(world)
    with scope.active(world.school):
        cards = [line.asset for line in document.lines.all()]
    return document, {"assets": cards, "form": "loss", "reason": "丢了"}


ROOM, PERSON = (lambda world: world.room_102), (lambda world: world.people["head"])
ACTIONS = {
    "apply_disposal": Example("class_teacher", _disposal(), _disposal(assets=[])),
    "revise_disposal": Example("class_teacher", _revised, lambda world: (submitted(world), {"assets": [], "form": "scrap", "reason": "坏了"})),
    "submit_disposal": Example("class_teacher", _of(drafted), _of(submitted)),
    "drop_disposal": Example("class_teacher", _of(drafted), _of(submitted)),
    "settle_disposal": Example("head", _of(approved, proceeds=Decimal(20), receipt_number="J-1", settled_on=TODAY), _of(submitted, proceeds=Decimal(20), receipt_number="J-1", settled_on=TODAY)),
    "register_asset": Example("storekeeper", _new(), _new(category="B1")),
    "correct_asset": Example("storekeeper", _card(spec="4000 流明"), _card(spec="3600 流明 短焦")),
    "move_asset": Example("storekeeper", _card(place=ROOM, on=TODAY), _in_repair(place=ROOM, on=TODAY)),
    "hand_over_asset": Example("storekeeper", _card(user=PERSON, on=TODAY), _card(on=TODAY)),
    "change_state": Example("storekeeper", _card(state="idle", condition="good", on=TODAY), _card(state="disposed", condition="good", on=TODAY)),
    "confirm_category": Example("storekeeper", _card(category="A02020800"), _card(category="A99999999")),
    "confirm_date": Example("storekeeper", _undated, _card(acquired_on=date(2026, 9, 1))),
    "revalue_asset": Example("head", _card(value=Decimal("5300"), on=TODAY, reason="审计"), _card(value=Decimal("53000"), on=TODAY, reason="审计")),
    "void_asset": Example("storekeeper", _card(reason="重复")),
    "depreciate_month": Example("bookkeeper", lambda world: (None, {"month": date(2026, 10, 1)}), _already),
    "print_labels": Example("storekeeper", lambda world: (None, {"assets": [world.projector.pk]}), lambda world: (None, {"assets": [10**9]})),
}  # fmt: skip


def many_cards(world: World, count: int) -> None:
    """Cards enough to fill more than one page, written past the actions since only their number matters."""
    from zongwu.assets.models import AssetSpell

    with scope.active(world.school):
        cards = Asset.objects.bulk_create(
            Asset(
                school=world.school, number=f"MANY-{n:04d}", name="课桌", pinyin="ke zhuo", value=Decimal(100), acquired_on=date(2020, 1, 1),
                in_books_on=in_books_on(world.school, date(2020, 1, 1), "day"), place=world.room_101, department=world.office,
                custodian=world.people["head"],
            )
            for n in range(count)
        )  # fmt: skip
        AssetSpell.objects.bulk_create(
            AssetSpell(
                school=world.school,
                asset=card,
                seq=1,
                from_on=card.in_books_on,
                state=card.state,
                quantity=1,
                value=card.value,
            )
            for card in cards
        )
