"""Examinations of inspections for `zongwu doctor`."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, F, Q

from zongwu.checks.models import Finding, Round, Task
from zongwu.kernel import doctor
from zongwu.kernel.doctor import check
from zongwu.kernel.scope import School


@check("checks.counts", "检查记录的异常数和检查发现一致")
def _counts(school: School) -> Iterator[doctor.Finding]:
    rows = Round.objects.annotate(n=Count("findings", filter=Q(findings__verdict=Finding.Verdict.WRONG)))
    for pk in rows.exclude(n=F("wrong")).values_list("pk", flat=True)[:20]:
        yield doctor.Finding("checks.counts", f"checkround:{pk}", "异常的项数和检查发现不一致")


@check("checks.tasks", "检查任务和它的记录是同一个计划、同一个点位、在期限之内")
def _tasks(school: School) -> Iterator[doctor.Finding]:
    rows = Task.objects.filter(round__isnull=False)
    same = Q(round__plan=F("plan"), round__on__gte=F("from_on"), round__on__lte=F("until_on"))
    here = Q(point=None, round__point=None) | Q(round__point=F("point"))
    for pk in rows.exclude(same & here).values_list("pk", flat=True)[:20]:
        yield doctor.Finding("checks.tasks", f"checktask:{pk}", "检查记录不是这个任务的")
