"""A hazard is found, told upward, listed for supervision, or turns out to be none."""

from __future__ import annotations

from datetime import date

from zongwu.kernel import memberships, notify
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.attachments import Kept
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.safety import queries, rules, steps
from zongwu.safety.models import TO_FIX, Field, Grade, Hazard, Shot, Source, State
from zongwu.school.models import Place

REPORT, ASSIGN = "safety.report_hazard", queries.ASSIGN


@create_action(
    Hazard,
    label="登记隐患",
    permission=REPORT,
    icon="shield-half",
    primary=True,
    starts_from=("place", "asset", "ticket", "point"),
)
def report_hazard(
    ctx: Ctx, *, place: Place, field: str, what: str, spot: str = "", grade: str = Grade.GENERAL, basis: str = "", source: str = Source.OWN,
    superior: str = "", finder_name: str = "", phone: str = "", photo: Kept | None = None, confirmed: bool = False,
) -> Hazard:  # fmt: skip
    """Something is dangerous. A direct item of the guide makes it a major one, whatever was said.

    :raises NeedsConfirmation: the same is known here and not closed.
    """
    place = Place.objects.select_for_update(no_key=True).get(pk=place.pk)  # two who see the same wait for one another
    problems = {}
    if place.closed_on is not None:
        problems["place"] = f"{place} 已经停用。"
    if field not in Field.values:
        problems["field"] = "请选一个类别。"
    if grade not in Grade.values:
        problems["grade"] = "请选一个等级。"
    if source not in Source.values:
        problems["source"] = "没有这种来源。"
    if source == Source.SUPERIOR and not superior:
        problems["superior"] = "上级检查查出来的，写上哪个部门、什么文号。"
    if not what.strip():
        problems["what"] = "请说一句是什么隐患。"
    if problems:
        raise Refused(fields=problems)
    if (known := queries.same(place, field, spot)) and not confirmed:
        raise NeedsConfirmation(
            f"{place} {spot}的{Field(field).label}隐患已经登记过（{known.number}，{known.get_state_display()}：{known.what[:30]}）。是同一处就不用再登；不是的勾上再登。"
        )
    hazard = steps.open_hazard(
        ctx, place, field, what.strip(), grade, spot=spot, basis=basis, source=source, superior=superior, finder_name=finder_name, phone=phone
    )  # fmt: skip
    steps.hang_shot(ctx, hazard, photo, Shot.Moment.BEFORE)
    ctx.journal(
        hazard, "hazard.found", field=field, grade=hazard.grade, place=place, again=hazard.again_of, also=[(place, "place"), (hazard.again_of, "earlier")],
        detail={"什么隐患": what},
    )  # fmt: skip
    return hazard


@action(Hazard, label="上报", permission=ASSIGN, icon="flag", available=lambda hazard: hazard.state != State.VOID, refusal="{row} 不是隐患。")  # fmt: skip
def report_up(ctx: Ctx, hazard: Hazard, *, to: str, on: date) -> Hazard:
    """It was told to the authority: serious ones have to be (安全生产法 art. 41)."""
    if on > ctx.today or on < hazard.found_on:
        raise Refused(fields={"on": "上报的日子在发现以后、今天以前。"})
    hazard.reported_to, hazard.reported_on = to, on
    hazard.save(update_fields=["reported_to", "reported_on"])
    ctx.journal(hazard, "hazard.reported_up", on=on, detail={"上报情况": to})
    return hazard


@action(Hazard, label="挂牌督办", permission=queries.OVERSEE, icon="flag", available=lambda hazard: hazard.is_open and hazard.grade == Grade.MAJOR and hazard.listed_on is None,
        refusal="{row} 不是没销号的重大隐患，或者已经挂牌。")  # fmt: skip
