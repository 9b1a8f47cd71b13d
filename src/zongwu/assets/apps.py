from django.apps import AppConfig


class AssetsConfig(AppConfig):
    name = "zongwu.assets"
    label = "assets"
    verbose_name = "资产"

    def ready(self) -> None:
        from zongwu.assets import (  # noqa: F401 - checks and transfers register themselves
            checks,
            offers,
            queries,
            routes,
            screens,
            steps,
            transfers,
        )
        from zongwu.assets import figures as mine
        from zongwu.assets.models import Asset
        from zongwu.kernel import dues, figures, search
        from zongwu.kernel.accounts import Person
        from zongwu.school import ties
        from zongwu.school.models import Department, Place, Supplier
        from zongwu.ui import public

        public.STANDS[Asset.kind] = queries.stand
        figures.register(*mine.FIGURES, *mine.STATEMENTS, *mine.BREAKDOWNS)
        dues.register(*mine.DUES)
        search.offer("asset", queries.findable)
        ties.tell(Place, queries.in_place)
        ties.tell(Department, queries.of_department)
        ties.tell(Person, queries.of_person)
        ties.tell(Supplier, queries.of_supplier)
        ties.renamed.append(steps.follow_name)
        offers.register()
