"""Looking through a point with the phone (`look/check-phone`): its items, all right unless tapped, and one button."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse

from zongwu.checks import actions, follows, queries, rules
from zongwu.checks.actions import Said
from zongwu.checks.models import CheckItem, CheckList, Plan, Point
from zongwu.kernel import amounts
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Conflict, Forbidden, Missing, Refused
from zongwu.ui import public
from zongwu.ui.case_forms import PhotoField
from zongwu.ui.choices import numbers
from zongwu.ui.field import done, keyed, queued, refused
from zongwu.ui.public import Stand
from zongwu.ui.request import SchoolRequest, page
from zongwu.ui.scan import moment_of

OTHER = "*"
"""Wrong, without one of the usual words."""


@page(queries.CHECK)
def today(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """What this person has to look through today; with `?point=` only what is to be looked at there."""
    point = Point.objects.filter(pk__in=numbers(request.GET.get("point"))[:1]).first()
    errands = queries.errands(ctx, ctx.today)
    for errand in errands if point else ():
        errand.left = [task for task in errand.left if task.point_id == point.pk]
    shown = [errand for errand in errands if errand.left or not point]
    left = [_url(ctx, task.plan_id, task.point_id) for errand in shown for task in errand.left][:60]
    given = {
        "errands": shown, "point": point, "now": ctx.now, "today": ctx.today, "pages": left,
        "lists": CheckList.objects.open().order_by("name") if point and ctx.may(queries.SPOT) else (),
    }  # fmt: skip
    return TemplateResponse(request, "checks/today.html", given)


@dataclass
class Asked:
    """One item as the page asks it, with what was answered before a refusal."""

    item: CheckItem
    said: str
    note: str
    number: str
    absent: str
    then: str

    @property
    def odd(self) -> bool:
        return bool(self.said and self.said not in self.item.fines)

    @property
    def limits(self) -> str:
        return rules.told(self.item.least, self.item.most, self.item.unit) or self.item.unit


@page(queries.CHECK)
def look(request: SchoolRequest, ctx: Ctx, by: str, pk: int, point: int) -> HttpResponse:
    """GET the items of a plan, or of a list without one; POST what was found."""
    try:
        plan, listed, where = _asked(ctx, by, pk, point)
    except Missing as no:
        if request.method == "POST" and queued(request):
            return refused(no)
        raise
    if request.method == "POST":
        return _looked(request, ctx, plan, listed, where)
    return TemplateResponse(request, "checks/look.html", _given(request, ctx, plan, listed, where))


def _asked(ctx: Ctx, by: str, pk: int, point: int) -> tuple[Plan | None, CheckList, Point | None]:
    """:raises Missing: no such plan or list for him, or a point that nobody looks at any more."""
    plan = Plan.objects.visible_to(ctx).filter(pk=pk).select_related("checklist").first() if by == "plan" else None
    listed = (
        plan.checklist
        if plan
        else CheckList.objects.open().visible_to(ctx).filter(pk=pk).first()
        if by == "list"
        else None
    )
    where = Point.objects.open().filter(pk=point).select_related("place").first() if point else None
    if listed is None or (point and where is None):
        raise Missing("没有这份检查，可能已经停用，或者不归您查。")
    return plan, listed, where


def _given(
    request: SchoolRequest, ctx: Ctx, plan: Plan | None, listed: CheckList, point: Point | None
) -> dict[str, Any]:
    said = request.POST
    items = [
        Asked(one, *(said.get(f"{name}-{one.pk}", "") for name in ("say", "note", "number", "absent", "then")))
        for one in queries.items_of(listed)
    ]
    mine = next((one for one in queries.errands(ctx, ctx.today) if plan and one.plan.pk == plan.pk), None)
    kept = queries.kept(plan, point, ctx.today) if plan else []
    return {
        "plan": plan, "listed": listed, "point": point, "items": items, "follows": follows.offered(), "errand": mine, "kept": kept, "other": OTHER,
        "streak": rules.streak([one.round_id is not None for one in kept]), "along": said.get("along", ""), "key": secrets.token_urlsafe(16), "then": listed.then,
    }  # fmt: skip


def _looked(
    request: SchoolRequest, ctx: Ctx, plan: Plan | None, listed: CheckList, point: Point | None
) -> HttpResponse:
    """From the queue of a phone answered as JSON, from a plain form with the next page; a refusal is the page again."""
    shown = numbers(request.POST.get("shown", ""))
    try:
        said = _said(request, listed, shown)
        device_at = moment_of(request.POST.get("device_at", ""))
        given: dict[str, Any] = {
            "shown": shown,
            "said": said,
            "along": request.POST.get("along", "")[:60],
            "device_at": device_at,
        }
        round_ = actions.submit_round(
            keyed(request, ctx), plan=plan, checklist=None if plan else listed, point=point, **given
        )
    except (Refused, Forbidden, Missing) as no:
        if queued(request):
            return refused(no)
        page_ = _given(request, ctx, plan, listed, point) | {"problems": getattr(no, "problems", [str(no)])}
        return TemplateResponse(request, "checks/look.html", page_, status=409 if isinstance(no, Conflict) else 422)
    words = f"{round_.items - round_.wrong} 项正常" + (f"，{round_.wrong} 项异常" if round_.wrong else "")
    url = _next(ctx, plan)
    if queued(request):
        return done(f"{round_.number} {words}", url=url)
    messages.success(request, f"{round_.number} {point or listed}：{words}")
    return HttpResponseRedirect(url)


def _next(ctx: Ctx, plan: Plan | None) -> str:
    """The next point of the same plan that is not looked through yet; the list of today where there is none."""
    task = queries.due(ctx, ctx.today).filter(plan=plan).order_by("point__place__path", "point__name", "nth").first()
    return _url(ctx, task.plan_id, task.point_id) if plan and task else reverse("checks:today", args=[ctx.school.code])


def _url(ctx: Ctx, plan: int, point: int | None) -> str:
    return reverse("checks:look", args=[ctx.school.code, "plan", plan, point or 0])


def _said(request: SchoolRequest, listed: CheckList, shown: list[int]) -> list[Said]:
    """What was said of each item that is not plainly all right.

    :raises Refused: a reading that is no number, or a file that is no photograph.
    """
    problems, found = [], []
    for item in listed.items.filter(pk__in=shown).order_by("seq") if shown else queries.items_of(listed):
        try:
            one = _answer(request, listed, item)
        except (Refused, forms.ValidationError) as no:
            told = no.messages if isinstance(no, forms.ValidationError) else no.problems
            problems += [f"{item}：{problem}" for problem in told]
        else:
            found += [one] if one is not None else []
    if problems:
        raise Refused(*problems)
    return found


def _answer(request: SchoolRequest, listed: CheckList, item: CheckItem) -> Said | None:
    word, note, absent, number, then = (
        request.POST.get(f"{name}-{item.pk}", "").strip()[:120] for name in ("say", "note", "absent", "number", "then")
    )
    photo = PhotoField().clean(request.FILES.get(f"photo-{item.pk}"))
    if absent:
        return Said(item.pk, absent=True, words=absent)
    if not (word or number or photo or note):
        return None
    wrong = bool(word) and word not in item.fines
    words = word if word != OTHER else ""
    return Said(item.pk, wrong, words=words, note=note, number=_reading(number), then=then or listed.then, photo=photo)


def _reading(text: str) -> Decimal | None:
    if not text:
        return None
    try:
        number = amounts.parse(text[:20])
    except amounts.NotAnAmount as no:
        raise Refused(f"读数「{text[:20]}」不是数。") from no
    return round(number, 3)


def _landing(ctx: Ctx, pk: int) -> str:
    """Whoever has to look here today begins at once; others see the point."""
    if not ctx.may(queries.CHECK):
        return ""
    here = list(queries.due(ctx, ctx.today).filter(point=pk).order_by("until_on", "nth")[:9])
    if not here and not ctx.may(queries.SPOT):
        return ""
    if len({task.plan_id for task in here}) == 1:
        return _url(ctx, here[0].plan_id, pk)
    return f"{reverse('checks:today', args=[ctx.school.code])}?point={pk}"


def _stand(pk: int) -> Stand | None:
    point = Point.objects.open().filter(pk=pk).select_related("place").first()
    return Stand(point.place, point.name if point.name != point.place.name else "") if point else None


public.LANDINGS[Point.kind] = _landing
public.STANDS[Point.kind] = _stand
