"""What `zongwu doctor` examines of approvals."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Exists, OuterRef

from zongwu.kernel.approvals.matters import MATTERS
from zongwu.kernel.approvals.models import Case, CaseState, Document, Task, TaskState
from zongwu.kernel.doctor import Finding, check
from zongwu.kernel.scope import School

_STANDS = {CaseState.RUNNING: Document.State.RUNNING, CaseState.RETURNED: Document.State.RETURNED}


@check("approvals.waiting", "审批中的单子都在等人")
def _waiting(school: School) -> Iterator[Finding]:
    """A case that runs waits for somebody; what has ended waits for nobody."""
    open_here = Exists(Task.objects.filter(case=OuterRef("pk"), state=TaskState.OPEN))
    for case in Case.objects.filter(state=CaseState.RUNNING).exclude(open_here)[:20]:
        yield Finding("approvals.waiting", f"case:{case.pk}", f"{case} 在审批中，却没有一个人要办。")
    for case in Case.objects.exclude(state__in=_STANDS).filter(open_here)[:20]:
        yield Finding("approvals.waiting", f"case:{case.pk}", f"{case} 已经办结，却还有人要办。")


@check("approvals.documents", "单子的状态和审批一致")
def _documents(school: School) -> Iterator[Finding]:
    for matter in MATTERS.values():
        live = dict(Case.objects.live().filter(matter=matter.code).values_list("object_id", "state"))
        rows = matter.model.objects.filter(state__in=_STANDS.values()) | matter.model.objects.filter(pk__in=live)
        for document in rows:
            if _STANDS.get(live.get(document.pk, "")) != document.state:
                yield Finding(
                    "approvals.documents", f"{document.kind}:{document.pk}", f"{document} 的状态和它的审批对不上。"
                )
