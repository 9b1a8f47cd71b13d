"""Papers of purchasing: the request (采购申请表), the comparison of quotes (询价记录), the order (采购订单), the acceptance (验收单)."""

from __future__ import annotations

from decimal import Decimal

from zongwu.kernel.amounts import format_yuan, plain_price, plain_quantity, round_yuan, yuan_in_words
from zongwu.kernel.approvals.queries import last_case, signed_by
from zongwu.kernel.ctx import Ctx
from zongwu.purchasing.models import Acceptance, Order, Purchase
from zongwu.ui import papers
from zongwu.ui.papers import Paper


def request(ctx: Ctx, purchase: Purchase) -> bytes:
    """The request with the signatures that it has so far; once a supplier is chosen, at what he asks."""
    quote = purchase.chosen
    meta = {
        "申请人": purchase.applicant, "申请部门": purchase.department, "申请日期": purchase.applied_on, "需要日期": purchase.needed_on, "类别": purchase.get_sort_display(),
        "采购方式": purchase.get_method_display(), "预算项目": purchase.budget, "资金来源": purchase.budget.funding if purchase.budget else "", "事由": purchase.reason,
    }  # fmt: skip
    rows = []
    for line in purchase.lines.order_by("seq"):
        price = quote.price_of(line) if quote else line.price
        rows.append([str(line.seq), line.name, line.spec, line.unit, plain_quantity(line.quantity), plain_price(price), format_yuan(round_yuan(line.quantity * price)), line.get_becomes_display()])  # fmt: skip
    if quote and quote.delivery:
        rows.append(["", "送货费", "", "", "", "", format_yuan(quote.delivery), ""])
    below = [f"合计：{format_yuan(purchase.amount)} 元（大写 {yuan_in_words(purchase.amount)}）"]
    below += [f"中选：{quote.supplier}（单价是他的报价）"] if quote else []
    below += [purchase.alike] if purchase.alike else []
    case = last_case(purchase)
    return papers.to_pdf(ctx, Paper(
        title="采购申请表", number=purchase.number, facts=meta, heads=("序号", "品名", "规格要求", "单位", "数量", "单价（元）" if quote else "预计单价", "金额（元）", "到货以后"), rows=rows,
        widths=(12, 0, 0, 12, 18, 24, 28, 22), right=(4, 5, 6), centre=(0, 3), below=below, signs=papers.stages(case, "总务主任", "会计", "校长", applicant="申请人"), case=case,
        copies="一式两份：总务、财务各一份",
    ))  # fmt: skip


def quotes(ctx: Ctx, purchase: Purchase) -> bytes:
    """The comparison as the file keeps it: each quote in a column, the sums, the demands, who was chosen and why."""
    asked, lines = list(purchase.quotes.select_related("supplier").order_by("id")), list(purchase.lines.order_by("seq"))
    heads = ["品名与要求", "数量", *(str(quote.supplier) for quote in asked)]
    rows = [
        [str(line), f"{plain_quantity(line.quantity)} {line.unit}", *(f"{plain_price(quote.price_of(line))}　{format_yuan(quote.price_of(line) * line.quantity)}" for quote in asked)]
        for line in lines
    ]  # fmt: skip
    rows.append(["送货费", "", *(format_yuan(quote.delivery) for quote in asked)])
    rows.append(["总价", "", *(format_yuan(quote.total) for quote in asked)])
    for demand in purchase.demands.order_by("seq"):
        told = [quote.answers.get(str(demand.pk), ["", True]) for quote in asked]
        rows.append([demand.name, demand.wanted, *(f"{answer}{'' if fits else '（不合格）'}" for answer, fits in told)])
    rows.append(["联系人、电话", "", *(f"{quote.supplier.contact} {quote.supplier.phone}".strip() for quote in asked)])
    rows.append(["报价日期", "", *(str(quote.quoted_on) for quote in asked)])
    below = [f"确定供应商：{purchase.chosen.supplier if purchase.chosen else '　　　　　　　　'}"]
    below += [f"不选最低价的理由：{purchase.why}"] if purchase.why else []
    meta = {
        "项目": purchase.title,
        "申请单": purchase.number,
        "预算": purchase.budget,
        "采购方式": purchase.get_method_display(),
    }
    return papers.to_pdf(ctx, Paper(
        title="询价记录", number=purchase.number, facts=meta, heads=heads, rows=rows, widths=(52, 22, *(0 for _ in asked)), right=list(range(1, len(heads))), below=below,
        signs=papers.blank("询价人", "询价人", "总务主任"), case=last_case(purchase), copies="附报价单原件", wide=True,
    ))  # fmt: skip


