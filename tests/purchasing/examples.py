"""One example of each verb of purchasing, with one wrong state."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from tests.examples import Example, Given
from tests.signing import SIGNATURE, sign
from tests.world import TODAY, World
from zongwu.kernel import scope
from zongwu.purchasing import actions
from zongwu.purchasing.actions.arriving import Arrived
from zongwu.purchasing.actions.asking import Wanted
from zongwu.purchasing.models import Acceptance, Budget, Licence, Order, Purchase
from zongwu.school.actions import add_supplier
from zongwu.school.models import Supplier

PAPER = Wanted("A4 复印纸", Decimal(100), "包", Decimal(20), "70g")
DESKS = Wanted("课桌", Decimal(40), "张", Decimal(200), "单人可调", "cards")


def supplier(world: World, name: str) -> Supplier:
    with scope.active(world.school):
        found = Supplier.objects.filter(name=name).first()
    return found or add_supplier(world.system(), name=name)


def budget(world: World, amount: int = 100_000) -> Budget:
    with scope.active(world.school):
        found = Budget.objects.first()
    return found or actions.add_budget(
        world.ctx("head"), year=2026, name="办公费", amount=Decimal(amount), funding="公用经费"
    )


def drafted(world: World, *lines: Wanted, who: str = "class_teacher", **more: Any) -> Purchase:
    """A request for paper: 2,000 yuan, so three quotes are asked for."""
    given = {
        "reason": "开学用",
        "sort": "office",
        "lines": lines or (PAPER,),
        "demands": [("质保", "≥1 年")],
        "budget": budget(world),
    } | more
    return actions.ask_to_buy(world.ctx(who), **given)


def quoted(world: World, purchase: Purchase, name: str, price: str, fits: bool = True, **more: Any) -> Purchase:
    with scope.active(world.school):
        prices = {line.pk: Decimal(price) for line in purchase.lines.all()}
        answers = {demand.pk: ("2 年" if fits else "半年", fits) for demand in purchase.demands.all()}
    return actions.add_quote(
        world.ctx("bookkeeper"),
        purchase,
        supplier=supplier(world, name),
        quoted_on=TODAY,
        prices=prices,
        answers=answers,
        **more,
    )


def three(world: World, purchase: Purchase) -> Purchase:
    """The lowest does not meet the demand; the second is taken."""
    quoted(world, purchase, "恒暖建材", "19", fits=False)
    quoted(world, purchase, "南城文具", "20")
    quoted(world, purchase, "宏达商贸", "21")
    return purchase


def chosen(world: World, *lines: Wanted, **more: Any) -> Purchase:
    purchase = three(world, drafted(world, *lines, **more))
    return actions.choose_quote(
        world.ctx("bookkeeper"), purchase, supplier=supplier(world, "南城文具"), why="恒暖建材质保半年，不合要求"
    )


def submitted(world: World, *lines: Wanted, **more: Any) -> Purchase:
    purchase = chosen(world, *lines, **more)
    with scope.active(world.school):
        applicant = next(who for who, person in world.people.items() if person.pk == purchase.applicant_id)
    return actions.submit_purchase(world.ctx(applicant), purchase, signature=SIGNATURE)


def approved(world: World, *lines: Wanted, **more: Any) -> Purchase:
    purchase = submitted(world, *lines, **more)
    for who in ("head", "bookkeeper", "principal"):
        with scope.active(world.school):
            running = Purchase.objects.get(pk=purchase.pk).state == "running"
        if running:
            sign(world, who, purchase)
    return purchase


def ordered(world: World, *lines: Wanted, **more: Any) -> Order:
    return actions.place_order(
        world.ctx("bookkeeper"), approved(world, *lines, **more), ordered_on=TODAY, due_on=date(2026, 11, 30)
    )


def late(world: World) -> Order:
    order = ordered(world)
    Order.objects.filter(pk=order.pk).update(due_on=date(2026, 11, 20))
    return order


def arrived(
    world: World,
    order: Order,
    many: Any = None,
    *,
    good: Any = None,
    who: tuple[str, ...] = ("storekeeper", "class_teacher", "worker"),
    **more: Any,
) -> Acceptance:
    """A delivery of so many of every line, signed for by the storekeeper, who brings it, and others."""
    with scope.active(world.school):
        lines = {
            one.pk: Arrived(
                Decimal(many or one.quantity),
                Decimal(good if good is not None else many or one.quantity),
                "破损" if good is not None else "",
            )
            for one in order.lines.all()
        }
    given = {
        "lines": lines,
        "members": [world.people[one] for one in who],
        "accepted_on": TODAY,
        "signature": SIGNATURE,
        "place": world.store,
    } | more
    return actions.accept_delivery(world.ctx("storekeeper"), order=order, **given)


def delivered(world: World, *lines: Wanted, **more: Any) -> Order:
    order = ordered(world, *lines, **more)
    paper = arrived(world, order)
    for who in ("class_teacher", "worker"):
        sign(world, who, paper)
    return order


def licensed(world: World) -> Licence:
    return actions.note_licence(
        world.ctx("bookkeeper"), supplier=world.supplier, name="营业执照", expires_on=date(2026, 12, 1)
    )


def came_back(world: World) -> Acceptance:
    from tests.signing import case_of
    from zongwu.kernel.approvals.actions import send_back

    paper = arrived(world, ordered(world))
    send_back(world.ctx("class_teacher"), case_of(world, paper), opinion="数不对")
    return paper


def _of(make: Any, **keywords: Any) -> Any:
    return lambda world: (
        make(world),
        {name: value(world) if callable(value) else value for name, value in keywords.items()},
    )


def _new(**keywords: Any) -> Any:
    return lambda world: (None, {"reason": "用", "sort": "office", "lines": [PAPER]} | keywords)


def _quote(world: World, make: Any = drafted) -> Given:
    purchase = make(world)
    with scope.active(world.school):
        prices = {line.pk: Decimal(20) for line in purchase.lines.all()}
        answers = {demand.pk: ("1 年", True) for demand in purchase.demands.all()}
    return purchase, {"supplier": world.supplier, "quoted_on": TODAY, "prices": prices, "answers": answers}


def _delivery(world: World, **changed: Any) -> Given:
    order = ordered(world)
    with scope.active(world.school):
        lines = {one.pk: Arrived(one.quantity, one.quantity) for one in order.lines.all()}
    members = [world.people[who] for who in ("storekeeper", "class_teacher")]
    return None, {"order": order, "lines": lines, "members": members, "accepted_on": TODAY, "signature": SIGNATURE} | {
        k: v(world) for k, v in changed.items()
    }


def seller(world: World) -> Supplier:
    return supplier(world, "南城文具")


ACTIONS = {
    "add_budget": Example("head", lambda world: (None, {"year": 2026, "name": "维修费", "amount": Decimal(5000)}), lambda world: (budget(world) and None, {"year": 2026, "name": "办公费", "amount": Decimal(1)})),
    "change_budget": Example("head", _of(budget, amount=Decimal(200_000), reason="调整"), lambda world: (submitted(world) and budget(world), {"amount": Decimal(1), "reason": "减"})),
    "ask_to_buy": Example("class_teacher", _new(), _new(lines=[])),
    "revise_purchase": Example("class_teacher", _of(drafted, reason="用", sort="office", lines=[PAPER]), _of(submitted, reason="用", sort="office", lines=[PAPER])),
    "add_quote": Example("bookkeeper", _quote, lambda world: _quote(world, submitted)),
    "choose_quote": Example("bookkeeper", lambda world: (three(world, drafted(world)), {"supplier": seller(world), "why": "合格里最低"}), lambda world: (three(world, drafted(world)), {"supplier": seller(world)})),
    "submit_purchase": Example("class_teacher", _of(chosen), _of(drafted)),
    "drop_purchase": Example("class_teacher", _of(drafted), _of(submitted)),
    "note_licence": Example("bookkeeper", lambda world: (None, {"supplier": world.supplier, "name": "营业执照"}), lambda world: (None, {"supplier": world.supplier, "name": "营业执照", "expires_on": date(2026, 1, 1)})),
    "place_order": Example("bookkeeper", _of(approved, ordered_on=TODAY), _of(submitted, ordered_on=TODAY)),
    "note_papers": Example("bookkeeper", _of(ordered, invoice_number="0123"), _of(ordered)),
    "close_order": Example("bookkeeper", _of(ordered, reason="停产"), _of(delivered, reason="停产")),
    "accept_delivery": Example("storekeeper", _delivery, lambda world: _delivery(world, members=lambda world: [world.people["storekeeper"]])),
    "drop_delivery": Example("storekeeper", _of(came_back), lambda world: (arrived(world, ordered(world)), {})),
    "score_supplier": Example("bookkeeper", _of(delivered, on_time=5, quality=4, service=5), _of(ordered, on_time=5, quality=4, service=5)),
}  # fmt: skip
WAITS = {"purchasing.to_order": approved, "purchasing.late": late, "purchasing.licences": licensed}
MAKES = {
    "purchasing.purchases": drafted, "purchasing.orders": ordered, "purchasing.deliveries": lambda world: arrived(world, ordered(world)), "purchasing.budgets": budget, "purchasing.licences": licensed,
}  # fmt: skip
