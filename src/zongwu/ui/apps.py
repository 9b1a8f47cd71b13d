from django.apps import AppConfig


class UiConfig(AppConfig):
    name = "zongwu.ui"
    label = "ui"
    verbose_name = "界面"

    def ready(self) -> None:
        from zongwu.kernel import roles
        from zongwu.ui import case_screens, checks, sayings  # noqa: F401 - they register themselves

        for permission in ("ui.save_view", "ui.read_notice"):
            roles.offer(permission, "school", *roles.NAMES)
        roles.offer("ui.attach_file", "school", "administrator", "principal", "head", "storekeeper", "bookkeeper")
        roles.offer("ui.attach_file", "department", "department_head")
        roles.offer("ui.attach_file", "own", "class_teacher", "teacher", "worker", "guard")
        everyone = [role for role in roles.NAMES if role != "guard"]
        roles.offer("approvals.sign", "own", *everyone)
        roles.offer("approvals.read_case", "own", *everyone)
        roles.offer("approvals.read_case", "school", "administrator", "principal", "head", "bookkeeper")
        roles.offer("approvals.reassign", "school", "administrator")
        roles.offer("approvals.edit_routes", "school", "administrator", "head")
