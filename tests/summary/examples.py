"""One example of each verb of the summary, with one wrong state."""

from __future__ import annotations

from typing import Any

from tests.examples import Example, Given
from tests.world import World
from zongwu.kernel import scope
from zongwu.summary.actions import begin_summary, sign_summary


def _draft(**keywords: Any) -> Any:
    return lambda world: (begin_summary(world.ctx("head"), term=world.term), keywords)


def _first(**more: Any) -> Any:
    """A draft, and its first section."""

    def given(world: World) -> Given:
        summary, found = _section(world)
        return summary, {"section": found["section"], **more}

    return given


def _signed(**keywords: Any) -> Any:
    return lambda world: (sign_summary(world.ctx("head"), begin_summary(world.ctx("head"), term=world.term)), keywords)


def _section(world: World) -> Given:
    summary = begin_summary(world.ctx("head"), term=world.term)
    with scope.active(world.school):
        row = summary.sections.first()
    return summary, {"section": row.pk, "version": row.version, "heading": "开头", "body": "你好。"}


def _twice(world: World) -> Given:
    begin_summary(world.ctx("head"), term=world.term)
    return None, {"term": world.term}


ACTIONS = {
    "begin_summary": Example("head", lambda world: (None, {"term": world.term}), _twice),
    "write_section": Example("head", _section, _draft(section=10**9, version=1, heading="", body="")),
    "add_section": Example("head", _draft(heading="附件"), _signed(heading="附件")),
    "move_section": Example("head", _first(up=False), _first(up=True)),
    "remove_section": Example("head", _first(version=1), _first(version=7)),
    "say_statement": Example("head", _draft(statement="assets.rooms"), _draft(statement="no.such")),
    "sign_summary": Example("head", _draft(), _signed()),
}
