"""Ways around the rules of inspections that somebody found, each shut."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.checks.examples import ITEMS, checked, listed, plan, point, role, said
from tests.checks.examples import found as finding_of
from tests.safety.examples import photo
from tests.ui.test_api import Caller
from tests.world import NOW, TODAY, World
from zongwu.checks import actions as checks
from zongwu.checks.actions import Said
from zongwu.checks.forms import PlanForm
from zongwu.checks.models import Task
from zongwu.kernel import scope
from zongwu.kernel.errors import Forbidden, Refused
from zongwu.repairs.models import Ticket
from zongwu.safety.models import Hazard

pytestmark = pytest.mark.django_db


def test_several_findings_at_one_point_are_several_and_each_stays_one(world: World) -> None:
    """Two lasting troubles of one point, looked at three times: two hazards; two repairs of the same kind: two tickets."""
    run = plan(world, every="day", times=3)
    for _ in range(3):
        wrong = [Said(0, wrong=True, words="锁坏", then="general"), Said(1, wrong=True, words="过期", then="general")]
        checked(world, *wrong, plan_=run)
    with scope.active(world.school):
        assert sorted(Hazard.objects.values_list("what", flat=True)) == ["灭火器 过期", "门锁 锁坏"]
    other = plan(
        world,
        point(world, "泵房"),
        checklist=listed(world, "泵房", items=[ITEMS[0], ITEMS[0]._replace(name="门窗"), *ITEMS[2:]]),
        every="day",
        times=2,
    )
    for _ in range(2):
        checked(
            world,
            Said(0, wrong=True, words="锁坏", then="repair"),
            Said(1, wrong=True, words="玻璃破", then="repair"),
            plan_=other,
        )
    with scope.active(world.school):
        assert sorted(Ticket.objects.values_list("what", flat=True)) == ["门窗 玻璃破", "门锁 锁坏"]


def test_a_finding_that_is_settled_later_keeps_its_day_and_its_finder(world: World) -> None:
    finding = finding_of(world)
    later = world.ctx("head", now=NOW + timedelta(days=20))
    checks.follow_finding(later, finding, then="general")
    with scope.active(world.school):
        hazard = Hazard.objects.get()
    assert (hazard.found_on, hazard.finder, hazard.due_on) == (TODAY, world.people["worker"], TODAY + timedelta(days=7))


def test_the_photograph_of_a_finding_goes_along(world: World) -> None:
    checked(world, Said(0, wrong=True, words="锁坏", then="general", photo=photo(world)))
    with scope.active(world.school):
        assert [shot.moment for shot in Hazard.objects.get().shots.all()] == ["before"]


def test_a_telephone_set_back_a_day_makes_nobody_another_person(world: World) -> None:
    where, one, other = point(world), listed(world), listed(world, "复查表")
    checked(world, who="head", plan_=plan(world, where, checklist=one, who="head"))
    again = plan(
        world, where, checklist=other, level="again", name="复查", who="head", from_on=TODAY - timedelta(days=2)
    )
    for device_at in (None, NOW - timedelta(days=1)):
        with pytest.raises(Refused, match="复查请换一个人"):
            checked(world, who="head", plan_=again, device_at=device_at)


def test_whoever_is_not_named_does_not_do_it(world: World) -> None:
    run = checks.correct_plan(
        world.ctx("head"),
        plan(world),
        name="专人",
        person=world.people["storekeeper"],
        role=role(world, "worker"),
        points=[],
    )
    with pytest.raises(Forbidden, match="由孙丽华查"):
        checked(world, plan_=run, point=None)
    with pytest.raises(Forbidden, match="没有计划的抽查"):
        checks.submit_round(world.ctx("worker"), checklist=run.checklist, said=said(world, run))


def test_points_that_come_and_go_leave_no_hole_that_nobody_could_fill(world: World) -> None:
    one, two = point(world), point(world, "泵房")
    run = plan(world, one)
    checks.correct_plan(world.ctx("head"), run, name="两处", role=role(world, "worker"), points=[one, two])
    with scope.active(world.school):
        assert Task.objects.filter(plan=run).count() == 2
    checks.close_point(world.ctx("head"), one)
    checks.close_point(world.ctx("head"), two)
    with scope.active(world.school):
        type(run).objects.filter(pk=run.pk).update(made_until=TODAY - timedelta(days=1))
    with pytest.raises(Refused, match="都排好了"):
        checks.make_tasks(world.system())


def test_a_sweep_that_is_stretched_is_not_missed(world: World) -> None:
    run = plan(world, level="sweep", every="once", until_on=TODAY)
    checks.correct_plan(
        world.ctx("head"),
        run,
        name="延长",
        role=role(world, "worker"),
        until_on=TODAY + timedelta(days=5),
        points=[stop(world, run)],
    )
    with scope.active(world.school):
        assert [one.until_on for one in Task.objects.filter(plan=run)] == [TODAY + timedelta(days=5)]
        assert not Task.objects.missed(TODAY + timedelta(days=2)).exists()


def stop(world: World, run: Any) -> Any:
    with scope.active(world.school):
        return run.stops.first().point


def test_a_page_that_shows_less_is_not_a_look(world: World) -> None:
    run = plan(world)
    with scope.active(world.school):
        items = list(run.checklist.items.order_by("seq"))
        type(items[0]).objects.filter(checklist=run.checklist).update(opened_on=TODAY - timedelta(days=9))
    with pytest.raises(Refused, match="检查项改过了"):
        checked(world, plan_=run, shown=[items[0].pk], said=[])


def test_a_program_that_names_only_the_name_keeps_the_points(world: World) -> None:
    run = plan(world)
    status, _ = Caller(world, writes=True)(f"checks/plans/{run.pk}/do/correct_plan", {"name": "新名字"})
    assert status == 200
    with scope.active(world.school):
        assert (run.stops.filter(closed_on=None).count(), Task.objects.filter(plan=run).count()) == (1, 1)


def test_a_sweep_is_one_whatever_the_form_stands_on(world: World) -> None:
    form = PlanForm({"name": "第一次安全大检查", "level": "sweep", "every": "day", "times": "3"})
    form.is_valid()
    assert (form.cleaned_data["every"], form.cleaned_data["times"]) == ("once", 1)


def test_a_sweep_may_be_called_off_and_a_plan_before_it_began(world: World) -> None:
    sweep = plan(world, level="sweep", every="once", until_on=TODAY + timedelta(days=7))
    sweep = checks.end_plan(world.ctx("head"), sweep)
    assert (sweep.until_on, sweep.runs) == (TODAY, False)
    later = plan(world, point(world, "泵房"), checklist=listed(world, "泵房"), from_on=TODAY + timedelta(days=2))
    checks.end_plan(world.ctx("head"), later)
    later_on = world.ctx("head", now=NOW + timedelta(days=3))
    with pytest.raises(Refused):
        checks.make_tasks(later_on)
    with scope.active(world.school):
        assert not Task.objects.exists()
