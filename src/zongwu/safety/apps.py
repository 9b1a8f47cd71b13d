from django.apps import AppConfig


class SafetyConfig(AppConfig):
    name = "zongwu.safety"
    label = "safety"
    verbose_name = "安全"

    def ready(self) -> None:
        from zongwu.checks import follows
        from zongwu.kernel import daily, dues, figures, search
        from zongwu.kernel.accounts import Person
        from zongwu.safety import checks, offers, plates, queries, schedule, screens, steps, transfers  # noqa: F401 - some register themselves
        from zongwu.safety import figures as mine
        from zongwu.school import ties
        from zongwu.school.models import Place
        from zongwu.ui import actions as papers

        figures.register(*mine.FIGURES, *mine.STATEMENTS, *mine.BREAKDOWNS)
        dues.register(*mine.DUES)
        search.offer("hazard", queries.findable)
        ties.tell(Place, queries.in_place)
        ties.tell(Person, queries.of_person)
        follows.register(
            follows.Follow("general", "一般隐患", "按期限改好", steps.general_from, order=10),
            follows.Follow("major", "重大隐患", "马上报校长", steps.major_from, order=20),
        )
        daily.register(schedule.escalate)
        papers.KEPT.append(queries.keeps)
        offers.register()
