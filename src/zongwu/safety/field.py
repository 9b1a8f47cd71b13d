"""Hazards on the phone: what one has to put right and what one has to look at again, through the phone's queue."""

from __future__ import annotations

import secrets

from django import forms
from django.http import HttpResponse
from django.template.response import TemplateResponse

from zongwu.kernel import clock
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.safety import actions, queries
from zongwu.safety.models import TO_FIX, Hazard, State
from zongwu.ui.case_forms import PhotoField
from zongwu.ui.field import UNKNOWN, cleaned, one_step
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
        return one_step(request, ctx, _step)
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


def _step(request: SchoolRequest, ctx: Ctx, pk: int, verb: str) -> Hazard:
    """:raises Refused: no such step, or what was filled in cannot be."""
    said = cleaned(SaidForm(request.POST, request.FILES))
    if verb == "fix":
        on = clock.day_of(clock.believed(moment_of(request.POST.get("device_at", "")), ctx.now))
        return actions.fix_hazard(ctx, pk, did=said["did"] or "已整改", on=on, photo=said["photo"])
    if verb == "pass":
        return actions.pass_recheck(ctx, pk, photo=said["photo"], verdict=said["verdict"])
    if verb == "fail":
        if not said["verdict"]:
            raise Refused("不合格的要写一句哪里不行。")
        return actions.fail_recheck(ctx, pk, verdict=said["verdict"], photo=said["photo"])
    raise Refused(UNKNOWN)
