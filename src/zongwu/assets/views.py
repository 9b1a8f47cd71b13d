"""Pages of the register that a description cannot say: the label sheet, the category search."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.response import TemplateResponse

from zongwu.assets import catalogue, prints, slips
from zongwu.assets.actions import print_labels, print_room_codes
from zongwu.assets.models import Agreement, Asset, Disposal, Handover
from zongwu.kernel import codes, scope
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.school.models import Place
from zongwu.school.settings import PHONE
from zongwu.ui import addresses, papers, plates
from zongwu.ui import labels as paper
from zongwu.ui.choices import numbers
from zongwu.ui.request import SchoolRequest, page

MOST = 500
PLATE = "plate"


def _chosen(request: HttpRequest) -> list[int]:
    """Card ids from `ids=1&ids=2` or `ids=1,2`."""
    return numbers((request.POST or request.GET).getlist("ids"))


@dataclass(frozen=True)
class Labelled:
    """What gets a label: how it is called, where it is chosen, and what stands on each."""

    noun: str
    """资产, 房间"""
    list_url: str
    rows: Callable[[Ctx], Any]
    give_codes: Callable[[Ctx, Sequence[int]], None]
    label: Callable[[Ctx, Any, str], paper.Label]


def _about_card(ctx: Ctx, card: Asset, code: str) -> paper.Label:
    return paper.Label(paper.address(code), ctx.school.name, card.number, card.name, str(card.place or ""), code)


def _about_room(ctx: Ctx, place: Place, code: str) -> paper.Label:
    school_class = next(iter(place.classes.filter(closed_on=None)), None)
    return paper.Label(
        paper.address(code),
        ctx.school.name,
        place.code or place.name,
        str(school_class or place),
        "扫码点财产、报问题",
        code,
    )


CARDS = Labelled(
    "资产", "assets:cards", lambda ctx: Asset.objects.visible_to(ctx).live().select_related("place").order_by("number"),
    lambda ctx, ids: print_labels(ctx, assets=ids), _about_card,
)  # fmt: skip
ROOMS = Labelled(
    "房间", "school:places", lambda ctx: Place.objects.visible_to(ctx).open().order_by("path"), lambda ctx, ids: print_room_codes(ctx, places=ids), _about_room
)  # fmt: skip


@page("assets.print_labels")
def labels(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """Labels of asset cards."""
    return _labels(request, ctx, CARDS)


@page("assets.print_labels")
def room_labels(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """Labels of rooms: whoever answers for one scans it and looks it through."""
    return _labels(request, ctx, ROOMS)


def _labels(request: SchoolRequest, ctx: Ctx, what: Labelled) -> HttpResponse:
    """Choose the paper, then the sheet as PDF. A thing gets its code with its first label."""
    ids = _chosen(request)
    given: dict[str, Any] = {
        "what": what, "list_url": addresses.named(ctx.school, what.list_url), "ids": ids, "stocks": paper.STOCKS, "site": settings.SITE_URL,
        "local": paper.is_local(settings.SITE_URL),
        "many": what.rows(ctx).filter(pk__in=ids[:MOST]).count(), "key": secrets.token_urlsafe(16),
    }  # fmt: skip
    if request.method != "POST":
        return TemplateResponse(request, "assets/labels.html", given)
    try:
        pdf = _sheet(
            ctx.keyed(request.POST.get("key", "")),
            what,
            ids,
            request.POST.get("stock", ""),
            request.POST.get("first", "1"),
        )
    except Refused as no:
        return TemplateResponse(request, "assets/labels.html", given | {"problems": no.problems}, status=409)
    return papers.served(pdf, "labels.pdf")


def _sheet(ctx: Ctx, what: Labelled, ids: list[int], stock: str, first: str) -> bytes:
    if stock not in paper.STOCKS and stock != PLATE:
        raise Refused("请选一种标签纸。")
    if len(ids) > MOST:
        raise Refused(f"一次最多打 {MOST} 张标签，请分几次。")
    what.give_codes(ctx, ids)
    with scope.reading(ctx.school):
        rows = what.rows(ctx).filter(pk__in=ids)
        known = codes.valid(rows.model.kind, ids)
        made = [what.label(ctx, row, known[row.pk]) for row in rows]
    if stock == PLATE:
        return plates.to_pdf(made, PHONE.text(ctx.today))
    return paper.label_sheet(
        made, paper.STOCKS[stock], first=int(first) if first.isdecimal() and len(first) < 4 and int(first) > 0 else 1
    )


@page("assets.read_disposal")
def disposal_form(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """The application of one disposal as PDF, ready to be signed, stamped and handed in."""
    disposal = papers.asked_for(request, ctx, Disposal, "department")
    return papers.served(prints.disposal_form(ctx, disposal), f"{disposal.number}.pdf")


@page("assets.read_handover")
def handover_slip(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """One hand-over slip as PDF."""
    people = ("giver", "receiver", "from_department", "to_department", "to_place")
    handover = papers.asked_for(request, ctx, Handover, *people)
    return papers.served(slips.slip(ctx, handover), f"{handover.number}.pdf")


@page("assets.read_agreement")
def agreement_paper(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """One agreement for a room as PDF."""
    found = papers.asked_for(request, ctx, Agreement, "term", "place", "school_class", "keeper", "head")
    return papers.served(slips.agreement(ctx, found), f"{found.number}.pdf")


@page("assets.read_asset")
def categories(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """Classes for an everyday word, for the picker of the category field."""
    word = request.GET.get("q", "").strip()
    found = catalogue.search(word)[:20] if word else []
    return JsonResponse({"found": [{"code": entry.code, "name": entry.name} for entry in found]})
