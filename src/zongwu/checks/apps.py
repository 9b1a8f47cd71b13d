from django.apps import AppConfig


class ChecksConfig(AppConfig):
    name = "zongwu.checks"
    label = "checks"
    verbose_name = "检查"

    def ready(self) -> None:
        from zongwu.checks import checks, field, offers, queries, schedule, screens, shipped  # noqa: F401 - some register themselves
        from zongwu.checks import figures as mine
        from zongwu.kernel import daily, dues, figures, search
        from zongwu.kernel.accounts import Person
        from zongwu.school import openings, ties
        from zongwu.school.models import Place

        figures.register(*mine.FIGURES, *mine.STATEMENTS, *mine.BREAKDOWNS)
        dues.register(*mine.DUES)
        search.offer("point", queries.findable)
        ties.tell(Place, queries.at_place)
        ties.tell(Person, queries.of_person)
        openings.register(shipped.create_defaults)
        daily.register(schedule.make_tasks)
        offers.register()
