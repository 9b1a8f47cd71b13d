"""A school year told as several people live it; what the past terms say afterwards is what stood then."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from tests.world import World
from zongwu.kernel import scope
from zongwu.kernel.accounts import Person
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import NeedsConfirmation
from zongwu.kernel.figures import FIGURES, Window
from zongwu.kernel.journal import JournalEntry, JournalSubject
from zongwu.school import actions, queries
from zongwu.school.models import Gap, Place, Pupil, SchoolClass
from zongwu.summary.queries import rows_behind

pytestmark = pytest.mark.django_db
KEYS = ("classes", "pupils", "people", "rooms", "head_storerooms", "branch_storerooms")


def stood(rows: Any, begins: str, ends: str, day: date) -> int:
    """The independent way: every row, and every gap, looked at by hand."""
    found = 0
    for row in rows:
        began, ended = getattr(row, begins), getattr(row, ends)
        gaps = [g for g in Gap.objects.all() if getattr(g, f"{row.kind}_id", None) == row.pk]
        away = any(gap.from_on <= day < gap.until_on for gap in gaps)
        found += began <= day and (ended is None or day < ended) and not away
    return found


RECOMPUTED = {
    "classes": lambda day: stood(SchoolClass.objects.all(), "opened_on", "closed_on", day),
    "pupils": lambda day: stood(Pupil.objects.all(), "entered_on", "left_on", day),
    "people": lambda day: stood(Person.objects.all(), "entered_on", "left_on", day),
    "rooms": lambda day: stood(Place.objects.filter(level="room"), "opened_on", "closed_on", day),
    "head_storerooms": lambda day: stood(Place.objects.filter(level="head_storeroom"), "opened_on", "closed_on", day),
    "branch_storerooms": lambda day: stood(Place.objects.filter(level="storeroom"), "opened_on", "closed_on", day),
}


def on(world: World, *day: int) -> Ctx:
    """The head of the office at ten in the morning of a day."""
    return world.ctx("head", now=datetime(*day, 2, tzinfo=UTC))  # type: ignore[misc]


def said(world: World, day: date) -> tuple[Any, ...]:
    """Each figure as of a day, after holding it to its rows and to the independent count."""
    window = Window(day, day)
    with scope.active(world.school):
        for key in KEYS:
            value = FIGURES[f"school.{key}"].value(window).number
            assert value == len(list(rows_behind(f"school.{key}", window))) == RECOMPUTED[key](day), (key, day)
        return tuple(FIGURES[f"school.{key}"].value(window).number for key in KEYS)


def test_a_year_and_what_its_terms_say_afterwards(world: World, healthy: None) -> None:
    autumn = on(world, 2026, 12, 1)
    first = actions.add_class(autumn, name="一1")
    top = actions.add_class(autumn, name="六1")
    leavers = [actions.add_pupil(autumn, number=f"6{n}", name=f"毕业生{n}", school_class=top) for n in range(3)]
    stays = actions.add_pupil(autumn, number="31", name="三年级生", school_class=world.class_31)
    restless = actions.add_pupil(autumn, number="11", name="转学生", school_class=first)
    wing = actions.add_place(autumn, name="旧楼", level="building", parent=world.campus)
    lab = actions.add_place(autumn, name="201", level="room", parent=wing)
    branch = actions.add_place(autumn, name="体育器材室", level="storeroom", parent=world.store)
    assert said(world, date(2026, 11, 30))[:2] == (1, 0)
    assert said(world, date(2027, 1, 31)) == (3, 5, 9, 3, 1, 1)

    spring = on(world, 2027, 3, 10)
    actions.add_term(spring, year=2027, half="spring")
    actions.leave_school(spring, world.people["worker"], on=date(2027, 3, 1), reason="借调")
    actions.pupil_leaves(spring, restless, on=date(2027, 3, 1), reason="转学")
    actions.close_place(spring, lab, on=date(2027, 3, 10))
    actions.close_place(spring, branch, on=date(2027, 3, 10))
    assert said(world, date(2027, 7, 31)) == (3, 4, 8, 2, 1, 0)

    august = on(world, 2027, 9, 2)
    actions.add_term(august, year=2027, half="autumn")
    with pytest.raises(NeedsConfirmation, match="六年级 1 个班、3 名学生毕业离校；一升二 1 个班、三升四 1 个班"):
        actions.promote_classes(august, on=date(2027, 8, 1), graduating=6)
    with scope.active(world.school):
        entries = JournalEntry.objects.count()
    actions.promote_classes(august, on=date(2027, 8, 1), graduating=6, confirmed=True)
    actions.return_to_school(august, world.people["worker"], on=date(2027, 9, 1), department=world.office)
    actions.pupil_returns(august, restless, on=date(2027, 9, 1), to=first)
    actions.reopen_place(august, lab, on=date(2027, 9, 1))
    actions.add_class(august, name="一1", opened_on=date(2027, 9, 1))

    with scope.active(world.school):
        assert JournalEntry.objects.count() == entries + 5
        assert set(SchoolClass.objects.open().values_list("name", flat=True)) == {"一（1）班", "二（1）班", "四（1）班"}
        assert set(Pupil.objects.exclude(left_on=None).values_list("pk", flat=True)) == {p.pk for p in leavers}
        assert Pupil.objects.get(pk=stays.pk).school_class.name == "四（1）班"
        told = JournalSubject.objects.get(object_kind="class", object_id=world.class_31.pk, role="promoted")
        assert told.change == '{"grade":[3,4]}'
        assert JournalSubject.objects.filter(object_kind="pupil", role="graduated").count() == 3

    assert said(world, date(2026, 11, 30))[:2] == (1, 0)
    assert said(world, date(2027, 1, 31)) == (3, 5, 9, 3, 1, 1)
    assert said(world, date(2027, 7, 31)) == (3, 4, 8, 2, 1, 0)
    assert said(world, date(2027, 8, 1))[:2] == (2, 1)
    assert said(world, date(2028, 1, 31)) == (3, 2, 9, 3, 1, 0)


def test_what_comes_without_a_date_stands_from_the_opening_day(world: World) -> None:
    with scope.active(world.school):
        assert not queries.standing(Pupil, world.school.opened_on).exists()
        Person.objects.create(school=world.school, name="老教师", pinyin="lao", entered_on=world.school.opened_on)
    assert said(world, date(2026, 7, 31))[2] == 0
    assert said(world, date(2026, 8, 1))[2] == 1
