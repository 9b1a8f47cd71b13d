"""Between the school's simple tables and its records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from django.db.models import F

from zongwu.kernel import pinyin
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import step
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.scope import SchoolModel
from zongwu.kernel.transfer import runs
from zongwu.kernel.transfer.making import Unknown
from zongwu.kernel.transfer.runs import Kind, Line, Record, Written
from zongwu.school import making, sheets, steps, ties
from zongwu.school.filters import CalendarFilters, PersonFilters, PlaceFilters, PupilFilters, SupplierFilters
from zongwu.school.models import Appointment, CalendarDay, Gap, Place, Pupil, Supplier
from zongwu.ui.filters import Filters, narrowed

LEVEL = {level.label: level.value for level in Place.Level}


def _lookup(find: Callable[[], Callable[[Record], Any]], record: Callable[[Any], Record]) -> Callable[[], runs.Find]:
    """For each row what the school has: `find` is made afresh for every import, from one query."""

    def existing() -> runs.Find:
        known = find()
        return lambda rows: [record(found) if (found := known(row)) else None for row in rows]

    return existing


def _by(rows: Callable[[], Any], kind: type[Filters], field: str, key: str) -> Callable[[], Callable[[Record], Any]]:
    """Rows are known by one field; what has ended is not among them."""

    def finder() -> Callable[[Record], Any]:
        known = {getattr(row, field): row for row in kind.present(rows())}
        return lambda record: known.get(record.get(key) or "")

    return finder


def _staff_finder() -> Callable[[Record], Any]:
    """By number; a person without one by his name, where only one without a number has it."""
    people = list(_staff().present())
    numbered = {
        person.number: person
        for person in Person.objects.exclude(number="").prefetch_related("appointments__department")
    }
    names = Counter(person.name for person in people if not person.number)
    nameless = {person.name: person for person in people if not person.number and names[person.name] == 1}
    return lambda record: numbered.get(record.get("no") or "") or nameless.get(record["name"])


# --- staff -----------------------------------------------------------------------------------------------------------


def _staff() -> Any:
    return Person.objects.prefetch_related("appointments__department").order_by("pinyin", "pk")


def _person_record(person: Person) -> Record:
    posts = [a.department.name for a in person.appointments.all() if a.until_on is None]
    return {
        "no": person.number,
        "name": person.name,
        "dept": posts[0] if posts else "",
        "title": person.title,
        "phone": person.phone,
        "entered_on": person.entered_on.isoformat(),
    }


@step
def _write_staff(ctx: Ctx, rows: Sequence[Line]) -> Sequence[Written]:
    departments = steps.ensure_departments(ctx, [row.record.get("dept") or "" for row in rows])
    find = _staff_finder()
    written = []
    for row in rows:
        record, old = row.record, find(row.record)
        before = runs.snapshot(old) if old else None
        person = old or Person(school=ctx.school, entered_on=ctx.school.opened_on)
        if person.left_on is not None:
            steps.come_back(ctx, person, ctx.today, afresh=ctx.school.opened_on)
        person.number = record.get("no") or person.number
        _fill_person(person, record)
        person.save()
        if before and before["name"] != person.name:
            ties.follow(ctx, Person, [person.pk])
        posts: Any = person.appointments
        department = departments.get(record.get("dept") or "")
        if department and not posts.filter(department=department, until_on=None).exists():
            Appointment.objects.filter(person=person, until_on=None).update(until_on=ctx.today)
            Appointment.objects.create(
                school=ctx.school, person=person, department_id=department, post=person.title, from_on=ctx.today
            )
        written.append(Written(person.pk, before))
    return written


def _fill_person(person: Person, record: Record) -> None:
    person.name, person.pinyin = record["name"], pinyin.sort_key(record["name"])
    person.title = record.get("title") or person.title
    person.phone = record.get("phone") or person.phone
    person.id_card_tail = record.get("id_tail") or person.id_card_tail
    if record.get("entered_on"):
        person.entered_on = date.fromisoformat(record["entered_on"])


def _end_person(ctx: Ctx, person: Person) -> None:
    """Taken back: he never was here. The number is free again."""
    person.left_on, person.number = person.entered_on, ""
    Appointment.objects.filter(person=person, until_on=None).update(until_on=F("from_on"))


# --- places ----------------------------------------------------------------------------------------------------------


def _place_record(place: Place) -> Record:
    return {
        "path": place.path, "name": place.name, "code": place.code, "level": place.get_level_display(),
        "keeper": place.keeper.name if place.keeper else "",
    }  # fmt: skip


@step
def _write_places(ctx: Ctx, rows: Sequence[Line]) -> Sequence[Written]:
    people = steps.ensure_people(ctx, [row.record.get("keeper") or "" for row in rows])
    written = []
    for row in rows:
        record = row.record
        path = record["path"]
        level = LEVEL.get(record.get("level") or "")
        _one_head(level, path)
        old = Place.objects.filter(path=path).select_related("keeper").first()
        before = runs.snapshot(old) if old else None
        place = old or steps.ensure_path(ctx, path, level or Place.Level.ROOM)
        if place.closed_on is not None:
            steps.come_back(ctx, place, ctx.today, afresh=ctx.school.opened_on)
        place.code, place.level = record.get("code") or place.code, level or place.level
        place.keeper_id = people.get(record.get("keeper") or "", place.keeper_id)
        place.save()
        written.append(Written(place.pk, before))
    steps.name_head_storeroom(ctx)
    return written


def _one_head(level: str | None, path: str) -> None:
    if level == Place.Level.HEAD_STOREROOM:
        other = Place.objects.open().filter(level=level).exclude(path=path).first()
        if other:
            raise Refused(f"「{path}」写作总库房，总库房却只能有一个，现在是{other}；请把别的改成分库房再导入。")


def _close_place(ctx: Ctx, place: Place) -> None:
    """Taken back: it never was in use."""
    if Place.objects.filter(parent=place, closed_on=None).exists():
        raise Refused(f"「{place}」下面还有别的场所，不能整批撤销。")
    place.closed_on = place.opened_on


# --- pupils and suppliers --------------------------------------------------------------------------------------------


def _pupil_record(pupil: Pupil) -> Record:
    return {
        "no": pupil.number, "name": pupil.name, "class": pupil.school_class.name,
        "entered_on": pupil.entered_on.isoformat(),
    }  # fmt: skip


@step
def _write_pupils(ctx: Ctx, rows: Sequence[Line]) -> Sequence[Written]:
    classes = steps.ensure_classes(ctx, [row.record["class"] for row in rows])
    known = {pupil.number: pupil for pupil in Pupil.objects.select_related("school_class")}
    written = []
    for row in rows:
        record, old = row.record, known.get(row.record["no"])
        before = runs.snapshot(old) if old else None
        pupil = old or Pupil(school=ctx.school, number=record["no"], entered_on=ctx.school.opened_on)
        if pupil.left_on is not None:
            steps.come_back(ctx, pupil, ctx.today, afresh=ctx.school.opened_on)
        if record.get("entered_on"):
            pupil.entered_on = date.fromisoformat(record["entered_on"])
        pupil.name, pupil.pinyin = record["name"], pinyin.sort_key(record["name"])
        pupil.school_class_id = classes[record["class"]]
        pupil.save()
        written.append(Written(pupil.pk, before))
    return written


def _end_pupil(ctx: Ctx, pupil: Pupil) -> None:
    """Taken back: he never was here."""
    pupil.left_on = pupil.entered_on


_SUPPLIER = ("name", "credit_code", "contact", "phone", "scope")


def _supplier_record(supplier: Supplier) -> Record:
    return {name: getattr(supplier, name) for name in _SUPPLIER}


@step
def _write_suppliers(ctx: Ctx, rows: Sequence[Line]) -> Sequence[Written]:
    known = {supplier.name: supplier for supplier in Supplier.objects.all()}
    written = []
    for row in rows:
        old = known.get(row.record["name"])
        before = runs.snapshot(old) if old else None
        supplier = old or Supplier(school=ctx.school)
        for name in _SUPPLIER:
            setattr(supplier, name, row.record.get(name) or getattr(supplier, name))
        supplier.pinyin, supplier.closed_on = pinyin.sort_key(supplier.name), None
        supplier.save()
        written.append(Written(supplier.pk, before))
    return written


def _close_supplier(ctx: Ctx, supplier: Supplier) -> None:
    supplier.closed_on = ctx.today


# --- the calendar ----------------------------------------------------------------------------------------------------


def _day_record(day: CalendarDay) -> Record:
    return {"day": day.day.isoformat(), "what": day.what, "label": day.label}


def _day_finder() -> Callable[[Record], Any]:
    known = {day.day.isoformat(): day for day in _days()}
    return lambda record: known.get(record["day"])


@step
def _write_days(ctx: Ctx, rows: Sequence[Line]) -> Sequence[Written]:
    said = {date.fromisoformat(row.record["day"]): row.record for row in rows}
    before = {day.day: runs.snapshot(day) for day in CalendarDay.objects.live().filter(day__in=said)}
    put = steps.put_days(ctx.school, {day: (r["what"] == "上班", r.get("label") or "") for day, r in said.items()})
    ids = {day.day: day.pk for day in put}
    return [Written(ids[day], before.get(day)) for day in (date.fromisoformat(row.record["day"]) for row in rows)]


def _void_day(ctx: Ctx, day: CalendarDay) -> None:
    day.void = True


def _restorer(model: type[SchoolModel], end: Callable[[Ctx, Any], None]) -> Callable[[Ctx, Sequence[Line]], None]:
    """Ends what an import created, gives what it changed every old value back. The last written goes first."""

    @step
    def restore(ctx: Ctx, rows: Sequence[Line]) -> None:
        for row in reversed(rows):
            thing: Any = model.objects.get(pk=row.object_id)
            if row.before is None:
                end(ctx, thing)
            else:
                runs.put_back(thing, row.before)
                _away_again(thing)
            thing.save()
            ties.follow(ctx, model, [thing.pk])

    return restore


def _away_again(thing: Any) -> None:
    """What the import had brought back is gone as before, without a gap in between."""
    left = getattr(thing, "left_on", None) or (thing.closed_on if isinstance(thing, Place) else None)
    if left is not None:
        Gap.objects.filter(**{thing.kind: thing}, from_on=left).delete()


def _records(
    rows: Callable[[], Any], kind: type[Filters], record: Callable[[Any], Record]
) -> Callable[[Ctx, Mapping[str, str]], Iterable[Record]]:
    """What an export writes: of all rows those that the person may see and that the list's conditions leave."""
    whole = {"year": "all"} if kind is CalendarFilters else {}
    return lambda ctx, conditions: map(record, narrowed(kind, rows().visible_to(ctx), {**whole, **conditions}))


