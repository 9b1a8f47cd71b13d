"""Inspections and hazards under many hands, in a process of its own: `python -m tests.races.field` prints one JSON line."""

from __future__ import annotations

import json
from typing import Any

from tests.races.stage import tell, together  # first: it chooses the database

# isort: split
from datetime import timedelta

from tests.checks.examples import lacking, plan, said
from tests.safety.examples import fixed, late, photo
from tests.world import NOW, World
from zongwu.checks import actions as checks
from zongwu.checks.models import Round, Task
from zongwu.kernel import scope
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.notify import Notice
from zongwu.safety import actions as safety
from zongwu.safety.models import Hazard


def one_point(world: World) -> dict[str, Any]:
    """Four telephones hand in the same point at once: one did the task, the others looked once more."""
    run = plan(world)
    with scope.active(world.school):
        where = run.stops.get().point
    answers = said(world, run)
    ends = together(
        4, lambda n: checks.submit_round(world.ctx("worker", key=f"r{n}"), plan=run, point=where, said=answers)
    )
    with scope.active(world.school):
        return {
            "ends": ends,
            "rounds": Round.objects.count(),
            "tasks": Task.objects.count(),
            "done": Task.objects.exclude(round=None).count(),
        }


def one_upload(world: World) -> dict[str, Any]:
    """The same upload six times at once: one round."""
    run = plan(world)
    with scope.active(world.school):
        where = run.stops.get().point
    answers = said(world, run)
    ends = together(
        6, lambda n: checks.submit_round(world.ctx("worker", key="once"), plan=run, point=where, said=answers)
    )
    with scope.active(world.school):
        return {"ends": ends, "rounds": Round.objects.count()}


def one_morning(world: World) -> dict[str, Any]:
    """Three servers make the tasks of the day at once: they are there once."""
    lacking(world)
    ends = together(3, lambda n: checks.make_tasks(Ctx.system("schedule", world.school, now=NOW)))
    with scope.active(world.school):
        return {"ends": sorted(ends), "tasks": Task.objects.count()}


def one_danger(world: World) -> dict[str, Any]:
    """Ten see the same danger at once: one hazard."""

    def report(n: int) -> Hazard:
        return safety.report_hazard(
            Ctx.system("plate", world.school, now=NOW).keyed(f"h{n}"),
            place=world.room_101,
            field="fire",
            what="通道堵了",
        )

    ends = together(10, report)
    with scope.active(world.school):
        return {"ends": {end: ends.count(end) for end in set(ends)}, "hazards": Hazard.objects.count()}


def closed_and_returned(world: World) -> dict[str, Any]:
    """Two people look again at once, one says yes and one says no: the first word stands."""
    hazard, picture = fixed(world), photo(world, "blue")

    def look(n: int) -> Hazard:
        if n:
            return safety.pass_recheck(world.ctx("principal", key=f"p{n}"), hazard, photo=picture)
        return safety.fail_recheck(world.ctx("head", key="no"), hazard, verdict="还在晃")

    ends = together(2, look)
    with scope.active(world.school):
        return {"ends": sorted(ends), "settled": Hazard.objects.get().state in ("closed", "doing")}


def told_once(world: World) -> dict[str, Any]:
    """Two servers climb the ladder at once: everybody is told once."""
    hazard = late(world)
    later = NOW + timedelta(days=1)
    ends = together(2, lambda n: safety.escalate_hazard(Ctx.system("schedule", world.school, now=later), hazard))
    with scope.active(world.school):
        told = Notice.objects.filter(person=world.people["worker"], sentence__startswith="隐患逾期").count()
    return {"ends": sorted(ends), "told": told}


STORIES = {
    "point": one_point, "upload": one_upload, "morning": one_morning, "danger": one_danger, "recheck": closed_and_returned, "ladder": told_once,
}  # fmt: skip


if __name__ == "__main__":
    print(json.dumps(tell(STORIES, "field", "巡查小学")))
