"""`serve`: waitress threads and one job thread in one process."""

from __future__ import annotations

import argparse
import logging
import os
import threading
import time
from pathlib import Path

from django.conf import settings
from django.db import connections
from django_tasks_db.management.commands.db_worker import Worker

from zongwu.kernel import clock, daily, jobs
from zongwu.kernel.errors import Refused
from zongwu.kernel.scope import School
from zongwu.site.commands.output import remark
from zongwu.site.running import alone
from zongwu.site.setup import prepare

log = logging.getLogger(__name__)
OFTEN = 300
"""Seconds between two looks at the calendar."""
LARGEST = 35 * 1024 * 1024


def serve(options: argparse.Namespace) -> int:
    with alone(Path(settings.DATA)):  # before the database is brought up to date: an older program may be serving it
        prepare()
        if not School.objects.exists():
            raise Refused("这里还没有学校，请先运行 zongwu init --name 学校名称。")
        listen(options.host, options.port)
    return 0


def listen(host: str, port: int) -> None:
    """Serve until interrupted, in a data folder that is held (`running.alone`).

    :raises Refused: the port is taken.
    """
    import waitress

    from zongwu.site.wsgi import application  # noqa: PLC0415 - only a server needs the whole site

    if "ZONGWU_SITE_URL" not in os.environ:
        settings.SITE_URL = f"http://{host}:{port}"  # what printed codes point to until the school says otherwise
    try:
        server = waitress.create_server(
            application, host=host, port=port, threads=8, ident="zongwu", max_request_body_size=LARGEST
        )
    except OSError as taken:
        raise Refused(f"{host}:{port} 已被占用，请换一个端口：--port {port + 1}。") from taken
    jobs.give_up_interrupted()
    threading.Thread(target=_work, name="jobs", daemon=True).start()
    threading.Thread(target=_daily, name="duties", daemon=True).start()
    remark(f"已在 http://{host}:{port}/ 开始服务，按 Ctrl+C 停止。")
    try:
        server.run()
    finally:
        server.close()


def _daily() -> None:
    """The duties of every day: when serving begins, and soon after each midnight, so that the tasks of a morning are there."""
    done = None
    while True:
        if (today := clock.today()) != done:
            try:
                for school in School.objects.all():
                    daily.carry_out(school)
            except Exception:  # tomorrow is another day; serving goes on
                log.exception("the daily duties failed")
            finally:
                connections.close_all()
            done = today
        time.sleep(OFTEN)


def _work() -> None:
    """The job thread: claims what actions enqueued, until the process ends."""
    Worker(
        queue_names=["*"], interval=1, batch=False, backend_name="default", startup_delay=False, max_tasks=None,
        worker_id="serve", excluded_queue_names=[],
    ).run()  # fmt: skip
