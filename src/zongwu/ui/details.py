"""The page of one row: its facts, its people, its papers, its whole life, and what can be done with it now."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.http import HttpResponse
from django.template.response import TemplateResponse

from zongwu.kernel import journal
from zongwu.kernel.actions import ACTIONS, Action
from zongwu.kernel.approvals.models import Case
from zongwu.kernel.attachments import Attachment
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing
from zongwu.ui import addresses, approving, cells, forms, history
from zongwu.ui import screens as described
from zongwu.ui.case_forms import AgreeForm
from zongwu.ui.cells import Cell
from zongwu.ui.request import Page, SchoolRequest, page
from zongwu.ui.screens import Approval, Attachments, Column, Facts, History, Part, People, Rows, Screens, Sheet, joined

SHOWN = 5
"""So many buttons stand in the head; the rest is behind 更多."""
LIFE = 30
"""So many entries of the history are drawn at first."""


@dataclass
class Drawn:
    """One sheet of the page: which partial draws it, and what with."""

    kind: str
    title: str
    given: dict[str, Any] = field(default_factory=dict)
    side: bool = False
    parts: list[Drawn] = field(default_factory=list)
    """People stand in the sheet before them; an approval brings what is decided and what was said."""

    @property
    def template(self) -> str:
        return f"ui/sheets/{self.kind}.html"


def find(screens: Screens, ctx: Ctx, pk: int) -> Any:
    """The row, if this person may see it.

    :raises Missing: no such row for him.
    """
    row = joined(screens.model.objects.visible_to(ctx), _named(screens)).filter(pk=pk).first()
    if row is None:
        raise Missing
    return row


def _named(screens: Screens) -> Iterator[Column]:
    """Every column that the page shows of the row itself."""
    yield from screens.columns
    for sheet in screens.sheets:
        if isinstance(sheet, Facts | People):
            yield from (name if isinstance(name, Column) else Column(name) for name in sheet.names)


def detail_view(screens: Screens) -> Page:
    """The page of a row; asked for by htmx, the preview beside the list."""

    @page(screens.read)
    def view(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
        row = find(screens, ctx, pk)
        if request.headers.get("HX-Target") == "peek":
            return TemplateResponse(request, "ui/_peek.html", preview(screens, ctx, row))
        return TemplateResponse(request, "ui/detail.html", full(screens, ctx, row, whole="life" in request.GET))

    return view


def head(screens: Screens, ctx: Ctx, row: Any) -> dict[str, Any]:
    """Title, number and state of a row, and its buttons."""
    title, badge, end = screens.one("title"), screens.one("badge"), screens.one("end")
    code = next((column for column in screens.columns if column.link), screens.columns[0])
    buttons = buttons_of(screens, ctx, row)
    name = cells.cell(ctx.school, screens, row, title or code, link=False)
    return {
        "screens": screens,
        "row": row,
        "name": name,
        "code": cells.cell(ctx.school, screens, row, code, link=False) if title and title is not code else None,
        "badge": cells.cell(ctx.school, screens, row, badge, link=False) if badge else None,
        "url": addresses.row_url(ctx.school, screens, row.pk),
        "list_url": addresses.list_url(ctx.school, screens),
        "amount": cells.cell(ctx.school, screens, row, end, link=False)
        if end and any(isinstance(s, Approval) for s in screens.sheets)
        else None,
        "buttons": buttons[:SHOWN],
        "further": buttons[SHOWN:],
    }


def full(screens: Screens, ctx: Ctx, row: Any, *, whole: bool = False) -> dict[str, Any]:
    sheets: list[Drawn] = []
    top: list[Drawn] = []
    said: list[Drawn] = []
    for sheet in screens.sheets:
        drawn = draw(screens, ctx, row, sheet, whole=whole)
        if drawn is None:
            continue
        if drawn.kind == "people" and sheets and sheets[-1].kind == "facts":
            sheets[-1].parts.append(drawn)
        elif drawn.kind == "path":
            top.append(drawn)
            sheets += [part for part in drawn.parts if part.side]
            said += [part for part in drawn.parts if not part.side]
        else:
            sheets.append(drawn)
    return head(screens, ctx, row) | {
        "top": top,
        "left": [*(sheet for sheet in sheets if not sheet.side), *said],
        "right": [sheet for sheet in sheets if sheet.side],
    }


def preview(screens: Screens, ctx: Ctx, row: Any) -> dict[str, Any]:
    """The first facts and the last three events, beside the list."""
    facts: list[Cell] = []
    for sheet in screens.sheets:
        if isinstance(sheet, Facts | People) and len(facts) < 8:
            facts += facts_of(screens, ctx, row, sheet.names)
    kind = screens.model.kind
    lately = history.tell(ctx, list(journal.history(kind, row.pk)[:3])) if kind else []
    return head(screens, ctx, row) | {"facts": facts[:8], "lately": lately}


def facts_of(screens: Screens, ctx: Ctx, row: Any, names: Sequence[str | Column]) -> list[Cell]:
    """Cells for a fact grid; a name that the list knows is shown as there, without becoming a link to itself."""
    found = []
    for name in names:
        column = name if isinstance(name, Column) else _plain(screens, name)
        found.append(cells.cell(ctx.school, screens, row, column))
    return found


def _plain(screens: Screens, name: str) -> Column:
    known = screens.by_name.get(name)
    if known is None:
        return Column(name)
    look = type(known)
    return look(known.name, label=known.label, badge=known.badge)


def draw(screens: Screens, ctx: Ctx, row: Any, sheet: Sheet, *, whole: bool) -> Drawn | None:
    """One sheet of the description with what it shows; None where there is nothing to say."""
    match sheet:
        case Facts():
            facts = [cell for cell in facts_of(screens, ctx, row, sheet.names) if sheet.gaps or cell.text]
            given: dict[str, Any] = {"facts": facts, "columns": sheet.columns}
            return Drawn("facts", sheet.title, given, sheet.side) if facts else None
        case People():
            return Drawn("people", sheet.title, {"people": facts_of(screens, ctx, row, sheet.names)})
        case Part():
            context = sheet.context(ctx, row)
            given = {"template": sheet.template, "note": sheet.note, "given": context}
            return None if context is None else Drawn("part", sheet.title, given, sheet.side)
        case Rows():
            return _rows(ctx, row, sheet)
        case Attachments():
            return _papers(screens, ctx, row, sheet)
        case History():
            return _life(screens, ctx, row, sheet, whole)
        case Approval():
            return _approval(ctx, row, sheet)


def _approval(ctx: Ctx, row: Any, sheet: Approval) -> Drawn | None:
    way = approving.way_of(ctx, row)
    if way is None:
        return None
    form = None
    if way.task and not way.task.stand_in:
        form = AgreeForm(initial={"shown": way.shown})
        forms.meet(form, ctx, way.case)
    given = {"way": way, "key": secrets.token_urlsafe(16), "urls": _deciding(ctx, way), "form": form}
    parts = [Drawn("decide", "您的决定", given, side=True)] if way.case else []
    parts += [Drawn("said", "意见和签名", given)] if way.opinions else []
    return Drawn("path", sheet.title, given, parts=parts)


def _deciding(ctx: Ctx, way: approving.Way) -> dict[str, str]:
    """The address of each decision."""
    screens = described.of(Case)
    if screens is None or way.case is None:
        return {}
    return {verb.name: addresses.do_url(ctx.school, screens, way.case.pk, verb.name) for verb in screens.verbs()}


def _rows(ctx: Ctx, row: Any, sheet: Rows) -> Drawn | None:
    found = list(sheet.rows(ctx, row)[: sheet.most + 1])
    if not found and not sheet.empty:
        return None
    screens = described.of(type(found[0])) if found else None
    heads = [(column, screens.label(column) if screens else _label(found, column)) for column in sheet.columns]
    shown = found[: sheet.most]
    lines = [[(cells.cell(ctx.school, screens, row, column), label) for column, label in heads] for row in shown]
    given = {"heads": heads, "lines": lines, "more": len(found) > sheet.most, "most": sheet.most, "empty": sheet.empty}
    return Drawn("rows", sheet.title, given)


def _label(found: Sequence[Any], column: Column) -> str:
    if column.label:
        return column.label
    stored = described.field_at(type(found[0]), column.name) if found else None
    return str(stored.verbose_name) if stored else ""


def _papers(screens: Screens, ctx: Ctx, row: Any, sheet: Attachments) -> Drawn:
    kind = screens.model.kind
    papers = Attachment.objects.filter(object_kind=kind, object_id=row.pk, void_on=None).order_by("id")
    given = {
        "papers": list(papers), "about": f"{kind}:{row.pk}", "may": Reach(screens, ctx, row).has("ui.attach_file"),
        "url": addresses.named(ctx.school, "files"),
    }  # fmt: skip
    return Drawn("papers", sheet.title, given)


def _life(screens: Screens, ctx: Ctx, row: Any, sheet: History, whole: bool) -> Drawn:
    entries = journal.history(screens.model.kind, row.pk)
    found = list(entries if whole else entries[: LIFE + 1])
    more = not whole and len(found) > LIFE
    told = history.tell(ctx, found[:LIFE] if more else found)
    return Drawn("life", sheet.title, {"told": told, "more": more, "count": len(told)}, side=True)


@dataclass(frozen=True)
class Button:
    """Something that this person can do with this row now."""

    label: str
    icon: str
    url: str
    primary: bool = False
    grave: bool = False


def buttons_of(screens: Screens, ctx: Ctx, row: Any) -> list[Button]:
    """Verbs that are permitted here and available now, then papers to print, then what starts from this row."""
    school, reach = ctx.school, Reach(screens, ctx, row)
    buttons = [
        Button(
            verb.label,
            verb.icon,
            addresses.do_url(school, screens, row.pk, verb.name),
            verb.primary,
            bool(verb.confirm),
        )
        for verb in screens.in_head
        if reach.has(verb.permission) and verb.available(row)
    ]
    for paper in screens.papers:
        url = addresses.named(school, paper.url)
        if url and paper.available(row) and (not paper.permission or reach.has(paper.permission)):
            buttons.append(Button(paper.label, paper.icon, f"{url}?ids={row.pk}"))
    kind = screens.model.kind
    for verb in _starting_from(kind) if not getattr(row, "void", False) else ():
        above = described.of(verb.model)
        if above is not None and ctx.may(verb.permission):
            url = addresses.new_url(school, above, verb.name, **{kind: row.pk})
            buttons.append(Button(verb.label, verb.icon, url))
    return sorted(buttons, key=lambda button: button.grave)


def _starting_from(kind: str) -> list[Action]:
    return [verb for verb in ACTIONS.values() if verb.creates and kind in verb.starts_from and not verb.hidden]


class Reach:
    """Whether a permission, in the range in which this person holds it, covers the row. One query per permission."""

    def __init__(self, screens: Screens, ctx: Ctx, row: Any) -> None:
        self._screens, self._ctx, self._row = screens, ctx, row
        self._known: dict[str, bool] = {}

    def has(self, permission: str) -> bool:
        if permission not in self._known:
            self._known[permission] = self._ask(permission)
        return self._known[permission]

    def _ask(self, permission: str) -> bool:
        spans = self._ctx.spans(permission)
        if not spans or "school" in spans:
            return bool(spans)
        rows = self._screens.model.objects.within(self._ctx, permission)
        return bool(rows.filter(pk=self._row.pk).exists())
