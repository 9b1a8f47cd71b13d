"""Reads of safety: what repeats, what is due, whom it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from django.core import signing

from zongwu.kernel.accounts import Person
from zongwu.kernel.attachments import Attachment
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.journal import JournalSubject
from zongwu.kernel.refs import ref
from zongwu.kernel.search import Findable
from zongwu.purchasing.models import Purchase
from zongwu.repairs.models import Ticket
from zongwu.safety import rules
from zongwu.safety.models import STANDING, TO_FIX, Grade, Hazard, Shot, State
from zongwu.school.models import Place
from zongwu.school.settings import setting

GENERAL_DAYS = setting("safety.days_general", "一般隐患几天内整改", "7", high=365)
MAJOR_DAYS = setting("safety.days_major", "重大隐患几天内整改", "3", high=365)
SUPERVISOR_DAYS = setting("safety.supervisor_days", "隐患过期几天告诉督办人", "1", high=365)
PRINCIPAL_DAYS = setting("safety.principal_days", "隐患过期几天告诉校长", "3", high=365)
AGAIN_DAYS = setting("safety.again_days", "销号后几天内同一处又出现算复发", "365", high=3650)
ASSIGN, OVERSEE = "safety.assign_hazard", "safety.oversee"
_PROGRESS = signing.Signer(salt="safety.progress", sep=".")


def due_on(grade: str, found_on: date) -> date:
    """By when a hazard of this grade is put right, unless somebody sets another day."""
    days = MAJOR_DAYS if grade == Grade.MAJOR else GENERAL_DAYS
    return found_on + timedelta(days=days.whole(found_on))


def ladder(hazard: Hazard, days: tuple[int, int]) -> list[rules.Step]:
    """Who will be told when: from its deadline, or from the day to which it was put off after that; a step without anybody is left out."""
    steps = rules.ladder(hazard.later_on or hazard.due_on, *days)
    return [step for step in steps if step.level != rules.SUPERVISOR or hazard.supervisor_id]


def ladder_days(on: date) -> tuple[int, int]:
    """After how many days the supervisor, and the principal, are told; asked once for many hazards."""
    return SUPERVISOR_DAYS.whole(on), PRINCIPAL_DAYS.whole(on)


def ever_responsible(hazard: Hazard, person: Person) -> bool:
    """Whether it was ever given to somebody to put right."""
    given = JournalSubject.objects.filter(object_kind=Person.kind, object_id=person.pk, role="responsible")
    return bool(given.filter(entry__ref=ref(hazard)).exists())


def same(place: Place, field: str, spot: str) -> Hazard | None:
    """The hazard that is known here already and not closed."""
    rows = Hazard.objects.standing().filter(place=place, field=field, spot=spot)
    found: Hazard | None = rows.order_by("-id").first()
    return found


def earlier(place: Place, field: str, spot: str, what: str, on: date) -> Hazard | None:
    """The closed hazard that has come back, not long ago: the same field at the same spot; without a spot, in the same words. What an
    inspection found (`灭火器 压力不足`) is the same only where its item is."""
    since = on - timedelta(days=AGAIN_DAYS.whole(on))
    rows = Hazard.objects.filter(
        place=place, field=field, spot=spot, state=State.CLOSED, closed_on__gte=since, found_on__lte=on
    )
    if not spot:
        rows = rows.filter(what=what)
    elif " " in what:
        rows = rows.filter(what__startswith=what.partition(" ")[0])
    found: Hazard | None = rows.order_by("-closed_on", "-id").first()
    return found


def keeps(paper: Attachment) -> str:
    """Why a photograph of a hazard is not taken down: it is what its re-check rests on."""
    return "这是隐患的照片，是整改和复查的凭据，不能撤下。" if Shot.objects.filter(paper=paper).exists() else ""


def shots(hazard: Hazard) -> dict[str, list[Shot]]:
    """Its photographs by moment, oldest first; those that were taken back are left out."""
    found: dict[str, list[Shot]] = {moment: [] for moment in Shot.Moment.values}
    for shot in hazard.shots.filter(paper__void_on=None).select_related("paper", "person").order_by("id"):
        found[shot.moment].append(shot)
    return found


def shots_of(hazards: Sequence[Hazard]) -> dict[int, list[Shot]]:
    """Hazard → its photographs that can be printed, for many at once."""
    found: dict[int, list[Shot]] = {}
    rows = Shot.objects.filter(
        hazard__in=[one.pk for one in hazards], paper__void_on=None, paper__media_type="image/jpeg"
    )
    for shot in rows.select_related("paper").order_by("id"):
        found.setdefault(shot.hazard_id, []).append(shot)
    return found


def tickets_of(ctx: Ctx, hazard: Hazard) -> Any:
    """Repairs that were begun for it."""
    rows = Ticket.objects.visible_to(ctx) if ctx.may("repairs.read_ticket") else Ticket.objects.none()
    return rows.filter(origin=ref(hazard)).order_by("id")


def purchases_of(ctx: Ctx, hazard: Hazard) -> Any:
    """Purchases that were begun for it."""
    rows = Purchase.objects.visible_to(ctx) if ctx.may("purchasing.read_purchase") else Purchase.objects.none()
    return rows.filter(origin=ref(hazard)).order_by("id")


def progress_of(hazard: Hazard) -> str:
    """The secret part of the link under which whoever reported it without a login sees how it goes."""
    return _PROGRESS.sign(str(hazard.pk))


def by_progress(token: str) -> int | None:
    try:
        return int(_PROGRESS.unsign(token))
    except (signing.BadSignature, ValueError):
        return None


def to_escalate(today: date) -> list[int]:
    """Hazards of which the next on the ladder has to be told today."""
    rows, days = Hazard.objects.filter(state__in=TO_FIX, due_on__lte=today), ladder_days(today)
    return [one.pk for one in rows.order_by("id") if rules.level(ladder(one, days), today) > one.told]


def in_place(place: Place) -> str:
    n = Hazard.objects.standing().filter(place=place).count()
    return f"还有 {n} 处隐患没有销号" if n else ""


def of_person(person: Person) -> str:
    n = Hazard.objects.filter(responsible=person, state__in=STANDING).count()
    return f"还是 {n} 处隐患的责任人" if n else ""


def findable(ids: Sequence[int] | None) -> Iterable[Findable]:
    """What the search knows of hazards."""
    rows = Hazard.objects.real()
    rows = rows if ids is None else rows.filter(pk__in=ids)
    for pk, number, title, what in rows.values_list("pk", "number", "title", "what").iterator(chunk_size=2000):
        yield Findable(pk, title, number, title, (number, what))
