"""A storeroom is counted: the books are frozen, what lies there is written down, and differences are booked once they are approved."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from zongwu.kernel import numbering
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.approvals import submitting
from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.school.models import Place
from zongwu.stores.actions.slips import RECEIVE
from zongwu.stores.models import Balance, StockCount, StockCountLine
from zongwu.stores.steps import Line

COUNT = RECEIVE


@create_action(StockCount, label="开始盘点", permission=COUNT, icon="clipboard-check", primary=True)
def begin_count(ctx: Ctx, *, place: Place, blind: bool = True) -> StockCount:
    """List what the books say lies in a storeroom.

    :raises Refused: no storeroom, nothing in it, or it is being counted already.
    """
    if ctx.person is None:
        raise Refused("盘点要由人来办。")
    if not place.is_storeroom:
        raise Refused(fields={"place": f"{place} 不是库房。"})
    if StockCount.objects.filter(place=place, state__in=(*StockCount.OPEN_STATES, DocumentState.RUNNING)).exists():
        raise Refused(fields={"place": f"{place} 正在盘点，先办完那一次。"})
    lying = list(
        Balance.objects.lying()
        .filter(place=place)
        .select_related("item")
        .order_by("item__shelf", "item__pinyin", "lot")
    )
    if not lying:
        raise Refused(fields={"place": f"{place} 里账上什么也没有。"})
    count = StockCount(
        school=ctx.school, number=numbering.take(ctx.school.pk, "KP", ctx.today.year)[0], applicant=ctx.person, applied_on=ctx.today, place=place, blind=blind,
        kinds=len(lying), title=f"{place} {ctx.today:%Y 年 %m 月}盘点",
    )  # fmt: skip
    count.save()
    StockCountLine.objects.bulk_create(
        StockCountLine(school=ctx.school, count=count, seq=seq, item=one.item, lot=one.lot, book=one.quantity)
        for seq, one in enumerate(lying, start=1)
    )
    ctx.journal(count, "stock.count_begun", kinds=len(lying), also=[(place, "place")])
    return count


def _now(count: StockCount, items: Iterable[int]) -> dict[tuple[int, str], Decimal]:
    """(item, batch) → what the books have of it at this moment; it stays so until what was counted is written."""
    return {(one.item_id, one.lot): one.quantity for one in Balance.objects.locked(items, count.place)}


@action(
    StockCount,
    label="填实盘数",
    permission=COUNT,
    icon="edit",
    primary=True,
    available=submitting.may_change,
    refusal="{row} 已经交上去了。",
)
def enter_counts(ctx: Ctx, count: StockCount, *, counted: Mapping[int, tuple[Decimal, str]]) -> StockCount:
    """How many of each lie there (line → pieces, and why where it differs). May be done shelf by shelf: the books are read as
    each is written down, so that what was handed out before is no difference, and what moves afterwards is not lost."""
    known = {line.pk: line for line in count.lines.all()}
    now = _now(count, (line.item_id for line in known.values()))
    changed = [pk for pk, said in counted.items() if pk in known and (known[pk].counted, known[pk].reason) != said]
    if not changed:
        raise Refused("没有改动：填的和现在一样。")
    for pk in changed:
        known[pk].counted, known[pk].reason = counted[pk][0], counted[pk][1][:60]
        known[pk].book = now.get((known[pk].item_id, known[pk].lot), Decimal(0))  # what lies there as it is counted
    StockCountLine.objects.bulk_update([known[pk] for pk in changed], ["counted", "reason", "book"], batch_size=300)
    ctx.journal(count, "stock.counted", kinds=len(changed))
    return count


@action(
    StockCount,
    label="添表上没有的",
    permission=COUNT,
    icon="plus",
    available=submitting.may_change,
    refusal="{row} 已经交上去了。",
)
def add_found(ctx: Ctx, count: StockCount, *, lines: Sequence[Line]) -> StockCount:
    """What lies there though the list does not name it: all of it that the books do not have is a difference.

    :raises Refused: the list names it already, it stands twice, or nobody says why.
    """
    listed = set(count.lines.values_list("item", "lot"))
    problems = []
    for line in lines:
        if (line.item.pk, line.lot) in listed:
            problems.append(f"{line.item} 表上已经有了，请在「填实盘数」里写。")
        if not line.note:
            problems.append(f"{line.item} 没有写为什么账上没有。")
        listed.add((line.item.pk, line.lot))
    if problems:
        raise Refused(*problems[:10])
    now = _now(count, (line.item.pk for line in lines))
    StockCountLine.objects.bulk_create(
        StockCountLine(
            school=ctx.school, count=count, seq=seq, item=line.item, lot=line.lot, book=now.get((line.item.pk, line.lot), Decimal(0)), counted=line.quantity,
            reason=line.note,
        )
        for seq, line in enumerate(lines, start=count.kinds + 1)
    )  # fmt: skip
    count.kinds += len(lines)
    count.save(update_fields=["kinds"])
    ctx.journal(count, "stock.count_found", kinds=len(lines))
    return count


@action(
    StockCount,
    label="交盘点结果",
    permission=COUNT,
    icon="send",
    primary=True,
    available=submitting.may_change,
    refusal="{row} 已经交上去了。",
)
def submit_count(ctx: Ctx, count: StockCount, *, signature: str = "", device: str = "") -> StockCount:
    """Send the result to those who sign it.

    :raises Refused: something was not counted, or a difference has no reason.
    """
    submitting.own(ctx, count)
    lines = list(count.lines.select_related("item").order_by("seq"))
    problems = []
    if missing := [str(line) for line in lines if line.counted is None]:
        problems.append(f"还有 {len(missing)} 种没有盘：{'、'.join(missing[:5])}。")
    if silent := [str(line) for line in lines if line.difference and not line.reason]:
        problems.append(f"和账上不一样、没有写原因的：{'、'.join(silent[:5])}。")
    if problems:
        raise Refused(*problems)
    count.wrong = sum(bool(line.difference) for line in lines)
    count.save(update_fields=["wrong"])
    case = submitting.begin(ctx, count, signature=signature, device=device)
    ctx.journal(
        count, "stock.count_submitted", kinds=count.kinds, wrong=count.wrong, content=case.hash, also=[(case, "case")]
    )
    return count


@action(StockCount, label="作废", permission=COUNT, icon="ban", available=submitting.may_change, refusal="{row} 已经交上去了，要作废请先撤回。",
        confirm="作废后这次盘点不算，账不动。")  # fmt: skip
def drop_count(ctx: Ctx, count: StockCount) -> StockCount:
    """Give up a count."""
    submitting.give_up(ctx, count)
    ctx.journal(count, "stock.count_dropped")
    return count
