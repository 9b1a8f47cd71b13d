"""Things change hands: a slip is drawn up, both sides sign it, the register follows; what was lent comes back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Q

from zongwu.assets import counting, steps
from zongwu.assets.models import AT_HAND, Asset, Condition, Handover, HandoverLine, Placement, State
from zongwu.kernel import notify, numbering
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.approvals import submitting
from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing, Refused
from zongwu.school.models import Department, Place

HAND = "assets.hand_out"
Form = Handover.Form
MOST = 500
SERIES = {Form.ISSUE: "LY", Form.LOAN: "JY", Form.TRANSFER: "DB", Form.LEAVE: "YJ"}


@create_action(Handover, label="开交接单", permission=HAND, icon="user-share", starts_from=("asset",), narrows=True)
def draw_handover(
    ctx: Ctx, *, form: str, receiver: Person, assets: Sequence[Asset] = (), giver: Person | None = None, room: Place | None = None,
    to_place: Place | None = None, to_department: Department | None = None, witness: Person | None = None, due_on: date | None = None,
    reason: str = "",
) -> Handover:  # fmt: skip
    """A slip for the chosen things; without a choice, everything in somebody's charge or in a room (一人或一室一张单).

    Nothing changes in the register before it is signed.

    :raises Refused: lent out, waiting for disposal, being counted, or on another slip.
    """
    if ctx.person is None:
        raise Refused("交接单要由人来开。")
    wrong = _wrong(ctx, form, receiver, giver, to_department, witness, due_on)
    if wrong:
        raise Refused(fields=wrong)
    cards = _chosen(ctx, [asset.pk for asset in assets], giver if form == Form.LEAVE else None, room)
    departments = {card.department_id for card in cards}
    handover = Handover(
        school=ctx.school, number=numbering.take(ctx.school.pk, SERIES[Form(form)], ctx.today.year)[0], applicant=ctx.person, applied_on=ctx.today,
        form=form, receiver=receiver, giver=giver, witness=witness, to_place=to_place, to_department=to_department, due_on=due_on if form == Form.LOAN else None,
        from_department_id=departments.pop() if len(departments) == 1 else None, reason=reason, cards=len(cards),
    )  # fmt: skip
    if form == Form.TRANSFER and handover.from_department_id is None:
        raise Refused(fields={"assets": "一张调拨单只能从一个部门调出，请分部门开。"})
    if form == Form.TRANSFER and handover.from_department_id == handover.to_department_id:
        raise Refused(fields={"to_department": "这些东西本来就在这个部门，换房间请用「调拨」。"})
    first = min(cards, key=lambda card: card.number).name
    handover.title = f"{receiver} {handover.get_form_display()}{first}{f'等 {len(cards)} 张' if len(cards) > 1 else ''}"
    handover.save()
    HandoverLine.objects.bulk_create(
        HandoverLine(
            school=ctx.school, handover=handover, asset=card, seq=seq, state_before=card.state, place_before_id=card.place_id, user_before_id=card.user_id,
        )
        for seq, card in enumerate(sorted(cards, key=lambda card: card.number), start=1)
    )  # fmt: skip
    ctx.journal(
        handover, "handover.drawn", form=form, to=receiver, cards=len(cards), also=[(receiver, "receiver"), (giver, "giver"), *((card, "listed") for card in cards)],
        detail={"用途或原因": reason},
    )  # fmt: skip
    return handover


def _wrong(
    ctx: Ctx,
    form: str,
    receiver: Person,
    giver: Person | None,
    to_department: Department | None,
    witness: Person | None,
    due_on: date | None,
) -> dict[str, str]:
    wrong = {}
    if form not in Form.values:
        wrong["form"] = "请选领用、借用、部门调拨或保管移交。"
    if form == Form.LOAN and (due_on is None or due_on < ctx.today):
        wrong["due_on"] = "借用要填归还期限，不能早于今天。"
    if form == Form.TRANSFER and to_department is None:
        wrong["to_department"] = "部门调拨要填移入部门。"
    if form == Form.LEAVE:
        if giver is None:
            wrong["giver"] = "保管移交要填移交人。"
        elif giver.pk == receiver.pk:
            wrong["receiver"] = "移交人和接收人不能是同一个人。"
        if witness is None:
            wrong["witness"] = "保管移交要有监交人。"
        elif witness.pk in (receiver.pk, giver.pk if giver else 0):
            wrong["witness"] = "监交人不能是交接双方。"
    return wrong


def _chosen(ctx: Ctx, ids: Sequence[int], giver: Person | None, room: Place | None) -> list[Asset]:
    """The cards, locked, all of them within this person's range."""
    rows = Asset.objects.visible_to(ctx).within(ctx, HAND).on_books()
    if ids:
        rows = rows.filter(pk__in=ids)
    elif room is not None:
        rows = rows.filter(place__in=Place.objects.under(room).values("pk"))
    elif giver is not None:
        rows = rows.filter(Q(custodian=giver) | Q(user=giver) | Q(responsible=giver))
    else:
        raise Refused(fields={"assets": "请选要交接的资产，或者填移交人、房间，把名下的一次交完。"})
    cards: list[Asset] = list(rows.select_for_update(of=("self",)).order_by("pk")[: MOST + 1])
    if not cards:
        raise Refused(fields={"assets": "没有能交接的资产。"})
    if len(cards) > MOST:
        raise Refused(f"一张单子最多 {MOST} 张卡片，请分几张。")
    if ids and len(cards) != len(set(ids)):
        raise Missing("选中的资产里有找不到的，可能已作废，或不归您办；什么也没有写。请回到台账重新选。")
    free(cards)
    return cards


