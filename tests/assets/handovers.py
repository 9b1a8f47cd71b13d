"""One example of each verb of a hand-over slip."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.examples import Example, Given
from tests.signing import sign
from tests.world import TODAY, World
from zongwu.assets.actions import draw_handover, submit_handover
from zongwu.assets.models import Handover

DUE = date(2026, 12, 7)


def _slip(**changed: Any) -> Any:
    def given(world: World) -> Given:
        slip = {"form": "loan", "receiver": world.people["class_teacher"], "assets": [world.laptop], "due_on": DUE}
        return None, slip | changed

    return given


def drawn(world: World) -> Handover:
    return draw_handover(world.ctx("storekeeper"), **_slip()(world)[1])


def submitted(world: World) -> Handover:
    return submit_handover(world.ctx("storekeeper"), drawn(world))


def lent(world: World) -> Handover:
    slip = submitted(world)
    sign(world, "class_teacher", slip)
    return slip


def _of(make: Any, **keywords: Any) -> Any:
    return lambda world: (make(world), keywords)


ACTIONS = {
    "draw_handover": Example("storekeeper", _slip(), _slip(due_on=None)),
    "submit_handover": Example("storekeeper", _of(drawn), _of(submitted)),
    "drop_handover": Example("storekeeper", _of(drawn), _of(submitted)),
    "return_loan": Example(
        "storekeeper", _of(lent, on=TODAY, condition="good"), _of(drawn, on=TODAY, condition="good")
    ),
    "renew_loan": Example("storekeeper", _of(lent, due_on=date(2026, 12, 20)), _of(lent, due_on=TODAY)),
}
