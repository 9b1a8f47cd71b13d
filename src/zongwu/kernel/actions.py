"""The doors: one verb is one function is one transaction, one permission, one lock, one journal entry.

    @action(Asset, label="借出", permission="assets.lend_asset", available=lambda asset: asset.state == "in_use")
    def lend_asset(ctx: Ctx, asset: Asset, *, to: Person, until: date) -> Asset: ...

The decorator checks the permission, opens the transaction, fetches the row again under lock through the scoped manager
(another school's row does not exist), asks `available`, and after the body demands a journal entry.
"""

from __future__ import annotations

import functools
import hashlib
import logging
import random
import time
from collections.abc import Callable, Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any, ParamSpec, TypeVar, cast

from django.db import DataError, IntegrityError, OperationalError, models, transaction

from zongwu.kernel import bulk, journal, scope
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import Conflict, Forbidden, Missing, Refused
from zongwu.kernel.fields import NotKept
from zongwu.kernel.refs import ref, resolve
from zongwu.kernel.scope import SchoolModel

log = logging.getLogger(__name__)
P = ParamSpec("P")
R = TypeVar("R")

_running: ContextVar[str | None] = ContextVar("action", default=None)
after_journal: list[Callable[[Ctx, journal.JournalEntry, list[journal.Touched]], None]] = []
"""Steps inside the same transaction once the entry is written (search index, notices); filled in `ready()`."""


@dataclass(frozen=True)
class Action:
    """One registered verb: what buttons, bulk bar, phone pages, API and tests are made from."""

    name: str
    model: type[models.Model]
    label: str
    permission: str
    creates: bool
    run: Callable[..., Any]
    available: Callable[[Any], bool]
    refusal: str
    bulk: bool = False
    icon: str = ""
    primary: bool = False
    confirm: str = ""
    """A sentence shown before a grave act; empty for everyday ones."""
    starts_from: tuple[str, ...] = ()
    hidden: bool = False
    """Not a button: called by the importer, a job or a form of its own."""
    narrows: bool = False
    """A creating verb that asks itself whether the row it starts from is in the person's range."""

    @property
    def stream(self) -> str:
        return self.permission.partition(".")[0]


ACTIONS: dict[str, Action] = {}


def on(model: type[models.Model]) -> Iterable[Action]:
    """The verbs of one model, in the order in which they were written."""
    return [verb for verb in ACTIONS.values() if verb.model is model]


def _register(verb: Action) -> Callable[..., Any]:
    assert verb.name not in ACTIONS, f"two actions are called {verb.name}"
    ACTIONS[verb.name] = verb
    return verb.run


def action(
    model: type[models.Model], *, label: str, permission: str, available: Callable[[Any], bool] = lambda row: True,
    refusal: str = "现在的状态不能{label}。", **look: Any,
) -> Callable[[Callable[P, R]], Callable[..., R]]:  # fmt: skip
    """A verb on an existing row. The row may be given as itself or as its id; it is fetched again under lock."""

    def decorate(body: Callable[..., R]) -> Callable[..., R]:
        @functools.wraps(body)
        def run(ctx: Ctx, row: Any, /, **keywords: Any) -> R:
            def inside() -> R:
                fresh = _locked(ctx, model, row if isinstance(row, int) else row.pk, permission)
                if not available(fresh):
                    raise Refused(refusal.format(label=label, row=fresh))
                return body(ctx, fresh, **keywords)

            return _perform(ctx, run.verb, inside, (row if isinstance(row, int) else row.pk, keywords))  # type: ignore[attr-defined]

        run.verb = Action(body.__name__, model, label, permission, False, run, available, refusal, **look)  # type: ignore[attr-defined]
        return _register(run.verb)  # type: ignore[attr-defined]

    return decorate


def create_action(
    model: type[models.Model], *, label: str, permission: str, **look: Any
) -> Callable[[Callable[P, R]], Callable[..., R]]:
    """A verb that makes a row, or a run over many rows: there is nothing to lock yet."""

    def decorate(body: Callable[..., R]) -> Callable[..., R]:
        @functools.wraps(body)
        def run(ctx: Ctx, /, **keywords: Any) -> R:
            return _perform(ctx, run.verb, lambda: body(ctx, **keywords), (0, keywords))  # type: ignore[attr-defined]

        run.verb = Action(body.__name__, model, label, permission, True, run, lambda row: True, "", **look)  # type: ignore[attr-defined]
        return _register(run.verb)  # type: ignore[attr-defined]

    return decorate


def _perform(ctx: Ctx, verb: Action, inside: Callable[[], R], said: tuple[int, dict[str, Any]]) -> R:
    if (outer := _running.get()) is not None:
        raise RuntimeError(f"{verb.name} was called inside {outer}: nested work is a step, not an action")
    if not ctx.may(verb.permission):
        raise Forbidden(f"没有「{verb.label}」的权限，请找学校管理员。")
    token = _running.set(verb.name)
    try:
        return _retried(ctx, lambda: _transacted(ctx, verb, inside, said))
    except _Repeated:
        return cast(R, _earlier(ctx, verb, said))
    except (Refused, Missing, Forbidden):
        # A second press meets what the first one did: the thing is lent, the page is used up.
        if not ctx.key or (first := _claimed(ctx, verb, said)) is None:
            raise
        return cast(R, _result_of(ctx, first))
    except (IntegrityError, DataError) as no:
        if ctx.key and (first := _claimed(ctx, verb, said)) is not None:
            return cast(R, _result_of(ctx, first))
        log.warning("%s was refused by the database: %s", verb.name, no)
        raise Refused(_CLASH[type(no)].format(label=verb.label)) from no
    except (NotKept, InvalidOperation) as no:
        raise Refused(f"「{verb.label}」里有太大、或者小数位太多的数，什么也没有写入。请核对数字。") from no
    finally:
        _running.reset(token)


