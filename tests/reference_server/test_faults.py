"""What a fault must say of itself."""

import pytest

from reference_server import faults
from reference_server.server import ReferenceServer


def test_every_fault_says_what_it_breaks_and_how() -> None:
    for name, fault in faults.load().items():
        assert fault.__name__ == name
        assert faults.broken_by(fault)
        assert faults.sentence_of(fault).endswith(".")


@pytest.mark.parametrize("name", ["ForeignOriginsAreLetIn", "foreign-origins-are-let-in"])
def test_a_fault_is_found_by_both_names(name: str) -> None:
    assert faults.find(name).__name__ == "ForeignOriginsAreLetIn"


def test_an_unknown_name_is_met_with_the_nearest() -> None:
    with pytest.raises(LookupError, match=r"no fault 'ProgressStandStill'; did you mean ProgressStandsStill\?"):
        faults.find("ProgressStandStill")


def declared(**members: object) -> type[ReferenceServer]:
    """A fault with these members."""
    return type("Wrong", (ReferenceServer,), members)


@pytest.mark.parametrize(
    ("fault", "sentence"),
    [
        (declared(__doc__="Something is wrong."), "must say which requirement it breaks"),
        (declared(__doc__="Something is wrong.", breaks=""), "must say which requirement it breaks"),
        (declared(breaks="a.b"), "needs a docstring"),
        (declared(__doc__="Something is wrong.", breaks="a.b", also=["c.d"]), "reason why it breaks too"),
    ],
)
def test_a_wrong_declaration_is_refused_with_a_sentence(fault: type[ReferenceServer], sentence: str) -> None:
    with pytest.raises(TypeError, match=sentence):
        faults.check(fault)
