"""Somebody asks for a thing: first he is told what stands idle elsewhere, then the office answers."""

from __future__ import annotations

from decimal import Decimal

from zongwu.assets import queries
from zongwu.assets.models import Handover, ItemRequest
from zongwu.kernel import notify, numbering
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.school.models import Department


@create_action(
    ItemRequest, label="申请", permission="assets.ask_for_item", icon="hand-move", primary=True, narrows=True
)
def ask_for_item(
    ctx: Ctx, *, what: str, reason: str, quantity: Decimal = Decimal(1), confirmed: bool = False
) -> ItemRequest:
    """Ask the office for something.

    :raises NeedsConfirmation: things of that name stand idle; where, and how many.
    """
    if ctx.person is None:
        raise Refused("要东西要由人来申请。")
    if quantity <= 0:
        raise Refused(fields={"quantity": "数量要大于 0。"})
    told = queries.idle_in_words(what)
    if told and not confirmed:
        raise NeedsConfirmation(
            f"学校里有闲置的：{told}。可以先用这些，勾上再交，总务处从里面调；不合适的，在用途里写明为什么。"
        )
    row: ItemRequest = ItemRequest.objects.create(
        school=ctx.school, number=numbering.take(ctx.school.pk, "SQ", ctx.today.year)[0], what=what, quantity=quantity, reason=reason, asked_by=ctx.person,
        department=Department.objects.filter(pk__in=ctx.departments).order_by("pinyin").first(), asked_on=ctx.today, told=told[:300],
    )  # fmt: skip
    ctx.journal(
        row,
        "item.asked",
        idle=bool(told),
        also=[(row.department, "department")],
        detail={"要什么": what, "用途": reason},
    )
    return row


def waiting(row: ItemRequest) -> bool:
    return row.answered_on is None


@action(ItemRequest, label="答复", permission="assets.answer_request", icon="check", primary=True, available=waiting, refusal="{row} 已经答复过了。")  # fmt: skip
def answer_request(ctx: Ctx, row: ItemRequest, *, answer: str, handover: Handover | None = None) -> ItemRequest:
    """What becomes of it: a slip by which it is handed out, or why there is none."""
    if ctx.person is not None and ctx.person.pk == row.asked_by_id:
        raise Refused("自己要的请别人来答复。")
    row.answered_on, row.answer, row.handover = ctx.today, answer, handover
    row.save(update_fields=["answered_on", "answer", "handover"])
    lines = handover.lines.select_related("asset") if handover else ()
    ctx.journal(
        row, "item.answered", on=ctx.today, handover=handover, also=[(handover, "handover"), *((line.asset, "asked_for") for line in lines)],
        detail={"答复": answer},
    )  # fmt: skip
    notify.tell(ctx, [row.asked_by], f"您要的「{row.what}」有答复了：{answer}", row)
    return row
