"""Between the hazard ledger and the records: which are there already, how they are written, taken back, exported."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet

from zongwu.kernel import clock, numbering
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import step
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.kernel.transfer import runs
from zongwu.kernel.transfer.making import Unknown
from zongwu.kernel.transfer.runs import ImportRow, Kind, Line, Record, Written
from zongwu.safety import queries, sheets
from zongwu.safety.models import Field, Grade, Hazard, Source, State
from zongwu.safety.screens import HazardFilters
from zongwu.safety.sheets import LEDGER
from zongwu.safety.steps import SERIES
from zongwu.school import making
from zongwu.school import queries as school
from zongwu.school import steps as places
from zongwu.school.models import Place, SchoolClass
from zongwu.school.rules import class_name
from zongwu.ui.filters import narrowed

MOST = 20_000
SCHOOL = "本部"
"""Where a hazard is kept whose place the roster does not know: its words are the spot."""
FIELDS = {field.label: field.value for field in Field}
GRADES = {grade.label: grade.value for grade in Grade}
STATES = {sheets.OPEN: State.OPEN, sheets.DOING: State.DOING, sheets.FIXED: State.FIXED, sheets.CLOSED: State.CLOSED}


def record_of(one: Hazard) -> Record:
    """A hazard in the sheet's own terms."""
    state = {State.NEW: sheets.OPEN, State.OPEN: sheets.OPEN, State.DOING: sheets.DOING, State.FIXED: sheets.FIXED}.get(
        State(one.state), sheets.CLOSED
    )
    return {
        "no": one.number, "found": one.found_on.isoformat(), "finder": one.finder_name or _name(one.finder), "source": one.superior or one.get_source_display(), "place": f"{one.place.word}{one.spot}",
        "field": one.get_field_display(), "what": one.what, "grade": one.get_grade_display(), "basis": one.basis, "responsible": one.responsible_name or _name(one.responsible), "measure": one.measure,
        "money": one.money, "due": one.due_on.isoformat(), "interim": one.interim, "did": one.did, "fixer": one.fixed_name or _name(one.fixed_by), "fixed": _iso(one.fixed_on),
        "rechecker": one.checked_name or _name(one.checked_by), "verdict": one.verdict, "closed": _iso(one.closed_on), "status": state, "reported": one.reported_to, "note": one.again_of and f"同 {one.again_of.number}",
    }  # fmt: skip


def _name(person: Person | None) -> str:
    return person.name if person else ""


def _iso(on: date | None) -> str | None:
    return on.isoformat() if on else None


def _rows() -> Any:
    return Hazard.objects.real().select_related("place", "finder", "responsible", "fixed_by", "checked_by", "again_of")


def existing() -> runs.Find:
    """By number; a row without one by its day, place and words."""

    def find(records: Sequence[Record]) -> Sequence[Record | None]:
        words, home = _words(), _home()
        numbered = {
            one.number: one
            for one in _rows().filter(number__in={record["no"] for record in records if record.get("no")})
        }
        days = {record["found"] for record in records if not record.get("no")}
        worded: dict[Any, list[Hazard]] = {}
        for one in _rows().filter(found_on__in=days).order_by("id"):
            worded.setdefault((one.found_on.isoformat(), one.place_id, one.spot, one.what), []).append(one)
        return [_same(record, numbered, worded, words, home) for record in records]

    return find


def _same(
    record: Record,
    numbered: Mapping[str, Hazard],
    worded: dict[Any, list[Hazard]],
    words: Mapping[str, int],
    home: int | None,
) -> Record | None:
    place, spot = _where(words, home, record.get("place") or "")
    if record.get("no"):
        found = numbered.get(record["no"])
    else:
        alike = worded.get((record["found"], place, spot, record.get("what") or ""), [])
        found = alike.pop(0) if alike else None
    if found is None:
        return None
    told = record_of(found)
    if (place, spot) == (found.place_id, found.spot):
        told["place"] = record.get("place")
    # what was filled in where the sheet was silent, and what only the sheet says, are no difference
    for key in ("due", "fixer", "source", "note"):
        if not record.get(key):
            told[key] = record.get(key)
    return (
        told
        | {key: record[key] for key in ("seq", "again", "again_of", "note") if key in record}
        | _kept_words(found, record)
    )


