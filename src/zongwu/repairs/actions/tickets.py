"""The doors of repairs: reported, given out, mended or put off, confirmed or not."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from zongwu.assets.models import Asset
from zongwu.kernel import attachments, clock, notify
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.amounts import format_yuan, to_fen
from zongwu.kernel.attachments import Kept
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.repairs import queries, rules, steps
from zongwu.repairs.models import IN_HAND, OPEN, Echo, Fault, State, Ticket, When
from zongwu.school.models import Place, Supplier
from zongwu.stores.steps import Line

REPORT, DISPATCH, WORK, CONFIRM = "repairs.report_fault", "repairs.dispatch", "repairs.work", "repairs.confirm"


@create_action(Ticket, label="报修", permission=REPORT, icon="tool", primary=True, starts_from=("place", "asset"))
def report_fault(
    ctx: Ctx, *, place: Place, fault: str, what: str = "", spot: str = "", asset: Asset | None = None, urgent: bool = False, phone: str = "",
    caller: str = "", via: str = "", photo: Kept | None = None, when: str = "", confirmed: bool = False,
) -> Ticket:  # fmt: skip
    """Something is broken. Who mends it is told at once where the table of duties knows him.

    :raises NeedsConfirmation: the same was reported here within two days and is not mended.
    """
    place = Place.objects.select_for_update(no_key=True).get(pk=place.pk)  # two who see the same wait for one another
    if place.closed_on is not None:
        raise Refused(fields={"place": f"{place} 已经停用。"})
    if fault not in Fault.values:
        raise Refused(fields={"fault": "请选一个类别。"})
    if when and when not in When.values:
        raise Refused(fields={"when": "没有这个时段。"})
    if (before := queries.same(ctx, place, fault)) and not confirmed:
        raise NeedsConfirmation(
            f"{place} 的{Fault(fault).label}已经有人报过（{before.number}，{before.get_state_display()}）。是同一件事就在那张单子上点「我也遇到」，不是的勾上再报。"
        )
    ticket = steps.open_ticket(
        ctx, place, fault, what, spot=spot, asset=asset, urgent=urgent, phone=phone, caller=caller, via=via or Ticket.Via.STAFF, when=when
    )  # fmt: skip
    if photo is not None:
        attachments.hang(ticket, photo, ctx.now)
    ctx.journal(
        ticket, "repair.reported", fault=fault, place=place, worker=ticket.worker,
        also=[(place, "place"), (asset, "asset"), (ticket.worker, "worker")], detail={"怎么坏了": what} if what else {},
    )  # fmt: skip
    return ticket


@action(Ticket, label="我也遇到", permission=REPORT, icon="users", available=lambda ticket: ticket.is_open, refusal="{row} 已经修好或撤销了，还有问题请重新报。")  # fmt: skip
def join_report(ctx: Ctx, ticket: Ticket) -> Ticket:
    """Somebody else has the same trouble: one more who waits, not one more repair.

    :raises Refused: he reported it himself, or said so before.
    """
    mine = ctx.person is not None and (
        ticket.reporter_id == ctx.person.pk or ticket.echoes.filter(person=ctx.person).exists()
    )
    if mine:
        raise Refused("您已经报过了，修好会告诉您。")
    Echo.objects.create(school=ctx.school, ticket=ticket, person=ctx.person, at=ctx.now)
    ctx.journal(ticket, "repair.joined", many=ticket.echoes.count() + 1)
    return ticket


@action(Ticket, label="派工", permission=DISPATCH, icon="user-check", primary=True, available=lambda ticket: ticket.is_open, refusal="{row} 已经修好或撤销了。")  # fmt: skip
def give_ticket(
    ctx: Ctx,
    ticket: Ticket,
    *,
    worker: Person | None = None,
    supplier: Supplier | None = None,
    due_on: date | None = None,
    quoted: Decimal = Decimal(0),
    quote: Kept | None = None,
) -> Ticket:
    """To one of the school's people, or to a firm outside with one of them who looks after it: what it asks, and the paper that says so.

    :raises Refused: to nobody, by a day that has passed, or a price of nobody.
    """
    if quoted < 0 or ((quoted or quote) and supplier is None):
        raise Refused(fields={"quoted": "报价是外修单位的：先选请哪家外修，价格不能是负数。"})
    if worker is None and supplier is None:
        raise Refused(fields={"worker": "请选派给谁，或者请哪家外修。"})
    if due_on is not None and due_on < ctx.today and due_on != ticket.due_on:
        raise Refused(fields={"due_on": "期限不能是已经过去的日子。"})
    before, ticket.worker, ticket.supplier = ticket.worker, worker, supplier
    _end_rest(ctx, ticket)
    ticket.due_on = due_on or ticket.due_on
    ticket.state, ticket.given_at, ticket.taken_at, ticket.here_at = State.GIVEN, _moment(ctx, ticket), None, None
    ticket.quoted = quoted
    ticket.save()
    if quote is not None:
        attachments.hang(ticket, quote, ctx.now)
    ctx.journal(
        ticket, "repair.given", worker=worker, supplier=supplier, quoted_fen=to_fen(quoted) or None, also=[(worker, "worker"), (supplier, "supplier")]
    )  # fmt: skip
    notify.tell(ctx, [worker], f"派给您：{ticket.title}", ticket)
    notify.tell(ctx, [before if before != worker else None], f"改派给别人了：{ticket.title}", ticket)
    return ticket


def _moment(ctx: Ctx, ticket: Ticket, device_at: datetime | None = None) -> datetime:
    """When it was done: by the phone that waited for signal as far as its clock can be right, else now; and never before the step
    that somebody else just took, since his request may have begun later and ended sooner."""
    return max(clock.believed(device_at, ctx.now), ticket.last_step)


def _his(ctx: Ctx, ticket: Ticket) -> None:
    """:raises Refused: it was given to somebody else, and he does not give out work himself."""
    if not ctx.may(DISPATCH) and (ctx.person is None or ticket.worker_id != ctx.person.pk):
        raise Refused(f"这张单派给了{ticket.worker or ticket.supplier or '别人'}，要换人请找派工的人。")


@action(Ticket, label="接单", permission=WORK, icon="check", primary=True, available=lambda ticket: ticket.state == State.GIVEN, refusal="{row} 不是刚派下来的单子。")  # fmt: skip
def take_ticket(ctx: Ctx, ticket: Ticket, *, device_at: datetime | None = None) -> Ticket:
    """He has seen it and is coming."""
    _his(ctx, ticket)
    ticket.state, ticket.taken_at = State.TAKEN, _moment(ctx, ticket, device_at)
    ticket.save(update_fields=["state", "taken_at"])
    ctx.journal(ticket, "repair.taken")
    notify.tell(ctx, [ticket.reporter], f"{ticket.worker or ticket.supplier}接单了：{ticket.title}", ticket)
    return ticket


@action(Ticket, label="到了", permission=WORK, icon="map-pin", available=lambda ticket: ticket.state in (State.GIVEN, State.TAKEN), refusal="{row} 已经到场，或者不在手上。")  # fmt: skip
def arrive(ctx: Ctx, ticket: Ticket, *, device_at: datetime | None = None) -> Ticket:
    """He stands before it."""
    _his(ctx, ticket)
    now = _moment(ctx, ticket, device_at)
    ticket.state, ticket.here_at, ticket.taken_at = State.HERE, now, ticket.taken_at or now
    ticket.save(update_fields=["state", "here_at", "taken_at"])
    ctx.journal(ticket, "repair.here")
    return ticket


@action(Ticket, label="挂起", permission=WORK, icon="player-pause", available=lambda ticket: ticket.state in IN_HAND, refusal="{row} 没有在修。")  # fmt: skip
def hold_ticket(ctx: Ctx, ticket: Ticket, *, why: str, until: date, device_at: datetime | None = None) -> Ticket:
    """It cannot be mended now: why, and until when. This time is not counted as his.

    :raises Refused: a day that has passed.
    """
    _his(ctx, ticket)
    if why not in Ticket.Why.values:
        raise Refused(fields={"why": "请选一个原因。"})
    if until < ctx.today:
        raise Refused(fields={"until": "挂起到的日子不能已经过去。"})
    ticket.state, ticket.held_at, ticket.held_until, ticket.held_why = (
        State.HELD,
        _moment(ctx, ticket, device_at),
        until,
        why,
    )
    ticket.save(update_fields=["state", "held_at", "held_until", "held_why"])
    ctx.journal(ticket, "repair.held", held_why=why, until=until)
    notify.tell(ctx, [ticket.reporter], f"{ticket.title}：{Ticket.Why(why).label}，{until:%m-%d} 再修", ticket)
    return ticket


@action(Ticket, label="接着修", permission=WORK, icon="player-play", primary=True, available=lambda ticket: ticket.state == State.HELD, refusal="{row} 没有挂起。")  # fmt: skip
def resume_ticket(ctx: Ctx, ticket: Ticket, *, device_at: datetime | None = None) -> Ticket:
    """What kept it is over."""
    _his(ctx, ticket)
    _end_rest(ctx, ticket, device_at)
    ticket.state = State.TAKEN if ticket.taken_at else State.GIVEN
    ticket.save()
    ctx.journal(ticket, "repair.resumed", minutes=ticket.held_minutes)
    return ticket


def _end_rest(ctx: Ctx, ticket: Ticket, device_at: datetime | None = None) -> None:
    """Add up how long it was put off."""
    if ticket.held_at is not None:
        ticket.held_minutes += max(0, int((_moment(ctx, ticket, device_at) - ticket.held_at).total_seconds() // 60))
        ticket.held_at = ticket.held_until = None
        ticket.held_why = ""


@action(Ticket, label="修好了", permission=WORK, icon="circle-check", primary=True, available=lambda ticket: ticket.state in (*IN_HAND, State.HELD), refusal="{row} 不在手上。")  # fmt: skip
def finish_ticket(
    ctx: Ctx,
    ticket: Ticket,
    *,
    did: str = "",
    cost: Decimal = Decimal(0),
    used: Sequence[Line] = (),
    photo: Kept | None = None,
    device_at: datetime | None = None,
    confirmed: bool = False,
) -> Ticket:
    """Mended: what was done, the parts out of the worker's own stock, a photograph, and what a firm outside asked for it.

    :raises Refused: it is another's, or his stock has not so many.
    :raises NeedsConfirmation: the firm asks more than it said.
    """
    _his(ctx, ticket)
    if cost < 0:
        raise Refused(fields={"cost": "费用不能是负数。"})
    if ticket.quoted and cost > ticket.quoted and not confirmed:
        raise NeedsConfirmation(
            f"费用 {format_yuan(cost)} 元比报价 {format_yuan(ticket.quoted)} 元多，说好了为什么多就勾上。"
        )
    now = _moment(ctx, ticket, device_at)
    _end_rest(ctx, ticket, device_at)
    ticket.state, ticket.done_at, ticket.mended_by = State.DONE, now, ctx.person
    ticket.did, ticket.cost, ticket.said = did, cost, ""
    ticket.minutes = rules.minutes(ticket.reported_at, now, ticket.held_minutes)
    ticket.save()
    if used:
        steps.use_parts(ctx, ticket, used)
    steps.note_parts(ticket, used)
    if photo is not None:
        attachments.hang(ticket, photo, ctx.now)
    steps.renew_upkeep(ctx, ticket)
    ctx.journal(
        ticket, "repair.done", cost_fen=to_fen(cost), minutes=ticket.minutes, also=[(ticket.asset, "asset"), (ticket.place, "place")],
        detail={"怎么修的": did} if did else {},
    )  # fmt: skip
    notify.tell(
        ctx,
        [ticket.reporter, *(one.person for one in ticket.echoes.select_related("person"))],
        f"修好了，请看一下：{ticket.title}",
        ticket,
    )
    return ticket


def _asked(ctx: Ctx, ticket: Ticket) -> None:
    """:raises Refused: whoever mended it does not say himself that it is good; nor does a stranger."""
    if ctx.person is None:  # by the private link
        return
    if ctx.person.pk in (ticket.worker_id, ticket.mended_by_id):
        raise Refused("修的人不能自己确认，请报修的人或派工的人来确认；没人回话，过几天自动办结。")
    if ticket.reporter_id != ctx.person.pk and not ctx.may(DISPATCH):
        raise Refused("请报修的人来确认。")


@action(Ticket, label="确认修好", permission=CONFIRM, icon="mood-happy", primary=True, available=lambda ticket: ticket.state == State.DONE, refusal="{row} 还没有修好，或者已经办结。")  # fmt: skip
def confirm_ticket(ctx: Ctx, ticket: Ticket, *, stars: int | None = None, said: str = "") -> Ticket:
    """It works again; with a rating if he likes to give one."""
    _asked(ctx, ticket)
    if stars is not None and not 1 <= stars <= 5:
        raise Refused(fields={"stars": "评价是 1 到 5 颗星。"})
    ticket.stars, ticket.said = stars, said
    _close(ctx, ticket)
    ctx.journal(ticket, "repair.confirmed", stars=stars, detail={"报修人的话": said} if said else {})
    notify.tell(ctx, [ticket.worker], f"{ticket.title}：已确认{f'，{stars} 星' if stars else ''}", ticket)
    return ticket


@action(Ticket, label="没修好", permission=CONFIRM, icon="mood-sad", available=lambda ticket: ticket.state == State.DONE, refusal="{row} 还没有修好，或者已经办结；又坏了请重新报。")  # fmt: skip
def reopen_ticket(ctx: Ctx, ticket: Ticket, *, said: str = "") -> Ticket:
    """It does not: back to whoever had it, counted as a return."""
    _asked(ctx, ticket)
    now = _moment(ctx, ticket)
    if ticket.worker and ticket.worker.left_on is not None:
        ticket.worker = None
    handed = ticket.worker or ticket.supplier
    ticket.state, ticket.given_at = (State.GIVEN, now) if handed else (State.NEW, None)
    ticket.said, ticket.back = said, ticket.back + 1
    ticket.done_at = ticket.minutes = ticket.taken_at = ticket.here_at = ticket.mended_by = None
    ticket.save()
    ctx.journal(ticket, "repair.reopened", times=ticket.back, detail={"报修人的话": said} if said else {})
    notify.tell(ctx, [ticket.worker], f"没修好，请再去一次：{ticket.title}", ticket)
    return ticket


def _close(ctx: Ctx, ticket: Ticket) -> None:
    """The end; the telephone number is needed no more."""
    ticket.state, ticket.closed_at, ticket.phone = State.CLOSED, _moment(ctx, ticket), ""
    ticket.save()


@action(Ticket, label="到日子办结", permission=DISPATCH, available=lambda ticket: ticket.state == State.DONE, refusal="{row} 不在等确认。", hidden=True)  # fmt: skip
def close_silent(ctx: Ctx, ticket: Ticket) -> Ticket:
    """Nobody said anything within the days of the setting: closed without a rating.

    :raises Refused: the days are not over, since somebody said something and it was mended again.
    """
    if ticket.done_at and ticket.done_at > queries.silent_since(ctx):
        raise Refused(f"{ticket} 修好还没有几天，再等等报修的人。")
    ticket.silent = True
    _close(ctx, ticket)
    ctx.journal(ticket, "repair.silent")
    return ticket


@action(Ticket, label="撤销", permission=REPORT, icon="ban", available=lambda ticket: ticket.state in OPEN, refusal="{row} 已经修好或撤销了。",
        confirm="报错了、重复了或者不用修的才撤销；原因会留着。")  # fmt: skip
def drop_ticket(ctx: Ctx, ticket: Ticket, *, reason: str) -> Ticket:
    """Taken back: by whoever reported it until somebody has it, later by whoever gives out the work."""
    own = ctx.person is not None and ticket.reporter_id == ctx.person.pk and ticket.state == State.NEW
    if not own and not ctx.may(DISPATCH):
        raise Refused("已经派了工，要撤销请找派工的人。" if ticket.state != State.NEW else "这不是您报的，不能撤销。")
    ticket.state, ticket.closed_at, ticket.phone, ticket.said = State.DROPPED, _moment(ctx, ticket), "", reason[:100]
    ticket.save()
    steps.renew_upkeep(ctx, ticket)
    ctx.journal(ticket, "repair.dropped", detail={"原因": reason})
    notify.tell(ctx, [ticket.worker, ticket.reporter], f"撤销了：{ticket.title}（{reason}）", ticket)
    return ticket
