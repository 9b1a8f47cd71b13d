"""Examinations of safety for `zongwu doctor`."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q

from zongwu.kernel.doctor import Finding, check
from zongwu.kernel.scope import School
from zongwu.safety.models import Hazard, State


@check("safety.days", "隐患的日子一步接一步")
def _days(school: School) -> Iterator[Finding]:
    wrong = Q(fixed_on__lt=F("found_on")) | Q(closed_on__lt=F("fixed_on")) | Q(later_on__lte=F("due_on"))
    for pk in Hazard.objects.real().filter(wrong).values_list("pk", flat=True)[:20]:
        yield Finding("safety.days", f"hazard:{pk}", "后一步的日子早于前一步")


@check("safety.phones", "销号的隐患不再留电话")
def _phones(school: School) -> Iterator[Finding]:
    kept = Hazard.objects.filter(state__in=(State.CLOSED, State.VOID)).exclude(phone="")
    for pk in kept.values_list("pk", flat=True)[:20]:
        yield Finding("safety.phones", f"hazard:{pk}", "电话还在")
