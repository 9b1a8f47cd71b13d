"""Papers that stand one below another on a sheet (入库单, 领用单): the line above each header, and the sum below its rows."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from zongwu.kernel.amounts import NotAnAmount, parse_yuan_words, plain_yuan, yuan_in_words
from zongwu.kernel.transfer import markings
from zongwu.kernel.transfer.layout import Draft
from zongwu.kernel.transfer.raw import half


@dataclass
class Paper:
    """What stands above the rows of one paper: record keys, the number, and why it cannot be taken in as a whole."""

    fields: dict[str, Any]
    number: str = ""
    other: str = ""
    """A second number, printed on the form: two papers of one number with different ones are a mistake."""
    problem: str = ""
    computed: Decimal = Decimal(0)
    rows: int = 0


Head = Callable[[str], Paper | None]
"""A line of text → the paper that begins with it; None where none does."""


@dataclass
class Papers:
    """All papers of a workbook while it is read, across its sheets."""

    read: Head
    seen: dict[str, Paper] = field(default_factory=dict)
    failed: list[dict[str, str]] = field(default_factory=list)
    """Sums that a paper states and its rows do not come to."""
    now: Paper | None = None
    documents: int = 0
    refused: int = 0

    def begins(self, cells: Sequence[Any]) -> bool:
        """Whether this row is the head of a paper; a head over two rows is one."""
        text = "　".join(str(cell) for cell in cells)
        paper = self.read(text)
        if paper is None:
            return False
        if self.now is not None and not self.now.rows and self.now.number == (paper.number or self.now.number):
            paper.fields = {key: value or self.now.fields.get(key) for key, value in paper.fields.items()}
            paper.number, paper.other = paper.number or self.now.number, paper.other or self.now.other
        else:
            self.documents += 1
        earlier = self.seen.get(paper.number)
        if earlier is not None and earlier is not self.now and earlier.other != paper.other:
            paper.problem = "单号与前面一张重复（NO. 不同）"
        if paper.number and not paper.problem:
            self.seen.setdefault(paper.number, paper)
        self.refused += bool(paper.problem)
        self.now = paper
        return True

    def into(self, draft: Draft) -> None:
        """A row belongs to the paper above it."""
        if self.now is None:
            return
        self.now.rows += 1
        draft.record.update({key: value for key, value in self.now.fields.items() if draft.record.get(key) is None})
        if self.now.problem:
            draft.note("doc", "reject", f"整张单据待人工：{self.now.problem}")

    def add(self, amount: Decimal) -> None:
        if self.now is not None:
            self.now.computed += amount

    def states(self, cells: Sequence[Any]) -> None:
        """The row with the paper's sum, in figures and in capital words: what does not agree is told."""
        if self.now is None or self.now.problem:
            return
        text = half("　".join(str(cell) for cell in cells))
        computed = self.now.computed
        written = markings.written_amount(text).replace(",", "")
        if written and Decimal(written) != computed:
            self._fails(
                "合计", plain_yuan(Decimal(written)), plain_yuan(computed), diff=plain_yuan(Decimal(written) - computed)
            )
        words = re.search(r"[零壹贰叁肆伍陆柒捌玖拾佰仟万亿元圆角分整正]{3,}", text)
        stated = Decimal(written) if written else computed
        try:
            said = parse_yuan_words(words[0]) if words else stated
        except NotAnAmount:
            said = None
        if said != stated and words:
            whole = "整" if words[0].endswith(("整", "正")) else ""
            self._fails("大写合计", words[0], yuan_in_words(computed).removesuffix("整") + whole)

    def _fails(self, row: str, written: str, computed: str, **more: str) -> None:
        assert self.now is not None
        self.failed.append({"doc": self.now.number, "row": row, "written": written, "computed": computed, **more})

    def facts(self) -> Mapping[str, Any]:
        """For the control totals of the import."""
        return {"documents": self.documents, "documents_rejected": self.refused, "document_checks_failed": self.failed}
