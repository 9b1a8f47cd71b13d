"""Papers of purchasing as PDF."""

from __future__ import annotations

from django.http import HttpResponse

from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing, Refused
from zongwu.purchasing import prints
from zongwu.purchasing.models import Acceptance, Order, Purchase
from zongwu.ui import papers
from zongwu.ui.choices import numbers
from zongwu.ui.request import SchoolRequest, page


def _purchase(request: SchoolRequest, ctx: Ctx) -> Purchase:
    links = ("applicant", "department", "budget", "chosen__supplier")
    found: Purchase | None = (
        Purchase.objects.visible_to(ctx)
        .filter(pk__in=numbers(request.GET.get("ids"))[:1])
        .select_related(*links)
        .first()
    )
    if found is None:
        raise Missing("没有这张采购申请，可能不归您看。")
    return found


@page("purchasing.read_purchase")
def request_paper(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """The request (采购申请表)."""
    purchase = _purchase(request, ctx)
    return papers.served(prints.request(ctx, purchase), f"{purchase.number}.pdf")


@page("purchasing.read_purchase")
def quotes_paper(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """The comparison (询价记录)."""
    purchase = _purchase(request, ctx)
    if not purchase.quotes.exists():
        raise Refused("还没有报价，没有询价记录可打。")
    return papers.served(prints.quotes(ctx, purchase), f"{purchase.number}-XJ.pdf")


@page("purchasing.read_order")
def order_paper(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """The order (采购订单)."""
    links = ("supplier", "buyer", "purchase")
    wanted = numbers(request.GET.get("ids"))[:1]
    order = Order.objects.visible_to(ctx).filter(pk__in=wanted).select_related(*links).first()
    if order is None:
        raise Missing("没有这张采购订单，可能不归您看。")
    return papers.served(prints.order(ctx, order), f"{order.number}.pdf")


@page("purchasing.read_acceptance")
def delivery_paper(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """The acceptance (验收单)."""
    links = ("order__supplier", "order__buyer", "order__purchase", "place", "slip")
    paper = (
        Acceptance.objects.visible_to(ctx)
        .filter(pk__in=numbers(request.GET.get("ids"))[:1])
        .select_related(*links)
        .first()
    )
    if paper is None:
        raise Missing("没有这张验收单，可能不归您看。")
    return papers.served(prints.delivery(ctx, paper), f"{paper.number}.pdf")
