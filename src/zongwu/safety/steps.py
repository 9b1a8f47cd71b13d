"""Writes of safety that more than one door needs."""

from __future__ import annotations

from typing import Any

from zongwu.checks.models import Area, Finding
from zongwu.kernel import attachments, memberships, notify, numbering
from zongwu.kernel.actions import step
from zongwu.kernel.attachments import Attachment, Kept
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.safety import queries, rules
from zongwu.safety.models import Field, Grade, Hazard, Shot, Source
from zongwu.school.models import Place

SERIES = "YH"
FIELDS = {Area.FIRE: Field.FIRE, Area.POWER: Field.UTILITY, Area.CANTEEN: Field.FOOD, Area.DORM: Field.BUILDING}
"""What a list of inspections is about → in which field its hazards are kept; of others the words tell."""


@step
def open_hazard(ctx: Ctx, place: Place, field: str, what: str, grade: str, **more: Any) -> Hazard:
    """A hazard that nobody answers for yet. One that came back is tied to the earlier one; of a major one the principal is told at once."""
    spot, basis = more.get("spot", ""), more.get("basis", "")
    grade = Grade.MAJOR if rules.is_direct(basis) else grade
    seat = f"{place} {spot}".strip()
    hazard: Hazard = Hazard.objects.create(
        school=ctx.school, number=numbering.take(ctx.school.pk, SERIES, ctx.today.year)[0], title=f"{seat}：{what}"[:120], place=place, field=field,
        what=what, grade=grade, again_of=queries.earlier(place, field, spot, what, ctx.today),
        **{"finder": ctx.person, "found_at": ctx.now, "found_on": ctx.today, "due_on": queries.due_on(grade, ctx.today)} | more,
    )  # fmt: skip
    if grade == Grade.MAJOR:
        notify.tell(ctx, memberships.holders(queries.OVERSEE, ctx.today), f"重大隐患：{hazard.title}", hazard)
    else:
        notify.tell(ctx, memberships.holders(queries.ASSIGN, ctx.today), f"新的隐患：{hazard.title}", hazard)
    return hazard


@step
def hang_shot(ctx: Ctx, hazard: Hazard, photo: Kept | Attachment | None, moment: str) -> None:
    """A photograph of one of the three moments: a new one, or one that hangs on the hazard already."""
    if photo is None:
        return
    paper = attachments.hang(hazard, photo, ctx.now) if isinstance(photo, Kept) else photo
    Shot.objects.create(
        school_id=hazard.school_id, hazard=hazard, paper=paper, moment=moment, person=ctx.person, on=ctx.today
    )


def _from_finding(ctx: Ctx, finding: Finding, grade: str) -> Hazard:
    """What an inspection found becomes a hazard at its point, with its photographs; the one that is known already stays one.

    :raises Refused: the whole school was looked through, so nobody knows where.
    """
    point, listed = finding.round.point, finding.round.checklist
    if point is None:
        raise Refused(f"「{finding.item}」没有点位，不知道在哪里；请选别的处理，再到「隐患」里登记地点。")
    spot = point.name[:40] if point.name != point.place.name else ""
    what = f"{finding.item} {finding.said}".strip()
    field = FIELDS.get(Area(listed.area)) or Field(rules.field_of(what))
    place = Place.objects.select_for_update(no_key=True).get(pk=point.place_id)  # whoever reports the same waits
    hazard = Hazard.objects.standing().filter(place=place, field=field, spot=spot, what=what).order_by("-id").first()
    if hazard is None:
        round_, on = finding.round, finding.on
        hazard = open_hazard(
            ctx, place, field, what, grade, spot=spot, source=Source.CHECK, finder=round_.person, found_at=round_.at, found_on=on, due_on=queries.due_on(grade, on),
        )  # fmt: skip
    for paper in attachments.share(finding, hazard, ctx.now):
        hang_shot(ctx, hazard, paper, Shot.Moment.BEFORE)
    return hazard  # type: ignore[no-any-return]


@step
def general_from(ctx: Ctx, finding: Finding) -> Hazard:
    """An ordinary hazard out of a finding."""
    return _from_finding(ctx, finding, Grade.GENERAL)


@step
def major_from(ctx: Ctx, finding: Finding) -> Hazard:
    """A major hazard out of a finding."""
    return _from_finding(ctx, finding, Grade.MAJOR)
