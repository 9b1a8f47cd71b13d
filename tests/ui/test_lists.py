"""The list: who sees what, keyset pages, filters, totals, saved views, columns."""

from __future__ import annotations

import re
from itertools import product

from django.db import connection
from django.test.utils import CaptureQueriesContext

from zongwu.assets.models import Asset
from zongwu.assets.screens import ASSETS
from zongwu.kernel import search
from zongwu.kernel.accounts import Holding, Role
from zongwu.kernel.journal import JournalEntry
from zongwu.kernel.scope import active
from zongwu.ui.models import SavedView
from zongwu.ui.paging import page_of


def numbers(html: str) -> list[str]:
    """The asset numbers in the table, in the order in which they stand there."""
    return re.findall(r'<td class="code [^"]*"><a [^>]*>([^<]+)</a>', html)


def test_a_list_shows_the_rows_of_the_own_school_only(visit, assets, world, stranger):
    html = visit("storekeeper").get(assets).content.decode()
    assert numbers(html) == [world.projector.number, world.laptop.number]
    assert visit("storekeeper", of=stranger).get(assets).status_code == 404


def test_a_teacher_sees_what_is_in_his_own_name(visit, assets, world):
    assert numbers(visit("class_teacher").get(assets).content.decode()) == [world.projector.number]


def test_without_the_right_the_list_says_so(visit, assets):
    answer = visit("nobody").get(assets)
    assert answer.status_code == 403
    assert "没有权限" in answer.content.decode()


def test_nobody_is_asked_to_sign_in_and_comes_back(client, assets, world):
    answer = client.get(assets)
    assert answer.status_code == 302
    assert answer.url == f"/accounts/login/?next={assets}"


def test_every_order_walks_all_rows_once_forward_and_back(many):
    with active(many.school):
        for column, sign in product(ASSETS.orders, ("", "-")):
            walk(column, sign)


def walk(column: str, sign: str) -> None:
    rows, order = Asset.objects.all(), f"{sign}{ASSETS.orders[column]}"
    tie = f"{sign}id"
    expected = list(rows.order_by(order, tie).values_list("pk", flat=True))
    seen, after, pages = [], "", []
    while True:
        page = page_of(rows, order, 25, after=after)
        pages.append([row.pk for row in page.rows])
        seen += pages[-1]
        if not page.after:
            break
        after = page.after
    assert seen == expected
    back = page_of(rows, order, 25, before=page.before)
    assert [row.pk for row in back.rows] == pages[-2]
    assert back.after
    first = page_of(rows, order, 25, before=back.before)
    assert [row.pk for row in first.rows] == pages[0]
    assert not first.before


def test_a_token_that_cannot_be_read_gives_the_first_page(many):
    with active(many.school):
        for token in ("x", "~", "x~y", "2026~", "~7", "9" * 40, "NaN~1", "Infinity~1", "1e999999~1"):
            assert len(page_of(Asset.objects.all(), "-value", 25, after=token).rows) == 25


def test_pages_are_links_that_keep_filter_and_order(visit, assets, many):
    client = visit("storekeeper")
    html = client.get(assets, {"o": "value", "state": "in_use"}).content.decode()
    link = re.search(r'rel="next" href="([^"]+)"', html)[1].replace("&amp;", "&")
    second = client.get(link).content.decode()
    assert "state=in_use" in link
    assert "o=value" in link
    assert len(numbers(html)) == 50
    assert len(numbers(second)) == 12
    assert not set(numbers(html)) & set(numbers(second))


def test_the_number_of_queries_does_not_grow_with_the_rows(visit, assets, many):
    client = visit("storekeeper")
    client.get(assets)  # content types, session
    with CaptureQueriesContext(connection) as few:
        client.get(assets, {"q": many.projector.number})
    with CaptureQueriesContext(connection) as all_rows:
        client.get(assets)
    assert len(all_rows) <= len(few)
    assert len(all_rows) <= 14


def test_totals_are_of_the_filter_not_of_the_page(visit, assets, many):
    html = visit("storekeeper").get(assets, {"part": "totals"}, headers={"HX-Request": "true"}).content.decode()
    with active(many.school):
        total = sum(asset.value for asset in Asset.objects.all())
    assert f"{total:,.2f}" in html
    assert "62" in html


def test_without_script_the_totals_are_a_link_away(visit, assets, many):
    client = visit("storekeeper")
    assert 'href="?sums=1"' in client.get(assets).content.decode()
    assert "合计 62" in client.get(assets, {"sums": "1"}).content.decode()


def test_one_address_two_bodies(visit, assets):
    client = visit("storekeeper")
    page = client.get(assets).content.decode()
    part = client.get(assets, headers={"HX-Request": "true", "HX-Target": "list"}).content.decode()
    assert "<html" in page
    assert "<html" not in part
    assert part.lstrip().startswith('<div id="list"')


