"""A summary as an official document: the same text, laid out by GB/T 9704."""

from __future__ import annotations

from decimal import Decimal
from typing import cast

from zongwu.summary import prose
from zongwu.summary.models import Summary
from zongwu.summary.queries import Cut, Reading, read
from zongwu.ui import charts, documents


def document_of(summary: Summary) -> documents.Document:
    """The document's blocks: headings, paragraphs with their figures, tables and charts."""
    reading = read(summary)
    blocks: list[documents.Block] = []
    for section in reading.sections:
        if section.heading:
            blocks.append(documents.Heading(cast("documents.Level", section.level), section.heading))
        for block in prose.blocks(section.body):
            blocks += _block(block, reading)
    return documents.Document(
        title=f"{summary.school.name}\n{summary.title}", blocks=blocks, school=summary.school.name, signer=f"{summary.school.name}{summary.office}",
        signed_on=summary.signed_on or summary.begun_on,
    )  # fmt: skip


def to_docx(summary: Summary) -> bytes:
    """Word; two calls over the same records give the same bytes."""
    return documents.to_docx(document_of(summary))


def _block(block: prose.Block, reading: Reading) -> list[documents.Block]:
    if block.what == "paragraph":
        runs = [
            documents.Run(reading.text_of(piece.text) if piece.is_figure else piece.text, piece.is_figure)
            for piece in block.pieces
        ]
        return [documents.Paragraph(runs)]
    cut = reading.breakdowns.get(block.key)
    if cut is None or not cut.items:
        return []
    return [_table(cut) if block.what == "表" else _chart(cut, reading)]


def _table(cut: Cut) -> documents.Block:
    money = cut.unit == "元"
    total = sum((Decimal(amount) for _, amount in cut.items), Decimal(0))
    rows = [[name, _amount(Decimal(amount), money)] for name, amount in cut.items]
    return documents.Table(
        header=["项目", f"{'金额' if money else '数量'}（{cut.unit}）"], rows=rows, caption=cut.label, align=["left", "right"],
        total=["合计", _amount(total, money)],
    )  # fmt: skip


def _chart(cut: Cut, reading: Reading) -> documents.Block:
    bars = [charts.Bar(name, amount, _amount(Decimal(amount), cut.unit == "元")) for name, amount in cut.items]
    svg = charts.bars(bars, title=cut.label, greyscale=True)
    return documents.Picture(svg, caption=f"{cut.label}（截至 {reading.day:%Y-%m-%d}）")


def _amount(value: Decimal, money: bool) -> str:
    return f"{value:,.2f}" if money else f"{value.normalize():,f}"