def _places() -> Any:
    return Place.objects.select_related("keeper").order_by("path")


def _pupils() -> Any:
    return Pupil.objects.select_related("school_class").order_by("number")


def _suppliers() -> Any:
    return Supplier.objects.order_by("pinyin")


def _days() -> Any:
    return CalendarDay.objects.live().order_by("day")


def _all(records: Sequence[Record], key: str) -> set[str]:
    return {str(record[key]) for record in records if record.get(key)}


MAKES: dict[str, Callable[[Sequence[Record]], Unknown]] = {
    "staff": lambda records: making.unknown(departments=_all(records, "dept")),
    "places": lambda records: making.unknown(people=_all(records, "keeper")),
    "pupils": lambda records: making.unknown(classes=_all(records, "class")),
}
PERMISSION = "school.import_records"
for sheet, model, rows, filters, finder, record, write, end in (
    (sheets.STAFF, Person, _staff, PersonFilters, _staff_finder, _person_record, _write_staff, _end_person),
    (sheets.PLACES, Place, _places, PlaceFilters, _by(_places, PlaceFilters, "path", "path"), _place_record, _write_places, _close_place),
    (sheets.PUPILS, Pupil, _pupils, PupilFilters, _by(_pupils, PupilFilters, "number", "no"), _pupil_record, _write_pupils, _end_pupil),
    (sheets.SUPPLIERS, Supplier, _suppliers, SupplierFilters, _by(_suppliers, SupplierFilters, "name", "name"), _supplier_record,
     _write_suppliers, _close_supplier),
    (sheets.CALENDAR, CalendarDay, _days, CalendarFilters, _day_finder, _day_record, _write_days, _void_day),
):  # fmt: skip
    runs.register(
        Kind(
            sheet, model, PERMISSION, _lookup(finder, record), write, _restorer(model, end), _records(rows, filters, record),
            makes=MAKES.get(sheet.kind, lambda records: {}),
        )
    )  # fmt: skip
