from django.apps import AppConfig


class PurchasingConfig(AppConfig):
    name = "zongwu.purchasing"
    label = "purchasing"
    verbose_name = "采购"

    def ready(self) -> None:
        from zongwu.kernel import dues, figures, search
        from zongwu.kernel.accounts import Person
        from zongwu.purchasing import checks, offers, queries, routes, screens  # noqa: F401 - they register themselves
        from zongwu.purchasing import figures as mine
        from zongwu.school import ties
        from zongwu.school.models import Supplier

        figures.register(*mine.FIGURES, *mine.STATEMENTS, *mine.BREAKDOWNS)
        dues.register(*mine.DUES)
        search.offer("purchase", queries.findable)
        ties.tell(Person, queries.of_person)
        ties.tell(Supplier, queries.of_supplier)
        offers.register()
