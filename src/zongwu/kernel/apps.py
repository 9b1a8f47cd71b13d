from django.apps import AppConfig
from django.db.models.signals import post_migrate, pre_migrate


class KernelConfig(AppConfig):
    name = "zongwu.kernel"
    label = "kernel"
    verbose_name = "内核"

    def ready(self) -> None:
        from zongwu.kernel import actions, daily, guards, installation, privacy, search
        from zongwu.kernel.approvals import checks  # noqa: F401 - it registers itself

        actions.after_journal += [search.follow, privacy.carry_out]
        daily.register(privacy.purge_if_due)
        daily.register(privacy.sweep)
        pre_migrate.connect(guards.lift)
        post_migrate.connect(installation.start_sequences, sender=self)
        post_migrate.connect(guards.install)
