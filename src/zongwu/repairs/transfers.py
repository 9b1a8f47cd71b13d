"""Between the repair book and the tickets: which are there already, how they are written, taken back, exported."""

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
from zongwu.repairs import rules, steps
from zongwu.repairs.models import State, Ticket
from zongwu.repairs.sheets import DONE, OPEN, REPAIRS
from zongwu.repairs.steps import SERIES
from zongwu.school import making, queries
from zongwu.school import steps as school
from zongwu.school.models import SchoolClass

MOST = 20_000
ENDED = (State.DONE, State.CLOSED)


def record_of(ticket: Ticket) -> Record:
    """A repair in the sheet's own terms."""
    done = clock.day_of(ticket.done_at) if ticket.done_at else None
    return {
        "no": ticket.number, "date": ticket.reported_on.isoformat(), "place": ticket.place.word, "reporter": ticket.caller or (ticket.reporter.name if ticket.reporter else ""),
        "what": ticket.what, "status": DONE if ticket.state in ENDED else OPEN, "parts": ticket.did, "mender": ticket.mender or (ticket.worker.name if ticket.worker else ""),
        "finished": done.isoformat() if done else None, "fee": ticket.cost, "stars": str(ticket.stars or ""), "note": ticket.said,
    }  # fmt: skip


def _rows() -> Any:
    return Ticket.objects.exclude(state=State.DROPPED).select_related("place", "worker", "reporter")


def existing() -> runs.Find:
    """By number; a row without one by its day, place and words."""

    def find(records: Sequence[Record]) -> Sequence[Record | None]:
        rooms = _rooms()
        numbered = {
            one.number: one
            for one in _rows().filter(number__in={record["no"] for record in records if record.get("no")})
        }
        worded: dict[tuple[str, int | None, str], list[Ticket]] = {}
        for one in _rows().filter(
            via=Ticket.Via.IMPORT, reported_on__in={record["date"] for record in records if not record.get("no")}
        ):
            worded.setdefault((one.reported_on.isoformat(), one.place_id, one.what), []).append(one)
        return [_same(record, numbered, worded, rooms) for record in records]

    return find


def _same(
    record: Record, numbered: Mapping[str, Ticket], worded: dict[Any, list[Ticket]], rooms: Mapping[str, int]
) -> Record | None:
    if record.get("no"):
        found = numbered.get(record["no"])
    else:
        alike = worded.get((record["date"], rooms.get(record["place"]), record.get("what") or ""), [])
        found = alike.pop(0) if alike else None
    if found is None:
        return None
    told = record_of(found)
    return told | {"place": record["place"]} if rooms.get(record["place"]) == found.place_id else told


def _rooms() -> dict[str, int]:
    """How a sheet may call a place → its id; a class is its room."""
    classes = SchoolClass.objects.open().filter(room__isnull=False).values_list("name", "room")
    return {**queries.places_by_word(), **dict(classes)}


@step
def prepare(ctx: Ctx, rows: QuerySet[ImportRow]) -> None:
    """Numbers of the sheet that look like ours are taken.

    :raises Refused: more rows than one transaction should write.
    """
    if rows.count() > MOST:
        raise Refused(f"报修登记一次最多导 {MOST} 行，请分几个文件。")
    numbering.observe(ctx.school.pk, SERIES, runs.given(rows, "no"))


@step
def write(ctx: Ctx, rows: Sequence[Line]) -> Sequence[Written]:
    """Enter what the book says as it ended. A repair that stands already is not changed by a sheet.

    :raises Refused: a number that stands for something else.
    """
    if changed := [str(row.record.get("no") or row.record.get("what")) for row in rows if row.effect == "update"]:
        raise Refused(
            f"这些报修已经有了，内容和表上不同：{'、'.join(changed[:10])}。表上改不了已有的报修单，请在系统里办。"
        )
    rooms = _rooms()
    rooms |= school.ensure_places(ctx, {row.record["place"] for row in rows} - rooms.keys())
    people = dict(
        Person.objects.filter(left_on=None, name__in={row.record.get("mender") or "" for row in rows}).values_list(
            "name", "pk"
        )
    )
    fresh: dict[int, Iterator[str]] = {}
    years = [int(row.record["date"][:4]) for row in rows if not row.record.get("no")]
    for year in sorted(set(years)):
        fresh[year] = iter(numbering.take(ctx.school.pk, SERIES, year, years.count(year)))
    written = []
    for row in rows:
        record = row.record
        number = record.get("no") or next(fresh[int(record["date"][:4])])
        ticket = _ticket(ctx, record, number, rooms[record["place"]], people)
        ticket.save()
        steps.note_parts(ticket)
        written.append(Written(ticket.pk))
    return written


def _ticket(ctx: Ctx, record: Record, number: str, place: int, people: Mapping[str, int]) -> Ticket:
    on = date.fromisoformat(record["date"])
    reported = _noon(on)
    done = _noon(date.fromisoformat(record["finished"])) if record.get("finished") else None
    over = record["status"] == DONE
    what, mender = record.get("what") or "", record.get("mender") or ""
    worker = people.get(mender)
    return Ticket(
        school=ctx.school, number=number, title=f"{record['place']}：{what}"[:120], place_id=place, fault=rules.fault_of(what), what=what, via=Ticket.Via.IMPORT,
        caller=record.get("reporter") or "", reported_at=reported, reported_on=on, due_on=on, worker_id=worker, mender="" if worker else mender, did=record.get("parts") or "",
        state=State.CLOSED if over else State.NEW, done_at=done if over else None, closed_at=max(done, reported) if over and done else None, cost=Decimal(str(record["fee"] or 0)),
        minutes=rules.minutes(reported, done, 0) if over and done and done >= reported else None, stars=int(record["stars"]) if record.get("stars") else None, said=record.get("note") or "",
    )  # fmt: skip


def _noon(day: date) -> datetime:
    """A book says the day and not the hour."""
    return datetime.combine(day, time(12), clock.SCHOOL_ZONE)


@step
def restore(ctx: Ctx, rows: Sequence[Line]) -> None:
    """Take them back: revoked, with their numbers free again."""
    for ticket in Ticket.objects.filter(pk__in={row.object_id for row in rows}):
        ticket.parts.all().delete()
        ticket.number, ticket.state, ticket.said = (
            f"{ticket.number[:24]}-撤{ticket.pk}"[:40],
            State.DROPPED,
            "整批撤销导入",
        )
        ticket.save(update_fields=["number", "state", "said"])


def records(ctx: Ctx, conditions: Mapping[str, str]) -> Iterable[Record]:
    """Every repair that holds, by number."""
    if conditions:
        raise Refused("报修登记导出没有筛选条件，要挑着导请在「报修单」的列表里筛选后导出。")
    mine = Ticket.objects.visible_to(ctx).exclude(state=State.DROPPED).select_related("place", "worker", "reporter")
    return (record_of(one) for one in mine.order_by("reported_at", "id").iterator(chunk_size=2000))


def unknown(rows: Sequence[Record]) -> Unknown:
    """Places of which the school has not heard."""
    return making.unknown(places={record["place"] for record in rows} - _rooms().keys())


runs.register(
    Kind(REPAIRS, Ticket, "repairs.import_repairs", existing=existing, prepare=prepare, write=write, restore=restore, records=records, makes=unknown)
)  # fmt: skip
