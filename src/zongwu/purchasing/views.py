"""Papers of purchasing as PDF."""

from __future__ import annotations

from django.http import HttpResponse

from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.purchasing import prints
from zongwu.purchasing.models import Acceptance, Order, Purchase
from zongwu.ui import papers
from zongwu.ui.request import SchoolRequest, page

PURCHASE = ("applicant", "department", "budget", "chosen__supplier")


@page("purchasing.read_purchase")
def request_paper(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """The request (采购申请表)."""
    purchase = papers.asked_for(request, ctx, Purchase, *PURCHASE)
    return papers.served(prints.request(ctx, purchase), f"{purchase.number}.pdf")


@page("purchasing.read_purchase")
def quotes_paper(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """The comparison (询价记录)."""
    purchase = papers.asked_for(request, ctx, Purchase, *PURCHASE)
    if not purchase.quotes.exists():
        raise Refused("还没有报价，没有询价记录可打。")
    return papers.served(prints.quotes(ctx, purchase), f"{purchase.number}-XJ.pdf")


@page("purchasing.read_order")
def order_paper(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """The order (采购订单)."""
    order = papers.asked_for(request, ctx, Order, "supplier", "buyer", "purchase")
    return papers.served(prints.order(ctx, order), f"{order.number}.pdf")


@page("purchasing.read_acceptance")
def delivery_paper(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """The acceptance (验收单)."""
    paper = papers.asked_for(
        request, ctx, Acceptance, "order__supplier", "order__buyer", "order__purchase", "place", "slip"
    )
    return papers.served(prints.delivery(ctx, paper), f"{paper.number}.pdf")
