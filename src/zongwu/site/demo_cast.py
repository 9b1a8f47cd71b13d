"""The cast of the demonstration, and who does something when."""

from __future__ import annotations

from datetime import datetime

from zongwu.kernel import scope
from zongwu.kernel.accounts import Person
from zongwu.kernel.approvals.actions import agree
from zongwu.kernel.approvals.models import Case, CaseState, Document
from zongwu.kernel.clock import SCHOOL_ZONE
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.scope import School

PEOPLE = (
    ("zhou", "周建国", "总务主任", "总务处", "head"),
    ("chen", "陈立新", "副校长", "校长室", "principal"),
    ("sun", "孙丽华", "资产管理员", "总务处", "storekeeper"),
    ("lin", "林小燕", "会计", "总务处", "bookkeeper"),
    ("li", "李想", "信息中心主任", "信息中心", "department_head"),
    ("gao", "高文", "班主任", "三年级组", "class_teacher"),
    ("he", "何大庆", "维修工", "总务处", "worker"),
)
"""Account, name, post, department, role."""


def at(year: int, month: int, day: int, hour: int = 9) -> datetime:
    return datetime(year, month, day, hour, tzinfo=SCHOOL_ZONE)


def ink(account: str) -> str:
    """A scribble in place of a signature, another for each of the cast."""
    seed = sum(map(ord, account))
    strokes = []
    for stroke in range(5):
        left = 140 + stroke * 150
        points = [
            (left + step * 16, 90 + (seed * (step + 3) * (stroke + 2)) % 190 + (step % 2) * 24) for step in range(7)
        ]
        strokes.append(" ".join(f"{x},{y}" for x, y in points))
    return ";".join(strokes)


class Cast:
    """The school with its people."""

    def __init__(self, founded: School) -> None:
        self.school = founded
        self.people: dict[str, Person] = {}

    def does(self, account: str, moment: datetime) -> Ctx:
        """The circumstances of one of the cast at a moment of the term."""
        with scope.active(self.school):
            return Ctx.member(self.people[account].memberships.select_related("school", "person").get(), now=moment)

    def agrees(self, account: str, moment: datetime, document: Document, opinion: str = "同意") -> None:
        with scope.active(self.school):
            case = Case.objects.get(object_kind=document.kind, object_id=document.pk)
        agree(self.does(account, moment), case, shown=case.hash, opinion=opinion, signature=ink(account))

    def agree_in_turn(self, document: Document, *who: str, on: tuple[int, int, int]) -> None:
        """They sign one after another on a day, as long as it is on its way."""
        for number, account in enumerate(who):
            with scope.active(self.school):
                case = Case.objects.get(object_kind=document.kind, object_id=document.pk)
            if case.state == CaseState.RUNNING:
                self.agrees(account, at(*on, 18 + number), document)
