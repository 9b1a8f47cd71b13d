"""Small pages of the frame: how far a job is, and everything behind 更多模块."""

from __future__ import annotations

from django.http import HttpResponse
from django.template.response import TemplateResponse

from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Missing
from zongwu.kernel.jobs import Job
from zongwu.ui.request import SchoolRequest, page


@page()
def job_page(request: SchoolRequest, ctx: Ctx, pk: int) -> HttpResponse:
    """The progress of a job, to the person who started it. The page asks again each second until it ended."""
    job = Job.objects.visible_to(ctx).filter(pk=pk).first()
    if job is None:
        raise Missing("没有这件后台工作，或者不是您开始的。")
    waits = job.state in (Job.State.WAITING, Job.State.RUNNING)
    template = "ui/_job.html" if request.headers.get("HX-Target") == "job" else "ui/job.html"
    return TemplateResponse(request, template, {"job": job, "waits": waits})


@page()
def more(request: SchoolRequest, ctx: Ctx) -> HttpResponse:
    """All modules, and what concerns one's own account: on a phone the only way to both."""
    return TemplateResponse(request, "ui/more.html", {})
