from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "zongwu.assets"
    label = "assets"
    verbose_name = "资产"

    def ready(self) -> None:
        from zongwu.assets import (  # noqa: F401 - checks and transfers register themselves
            checks,
            queries,
            routes,
            screens,
            steps,
            transfers,
        )
        from zongwu.assets import figures as mine
        from zongwu.kernel import dues, figures, roles, search
        from zongwu.kernel.accounts import Person
        from zongwu.school import ties
        from zongwu.school.models import Department, Place, Supplier

        figures.register(*mine.FIGURES, *mine.STATEMENTS, *mine.BREAKDOWNS)
        dues.register(*mine.DUES)
        search.offer("asset", queries.findable)
        ties.tell(Place, queries.in_place)
        ties.tell(Department, queries.of_department)
        ties.tell(Person, queries.of_person)
        ties.tell(Supplier, queries.of_supplier)
        ties.renamed.append(steps.follow_name)
        keepers = ("head", "storekeeper")
        roles.offer("assets.read_asset", "school", "administrator", "principal", "bookkeeper", *keepers)
        roles.offer("transfer.import_sheet", "school", "administrator", *keepers)
        roles.offer("assets.read_asset", "own", "class_teacher", "teacher", "worker")
        roles.offer("assets.read_asset", "department", "department_head")
        for verb in (
            "register_asset",
            "correct_asset",
            "move_asset",
            "hand_over_asset",
            "change_state",
            "confirm_asset",
            "void_asset",
            "print_labels",
            "import_assets",
        ):
            roles.offer(f"assets.{verb}", "school", *keepers)
        roles.offer("assets.read_disposal", "school", "administrator", "principal", "bookkeeper", *keepers)
        roles.offer("assets.read_disposal", "own", "class_teacher", "teacher", "worker", "department_head")
        roles.offer("assets.apply_disposal", "school", "bookkeeper", *keepers)
        roles.offer("assets.apply_disposal", "own", "class_teacher", "teacher", "worker")
        roles.offer("assets.apply_disposal", "department", "department_head")
        roles.offer("assets.read_stocktake", "school", "administrator", "principal", "bookkeeper", *keepers)
        roles.offer("assets.read_stocktake", "own", "class_teacher", "teacher", "worker", "department_head")
        roles.offer("assets.count_assets", "school", "bookkeeper", *keepers)
        roles.offer("assets.count_assets", "own", "class_teacher", "teacher", "worker", "department_head")
        roles.offer("assets.plan_stocktake", "school", *keepers)
        roles.offer("assets.read_handover", "school", "administrator", "principal", "bookkeeper", *keepers)
        roles.offer("assets.read_handover", "own", "class_teacher", "teacher", "worker")
        roles.offer("assets.read_handover", "department", "department_head")
        roles.offer("assets.hand_out", "school", *keepers)
        roles.offer("assets.hand_out", "own", "class_teacher", "teacher", "worker")
        roles.offer("assets.hand_out", "department", "department_head")
        roles.offer("assets.take_back", "school", *keepers)
        roles.offer("assets.settle_disposal", "school", "head", "bookkeeper")
        for verb in ("revalue_asset", "depreciate_month", "read_depreciation"):
            roles.offer(f"assets.{verb}", "school", "head", "bookkeeper")
