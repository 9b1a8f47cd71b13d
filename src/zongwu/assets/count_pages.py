"""The pages of a count that a description cannot say: scanning a room on a phone, and the differences in three tabs."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from csp.decorators import csp_update
from django.contrib import messages
from django.db.models import Count, Q
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse
from django.urls import reverse

from zongwu.assets import actions, count_prints, counting
from zongwu.assets.models import Scan, Stocktake, StocktakeItem, StocktakeRoom, Surplus
from zongwu.kernel.codes import PublicCode
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Forbidden, Missing, Refused
from zongwu.ui import addresses, papers, scan
from zongwu.ui.choices import numbers
from zongwu.ui.field import queued, refused
from zongwu.ui.request import SchoolRequest, page
from zongwu.ui.screens import Tones

TONES: Tones = {
    Scan.Said.OK: "ok", Scan.Said.MOVED: "warn", Scan.Said.OUTSIDE: "info", Scan.Said.AGAIN: "neutral", Scan.Said.UNKNOWN: "bad",
    Scan.Said.SURPLUS: "info",
}  # fmt: skip
ICONS = {
    "ok": "check",
    "moved": "alert-triangle",
    "outside": "info-circle",
    "again": "copy",
    "unknown": "alert-circle",
    "surplus": "tag-off",
    "refused": "x",
}
TABS = {"surplus": "盘盈", "short": "盘亏", "moved": "位置不符", "match": "相符"}


def _room(ctx: Ctx, pk: int) -> StocktakeRoom:
    rows = StocktakeRoom.objects.visible_to(ctx).select_related("stocktake", "place", "counter", "done_by")
    found: StocktakeRoom | None = rows.filter(pk=pk).first()
    if found is None:
        raise Missing("没有这间要盘的房，或者不归您盘。")
    return found


def scanned(room: StocktakeRoom) -> dict[str, int]:
    """How many different cards were found in the room, and how often a scan said something else."""
    rows = Scan.objects.filter(room=room)
    found = rows.aggregate(
        ok=Count("asset", distinct=True, filter=Q(said=Scan.Said.OK)), moved=Count("asset", distinct=True, filter=Q(said=Scan.Said.MOVED)),
        again=Count("id", filter=Q(said=Scan.Said.AGAIN)), unknown=Count("id", filter=Q(said__in=("unknown", "outside", "surplus"))),
    )  # fmt: skip
    return dict(found)


@csp_update(scan.WASM)
@page("assets.count_assets")
def scan_room(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    """GET a room's page, which stays while thing after thing is scanned; POST one scan, or a photograph with codes."""
    room = _room(ctx, pk)
    if request.method == "POST":
        return _scanned(request, ctx, room)
    lately = Scan.objects.filter(room=room).select_related("asset").order_by("-id")[:20]
    listed = StocktakeItem.objects.filter(room=room).count()
    given = {
        "room": room, "listed": listed, "counts": scanned(room), "lately": [(one, TONES[one.said], words(one)) for one in lately], "icons": ICONS,
        "key": secrets.token_urlsafe(16), "open": room.state in (StocktakeRoom.State.OPEN, StocktakeRoom.State.DONE),
        "room_url": addresses.url_of(ctx.school, room),
    }  # fmt: skip
    return TemplateResponse(request, "assets/scan.html", given)


