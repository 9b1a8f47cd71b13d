"""Things leave the register: a list is drawn up, goes its way, and is struck off with the last signature."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from zongwu.assets import counting, routes, steps
from zongwu.assets.models import Asset, Disposal, DisposalLine, State
from zongwu.kernel import numbering
from zongwu.kernel.accounts import Person
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.amounts import to_fen
from zongwu.kernel.approvals import submitting
from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing, NeedsConfirmation, Refused

APPLY = "assets.apply_disposal"
SERIES = "BF"
MOST = 500


@create_action(Disposal, label="申请处置", permission=APPLY, icon="recycle", starts_from=("asset",), narrows=True)
def apply_disposal(
    ctx: Ctx, *, assets: Sequence[Asset], form: str, reason: str, appraiser: Person | None = None,
    second_appraiser: Person | None = None, receiver: str = "", confirmed: bool = False,
) -> Disposal:  # fmt: skip
    """A draft with its list. Nothing changes in the register before it is submitted.

    :raises Refused: lent out, on another list, or struck off already.
    :raises NeedsConfirmation: not past its life yet: early scrapping has to be explained.
    """
    if ctx.person is None:
        raise Refused("处置要由人来申请，系统不能代申请。")
    cards = _chosen(ctx, [asset.pk for asset in assets], confirmed=confirmed or form != Disposal.Form.SCRAP)
    disposal = Disposal(
        school=ctx.school, number=numbering.take(ctx.school.pk, SERIES, ctx.today.year)[0], applicant=ctx.person,
        applied_on=ctx.today, form=form, reason=reason, appraiser=appraiser, second_appraiser=second_appraiser, receiver=receiver,
    )  # fmt: skip
    _list(disposal, cards)
    ctx.journal(
        disposal, "disposal.drafted", form=form, cards=disposal.cards, value_fen=to_fen(disposal.value),
        also=[(card, "listed") for card in cards], detail={"原因": reason},
    )  # fmt: skip
    return disposal


@action(
    Disposal,
    label="改申请",
    permission=APPLY,
    available=submitting.may_change,
    refusal="{row} 已经交上去了，要改请先撤回。",
    icon="edit",
)
def revise_disposal(
    ctx: Ctx, disposal: Disposal, *, assets: Sequence[Asset], form: str, reason: str, appraiser: Person | None = None,
    second_appraiser: Person | None = None, receiver: str = "", confirmed: bool = False,
) -> Disposal:  # fmt: skip
    """Another list or other words, as long as it is a draft or was sent back."""
    submitting.own(ctx, disposal)
    ids = [asset.pk for asset in assets]
    cards = _chosen(ctx, ids, but=disposal, confirmed=confirmed or form != Disposal.Form.SCRAP)
    steps.release(ctx, disposal, keep=ids)
    before = disposal.cards
    disposal.form, disposal.reason, disposal.receiver = form, reason, receiver
    disposal.appraiser, disposal.second_appraiser = appraiser, second_appraiser
    _list(disposal, cards)
    ctx.journal(
        disposal, "disposal.revised", form=form, cards=disposal.cards, value_fen=to_fen(disposal.value),
        change={"cards": [before, disposal.cards]}, also=[(card, "listed") for card in cards], detail={"原因": reason},
    )  # fmt: skip
    return disposal


@action(
    Disposal,
    label="提交审批",
    permission=APPLY,
    available=submitting.may_change,
    refusal="{row} 已经交上去了。",
    icon="send",
    primary=True,
)
def submit_disposal(ctx: Ctx, disposal: Disposal, *, signature: str = "", device: str = "") -> Disposal:
    """Freeze the list and send it on its way; the things on it wait for disposal from now on.

    :raises Refused: the large route asks for two appraisers, or something on the list is not free any more.
    """
    submitting.own(ctx, disposal)
    lines = list(disposal.lines.select_related("asset").order_by("asset_id"))
    if not lines:
        raise Refused("清单上一件东西也没有，请先从台账里选。")
    cards = list(
        Asset.objects.filter(pk__in=[line.asset_id for line in lines]).select_for_update(of=("self",)).order_by("pk")
    )
    _free(cards, disposal)
    counting.refuse_while_counted(cards)
    _list(disposal, cards)  # what the books say today decides the way
    if routes.is_large(disposal, ctx.today) and not (disposal.appraiser_id and disposal.second_appraiser_id):
        raise Refused("达到大额标准的处置要两个人鉴定，请在「改申请」里填上鉴定人和第二鉴定人。")
    if disposal.appraiser_id and disposal.appraiser_id == disposal.second_appraiser_id:
        raise Refused("两个鉴定人不能是同一个人，请在「改申请」里换一个。")
    disposal.applied_on = ctx.today
    disposal.save(update_fields=["applied_on"])
    steps.enter_state(ctx, cards, {card.pk: State.PENDING for card in cards})
    case = submitting.begin(ctx, disposal, signature=signature, device=device)
    ctx.journal(
        disposal, "disposal.submitted", route=case.route, cards=disposal.cards, value_fen=to_fen(disposal.value),
        content=case.hash, also=[(case, "case"), *((card, "held") for card in cards)],
    )  # fmt: skip
    return disposal


@action(Disposal, label="作废", permission=APPLY, available=submitting.may_change, refusal="{row} 已经交上去了，要作废请先撤回。", icon="ban",
        confirm="作废后这张申请不再办，清单上的东西回到原来的状况。")  # fmt: skip
def drop_disposal(ctx: Ctx, disposal: Disposal, *, reason: str = "") -> Disposal:
    """Give up a draft. The number stays used."""
    submitting.give_up(ctx, disposal)
    steps.release(ctx, disposal)
    ctx.journal(disposal, "disposal.dropped", detail={"原因": reason})
    return disposal


@action(Disposal, label="登记收入", permission="assets.settle_disposal", icon="coin", refusal="{row} 还没有核销，处置收入等核销以后再登记。",
        available=lambda disposal: disposal.state == DocumentState.APPROVED)  # fmt: skip
def settle_disposal(
    ctx: Ctx, disposal: Disposal, *, proceeds: Decimal, receipt_number: str, settled_on: date, receiver: str = ""
) -> Disposal:
    """What the things brought, and under which receipt it went to the treasury (条例 art. 25)."""
    if settled_on > ctx.today:
        raise Refused(fields={"settled_on": "日期不能在今天以后。"})
    disposal.proceeds, disposal.receipt_number, disposal.settled_on = proceeds, receipt_number, settled_on
    disposal.receiver = disposal.receiver or receiver  # a name that was signed stays
    disposal.save(update_fields=["proceeds", "receipt_number", "settled_on", "receiver"])
    ctx.journal(
        disposal,
        "disposal.settled",
        proceeds_fen=to_fen(proceeds),
        settled_on=settled_on,
        detail={"缴款凭证": receipt_number},
    )
    return disposal


def _chosen(ctx: Ctx, ids: Sequence[int], *, but: Disposal | None = None, confirmed: bool) -> list[Asset]:
    """The cards, locked, all of them this person's to dispose of."""
    if not ids:
        raise Refused(fields={"assets": "请选要处置的资产。"})
    if len(ids) > MOST:
        raise Refused(fields={"assets": f"一张申请最多 {MOST} 张卡片，请分几张。"})
    rows = Asset.objects.visible_to(ctx).within(ctx, APPLY).live().filter(pk__in=ids)
    cards: list[Asset] = list(rows.select_for_update(of=("self",)).order_by("pk"))
    if len(cards) != len(set(ids)):
        raise Missing("选中的资产里有找不到的，可能已作废，或不归您申请；什么也没有写。请回到台账重新选。")
    _free(cards, but)
    early = [card for card in cards if routes.too_early(card, ctx.today)]
    if early and not confirmed:
        some = "、".join(str(card) for card in early[:3])
        raise NeedsConfirmation(
            f"{some}{'等' if len(early) > 3 else ''} {len(early)} 件还没有到使用年限，提前报废要在原因里写清楚。请看过再交。"
        )
    return cards


