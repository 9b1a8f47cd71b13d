from django.apps import AppConfig


class RepairsConfig(AppConfig):
    name = "zongwu.repairs"
    label = "repairs"
    verbose_name = "维修"

    def ready(self) -> None:
        from zongwu.checks import follows
        from zongwu.kernel import daily, dues, figures, search
        from zongwu.kernel.accounts import Person
        from zongwu.repairs import checks, offers, plates, queries, screens, silence, steps, transfers  # noqa: F401 - checks register themselves
        from zongwu.repairs import figures as mine
        from zongwu.school import ties
        from zongwu.school.models import Place, Supplier

        figures.register(*mine.FIGURES, *mine.STATEMENTS, *mine.BREAKDOWNS)
        dues.register(*mine.DUES)
        search.offer("ticket", queries.findable)
        ties.tell(Place, queries.in_place)
        ties.tell(Person, queries.of_person)
        ties.tell(Supplier, queries.of_supplier)
        follows.register(follows.Follow("repair", "报修", "派师傅来修", steps.mend_finding, order=30))
        daily.register(silence.close_silent)
        daily.register(silence.open_due_upkeep)
        offers.register()