def _scanned(request: SchoolRequest, ctx: Ctx, room: StocktakeRoom) -> HttpResponse:
    """One scan from the queue of a phone is answered as JSON, one from a plain form with the page again."""
    key = request.POST.get("key", "")[:60]
    try:
        photo = request.FILES.get("photo")
        codes = scan.decode(photo.name or "", photo.read()) if photo else [request.POST.get("code", "")]
        made = [
            actions.scan_item(
                ctx.keyed(f"{key}:{at}" if at else key), room, code=code, note=request.POST.get("note", ""),
                quantity=scan.quantity_of(request.POST.get("quantity", "")), device_at=scan.moment_of(request.POST.get("device_at", "")),
            )
            for at, code in enumerate(codes)
        ]  # fmt: skip
    except (Refused, Forbidden, Missing) as no:
        if queued(request):
            return refused(no)
        messages.error(request, str(no))
        return HttpResponseRedirect(reverse("assets:count-room", args=[ctx.school.code, room.pk]))
    if queued(request):
        one = made[0]
        return JsonResponse(
            {"said": one.said, "name": str(one.asset.name if one.asset else one.code or one.note), "words": words(one)}
        )
    for one in made:
        messages.info(request, f"{one.get_said_display()}：{one.asset or one.code or one.note} {words(one)}")
    return HttpResponseRedirect(reverse("assets:count-room", args=[ctx.school.code, room.pk]))


def words(one: Scan) -> str:
    """A scan in words, beside its result."""
    number = one.asset.number if one.asset else one.code
    if one.said == Scan.Said.MOVED and one.asset is not None:
        return f"{number} · 账上在 {one.asset.place or '没有登记地点'}"
    if one.said == Scan.Said.OUTSIDE:
        return f"{number} · 台账里有，不在这次盘点的清单里"
    if one.said == Scan.Said.AGAIN:
        return f"{number} · 这间房已经扫过"
    return f"{number} · 台账里没有，先记下" if one.said == Scan.Said.UNKNOWN else number


