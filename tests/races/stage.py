"""Run in a process of its own against a fresh database: real threads, real commits. Prints one JSON line."""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date
from decimal import Decimal
from typing import Any
from urllib.parse import urlsplit, urlunsplit


def fresh_database() -> None:
    """On PostgreSQL a database of our own beside the given one; on SQLite the data folder is fresh already."""
    url = os.environ.get("ZONGWU_DATABASE", "")
    if not url:
        return
    import psycopg

    parts, name = urlsplit(url), f"race_{os.getpid()}"
    with psycopg.connect(urlunsplit(parts._replace(path="/postgres")), autocommit=True) as admin:
        admin.execute(f'CREATE DATABASE "{name}"')
    os.environ["ZONGWU_DATABASE"] = urlunsplit(parts._replace(path=f"/{name}"))


fresh_database()
os.environ["DJANGO_SETTINGS_MODULE"] = "zongwu.site.settings"
import django  # noqa: E402

django.setup()
from django.db import connections  # noqa: E402

from tests.world import World, build_world  # noqa: E402
from zongwu.assets import actions  # noqa: E402
from zongwu.assets.models import Asset  # noqa: E402
from zongwu.kernel import doctor, memberships, scope  # noqa: E402
from zongwu.kernel.accounts import Account, Membership, Person, Role  # noqa: E402
from zongwu.kernel.actions import after_journal  # noqa: E402
from zongwu.kernel.ctx import Ctx  # noqa: E402
from zongwu.kernel.errors import Refused  # noqa: E402
from zongwu.kernel.journal import JournalEntry, verify  # noqa: E402
from zongwu.kernel.scope import School  # noqa: E402
from zongwu.kernel.transfer.grid import Grid  # noqa: E402
from zongwu.kernel.transfer.reading import read  # noqa: E402
from zongwu.kernel.transfer.runs import ImportRun, apply_import, kind_named, stage_import, weigh  # noqa: E402
from zongwu.school.actions import add_person  # noqa: E402
from zongwu.site.setup import found_school, prepare  # noqa: E402

DAY = date(2026, 9, 1)
HEAD = ["资产编号", "资产名称", "数量", "金额", "取得日期", "存放地点"]


def together(count: int, work: Callable[[int], Any]) -> list[str]:
    """Start so many threads at once; returns how each ended."""
    gate, ends = threading.Barrier(count), [""] * count

    def one(number: int) -> None:
        gate.wait()
        try:
            work(number)
            ends[number] = "done"
        except Refused:
            ends[number] = "refused"
        except Exception as error:  # noqa: BLE001 - the test prints it
            ends[number] = repr(error)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=one, args=(number,)) for number in range(count)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return ends


def administrator(school: School, name: str) -> Person:
    """Somebody who can sign in and administer; the founder of the school has no account yet."""
    system = Ctx.system("race", school)
    person = add_person(system, name=name)
    with scope.active(school):
        role = Role.objects.get(code=memberships.ADMINISTRATOR)
        Membership.objects.create(school=school, person=person, account=Account.objects.create_user(name))
    memberships.assign_role(system, person, role=role)
    return person


def killed(school: School, *, rounds: int, rows: int = 300) -> list[str]:
    """An import in a process that dies by SIGKILL, later each time; how much of each is there in the end."""
    kind, ctx = kind_named("assets"), Ctx.system("race", school)

    def take_in(number: int) -> None:
        lines = [
            [f"K{number:02d}-{n:04d}", "课桌", Decimal(1), Decimal(200), DAY, f"教学楼{100 + n % 40}"]
            for n in range(rows)
        ]
        with scope.active(school):
            reading = read(kind.sheet, [Grid("台账", [HEAD, *lines])], today=ctx.today)
            effects = weigh(kind, reading)
        run = stage_import(
            ctx, kind="assets", file_name="x", sha256=f"{number}", reading=reading, effects=effects, mapping={}
        )
        apply_import(ctx, run)

    began = time.perf_counter()
    take_in(99)
    whole = time.perf_counter() - began
    for number in range(rounds):
        connections.close_all()
        child = os.fork()
        if child == 0:
            take_in(number)
            os._exit(0)
        time.sleep(whole * 1.4 * number / rounds)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    time.sleep(0.5)  # the server of a dead client gives up by itself
    with scope.active(school):
        found = [Asset.objects.filter(number__startswith=f"K{number:02d}-").count() for number in range(rounds)]
        written = set(ImportRun.objects.filter(state="applied").values_list("sha256", flat=True)) - {"99"}
    ends = {0: "nothing", rows: "all"}
    assert written == {str(number) for number, count in enumerate(found) if count}
    return [ends.get(count, f"{count} of {rows}") for count in found]


def met(gate: threading.Barrier) -> None:
    """Wait until the other is here too; where a database lets in one writer at a time he never comes."""
    with suppress(threading.BrokenBarrierError):
        gate.wait(timeout=3)


def tell(stories: Mapping[str, Callable[[World], dict[str, Any]]], code: str, name: str) -> dict[str, Any]:
    """Every story in a school of its own, with what the doctor and the journal say of it afterwards."""
    prepare()
    told = {}
    for at, (key, story) in enumerate(stories.items()):
        world = build_world(f"{code}{at}", f"{name}{at}")
        told[key] = story(world) | afterwards(world)
    return told


def afterwards(world: World) -> dict[str, Any]:
    with scope.active(world.school):
        broken = [one.what for one in verify(world.school.pk)]
    return {"findings": [one.sentence for one in doctor.examine(world.school)] + broken}


def main(story: str) -> dict[str, Any]:
    prepare()
    school, _ = found_school("比赛小学", kind="primary", region="", code="race")

    def register(key: str = "") -> Asset:
        ctx = Ctx.system("race", school).keyed(key)
        return actions.register_asset(
            ctx, name="课桌", category="A05010203", quantity=Decimal(1), unit_price=Decimal(200), acquired_on=DAY
        )

    if story == "numbers":
        ends = together(12, lambda number: [register() for _ in range(3)])
    elif story == "button":
        ends = together(8, lambda number: register("the-same-press"))
    elif story == "killed":
        ends = killed(school, rounds=20)
    elif story.startswith("administrators"):
        if story.endswith("unguarded"):  # what the lock is for: both look before either has ended
            both = threading.Barrier(2)
            memberships._one_after_another = lambda: met(both)
            after_journal.append(lambda *_: time.sleep(0.5))
        pair = [administrator(school, name) for name in ("甲", "乙")]
        ends = together(2, lambda number: memberships.disable_membership(Ctx.system("race", school), pair[number]))
    else:
        card = register()
        ends = together(8, lambda number: actions.void_asset(Ctx.system("race", school), card.pk, reason="抢"))
    with scope.active(school):
        numbers = sorted(Asset.objects.values_list("number", flat=True))
        verbs = list(JournalEntry.objects.filter(verb__startswith="asset.").values_list("verb", flat=True))
    return {"ends": ends, "numbers": numbers, "verbs": verbs, "findings": [f.sentence for f in doctor.examine(school)]}


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