def _kept_words(found: Hazard, record: Record) -> Record:
    """An imported source and remark stand in the hazard's own words only as far as there is a place for them."""
    return {"source": record.get("source")} if found.source == Source.IMPORT else {}


def _where(words: Mapping[str, int], home: int | None, text: str) -> tuple[int | None, str]:
    """The place and what is left of the words as the spot."""
    place, spot = school.place_and_spot(words, class_name(text) or text)
    return (place, spot) if place is not None else (home, spot)


def _words() -> dict[str, int]:
    """How a ledger may call a place → its id; a class is its room."""
    classes = SchoolClass.objects.open().filter(room__isnull=False).values_list("name", "room")
    return school.places_by_word() | dict(classes)


def _home() -> int | None:
    """The school's own ground, for hazards whose place nobody knows."""
    campus = Place.objects.open().filter(level=Place.Level.CAMPUS).order_by("path").first()
    return campus.pk if campus else None


def _people(names: set[str]) -> dict[str, int]:
    """Who is meant by a name; a name that two people bear means nobody, and is kept as words."""
    found: dict[str, list[int]] = {}
    for name, pk in Person.objects.filter(left_on=None, name__in=names).values_list("name", "pk"):
        found.setdefault(name, []).append(pk)
    return {name: ids[0] for name, ids in found.items() if len(ids) == 1}


@step
def prepare(ctx: Ctx, rows: QuerySet[ImportRow]) -> None:
    """Numbers of the sheet that look like ours are taken.

    :raises Refused: more rows than one transaction should write.
    """
    if rows.count() > MOST:
        raise Refused(f"隐患台账一次最多导 {MOST} 行，请分几个文件。")
    numbering.observe(ctx.school.pk, SERIES, runs.given(rows, "no"))


@step
def write(ctx: Ctx, rows: Sequence[Line]) -> Sequence[Written]:
    """Enter what the ledger says. A hazard that stands already is not changed by a sheet: nobody closes one by typing a word.

    :raises Refused: a number that stands for something else.
    """
    if changed := [str(row.record.get("no") or row.record.get("what")) for row in rows if row.effect == "update"]:
        raise Refused(
            f"这些隐患已经有了，内容和表上不同：{'、'.join(changed[:10])}。表上改不了已有的隐患，请在系统里办（销号要另一个人复查）。"
        )
    numbers = [row.record["no"] for row in rows if row.record.get("no")]
    if gone := list(Hazard.objects.filter(state=State.VOID, number__in=numbers).values_list("number", flat=True)[:10]):
        raise Refused(f"这些编号的隐患已经定为不是隐患：{'、'.join(gone)}。请从表上去掉这几行，或者清掉编号再导。")
    words, home = _words(), _home()
    if home is None and any(_where(words, None, row.record.get("place") or "")[0] is None for row in rows):
        home = places.ensure_path(ctx, SCHOOL, Place.Level.CAMPUS).pk
    people = _people(
        {row.record.get(key) or "" for row in rows for key in ("finder", "responsible", "fixer", "rechecker")}
    )
    years = [int(row.record["found"][:4]) for row in rows if not row.record.get("no")]
    fresh: dict[int, Iterator[str]] = {
        year: iter(numbering.take(ctx.school.pk, SERIES, year, years.count(year))) for year in sorted(set(years))
    }
    labels = dict(Place.objects.values_list("pk", "path"))
    written, seen = [], dict[Any, int]()
    for row in rows:
        record = row.record
        place, spot = _where(words, home, record.get("place") or "")
        hazard = _hazard(ctx, record, people)
        hazard.number = record.get("no") or next(fresh[int(record["found"][:4])])
        hazard.place_id, hazard.spot = place or home or 0, spot
        hazard.title = (
            f"{labels.get(hazard.place_id, SCHOOL).rpartition('/')[2]} {spot}".strip()[:40] + f"：{hazard.what}"[:80]
        )
        hazard.again_of_id = _again(record, seen, words, home)
        hazard.save()
        seen[_key(record)] = hazard.pk
        written.append(Written(hazard.pk))
    return written


