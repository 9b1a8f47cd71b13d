"""Long work outside the request: enqueued in the action's transaction, claimed by the worker, shown with progress.

    @job("assets.import", "读取表格")
    def read_sheet(ctx: Ctx, say: Progress, *, upload: int) -> None: ...

The queue is django-tasks; this adds what a page shows: a label, how far it is, and a sentence when it failed.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, ClassVar

from django.db import models
from django_tasks import task

from zongwu.kernel import clock, scope
from zongwu.kernel.accounts import Membership
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Forbidden, Missing, Refused
from zongwu.kernel.scope import SchoolModel, Scoped, ScopedQuerySet

log = logging.getLogger(__name__)


class JobQuerySet(ScopedQuerySet):
    def visible_to(self, ctx: Ctx) -> JobQuerySet:
        """Those that this person started."""
        return self.filter(actor=ctx.actor)


class Job(SchoolModel):
    """One piece of long work and how far it is."""

    kind = "job"

    class State(models.TextChoices):
        WAITING = "waiting", "排队"
        RUNNING = "running", "进行中"
        DONE = "done", "完成"
        FAILED = "failed", "没有完成"

    name = models.CharField(max_length=60)
    label = models.CharField("事项", max_length=60)
    arguments = models.JSONField(default=dict)
    state = models.CharField("状态", max_length=10, choices=State, default=State.WAITING)
    done = models.PositiveIntegerField("已处理", default=0)
    total = models.PositiveIntegerField("共", default=0)
    sentence = models.CharField("说明", max_length=300, blank=True)
    opens = models.CharField(max_length=200, blank=True)
    actor = models.CharField(max_length=40)
    enqueued_at = models.DateTimeField()
    claimed_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(null=True, blank=True)

    objects: ClassVar[Any] = Scoped.from_queryset(JobQuerySet)()

    class Meta(SchoolModel.Meta):
        verbose_name = "后台工作"


class Progress:
    """Says how far a job is, at most twice a second."""

    def __init__(self, job_id: int) -> None:
        self.job_id, self._said = job_id, 0.0

    def __call__(self, done: int, total: int) -> None:
        if time.monotonic() - self._said > 0.5:
            self._said = time.monotonic()
            Job.objects.filter(pk=self.job_id).update(done=done, total=total)


JOBS: dict[str, tuple[str, Callable[..., str]]] = {}


def job(name: str, label: str) -> Callable[[Callable[..., str]], Callable[..., str]]:
    """Register a job. It returns the address of the page to open when it is done."""

    def decorate(body: Callable[..., str]) -> Callable[..., str]:
        JOBS[name] = (label, body)
        return body

    return decorate


def enqueue(ctx: Ctx, name: str, /, **arguments: Any) -> Job:
    """Put work into the queue, in the caller's transaction if there is one."""
    row: Job = Job.objects.create(
        school=ctx.school, name=name, label=JOBS[name][0], arguments=arguments, actor=ctx.actor, enqueued_at=ctx.now
    )
    perform.enqueue(job_id=row.pk)
    return row


@task()
def perform(job_id: int) -> None:
    """Run one job once; a second claim does nothing. A failure becomes a sentence, the rest goes to the log."""
    with scope.all_schools("the worker serves every school"):
        claimed = Job.objects.filter(pk=job_id, state=Job.State.WAITING).update(
            state=Job.State.RUNNING, claimed_at=clock.now()
        )
        if not claimed:
            return
        row = Job.objects.select_related("school").get(pk=job_id)
    with scope.active(row.school):
        end = {"state": Job.State.FAILED, "opens": ""}
        try:
            ctx = _ctx_of(row)
            end = {"state": Job.State.DONE, "opens": JOBS[row.name][1](ctx, Progress(row.pk), **row.arguments)}
        except (Refused, Forbidden, Missing) as no:
            end["sentence"] = str(no)[:300]
        except Exception:
            log.exception("job %s failed", row.pk)
            end["sentence"] = "程序出错，没有写入任何内容。请再试一次；还不行，请把时间告诉管理员。"
            raise
        finally:
            Job.objects.filter(pk=row.pk).update(ended_at=clock.now(), **end)


def _ctx_of(row: Job) -> Ctx:
    """The job runs as whoever enqueued it, with the rights that he has now."""
    kind, _, number = row.actor.partition(":")
    if kind == "system":
        return Ctx.system(number, row.school)
    held = Membership.objects.select_related("school", "person").get(pk=int(number))
    if held.disabled_at is not None or held.person.left_on is not None:
        raise Forbidden("交办这件事的人已经停用，没有做。")
    return Ctx.member(held)


def give_up_interrupted() -> None:
    """Jobs that a stopped process left behind say so; called when serving begins."""
    with scope.all_schools("a new worker looks after what the old one left"):
        left = Job.objects.filter(state=Job.State.RUNNING)
        left.update(
            state=Job.State.FAILED, ended_at=clock.now(), sentence="做到一半时程序停了，什么也没有写入，请重新来一次。"
        )
