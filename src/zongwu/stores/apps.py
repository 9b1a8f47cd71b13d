from django.apps import AppConfig


class StoresConfig(AppConfig):
    name = "zongwu.stores"
    label = "stores"
    verbose_name = "库存"

    def ready(self) -> None:
        from zongwu.kernel import dues, figures, search
        from zongwu.kernel.accounts import Person
        from zongwu.school import ties
        from zongwu.school.models import Department, Place
        from zongwu.stores import checks, offers, queries, routes, screens, transfers  # noqa: F401 - they register themselves
        from zongwu.stores import figures as mine

        figures.register(*mine.FIGURES, *mine.STATEMENTS, *mine.BREAKDOWNS)
        dues.register(*mine.DUES)
        search.offer("item", queries.findable)
        search.ONLY_NAMED |= {"moved", "receiver", "supplier", "place"}
        ties.tell(Place, queries.in_place)
        ties.tell(Department, queries.of_department)
        ties.tell(Person, queries.of_person)
        offers.register()