def order(ctx: Ctx, one: Order) -> bytes:
    """The order as the supplier gets it: what, how many, at which price, where to and by when."""
    meta = {
        "供应商": one.supplier, "联系人、电话": f"{one.supplier.contact} {one.supplier.phone}".strip(), "下单日期": one.ordered_on, "约定到货": one.due_on,
        "合同号": one.contract_number, "采购申请": one.purchase.number, "采购人": one.buyer,
    }  # fmt: skip
    rows = [
        [str(at), line.line.name, line.line.spec, line.line.unit, plain_quantity(line.quantity), plain_price(line.price), format_yuan(line.quantity * line.price)]
        for at, line in enumerate(one.lines.select_related("line").order_by("seq"), start=1)
    ]  # fmt: skip
    below = [
        f"合计：{format_yuan(one.amount)} 元（大写 {yuan_in_words(one.amount)}）",
        "送货时请附送货单，由学校验收小组当场清点；与本单品名、规格、数量不符的，学校可以拒收。",
    ]
    return papers.to_pdf(ctx, Paper(
        title="采购订单", number=one.number, facts=meta, heads=("序号", "品名", "规格要求", "单位", "数量", "单价（元）", "金额（元）"), rows=rows,
        widths=(12, 0, 0, 12, 20, 26, 30), right=(4, 5, 6), centre=(0, 3), below=below, signs=papers.blank("采购人", "总务主任", "供应商（盖章）"), copies="一式两份：学校、供应商各一份",
    ))  # fmt: skip


def delivery(ctx: Ctx, paper: Acceptance) -> bytes:
    """The acceptance with its members' signatures."""
    order = paper.order
    meta = {
        "供应商": order.supplier, "采购订单": order.number, "采购人": order.buyer, "验收日期": paper.accepted_on, "放到哪里": paper.place, "发票号": paper.invoice_number or order.invoice_number,
        "入库单": paper.slip.number if paper.slip else "", "合同号": order.contract_number,
    }  # fmt: skip
    rows = [
        [
            str(at), one.line.line.name, one.line.line.spec, one.line.line.unit, plain_quantity(one.line.quantity), plain_quantity(one.arrived), plain_quantity(one.accepted),
            plain_price(one.line.price), format_yuan(one.accepted * one.line.price), one.note,
        ]
        for at, one in enumerate(paper.lines.select_related("line__line").order_by("line__seq"), start=1)
    ]  # fmt: skip
    below = [
        f"验收金额：{format_yuan(Decimal(paper.value))} 元（大写 {yuan_in_words(Decimal(paper.value))}）", f"外观：{paper.looks}　　质量和功能：{paper.works}",
        f"问题和处理：{paper.problems or '无'}",
    ]  # fmt: skip
    heads = ("序号", "品名", "规格", "单位", "应到", "实到", "合格", "单价（元）", "金额（元）", "不合格的")
    case = last_case(paper)
    signs = [papers.signed("验收人", one) for one in signed_by(case) if one.signature] if case else []
    return papers.to_pdf(ctx, Paper(
        title="验收单", number=paper.number, facts=meta, heads=heads, rows=rows, widths=(12, 0, 0, 12, 15, 15, 15, 22, 26, 28), right=(4, 5, 6, 7, 8), centre=(0, 3), below=below,
        signs=signs or papers.blank("验收人", "验收人", "验收人"), case=case, copies="一式三份：总务、财务、供应商各一份", wide=True,
    ))  # fmt: skip
