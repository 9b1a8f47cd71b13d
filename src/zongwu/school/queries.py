"""Reads that the school offers to every domain."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta

from django.db.models import Q

from zongwu.kernel.accounts import Person
from zongwu.kernel.figures import Window
from zongwu.kernel.search import Findable
from zongwu.school import rules
from zongwu.school.models import Appointment, CalendarDay, Department, Place, Rule, Term


def departments_of(person: Person, on: date) -> frozenset[int]:
    """Ids of the departments in which the person holds a post on that day."""
    current = Appointment.objects.filter(Q(until_on=None) | Q(until_on__gt=on), person=person, from_on__lte=on)
    return frozenset(current.values_list("department_id", flat=True))


def people_of(departments: frozenset[int], on: date) -> Q:
    """Those who hold a post in one of the departments on that day."""
    current = Appointment.objects.filter(
        Q(until_on=None) | Q(until_on__gt=on), department__in=departments, from_on__lte=on
    )
    return Q(pk__in=current.values("person"))


def department_by_word() -> dict[str, int]:
    """Every name and alias of an open department → its id."""
    words: dict[str, int] = {}
    for department in Department.objects.filter(closed_on=None).order_by("-id"):
        for alias in department.aliases.replace("，", "、").split("、"):
            if alias.strip():
                words[alias.strip()] = department.pk
        words[department.name] = department.pk
    return words


def places_by_word() -> dict[str, int]:
    """Every way in which a sheet may name a place → its id: path, path without campus, building and room run together."""
    words: dict[str, int] = {}
    for pk, path, code in Place.objects.filter(closed_on=None).values_list("pk", "path", "code"):
        parts = path.split("/")
        words[path] = pk
        words.setdefault("".join(parts[1:]), pk)
        words.setdefault("".join(part for part in parts[1:] if not part.endswith(("楼层", "层"))), pk)
        if code:
            words.setdefault(code, pk)
    words.pop("", None)
    return words


def window(term: Term) -> Window:
    """The term's days, both inclusive: it runs to the day before the next begins."""
    following = Term.objects.filter(begins_on__gt=term.begins_on).order_by("begins_on").first()
    until = following.begins_on if following else rules.next_begins(term.year, term.half)
    return Window(term.begins_on, until - timedelta(days=1))


def term_on(day: date) -> Term | None:
    """The term in which a day falls, if the school has it."""
    found: Term | None = Term.objects.filter(begins_on__lte=day).order_by("-begins_on").first()
    return found if found and day <= window(found).until else None


def window_on(day: date) -> Window | None:
    """The days of the term in which a day falls."""
    term = term_on(day)
    return window(term) if term else None


def works(day: date) -> bool:
    """Whether the school works that day: its own calendar first, else the week."""
    special = CalendarDay.objects.filter(day=day).first()
    return special.works if special else rules.works_by_week(day)


def rule(key: str, on: date, default: str = "") -> str:
    """The school's setting in force on a day."""
    found = Rule.objects.filter(key=key, from_on__lte=on).order_by("-from_on").first()
    return found.value if found else default


def findable_people(ids: Sequence[int] | None) -> Iterable[Findable]:
    people = Person.objects.present()
    for person in people if ids is None else people.filter(pk__in=ids):
        yield Findable(person.pk, person.name, person.title or "人员", person.name, (person.number,))


def findable_places(ids: Sequence[int] | None) -> Iterable[Findable]:
    places = Place.objects.filter(closed_on=None)
    for place in places if ids is None else places.filter(pk__in=ids):
        yield Findable(place.pk, str(place), place.get_level_display(), place.name, (place.path, place.code))
