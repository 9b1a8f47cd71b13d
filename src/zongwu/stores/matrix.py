"""The class × title matrix of a grade, filled in like a spreadsheet."""

from __future__ import annotations

import re
import secrets
from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect, QueryDict
from django.template.response import TemplateResponse

from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Forbidden, Missing, Refused
from zongwu.stores import actions, books
from zongwu.stores.actions.books import KEEP
from zongwu.stores.actions.slips import ISSUE
from zongwu.stores.models import BookPlan
from zongwu.ui.request import SchoolRequest, page


@page("stores.read_books")
def matrix(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    """GET the matrix of one grade; POST what was typed into it."""
    plan = BookPlan.objects.visible_to(ctx).filter(pk=pk).select_related("term").first()
    if plan is None:
        raise Missing("没有这次征订，可能不归您看。")
    grades = sorted({book.grade for book in books.titles(plan)})
    said = request.POST or request.GET
    wanted = said.get("grade", "")
    grade = int(wanted) if wanted.isdecimal() and len(wanted) < 3 and int(wanted) in grades else (grades or [1])[0]
    if request.method != "POST":
        return TemplateResponse(request, "stores/matrix.html", _given(ctx, plan, grades, grade))
    if not ctx.may(KEEP):
        raise Forbidden("没有改各班册数的权限，请找学校管理员。")
    try:
        actions.share_books(ctx.keyed(said.get("key", "")[:60]), plan, wanted=_typed(said))
    except Refused as no:
        given = _given(ctx, plan, grades, grade, said) | {"problems": no.problems}
        return TemplateResponse(request, "stores/matrix.html", given, status=409)
    messages.success(request, f"已存 {grade} 年级各班册数")
    return HttpResponseRedirect(f"{request.path}?grade={grade}")


def _given(ctx: Ctx, plan: BookPlan, grades: list[int], grade: int, said: QueryDict | None = None) -> dict[str, Any]:
    titles, rows = books.matrix(plan, grade)
    for row in rows:
        row.typed = [  # type: ignore[attr-defined]
            (book, {"need": cell.need, "has": cell.has, "gap": cell.gap, "over": -cell.gap}, said.get(f"c-{row.school_class.pk}-{book.pk}", cell.need) if said else cell.need)
            for book, cell in row.cells
        ]  # fmt: skip
    return {
        "plan": plan, "grades": grades, "grade": grade, "titles": titles, "rows": rows, "key": secrets.token_urlsafe(16), "may": ctx.may(KEEP),
        "hands": ctx.may(ISSUE) and plan.ordered_on is not None,
    }  # fmt: skip


def _typed(said: QueryDict) -> dict[tuple[int, int], int]:
    """(class, title) → copies.

    :raises Refused: a cell that is no whole number.
    """
    found, wrong = {}, []
    for name, value in said.items():
        fits = re.fullmatch(r"c-(\d{1,18})-(\d{1,18})", name)
        if fits is None or said.get(f"o{name[1:]}") == value:  # not touched: who came meanwhile is not written away
            continue
        text = str(value).strip() or "0"
        if re.fullmatch(r"\d{1,4}", text) is None:
            wrong.append(text)
        else:
            found[int(fits[1]), int(fits[2])] = int(text)
    if wrong:
        raise Refused(f"这些格子要写整数：{'、'.join(wrong[:5])}。")
    return found
