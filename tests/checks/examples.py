"""One example of each verb of inspections, with one wrong state."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from tests.examples import Example
from tests.world import TODAY, World
from zongwu.checks import actions
from zongwu.checks.actions import Item, Said
from zongwu.checks.models import CheckItem, CheckList, Finding, Plan, Point, Round, Task
from zongwu.kernel import scope
from zongwu.kernel.accounts import Role

ITEMS = (
    Item("门锁", "关好，钥匙在", wrong="没锁、锁坏"), Item("灭火器", "压力在绿区", wrong="压力不足、过期"),
    Item("温度", "", sort="number", least=0, most=40, unit="℃"), Item("评分", "", sort="choice", fine="优、良", wrong="差"),
)  # fmt: skip


def listed(world: World, name: str = "配电间检查", **more: Any) -> CheckList:
    return actions.add_list(world.ctx("head"), **{"name": name, "area": "safety", "items": ITEMS} | more)


def point(world: World, name: str = "配电间", place: Any = None) -> Point:
    return actions.add_point(world.ctx("head"), place=place or world.room_101, name=name)


def role(world: World, code: str) -> Role:
    with scope.active(world.school):
        return Role.objects.get(code=code)


def plan(world: World, *points: Point, who: str = "worker", **more: Any) -> Plan:
    """Every working day the worker looks through the point."""
    given = {
        "name": "每天看配电间",
        "checklist": None,
        "level": "self",
        "every": "workday",
        "from_on": TODAY,
        "role": role(world, who),
    } | more
    given["checklist"] = given["checklist"] or listed(world)
    return actions.add_plan(world.ctx("head"), points=points or (point(world),), **given)


def shipped(world: World, key: str = "fire_patrol") -> Plan:
    with scope.active(world.school):
        return Plan.objects.get(key=key)


def said(world: World, plan: Plan, *wrong: Said, temperature: int = 20, mark: str = "优") -> list[Said]:
    """All that has to be answered, and what is wrong; items by their place on the list."""
    with scope.active(world.school):
        items = list(CheckItem.objects.filter(checklist=plan.checklist, closed_on=None).order_by("seq"))
    told = {one.item: one._replace(item=items[one.item].pk) for one in wrong}
    numbers = [Said(items[2].pk, number=temperature), Said(items[3].pk, words=mark)]
    return [*told.values(), *(one for at, one in enumerate(numbers, start=2) if at not in told)]


def checked(world: World, *wrong: Said, who: str = "worker", plan_: Plan | None = None, **more: Any) -> Round:
    """The worker went through the point; by default nothing was wrong."""
    run = plan_ or plan(world)
    with scope.active(world.school):
        stop = run.stops.first()
        where = stop.point if stop else None
    given = {"plan": run, "point": where, "said": said(world, run, *wrong)} | more
    return actions.submit_round(world.ctx(who), **given)


def found(world: World, then: str = "") -> Finding:
    """The lock is broken; nobody decided yet what becomes of it."""
    round_ = checked(world, Said(0, wrong=True, words="锁坏", then=then))
    with scope.active(world.school):
        return round_.findings.get(verdict="wrong")


def missed(world: World) -> Task:
    """Friday's look was never made."""
    run = plan(world, from_on=date(2026, 11, 20))
    with scope.active(world.school):
        return Task.objects.filter(plan=run).order_by("from_on").first()


def unsigned(world: World) -> Round:
    return checked(world, plan_=plan(world, checklist=listed(world, second=True)))


def lacking(world: World) -> Plan:
    """A plan whose tasks of today are not made yet."""
    run = plan(world)
    with scope.active(world.school):
        Task.objects.filter(plan=run).delete()
        Plan.objects.filter(pk=run.pk).update(made_until=TODAY - timedelta(days=1))
        return run


def _of(make: Any, **keywords: Any) -> Any:
    return lambda world: (make(world), keywords)


def _ended(make: Any, close: Any) -> Any:
    def given(world: World) -> Any:
        return close(world.ctx("head"), make(world))

    return given


def _submit(world: World, **more: Any) -> Any:
    run = plan(world)
    with scope.active(world.school):
        where = run.stops.get().point
    return None, {"plan": run, "point": where, "said": said(world, run)} | more


closed_list, closed_point = _ended(listed, actions.close_list), _ended(point, actions.close_point)
LIST = {"name": "值班室", "area": "fire", "items": ITEMS}
ACTIONS = {
    "add_list": Example("head", lambda world: (None, LIST), lambda world: (None, LIST | {"area": "moon"})),
    "correct_list": Example("head", _of(listed, name="配电房检查", area="power"), _of(closed_list, name="配电房检查", area="power")),
    "set_items": Example("head", _of(listed, items=ITEMS[:2]), _of(listed, items=[Item("评分", sort="choice")])),
    "close_list": Example("head", _of(listed), lambda world: (plan(world).checklist, {})),
    "add_point": Example("head", lambda world: (None, {"place": world.room_101, "name": "水泵"}), lambda world: (None, {"place": point(world).place, "name": "配电间"})),
    "correct_point": Example("head", _of(point, name="总配电间"), _of(closed_point, name="总配电间")),
    "close_point": Example("head", _of(point), _of(closed_point)),
    "add_plan": Example(
        "head", lambda world: (None, {"name": "周查", "checklist": listed(world), "level": "again", "every": "week", "from_on": TODAY, "role": role(world, "head")}),
        lambda world: (None, {"name": "周查", "checklist": listed(world), "level": "again", "every": "week", "from_on": TODAY, "times": 5}),
    ),
    "begin_plan": Example("head", lambda world: (shipped(world), {"from_on": TODAY, "role": role(world, "guard")}), lambda world: (shipped(world), {"from_on": TODAY})),
    "correct_plan": Example("head", lambda world: (plan(world), {"name": "天天看", "role": role(world, "head")}), lambda world: (shipped(world), {"name": "天天看", "role": role(world, "head")})),
    "end_plan": Example("head", _of(plan), _of(shipped)),
    "make_tasks": Example("head", lambda world: lacking(world) and (None, {}), lambda world: (None, {})),
    "submit_round": Example("worker", _submit, lambda world: _submit(world, said=[])),
    "follow_finding": Example("head", _of(found, then="nothing"), _of(found, then="magic")),
    "countersign_round": Example("head", _of(unsigned), _of(checked)),
}  # fmt: skip
WAITS = {
    "checks.today": lambda world: plan(world),
    "checks.missed": missed,
    "checks.open": found,
    "checks.to_sign": unsigned,
}
MAKES = {
    "checks.lists": listed, "checks.points": point, "checks.plans": plan, "checks.tasks": lambda world: _task(world), "checks.rounds": checked, "checks.findings": found,
}  # fmt: skip


def _task(world: World) -> Task:
    run = plan(world)
    with scope.active(world.school):
        return run.tasks.get()
