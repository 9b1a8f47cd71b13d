"""What can be approved: a domain describes it once, in its `routes` module, with the routes that a school begins with.

register(Matter("assets.disposal", Disposal, "资产处置", load=…, shown=…, facts=…, approved=steps.strike_off, routes=[
    RouteDraft("小额处置", [StageDraft("总务、库房会签", Mode.ALL, Duty.CONFIRM, ["role:head", "role:storekeeper"]), …]),
]))
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import models

from zongwu.kernel.accounts import Person, Role
from zongwu.kernel.approvals.conditions import ASKED, Ask, Facts
from zongwu.kernel.approvals.models import Document
from zongwu.kernel.approvals.prescribed import MATTER_LABELS, Duty, Mode, Route, Signer, Stage
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.refs import ref
from zongwu.kernel.scope import School

Condition = Mapping[str, str]


@dataclass(frozen=True)
class Party:
    """Somebody whom the document itself names, such as the receiver."""

    label: str
    people: Callable[[Any, date], Iterable[Person | None]]
    """Of a document, on a day."""


class StageDraft(NamedTuple):
    """A stage as a domain ships it or the editor writes it; `who` are `role:head`, `party:receiver`, `person:12`."""

    name: str
    mode: Mode
    duty: Duty
    who: Sequence[str]
    when: Sequence[Condition] = ()
    joint: bool = False
    signed: bool = False
    days: int | None = None


@dataclass(frozen=True)
class RouteDraft:
    """A route as a domain ships it; the first whose condition holds is taken."""

    name: str
    stages: Sequence[StageDraft]
    when: Sequence[Condition] = ()
    source: str = ""


def _nothing(ctx: Ctx, document: Any) -> None:
    return None


@dataclass(frozen=True)
class Matter:
    """One kind of thing that is approved."""

    code: str
    model: type[Document]
    label: str
    load: Callable[[int], Any]
    """The document with everything that is shown of it, in few queries."""
    shown: Callable[[Any], Mapping[str, Any]]
    """What a signature covers: label → word, number or record, or several; under `lines` the rows, each a list of those."""
    amount: Callable[[Any], Decimal]
    """Yuan; 0 where no money is meant."""
    facts: Callable[[Any, date], Facts]
    """What conditions may ask of a document on a day; read when it is submitted, kept with the case."""
    asks: Mapping[str, Ask]
    routes: Sequence[RouteDraft]
    approved: Callable[[Ctx, Any], None]
    """A step in the transaction of the last signature."""
    ended: Callable[[Ctx, Any], None] = _nothing
    """The same when it was refused or withdrawn."""
    checked: Callable[[Ctx, Any], None] = _nothing
    """Before every signature: refuses what has become impossible since."""
    parties: Mapping[str, Party] = field(default_factory=dict)
    light: frozenset[str] = frozenset()
    """Labels of `shown` that may be put otherwise after a return without asking those again who have signed."""
    batch: bool = False
    """Whether several may be agreed to at once."""
    outcome: str = "approval.passed"
    """The journal's verb for the last signature."""


MATTERS: dict[str, Matter] = {}


def register(*matters: Matter) -> None:
    for matter in matters:
        assert MATTERS.get(matter.code, matter) is matter, f"{matter.code} is described twice"
        MATTERS[matter.code] = matter
        MATTER_LABELS[matter.code], ASKED[matter.code] = matter.label, matter.asks


def of(document: Document) -> Matter:
    return next(matter for matter in MATTERS.values() if isinstance(document, matter.model))


def content(matter: Matter, document: Any, papers: Sequence[tuple[str, str]]) -> tuple[str, str]:
    """What a signature covers, as text, and its digest. Papers are (name, sha256).

    A record is read by its name and signed by its id: who is called otherwise meanwhile is still the same.
    """
    shown = {**matter.shown(document), "papers": sorted(papers)}
    body, signed = (
        json.dumps(shown, sort_keys=True, ensure_ascii=False, default=one, separators=(",", ":"))
        for one in (str, lambda value: ref(value) if isinstance(value, models.Model) else str(value))
    )
    return body, hashlib.sha256(signed.encode()).hexdigest()


def words(shown: Any) -> str:
    """A value or a row of what is shown, as people read it."""
    return " ".join(str(part) for part in shown if part) if isinstance(shown, list | tuple) else str(shown)


def weighty(matter: Matter, body: str) -> Any:
    """Of a content, what nobody may change behind a signature: all but papers and a few words."""
    said = json.loads(body) if body else {}
    return {name: value for name, value in said.items() if name != "papers" and name not in matter.light}


def create_defaults(school: School, on: Any) -> None:
    """Give a school every shipped route that it never had. Part of `init` and of every upgrade."""
    had = set(Route.objects.filter(school=school).values_list("matter", flat=True))
    roles = {role.code: role for role in Role.objects.filter(school=school).exclude(code="")}
    for matter in MATTERS.values():
        if matter.code in had:
            continue
        for rank, draft in enumerate(matter.routes, start=1):
            route = Route.objects.create(
                school=school, matter=matter.code, name=draft.name, rank=rank * 10, condition=list(draft.when),
                source=draft.source, made_on=on,
            )  # fmt: skip
            for seq, stage in enumerate(draft.stages, start=1):
                write_stage(route, seq, stage, roles)


def write_stage(route: Route, seq: int, draft: StageDraft, roles: Mapping[str, Role]) -> None:
    """One stage with its signers; `roles` by their code or id."""
    stage = Stage.objects.create(
        school_id=route.school_id, route=route, seq=seq, name=draft.name, mode=draft.mode, duty=draft.duty,
        condition=list(draft.when), joint=draft.joint, signed=draft.signed, days=draft.days,
    )  # fmt: skip
    for one in draft.who:
        sort, _, named = one.partition(":")
        who: dict[str, Any] = {"party": named}
        if sort == "role":
            who = {"role": roles[named]}
        elif sort == "person":
            who = {"person_id": int(named)}
        Signer.objects.create(school_id=route.school_id, stage=stage, **who)