_CLASH: dict[type[Exception], str] = {
    IntegrityError: "「{label}」和已有的记录冲突，什么也没有写入。可能别人刚改过，请刷新后再看。",
    DataError: "「{label}」里有写得太长或太大的内容，什么也没有写入。请核对数字和文字。",
}


def _retried(ctx: Ctx, attempt: Callable[[], R]) -> R:
    """Lock trouble is tried again, at most three times, and only where a second run cannot do the work twice."""
    for delay in (0.05, 0.2, None):
        try:
            return attempt()
        except OperationalError:
            if delay is None or not ctx.key:
                raise
            time.sleep(delay * (1 + random.random()))
    raise AssertionError


def _transacted(ctx: Ctx, verb: Action, inside: Callable[[], R], said: tuple[int, dict[str, Any]]) -> R:
    with scope.active(ctx.school), transaction.atomic(durable=True):
        ctx.entries.clear()
        ctx.also.clear()
        result = inside()
        if len(ctx.entries) != 1:
            raise RuntimeError(f"{verb.name} must journal exactly once, not {len(ctx.entries)} times")
        draft = ctx.entries.pop()
        draft.add(ctx.also)
        if ctx.through:
            draft.facts["through"] = ctx.through
        if ctx.key:
            _claim(ctx, verb, said, result)
        entry = journal.append(ctx, verb.stream, draft)
        for step in after_journal:
            step(ctx, entry, draft.subjects)
        return result


def _locked(ctx: Ctx, model: Any, pk: int, permission: str) -> Any:
    visible = model.objects.visible_to(ctx).filter(pk=pk)
    for row in visible.within(ctx, permission).select_for_update(of=("self",), no_key=True):
        return row
    if visible.exists():
        raise Forbidden("这条记录不归您办，请找负责的人。")
    raise Missing


SHOWN_ONCE = "!"
"""Result of an action that cannot be shown again, such as an invitation's token."""


class IdempotencyKey(SchoolModel):
    """A pressed button: the same key and body give the stored result, another body is a conflict. Kept 90 days."""

    actor = models.CharField(max_length=40)
    key = models.CharField(max_length=64)
    action = models.CharField(max_length=60)
    request_hash = models.CharField(max_length=64)
    result = models.CharField(max_length=60, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            *SchoolModel.Meta.constraints,
            models.UniqueConstraint(fields=["actor", "school", "key"], name="idempotency_once"),
        ]


class _Repeated(Exception):
    """The same button was pressed before: what this run did is rolled back, the first one's result stands."""


def _claim(ctx: Ctx, verb: Action, said: tuple[int, dict[str, Any]], result: Any) -> None:
    """Keep key and result once the body ran: one statement, where a claim before it and a result after it are two.

    :raises _Repeated: the key is taken. A press that is still at work is waited for.
    """
    kept = ref(result) if isinstance(result, SchoolModel) and result.kind else SHOWN_ONCE if result is not None else ""
    if not bulk.insert_one(
        IdempotencyKey, unless_there=True, school_id=ctx.school.pk, actor=ctx.actor, key=ctx.key, action=verb.name,
        request_hash=_request(verb, said), result=kept, at=ctx.now,
    ):  # fmt: skip
        raise _Repeated


def _request(verb: Action, said: tuple[int, dict[str, Any]]) -> str:
    words = [verb.name, _spoken(said[0]), *(f"{name}={_spoken(value)}" for name, value in sorted(said[1].items()))]
    return hashlib.sha256("\x00".join(words).encode()).hexdigest()


def _claimed(ctx: Ctx, verb: Action, said: tuple[int, dict[str, Any]]) -> IdempotencyKey | None:
    """The same request under the same key, if it was done before."""
    with scope.active(ctx.school):
        earlier: IdempotencyKey | None = IdempotencyKey.objects.filter(actor=ctx.actor, key=ctx.key).first()
    if earlier is not None and earlier.request_hash != _request(verb, said):
        raise Conflict("这一页已经提交过，内容又改了。请刷新后看看现在的样子再办。")
    return earlier


def _earlier(ctx: Ctx, verb: Action, said: tuple[int, dict[str, Any]]) -> Any:
    first = _claimed(ctx, verb, said)
    assert first is not None
    return _result_of(ctx, first)


def _result_of(ctx: Ctx, first: IdempotencyKey) -> Any:
    if first.result == SHOWN_ONCE:
        raise Conflict("这一步已经办好了，结果只显示一次。请刷新看看现在的样子；要再来一次，请重新打开这一页。")
    with scope.active(ctx.school):
        return resolve(ctx, first.result) if first.result else None


def _spoken(value: Any) -> str:
    """A keyword as the request hash knows it: two people of one name are two, a whole reading is only named."""
    if isinstance(value, models.Model):
        return f"{value._meta.label}:{value.pk}"
    if isinstance(value, list | tuple):  # a named tuple, such as a kept file or a drafted stage, by what it holds
        return f"[{','.join(map(_spoken, value))}]"
    if isinstance(value, Mapping):
        return f"{{{','.join(f'{name}={_spoken(one)}' for name, one in sorted(value.items()))}}}"
    return repr(value) if value is None or isinstance(value, str | int | Decimal | date) else type(value).__name__


def step(body: Callable[P, R]) -> Callable[P, R]:
    """Marks a write that other domains may ask for inside their transaction."""

    @functools.wraps(body)
    def run(*args: P.args, **keywords: P.kwargs) -> R:
        if _running.get() is None:
            raise RuntimeError(f"{body.__name__} is a step: call it from an action")
        return body(*args, **keywords)

    return run