def free(cards: Sequence[Asset], but: Handover | None = None) -> None:
    """:raises Refused: what is not here, on another slip, or on its way into a room or out of it, each by its number."""
    live = (*Handover.OPEN_STATES, DocumentState.RUNNING)
    slips = HandoverLine.objects.filter(asset__in=cards, handover__state__in=live).exclude(handover=but)
    listed = dict(slips.values_list("asset_id", "handover__number"))
    for role in ("asset", "old"):
        listed |= dict(Placement.objects.open().filter(**{f"{role}__in": cards}).values_list(role, "rollout__number"))
    problems = [
        f"{card} 已经在 {listed[card.pk]} 上。"
        if card.pk in listed
        else f"{card} 现在是{card.get_state_display()}，先办完那件事。"
        for card in cards
        if card.pk in listed or card.state not in AT_HAND
    ]
    if problems:
        raise Refused(*problems[:10])


@action(
    Handover,
    label="送签",
    permission=HAND,
    available=submitting.may_change,
    refusal="{row} 已经送签了。",
    icon="send",
    primary=True,
)
def submit_handover(ctx: Ctx, handover: Handover, *, signature: str = "", device: str = "") -> Handover:
    """Send the slip to those who sign it."""
    submitting.own(ctx, handover)
    cards = list(Asset.objects.filter(handover_lines__handover=handover).select_for_update(of=("self",)).order_by("pk"))
    free(cards, handover)
    counting.refuse_while_counted(cards)
    case = submitting.begin(ctx, handover, signature=signature, device=device)
    ctx.journal(
        handover,
        "handover.submitted",
        route=case.route,
        cards=handover.cards,
        content=case.hash,
        also=[(case, "case"), (handover.receiver, "receiver")],
    )
    return handover


@action(Handover, label="作废", permission=HAND, available=submitting.may_change, refusal="{row} 已经送签，要作废请先撤回。", icon="ban",
        confirm="作废后这张单子不再办。")  # fmt: skip
def drop_handover(ctx: Ctx, handover: Handover, *, reason: str = "") -> Handover:
    """Give up a slip. The number stays used."""
    submitting.give_up(ctx, handover)
    ctx.journal(handover, "handover.dropped", detail={"原因": reason})
    return handover


def out(handover: Handover) -> bool:
    return (
        handover.form == Form.LOAN
        and handover.state == DocumentState.APPROVED
        and handover.lines.filter(returned_on=None).exists()
    )


@action(
    Handover,
    label="归还",
    permission="assets.take_back",
    available=out,
    refusal="{row} 没有还在外面的东西。",
    icon="arrow-back-up",
    primary=True,
)
def return_loan(
    ctx: Ctx, handover: Handover, *, on: date, condition: str, assets: Sequence[Asset] = (), note: str = ""
) -> Handover:
    """What was lent comes back, all or some of it, each thing to where it stood before; its condition is noted.

    :raises Refused: a day before it went out, broken without a word on how, or something that is not out.
    """
    lines = list(handover.lines.filter(returned_on=None).select_related("asset").order_by("asset_id"))
    if assets:
        wanted = {asset.pk for asset in assets}
        if wanted - {line.asset_id for line in lines}:
            raise Refused(fields={"assets": "选中的里面有不在这张借用单上、或者已经还了的。"})
        lines = [line for line in lines if line.asset_id in wanted]
    if condition == Condition.BROKEN and not note.strip():
        raise Refused(fields={"note": "坏了的要写明坏在哪里，赔偿和报修都看这一句。"})
    cards = {
        card.pk: card
        for card in Asset.objects.filter(pk__in=[line.asset_id for line in lines])
        .select_for_update(of=("self",))
        .order_by("pk")
    }
    for line in lines:
        card = cards[line.asset_id]
        steps.turn(
            ctx,
            card,
            on,
            state=line.state_before or State.IN_USE,
            place_id=line.place_before_id,
            user_id=line.user_before_id,
        )
        if card.condition != condition:
            card.condition = condition
            card.save(update_fields=["condition"])
    handover.lines.filter(pk__in=[line.pk for line in lines]).update(
        returned_on=on, condition=condition, note=note[:100]
    )
    ctx.journal(
        handover, "handover.returned", on=on, cards=len(lines), condition=condition, also=[(card, "returned") for card in cards.values()], detail={"说明": note},
    )  # fmt: skip
    notify.tell(ctx, [handover.receiver], f"{handover} 已归还 {len(lines)} 张。", handover)
    return handover


@action(
    Handover,
    label="续借",
    permission="assets.take_back",
    available=out,
    refusal="{row} 没有还在外面的东西。",
    icon="calendar",
)
def renew_loan(ctx: Ctx, handover: Handover, *, due_on: date, reason: str = "") -> Handover:
    """Another day by which it is due; the earlier one stays in the history."""
    if handover.due_on is not None and due_on <= handover.due_on:
        raise Refused(fields={"due_on": f"新期限要晚于原来的 {handover.due_on}。"})
    old, handover.due_on = handover.due_on, due_on
    handover.save(update_fields=["due_on"])
    ctx.journal(handover, "handover.renewed", due_on=due_on, change={"due_on": [old, due_on]}, detail={"原因": reason})
    return handover
