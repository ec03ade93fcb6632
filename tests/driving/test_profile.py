"""What a profile says of itself before it is used: where it names a tool that the target does not list."""

import pytest

from conformance.driving.profile import Fixture, Profile
from conformance.evidence.trace import JSON

PROFILE = Profile({"progress": Fixture("import_data"), "echo": Fixture("say")})


def test_a_profile_whose_tools_are_listed_is_beyond_doubt() -> None:
    assert PROFILE.doubts([{"name": "say"}, {"name": "import_data"}, {"name": "other"}]) == []


def test_a_name_that_no_list_has_is_told() -> None:
    said = "the profile names 'import_data' for [progress], and the server lists no tool of this name"
    assert PROFILE.doubts([{"name": "say"}]) == [said]


@pytest.mark.parametrize("name", [None, 1, [], {"a": 1}])
def test_names_that_are_none_match_nothing(name: JSON) -> None:
    assert len(PROFILE.doubts([{"name": name}, {}])) == 2
