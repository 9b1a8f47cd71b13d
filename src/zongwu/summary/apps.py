from django.apps import AppConfig


class SummaryConfig(AppConfig):
    name = "zongwu.summary"
    label = "summary"
    verbose_name = "学期总结"

    def ready(self) -> None:
        from zongwu.kernel import roles
        from zongwu.summary import checks, screens  # noqa: F401 - both register themselves

        roles.offer("summary.read_summary", "school", "administrator", "principal", "head")
        roles.offer("summary.write_summary", "school", "head")
        roles.offer("summary.sign_summary", "school", "head", "principal")
