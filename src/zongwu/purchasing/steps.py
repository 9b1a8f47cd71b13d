"""What the last signature of an acceptance does: goods become stock, equipment becomes cards, the order comes closer to its end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from decimal import Decimal

from zongwu.assets import steps as assets
from zongwu.kernel.actions import step
from zongwu.kernel.amounts import round_price, round_yuan
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.purchasing.models import Acceptance, AcceptanceLine, Order, OrderLine, Purchase, PurchaseLine
from zongwu.stores import queries as stores_queries
from zongwu.stores import steps as stores
from zongwu.stores.models import Item, Slip

Becomes = PurchaseLine.Becomes


@step
def take_delivery(ctx: Ctx, acceptance: Acceptance) -> None:
    """Everybody has signed: what was accepted is booked today.

    :raises Refused: more was accepted meanwhile than was ordered.
    """
    order = Order.objects.select_for_update(of=("self",)).get(pk=acceptance.order_id)
    lines = list(
        AcceptanceLine.objects.filter(acceptance=acceptance, accepted__gt=0)
        .select_related("line__line")
        .order_by("line__seq")
    )
    ordered = {
        one.pk: one for one in OrderLine.objects.filter(order=order).select_for_update(of=("self",)).order_by("pk")
    }
    for line in lines:
        one = ordered[line.line_id]
        if line.accepted > one.open:
            raise Refused(
                f"{one} 订了 {one.quantity:f}，已验收 {one.accepted:f}，再收 {line.accepted:f} 就超过了，请退回改验收单。"
            )
        one.accepted += line.accepted
    OrderLine.objects.bulk_update([ordered[line.line_id] for line in lines], ["accepted"])
    order.came_on = acceptance.accepted_on
    order.save(update_fields=["came_on"])
    _into_stock(ctx, acceptance, [line for line in lines if line.line.line.becomes == Becomes.STOCK])
    _into_cards(ctx, acceptance, [line for line in lines if line.line.line.becomes == Becomes.CARDS])
    _close(ctx, order, ordered.values())
    ctx.touch([order], "accepted")


def _into_stock(ctx: Ctx, acceptance: Acceptance, lines: Sequence[AcceptanceLine]) -> None:
    if not lines:
        return
    place = acceptance.place or stores_queries.main_store()
    if place is None or not place.is_storeroom:
        raise Refused("要入库的东西没有写入哪个库房，请退回补上。")
    slip = Slip(
        form=Slip.Form.RECEIPT, on=ctx.today, place=place, keeper=acceptance.applicant, supplier=acceptance.order.supplier,
        paper_number=acceptance.order.number, purpose=f"验收单 {acceptance.number}",
    )  # fmt: skip
    stores.receive(ctx, slip, _in_own_units(lines))
    acceptance.slip = slip
    acceptance.save(update_fields=["slip"])
    ctx.touch([slip], "booked")


def _in_own_units(lines: Sequence[AcceptanceLine]) -> list[stores.Line]:
    """Each in the unit in which the catalogue counts it; what the catalogue does not know becomes one new item a name.

    :raises Refused: the catalogue counts in another unit meanwhile.
    """
    made: dict[tuple[str, str], Item] = {}
    found = []
    for line in lines:
        wanted = line.line.line
        known = stores_queries.in_catalogue(wanted.name, wanted.spec, wanted.unit)
        item, size = known or (
            made.setdefault(
                (wanted.name, wanted.spec[:60]), Item(name=wanted.name, spec=wanted.spec[:60], unit=wanted.unit)
            ),
            Decimal(1),
        )
        worth = round_yuan(line.accepted * line.line.price)
        found.append(
            stores.Line(item, line.accepted * size, round_price(line.line.price / size), note=line.note, value=worth)
        )
    return found


def _into_cards(ctx: Ctx, acceptance: Acceptance, lines: Sequence[AcceptanceLine]) -> None:
    """A card each: forty desks are forty cards in one act."""
    for line in lines:
        wanted = line.line.line
        whole = line.accepted == line.accepted.to_integral_value()
        cards = assets.new_cards(
            ctx, count=int(line.accepted) if whole else 1, name=wanted.name, spec=wanted.spec, category=wanted.category, unit=wanted.unit,
            quantity=Decimal(1) if whole else line.accepted, unit_price=line.line.price, acquired_on=acceptance.accepted_on,
            supplier=acceptance.order.supplier, place=acceptance.place, department=acceptance.order.purchase.department,
            funding=(acceptance.order.purchase.budget.funding or acceptance.order.purchase.budget.name) if acceptance.order.purchase.budget else "",
        )  # fmt: skip
        ctx.touch(cards, "bought")


def _close(ctx: Ctx, order: Order, lines: Iterable[OrderLine]) -> None:
    """An order of which everything has come is done; so is the request."""
    if not any(line.open for line in lines):
        order.closed_on = ctx.today
        order.save(update_fields=["closed_on"])
    end_purchase(ctx, order.purchase_id)


@step
def end_purchase(ctx: Ctx, purchase_id: int) -> None:
    """Nothing more is to come: what was really spent stands from now on against the budget."""
    purchase = Purchase.objects.select_for_update(of=("self",)).get(pk=purchase_id)
    if purchase.orders.filter(closed_on=None).exists():
        return
    spent = sum(
        (round_yuan(line.accepted * line.price) for line in OrderLine.objects.filter(order__purchase=purchase)),
        Decimal(0),
    )
    delivery = purchase.chosen.delivery if purchase.chosen and spent else Decimal(0)
    purchase.spent, purchase.closed_on = spent + delivery, ctx.today
    purchase.save(update_fields=["spent", "closed_on"])
    ctx.touch([purchase], "ended")
