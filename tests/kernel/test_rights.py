"""Roles as the administrator edits them: what can be given, and what nobody can take or give himself."""

from datetime import timedelta

import pytest

from tests.kernel.examples import role, rule
from tests.world import NOW, TODAY, World
from zongwu.assets.models import Asset
from zongwu.kernel import doctor, rights, roles, scope
from zongwu.kernel.accounts import Account, Membership, Person, Role
from zongwu.kernel.ctx import Ctx
from zongwu.kernel.errors import NeedsConfirmation, Refused
from zongwu.kernel.journal import JournalEntry
from zongwu.kernel.memberships import assign_role, release_role
from zongwu.kernel.rights import add_role, rename_role, retire_role, set_grants
from zongwu.kernel.separation import lift_separation, separate_posts
from zongwu.school.actions import add_person

pytestmark = pytest.mark.django_db


def held(world: World, code: str) -> list[str]:
    with scope.active(world.school):
        return role(world, code).rights


def test_every_permission_has_a_name_and_a_range(world: World) -> None:
    with scope.active(world.school):
        found = [one for _, group in rights.catalogue() for one in group]
    assert [one.permission for one in found if one.label.isascii()] == []
    assert {one.permission for one in found} == set(roles.permissions())


def test_a_form_with_every_right_reckons_them_once(world: World) -> None:
    """A field of choices walks them once for each tick: unremembered, a press took a minute and a half."""
    with scope.active(world.school):
        assert rights.catalogue() is rights.catalogue()


def test_what_new_roles_begin_with_can_be_given_on_screen(world: World) -> None:
    with scope.active(world.school):
        offered = {grant for grant, _ in rights.choices()}
        assert {grant for one in Role.objects.all() for grant in one.rights} - offered == set()


def test_only_ranges_that_mean_something_are_offered(world: World) -> None:
    with scope.active(world.school):
        offered = {grant for grant, _ in rights.choices()}
    for grant in ("assets.read_asset:department", "school.read_person:department", "school.read_pupil:class"):
        assert grant in offered
    for grant in ("assets.read_asset:class", "assets.register_asset:own", "summary.sign_summary:own"):
        assert grant not in offered


def test_one_press_gives_and_takes_under_one_entry(world: World) -> None:
    before = set(held(world, "worker"))
    wanted = before - {"school.read_class:school"} | {"school.read_supplier:school"}
    set_grants(world.ctx("administrator"), role(world, "worker"), rights=sorted(wanted))
    assert set(held(world, "worker")) == wanted
    assert world.ctx("worker").may("school.read_supplier")
    assert not world.ctx("worker").may("school.read_class")
    with scope.active(world.school):
        facts = JournalEntry.objects.get(verb="role.grants_set").read_facts()
    assert (facts["added"], facts["removed"]) == (["school.read_supplier:school"], ["school.read_class:school"])


def test_a_range_that_is_not_offered_is_refused(world: World) -> None:
    with pytest.raises(Refused, match="没有这样的权限"):
        set_grants(world.ctx("administrator"), role(world, "worker"), rights=["assets.register_asset:own"])


def test_the_last_ability_to_administer_is_not_given_away(world: World) -> None:
    admin = role(world, "administrator")
    left = [grant for grant in held(world, "administrator") if grant != "rights.manage_roles:school"]
    with pytest.raises(Refused, match="至少要有一位"):
        set_grants(world.ctx("administrator"), admin, rights=left)
    with pytest.raises(Refused, match="要一直留着"):
        retire_role(world.ctx("administrator"), admin)
    with pytest.raises(Refused, match="至少要有一位"):
        release_role(
            world.ctx("administrator"), world.people["administrator"], role=admin, until_on=TODAY + timedelta(days=9)
        )


def test_nobody_gives_himself_rights(world: World) -> None:
    ours = ["rights.manage_roles:school", "school.hold_role:school"]
    set_grants(world.ctx("administrator"), role(world, "head"), rights=[*held(world, "head"), *ours])
    head = world.ctx("head")
    with pytest.raises(Refused, match="不能给自己"):
        set_grants(head, role(world, "head"), rights=[*held(world, "head"), "school.invite_person:school"])
    with pytest.raises(Refused, match="不能给自己"):
        assign_role(head, world.people["head"], role=role(world, "administrator"))
    assign_role(head, world.people["worker"], role=role(world, "guard"))