def _free(cards: Sequence[Asset], but: Disposal | None) -> None:
    """:raises Refused: what is lent, struck off, or on another list, each by its number."""
    mine = set(but.lines.values_list("asset_id", flat=True)) if but else set()
    elsewhere = DisposalLine.objects.filter(
        asset__in=cards, disposal__state__in=(*Disposal.OPEN_STATES, DocumentState.RUNNING)
    )
    listed = dict(elsewhere.exclude(disposal=but).values_list("asset_id", "disposal__number"))
    problems = []
    for card in cards:
        if card.pk in listed:
            problems.append(f"{card} 已经在 {listed[card.pk]} 的清单上。")
        elif card.state == State.LENT:
            problems.append(f"{card} 借出去了，先收回来再处置。")
        elif card.state == State.DISPOSED:
            problems.append(f"{card} 已经处置过了。")
        elif card.state == State.PENDING and card.pk not in mine:
            problems.append(f"{card} 已经在待处置了。")
    if problems:
        raise Refused(*problems[:10], *([f"另有 {len(problems) - 10} 件也不行。"] if len(problems) > 10 else []))


def _list(disposal: Disposal, cards: Sequence[Asset]) -> None:
    """Write the document and its lines, with what the books say today. A line that stays keeps what was found."""
    known = {line.asset_id: line for line in disposal.lines.all()} if disposal.pk else {}
    departments = {card.department_id for card in cards}
    disposal.department_id = departments.pop() if len(departments) == 1 else None
    first = min(cards, key=lambda card: card.number).name
    disposal.title = (
        f"{first}等 {len(cards)} 张{disposal.get_form_display()}"
        if len(cards) > 1
        else f"{first}{disposal.get_form_display()}"
    )
    disposal.cards, disposal.value = len(cards), sum((card.value for card in cards), Decimal(0))
    disposal.save()
    disposal.lines.exclude(asset__in=cards).delete()
    lines = []
    for seq, card in enumerate(sorted(cards, key=lambda card: card.number), start=1):
        line = known.get(card.pk) or DisposalLine(school_id=disposal.school_id, disposal=disposal, asset=card)
        line.seq, line.value, line.accumulated = seq, card.value, card.accumulated
        if card.state != State.PENDING:  # what it goes back to
            line.state_before = card.state
        lines.append(line)
    DisposalLine.objects.bulk_create(line for line in lines if not line.pk)
    DisposalLine.objects.bulk_update(
        [line for line in lines if line.pk], ["seq", "value", "accumulated", "state_before"], batch_size=200
    )