def test_conditions_are_chips_with_a_way_back(visit, assets, world):
    html = visit("storekeeper").get(assets, {"state": "in_use", "o": "value"}).content.decode()
    chip = re.search(r'<span class="pill"><span>状况</span>在用<a class="off" href="([^"]+)"', html)
    assert chip
    assert "state" not in chip[1]
    assert "o=value" in chip[1]


def test_a_wrong_condition_is_said_and_left_out(visit, assets, world):
    html = visit("storekeeper").get(assets, {"acquired_after": "2026-02-30"}).content.decode()
    assert "这一条没有用上" in html
    assert world.projector.number in html


def test_the_search_of_a_list_finds_by_initials(visit, assets, world):
    html = visit("storekeeper").get(assets, {"q": "tyy"}).content.decode()
    assert numbers(html) == [world.projector.number]


def test_an_empty_result_offers_the_way_back(visit, assets):
    html = visit("storekeeper").get(assets, {"q": "没有这种东西"}).content.decode()
    assert "没有符合条件的" in html


def test_a_view_is_saved_shared_and_removed_by_its_owner_only(visit, assets, world):
    mine, other = visit("storekeeper"), visit("head")
    mine.post(f"{assets}views/", {"name": "在用的", "query": "state=in_use", "shared": "1"})
    with active(world.school):
        view = SavedView.objects.get()
        assert JournalEntry.objects.filter(verb="ui.view_saved").count() == 1
    assert "在用的" in other.get(assets).content.decode()
    assert other.post(f"{assets}views/{view.pk}/remove/").status_code == 403
    assert mine.post(f"{assets}views/{view.pk}/remove/").status_code == 302
    assert "在用的" not in other.get(assets).content.decode()


def test_a_private_view_is_seen_by_its_owner_only(visit, assets):
    visit("storekeeper").post(f"{assets}views/", {"name": "我的闲置", "query": "state=idle"})
    assert "我的闲置" in visit("storekeeper").get(assets).content.decode()
    assert "我的闲置" not in visit("head").get(assets).content.decode()


def test_tabs_carry_their_counts(visit, assets, world):
    html = visit("storekeeper").get(assets, {"part": "tabs"}, headers={"HX-Request": "true"}).content.decode()
    assert re.search(r"在用 <b>2</b>", html)
    assert re.search(r"闲置 <b>0</b>", html)


def test_chosen_columns_are_kept_per_person(visit, assets):
    client = visit("storekeeper")
    client.post(f"{assets}columns/", {"columns": ["number", "serial"], "page_length": "25"})
    html = client.get(assets).content.decode()
    assert re.findall(r"<th[^>]*>(?:<a[^>]*>)?([^<]+)", html.replace("\n", ""))[-2:] == ["资产编号", "序列号"]
    assert "每页 25" in html
    assert "存放地点</a>" not in html
    assert "保管人" in visit("head").get(assets).content.decode()


def test_a_text_that_no_database_keeps_is_a_bad_request(visit, assets):
    assert visit("storekeeper").get(f"{assets}?q=%00").status_code == 400


def test_a_word_that_is_everywhere_is_found_in_the_order_that_was_asked_for(visit, assets, many, monkeypatch):
    """Beyond `MOST` hits the order is walked and each row tested; the answer is the same."""
    with active(many.school):
        word = Asset.objects.order_by("pk").last().name[:2]
    listed = numbers(visit("storekeeper").get(assets, {"q": word, "o": "-value"}).content.decode())
    monkeypatch.setattr(search, "MOST", 3)
    walked = numbers(visit("storekeeper").get(assets, {"q": word, "o": "-value"}).content.decode())
    assert len(listed) > 12
    assert walked == listed
    assert "3+" in visit("storekeeper").get("/cnsx/search/", {"q": word}).content.decode()


def test_a_narrowed_list_keeps_its_order_on_every_page(visit, assets, many):
    """Where a condition is asked only keys are sorted; the rows that are fetched then stand in the same order."""
    for order in ("-value", "value", "name", "-number"):
        with active(many.school):
            expected = list(
                Asset.objects.filter(department=many.office)
                .order_by(
                    f"{'-' * order.startswith('-')}{ASSETS.orders[order.lstrip('-')]}",
                    f"{'-' * order.startswith('-')}id",
                )
                .values_list("pk", flat=True)
            )
        page = visit("head").get(f"{assets}?department={many.office.pk}&o={order}").content.decode()
        shown = [int(pk) for pk in re.findall(r'data-peek="[^"]*/(\d+)/"', page)]
        assert shown == expected[:50]


def test_what_was_counted_along_the_way_stays_with_the_rows(world):
    with active(world.school):
        roles = Role.objects.visible_to(world.ctx("administrator"))
        page = page_of(roles, "id", 25, joined=lambda rows: rows)
        assert (
            {row.code: row.holders for row in page.rows}["head"]
            == Holding.objects.filter(role__code="head").count()
            > 0
        )


def test_one_of_two_values_is_a_condition_whichever_comes_last(visit, assets, world):
    for query in ("state=idle&state=", "state=&state=idle"):
        page = visit("head").get(f"{assets}?{query}").content.decode()
        assert "data-peek" not in page  # nothing of the school stands idle
