"""One example of each verb of the kernel that needs no story of its own, with one wrong state."""

from __future__ import annotations

from typing import Any

from tests.examples import Example, Given
from tests.world import World
from zongwu.kernel import scope
from zongwu.kernel.accounts import Role
from zongwu.kernel.separation import IncompatiblePosts


def role(world: World, code: str) -> Role:
    with scope.active(world.school):
        found: Role = Role.objects.get(code=code)
        return found


def _on(code: str, **keywords: Any) -> Any:
    return lambda world: (role(world, code), keywords)


def _rights(code: str, *more: str) -> Any:
    def given(world: World) -> Given:
        with scope.active(world.school):
            return role(world, code), {"rights": [*role(world, code).rights, *more]}

    return given


def rule(world: World) -> IncompatiblePosts:
    with scope.active(world.school):
        found: IncompatiblePosts = IncompatiblePosts.objects.get(
            other=role(world, "bookkeeper"), one__code="storekeeper"
        )
        return found


def _posts(one: str, other: str) -> Any:
    return lambda world: (None, {"one": role(world, one), "other": role(world, other), "source": "校务会"})


ACTIONS = {
    "add_role": Example("administrator", lambda w: (None, {"name": "食堂管理员", "like": role(w, "teacher")}), lambda w: (None, {"name": "会计"})),
    "set_grants": Example("administrator", _rights("teacher", "school.read_supplier:school"), _rights("teacher")),
    "rename_role": Example("administrator", _on("guard", name="保安"), _on("guard", name="会计")),
    "retire_role": Example("administrator", _on("guard"), _on("worker")),
    "separate_posts": Example("administrator", _posts("teacher", "guard"), _posts("bookkeeper", "storekeeper")),
    "lift_separation": Example("administrator", lambda w: (rule(w), {"reason": "人手不够，校务会同意"})),
}  # fmt: skip