def test_an_administrator_may_widen_his_own_role(world: World) -> None:
    wanted = [*held(world, "administrator"), "assets.register_asset:school"]
    set_grants(world.ctx("administrator"), role(world, "administrator"), rights=wanted)
    assert world.ctx("administrator").may("assets.register_asset")


def test_a_role_of_the_schools_own(world: World) -> None:
    made = add_role(world.ctx("administrator"), name="实验室管理员", like=role(world, "storekeeper"))
    with scope.active(world.school):
        assert sorted(made.rights) == sorted(held(world, "storekeeper"))
    rename_role(world.ctx("administrator"), made, name="器材室管理员")
    assign_role(world.ctx("administrator"), world.people["nobody"], role=made)
    with pytest.raises(Refused, match="无岗"):
        retire_role(world.ctx("administrator"), made)
    release_role(world.ctx("administrator"), world.people["nobody"], role=made)
    retire_role(world.ctx("administrator"), made)
    with pytest.raises(Refused, match="已经撤销"):
        assign_role(world.ctx("administrator"), world.people["nobody"], role=made)
    add_role(world.ctx("administrator"), name="器材室管理员")


class TestIncompatiblePosts:
    def test_one_person_is_not_given_both(self, world: World) -> None:
        with pytest.raises(Refused, match=r"资产管理员.*不能同时任「会计」.*财会〔2012〕21号"):
            assign_role(world.ctx("administrator"), world.people["storekeeper"], role=role(world, "bookkeeper"))

    def test_one_after_the_other_is_allowed(self, world: World) -> None:
        admin, person = world.ctx("administrator"), world.people["storekeeper"]
        release_role(admin, person, role=role(world, "storekeeper"), until_on=TODAY + timedelta(days=3))
        assign_role(admin, person, role=role(world, "bookkeeper"), from_on=TODAY + timedelta(days=3))
        with scope.active(world.school):
            held = [
                set(person.holdings.on(TODAY + timedelta(days=n)).values_list("role__code", flat=True)) for n in (2, 3)
            ]
        assert held == [{"storekeeper"}, {"bookkeeper"}]

    def test_a_lifted_rule_binds_no_more(self, world: World) -> None:
        lift_separation(world.ctx("administrator"), rule(world), reason="校务会同意")
        assign_role(world.ctx("administrator"), world.people["storekeeper"], role=role(world, "bookkeeper"))
        with scope.active(world.school):
            held = set(world.people["storekeeper"].holdings.on(TODAY).values_list("role__code", flat=True))
            assert held == {"storekeeper", "bookkeeper"}
            assert list(doctor.examine(world.school)) == []

    def test_who_holds_both_already_is_named_and_found_by_doctor(self, world: World) -> None:
        admin = world.ctx("administrator")
        assign_role(admin, world.people["worker"], role=role(world, "guard"))
        posts = {"one": role(world, "guard"), "other": role(world, "worker"), "source": "校务会"}
        with pytest.raises(NeedsConfirmation, match="何大庆"):
            separate_posts(admin, **posts)
        assert list(doctor.examine(world.school)) == []
        separate_posts(admin, **posts, confirmed=True)
        assert [found.sentence for found in doctor.examine(world.school)] == [
            "何大庆 同时任「维修工」和「门卫」。依据：校务会。"
        ]


def test_the_head_of_a_department_reads_his_department(world: World) -> None:
    person = add_person(world.system(), name="李想", number="x1", department=world.computing)
    assign_role(world.ctx("administrator"), person, role=role(world, "department_head"))
    with scope.active(world.school):
        Membership.objects.create(school=world.school, person=person, account=Account.objects.create_user("lixiang"))
        ctx = Ctx.member(Membership.objects.select_related("school", "person").get(person=person), now=NOW)
        assert [str(one) for one in Person.objects.visible_to(ctx)] == ["李想"]
        assert list(Asset.objects.visible_to(ctx)) == [world.laptop]


def test_who_gives_rights_gives_them_for_the_whole_school_or_not_at_all(world: World) -> None:
    """A head of department who may give roles there would make a colleague administrator, and so himself."""
    with scope.active(world.school):
        spans = {p: rights.right(p).spans for p in ("school.hold_role", "school.invite_person", "rights.manage_roles")}
    assert set(map(tuple, spans.values())) == {("school",)}
