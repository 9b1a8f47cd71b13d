"""Questions that several verbs ask before they write."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import QuerySet

from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Refused


def unused(model: Any, field: str, value: str, sentence: str, *, other_than: Any = None, told: str = "") -> None:
    """Nobody else has this name.

    :raises Refused: somebody has; an ended one can be brought back.
    """
    rows = (model if isinstance(model, QuerySet) else model.objects).filter(**{field: value})
    found = (rows.exclude(pk=other_than.pk) if other_than else rows).first()
    if found is not None:
        ended = getattr(found, "closed_on", None)
        more = f"它 {ended:%Y-%m-%d} 起停用了，要再用请打开它办「恢复」。" if ended else ""
        raise Refused(fields={told or field: sentence + more})


def day_of_act(ctx: Ctx, on: date, since: date | None, what: str) -> None:
    """A day that has come and is not before what it follows.

    :raises Refused: otherwise.
    """
    if on > ctx.today:
        raise Refused(fields={"on": "日期不能在今天以后，到那天再办。"})
    if since is not None and on < since:
        raise Refused(fields={"on": f"{what}的日期是 {since:%Y-%m-%d}，不能早于这一天。"})
