import os

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

import pytest

from tests.world import NOW, World, build_stranger, build_world
from zongwu.kernel import doctor


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """The school with its cast, at the fixed time."""
    monkeypatch.setenv("ZONGWU_NOW", NOW.isoformat())
    return build_world()


@pytest.fixture
def stranger(world: World) -> World:
    """A school that must not be seen from the first."""
    return build_stranger()


@pytest.fixture
def healthy(world: World):
    """Ends a scenario with a clean bill of health."""
    yield
    assert list(doctor.examine(world.school)) == []
