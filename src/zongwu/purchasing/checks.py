"""Purchasing's own examinations for `zongwu doctor`."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import F, Q, Sum

from zongwu.kernel.approvals.models import DocumentState
from zongwu.kernel.doctor import Finding, check
from zongwu.kernel.scope import School
from zongwu.purchasing.models import Acceptance, OrderLine

SIGNED = Q(arrived__acceptance__state=DocumentState.APPROVED)


@check("purchasing.accepted", "订单已验收的等于各张验收单之和")
def _accepted(school: School) -> Iterator[Finding]:
    sums = OrderLine.objects.annotate(taken=Sum("arrived__accepted", filter=SIGNED, default=0))
    for line in sums.exclude(accepted=F("taken"))[:20]:
        yield Finding(
            "purchasing.accepted",
            f"order:{line.order_id}",
            f"第 {line.seq} 行已验收 {line.accepted}，各张之和 {line.taken}",
        )


@check("purchasing.apart", "采购人没有验收自己买的东西")
def _apart(school: School) -> Iterator[Finding]:
    mine = Acceptance.objects.filter(members__person=F("order__buyer"))
    for pk in mine.values_list("pk", flat=True)[:20]:
        yield Finding("purchasing.apart", f"delivery:{pk}", "采购人在验收人里")
