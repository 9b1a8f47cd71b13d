"""How the cast of the world signs: what a page would send, without the page."""

from __future__ import annotations

from typing import Any

from tests.world import NOW, World
from zongwu.kernel import scope
from zongwu.kernel.approvals.actions import agree
from zongwu.kernel.approvals.matters import MATTERS, content
from zongwu.kernel.approvals.models import Case
from zongwu.kernel.approvals.queries import papers_of
from zongwu.kernel.attachments import Kept, keep

SIGNATURE = "100,100 140,180 180,90 230,200;300,120 340,160 380,110 420,190 460,100"


def scan(world: World) -> Kept:
    """The scan of a paper, in the file store."""
    return Kept("扫描件.pdf", *keep(world.school.pk, "扫描件.pdf", b"%PDF-1.4 minutes"))


def case_of(world: World, document: Any) -> Case:
    with scope.active(world.school):
        found: Case = Case.objects.filter(object_kind=document.kind, object_id=document.pk).latest("id")
        return found


def shown(world: World, document: Any) -> str:
    """The digest of what a page would show of the document now."""
    with scope.active(world.school):
        case = case_of(world, document)
        matter = MATTERS[case.matter]
        fresh = matter.load(document.pk)
        return content(matter, fresh, papers_of(fresh))[1]


def sign(world: World, who: str, document: Any, **more: Any) -> Any:
    more.setdefault("signature", SIGNATURE)
    ctx = world.ctx(who, now=more.pop("now", NOW))
    return agree(ctx, case_of(world, document), shown=more.pop("shown", None) or shown(world, document), **more)


def state_of(row: Any) -> str:
    with scope.active(row.school_id):
        return str(type(row).objects.get(pk=row.pk).state)
