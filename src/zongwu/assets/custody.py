"""What stands in a room, who answers for it, and the step by which a room is accepted back at the end of a term."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Q, QuerySet

from zongwu.assets import steps
from zongwu.assets.models import Agreement, Asset, AssetSpell, Damage, Finding, RoomCheck, State
from zongwu.assets.rules import CENT
from zongwu.kernel.actions import step
from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.school.models import Place

STANDING = (State.IN_USE, State.IDLE)


def standing(*places: Any) -> QuerySet[Any]:
    """What should stand in these rooms; what is lent out, under repair or waiting for disposal is not asked for."""
    rows: QuerySet[Any] = Asset.objects.on_books().filter(place__in=places, state__in=STANDING)
    return rows.order_by("number")


def agreement_of(place: Place) -> Agreement | None:
    """The one in force for a room."""
    rows = Agreement.objects.in_force().filter(place=place).select_related("keeper", "head", "school_class")
    found: Agreement | None = rows.order_by("-id").first()
    return found


def pupils_first(ctx: Ctx, agreement: Agreement) -> None:
    """:raises Refused: whoever answers for a class signs before a pupil has."""
    keeper = ctx.person is not None and ctx.person.pk == agreement.keeper_id
    if agreement.school_class_id is not None and keeper and not agreement.pupils_ink:
        raise Refused("学生代表还没有签：先点「学生代表签名」，请他签上名字，您再签。")


@step
def put_in_charge(ctx: Ctx, agreement: Agreement) -> None:
    """Everybody has signed: the register says from today who answers for each of the things (责任人)."""
    rows = Asset.objects.filter(pk__in=agreement.lines.values("asset"), place=agreement.place_id)
    found = rows.exclude(responsible=agreement.keeper_id) | rows.filter(responsible=None)
    cards = list(found.select_for_update(of=("self",)).order_by("pk"))
    for card in cards:
        card.responsible_id = agreement.keeper_id
    Asset.objects.bulk_update(cards, ["responsible"], batch_size=500)
    steps.turn_many(
        ctx, cards, {one.asset_id: one for one in AssetSpell.objects.filter(asset__in=cards, until_on=None)}
    )
    ctx.touch(cards, "in_charge")


@step
def accept_back(ctx: Ctx, check: RoomCheck) -> None:
    """The last signature of the acceptance: what is lost is reckoned, and nobody answers any more.

    The loss is the value of what is missing, and the price of what the class damaged in the time and was settled.
    """
    agreement = Agreement.objects.select_for_update(of=("self",)).get(pk=check.agreement_id)
    missing = list(check.findings.filter(how=Finding.How.MISSING).select_related("asset"))
    gone = {one.asset_id for one in missing}
    damaged = _damaged(agreement).exclude(asset__in=gone)
    agreement.missing, agreement.accepted_on = len(missing), ctx.today
    agreement.loss = sum(map(_worth, missing), sum(damaged.values_list("full", flat=True), Decimal(0)))
    agreement.save(update_fields=["missing", "loss", "accepted_on"])
    agreement.lines.filter(Q(asset__in=gone) | Q(asset__in=damaged.values("asset"))).update(lost=True)
    ctx.touch([agreement], "accepted")


def _worth(finding: Finding) -> Decimal:
    card = finding.asset
    return Decimal(card.value * finding.quantity / card.quantity).quantize(CENT) if card.quantity else Decimal(0)


def _damaged(agreement: Agreement) -> QuerySet[Any]:
    """What the class damaged while it answered for the room; wear is nobody's."""
    rows: QuerySet[Any] = Damage.objects.filter(state=DocumentState.APPROVED, happened_on__gte=agreement.applied_on)
    mine = Q(payer_class=agreement.school_class_id) if agreement.school_class_id else Q(pk__in=())
    return rows.filter(mine).exclude(cause=Damage.Cause.WEAR)
