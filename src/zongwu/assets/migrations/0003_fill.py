"""What 0002 added, for cards that were there before: months charged so far, and the keys by which lists are sorted."""

from typing import Any

from django.db import migrations
from django.db.models import OuterRef, Subquery, Sum, Value
from django.db.models.functions import Coalesce


def fill(apps: Any, editor: Any) -> None:
    cards, charges = apps.get_model("assets", "Asset").objects, apps.get_model("assets", "DepreciationCharge").objects
    taken = charges.filter(asset=OuterRef("pk")).order_by().values("asset").annotate(n=Sum("months")).values("n")
    cards.update(months_taken=Coalesce(Subquery(taken), Value(0)))
    for key, link, app, model, name in (
        ("place_path", "place_id", "school", "Place", "path"),
        ("department_pinyin", "department_id", "school", "Department", "pinyin"),
        ("custodian_pinyin", "custodian_id", "kernel", "Person", "pinyin"),
    ):
        now = apps.get_model(app, model).objects.filter(pk=OuterRef(link)).values(name)
        cards.exclude(**{link: None}).update(**{key: Subquery(now)})


class Migration(migrations.Migration):
    dependencies = [("assets", "0002_order_and_months")]  # noqa: RUF012
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]  # noqa: RUF012
