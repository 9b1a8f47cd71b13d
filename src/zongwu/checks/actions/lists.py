"""Lists of what is looked at, and the points where one stands to look."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from zongwu.checks import follows, queries
from zongwu.checks.models import Area, CheckItem, CheckList, Plan, PlanPoint, Point, Task
from zongwu.kernel import codes
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.school.models import Place

MANAGE = "checks.manage"


class Item(NamedTuple):
    """One line of a list, as a form says it."""

    name: str
    wanted: str = ""
    sort: str = CheckItem.Sort.FINE
    fine: str = ""
    wrong: str = ""
    least: Decimal | None = None
    most: Decimal | None = None
    unit: str = ""
    photo: bool = False


@create_action(CheckList, label="添检查表", permission=MANAGE, icon="plus", primary=True)
def add_list(
    ctx: Ctx, *, name: str, area: str, items: Sequence[Item], then: str = "", second: bool = False, basis: str = ""
) -> CheckList:
    """A list with its items.

    :raises Refused: another open list has this name, or an item cannot be answered.
    """
    _sound(area, then)
    if CheckList.objects.open().filter(name=name).exists():
        raise Refused(fields={"name": f"已经有「{name}」这张检查表了。"})
    row: CheckList = CheckList.objects.create(
        school=ctx.school, name=name, area=area, then=then, second=second, basis=basis
    )
    _write(row, items, ctx.today)
    ctx.journal(row, "checklist.added", items=len(items))
    return row


@action(CheckList, label="改资料", permission=MANAGE, icon="edit", available=lambda row: row.closed_on is None, refusal="{row} 已经停用。")  # fmt: skip
def correct_list(
    ctx: Ctx, row: CheckList, *, name: str, area: str, then: str = "", second: bool = False, basis: str = ""
) -> CheckList:
    """Another name, area or default."""
    _sound(area, then)
    if CheckList.objects.open().filter(name=name).exclude(pk=row.pk).exists():
        raise Refused(fields={"name": f"已经有「{name}」这张检查表了。"})
    row.name, row.area, row.then, row.second, row.basis = name, area, then, second, basis
    row.save()
    ctx.journal(row, "checklist.corrected")
    return row


@action(CheckList, label="改检查项", permission=MANAGE, icon="list-details", primary=True, available=lambda row: row.closed_on is None, refusal="{row} 已经停用。")  # fmt: skip
def set_items(ctx: Ctx, row: CheckList, *, items: Sequence[Item]) -> CheckList:
    """From now on these are its items, in this order. Lines that stay as they were stay the same rows."""
    standing = {_told(one): one for one in queries.items_of(row)}
    kept = [standing.pop(item, None) for item in items]
    for old in standing.values():
        old.closed_on = ctx.today
        old.save(update_fields=["closed_on"])
    # numbered anew from behind every number in use, then from 1: the numbers of open lines are unique at every moment
    for base in (len(items) + 1000, 0):
        for seq, one in enumerate(kept, start=1):
            if one is not None:
                one.seq = base + seq
                one.save(update_fields=["seq"])
    fresh = [(n, item) for n, (item, one) in enumerate(zip(items, kept, strict=True), start=1) if one is None]
    _write(row, [item for _, item in fresh], ctx.today, [n for n, _ in fresh])
    ctx.journal(row, "checklist.items_set", items=len(items))
    return row


def _sound(area: str, then: str) -> None:
    if area not in Area.values:
        raise Refused(fields={"area": "没有这个类别，请重新选。"})
    if then and then not in follows.FOLLOWS:
        raise Refused(fields={"then": "没有这种处理，请重新选。"})


def _told(one: CheckItem) -> Item:
    return Item(one.name, one.wanted, one.sort, one.fine, one.wrong, one.least, one.most, one.unit, one.photo)


def _write(row: CheckList, items: Sequence[Item], today: date, at: Sequence[int] = ()) -> None:
    """:raises Refused: two of one name, or one that nobody could answer."""
    problems = [problem for item in items if (problem := _cannot(item))]
    names = [item.name for item in items]
    problems += [f"「{name}」写了两遍" for name in dict.fromkeys(names) if names.count(name) > 1]
    if problems:
        raise Refused(fields={"items": "；".join(problems)})
    CheckItem.objects.bulk_create(
        CheckItem(school_id=row.school_id, checklist=row, seq=seq, opened_on=today, **item._asdict())
        for seq, item in zip(at or range(1, len(items) + 1), items, strict=True)
    )


def _cannot(item: Item) -> str:
    if item.sort == CheckItem.Sort.CHOICE and not item.fine:
        return f"「{item.name}」是选一个的，请写正常的答案有哪些"
    if (
        item.sort == CheckItem.Sort.NUMBER
        and item.least is not None
        and item.most is not None
        and item.least > item.most
    ):
        return f"「{item.name}」的下限比上限大"
    return ""


@action(CheckList, label="停用", permission=MANAGE, icon="ban", available=lambda row: row.closed_on is None, refusal="{row} 已经停用。",
        confirm="停用后不再出现在新的计划里；以前的检查记录都还在。")  # fmt: skip
def close_list(ctx: Ctx, row: CheckList) -> CheckList:
    """Nobody goes through it any more.

    :raises Refused: a plan still does.
    """
    running = [plan.name for plan in Plan.objects.not_over(ctx.today).filter(checklist=row)]
    if running:
        raise Refused(f"检查计划「{'」「'.join(running[:3])}」还在用它，请先结束计划。")
    row.closed_on = ctx.today
    row.save(update_fields=["closed_on"])
    ctx.journal(row, "checklist.closed")
    return row


@create_action(Point, label="添点位", permission=MANAGE, icon="plus", primary=True, starts_from=("place",))
def add_point(ctx: Ctx, *, place: Place, name: str = "") -> Point:
    """A point in a place, by default called like it; it has its code at once, for the plate."""
    name = name or place.name
    if Point.objects.open().filter(place=place, name=name).exists():
        raise Refused(fields={"name": f"{place}已经有点位「{name}」了。"})
    point: Point = Point.objects.create(school=ctx.school, place=place, name=name, opened_on=ctx.today)
    codes.ensure(ctx.school.pk, Point.kind, [point.pk])
    ctx.journal(point, "point.added", also=[(place, "place")])
    return point


@action(Point, label="改名", permission=MANAGE, icon="edit", available=lambda row: row.closed_on is None, refusal="{row} 已经停用。")  # fmt: skip
def correct_point(ctx: Ctx, point: Point, *, name: str) -> Point:
    """Another name; where it is stays, since a plate hangs there."""
    if Point.objects.open().filter(place=point.place, name=name).exclude(pk=point.pk).exists():
        raise Refused(fields={"name": f"{point.place}已经有点位「{name}」了。"})
    point.name = name
    point.save(update_fields=["name"])
    ctx.journal(point, "point.corrected")
    return point


@action(Point, label="停用", permission=MANAGE, icon="ban", available=lambda row: row.closed_on is None, refusal="{row} 已经停用。",
        confirm="停用后各个检查计划都不再经过这里，点位码不再打开；以前的检查记录都还在。")  # fmt: skip
def close_point(ctx: Ctx, point: Point) -> Point:
    """Nobody looks here any more: what is not done yet is not asked for."""
    point.closed_on = ctx.today
    point.save(update_fields=["closed_on"])
    PlanPoint.objects.open().filter(point=point).update(closed_on=ctx.today)
    Task.objects.undone().filter(point=point, until_on__gte=ctx.today).delete()
    ctx.journal(point, "point.closed")
    return point
