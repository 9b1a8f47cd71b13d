"""What classes need of each title and what they have: read from pupils and moves, so that who came or left shows by himself."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from django.db.models import Count, Q, Sum

from zongwu.school.models import SchoolClass
from zongwu.school.queries import window
from zongwu.stores.models import BookPlan, BookShare, Move, Slip, Textbook


class Cell(NamedTuple):
    """One class and one title: how many it needs today and how many it has."""

    need: int
    has: int

    @property
    def gap(self) -> int:
        """More than nothing is lacking, less is too many."""
        return self.need - self.has


@dataclass
class ClassRow:
    """One class of the matrix."""

    school_class: SchoolClass
    size: int
    cells: list[tuple[Textbook, Cell]] = field(default_factory=list)

    @property
    def lacking(self) -> int:
        return sum(max(cell.gap, 0) for _, cell in self.cells)

    @property
    def over(self) -> int:
        return sum(max(-cell.gap, 0) for _, cell in self.cells)

    @property
    def begun(self) -> bool:
        return any(cell.has for _, cell in self.cells)


def sizes() -> dict[int, int]:
    """Class → pupils at the school today."""
    rows = SchoolClass.objects.open().annotate(n=Count("pupils", filter=Q(pupils__left_on=None)))
    return dict(rows.values_list("pk", "n"))


def titles(plan: BookPlan, grade: int | None = None) -> list[Textbook]:
    """The titles of a plan, of one grade or all."""
    rows = Textbook.objects.filter(pk__in=plan.lines.values("textbook")).select_related("item")
    return list((rows.filter(grade=grade) if grade else rows).order_by("grade", "subject", "id"))


def given(plan: BookPlan, classes: Sequence[SchoolClass]) -> dict[tuple[int, int], int]:
    """(class, item) → copies that it was given from when the plan was made until the term is over, less what it brought back."""
    found: dict[tuple[int, int], int] = {}
    moves = Move.objects.filter(
        slip__school_class__in=classes, on__range=(plan.made_on, window(plan.term).until), item__textbook__isnull=False
    )
    for form, sign in ((Slip.Form.ISSUE, 1), (Slip.Form.RETURN, -1)):
        rows = (
            moves.filter(slip__form=form, slip__reversed_by=None).order_by().values_list("slip__school_class", "item")
        )
        for school_class, item, many in rows.annotate(n=Sum("quantity")):
            found[school_class, item] = found.get((school_class, item), 0) + sign * int(many)
    return found


def matrix(plan: BookPlan, grade: int) -> tuple[list[Textbook], list[ClassRow]]:
    """Titles across, classes down: what each needs today and what it has."""
    books = titles(plan, grade)
    classes = list(SchoolClass.objects.open().filter(grade=grade).select_related("teacher").order_by("number", "id"))
    many, has = sizes(), given(plan, classes)
    extra = {
        (one.school_class_id, one.textbook_id): one.extra
        for one in BookShare.objects.filter(plan=plan, school_class__in=classes)
    }
    rows = [
        ClassRow(one, many[one.pk], [
            (book, Cell(max(many[one.pk] + extra.get((one.pk, book.pk), 0), 0), has.get((one.pk, book.item_id), 0))) for book in books
        ])
        for one in classes
    ]  # fmt: skip
    return books, rows


def lacking(plan: BookPlan, school_class: SchoolClass) -> list[tuple[Textbook, int]]:
    """What a class still has to get."""
    _, rows = matrix(plan, school_class.grade)
    row = next((one for one in rows if one.school_class.pk == school_class.pk), None)
    return [(book, cell.gap) for book, cell in row.cells if cell.gap > 0] if row else []


def open_gaps(plan: BookPlan) -> dict[str, int]:
    """Class → copies it lacks (more than 0) or has too many (less), over all grades: who came or left since is seen here."""
    found: dict[str, int] = {}
    for grade in sorted({book.grade for book in titles(plan)}):
        for row in matrix(plan, grade)[1]:
            if row.begun and (row.lacking or row.over):
                found[row.school_class.name] = row.lacking or -row.over
    return found
