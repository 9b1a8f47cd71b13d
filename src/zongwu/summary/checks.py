"""The summary's own examination for `zongwu doctor`."""

from __future__ import annotations

from collections.abc import Iterator

from zongwu.kernel.doctor import Finding, check
from zongwu.kernel.journal import JournalEntry
from zongwu.kernel.refs import ref
from zongwu.kernel.scope import School
from zongwu.summary.models import Summary
from zongwu.summary.queries import digest


@check("summary.signed", "定稿的总结没有改过")
def _signed(school: School) -> Iterator[Finding]:
    """What was frozen still gives the digest that its journal entry holds."""
    for summary in Summary.objects.filter(state=Summary.State.SIGNED):
        entry = JournalEntry.objects.filter(ref=ref(summary), verb="summary.signed").order_by("-id").first()
        if entry is None or entry.read_facts().get("sha256") != digest(summary):
            yield Finding("summary.signed", ref(summary), "文字或数字和定稿时不同")
