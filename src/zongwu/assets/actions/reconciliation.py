"""The register is held against the finance bureau's list; what differs stays as a record."""

from __future__ import annotations

from decimal import Decimal

from zongwu.assets.actions.cards import on_books
from zongwu.assets.models import Asset, Mismatch, Reconciliation
from zongwu.assets.reconciling import Card, CardList, Pair, compare
from zongwu.kernel import bulk, numbering
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused

RECONCILE = "assets.reconcile"
Result = Mismatch.Result
MOST = Decimal(10**13)


@create_action(Reconciliation, label="和财政卡片核对", permission=RECONCILE, icon="list-details", primary=True)
def reconcile_register(ctx: Ctx, *, file: CardList) -> Reconciliation:
    """Every card that is not the same on both sides becomes a line; what is the same is only counted.

    :raises Refused: the list is empty.
    """
    rows = file.rows
    if not rows:
        raise Refused("这张表上没有读到一张卡片，请换财政系统导出的卡片明细表。")
    total = sum((one.value or Decimal(0) for one in rows), Decimal(0))
    if total >= MOST:
        raise Refused("表上的原值加起来大得不像真的，请核对是元还是万元。")
    fields = ("pk", "number", "finance_number", "name", "quantity", "value")
    cards = [Card(*row) for row in Asset.objects.on_books().order_by("number").values_list(*fields)]
    made = Reconciliation(
        school=ctx.school, number=numbering.take(ctx.school.pk, "HD", ctx.today.year)[0], file_name=file.name[:160], made_on=ctx.today, made_by=ctx.person,
        ours=len(cards), theirs=len(rows), our_value=sum((card.value for card in cards), Decimal(0)),
        their_value=total, unread=file.unread,
    )  # fmt: skip
    pairs = list(compare(cards, rows))
    wrong = [pair for pair in pairs if not (pair.ours and pair.theirs and not pair.says)]
    results = [_result(pair) for pair in wrong]
    made.differ, made.only_here, made.only_there = (
        results.count(one) for one in (Result.DIFFERS, Result.HERE, Result.THERE)
    )
    made.same = len(pairs) - len(wrong)
    made.save()
    bulk.insert(
        Mismatch, ("school_id", "reconciliation_id", "result", "asset_id", "finance_number", "name", "quantity", "value", "says", "row", "outcome"),
        (_line(ctx, made, pair, result) for pair, result in zip(wrong, results, strict=True)),
    )  # fmt: skip
    ctx.journal(
        made, "register.reconciled", same=made.same, differ=made.differ, only_here=made.only_here, only_there=made.only_there, detail={"文件": file.name},
    )  # fmt: skip
    return made


def _result(pair: Pair) -> str:
    if pair.ours is None:
        return Result.THERE
    return Result.HERE if pair.theirs is None else Result.DIFFERS


def _line(ctx: Ctx, made: Reconciliation, pair: Pair, result: str) -> tuple[object, ...]:
    ours, theirs = pair.ours, pair.theirs
    return (
        ctx.school.pk, made.pk, result, ours.pk if ours else None, theirs.number[:40] if theirs else ours.finance_number if ours else "",
        theirs.name[:100] if theirs else "", theirs.quantity if theirs else None, theirs.value if theirs else None,
        pair.says[:300], theirs.row if theirs else None, "",
    )  # fmt: skip


def adopts(line: Mismatch) -> bool:
    """The card has no number of the finance bureau's, and the line names one; asked again under the card's own lock."""
    card = line.asset
    return card is not None and on_books(card) and bool(line.finance_number) and not card.finance_number


@action(Mismatch, label="填上财政卡片号", permission=RECONCILE, icon="edit", bulk=True, available=adopts, refusal="{row}：台账上已经有财政卡片号了，或者财政没有这张卡片。")  # fmt: skip
def adopt_number(ctx: Ctx, line: Mismatch) -> Mismatch:
    """The card gets the number under which the finance bureau keeps it.

    :raises Refused: another card has it.
    """
    card = line.asset = Asset.objects.select_for_update(of=("self",)).get(pk=line.asset_id)
    if not adopts(line):
        raise Refused(f"{card} 已经有财政卡片号 {card.finance_number}，或者不在台账上了。")
    other = Asset.objects.on_books().filter(finance_number=line.finance_number).exclude(pk=card.pk).first()
    if other is not None:
        raise Refused(f"财政卡片号 {line.finance_number} 已经写在 {other} 上了，请核对。")
    card.finance_number = line.finance_number
    card.save(update_fields=["finance_number"])
    line.settled_on, line.outcome = ctx.today, "台账填上了财政卡片号"
    line.save(update_fields=["settled_on", "outcome"])
    ctx.journal(line, "asset.finance_number", number=line.finance_number, also=[(card, "asset")])
    return line


@action(Mismatch, label="办完", permission=RECONCILE, icon="check", bulk=True, available=lambda line: line.settled_on is None, refusal="{row} 已经办完了。")  # fmt: skip
def settle_mismatch(ctx: Ctx, line: Mismatch, *, outcome: str) -> Mismatch:
    """What was done about it: the register was corrected, or the finance bureau was told."""
    line.settled_on, line.outcome = ctx.today, outcome
    line.save(update_fields=["settled_on", "outcome"])
    ctx.journal(line, "mismatch.settled", on=ctx.today, also=[(line.asset, "asset")], detail={"结果": outcome})
    return line
