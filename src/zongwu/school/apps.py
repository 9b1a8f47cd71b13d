from django.apps import AppConfig


class SchoolConfig(AppConfig):
    name = "zongwu.school"
    label = "school"
    verbose_name = "学校"

    def ready(self) -> None:
        from zongwu.kernel import accounts, dues, figures, roles, search
        from zongwu.kernel.accounts import Person
        from zongwu.kernel.approvals import matters
        from zongwu.kernel.approvals import queries as approvals
        from zongwu.school import figures as mine
        from zongwu.school import openings, queries, screens, settings, ties, transfers  # noqa: F401 - two register themselves
        from zongwu.school.models import Department, Place, SchoolClass
        from zongwu.ui import public

        accounts.departments_of.append(queries.departments_of)
        accounts.people_of.append(queries.people_of)
        public.STANDS[Place.kind] = queries.stand
        openings.register(settings.create_defaults, matters.create_defaults)
        figures.register(*mine.FIGURES, *mine.STATEMENTS)
        dues.register(*mine.DUES)
        search.offer("person", queries.findable_people)
        search.offer("place", queries.findable_places)
        ties.tell(Person, queries.kept_by)
        ties.tell(Person, approvals.waiting_for)
        ties.tell(Person, queries.taught_by)
        ties.tell(Department, queries.staff_of)
        ties.tell(Place, queries.classes_in)
        ties.tell(SchoolClass, queries.size_of)
        everyone = (
            "administrator",
            "principal",
            "head",
            "department_head",
            "storekeeper",
            "bookkeeper",
            "class_teacher",
            "teacher",
            "worker",
        )
        roles.offer("school.read_place", "school", *everyone)
        roles.offer("school.read_department", "school", *everyone)
        roles.offer("school.read_person", "school", *(role for role in everyone if role != "department_head"))
        roles.offer("school.read_person", "department", "department_head")
        roles.offer("school.read_supplier", "school", "administrator", "principal", "head", "storekeeper", "bookkeeper")
        roles.offer("school.read_class", "school", *everyone)
        roles.offer("school.read_pupil", "school", "administrator", "head")
        roles.offer("school.read_pupil", "class", "class_teacher")
        roles.offer("school.read_term", "school", *everyone)
        roles.offer("school.read_rule", "school", "administrator", "principal", "head", "storekeeper", "bookkeeper")
        roles.offer("school.set_rule", "school", "administrator", "head")
        for permission in (
            "school.invite_person", "school.disable_person", "school.hold_role", "rights.read_role", "rights.manage_roles",
            "privacy.erase_details",
        ):  # fmt: skip
            roles.offer(permission, "school", "administrator")
        for verb in (
            "manage_people",
            "manage_places",
            "manage_departments",
            "manage_suppliers",
            "manage_classes",
            "manage_pupils",
            "manage_terms",
            "import_records",
        ):
            roles.offer(f"school.{verb}", "school", "administrator", "head")
