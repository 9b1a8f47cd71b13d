"""What a person keeps about a list: his views, his columns."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect

from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused
from zongwu.ui import actions, addresses
from zongwu.ui.request import Page, SchoolRequest, page
from zongwu.ui.screens import Screens


def save_view(screens: Screens) -> Page:
    """POST keeps the present conditions as a view."""

    @page(screens.read)
    def view(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        query = request.POST.get("query", "")
        try:
            saved = actions.save_view(
                ctx, screen=screens.key, name=request.POST.get("name", ""), query=query,
                shared=bool(request.POST.get("shared")),
            )  # fmt: skip
            messages.success(request, f"已存视图：{saved.name}")
        except Refused as no:
            messages.error(request, str(no))
        return HttpResponseRedirect(addresses.list_url(ctx.school, screens, query))

    return view


def remove_view(screens: Screens) -> Page:
    """POST takes one of his own views away."""

    @page(screens.read)
    def view(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        removed = actions.remove_view(ctx, pk)
        messages.success(request, f"已删除视图：{removed.name}")
        return HttpResponseRedirect(addresses.list_url(ctx.school, screens))

    return view


def choose_columns(screens: Screens) -> Page:
    """POST keeps the chosen columns and the page length."""

    @page(screens.read)
    def view(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        wanted = [name for name in request.POST.getlist("columns") if name in screens.by_name]
        length = request.POST.get("page_length", "50")
        try:
            actions.choose_columns(
                ctx, screen=screens.key, columns=wanted, page_length=int(length) if length.isdecimal() else 0
            )
        except Refused as no:
            messages.error(request, str(no))
        return HttpResponseRedirect(addresses.list_url(ctx.school, screens, request.POST.get("query", "")))

    return view