@page("assets.count_assets")
def room_list(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    """What a phone needs to judge a scan by itself: numbers and labels of every card on the list, and where each stands.

    A blind count learns nothing of where things should be.
    """
    room = _room(ctx, pk)
    blind = room.stocktake.blind
    rows = StocktakeItem.objects.filter(stocktake=room.stocktake_id).values_list(
        "asset_id", "asset__number", "asset__name", "room_id"
    )
    found = list(rows)
    first = dict(
        Scan.objects.filter(stocktake=room.stocktake_id, asset__isnull=False)
        .order_by("-id")
        .values_list("asset_id", "room_id")
    )
    labels = PublicCode.objects.filter(object_kind="asset", revoked_on=None, object_id__in=[pk for pk, *_ in found])
    numbers_of = {pk: number for pk, number, *_ in found}
    items = {
        number.upper(): {"name": name, "room": "" if blind else str(where), "seen": str(first.get(asset, ""))} for asset, number, name, where in found
    }  # fmt: skip
    places = {} if blind else {str(one.pk): str(one.place) for one in room.stocktake.rooms.select_related("place")}
    said = {value: {"label": label, "tone": TONES[value]} for value, label in Scan.Said.choices}
    return JsonResponse({
        "blind": blind, "items": items, "codes": {one.code: numbers_of[one.object_id].upper() for one in labels}, "rooms": places,
        "words": said | {"refused": {"label": "没有收", "tone": "bad"}}, "counts": scanned(room),
    })  # fmt: skip


@page("assets.read_stocktake")
def differences(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    """GET the differences in tabs; POST decides about the chosen ones."""
    stocktake: Stocktake | None = Stocktake.objects.visible_to(ctx).filter(pk=pk).first()
    if stocktake is None:
        raise Missing("没有这次盘点，可能不归您看。")
    tab = request.GET.get("tab", "moved")
    tab = tab if tab in TABS else "moved"
    here = f"{reverse('assets:count-differences', args=[ctx.school.code, pk])}?tab={tab}"
    if request.method == "POST":
        try:
            _settled(request, ctx, stocktake)
        except Refused as no:
            for problem in no.problems:
                messages.error(request, problem)
        return HttpResponseRedirect(here)
    found = counting.tally(stocktake)
    given = {
        "stocktake": stocktake, "tab": tab, "tabs": [(key, label, _count(found, key)) for key, label in TABS.items()], "rows": _rows(stocktake, tab),
        "found": found, "buildings": buildings(stocktake), "unsettled": counting.unsettled(stocktake),
        "may": ctx.may("assets.plan_stocktake") and stocktake.phase == Stocktake.Phase.SETTLING and stocktake.may_change, "key": secrets.token_urlsafe(16),
        "back": addresses.url_of(ctx.school, stocktake), "equals": found["books"] - found["waiting"] - found["short"] - found["fewer"] - found["moved"],
        "lacking": found["short"] + found["fewer"],
    }  # fmt: skip
    return TemplateResponse(request, "assets/differences.html", given)


def _count(found: Any, tab: str) -> int:
    return int(found["short"] + found["fewer"] if tab == "short" else found[tab])


def _rows(stocktake: Stocktake, tab: str) -> Sequence[Any]:
    """The first five hundred of a tab; the export has all."""
    if tab == "surplus":
        return list(
            Surplus.objects.filter(stocktake=stocktake)
            .select_related("room__place", "scan__person")
            .order_by("id")[:500]
        )
    results = ("short", "fewer") if tab == "short" else (tab,)
    rows = StocktakeItem.objects.filter(stocktake=stocktake, result__in=results)
    joined = rows.select_related("asset", "room__place", "found_room__place__keeper", "custodian")
    return list(joined.order_by("asset__number")[:500])


def _settled(request: SchoolRequest, ctx: Ctx, stocktake: Stocktake) -> None:
    keyed, answer, reason = (
        ctx.keyed(request.POST.get("key", "")),
        request.POST.get("answer", ""),
        request.POST.get("reason", ""),
    )
    if surplus := request.POST.get("surplus", ""):
        if not surplus.isdecimal() or len(surplus) > 18:
            raise Refused("没有这一条盘盈。")
        value = scan.quantity_of(request.POST.get("value", "1"))
        actions.settle_surplus(
            keyed, stocktake, surplus=int(surplus), answer=answer, reason=reason, name=request.POST.get("name", ""),
            category=request.POST.get("category", "")[:9], quantity=scan.quantity_of(request.POST.get("quantity", "1")) or Decimal(1),
            value=value if value is not None else Decimal(1),
        )  # fmt: skip
        messages.success(request, "已定下这一条盘盈怎么办")
        return
    ids = numbers(request.POST.getlist("items"))
    actions.settle_differences(keyed, stocktake, items=ids, answer=answer, reason=reason)
    messages.success(request, f"已定下 {len(ids)} 件：{StocktakeItem.Answer(answer).label}")


def buildings(stocktake: Stocktake) -> list[dict[str, Any]]:
    """Progress by building: cards on the list, cards seen, rooms that are not done."""
    found: dict[str, dict[str, Any]] = {}
    for room in counting.progress(stocktake):
        parts = room.place.path.split("/")
        name = parts[1] if len(parts) > 1 else parts[0]
        one = found.setdefault(name, {"name": name, "listed": 0, "seen": 0, "rooms": 0, "left": 0})
        one["listed"] += room.listed or 0
        one["seen"] += min(room.seen or 0, room.listed or 0)
        one["rooms"] += 1
        one["left"] += room.done_at is None
    return list(found.values())


def _visible(ctx: Ctx, pk: int) -> Stocktake:
    found: Stocktake | None = Stocktake.objects.visible_to(ctx).filter(pk=pk).select_related("applicant").first()
    if found is None:
        raise Missing("没有这次盘点，可能不归您看。")
    return found


@page("assets.read_stocktake")
def sheet(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """The sheet to count from, or the differences to sign."""
    stocktake = papers.asked_for(request, ctx, Stocktake, "applicant")
    return papers.served(count_prints.count_sheet(ctx, stocktake), f"{stocktake.number}.pdf")


@page("assets.read_stocktake")
def export(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    """Every line in the finance bureau's columns."""
    stocktake = _visible(ctx, pk)
    if "school" not in ctx.spans("assets.read_stocktake"):
        raise Forbidden("清查明细是全校的，您只看得到自己盘的房间。")
    book = count_prints.bureau_book(ctx, stocktake)
    response = HttpResponse(book, content_type="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")
    response.headers["Content-Disposition"] = f"attachment; filename={stocktake.number}.xlsx"
    return response
