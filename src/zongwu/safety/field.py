"""Hazards on the phone: what one has to put right and what one has to look at again, through the phone's queue."""

from __future__ import annotations

import secrets
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.response import TemplateResponse

from zongwu.kernel import clock
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Forbidden, Missing, Refused
from zongwu.safety import actions, queries
from zongwu.safety.models import TO_FIX, Hazard, State
from zongwu.ui.case_forms import PhotoField
from zongwu.ui.request import SchoolRequest, page
from zongwu.ui.scan import moment_of

MOST = 40


class SaidForm(forms.Form):
    """What a card of the page says, whichever button was pressed."""

    did = forms.CharField(max_length=200, required=False)
    verdict = forms.CharField(max_length=100, required=False)
    photo = PhotoField()


@page("safety.read_hazard")
def mine(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """GET what is his; POST one step of one of them."""
    if request.method == "POST":
        return _done(request, ctx)
    rows = Hazard.objects.visible_to(ctx).select_related("place", "supervisor").order_by("due_on", "id")
    to_fix = list(rows.filter(state__in=TO_FIX, responsible=ctx.person)[:MOST])
    waits = rows.filter(state=State.FIXED).exclude(fixed_by=ctx.person).exclude(responsible=ctx.person)
    to_check = list(waits[:MOST]) if ctx.may(actions.RECHECK) else []
    shots = queries.shots_of([*to_fix, *to_check])
    given = {
        "to_fix": [(one, shots.get(one.pk, ())) for one in to_fix], "to_check": [(one, shots.get(one.pk, ())) for one in to_check], "today": ctx.today, "now": ctx.now,
        "key": secrets.token_urlsafe(12),
    }  # fmt: skip
    return TemplateResponse(request, "safety/mine.html", given)


def _done(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """One step: from the queue answered as JSON, from a plain form with the page again."""
    plain = "application/json" not in request.headers.get("Accept", "")
    try:
        hazard = _step(request, ctx.keyed(request.POST.get("key", "")[:60]))
    except (Refused, Forbidden, Missing) as no:
        if not plain:
            return JsonResponse({"problem": str(no)}, status=409)
        messages.error(request, str(no))
        return HttpResponseRedirect(request.path)
    words = f"{hazard.get_state_display()}：{hazard.title}"
    if not plain:
        return JsonResponse({"said": "ok", "words": words})
    messages.success(request, words)
    return HttpResponseRedirect(request.path)


def _step(request: SchoolRequest, ctx: Ctx) -> Hazard:
    """:raises Refused: no such step, or what was filled in cannot be."""
    pk, verb = request.POST.get("pk", ""), request.POST.get("verb", "")
    if not pk.isdecimal() or len(pk) > 18:
        raise Refused("没有这一步，请刷新后再点。")
    form = SaidForm(request.POST, request.FILES)
    if not form.is_valid():
        raise Refused(*(str(error) for errors in form.errors.values() for error in errors))
    said: dict[str, Any] = form.cleaned_data
    if verb == "fix":
        on = clock.day_of(clock.believed(moment_of(request.POST.get("device_at", "")), ctx.now))
        return actions.fix_hazard(ctx, int(pk), did=said["did"] or "已整改", on=on, photo=said["photo"])
    if verb == "pass":
        return actions.pass_recheck(ctx, int(pk), photo=said["photo"], verdict=said["verdict"])
    if verb == "fail":
        if not said["verdict"]:
            raise Refused("不合格的要写一句哪里不行。")
        return actions.fail_recheck(ctx, int(pk), verdict=said["verdict"], photo=said["photo"])
    raise Refused("没有这一步，请刷新后再点。")
