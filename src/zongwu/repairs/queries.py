"""Reads of repairs: whose a report is, what it repeats, and what waits."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any

from django.core import signing
from django.db.models import Sum

from zongwu.kernel import clock
from zongwu.kernel.accounts import Person
from zongwu.kernel.amounts import format_yuan
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.search import Findable
from zongwu.repairs import rules
from zongwu.repairs.models import OPEN, Duty, State, Ticket, TicketSlip
from zongwu.school.models import Place, Supplier
from zongwu.school.queries import term_on
from zongwu.school.settings import setting
from zongwu.stores.models import Slip

DAYS = setting("repairs.days", "一般报修几天内修好", "3", high=365)
SILENT_DAYS = setting("repairs.silent_days", "修好几天没人回话就办结（不算评价）", "3", high=365)
URGENT_HOURS = setting("repairs.urgent_hours", "紧急报修几小时没修好就上红线", "4", high=8760)
OFTEN = setting("repairs.often", "一学期修几次就建议更换", "4", low=2, high=1000)
_PROGRESS, _WATCH = (signing.Signer(salt=f"repairs.{salt}", sep=".") for salt in ("progress", "watch"))


def posts() -> list[rules.Post]:
    """The table of duties, without those who have left."""
    rows = Duty.objects.filter(worker__left_on=None).values_list("worker", "fault", "area__path").order_by("id")
    return [rules.Post(worker, kind, path or "") for worker, kind, path in rows]


def whose(place: Place, fault: str) -> Person | None:
    """Who mends this kind here, by the table of duties; None where the dispatcher has to say."""
    pk = rules.whose(posts(), fault, place.path)
    return Person.objects.get(pk=pk) if pk else None


def same(ctx: Ctx, place: Place, fault: str) -> Ticket | None:
    """The open repair that somebody else reported here a short while ago."""
    since = ctx.now - timedelta(hours=rules.AGAIN_HOURS)
    found: Ticket | None = Ticket.objects.like(place, fault, since).order_by("-id").first()
    return found


def silent_since(ctx: Ctx) -> datetime:
    """What was mended before this and nobody said anything about is closed."""
    return ctx.now - timedelta(days=SILENT_DAYS.whole(ctx.today))


def slips_of(tickets: Any) -> Any:
    """The slips by which parts went into these repairs, but for those that were taken back."""
    return Slip.objects.standing().filter(
        pk__in=TicketSlip.objects.filter(ticket__in=tickets.values("pk")).values("slip")
    )


def pressing(on: date) -> Any:
    """Urgent repairs that have waited longer than the hours of the setting; on another day than today those that were not mended by its end."""
    now = clock.now()
    before = now if clock.day_of(now) == on else datetime.combine(on + timedelta(days=1), time(), clock.SCHOOL_ZONE)
    return Ticket.objects.pressing(before - timedelta(hours=URGENT_HOURS.whole(on)))


def progress_of(ticket: Ticket) -> str:
    """The secret part of the link under which whoever reported it without a login sees how it goes."""
    return _PROGRESS.sign(str(ticket.pk))


def watch_of(ticket: Ticket) -> str:
    """For whoever joined it: how it goes, without a say in whether it is mended."""
    return _WATCH.sign(str(ticket.pk))


def by_progress(token: str) -> tuple[int, bool] | None:
    """The ticket's id, and whether the link may answer; None for one that was guessed or cut short."""
    for signer, answers in ((_PROGRESS, True), (_WATCH, False)):
        try:
            return int(signer.unsign(token)), answers
        except (signing.BadSignature, ValueError):
            continue
    return None


def advice(ticket: Ticket, on: date) -> str:
    """What the history of the thing, or of the place and kind, suggests: how often it was really mended, this time too."""
    term = term_on(on)
    rows = Ticket.objects.filter(
        done_at__isnull=False, reported_on__gte=term.begins_on if term else on.replace(month=1, day=1)
    )
    rows = (
        rows.filter(asset=ticket.asset_id)
        if ticket.asset_id
        else rows.filter(place=ticket.place_id, fault=ticket.fault)
    )
    cost = rows.aggregate(n=Sum("cost", default=0))["n"] + slips_of(rows).aggregate(n=Sum("value", default=0))["n"]
    return rules.advice(rows.exclude(pk=ticket.pk).count() + 1, format_yuan(cost), OFTEN.whole(on))


def mine(ctx: Ctx) -> Any:
    """What this worker has to do, the most urgent first."""
    rows = Ticket.objects.visible_to(ctx).filter(worker=ctx.person, state__in=OPEN)
    return rows.order_by("-urgent", "due_on", "place__path", "id")


def in_place(place: Place) -> str:
    n = Ticket.objects.open().filter(place=place).count()
    return f"还有 {n} 张报修没有修好" if n else ""


def of_person(person: Person) -> str:
    n = Ticket.objects.open().filter(worker=person).count()
    return f"手上还有 {n} 张报修" if n else ""


def of_supplier(supplier: Supplier) -> str:
    n = Ticket.objects.open().filter(supplier=supplier).count()
    return f"还有 {n} 张外修没有修好" if n else ""


def findable(ids: Sequence[int] | None) -> Iterable[Findable]:
    """What the search knows of repairs."""
    rows = Ticket.objects.exclude(state=State.DROPPED)
    rows = rows if ids is None else rows.filter(pk__in=ids)
    for pk, number, title, what in rows.values_list("pk", "number", "title", "what").iterator(chunk_size=2000):
        yield Findable(pk, title, number, title, (number, what))
