"""Slow tools that are known by name are made slower where a story came too late."""

from conformance.driving.profile import ROLES, Fixture


def test_a_known_fixture_takes_longer_for_each_step() -> None:
    _, name, arguments = ROLES["work"]
    slowed = Fixture(name, arguments).slowed(2)
    assert slowed.arguments == {**arguments, "step_ms": 100}


def test_an_owners_tool_is_called_as_its_owner_said() -> None:
    own = Fixture("import_data", {"step_ms": 5})
    assert own.slowed(2) is own


def test_a_fixture_without_steps_stays_as_it_is() -> None:
    named = Fixture("test_simple_text")
    assert named.slowed(2) is named
