"""One example of each verb of the storerooms, with one wrong state."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.examples import Example, Given
from tests.signing import SIGNATURE, sign
from tests.world import TODAY, World
from zongwu.kernel import scope
from zongwu.stores import actions
from zongwu.stores.models import Item, Quota, Requisition, Slip
from zongwu.stores.steps import Line

DUE = date(2026, 12, 1)


def item(world: World, name: str = "A4 复印纸", **more: Any) -> Item:
    """An item of the catalogue, made once."""
    with scope.active(world.school):
        found = Item.objects.filter(name=name).first()
    made = {"unit": "包", "spec": "70g", "sort": "office", "packings": "箱=20"} | more
    return found or actions.add_item(world.ctx("storekeeper"), name=name, **made)


def stocked(world: World, many: int = 100, price: str = "20", **more: Any) -> Slip:
    """A receipt of paper."""
    line = Line(item(world), Decimal(many), Decimal(price), **more)
    return actions.receive_goods(
        world.ctx("storekeeper"), place=world.store, lines=[line], on=TODAY, supplier=world.supplier
    )


def put_in(world: World, name: str) -> Slip:
    """A receipt of something else."""
    lines = [Line(item(world, name), Decimal(3), Decimal(2))]
    return actions.receive_goods(world.ctx("storekeeper"), place=world.store, lines=lines, on=TODAY)


def some(world: World, many: Any = 2, name: str = "A4 复印纸") -> list[Line]:
    return [Line(item(world, name), Decimal(many))]


def issued(world: World, many: Any = 2) -> Slip:
    stocked(world)
    return actions.issue_goods(
        world.ctx("storekeeper"),
        place=world.store,
        receiver=world.people["class_teacher"],
        lines=some(world, many),
        signature=SIGNATURE,
    )


def lent(world: World) -> Slip:
    stocked(world)
    return actions.lend_goods(
        world.ctx("storekeeper"),
        place=world.store,
        receiver=world.people["class_teacher"],
        lines=some(world),
        due_on=DUE,
        signature=SIGNATURE,
    )


def overdue(world: World) -> Slip:
    slip = lent(world)
    Slip.objects.filter(pk=slip.pk).update(due_on=date(2026, 11, 20))
    return slip


def quota(world: World, many: int = 5) -> Quota:
    return actions.set_quota(world.ctx("head"), department=world.office, item=item(world), quantity=Decimal(many))


def asked(world: World, many: int = 2) -> Requisition:
    stocked(world)
    return actions.ask_for_goods(world.ctx("class_teacher"), place=world.store, lines=some(world, many))


def sent_back(world: World) -> Requisition:
    """Above the quota, and returned by the head."""
    from tests.signing import case_of
    from zongwu.kernel.approvals.actions import send_back

    quota(world)
    request = asked(world, 9)
    send_back(world.ctx("head"), case_of(world, request), opinion="太多了")
    return request


def handed_out(world: World) -> Requisition:
    request = asked(world)
    return actions.hand_out(world.ctx("storekeeper"), request, signature=SIGNATURE)


def approved(world: World) -> Requisition:
    quota(world)
    request = asked(world, 9)
    sign(world, "head", request)
    return request


def low(world: World) -> None:
    stocked(world, 3)
    actions.change_item(world.ctx("storekeeper"), item(world), alarm=Decimal(10), target=Decimal(40))


def expiring(world: World) -> None:
    stocked(world, 3, lot="B1", expires_on=date(2026, 12, 1))


def closed(world: World) -> Given:
    paper = item(world)
    actions.close_item(world.ctx("storekeeper"), paper)
    return paper, {}


def _slip(make: Any, **keywords: Any) -> Any:
    def given(world: World) -> Given:
        stocked(world)
        values = {"place": world.store, "lines": some(world)} | keywords
        return None, {name: value(world) if callable(value) else value for name, value in values.items()}

    return given


def _of(make: Any, **keywords: Any) -> Any:
    return lambda world: (
        make(world),
        {name: value(world) if callable(value) else value for name, value in keywords.items()},
    )


def _reversed(world: World) -> Given:
    slip = stocked(world)
    actions.reverse_slip(world.ctx("head"), slip, reason="写错")
    return slip, {"reason": "写错"}


def _branch(world: World) -> Any:
    from zongwu.school.actions import add_place

    with scope.active(world.school):
        return add_place(world.system(), name="体育器材室", level="storeroom", parent=world.campus)


TEACHER, TOO_MANY = (lambda world: world.people["class_teacher"]), (lambda world: some(world, 1000))
SIGNED = {"receiver": TEACHER, "signature": SIGNATURE}
ACTIONS = {
    "add_item": Example("storekeeper", lambda world: (None, {"name": "粉笔", "unit": "盒"}), lambda world: (None, {"name": item(world).name, "spec": "70g", "unit": "包"})),
    "change_item": Example("storekeeper", _of(item, alarm=Decimal(10)), _of(item, spec="70g")),
    "close_item": Example("storekeeper", _of(item), lambda world: (stocked(world) and item(world), {})),
    "reopen_item": Example("storekeeper", closed, _of(item)),
    "set_quota": Example("head", lambda world: (None, {"department": world.office, "item": item(world), "quantity": Decimal(5)}),
                         lambda world: (None, {"department": world.office, "item": item(world), "quantity": Decimal(5), "period": "year"})),
    "drop_quota": Example("head", _of(quota)),
    "receive_goods": Example("storekeeper", _slip(None, on=TODAY, lines=lambda w: [Line(item(w), Decimal(5), Decimal(20))]), _slip(None, on=date(2026, 12, 1))),
    "issue_goods": Example("storekeeper", _slip(None, **SIGNED), _slip(None, **SIGNED, lines=TOO_MANY)),
    "lend_goods": Example("storekeeper", _slip(None, **SIGNED, due_on=DUE), _slip(None, **SIGNED, due_on=date(2026, 11, 1))),
    "transfer_goods": Example("storekeeper", _slip(None, on=TODAY, to_place=_branch), _slip(None, on=TODAY, to_place=lambda world: world.store)),
    "send_back_goods": Example("storekeeper", _slip(None, on=TODAY, supplier=lambda world: world.supplier, purpose="破损"),
                               _slip(None, on=TODAY, supplier=lambda world: world.supplier, purpose="破损", lines=TOO_MANY)),
    "write_off_goods": Example("head", _slip(None, on=TODAY, purpose="受潮"), _slip(None, on=TODAY, purpose="受潮", lines=TOO_MANY)),
    "extend_loan": Example("storekeeper", _of(lent, due_on=date(2027, 1, 15)), _of(issued, due_on=date(2027, 1, 15))),
    "return_goods": Example("storekeeper", _of(issued, lines=lambda world: some(world, 1)), _of(issued, lines=lambda world: some(world, 3))),
    "reverse_slip": Example("head", _of(stocked, reason="写错"), _reversed),
    "ask_for_goods": Example("class_teacher", _slip(None), _slip(None, lines=[])),
    "revise_requisition": Example("class_teacher", _of(sent_back, lines=some), _of(asked, lines=some)),
    "drop_requisition": Example("class_teacher", _of(asked), _of(handed_out)),
    "hand_out": Example("storekeeper", _of(asked, signature=SIGNATURE), _of(asked, told="000000x")),
}  # fmt: skip
WAITS = {"stores.low": low, "stores.ready": asked, "stores.loans_overdue": overdue, "stores.expiring": expiring}
MAKES = {
    "stores.items": item,
    "stores.stock": stocked,
    "stores.slips": stocked,
    "stores.requisitions": asked,
    "stores.quotas": quota,
}
