"""One example of each decision on a case: the class teacher's disposal, which waits for the storekeeper and the head."""

from __future__ import annotations

from datetime import date
from typing import Any

from tests.assets.examples import submitted
from tests.examples import Example, Given
from tests.signing import SIGNATURE, case_of, shown, sign
from tests.world import TODAY, World
from zongwu.kernel import scope
from zongwu.kernel.accounts import Grant
from zongwu.kernel.approvals.actions import copy_to, withdraw
from zongwu.kernel.approvals.deputies import deputise
from zongwu.kernel.approvals.matters import StageDraft
from zongwu.kernel.approvals.models import Copy
from zongwu.kernel.approvals.prescribed import Duty, Mode, Route

LATER = date(2026, 11, 30)


def _case(**keywords: Any) -> Any:
    def given(world: World) -> Given:
        return case_of(world, submitted(world)), {k: v(world) if callable(v) else v for k, v in keywords.items()}

    return given


def _agreeing(world: World) -> Given:
    document = submitted(world)
    return case_of(world, document), {"shown": shown(world, document), "signature": SIGNATURE}


def _stale(world: World) -> Given:
    return case_of(world, submitted(world)), {"shown": "0" * 64, "signature": SIGNATURE}


def _asked_back(world: World) -> Given:
    document = submitted(world)
    sign(world, "storekeeper", document)
    withdraw(world.ctx("class_teacher"), case_of(world, document), opinion="填错了")
    return case_of(world, document), {"consent": True}


def _copy(world: World) -> Given:
    case = case_of(world, submitted(world))
    copy_to(world.ctx("head"), case, people=[world.people["bookkeeper"]])
    with scope.active(world.school):
        return Copy.objects.get(case=case), {}


def _deputy(world: World) -> Given:
    who = {"deputy": world.people["bookkeeper"], "from_on": TODAY, "until_on": LATER}
    return deputise(world.ctx("head"), **who), {}


def _route(world: World) -> Route:
    with scope.active(world.school):
        found: Route = Route.objects.get(name="小额处置", retired_on=None)
        return found


def _stages(world: World, *who: str) -> list[StageDraft]:
    return [StageDraft("签字", Mode.ALL, Duty.APPROVE, [f"person:{world.people[one].pk}" for one in who])]


def _person(who: str) -> Any:
    return lambda world: world.people[who]


def _people(*who: str) -> Any:
    return lambda world: [world.people[one] for one in who]


def _orphaned(world: World) -> Given:
    document = submitted(world)
    with scope.active(world.school):
        Grant.objects.filter(role__code="head", permission="approvals.sign").delete()
    return case_of(world, document), {"person": world.people["worker"]}


ACTIONS = {
    "reassign": Example("administrator", _orphaned, _case(person=_person("worker"))),
    "agree": Example("storekeeper", _agreeing, _stale),
    "refuse": Example("storekeeper", _case(opinion="还能用"), None),
    "send_back": Example("storekeeper", _case(opinion="补照片"), None),
    "pass_on": Example("storekeeper", _case(person=_person("bookkeeper")), _case(person=_person("class_teacher"))),
    "add_signers": Example(
        "storekeeper", _case(people=_people("bookkeeper"), position="before", question="看看账"), _case(people=_people("head"), position="before", question="看")
    ),
    "withdraw": Example("class_teacher", _case(), None),
    "answer_withdrawal": Example("head", _asked_back, _case(consent=True)),
    "urge": Example("class_teacher", _case(), None),
    "copy_to": Example("head", _case(people=_people("bookkeeper")), _case(people=lambda world: [])),
    "read_copy": Example("bookkeeper", _copy, None),
    "deputise": Example(
        "head", lambda world: (None, {"deputy": world.people["bookkeeper"], "from_on": TODAY, "until_on": LATER}),
        lambda world: (None, {"deputy": world.people["head"], "from_on": TODAY, "until_on": LATER}),
    ),
    "end_deputy": Example("head", _deputy, None),
    "add_route": Example(
        "head", lambda world: (None, {"matter": "assets.disposal", "name": "捐赠", "stages": _stages(world, "principal")}),
        lambda world: (None, {"matter": "assets.disposal", "name": "捐赠", "stages": _stages(world)}),
    ),
    "revise_route": Example(
        "head", lambda world: (_route(world), {"stages": _stages(world, "principal")}), lambda world: (_route(world), {"stages": []})
    ),
    "retire_route": Example("head", lambda world: (_route(world), {}), None),
}  # fmt: skip
