"""A purchase is asked for: lines, quotes side by side, the one that is taken and why, and the way to those who approve."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from zongwu.assets.catalogue import category_of_name
from zongwu.kernel import numbering, refs
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.amounts import format_yuan, round_price, round_yuan, to_fen, to_price_units
from zongwu.kernel.approvals import submitting
from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.purchasing import queries, rules
from zongwu.purchasing.models import Budget, Demand, Purchase, PurchaseLine, Quote
from zongwu.school.models import Department, Supplier
from zongwu.stores.queries import in_catalogue

ASK, BUY, BUDGET = "purchasing.ask_to_buy", "purchasing.buy", "purchasing.set_budget"
SERIES = "CG"
ORIGINS = ("ticket", "hazard")
"""Kinds of things out of which something has to be bought."""
MOST, MOST_CARDS = Decimal(10**10), 500
"""Yuan of a request, and cards of one line: beyond these somebody leant on a key."""
Becomes = PurchaseLine.Becomes


class Wanted(NamedTuple):
    """A line as it is asked for: pieces, and yuan a piece as far as one knows."""

    name: str
    quantity: Decimal
    unit: str
    price: Decimal
    spec: str = ""
    becomes: str = Becomes.STOCK


@create_action(Budget, label="添预算", permission=BUDGET, icon="plus", primary=True)
def add_budget(ctx: Ctx, *, year: int, name: str, amount: Decimal, funding: str = "") -> Budget:
    """Money that may be spent on purchases in a year."""
    if Budget.objects.filter(year=year, name=name).exists():
        raise Refused(fields={"name": f"{year} 年已经有「{name}」了，要改数请用「改预算」。"})
    budget: Budget = Budget.objects.create(school=ctx.school, year=year, name=name, amount=amount, funding=funding)
    ctx.journal(budget, "budget.added", amount_fen=to_fen(amount))
    return budget


@action(Budget, label="改预算", permission=BUDGET, icon="edit")
def change_budget(ctx: Ctx, budget: Budget, *, amount: Decimal, reason: str) -> Budget:
    """Another amount, with the reason.

    :raises Refused: less than is committed already.
    """
    if amount < budget.committed:
        raise Refused(fields={"amount": f"已经安排了 {format_yuan(budget.committed)} 元，不能改得比它少。"})
    old, budget.amount = budget.amount, amount
    budget.save(update_fields=["amount"])
    ctx.journal(
        budget,
        "budget.changed",
        change={"amount": [to_fen(old), to_fen(amount)]},
        amount_fen=to_fen(amount),
        detail={"原因": reason},
    )
    return budget


@create_action(
    Purchase,
    label="申请采购",
    permission=ASK,
    icon="shopping-cart",
    primary=True,
    starts_from=("item", *ORIGINS),
    narrows=True,
)
def ask_to_buy(
    ctx: Ctx, *, reason: str, sort: str, lines: Sequence[Wanted], demands: Sequence[tuple[str, str]] = (), department: Department | None = None,
    budget: Budget | None = None, needed_on: date | None = None, catalogue: bool = False, framework: bool = False, origin: str = "",
) -> Purchase:  # fmt: skip
    """A request; the method follows from the amount. Nothing is bought before it is approved.

    :raises Missing: it says that it was begun from something that this person does not see.
    """
    if ctx.person is None:
        raise Refused("采购要由人来申请。")
    begun = refs.resolve(ctx, origin) if origin else None
    if begun is not None and begun.kind not in ORIGINS:
        raise Refused("采购不能从这里开始，请直接填申请。")
    purchase = Purchase(
        school=ctx.school, number=numbering.take(ctx.school.pk, SERIES, ctx.today.year)[0], applicant=ctx.person, applied_on=ctx.today, origin=origin,
    )  # fmt: skip
    _write(
        ctx,
        purchase,
        lines,
        demands,
        reason=reason,
        sort=sort,
        department=department,
        budget=budget,
        needed_on=needed_on,
        catalogue=catalogue,
        framework=framework,
    )
    ctx.journal(purchase, "purchase.drafted", **_told(purchase), also=[(begun, "origin")], detail={"事由": reason})
    return purchase


@action(
    Purchase,
    label="改申请",
    permission=ASK,
    available=submitting.may_change,
    refusal="{row} 已经交上去了，要改请先撤回。",
    icon="edit",
)
def revise_purchase(
    ctx: Ctx, purchase: Purchase, *, reason: str, sort: str, lines: Sequence[Wanted], demands: Sequence[tuple[str, str]] = (),
    department: Department | None = None, budget: Budget | None = None, needed_on: date | None = None, catalogue: bool = False, framework: bool = False,
) -> Purchase:  # fmt: skip
    """Other lines or words. Quotes were for the old lines: where those changed, the quotes go."""
    submitting.own(ctx, purchase)
    _write(
        ctx,
        purchase,
        lines,
        demands,
        reason=reason,
        sort=sort,
        department=department,
        budget=budget,
        needed_on=needed_on,
        catalogue=catalogue,
        framework=framework,
    )
    ctx.journal(purchase, "purchase.revised", **_told(purchase), detail={"事由": reason})
    return purchase


def _write(
    ctx: Ctx, purchase: Purchase, lines: Sequence[Wanted], demands: Sequence[tuple[str, str]], **fields: object
) -> None:
    if not lines:
        raise Refused(fields={"lines": "请写要买什么。"})
    if len({name for name, _ in demands}) < len(demands) or not all(name for name, _ in demands):
        raise Refused(fields={"demands": "每项要求要有名称，名称不能重复。"})
    units: dict[tuple[str, str], str] = {}
    for line in lines:
        if line.becomes == Becomes.STOCK:
            _kept_so(line)
            if units.setdefault((line.name, line.spec[:60]), line.unit) != line.unit:
                raise Refused(fields={"lines": f"{line.name} 写了两种单位，入库的同一种东西请用一种单位。"})
        if line.becomes == Becomes.CARDS and not (line.quantity <= MOST_CARDS and line.quantity == int(line.quantity)):
            raise Refused(fields={"lines": f"{line.name} 要建卡，数量要是 1 到 {MOST_CARDS} 的整数。"})
    for name, value in fields.items():
        setattr(purchase, name, value)
    estimate = sum((round_yuan(line.quantity * round_price(line.price)) for line in lines), Decimal(0))
    if not 0 <= estimate < MOST:
        raise Refused(fields={"lines": "金额大得不像真的，请核对数量和单价。"})
    first = lines[0].name
    purchase.title = f"采购{first}{f'等 {len(lines)} 项' if len(lines) > 1 else ''}"[:120]
    same = purchase.pk is not None and _same(purchase, lines)
    if not same:
        purchase.chosen, purchase.why = None, ""
        if purchase.pk:
            purchase.save()
            purchase.quotes.all().delete()
            purchase.lines.all().delete()
    purchase.amount = purchase.chosen.total if purchase.chosen else estimate
    purchase.method = rules.propose(
        purchase.amount, queries.limits(ctx.today), catalogue=purchase.catalogue, framework=purchase.framework
    )
    purchase.save()
    if same:
        for seq, wanted in enumerate(lines, start=1):
            purchase.lines.filter(seq=seq).update(price=round_price(wanted.price))
    else:
        PurchaseLine.objects.bulk_create(
            PurchaseLine(
                school=ctx.school, purchase=purchase, seq=seq, name=line.name, spec=line.spec, unit=line.unit, quantity=line.quantity,
                price=round_price(line.price), becomes=line.becomes,
                category=category_of_name(line.name) or "" if line.becomes == Becomes.CARDS else "",
            )
            for seq, line in enumerate(lines, start=1)
        )  # fmt: skip
    _demand(ctx, purchase, demands, same)


def _unchoose(ctx: Ctx, purchase: Purchase) -> None:
    """Nobody is chosen any more: the request is worth what its lines say, and goes the way of that."""
    purchase.chosen, purchase.why = None, ""
    purchase.amount = sum((line.amount for line in purchase.lines.all()), Decimal(0))
    purchase.method = rules.propose(
        purchase.amount, queries.limits(ctx.today), catalogue=purchase.catalogue, framework=purchase.framework
    )
    purchase.save(update_fields=["chosen", "why", "amount", "method"])


def _kept_so(line: Wanted) -> None:
    """:raises Refused: the catalogue counts this in another unit, so that it could not be taken into stock later."""
    try:
        in_catalogue(line.name, line.spec, line.unit)
    except Refused as no:
        raise Refused(fields={"lines": str(no)}) from no


def _same(purchase: Purchase, lines: Sequence[Wanted]) -> bool:
    kept = [(one.name, one.spec, one.unit, one.quantity, one.becomes) for one in purchase.lines.order_by("seq")]
    return kept == [(one.name, one.spec, one.unit, one.quantity, one.becomes) for one in lines]


def _demand(ctx: Ctx, purchase: Purchase, demands: Sequence[tuple[str, str]], same: bool) -> None:
    if same and [*purchase.demands.order_by("seq").values_list("name", "wanted")] == [*demands]:
        return
    if purchase.quotes.exists():  # they answered other demands
        _unchoose(ctx, purchase)
        purchase.quotes.all().delete()
    purchase.demands.all().delete()
    Demand.objects.bulk_create(
        Demand(school=ctx.school, purchase=purchase, seq=seq, name=name[:30], wanted=wanted[:60])
        for seq, (name, wanted) in enumerate(demands, start=1)
    )


def _told(purchase: Purchase) -> dict[str, object]:
    return {"amount_fen": to_fen(purchase.amount), "method": purchase.method, "sort": purchase.sort}


@action(
    Purchase,
    label="添一家报价",
    permission=BUY,
    available=submitting.may_change,
    refusal="{row} 已经交上去了，报价不能再改。",
    icon="plus",
)
def add_quote(
    ctx: Ctx, purchase: Purchase, *, supplier: Supplier, quoted_on: date, prices: Mapping[int, Decimal], answers: Mapping[int, tuple[str, bool]] | None = None,
    delivery: Decimal = Decimal(0), delivers_on: date | None = None, note: str = "",
) -> Purchase:  # fmt: skip
    """What one supplier asks for every line, and how he meets each demand. Another quote of the same supplier replaces the first.

    :raises Refused: a line without a price, or a demand without an answer.
    """
    if quoted_on > ctx.today:
        raise Refused(fields={"quoted_on": "报价日期不能在今天以后。"})
    lines, demands = list(purchase.lines.order_by("seq")), list(purchase.demands.order_by("seq"))
    answers = answers or {}
    if lacking := [str(line) for line in lines if line.pk not in prices]:
        raise Refused(fields={"prices": f"没有报价的：{'、'.join(lacking[:5])}。每一行都要有单价。"})
    if lacking := [demand.name for demand in demands if demand.pk not in answers]:
        raise Refused(fields={"answers": f"没有写怎么样的要求：{'、'.join(lacking[:5])}。"})
    total = sum((round_yuan(line.quantity * prices[line.pk]) for line in lines), Decimal(delivery))
    Quote.objects.update_or_create(
        school=ctx.school, purchase=purchase, supplier=supplier,
        defaults={
            "quoted_on": quoted_on, "delivery": delivery, "total": total, "delivers_on": delivers_on, "note": note,
            "fit": all(answers[demand.pk][1] for demand in demands),
            "prices": {str(line.pk): to_price_units(prices[line.pk]) for line in lines},
            "answers": {str(demand.pk): [answers[demand.pk][0][:60], answers[demand.pk][1]] for demand in demands},
        },
    )  # fmt: skip
    if total >= MOST:
        raise Refused(fields={"prices": "总价大得不像真的，请核对。"})
    _unchoose(ctx, purchase)  # another quote may be lower: whoever chose looks again
    ctx.journal(purchase, "purchase.quoted", total_fen=to_fen(total), supplier=supplier, also=[(supplier, "supplier")])
    return purchase


@action(
    Purchase,
    label="定供应商",
    permission=BUY,
    available=submitting.may_change,
    refusal="{row} 已经交上去了，要改请先撤回。",
    icon="check",
)
def choose_quote(ctx: Ctx, purchase: Purchase, *, supplier: Supplier, why: str = "") -> Purchase:
    """Take one of the quotes. Who does not take the lowest says why; it is printed.

    :raises Refused: no quote of his, one that does not meet the demands, or no reason for a dearer one.
    """
    quotes = list(purchase.quotes.select_related("supplier"))
    quote = next((one for one in quotes if one.supplier_id == supplier.pk), None)
    if quote is None:
        raise Refused(fields={"supplier": f"{supplier} 还没有报价。"})
    if not quote.fit:
        raise Refused(fields={"supplier": f"{supplier} 有不合要求的项，不能选。要放宽要求，请先改申请。"})
    least = min(quotes, key=lambda one: (one.total, one.pk))
    if quote.total > least.total and not why.strip():
        raise Refused(
            fields={
                "why": f"选的不是最低价，比 {least.supplier} 多 {format_yuan(quote.total - least.total)} 元，要写理由，会打印在询价记录上。"
            }
        )
    purchase.chosen, purchase.why = quote, why.strip() if quote.total > least.total else ""
    purchase.amount = quote.total
    purchase.method = rules.propose(
        purchase.amount, queries.limits(ctx.today), catalogue=purchase.catalogue, framework=purchase.framework
    )
    purchase.save(update_fields=["chosen", "why", "amount", "method"])
    ctx.journal(
        purchase,
        "purchase.chosen",
        total_fen=to_fen(quote.total),
        supplier=supplier,
        also=[(supplier, "supplier")],
        detail={"理由": purchase.why},
    )
    return purchase


@action(
    Purchase,
    label="提交审批",
    permission=ASK,
    available=submitting.may_change,
    refusal="{row} 已经交上去了。",
    icon="send",
    primary=True,
)
def submit_purchase(
    ctx: Ctx, purchase: Purchase, *, signature: str = "", device: str = "", confirmed: bool = False
) -> Purchase:
    """Send the request on its way by its amount.

    :raises Refused: too few quotes, none chosen, or more than the budget has left.
    :raises NeedsConfirmation: like purchases of the year together pass a threshold that none of them passes alone.
    """
    submitting.own(ctx, purchase)
    on = ctx.today
    purchase.method = rules.propose(
        purchase.amount, queries.limits(on), catalogue=purchase.catalogue, framework=purchase.framework
    )
    problems = []
    if purchase.method in rules.QUOTED:
        many = purchase.quotes.count()
        if many < queries.QUOTES.on(on):
            problems.append(
                f"{purchase.get_method_display()}要有 {int(queries.QUOTES.on(on))} 家报价，现在只有 {many} 家，请用「添一家报价」补上。"
            )
        elif purchase.chosen is None:
            problems.append("报价齐了，还没有定供应商。")
    if purchase.budget is not None:
        budget = Budget.objects.select_for_update(of=("self",)).get(pk=purchase.budget_id)
        if budget.year != on.year:
            problems.append(f"「{budget}」是 {budget.year} 年的预算，今年的申请要用今年的。")
        if budget.left < purchase.amount:
            problems.append(
                f"预算「{budget.name}」只剩 {format_yuan(budget.left)} 元，不够 {format_yuan(purchase.amount)} 元。"
            )
    if problems:
        raise Refused(*problems)
    purchase.alike = _split(purchase, on)
    if purchase.alike and not confirmed:
        raise NeedsConfirmation(
            f"{purchase.alike}。把一次采购拆成几次来避开标准是化整为零（政府采购法实施条例第二十八条）；确实不是一回事的，打勾后提交，批的人会看到这句话。"
        )
    purchase.applied_on = on
    purchase.save(update_fields=["method", "alike", "applied_on"])
    case = submitting.begin(ctx, purchase, signature=signature, device=device)
    ctx.journal(
        purchase, "purchase.submitted", route=case.route, content=case.hash, **_told(purchase), also=[(case, "case")]
    )
    return purchase


def _split(purchase: Purchase, on: date) -> str:
    many, total = queries.alike(purchase, on)
    passed = rules.crossed(queries.limits(on), total, purchase.amount) if many else ""
    words = f"今年「{purchase.get_sort_display()}」已有 {many} 单 {format_yuan(total)} 元，连这一单 {format_yuan(total + purchase.amount)} 元"
    return f"{words}，超过{passed}"[:200] if passed else ""


def _not_bought(purchase: Purchase) -> bool:
    """A draft, or approved and never ordered: the budget gets back what it was bound for."""
    approved = purchase.state == DocumentState.APPROVED and purchase.closed_on is None and not purchase.orders.exists()
    return submitting.may_change(purchase) or approved


@action(Purchase, label="作废", permission=ASK, available=_not_bought, refusal="{row} 正在审批，或者已经下单；审批中的请先撤回，下了单的请在订单上了结。", icon="ban",
        confirm="作废后这张申请不再办。")  # fmt: skip
def drop_purchase(ctx: Ctx, purchase: Purchase, *, because: str = "") -> Purchase:
    """Give up a draft, or what was approved and is not to be bought after all. The number stays used."""
    submitting.give_up(ctx, purchase)
    ctx.journal(purchase, "purchase.dropped", detail={"原因": because})
    return purchase
