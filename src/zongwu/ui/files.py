"""Papers and photographs: added to a record that one may see, and opened only through it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import FileResponse, HttpResponse, HttpResponseNotAllowed, HttpResponseRedirect

from zongwu.kernel import attachments, refs
from zongwu.kernel.attachments import Attachment
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing, Refused
from zongwu.ui import actions, addresses
from zongwu.ui.forms import UploadForm
from zongwu.ui.request import SchoolRequest, page


@page("ui.attach_file")
def upload(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """POST `about=asset:17` with a file. The bytes are on disk before the row is (decisions 27)."""
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    about = request.POST.get("about", "")
    row = refs.resolve(ctx, about)
    form = UploadForm(request.POST, request.FILES)
    try:
        if not form.is_valid():
            raise Refused("请先选一个文件。")
        file = form.cleaned_data["file"]
        if file.size > attachments.LARGEST:
            raise Refused(f"「{file.name}」有 {file.size // 1048576} MB，附件最大 20 MB，请压缩后再传。")
        sha256, media_type, size = attachments.keep(ctx.school.pk, file.name, file.read())
        keyed = ctx.keyed(request.POST.get("key", "")[:64])
        actions.attach_file(keyed, about=about, name=file.name, sha256=sha256, media_type=media_type, size=size)
        messages.success(request, f"已添加附件：{file.name}")
    except Refused as no:
        messages.error(request, str(no))
    return HttpResponseRedirect(addresses.url_of(ctx.school, row) or addresses.named(ctx.school, "home"))


def _visible(ctx: Ctx, pk: int) -> Attachment:
    """The paper, if this person may see the record on which it hangs."""
    paper: Attachment | None = Attachment.objects.visible_to(ctx).filter(pk=pk, void_on=None).first()
    if paper is None:
        raise Missing("没有这份附件，可能已经撤下。")
    return paper


@page()
def download(request: SchoolRequest, ctx: Ctx, pk: int) -> Any:
    """The file. Only pictures, which were re-drawn on arrival, open in the browser; everything else is saved."""
    paper = _visible(ctx, pk)
    if not paper.path.exists():
        raise Missing(f"附件「{paper.name}」的文件不见了，请告诉管理员。")
    response = FileResponse(
        paper.path.open("rb"), as_attachment=not paper.is_picture, filename=paper.name, content_type=paper.media_type
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response


@page("ui.attach_file")
def remove(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    if request.method != "POST":
        return HttpResponseNotAllowed(["POST"])
    paper = _visible(ctx, pk)
    actions.void_attachment(ctx, paper)
    messages.success(request, f"已撤下附件：{paper.name}")
    row = refs.resolve(ctx, f"{paper.object_kind}:{paper.object_id}")
    return HttpResponseRedirect(addresses.url_of(ctx.school, row) or addresses.named(ctx.school, "home"))
