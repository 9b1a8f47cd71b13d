"""Who signs: found when a stage opens, from the roles of that day, the named persons, and whom the document names."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, NamedTuple

from django.db.models import Exists, F, FilteredRelation, OuterRef, Q
from django.db.models.functions import Coalesce

from zongwu.kernel.accounts import Holding, Membership, Person
from zongwu.kernel.approvals.conditions import Facts, holds
from zongwu.kernel.approvals.matters import Matter
from zongwu.kernel.approvals.prescribed import OFFICE_WORK, SIGN, Duty, Mode, Route, Signer
from zongwu.kernel.memberships import ADMINISTRATOR
from zongwu.kernel.prepared import Prepared

SOURCE = "《行政事业单位内部控制规范（试行）》（财会〔2012〕21号）：不相容岗位相互分离"
_PAIRS = [
    (Duty.APPLY, Duty.CONFIRM), (Duty.APPLY, Duty.APPRAISE), (Duty.APPLY, Duty.APPROVE),
    (Duty.CONFIRM, Duty.APPROVE), (Duty.APPRAISE, Duty.APPROVE), (Duty.BOOKKEEP, Duty.APPROVE), (Duty.BOOKKEEP, Duty.APPRAISE),
    (Duty.GIVE, Duty.RECEIVE), (Duty.GIVE, Duty.WITNESS), (Duty.RECEIVE, Duty.WITNESS),
]  # fmt: skip
APART = frozenset(frozenset(pair) for pair in _PAIRS)
"""Duties that one person may not have for the same document. The source is `SOURCE`."""


class Who(NamedTuple):
    """A person as far as a task needs him."""

    pk: int
    name: str


@dataclass
class Seat:
    """One signature that a stage asks for: of whoever holds a role, of a named person, or of whom the document names."""

    label: str
    party: str
    people: list[Who] = field(default_factory=list)


@dataclass
class Step:
    """A stage of a case's path with those who stand at it today, before anybody is left out."""

    id: int
    seq: int
    name: str
    mode: Mode
    duty: Duty
    joint: bool
    signed: bool
    days: int | None
    condition: Sequence[dict[str, str]]
    seats: list[Seat] = field(default_factory=list)


def _signers(route: int, on: date) -> Any:
    """Every seat of a route, stage by stage, with whoever holds it on a day and whether he can sign."""
    return (
        Signer.objects.filter(stage__route=route)
        .annotate(
            held=FilteredRelation(
                "role__holdings",
                condition=Q(role__holdings__from_on__lte=on)
                & (Q(role__holdings__until_on=None) | Q(role__holdings__until_on__gt=on)),
            ),
            pk_of=Coalesce("held__person", "person"),
            name_of=Coalesce("held__person__name", "person__name"),
            able=Exists(able_to_sign(on).filter(pk=OuterRef("pk_of"))),
        )
        .order_by("stage__seq", "id", F("held__id").asc(nulls_first=True))
        .values_list(
            "pk", "stage_id", "stage__seq", "stage__name", "stage__mode", "stage__duty", "stage__joint", "stage__signed",
            "stage__days", "stage__condition", "party", "role__name", "pk_of", "name_of", "able",
        )
    )  # fmt: skip


_SEATS = Prepared(_signers, int, date)


def steps_of(route: Route | int, on: date) -> list[Step]:
    """Every stage of a route with its people, in one query: a signature must not cost more on a long route."""
    rows = _SEATS(route if isinstance(route, int) else route.pk, on)
    found: dict[int, Step] = {}
    seats: dict[int, Seat] = {}
    for signer, pk, seq, name, mode, duty, joint, signed, days, condition, party, role, person, called, able in rows:
        step = found.setdefault(
            pk, Step(pk, seq, name, Mode(mode), Duty(duty), bool(joint), bool(signed), days, json.loads(condition))
        )
        if signer not in seats:
            seats[signer] = Seat(role or called or "", party)
            step.seats.append(seats[signer])
        if person and able and Who(person, called) not in seats[signer].people:
            seats[signer].people.append(Who(person, called))
    return list(found.values())


def path(steps: Iterable[Step], facts: Facts) -> list[Step]:
    """The stages that this document passes."""
    return [step for step in steps if holds(step.condition, facts)]


def following(steps: Sequence[Step], now: Step, resume: int | None) -> Step | None:
    """Where a case goes on from a stage: back to whoever returned it, else to the next; None where it ends."""
    if resume:
        return next(one for one in steps if one.id == resume)
    return next((one for one in steps if one.seq > now.seq), None)


def passed(steps: Sequence[Step], now: int | None) -> list[Step]:
    """Stages before the present one to which a case can be sent back."""
    until = next((one.seq for one in steps if one.id == now), 0)
    return [one for one in steps if one.seq < until and one.mode != Mode.COPY]


def seats_at(step: Step, matter: Matter, document: Any, on: date) -> list[Seat]:
    """The stage's seats with those who can fill them; only people who can sign in. A party may bring several seats."""
    found: list[Seat] = []
    for seat in step.seats:
        party = matter.parties.get(seat.party) if seat.party else None
        if party is None:
            found.append(seat)
            continue
        named = [person for person in party.people(document, on) if person is not None]
        found += [Seat(party.label, "", [Who(p.pk, p.name)] if can_sign(p, on) else []) for p in named]
        if not named:
            found.append(Seat(party.label, ""))
    return found


def able_to_sign(on: date) -> Any:
    """Who is at the school, can sign in, and holds the right to sign on a day."""
    entitled = Holding.objects.on(on).filter(role__grants__permission=SIGN, person=OuterRef("pk"))
    signs_in = Membership.objects.filter(person=OuterRef("pk"), disabled_at=None)
    return Person.objects.filter(Exists(entitled), Exists(signs_in), left_on=None)


def can_sign(person: Person, on: date) -> bool:
    return bool(able_to_sign(on).filter(pk=person.pk).exists())


@dataclass(frozen=True)
class Part:
    """What somebody did for the document so far."""

    person: int
    duty: str


def why_not(step: Step, person: int, starter: int, parts: Iterable[Part]) -> str:
    """Why this person may not sign here, in words; empty when he may."""
    if step.mode in OFFICE_WORK:
        return ""
    if person == starter and not step.joint:
        return "是这张单子的申请人，不能自己批自己的申请"
    for part in parts:
        if part.person == person and frozenset((part.duty, step.duty)) in APART:
            return f"在这张单子上已经负责「{Duty(part.duty).label}」，不能再负责「{step.duty.label}」。依据：{SOURCE}"
    return ""


def administrators(on: date, but: int) -> list[Who]:
    """To whom a seat goes for which nobody was found; never to the applicant, who would choose his own judge."""
    held = Holding.objects.on(on).filter(role__code=ADMINISTRATOR).values("person")
    rows = able_to_sign(on).filter(pk__in=held).exclude(pk=but).order_by("pk")
    return [Who(pk, name) for pk, name in rows.values_list("pk", "name")]
