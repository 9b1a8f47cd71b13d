"""What imports make of the school on the way, foreseen and taken back; `steps.ensure_…` make it."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from typing import Any

from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import step
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.journal import JournalSubject
from zongwu.kernel.transfer.making import Maker, Unknown, register
from zongwu.school import queries, ties
from zongwu.school.models import Department, Gap, Place, SchoolClass, Supplier


def unknown(
    *, departments: Iterable[str] = (), people: Iterable[str] = (), suppliers: Iterable[str] = (),
    places: Iterable[str] = (), classes: Iterable[str] = (),
) -> Unknown:  # fmt: skip
    """Of these names of a sheet, those that the school has not."""
    words = queries.places_by_word()
    return {
        "place": sorted(w for w in set(places) if w not in words and w.replace(" ", "") not in words),
        "person": _strange(people, Person.objects.present()),
        "department": sorted(set(departments) - queries.department_by_word().keys()),
        "supplier": _strange(suppliers, Supplier.objects.filter(closed_on=None)),
        "class": _strange(classes, SchoolClass.objects.open()),
    }


def _strange(names: Iterable[str], rows: Any) -> list[str]:
    return sorted(set(names) - set(rows.values_list("name", flat=True)))


@step
def _places(ctx: Ctx, ids: Sequence[int], on: date) -> Collection[Any]:
    """The innermost first, so that a building goes once its rooms are gone."""
    gone = []
    for place in Place.objects.open().filter(pk__in=ids).order_by("-path"):
        if not ties.on(place) and not Place.objects.open().filter(parent=place).exists():
            _end(place, on)
            gone.append(place)
    return gone


@step
def _people(ctx: Ctx, ids: Sequence[int], on: date) -> Collection[Any]:
    return _unused(Person.objects.present().filter(pk__in=ids), on)


@step
def _classes(ctx: Ctx, ids: Sequence[int], on: date) -> Collection[Any]:
    return _unused(SchoolClass.objects.open().filter(pk__in=ids), on)


def _unused(rows: Any, on: date) -> list[Any]:
    gone = [row for row in rows if not ties.on(row)]
    for row in gone:
        _end(row, on)
    return gone


ENDED = ("person.left", "place.closed")


def _end(row: Any, on: date) -> None:
    """As it was before the import of that day: gone since its last day, or never there."""
    begins, ends = queries.LIVES[type(row)]
    history = JournalSubject.objects.filter(object_kind=row.kind, object_id=row.pk)
    gap = None
    if row.kind != SchoolClass.kind:
        gap = Gap.objects.filter(**{row.kind: row}, until_on=on).first()
    if gap:
        setattr(row, ends, gap.from_on)
        gap.delete()
    else:  # without a gap it had ended on that very day, or it never was there before
        setattr(row, ends, on if history.filter(entry__verb__in=ENDED).exists() else getattr(row, begins))
    row.save(update_fields=[ends])


@step
def _departments(ctx: Ctx, ids: Sequence[int], on: date) -> Collection[Any]:
    return _closed(ctx, Department.objects.filter(pk__in=ids, closed_on=None))


@step
def _suppliers(ctx: Ctx, ids: Sequence[int], on: date) -> Collection[Any]:
    return _closed(ctx, Supplier.objects.filter(pk__in=ids, closed_on=None))


def _closed(ctx: Ctx, rows: Any) -> list[Any]:
    """No figure counts departments and suppliers, so they have no first day: they are closed."""
    gone = [row for row in rows if not ties.on(row)]
    for row in gone:
        row.closed_on = ctx.today
        row.save(update_fields=["closed_on"])
    return gone


register(
    Maker("place", "{n} 处场所", "school.manage_places", _places),
    Maker("person", "{n} 个人", "school.manage_people", _people),
    Maker("class", "{n} 个班", "school.manage_classes", _classes),
    Maker("department", "{n} 个部门", "school.manage_departments", _departments),
    Maker("supplier", "{n} 家供应商", "school.manage_suppliers", _suppliers),
)
