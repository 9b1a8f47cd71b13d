import copy
import os

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

import pytest
from django.conf import settings
from pytest_django.plugin import DjangoDbBlocker

from tests.world import NOW, World, build_stranger, build_world
from zongwu.kernel import doctor

_BUILT: dict[str, World] = {}


def pytest_configure() -> None:
    """Every test client starts the middleware anew: static files are looked up when asked for, not listed each time."""
    settings.WHITENOISE_AUTOREFRESH = True


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> None:
    """The two schools are made once and committed; each test works on them inside its own transaction."""
    os.environ["ZONGWU_NOW"] = NOW.isoformat()
    with django_db_blocker.unblock():
        _BUILT["world"], _BUILT["stranger"] = build_world(), build_stranger()


@pytest.fixture
def world(db: None, monkeypatch: pytest.MonkeyPatch) -> World:
    """The school with its cast, at the fixed time."""
    monkeypatch.setenv("ZONGWU_NOW", NOW.isoformat())
    return copy.deepcopy(_BUILT["world"])


@pytest.fixture
def stranger(world: World) -> World:
    """A school that must not be seen from the first."""
    return copy.deepcopy(_BUILT["stranger"])


@pytest.fixture
def healthy(world: World):
    """Ends a scenario with a clean bill of health."""
    yield
    assert list(doctor.examine(world.school)) == []
