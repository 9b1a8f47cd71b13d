"""Somebody answers for a hazard, puts it right, and somebody else sees that it is gone."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from zongwu.kernel import memberships, notify
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import action
from zongwu.kernel.amounts import to_fen
from zongwu.kernel.attachments import Kept
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Forbidden, Refused
from zongwu.kernel.refs import ref
from zongwu.repairs import rules as repairs
from zongwu.repairs.models import Ticket
from zongwu.repairs.steps import open_ticket
from zongwu.safety import queries, rules, steps
from zongwu.safety.models import TO_FIX, Grade, Hazard, Shot, State

LONGEST = timedelta(days=730)
"""How far ahead a deadline may lie; what is further is a slip of the hand."""
ASSIGN, FIX, RECHECK = queries.ASSIGN, "safety.fix_hazard", "safety.recheck_hazard"


@action(Hazard, label="定人定限", permission=ASSIGN, icon="user-check", primary=True, available=lambda hazard: hazard.state in TO_FIX, refusal="{row} 已经整改，等复查；要换人请先复查退回。")  # fmt: skip
def assign_hazard(
    ctx: Ctx, hazard: Hazard, *, responsible: Person, measure: str, due_on: date, grade: str, supervisor: Person | None = None, money: Decimal = Decimal(0),
    funding: str = "", interim: str = "", basis: str = "",
) -> Hazard:  # fmt: skip
    """The five things that are fixed (五落实): who answers, what is done, the money, by when, what protects meanwhile.

    The deadline is set with the first owner; later it is moved by `move_deadline`, with a reason.
    :raises Refused: what a hazard of this grade cannot do without, or a major one that somebody would make an ordinary one.
    """
    grade = Grade.MAJOR if rules.is_direct(basis) else grade
    problems = {}
    if grade not in Grade.values:
        problems["grade"] = "请选一个等级。"
    if responsible.left_on is not None:
        problems["responsible"] = f"{responsible} 已经离校。"
    if supervisor is not None and supervisor.pk == responsible.pk:
        problems["supervisor"] = "督办人不能是责任人自己。"
    if grade == Grade.MAJOR and supervisor is None:
        problems["supervisor"] = "重大隐患要有督办人。"
    if grade == Grade.MAJOR and not interim:
        problems["interim"] = "重大隐患没改好以前怎么防护，请写上。"
    if grade == Grade.MAJOR and not basis:
        problems["basis"] = f"重大隐患要写判定依据（{rules.GUIDE}哪一条）。"
    if hazard.state != State.NEW and due_on != hazard.due_on:
        problems["due_on"] = f"期限已经定在 {hazard.due_on:%Y-%m-%d}，要改请用「延期」写明原因。"
    elif due_on != hazard.due_on and not ctx.today <= due_on <= ctx.today + LONGEST:
        problems["due_on"] = "期限不能是已经过去的日子，也不能在两年以后。"
    if hazard.grade == Grade.MAJOR and grade != Grade.MAJOR and (hazard.listed_on or not ctx.may(queries.OVERSEE)):
        problems["grade"] = "重大隐患改成一般，要由校长或安全负责人来定；挂了牌的不能改。"
    if money < 0:
        problems["money"] = "资金不能是负数。"
    if problems:
        raise Refused(fields=problems)
    before, hazard.responsible, hazard.supervisor = hazard.responsible, responsible, supervisor
    regraded = [hazard.grade, grade] if grade != hazard.grade else None
    hazard.measure, hazard.money, hazard.funding, hazard.interim = measure, money, funding, interim
    hazard.grade, hazard.basis, hazard.responsible_name = grade, basis, ""
    moved = _move(ctx, hazard, due_on)
    if hazard.state == State.NEW:
        hazard.state, hazard.set_on = State.OPEN, ctx.today
    changes = moved | ({"grade": regraded} if regraded else {})
    hazard.save()
    ctx.journal(
        hazard, "hazard.assigned", responsible=responsible, supervisor=supervisor, due_on=due_on, money_fen=to_fen(money), change=changes,
        also=[(responsible, "responsible"), (supervisor, "supervisor")], detail={"整改措施": measure} if measure else {},
    )  # fmt: skip
    notify.tell(ctx, [responsible, supervisor], f"隐患归您整改，{due_on:%m-%d} 前：{hazard.title}", hazard)
    notify.tell(ctx, [before if before != responsible else None], f"隐患改由别人整改：{hazard.title}", hazard)
    if regraded:
        word = Grade(grade).label
        notify.tell(ctx, memberships.holders(queries.OVERSEE, ctx.today), f"隐患定为{word}：{hazard.title}", hazard)
    return hazard


def _move(ctx: Ctx, hazard: Hazard, until: date) -> dict[str, list[date | None]]:
    """Another deadline: in its place before it has passed, beside it afterwards. What changed, for the journal."""
    name = "due_on" if hazard.due_on >= ctx.today else "later_on"
    old = getattr(hazard, name)
    if until in (hazard.due_on, old):
        return {}
    setattr(hazard, name, until)
    hazard.told = 0
    return {name: [old, until]}


@action(Hazard, label="延期", permission=ASSIGN, icon="calendar-due", available=lambda hazard: hazard.state in TO_FIX, refusal="{row} 已经整改或销号，不用延期。")  # fmt: skip
def move_deadline(ctx: Ctx, hazard: Hazard, *, until: date, reason: str) -> Hazard:
    """More time, with the reason. Once the deadline has passed it is kept, and the new date stands beside it: late stays late.

    :raises Refused: no later than what is set already.
    """
    if (
        not max(hazard.due_on, hazard.later_on or hazard.due_on, ctx.today - timedelta(days=1))
        < until
        <= ctx.today + LONGEST
    ):
        raise Refused(
            fields={"until": f"要晚于现在的期限（{hazard.later_on or hazard.due_on:%Y-%m-%d}）和今天，两年以内。"}
        )
    ctx.journal(hazard, "hazard.deadline_moved", until=until, change=_move(ctx, hazard, until), detail={"原因": reason})
    hazard.save(update_fields=["due_on", "later_on", "told"])
    over = memberships.holders(queries.OVERSEE, ctx.today)
    notify.tell(ctx, [hazard.responsible, hazard.supervisor, *over], f"隐患延到 {until:%m-%d}：{hazard.title}", hazard)
    return hazard


def _his(ctx: Ctx, hazard: Hazard) -> None:
    """:raises Forbidden: somebody else answers for it. What nobody answers for yet, whoever found it may put right on the spot."""
    mine = ctx.person is not None and ctx.person.pk in (
        hazard.responsible_id,
        None if hazard.responsible_id else hazard.finder_id,
    )
    if not mine and not ctx.may(ASSIGN):
        raise Forbidden(f"这处隐患由{hazard.answers or '总务处'}整改，要换人请找管安全的人。")


@action(Hazard, label="开始整改", permission=FIX, icon="player-play", available=lambda hazard: hazard.state == State.OPEN, refusal="{row} 不是待整改的。")  # fmt: skip
def begin_fix(ctx: Ctx, hazard: Hazard) -> Hazard:
    """Whoever answers for it has begun."""
    _his(ctx, hazard)
    hazard.state = State.DOING
    hazard.save(update_fields=["state"])
    ctx.journal(hazard, "hazard.begun")
    return hazard


@action(Hazard, label="报修", permission=FIX, icon="tool", available=lambda hazard: hazard.state in TO_FIX, refusal="{row} 已经整改或销号。",
        confirm="开一张报修单请师傅来修。修好了也还要在这里报整改、请别人复查：已报修不等于已整改。")  # fmt: skip
def repair_hazard(ctx: Ctx, hazard: Hazard) -> Ticket:
    """A repair for it. Mended there is not gone here: it still has to be put right and looked at again.

    :raises Refused: a repair for it is on its way.
    """
    _his(ctx, hazard)
    if running := Ticket.objects.open().filter(origin=ref(hazard)).first():
        raise Refused(f"已经报修了（{running.number}，{running.get_state_display()}）。")
    ticket = open_ticket(
        ctx, hazard.place, repairs.fault_of(hazard.what), hazard.what[:200], spot=hazard.spot[:40], urgent=hazard.grade == Grade.MAJOR, origin=ref(hazard)
    )  # fmt: skip
    if hazard.state == State.OPEN:
        hazard.state = State.DOING
        hazard.save(update_fields=["state"])
    ctx.journal(hazard, "hazard.repair_begun", ticket=ticket, also=[(ticket, "ticket"), (hazard.place, "place")])
    return ticket


@action(Hazard, label="整改好了", permission=FIX, icon="circle-check", primary=True, available=lambda hazard: hazard.state in TO_FIX, refusal="{row} 已经报过整改，或者已经销号。")  # fmt: skip
def fix_hazard(
    ctx: Ctx, hazard: Hazard, *, did: str, on: date, photo: Kept | None = None, money: Decimal | None = None, by_others: str = ""
) -> Hazard:  # fmt: skip
    """It is put right, says whoever did it; now somebody else has to look. `by_others` names a firm that worked.

    :raises Refused: a day before it was found, given out or sent back, or after today; or no photograph of how it is now.
    """
    _his(ctx, hazard)
    problems = {}
    if not max(hazard.found_on, hazard.back_on or hazard.found_on) <= on <= ctx.today:
        problems["on"] = "整改完成的日子在发现和上次退回以后、今天以前。"
    if photo is None:
        problems["photo"] = "请拍一张整改后的照片。"
    if money is not None and money < 0:
        problems["money"] = "资金不能是负数。"
    if problems:
        raise Refused(fields=problems)
    hazard.state, hazard.did, hazard.fixed_on = State.FIXED, did, on
    hazard.fixed_by, hazard.fixed_name = ctx.person, by_others
    if money is not None:
        hazard.money = money
    hazard.save()
    steps.hang_shot(ctx, hazard, photo, Shot.Moment.AFTER)
    ctx.journal(hazard, "hazard.fixed", on=on, also=[(hazard.place, "place")], detail={"整改情况": did})
    able = [one for one in memberships.holders(RECHECK, ctx.today) if not hazard.is_his(one)]
    notify.tell(ctx, able, f"整改好了，请复查：{hazard.title}", hazard)
    return hazard


def _another(ctx: Ctx, hazard: Hazard) -> None:
    """:raises Refused: whoever put it right or answers for it does not look himself."""
    if ctx.person is None:
        raise Refused("复查要由人来做。")
    if hazard.is_his(ctx.person):
        raise Refused("整改的人和责任人不能自己复查，请另一个人到现场看。")


@action(Hazard, label="合格，销号", permission=RECHECK, icon="check", primary=True, available=lambda hazard: hazard.state == State.FIXED, refusal="{row} 还没有报整改，或者已经销号。")  # fmt: skip
def pass_recheck(ctx: Ctx, hazard: Hazard, *, photo: Kept | None, verdict: str = "") -> Hazard:
    """Somebody else stood before it and saw that it is gone.

    :raises Refused: whoever put it right, or no photograph from the spot.
    """
    _another(ctx, hazard)
    if photo is None:
        raise Refused(fields={"photo": "没有现场照不能销号，请到现场拍一张。"})
    hazard.state, hazard.checked_by, hazard.verdict, hazard.closed_on = (
        State.CLOSED,
        ctx.person,
        verdict or "合格",
        ctx.today,
    )
    hazard.days, hazard.phone = (ctx.today - hazard.found_on).days, ""
    hazard.save()
    steps.hang_shot(ctx, hazard, photo, Shot.Moment.CHECK)
    ctx.journal(
        hazard, "hazard.closed", days=hazard.days, also=[(hazard.place, "place")], detail={"复查结论": hazard.verdict}
    )
    notify.tell(ctx, [hazard.finder, hazard.responsible, hazard.fixed_by], f"已销号：{hazard.title}", hazard)
    return hazard


@action(Hazard, label="不合格，再改", permission=RECHECK, icon="arrow-back-up", available=lambda hazard: hazard.state == State.FIXED, refusal="{row} 还没有报整改，或者已经销号。")  # fmt: skip
def fail_recheck(ctx: Ctx, hazard: Hazard, *, verdict: str, photo: Kept | None = None) -> Hazard:
    """It is not gone: back to whoever answers for it, counted as a return. The deadline stays."""
    _another(ctx, hazard)
    hazard.state, hazard.verdict, hazard.back = State.DOING, verdict, hazard.back + 1
    hazard.fixed_on, hazard.back_on = None, ctx.today
    hazard.save()
    steps.hang_shot(ctx, hazard, photo, Shot.Moment.CHECK)
    ctx.journal(hazard, "hazard.returned", times=hazard.back, detail={"复查结论": verdict})
    notify.tell(ctx, [hazard.responsible, hazard.fixed_by], f"复查不合格，请再改：{hazard.title}（{verdict}）", hazard)
    return hazard
