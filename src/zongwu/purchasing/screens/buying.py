"""The pages of requests and budgets, with the quotes side by side (`look/purchase-quotes`)."""

from __future__ import annotations

from typing import Any

import django_filters as f

from zongwu.kernel.amounts import plain_price, plain_quantity
from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.ctx import Ctx
from zongwu.purchasing import actions, forms, queries, rules
from zongwu.purchasing.models import Budget, Method, Order, Purchase, PurchaseLine, Sort
from zongwu.stores.models import Item
from zongwu.ui import home, navigation, screens
from zongwu.ui.case_screens import TONES
from zongwu.ui.filters import Filters
from zongwu.ui.history import say
from zongwu.ui.navigation import Entry
from zongwu.ui.screens import (
    Approval,
    Attachments,
    Column,
    Facts,
    History,
    Money,
    Number,
    Part,
    Print,
    Rows,
    Screens,
    View,
)


class PurchaseFilters(Filters):
    state = f.ChoiceFilter(label="审批", choices=DocumentState.choices, empty_label="不限")
    method = f.ChoiceFilter(label="采购方式", choices=Method.choices, empty_label="不限")
    sort = f.ChoiceFilter(label="类别", choices=Sort.choices, empty_label="不限")
    since = f.DateFilter(label="申请从", field_name="applied_on", lookup_expr="gte")
    until = f.DateFilter(label="申请到", field_name="applied_on", lookup_expr="lte")
    waiting = f.ChoiceFilter(label="待办", choices=[("order", "批了还没下单")], method="is_waiting", empty_label="不限")

    class Meta:
        model = Purchase
        fields: list[str] = []

    def is_waiting(self, rows: Any, name: str, value: str) -> Any:
        return rows.to_order()


def _lines(ctx: Ctx, purchase: Purchase) -> Any:
    return PurchaseLine.objects.filter(purchase=purchase).order_by("seq")


def _orders(ctx: Ctx, purchase: Purchase) -> Any:
    return Order.objects.filter(purchase=purchase).select_related("supplier").order_by("id")


def _look(ctx: Ctx, purchase: Purchase) -> dict[str, Any]:
    """What to look at before buying, until it is decided; and what the file has."""
    decided = purchase.state in (DocumentState.APPROVED, DocumentState.DROPPED)
    return {
        "looks": [] if decided else queries.first_look(purchase, ctx.today),
        "papers": queries.papers_of(purchase, ctx.today),
    }


def compared(ctx: Ctx, purchase: Purchase) -> dict[str, Any] | None:
    """The quotes side by side: prices line by line with the lowest marked, sums, and how each meets the demands."""
    quotes = list(purchase.quotes.select_related("supplier").order_by("id"))
    if not quotes:
        return None
    lines, demands = list(purchase.lines.order_by("seq")), list(purchase.demands.order_by("seq"))
    rows = rules.compare(
        [line.quantity for line in lines], [[quote.price_of(line) for line in lines] for quote in quotes]
    )
    least = rules.cheapest({quote.pk: quote.total for quote in quotes})
    least_fit = rules.cheapest({quote.pk: quote.total for quote in quotes if quote.fit})
    lowest = min(quote.total for quote in quotes)
    return {
        "purchase": purchase, "least": least, "least_fit": least_fit,
        "lines": [
            (line, f"{plain_quantity(line.quantity)} {line.unit}", [(plain_price(price), total, at == row.lowest, quote.pk == purchase.chosen_id)
             for at, (price, total, quote) in enumerate(zip(row.prices, row.sums, quotes, strict=True))])
            for line, row in zip(lines, rows, strict=True)
        ],
        "demands": [(demand, [(*quote.answers.get(str(demand.pk), ["", False]), quote.pk == purchase.chosen_id) for quote in quotes]) for demand in demands],
        "heads": [(quote, quote.pk == purchase.chosen_id, quote.total - lowest, sum(not ok for _, ok in quote.answers.values())) for quote in quotes],
        "may": purchase.may_change and ctx.may("purchasing.buy"),
    }  # fmt: skip


