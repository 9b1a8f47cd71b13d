"""A question put together once: the answer is of the school, the number and the day that are asked for now."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from tests.world import TODAY, World
from zongwu.kernel import bulk, scope
from zongwu.kernel.accounts import Holding
from zongwu.kernel.prepared import Prepared

pytestmark = pytest.mark.django_db


def test_each_call_answers_for_its_own_school_number_and_day(world: World, stranger: World) -> None:
    built: list[tuple[Any, ...]] = []

    def question(person: int, on: date) -> Any:
        built.append((person, on))
        return Holding.objects.filter(person=person, from_on__lte=on).values_list("person")

    held = Prepared(question, int, date)
    keeper, teacher = world.people["storekeeper"].pk, world.people["class_teacher"].pk
    with scope.active(world.school):
        assert held(keeper, TODAY) == [(keeper,)]
        assert held(teacher, TODAY) == [(teacher,)]
        assert held(keeper, date(1990, 1, 1)) == []
    with scope.active(stranger.school):
        assert held(keeper, TODAY + timedelta(days=1)) == []
    assert len(built) == 1


def test_a_call_with_an_argument_too_few_is_no_question(world: World) -> None:
    held = Prepared(
        lambda person, on: Holding.objects.filter(person=person, from_on__lte=on).values_list("pk"), int, date
    )
    with scope.active(world.school), pytest.raises(TypeError, match="2 arguments"):
        held(world.people["storekeeper"].pk)


def test_many_ids_are_one_argument(world: World) -> None:
    held = Prepared(
        lambda people, on: Holding.objects.filter(person__in=bulk.listed(people), from_on__lte=on).values_list("person"), list, date
    )  # fmt: skip
    keeper, teacher = world.people["storekeeper"].pk, world.people["class_teacher"].pk
    with scope.active(world.school):
        assert sorted(held([keeper, teacher], TODAY)) == sorted([(keeper,), (teacher,)])
        assert held([teacher], TODAY) == [(teacher,)]
        assert held([], TODAY) == []
