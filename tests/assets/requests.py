"""One example of each verb of what people ask for."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from tests.examples import Example, Given
from tests.world import World
from zongwu.assets.actions import answer_request, ask_for_item
from zongwu.assets.models import ItemRequest


def _ask(**changed: Any) -> Any:
    def given(world: World) -> Given:
        return None, {"what": "打印机", "quantity": Decimal(1), "reason": "年级组打试卷"} | changed

    return given


def asked(world: World, **changed: Any) -> ItemRequest:
    return ask_for_item(world.ctx("class_teacher"), **_ask(**changed)(world)[1])


def open_one(world: World) -> None:
    asked(world)


def answered(world: World) -> ItemRequest:
    return answer_request(world.ctx("storekeeper"), asked(world), answer="列入下月采购")


def _of(make: Any, **keywords: Any) -> Any:
    return lambda world: (make(world), keywords)


ACTIONS = {
    "ask_for_item": Example("class_teacher", _ask(), _ask(quantity=Decimal(0))),
    "answer_request": Example("storekeeper", _of(asked, answer="可以"), _of(answered, answer="可以")),
}
