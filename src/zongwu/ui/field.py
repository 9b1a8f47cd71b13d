"""The server's half of a field page: what comes from a phone's queue is answered as JSON, what comes from a plain form with a page."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse

from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Forbidden, Missing, Refused
from zongwu.ui.choices import numbers
from zongwu.ui.request import SchoolRequest

UNKNOWN = "没有这一步，请刷新后再点。"


def queued(request: HttpRequest) -> bool:
    """The phone's queue asks (`ui/queue.js`), and not a form."""
    return "application/json" in request.headers.get("Accept", "")


def keyed(request: HttpRequest, ctx: Ctx) -> Ctx:
    """What is sent twice under one key is done once."""
    return ctx.keyed(request.POST.get("key", "")[:60])


def refused(no: Exception) -> JsonResponse:
    """What the phone tells, and keeps beside the piece that was not taken."""
    return JsonResponse({"problem": str(no)}, status=409)


def done(words: str, **more: str) -> JsonResponse:
    """What the phone tells of a piece that was taken; `url` leads on."""
    return JsonResponse({"said": "ok", "words": words} | more)


def one_step(request: SchoolRequest, ctx: Ctx, step: Callable[[SchoolRequest, Ctx, int, str], Any]) -> HttpResponse:
    """One press on one of the rows of a page, which gives the row as it is now: the page again, or JSON for the queue."""
    try:
        pk = next(iter(numbers(request.POST.get("pk"))), None)
        if pk is None:
            raise Refused(UNKNOWN)
        row = step(request, keyed(request, ctx), pk, request.POST.get("verb", ""))
    except (Refused, Forbidden, Missing) as no:
        if queued(request):
            return refused(no)
        messages.error(request, str(no))
        return HttpResponseRedirect(request.path)
    words = f"{row.get_state_display()}：{row.title}"
    if queued(request):
        return done(words)
    messages.success(request, words)
    return HttpResponseRedirect(request.path)


def cleaned(form: forms.Form) -> dict[str, Any]:
    """:raises Refused: with everything that the form finds wrong."""
    if not form.is_valid():
        raise Refused(*(str(error) for errors in form.errors.values() for error in errors))
    return form.cleaned_data
