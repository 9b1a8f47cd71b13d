"""What stands in a room, who answers for it, and the step by which a room is accepted back at the end of a term."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet, Sum

from zongwu.assets import steps
from zongwu.assets.models import AT_HAND, Agreement, Asset, Damage, Finding, RoomCheck
from zongwu.assets.rules import part
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import step
from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.school.models import Place, SchoolClass

KEEP = "assets.keep_room"


def standing(*places: Any) -> QuerySet[Any]:
    """What should stand in these rooms; what is lent out, under repair or waiting for disposal is not asked for."""
    rows: QuerySet[Any] = Asset.objects.on_books().filter(place__in=places, state__in=AT_HAND)
    return rows.order_by("number")


def agreement_of(place: Place) -> Agreement | None:
    """The one in force for a room."""
    rows = (
        Agreement.objects.in_force().filter(place=place).select_related("applicant", "keeper", "head", "school_class")
    )
    found: Agreement | None = rows.first()
    return found


def answering(place: Place, school_class: SchoolClass | None) -> Person | None:
    """Whoever answers for a room, as long as he is at the school: the teacher of its class, else its keeper."""
    people = (school_class.teacher if school_class else None, place.keeper)
    return next((one for one in people if one is not None and one.left_on is None), None)


def answers_for(ctx: Ctx, place: Place) -> bool:
    """Whether this person may look the room through: it is his, or he may do so everywhere."""
    if "school" in ctx.spans(KEEP):
        return True
    if ctx.person is None or not ctx.may(KEEP):
        return False
    mine = Q(keeper=ctx.person) | Q(classes__teacher=ctx.person, classes__closed_on=None)
    agreed = Agreement.objects.in_force().filter(place=place).filter(Q(keeper=ctx.person) | Q(head=ctx.person))
    return bool(Place.objects.filter(mine, pk=place.pk).exists() or agreed.exists())


def pupils_sign(agreement: Agreement) -> bool:
    """Whether a pupil signs: not where there is no class, or none any more."""
    return agreement.school_class is not None and agreement.school_class.closed_on is None


def pupils_first(ctx: Ctx, agreement: Agreement) -> None:
    """:raises Refused: whoever answers for a class, or his deputy, signs before a pupil has."""
    gives = ctx.person is not None and ctx.person.pk == agreement.applicant_id
    if pupils_sign(agreement) and not gives and not agreement.pupils_ink:
        raise Refused("学生代表还没有签：回到这份责任书，先点上面的「请学生代表签名」，您再签。")


@step
def put_in_charge(ctx: Ctx, agreement: Agreement) -> None:
    """Everybody has signed: the register says from today who answers for each of the things (责任人)."""
    rows = Asset.objects.on_books().filter(pk__in=agreement.lines.values("asset"), place=agreement.place_id)
    cards = list(rows.exclude(responsible=agreement.keeper_id).select_for_update(of=("self",)).order_by("pk"))
    for card in cards:
        card.responsible_id = agreement.keeper_id
    Asset.objects.bulk_update(cards, ["responsible"], batch_size=500)
    steps.turn_many(ctx, cards)
    ctx.touch(cards, "in_charge")


@step
def accept_back(ctx: Ctx, check: RoomCheck) -> None:
    """The last signature of the acceptance: what is lost is reckoned, and the agreement is over.

    The loss is the value of what is missing of the list, and the price of what was damaged meanwhile by whoever answered;
    what came into the room later came with papers of its own.
    """
    rows = Agreement.objects.select_related("school_class").select_for_update(of=("self",))
    agreement = rows.get(pk=check.agreement_id)
    listed = agreement.lines.values("asset")
    missing = list(check.findings.filter(how=Finding.How.MISSING, asset__in=listed).select_related("asset"))
    gone = {one.asset_id for one in missing}
    damaged = _damaged(agreement, ctx.today).exclude(cause=Damage.Cause.LOST, asset__in=gone)
    worth = sum((part(one.asset.value, one.quantity, one.asset.quantity) for one in missing), Decimal(0))
    lacking = agreement.lines.filter(Q(asset__in=gone) | Q(asset__in=damaged.values("asset")))
    agreement.missing, agreement.accepted_on = lacking.update(lost=True), ctx.today
    agreement.loss = worth + damaged.aggregate(total=Sum("full", default=Decimal(0)))["total"]
    agreement.save(update_fields=["missing", "loss", "accepted_on"])
    ctx.touch([agreement], "accepted")


def _damaged(agreement: Agreement, until: date) -> QuerySet[Any]:
    """What whoever answered damaged in the time: of the list, or such as panes that are on none. Wear is nobody's."""
    who = Q(payer_class=agreement.school_class_id) if agreement.school_class_id else Q(payer=agreement.keeper_id)
    what = Q(asset__in=agreement.lines.values("asset"))
    if agreement.school_class is not None and agreement.school_class.room_id == agreement.place_id:
        what |= Q(asset=None)  # of two rooms of one class, with the one that is its own
    rows: QuerySet[Any] = Damage.objects.filter(who, what, state=DocumentState.APPROVED)
    return rows.filter(happened_on__range=(agreement.applied_on, until)).exclude(cause=Damage.Cause.WEAR)
