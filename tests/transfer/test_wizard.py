"""The import on screen: what a person sees, presses and gets back."""

from pathlib import Path

import openpyxl
import pytest
from django.test import Client

from tests.world import PASSWORD, World
from zongwu.assets.models import Asset
from zongwu.kernel import doctor, scope
from zongwu.kernel.jobs import Job
from zongwu.kernel.transfer.runs import ImportRun
from zongwu.ui import importing

pytestmark = pytest.mark.django_db
SAMPLE = Path(__file__).parent.parent / "samples" / "01_固定资产台账.xlsx"


@pytest.fixture
def keeper(world: World) -> Client:
    client = Client()
    assert client.login(username="cnsx-head", password=PASSWORD)
    return client


def send(client: Client, path: Path = SAMPLE, kind: str = "assets", key: str = "k1"):
    with path.open("rb") as file:
        return client.post(f"/cnsx/import/{kind}/", {"file": file, "key": key})


def test_preview_write_and_take_back(world: World, keeper: Client) -> None:
    answer = send(keeper)
    assert answer.status_code == 302
    page = keeper.get(answer.url).content.decode()
    for said in ("写入 285 行", "1,889,688.36", "1,694,767.61", "错误表 21 行", "对上了", "若干", "2062.3.1"):
        assert said in page
    with scope.active(world.school):
        assert Asset.objects.count() == 2, "nothing is written before it was looked at"
        run = ImportRun.objects.get()
    for key in ("press", "press"):
        assert keeper.post(f"/cnsx/imports/{run.pk}/apply/", {"key": key}).status_code == 302
    with scope.active(world.school):
        assert Asset.objects.count() == 287
    assert "整批撤销" in keeper.get(answer.url).content.decode()
    keeper.post(f"/cnsx/imports/{run.pk}/undo/", {"key": "undo"})
    with scope.active(world.school):
        assert Asset.objects.live().count() == 2
    assert list(doctor.examine(world.school)) == []


def test_the_error_workbook_can_be_mended_and_sent_again(keeper: Client, world: World, tmp_path: Path) -> None:
    run = send(keeper).url.rstrip("/").rpartition("/")[2]
    path = tmp_path / "错误表.xlsx"
    path.write_bytes(keeper.get(f"/cnsx/imports/{run}/errors.xlsx").content)
    page = openpyxl.load_workbook(path).active
    assert page.max_row == 22
    head = {cell.value: cell.column for cell in page[1]}
    assert page.cell(2, head["错误说明"]).value.startswith("数量写“若干”")
    page.cell(2, head["数量"]).value = 3
    page.parent.save(path)
    with scope.active(world.school):
        before = ImportRun.objects.count()
    again = keeper.get(send(keeper, path, key="k2").url).content.decode()
    assert "写入" in again
    with scope.active(world.school):
        assert ImportRun.objects.count() == before + 1
        assert ImportRun.objects.latest("id").rows.get(row=2).record["no"] == "ZC-2019-0038"


def test_one_of_two_months_is_chosen(keeper: Client, world: World) -> None:
    run = send(keeper).url.rstrip("/").rpartition("/")[2]
    with scope.active(world.school):
        line = ImportRun.objects.get(pk=run).rows.get(row=51)
    keeper.post(f"/cnsx/imports/{run}/settle/", {"row": line.pk, "cell": "date", "value": "2011-10"})
    with scope.active(world.school):
        line.refresh_from_db()
        assert (line.record["date"], line.record["date_precision"]) == ("2011-10", "month")


def test_a_column_that_nobody_knows_can_be_named(keeper: Client, world: World, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in (["货号", "资产名称", "数量", "单价", "金额"], ["A-1", "桌子", 1, 10, 10]):
        book.active.append(row)
    book.save(tmp_path / "x.xlsx")
    page = send(keeper, tmp_path / "x.xlsx")
    assert "货号" in keeper.get(page.url).content.decode()
    again = keeper.post(f"{page.url}columns/", {"货号": "no", "key": "k3"})
    with scope.active(world.school):
        assert ImportRun.objects.latest("id").rows.get(row=2).record["no"] == "A-1"
    assert again.status_code == 302


@pytest.mark.parametrize(("name", "content", "said"), [
    ("坏.xlsx", SAMPLE.read_bytes()[:9000], "损坏"), ("空.xlsx", b"", "空"), ("图.png", b"\x89PNG\r\n\x1a\n000", "表格"),
])  # fmt: skip
def test_a_bad_file_is_refused_with_a_sentence(
    keeper: Client, tmp_path: Path, name: str, content: bytes, said: str
) -> None:
    (tmp_path / name).write_bytes(content)
    answer = send(keeper, tmp_path / name)
    assert answer.status_code == 409
    assert said in answer.content.decode()


def test_a_wrong_sheet_is_named(keeper: Client, world: World) -> None:
    client = Client()
    client.login(username="cnsx-head", password=PASSWORD)
    answer = send(client, SAMPLE, "pupils")
    assert answer.status_code == 409
    assert "学生名单" in answer.content.decode()


def test_a_large_file_is_read_by_the_worker(keeper: Client, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importing, "AT_ONCE", 1000)
    answer = send(keeper)
    with scope.active(world.school):
        job = Job.objects.get()
        assert (job.state, answer.url) == ("done", f"/cnsx/jobs/{job.pk}/")
        assert keeper.get(job.opens).status_code == 200


def test_nobody_imports_without_the_right_and_no_stranger_looks(keeper: Client, world: World, stranger: World) -> None:
    teacher, outsider = Client(), Client()
    teacher.login(username="cnsx-class_teacher", password=PASSWORD)
    assert send(teacher).status_code == 403
    run = send(keeper).url
    outsider.login(username="bctx-storekeeper", password=PASSWORD)
    assert outsider.get(run).status_code == 404
    assert outsider.get(run.replace("/cnsx/", "/bctx/")).status_code == 404


def test_an_imported_card_opens_with_its_life(world: World, keeper: Client) -> None:
    run = send(keeper).url.rstrip("/").rpartition("/")[2]
    keeper.post(f"/cnsx/imports/{run}/apply/", {"key": "press"})
    with scope.active(world.school):
        card = Asset.objects.get(number="ZC-2021-0001")
    page = keeper.get(f"/cnsx/assets/cards/{card.pk}/")
    assert page.status_code == 200
    assert "写入导入" in page.content.decode()


def test_the_same_file_again_makes_no_second_card(world: World, keeper: Client) -> None:
    for key in ("one", "two"):
        run = send(keeper, key=key).url.rstrip("/").rpartition("/")[2]
        keeper.post(f"/cnsx/imports/{run}/apply/", {"key": f"press-{key}", "confirmed": "1"})
    with scope.active(world.school):
        assert Asset.objects.live().count() == 287
        assert ImportRun.objects.latest("id").rows.filter(effect="same").count() == 285
