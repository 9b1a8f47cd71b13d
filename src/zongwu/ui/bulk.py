"""The bulk bar: one action on at most two hundred chosen rows, each in its own transaction, each refusal told."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import BaseForm
from django.http import HttpResponse
from django.template.response import TemplateResponse

from zongwu.kernel.actions import Action
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Forbidden, Missing, Refused
from zongwu.ui import addresses, doing
from zongwu.ui.lists import Listing
from zongwu.ui.request import Page, SchoolRequest, page
from zongwu.ui.screens import Screens, joined

MOST = 200


@dataclass(frozen=True)
class Outcome:
    """What became of one row."""

    row: Any
    url: str
    problems: Sequence[str] = ()


def bulk_view(screens: Screens) -> Page:
    """GET shows the form for the chosen rows (`ids`, or `all` that a filter leaves), POST does them one by one."""

    @page(screens.read)
    def view(request: SchoolRequest, ctx: Ctx, verb: str) -> HttpResponse:
        action = doing.verb_named(screens, verb, creates=False)
        if not action.bulk:
            raise Missing("这个操作不能成批办。")
        if not ctx.may(action.permission):
            raise Forbidden(f"没有「{action.label}」的权限，请找学校管理员。")
        rows = chosen(screens, ctx, request)
        if request.method != "POST":
            return _shown(request, ctx, screens, action, doing.bound_form(screens, action, ctx, None), rows)
        form = doing.bound_form(screens, action, ctx, None, request)
        if not form.is_valid():
            return _shown(request, ctx, screens, action, form, rows, status=422)
        return _done(request, ctx, screens, action, form, rows)

    return view


def chosen(screens: Screens, ctx: Ctx, request: SchoolRequest) -> list[Any]:
    """The chosen rows in the order of their ids.

    :raises Missing: one of them does not exist for this person; then none is touched (decisions 15).
    :raises Refused: none, or more than two hundred.
    """
    given = request.POST if request.method == "POST" else request.GET
    if given.get("all") and request.method != "POST":
        ids = list(Listing(screens, ctx, request.GET, request).rows.values_list("pk", flat=True)[: MOST + 1])
    else:
        texts = list(dict.fromkeys(given.getlist("ids")))
        if not all(text.isdecimal() and len(text) < 19 for text in texts):
            raise Missing("选中的记录里有看不懂的编号，请回到列表重新选。")
        ids = [int(text) for text in texts]
    if not ids:
        raise Refused("还没有选中任何一行，请回到列表，在左边打勾。")
    if len(ids) > MOST:
        raise Refused(f"一次最多办 {MOST} 条，请缩小筛选范围，分几次办。")
    rows = joined(screens.model.objects.visible_to(ctx).filter(pk__in=ids), screens.columns)
    found = list(rows.order_by("pk"))
    if len(found) != len(ids):
        raise Missing("选中的记录里有找不到的，可能已作废，或不归您看；一条也没有办。请回到列表重新选。")
    return found


def _shown(
    request: SchoolRequest, ctx: Ctx, screens: Screens, verb: Action, form: BaseForm, rows: Sequence[Any], *,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    given = {
        "verb": verb, "form": form, "screens": screens, "rows": rows, "count": len(rows),
        "unavailable": [row for row in rows if not verb.available(row)],
        "may_confirm": doing.may_confirm(verb),
        "key": request.POST.get("key") or secrets.token_urlsafe(16),
        "cancel_url": addresses.list_url(ctx.school, screens),
    }  # fmt: skip
    return TemplateResponse(request, "ui/bulk.html", given, status=status)


def _done(
    request: SchoolRequest, ctx: Ctx, screens: Screens, verb: Action, form: BaseForm, rows: Sequence[Any]
) -> HttpResponse:
    keywords, key = doing.keywords_of(request, verb, form), request.POST.get("key", "")[:40]
    outcomes = []
    for row in rows:
        url, problems = addresses.row_url(ctx.school, screens, row.pk), []
        try:
            verb.run(ctx.keyed(f"{key}:{row.pk}" if key else ""), row, **keywords)
        except Refused as no:
            problems = list(no.problems)
        except (Forbidden, Missing) as no:
            problems = [str(no)]
        outcomes.append(Outcome(row, url, problems))
    refused = [outcome for outcome in outcomes if outcome.problems]
    given = {
        "verb": verb, "screens": screens, "done": [o for o in outcomes if not o.problems], "refused": refused,
        "again_url": addresses.bulk_url(ctx.school, screens, verb.name),
        "list_url": addresses.list_url(ctx.school, screens),
    }  # fmt: skip
    return TemplateResponse(request, "ui/bulk_done.html", given, status=409 if len(refused) == len(rows) else 200)
