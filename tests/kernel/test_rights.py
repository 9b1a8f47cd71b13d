"""Roles as the administrator edits them: what can be given, and what nobody can take or give himself."""

from datetime import timedelta

import pytest

from tests.kernel.examples import role
from tests.world import TODAY, World
from zongwu.kernel import rights, roles, scope
from zongwu.kernel.accounts import Role
from zongwu.kernel.errors import Refused
from zongwu.kernel.journal import JournalEntry
from zongwu.kernel.memberships import assign_role, release_role
from zongwu.kernel.rights import add_role, rename_role, retire_role, set_grants

pytestmark = pytest.mark.django_db


def held(world: World, code: str) -> list[str]:
    with scope.active(world.school):
        return role(world, code).rights


def test_every_permission_has_a_name_and_a_range(world: World) -> None:
    with scope.active(world.school):
        found = [one for _, group in rights.catalogue() for one in group]
    assert [one.permission for one in found if one.label.isascii()] == []
    assert {one.permission for one in found} == set(roles.permissions())


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