def list_hazard(ctx: Ctx, hazard: Hazard, *, number: str, on: date, supervisor: Person) -> Hazard:
    """A major hazard is listed for supervision, with the paper that says so and who watches over it.

    :raises Refused: whoever answers for it does not supervise himself.
    """
    if on > ctx.today or on < hazard.found_on:
        raise Refused(fields={"on": "挂牌的日子在发现以后、今天以前。"})
    if hazard.responsible_id == supervisor.pk:
        raise Refused(fields={"supervisor": "督办人不能是责任人自己。"})
    hazard.listed_on, hazard.listed_number, hazard.supervisor = on, number, supervisor
    hazard.save(update_fields=["listed_on", "listed_number", "supervisor"])
    ctx.journal(hazard, "hazard.listed", on=on, supervisor=supervisor, also=[(supervisor, "supervisor")])
    notify.tell(ctx, [hazard.responsible, supervisor], f"挂牌督办：{hazard.title}", hazard)
    return hazard


@action(Hazard, label="催办", permission=ASSIGN, hidden=True, available=lambda hazard: hazard.state in TO_FIX, refusal="{row} 已经整改或销号。")  # fmt: skip
def escalate_hazard(ctx: Ctx, hazard: Hazard) -> Hazard:
    """The next on the ladder is told: its owner on the day, his supervisor, the principal.

    :raises Refused: nobody has to be told today.
    """
    level = rules.level(queries.ladder(hazard, queries.ladder_days(ctx.today)), ctx.today)
    if level <= hazard.told:
        raise Refused(f"{hazard.number} 今天不用催。")
    people: list[Person | None] = [hazard.responsible, hazard.supervisor if level >= rules.SUPERVISOR else None]
    people += [] if hazard.responsible else memberships.holders(ASSIGN, ctx.today)
    people += memberships.holders(queries.OVERSEE, ctx.today) if level >= rules.PRINCIPAL else []
    hazard.told = level
    hazard.save(update_fields=["told"])
    ctx.journal(hazard, "hazard.escalated", level=level)
    late = (ctx.today - hazard.due_on).days
    notify.tell(ctx, people, f"隐患{f'逾期 {late} 天' if late else '今天到期'}：{hazard.title}", hazard)
    return hazard


@action(Hazard, label="我也看到", permission=REPORT, icon="users", available=lambda hazard: hazard.is_open, refusal="{row} 已经销号或作废，又有了请重新登记。", hidden=True)  # fmt: skip
def see_hazard(ctx: Ctx, hazard: Hazard, *, what: str = "", photo: Kept | None = None) -> Hazard:
    """Somebody else sees the same danger: his words and his photograph stand beside the first, and whoever has it in hand is told."""
    hazard.seen += 1
    hazard.save(update_fields=["seen"])
    steps.hang_shot(ctx, hazard, photo, Shot.Moment.BEFORE)
    ctx.journal(hazard, "hazard.seen", many=hazard.seen, detail={"他看到的": what} if what else {})
    able = memberships.holders(ASSIGN, ctx.today)
    notify.tell(
        ctx, [hazard.responsible, *able], f"又有人报：{hazard.title}{f'（{what[:40]}）' if what else ''}", hazard
    )
    return hazard


@action(Hazard, label="不是隐患", permission=ASSIGN, icon="ban", available=lambda hazard: hazard.state in TO_FIX, refusal="{row} 已经报整改、销号或作废；报了整改的请先复查。",
        confirm="看错了、重复登记的才这样办；原因会留着，整改率里不再算它。")  # fmt: skip
def drop_hazard(ctx: Ctx, hazard: Hazard, *, reason: str) -> Hazard:
    """It was none: it leaves every figure, with the reason.

    :raises Refused: whoever answers for it, or ever did, takes it away himself.
    """
    if ctx.person is not None and (hazard.is_his(ctx.person) or queries.ever_responsible(hazard, ctx.person)):
        raise Refused("您是（或做过）这处隐患的责任人，不能自己说它不是隐患，请另一位管安全的人来办。")
    hazard.state, hazard.phone, hazard.verdict = State.VOID, "", reason[:100]
    hazard.save(update_fields=["state", "phone", "verdict"])
    ctx.journal(hazard, "hazard.dropped", detail={"原因": reason})
    notify.tell(ctx, [hazard.finder, hazard.responsible], f"不算隐患：{hazard.title}（{reason}）", hazard)
    return hazard
