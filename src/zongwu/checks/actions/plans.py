"""Who looks where and how often, and the tasks that come of it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from zongwu.checks import queries, rules
from zongwu.checks.actions.lists import MANAGE
from zongwu.checks.models import CheckList, Every, Level, Plan, PlanPoint, Point, Task
from zongwu.kernel.accounts import Person, Role
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused

A_DAY = (Every.DAY, Every.WORKDAY)


@create_action(Plan, label="添检查计划", permission=MANAGE, icon="plus", primary=True, starts_from=("checklist",))
def add_plan(
    ctx: Ctx, *, name: str, checklist: CheckList, level: str, every: str, from_on: date, until_on: date | None = None, times: int = 1,
    role: Role | None = None, person: Person | None = None, points: Sequence[Point] = (), basis: str = "", evidence: str = "",
) -> Plan:  # fmt: skip
    """A plan that begins on a day; what it asks for today is there at once. A sweep is a plan of one time with a last day.

    :raises Refused: nobody is to look, or a rhythm that does not go with its days.
    """
    _sound(ctx, level, every, times, from_on, until_on, role, person)
    if checklist.closed_on is not None:
        raise Refused(fields={"checklist": f"{checklist}已经停用。"})
    plan: Plan = Plan.objects.create(
        school=ctx.school, name=name, checklist=checklist, level=level, every=every, times=times, role=role, person=person, from_on=from_on,
        until_on=until_on, basis=basis, evidence=evidence,
    )  # fmt: skip
    _stops(plan, points)
    _make(plan, ctx.today, queries.the_calendar())
    ctx.journal(plan, "checkplan.added", from_on=from_on, points=len(points), also=[(person, "person")])
    return plan


@action(Plan, label="启用", permission=MANAGE, icon="player-play", primary=True, available=lambda plan: plan.from_on is None, refusal="{row} 已经启用了。")  # fmt: skip
def begin_plan(
    ctx: Ctx, plan: Plan, *, from_on: date, role: Role | None = None, person: Person | None = None, points: Sequence[Point] = ()
) -> Plan:  # fmt: skip
    """A plan that came with the program begins: from which day, by whom, at which points.

    :raises Refused: nobody is to look, a day more than two months ago, or its list is not in use any more.
    """
    if plan.checklist.closed_on is not None:
        raise Refused(f"检查表「{plan.checklist}」已经停用，请另添一个计划。")
    _sound(ctx, plan.level, plan.every, plan.times, from_on, plan.until_on, role, person)
    plan.from_on, plan.role, plan.person = from_on, role, person
    plan.save()
    _stops(plan, points)
    _make(plan, ctx.today, queries.the_calendar())
    ctx.journal(plan, "checkplan.begun", from_on=from_on, also=[(person, "person")])
    return plan


@action(Plan, label="改计划", permission=MANAGE, icon="edit", available=lambda plan: plan.from_on is not None, refusal="{row} 还没有启用。")  # fmt: skip
def correct_plan(
    ctx: Ctx, plan: Plan, *, name: str, until_on: date | None = None, role: Role | None = None, person: Person | None = None,
    points: Sequence[Point] = (),
) -> Plan:  # fmt: skip
    """Other people, other points, another end. What is done stays; how often is another plan."""
    assert plan.from_on is not None
    _sound(ctx, plan.level, plan.every, plan.times, max(plan.from_on, ctx.today), until_on, role, person)
    plan.name, plan.until_on, plan.role, plan.person = name, until_on, role, person
    plan.save()
    ids = {point.pk for point in points}
    queries.stops_of(plan).exclude(point__in=ids).update(closed_on=ctx.today)
    _stops(plan, points)
    left = Task.objects.undone().filter(plan=plan, until_on__gte=ctx.today)
    (left.exclude(point__in=ids) if ids or plan.stops.exists() else left.exclude(point=None)).delete()
    if until_on is not None:
        left.filter(from_on__gt=until_on).delete()
        left.filter(until_on__gt=until_on).update(until_on=until_on)
        if plan.every == Every.ONCE:
            left.update(until_on=until_on)
    _make(plan, ctx.today, queries.the_calendar(), since=ctx.today)
    ctx.journal(plan, "checkplan.corrected", points=len(points), also=[(person, "person")])
    return plan


@action(Plan, label="结束", permission=MANAGE, icon="ban", available=lambda plan: plan.runs, refusal="{row} 没有启用，或者已经结束。",
        confirm="今天以后不再排任务；以前查的和漏查的都还在。")  # fmt: skip
def end_plan(ctx: Ctx, plan: Plan) -> Plan:
    """It ends today; what is open today is not asked for any more. One that lies ahead asks for nothing at all."""
    assert plan.from_on is not None
    plan.until_on = max(ctx.today, plan.from_on)
    plan.made_until = plan.until_on if plan.from_on > ctx.today else plan.made_until
    plan.save(update_fields=["until_on", "made_until"])
    Task.objects.undone().filter(plan=plan, until_on__gte=ctx.today).delete()
    ctx.journal(plan, "checkplan.ended", on=plan.until_on)
    return plan


@create_action(Task, label="排检查任务", permission=MANAGE, hidden=True)
def make_tasks(ctx: Ctx) -> None:
    """What the plans of the school ask for until today: one entry for all of them.

    :raises Refused: nothing is lacking.
    """
    calendar, plans = queries.the_calendar(), []
    for plan in Plan.objects.lacking(ctx.today).select_for_update().order_by("pk"):
        if _make(plan, ctx.today, calendar):
            plans.append(plan)
    if not plans:
        raise Refused("今天的检查任务都排好了。")
    ctx.journal(plans[0], "checkplan.tasks_made", on=ctx.today, also=[(plan, "plan") for plan in plans[1:]])


def _make(plan: Plan, today: date, calendar: queries.Calendar, since: date | None = None) -> int:
    """Tasks of one plan until today; how many."""
    tasks = queries.lacking(plan, today, calendar, since)
    Task.objects.bulk_create(tasks, batch_size=500)
    if plan.from_on is not None and plan.from_on <= today and plan.made_until != today:
        plan.made_until = today
        plan.save(update_fields=["made_until"])
    return len(tasks)


def _stops(plan: Plan, points: Sequence[Point]) -> None:
    had = {stop.point_id: stop for stop in plan.stops.all()}
    for point in points:
        stop = had.get(point.pk) or PlanPoint(school_id=plan.school_id, plan=plan, point=point)
        stop.closed_on = None
        stop.save()


def _sound(
    ctx: Ctx, level: str, every: str, times: int, from_on: date, until_on: date | None, role: Role | None, person: Person | None
) -> None:  # fmt: skip
    problems: dict[str, str] = {}
    if role is None and person is None:
        problems["role"] = "请选哪个岗位查，或者指定一个人。"
    if level not in Level.values:
        problems["level"] = "没有这一级检查。"
    if every not in Every.values:
        problems["every"] = "没有这种周期。"
    if times != 1 and every not in A_DAY:
        problems["times"] = "一天几次只用在每天的检查上。"
    elif not 1 <= times <= 24:
        problems["times"] = "一天 1 到 24 次。"
    if from_on < ctx.today - queries.CATCH_UP * rules.DAY:
        problems["from_on"] = f"最早从 {queries.CATCH_UP} 天前开始。"
    if until_on is not None and until_on < from_on:
        problems["until_on"] = "结束的日子早于开始。"
    if every == Every.ONCE and until_on is None:
        problems["until_on"] = "一次性的检查要写最晚哪天查完。"
    if problems:
        raise Refused(fields=problems)
