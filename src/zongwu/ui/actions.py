"""What people do with the pages themselves: keep a view, choose columns, read notices, add a paper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from zongwu.kernel import attachments
from zongwu.kernel.actions import action, create_action
from zongwu.kernel.approvals import queries
from zongwu.kernel.attachments import Attachment, Kept
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Forbidden, Refused
from zongwu.kernel.notify import Notice
from zongwu.kernel.refs import resolve
from zongwu.ui.models import ListChoice, SavedView

PAGE_LENGTHS = (25, 50, 100)


@create_action(SavedView, label="存视图", permission="ui.save_view", hidden=True)
def save_view(ctx: Ctx, *, screen: str, name: str, query: str, shared: bool = False) -> SavedView:
    """Keep the present filter and order under a name; the same name again replaces what it stood for."""
    name = name.strip()
    if not name:
        raise Refused(fields={"name": "请给视图起个名字，比如“三楼闲置”。"})
    if len(name) > 20:
        raise Refused(fields={"name": "名字请在 20 个字以内。"})
    view: SavedView
    view, _ = SavedView.objects.update_or_create(
        school=ctx.school, person=ctx.person, screen=screen, name=name, removed_on=None,
        defaults={"query": query[:1000], "shared": shared},
    )  # fmt: skip
    ctx.journal(view, "ui.view_saved", screen=screen, shared=shared, detail={"名称": name})
    return view


@action(SavedView, label="删除视图", permission="ui.save_view", hidden=True)
def remove_view(ctx: Ctx, view: SavedView) -> SavedView:
    """Take a view away. Only the person who made it can; what others opened with it is not touched."""
    if view.person_id != (ctx.person.pk if ctx.person else None):
        raise Forbidden("这个视图是别人建的，只有建立人能删除。")
    view.removed_on = ctx.today
    view.save(update_fields=["removed_on"])
    ctx.journal(view, "ui.view_removed", screen=view.screen)
    return view


@create_action(ListChoice, label="选择列", permission="ui.save_view", hidden=True)
def choose_columns(ctx: Ctx, *, screen: str, columns: list[str], page_length: int) -> ListChoice:
    """Which columns of a list this person sees, in which order, and how many rows a page has."""
    if not columns:
        raise Refused("至少要留一列。")
    if page_length not in PAGE_LENGTHS:
        raise Refused("每页请选 25、50 或 100 行。")
    choice: ListChoice
    choice, _ = ListChoice.objects.update_or_create(
        school=ctx.school, person=ctx.person, screen=screen, defaults={"columns": columns, "page_length": page_length}
    )
    ctx.journal(choice, "ui.columns_chosen", screen=screen, columns=columns, page_length=page_length)
    return choice


@create_action(Notice, label="全部已读", permission="ui.read_notice", hidden=True)
def read_notices(ctx: Ctx) -> None:
    """Mark everything that waits for this person as read."""
    unread = Notice.objects.filter(person=ctx.person, read_at=None)
    count = unread.update(read_at=ctx.now)
    if not count:
        raise Refused("没有未读的通知。")
    ctx.journal(ctx.person, "ui.notices_read", count=count)


@create_action(Attachment, label="添加附件", permission="ui.attach_file", hidden=True, narrows=True)
def attach_file(ctx: Ctx, *, about: str, name: str, sha256: str, media_type: str, size: int) -> Attachment:
    """Hang a stored file (`attachments.keep`) on a record that this person may see and may add papers to."""
    row = resolve(ctx, about)
    if not type(row).objects.within(ctx, "ui.attach_file").filter(pk=row.pk).exists():
        raise Forbidden("这条记录不归您办，附件请交给负责的人来添。")
    queries.refuse_while_signing(_held(row))
    paper = attachments.hang(row, Kept(name, sha256, media_type, size), ctx.now)
    ctx.journal(row, "ui.file_attached", also=[(paper, "attachment")], size=size, detail={"文件": name})
    return paper


def _held(row: Any) -> Any:
    """The record under lock, so that it is not submitted while a paper is being hung on it."""
    return type(row).objects.select_for_update(of=("self",), no_key=True).get(pk=row.pk)


KEPT: list[Callable[[Attachment], str]] = []
"""Why a paper is not taken down, said by the domain whose evidence it is; empty where it may be."""


@action(Attachment, label="撤下附件", permission="ui.attach_file", hidden=True,
        available=lambda paper: paper.void_on is None, refusal="这份附件已经撤下了。")  # fmt: skip
def void_attachment(ctx: Ctx, paper: Attachment) -> Attachment:
    """Take a paper off its record. The file and the history stay."""
    row = resolve(ctx, f"{paper.object_kind}:{paper.object_id}")
    queries.refuse_while_signing(_held(row), paper)
    if why := next(filter(None, (keeps(paper) for keeps in KEPT)), ""):
        raise Refused(why)
    paper.void_on = ctx.today
    paper.save(update_fields=["void_on"])
    ctx.journal(row, "ui.file_removed", also=[(paper, "attachment")], detail={"文件": paper.name})
    return paper