PURCHASES = Screens(
    model=Purchase, area="purchasing", name="purchases", title="采购申请", icon="shopping-cart", read="purchasing.read_purchase", unit="张",
    blank="要买东西先申请：写清买什么、多少、大约多少钱。该比价还是招标，系统按金额提出来；批了再下单，到了再验收。",
    columns=[
        Column("number", link=True, phone="line"), Column("title", phone="title"), Column("sort", hidden=True), Column("method", low=True), Column("applicant", phone="line"),
        Column("department", hidden=True), Column("applied_on", sort=True), Money("amount", sort=True, total=True, phone="end"), Column("state", badge=TONES, sort=True, phone="badge"),
        Column("stage", label="进度"), Column("budget", hidden=True), Money("spent", hidden=True, total=True),
    ],
    default_order="-applied_on", filters=PurchaseFilters,
    views=[View("全部", ""), View("草稿", "state=draft"), View("审批中", "state=running"), View("批了还没下单", "waiting=order")],
    detail=[
        Approval(),
        Facts("申请", ["reason", "sort", "applicant", "applied_on", "department", "budget", "needed_on", "method", Money("amount"), "catalogue", "framework", "tender_number",
              "alike", Column("stage", label="进度"), Money("spent")]),
        Part("比价", "purchasing/_quotes.html", compared),
        Part("先看一眼", "purchasing/_look.html", _look),
        Rows("买什么", [Column("name"), Column("spec"), Number("quantity"), Column("unit"), Money("price", label="预计单价"), Money("amount", label="金额（元）"), Column("becomes")], _lines, most=200),
        Rows("订单", [Column("number", link=True), Column("supplier"), Column("ordered_on"), Money("amount"), Column("stage", label="进度")], _orders),
        Attachments(), History(),
    ],
    forms={
        actions.ask_to_buy: forms.NewPurchaseForm, actions.revise_purchase: forms.PurchaseForm, actions.add_quote: forms.QuoteForm, actions.choose_quote: forms.ChooseForm,
        actions.submit_purchase: forms.SubmitForm, actions.drop_purchase: forms.DropForm, actions.place_order: forms.OrderForm,
    },
    prints=[
        Print("采购申请表", "purchasing:request-paper", "printer", "purchasing.read_purchase"),
        Print("询价记录", "purchasing:quotes-paper", "printer", "purchasing.read_purchase", lambda purchase: purchase.quotes.exists()),
    ],
)  # fmt: skip


def _of_budget(ctx: Ctx, budget: Budget) -> Any:
    return Purchase.objects.visible_to(ctx).filter(budget=budget).order_by("-applied_on", "-id")


BUDGETS = Screens(
    model=Budget, area="purchasing", name="budgets", title="采购预算", icon="wallet", read="purchasing.read_budget", unit="项",
    blank="今年各项采购能花多少写在这里，申请时就看得到还剩多少。",
    columns=[
        Column("name", link=True, phone="title"), Column("year", phone="line"), Column("funding"), Money("amount", sort=True, total=True, phone="end"), Money("committed", label="已安排（元）"),
        Money("left", label="还剩（元）"),
    ],
    default_order="-amount",
    detail=[
        Facts("预算", ["year", "name", "funding", Money("amount"), Money("committed", label="已安排（元）"), Money("left", label="还剩（元）")]),
        Rows("用在哪里", [Column("number", link=True), Column("title", label="内容"), Money("amount"), Column("stage", label="进度")], _of_budget, most=100), History(),
    ],
    forms={actions.add_budget: forms.BudgetForm, actions.change_budget: forms.ChangeBudgetForm},
)  # fmt: skip
screens.register(PURCHASES, BUDGETS)


def _bought(ctx: Ctx, item: Item) -> Any:
    orders = Order.objects.visible_to(ctx) if ctx.may("purchasing.read_order") else Order.objects.none()
    return queries.bought_before(item.name).filter(order__in=orders.values("pk"))


screens.add(
    Item, Rows("买过的价钱", [Column("order", label="订单"), Column("order.supplier", label="供应商"), Column("order.ordered_on", label="日期"), Money("price", label="单价（元）"), Number("quantity")], _bought, most=10)
)  # fmt: skip
navigation.register(
    Entry("purchasing", "采购", "shopping-cart", "purchasing:purchases", "purchasing.read_purchase", order=25, children=(
        Entry("purchasing", "采购申请", "shopping-cart", "purchasing:purchases", "purchasing.read_purchase"),
        Entry("purchasing", "订单", "truck", "purchasing:orders", "purchasing.read_order"),
        Entry("purchasing", "验收", "package-import", "purchasing:deliveries", "purchasing.read_acceptance"),
        Entry("purchasing", "供应商证照", "file-certificate", "purchasing:licences", "purchasing.read_licence"),
        Entry("purchasing", "预算", "wallet", "purchasing:budgets", "purchasing.read_budget"),
    ))
)  # fmt: skip
for key in ("purchasing.spent",):
    home.tile(key, order=25)
home.shortcut(
    home.Shortcut(
        "买东西", "shopping-cart", "purchasing:purchases-new", "purchasing.ask_to_buy", "ask_to_buy", order=35
    )
)

say("budget.added", "添采购预算", icon="wallet", text="{amount_fen}")
say("budget.changed", "改采购预算", icon="edit", tone="warn", text="{amount_fen}")
say("purchase.drafted", "起草采购申请", icon="shopping-cart", text="{amount_fen}")
say("purchase.revised", "改采购申请", icon="edit", text="{amount_fen}")
say("purchase.quoted", "报价", icon="coin", text="{total_fen}")
say("purchase.chosen", "定供应商", icon="check", tone="info", text="{total_fen}")
say("purchase.submitted", "提交采购申请", icon="send", tone="info", text="{amount_fen}；{route}")
say("purchase.approved", "采购批准", icon="check", tone="ok")
say("purchase.dropped", "作废采购申请", icon="ban")
