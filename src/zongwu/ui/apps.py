from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "zongwu.ui"
    label = "ui"
    verbose_name = "界面"

    def ready(self) -> None:
        from zongwu.kernel import roles
        from zongwu.ui import checks, sayings  # noqa: F401 - both register themselves

        for permission in ("ui.save_view", "ui.read_notice"):
            roles.offer(permission, "school", *roles.NAMES)
        roles.offer("ui.attach_file", "school", "administrator", "principal", "head", "storekeeper", "bookkeeper")
        roles.offer("ui.attach_file", "department", "department_head")
        roles.offer("ui.attach_file", "own", "class_teacher", "teacher", "worker", "guard")