def _key(record: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(record.get(name) for name in ("no", "found", "place", "what"))


def _again(record: Record, seen: Mapping[Any, int], words: Mapping[str, int], home: int | None) -> int | None:
    """The hazard of the line that this one says it is the same as; of an earlier import where this one has it not."""
    earlier = record.get("again_of")
    if not earlier:
        return None
    if (pk := seen.get(_key(earlier))) is not None:
        return pk
    place, spot = _where(words, home, earlier["place"] or "")
    rows = Hazard.objects.real().filter(found_on=earlier["found"], what=earlier["what"] or "", place=place, spot=spot)
    found: int | None = rows.order_by("-id").values_list("pk", flat=True).first()
    return found


def _hazard(ctx: Ctx, record: Record, people: Mapping[str, int]) -> Hazard:
    found = date.fromisoformat(record["found"])
    grade, state = GRADES[record["grade"]], STATES[record["status"]]
    if state == State.OPEN and not record.get("responsible"):
        state = State.NEW  # nobody answers for it yet
    due = date.fromisoformat(record["due"]) if record.get("due") else queries.due_on(grade, found)
    closed = date.fromisoformat(record["closed"]) if record.get("closed") and state == State.CLOSED else None
    names = {key: record.get(key) or "" for key in ("finder", "responsible", "fixer", "rechecker")}
    ids = {key: people.get(name) for key, name in names.items()}
    fixed = date.fromisoformat(record["fixed"]) if record.get("fixed") else None
    looks = ids["rechecker"] if ids["rechecker"] not in (ids["fixer"], ids["responsible"]) else None
    return Hazard(
        school=ctx.school, field=FIELDS[record["field"]], grade=grade, basis=record.get("basis") or "", what=record["what"], source=Source.IMPORT, superior=record.get("source") or "",
        finder_id=ids["finder"], finder_name="" if ids["finder"] else names["finder"], found_at=datetime.combine(found, time(12), clock.SCHOOL_ZONE), found_on=found,
        responsible_id=ids["responsible"], responsible_name="" if ids["responsible"] else names["responsible"], measure=record.get("measure") or "", money=Decimal(str(record["money"] or 0)), due_on=due,
        interim=record.get("interim") or "", state=state, set_on=found if names["responsible"] else None, did=record.get("did") or "", fixed_by_id=ids["fixer"],
        fixed_name="" if ids["fixer"] else names["fixer"], fixed_on=min(fixed, closed) if fixed and closed else fixed, checked_by_id=looks if closed else None,
        checked_name="" if looks and closed else names["rechecker"], verdict=record.get("verdict") or "", closed_on=closed, days=(closed - found).days if closed and closed >= found else None,
        reported_to=record.get("reported") or "", listed_on=found if record.get("listed") and grade == Grade.MAJOR else None,
    )  # fmt: skip


@step
def restore(ctx: Ctx, rows: Sequence[Line]) -> None:
    """Take them back: no hazards any more, with their numbers free again."""
    for hazard in Hazard.objects.filter(pk__in={row.object_id for row in rows}):
        hazard.number, hazard.state, hazard.verdict = (
            f"撤{hazard.pk}-{hazard.number}"[:40],
            State.VOID,
            "整批撤销导入",
        )
        hazard.save(update_fields=["number", "state", "verdict"])


def records(ctx: Ctx, conditions: Mapping[str, str]) -> Iterable[Record]:
    """The hazards that the conditions of the list leave, by day, each with its line's number."""
    mine = narrowed(HazardFilters, Hazard.objects.visible_to(ctx).real(), conditions)
    rows = mine.select_related("place", "finder", "responsible", "fixed_by", "checked_by", "again_of").order_by(
        "found_on", "id"
    )
    return (record_of(one) | {"seq": str(at)} for at, one in enumerate(rows.iterator(chunk_size=2000), start=1))


def unknown(rows: Sequence[Record]) -> Unknown:
    """The school's own ground, where it has none yet and a hazard needs it."""
    words = _words()
    lacks = _home() is None and any(_where(words, None, record.get("place") or "")[0] is None for record in rows)
    return making.unknown(places={SCHOOL}) if lacks else {}


runs.register(
    Kind(LEDGER, Hazard, "safety.import_hazards", existing=existing, prepare=prepare, write=write, restore=restore, records=records, makes=unknown)
)  # fmt: skip
