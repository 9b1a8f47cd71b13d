# ruff: noqa: E402 - the settings are chosen before Django is asked for anything
"""Measures the work that grows with the school against the raw limit of the same database, in the same run.

    python -m tests.bench [--rows 100000] [--cards 100000] [--schools 100] [--others 9091]

prints the table and writes `docs/benchmarks-<database>.md`. A ratio is ours divided by the raw limit: it holds when the
machine's speed drifts.
"""

from __future__ import annotations

import argparse
import os
import tempfile

os.environ.setdefault("ZONGWU_DATA", tempfile.mkdtemp(prefix="zongwu-bench-"))
os.environ["DJANGO_SETTINGS_MODULE"] = "zongwu.site.settings"
import django

django.setup()
from pathlib import Path

from django.db import connection

from tests.bench import field, measures, papers, stores
from tests.bench.world import analyze, school_with
from zongwu.site.setup import prepare


def table(found: list[measures.Measure]) -> str:
    head = "| 工作 | 我们（毫秒） | 裸的（毫秒） | 倍数 | 目标 | 达到 |\n| --- | ---: | ---: | ---: | --- | --- |\n"
    return head + "".join(
        f"| {m.what} | {m.ours * 1000:,.1f} | {m.bare_text} | {m.ratio} | {m.goal} | {m.kept} |\n" for m in found
    )


def main(options: argparse.Namespace) -> None:
    prepare()
    if options.stores:
        print(table(stores.everything()))
        return
    if options.field:
        print(table(field.everything()))
        return
    if options.papers:
        print(table(papers.everything()))
        return
    found = measures.importing(options.rows) + measures.envelope()
    large = school_with("large", options.cards)
    for n in range(options.schools - 1):
        school_with(f"s{n}", options.others)
    analyze()
    found += measures.lists(large) + measures.searching(large) + measures.depreciating(large) + measures.summing(large)
    found += papers.everything() + stores.everything() + field.everything() + measures.serving()
    text = table(found)
    print(text)
    total = options.cards + (options.schools - 1) * options.others
    head = (
        f"# Measured: {connection.vendor}\n\n`python -m tests.bench --rows {options.rows} --cards {options.cards} --schools {options.schools} "
        f"--others {options.others}`: {total:,} cards in {options.schools} schools, two cores; ours against the raw limit in the same run.\n\n"
        "The raw import puts the sheet's own twenty cells of each row into the card's table, guards and indexes on, one `executemany`. The list's other lines are "
        "against our own first page; what has no raw limit is against a fixed time.\n\n"
    )
    page = Path(__file__).parents[2] / "docs" / f"benchmarks-{connection.vendor}.md"
    page.write_text(head + text, encoding="utf-8")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    for name, default in (("rows", 100_000), ("cards", 100_000), ("schools", 100), ("others", 9_091)):
        parser.add_argument(f"--{name}", type=int, default=default)
    parser.add_argument("--field", action="store_true", help="only reports by twenty phones, and the board")
    parser.add_argument(
        "--papers", action="store_true", help="only signing, scanning and counting; prints the table and writes nothing"
    )
    parser.add_argument(
        "--stores", action="store_true", help="only the storerooms; prints the table and writes nothing"
    )
    main(parser.parse_args())
