"""Home, to-do, notices, figures, files, jobs, and what the side bar shows to whom."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.world import TODAY
from zongwu.assets.actions import change_state
from zongwu.kernel import clock
from zongwu.kernel.attachments import Attachment
from zongwu.kernel.figures import FIGURES, Window
from zongwu.kernel.jobs import Job
from zongwu.kernel.notify import Notice
from zongwu.kernel.scope import active

PDF = b"%PDF-1.4\n%%EOF"


def words(html: str) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())


def test_home_greets_and_shows_what_waits(visit, world):
    change_state(world.ctx("storekeeper"), world.projector, state="repair", condition="broken", on=TODAY)
    text = words(visit("storekeeper").get("/cnsx/").content.decode())
    assert "上午好，孙丽华" in text
    assert "2026年11月23日 星期一" in text
    assert "损坏未处理" in text
    assert world.projector.number in text


def test_figures_of_the_whole_school_are_not_shown_to_a_teacher(visit, world):
    assert "固定资产原值" in visit("head").get("/cnsx/").content.decode()
    assert "固定资产原值" not in visit("class_teacher").get("/cnsx/").content.decode()
    assert visit("class_teacher").get("/cnsx/figures/assets.value/").status_code == 403


def test_what_happened_lately_is_narrowed_to_what_one_may_see(visit, world):
    assert world.laptop.number in visit("head").get("/cnsx/").content.decode()
    assert world.laptop.number not in visit("class_teacher").get("/cnsx/").content.decode()


def test_the_side_bar_follows_the_rights(visit):
    assert ">资产</span>" in visit("storekeeper").get("/cnsx/").content.decode()
    assert ">资产</span>" not in visit("nobody").get("/cnsx/").content.decode()
    assert "更多" in visit("nobody").get("/cnsx/more/").content.decode()


def test_a_figure_opens_its_rows_and_they_sum_to_it(visit, world):
    html = visit("head").get("/cnsx/figures/assets.value/").content.decode()
    with active(world.school):
        value = FIGURES["assets.value"].value(Window(TODAY, TODAY))
    assert value.text in html
    assert FIGURES["assets.value"].definition in html
    assert world.projector.number in html
    amounts = [
        float(t.replace(",", "")) for t in re.findall(r'<td class="num">([\d,.]+)</td></tr>', html.split("<tfoot>")[0])
    ]
    assert sum(amounts) == float(value.number)


@pytest.mark.parametrize(
    "query", [{"since": "x"}, {"until": "2026-02-30"}, {"since": "2027-01-01", "until": "2026-01-01"}]
)
def test_a_figure_survives_a_bad_window(visit, query):
    assert visit("head").get("/cnsx/figures/assets.value/", query).status_code == 200


def test_an_unknown_figure_is_missing(visit):
    assert visit("head").get("/cnsx/figures/no.such/").status_code == 404


def test_todo_lists_dues_and_the_badge_counts_them(visit, world):
    change_state(world.ctx("storekeeper"), world.projector, state="repair", condition="broken", on=TODAY)
    client = visit("storekeeper")
    assert "坏了的东西" in client.get("/cnsx/todo/").content.decode()
    assert '<span class="n">1' in client.get("/cnsx/todo/badge/").content.decode()
    assert "没有等您办的事" in visit("nobody").get("/cnsx/todo/").content.decode()


def test_notices_are_read_all_at_once_and_only_ones_own(visit, world):
    with active(world.school):
        for who in ("head", "worker"):
            Notice.objects.create(school=world.school, person=world.people[who], sentence=f"给{who}", at=clock.now())
    client = visit("head")
    html = client.get("/cnsx/notices/").content.decode()
    assert "给head" in html
    assert "给worker" not in html
    assert "1 条未读" in words(html)
    assert client.post("/cnsx/notices/").status_code == 302
    assert "已全部标为已读" in client.get("/cnsx/notices/").content.decode()
    assert "条未读" not in client.get("/cnsx/notices/").content.decode()
    with active(world.school):
        assert Notice.objects.get(person=world.people["worker"]).read_at is None
    assert client.post("/cnsx/notices/", follow=True).status_code == 200


class TestFiles:
    def add(self, client, world, name="发票.pdf", content=PDF):
        data = {"about": f"asset:{world.projector.pk}", "file": SimpleUploadedFile(name, content)}
        return client.post("/cnsx/files/", data, follow=True)

    def test_a_paper_is_added_shown_and_saved(self, visit, assets, world):
        client = visit("storekeeper")
        html = self.add(client, world).content.decode()
        assert "已添加附件：发票.pdf" in html
        with active(world.school):
            paper = Attachment.objects.get()
        answer = client.get(f"/cnsx/files/{paper.pk}/")
        assert b"".join(answer.streaming_content) == PDF
        assert answer.headers["Content-Disposition"].startswith("attachment")
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert "添加附件" in client.get(f"{assets}{world.projector.pk}/").content.decode()

    def test_it_opens_only_through_its_record(self, visit, world, stranger):
        self.add(visit("storekeeper"), world)
        with active(world.school):
            paper = Attachment.objects.get()
        assert visit("class_teacher").get(f"/cnsx/files/{paper.pk}/").status_code == 200
        assert visit("nobody").get(f"/cnsx/files/{paper.pk}/").status_code == 404
        assert visit("storekeeper", of=stranger).get(f"/bctx/files/{paper.pk}/").status_code == 404

    @pytest.mark.parametrize(
        ("name", "content"), [("x.exe", b"MZ"), ("x.pdf", b"MZ"), ("x.jpg", b"no picture"), ("空.pdf", b"")]
    )
    def test_what_is_not_kept_is_refused_in_words(self, visit, world, name, content):
        html = self.add(visit("storekeeper"), world, name, content).content.decode()
        assert 'class="note bad"' in html
        with active(world.school):
            assert not Attachment.objects.exists()

    def test_a_record_of_another_school_takes_no_paper(self, visit, world, stranger):
        data = {"about": f"asset:{stranger.projector.pk}", "file": SimpleUploadedFile("a.pdf", PDF)}
        assert visit("storekeeper").post("/cnsx/files/", data).status_code == 404

    def test_who_sees_a_record_but_may_not_handle_it_adds_nothing(self, visit, assets, world):
        data = {"about": f"person:{world.people['head'].pk}", "file": SimpleUploadedFile("a.pdf", PDF)}
        assert visit("worker").post("/cnsx/files/", data).status_code == 403
        mine = data | {"about": f"person:{world.people['worker'].pk}", "file": SimpleUploadedFile("a.pdf", PDF)}
        assert visit("worker").post("/cnsx/files/", mine).status_code == 302
        self.add(visit("storekeeper"), world)
        html = visit("class_teacher").get(f"{assets}{world.projector.pk}/").content.decode()
        assert "撤下" in html

    def test_a_paper_is_taken_off(self, visit, assets, world):
        client = visit("storekeeper")
        self.add(client, world)
        with active(world.school):
            paper = Attachment.objects.get()
        assert f"/cnsx/files/{paper.pk}/remove/" in client.get(f"{assets}{world.projector.pk}/").content.decode()
        assert client.post(f"/cnsx/files/{paper.pk}/remove/").status_code == 302
        assert client.get(f"/cnsx/files/{paper.pk}/").status_code == 404


def test_a_job_is_shown_to_who_began_it_and_asks_again_while_it_runs(visit, world):
    ctx = world.ctx("head")
    with active(world.school):
        job = Job.objects.create(
            school=world.school, name="x", label="读取表格", actor=ctx.actor, state="running", done=3, total=10,
            enqueued_at=clock.now(),
        )  # fmt: skip
    html = visit("head").get(f"/cnsx/jobs/{job.pk}/").content.decode()
    assert 'max="10" value="3"' in html
    assert "load delay:1s" in html
    assert visit("storekeeper").get(f"/cnsx/jobs/{job.pk}/").status_code == 404
    with active(world.school):
        Job.objects.update(state="done", opens="/cnsx/assets/cards/")
    html = visit("head").get(f"/cnsx/jobs/{job.pk}/").content.decode()
    assert "load delay" not in html
    assert "打开结果" in html


def test_a_saved_file_may_do_nothing_in_a_browser(visit, world):
    client = visit("storekeeper")
    TestFiles().add(client, world)
    with active(world.school):
        paper = Attachment.objects.get()
    assert client.get(f"/cnsx/files/{paper.pk}/").headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
