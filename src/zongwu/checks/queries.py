"""Reads of inspections: what is due today, what was kept, what somebody has to look through here."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, NamedTuple

from zongwu.checks import rules
from zongwu.checks.models import CheckItem, CheckList, Level, Plan, PlanPoint, Point, Round, Task
from zongwu.kernel import clock
from zongwu.kernel.accounts import Person
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.search import Findable
from zongwu.school.models import CalendarDay, Place, Term
from zongwu.school.queries import window
from zongwu.school.rules import works_by_week

CHECK, SPOT = "checks.check", "checks.spot_check"
CATCH_UP = 60
"""Days of tasks that are made afterwards when the program was not running; what is older is not held against anybody."""


def working() -> Callable[[date], bool]:
    """On which days the school works, asked once for many days."""
    special = dict(CalendarDay.objects.live().values_list("day", "works"))
    return lambda day: special[day] if day in special else works_by_week(day)


def terms() -> list[tuple[date, date]]:
    """First and last day of every term."""
    return [tuple(window(term)) for term in Term.objects.all()]  # type: ignore[misc]


class Calendar(NamedTuple):
    """What the days of many plans are reckoned by, asked once."""

    works: Callable[[date], bool]
    terms: Sequence[tuple[date, date]]


def the_calendar() -> Calendar:
    return Calendar(working(), terms())


def lacking(plan: Plan, today: date, calendar: Calendar, since: date | None = None) -> list[Task]:
    """The tasks that the plan asks for until today and that are not made yet; with `since` also those of the periods that touch that
    day again, for points that were added."""
    if plan.from_on is None:
        return []
    first = since or (plan.made_until or plan.from_on - rules.DAY) + rules.DAY
    since = max(plan.from_on, first, today - CATCH_UP * rules.DAY)
    until = min(today, plan.until_on or today)
    if since > until:
        return []
    found = [rules.Period(plan.from_on, plan.until_on or plan.from_on)]
    if plan.every != "once":
        found = list(rules.periods(plan.every, since, until, works=calendar.works, terms=calendar.terms))
    points: Sequence[int | None] = list(stops_of(plan).filter(point__closed_on=None).values_list("point", flat=True))
    if not plan.stops.exists():  # it never went past any: once for the whole school
        points = [None]
    had = set(plan.tasks.filter(from_on__in={one.from_on for one in found}).values_list("point", "from_on", "nth"))
    return [
        Task(school_id=plan.school_id, plan=plan, point_id=point, from_on=period.from_on, until_on=_ends(plan, period), nth=nth)
        for period in found for point in points for nth in range(1, plan.times + 1)
        if (point, period.from_on, nth) not in had
    ]  # fmt: skip


def _ends(plan: Plan, period: rules.Period) -> date:
    """A plan that ends within a period asks for it until then."""
    return min(period.until_on, plan.until_on) if plan.until_on else period.until_on


def listed_on(checklist: CheckList, day: date) -> set[int]:
    """The items that were surely asked on a day: open before it and not ended by its end."""
    rows = CheckItem.objects.filter(checklist=checklist, opened_on__lt=day).exclude(closed_on__lte=day)
    return set(rows.values_list("pk", flat=True))


def due(ctx: Ctx, on: date) -> Any:
    """The tasks that are open on a day and that this person has to do."""
    return Task.objects.within(ctx, CHECK).undone().at(on).select_related("plan__checklist", "point__place")


@dataclass
class Errand:
    """One plan of today: how much of it is done, and what is left."""

    plan: Plan
    done: int
    left: list[Task]

    @property
    def all(self) -> int:
        return self.done + len(self.left)


def errands(ctx: Ctx, on: date) -> list[Errand]:
    """What this person has to look through today, the most urgent first."""
    rows = Task.objects.within(ctx, CHECK).at(on).select_related("plan", "point__place", "point")
    found: dict[int, Errand] = {}
    for task in rows.order_by("until_on", "plan__name", "point__place__path", "point__name", "nth"):
        errand = found.setdefault(task.plan_id, Errand(task.plan, 0, []))
        if task.round_id:
            errand.done += 1
        else:
            errand.left.append(task)
    return sorted(found.values(), key=lambda one: not one.left)


def items_of(checklist: CheckList) -> Any:
    """What the list asks today, in its order."""
    return CheckItem.objects.open().filter(checklist=checklist).order_by("seq")


def stops_of(plan: Plan) -> Any:
    """The points that the plan goes past."""
    return PlanPoint.objects.open().filter(plan=plan)


def kept(plan: Plan, point: Point | None, today: date, most: int = 12) -> list[Task]:
    """The last tasks of a plan at a point that are over or done, oldest first."""
    rows = Task.objects.filter(plan=plan, point=point, from_on__lte=today).order_by("-from_on", "-nth")
    return [one for one in rows[: most + 1] if one.round_id or one.until_on < today][:most][::-1]


@dataclass
class Strip:
    """A point with its last periods: kept, missed, still open."""

    point: Point | None
    cells: list[tuple[str, str]]
    """(ok, bad or "", in words)."""


def calendar(plan: Plan, today: date, most: int = 14) -> list[Strip]:
    """Every point of a plan with what was kept of its last days, weeks or months: a hole is seen at once."""
    days = list(
        Task.objects.filter(plan=plan, from_on__lte=today).order_by("-from_on").values_list("from_on", flat=True).distinct()[:most]
    )  # fmt: skip
    rows = Task.objects.filter(plan=plan, from_on__in=days).select_related("point__place")
    strips: dict[int | None, Strip] = {}
    for task in rows.order_by("point__place__path", "point__name", "from_on", "nth"):
        strip = strips.setdefault(task.point_id, Strip(task.point, []))
        tone = "ok" if task.round_id else "bad" if task.until_on < today else ""
        words = f"{task.from_on:%m-%d} " + ("查了" if task.round_id else "没查" if tone else "还没查")
        strip.cells.append((tone, words))
    return list(strips.values())


def self_checked(point: Point | None, listed: CheckList, on: date) -> Round | None:
    """The self-check that a re-check or spot check looks at again: of the same kind, at the same point, within a month of that day, whatever
    a telephone's clock says of which came first."""
    month = timedelta(days=31)
    rows = Round.objects.filter(
        point=point, level=Level.SELF, checklist__area=listed.area, on__range=(on - month, on + month)
    )
    found: Round | None = rows.order_by("-on", "-id").first()
    return found


def at_place(place: Place) -> str:
    n = Point.objects.open().filter(place=place).count()
    return f"还有 {n} 个检查点位" if n else ""


def of_person(person: Person) -> str:
    n = Plan.objects.not_over(clock.today()).filter(person=person).count()
    return f"还有 {n} 个检查计划由他查" if n else ""


def findable(ids: Sequence[int] | None) -> Iterable[Findable]:
    """What the search knows of points."""
    rows = Point.objects.open().select_related("place")
    for point in rows if ids is None else rows.filter(pk__in=ids):
        yield Findable(point.pk, str(point), "点位", point.name, (point.place.path,))
