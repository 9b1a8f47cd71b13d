"""One example of each verb of the comparison with the finance bureau's list."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.examples import Example, Given
from tests.world import World
from zongwu.assets.actions import adopt_number, reconcile_register
from zongwu.assets.models import Mismatch, Reconciliation
from zongwu.assets.reconciling import CardList, Their
from zongwu.kernel import scope


def rows(world: World) -> list[Their]:
    """The projector under a number of the bureau's own, and something that the school does not have."""
    return [
        Their(2, "CZ001", world.projector.name, Decimal(1), world.projector.value),
        Their(3, "CZ002", "电子白板", Decimal(1), Decimal(9000)),
    ]


def _said(rows_of: Any = rows) -> Any:
    def given(world: World) -> Given:
        return None, {"file": CardList("财政卡片.xlsx", rows_of(world))}

    return given


def made(world: World) -> Reconciliation:
    return reconcile_register(world.ctx("bookkeeper"), **_said()(world)[1])


def found(world: World) -> Mismatch:
    with scope.active(world.school):
        return Mismatch.objects.get(reconciliation=made(world), result="differs")


def adopted(world: World) -> Mismatch:
    return adopt_number(world.ctx("bookkeeper"), found(world))


def _of(make: Any, **keywords: Any) -> Any:
    return lambda world: (make(world), keywords)


ACTIONS = {
    "reconcile_register": Example("bookkeeper", _said(), _said(lambda world: [])),
    "settle_mismatch": Example("bookkeeper", _of(found, outcome="已报财政更正"), _of(adopted, outcome="再办")),
    "adopt_number": Example("bookkeeper", _of(found), _of(adopted)),
}
