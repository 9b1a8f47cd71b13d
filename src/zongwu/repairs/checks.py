"""Examinations of repairs for `zongwu doctor`."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q

from zongwu.kernel.doctor import Finding, check
from zongwu.kernel.scope import School
from zongwu.repairs.models import State, Ticket


@check("repairs.times", "报修单的时间一步接一步")
def _times(school: School) -> Iterator[Finding]:
    late = Q(given_at__lt=F("reported_at")) | Q(taken_at__lt=F("given_at")) | Q(here_at__lt=F("taken_at"))
    for pk in Ticket.objects.filter(late | Q(closed_at__lt=F("done_at"))).values_list("pk", flat=True)[:20]:
        yield Finding("repairs.times", f"ticket:{pk}", "后一步的时间早于前一步")


@check("repairs.phones", "办结的报修单不再留电话")
def _phones(school: School) -> Iterator[Finding]:
    kept = Ticket.objects.filter(state__in=(State.CLOSED, State.DROPPED)).exclude(phone="")
    for pk in kept.values_list("pk", flat=True)[:20]:
        yield Finding("repairs.phones", f"ticket:{pk}", "电话还在")
