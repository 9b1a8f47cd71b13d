"""Writes of repairs that more than one door needs."""

from __future__ import annotations

from collections.abc import Sequence

from zongwu.kernel.actions import step
from zongwu.kernel.amounts import plain_quantity
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.repairs import rules
from zongwu.repairs.models import Ticket, TicketPart, TicketSlip
from zongwu.stores import steps as stores
from zongwu.stores.queries import stock_of
from zongwu.stores.steps import Line


def note_parts(ticket: Ticket, used: Sequence[Line] = ()) -> None:
    """Keep the usual parts that 怎么修的 or the lines of the worker's stock name, instead of those that were kept before."""
    lines = (f"{line.item.name}{plain_quantity(line.quantity)}" for line in used if line.item.name not in ticket.did)
    words = "、".join([ticket.did, *lines])
    ticket.parts.all().delete()
    TicketPart.objects.bulk_create(
        TicketPart(school_id=ticket.school_id, ticket=ticket, name=name, quantity=many)
        for name, many in rules.parts(words).items()
    )


@step
def use_parts(ctx: Ctx, ticket: Ticket, lines: Sequence[Line]) -> None:
    """Take parts out of the stock of whoever mended it.

    :raises Refused: he keeps none, or not enough of it.
    """
    place = stock_of(ctx.person)
    if place is None:
        raise Refused(fields={"used": "您没有自己的备件库，材料请先到仓库领用；怎么修的里写上换了什么就行。"})
    slip = stores.use_up(ctx, place, lines, f"报修 {ticket.number}")
    TicketSlip.objects.create(school_id=ticket.school_id, ticket=ticket, slip=slip)
