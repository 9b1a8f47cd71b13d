"""Writes of repairs that more than one door needs."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from zongwu.checks.models import Finding
from zongwu.kernel import attachments, clock, notify, numbering
from zongwu.kernel.actions import step
from zongwu.kernel.amounts import plain_quantity
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.refs import ref
from zongwu.repairs import queries, rules
from zongwu.repairs.models import Fault, State, Ticket, TicketPart, TicketSlip, Upkeep
from zongwu.school.models import Place
from zongwu.stores import steps as stores
from zongwu.stores.queries import stock_of
from zongwu.stores.steps import Line

SERIES = "BX"


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
def open_ticket(ctx: Ctx, place: Place, fault: str, what: str, **more: Any) -> Ticket:
    """A repair that somebody has to do: given out at once where the table of duties knows to whom, and he is told."""
    worker = queries.whose(place, fault)
    seat, urgent = f"{place} {more.get('spot', '')}".strip(), bool(more.get("urgent"))
    ticket: Ticket = Ticket.objects.create(
        school=ctx.school, number=numbering.take(ctx.school.pk, SERIES, ctx.today.year)[0], place=place, fault=fault, what=what,
        title=f"{seat}：{what or Fault(fault).label}"[:120], reporter=ctx.person, reported_at=ctx.now, reported_on=ctx.today, worker=worker,
        state=State.GIVEN if worker else State.NEW, given_at=ctx.now if worker else None,
        due_on=rules.due(ctx.today, urgent, queries.DAYS.whole(ctx.today)), **more,
    )  # fmt: skip
    notify.tell(ctx, [worker], f"{'紧急：' if urgent else ''}有新的报修：{ticket.title}", ticket)
    return ticket


@step
def mend_finding(ctx: Ctx, finding: Finding) -> Ticket:
    """What an inspection found is to be mended: a repair at its point, or the open one that says the very same already.

    :raises Refused: the whole school was looked through, so nobody knows where.
    """
    point = finding.round.point
    if point is None:
        raise Refused(f"「{finding.item}」没有点位，不知道修哪里；请选别的处理，再到「报修」里写清地点。")
    what, spot = f"{finding.item} {finding.said}".strip(), point.name[:40]
    place = Place.objects.select_for_update(no_key=True).get(pk=point.place_id)  # whoever reports the same waits
    same = Ticket.objects.open().filter(place=place, spot=spot, what=what).order_by("-id").first()
    ticket = same or open_ticket(ctx, place, rules.fault_of(what), what, spot=spot, via=Ticket.Via.CHECK)
    attachments.share(finding, ticket, ctx.now)
    return ticket


@step
def open_upkeep(ctx: Ctx, row: Upkeep) -> Ticket | None:
    """The repair by which something is looked after; None while the last one is open."""
    if Ticket.objects.open().filter(origin=ref(row)).exists():
        return None
    return open_ticket(ctx, row.place, row.fault, row.what, asset=row.asset, via=Ticket.Via.UPKEEP, origin=ref(row))


def renew_upkeep(ctx: Ctx, ticket: Ticket) -> None:
    """What was looked after, or is not to be this time, is due again from now on, by calendar and by reading."""
    kind, _, pk = ticket.origin.partition(":")
    rows = Upkeep.objects.running().select_for_update()
    row = rows.filter(pk=int(pk)).first() if kind == Upkeep.kind else None
    ended = ticket.done_at or ticket.closed_at
    if row is None or ended is None:
        return
    ctx.touch([row], "upkeep")
    if row.months:
        row.next_on = rules.months_later(clock.day_of(ended), row.months)
    if row.every is not None:
        row.next_at = (row.reading or Decimal(0)) + row.every
    row.save(update_fields=["next_on", "next_at"])


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
