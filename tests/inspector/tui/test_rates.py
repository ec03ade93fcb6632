"""The view of rates: what it says of the proxy, where there is one."""

from inspector.app import InspectorApp
from inspector.proxy.delay import Delay, Delays
from tests.inspector.tale import whole
from tests.inspector.tui.piloting import Driver, Live, live, press, screen_of


class Late(Live):
    """A proxy that was late once, and a screen that is behind it."""

    def __init__(self, *given: object) -> None:
        super().__init__(*given)  # type: ignore[arg-type]
        self.delays = Delays()
        for second, late in enumerate((0.012, 0.0001)):
            self.delays.heard(Delay(second, late, 0.00003, 3), 4.0 * second)


def told(source: type[Live]) -> str:
    """What the view says."""
    seen: list[str] = []

    async def test(app: InspectorApp, pilot: Driver) -> None:
        await press(app, pilot, "5")
        seen.extend(screen_of(app))

    live(test, whole(), source)
    return "\n".join(seen)


def test_how_late_the_proxy_is_and_how_far_the_screen_is_behind() -> None:
    text = told(Late)
    assert "under 1 ms late, at worst 12 ms in a minute; our work 0.01 ms a piece" in text
    assert "3.00 s behind the proxy" in text


def test_of_few_answers_the_slowest_is_told() -> None:
    text = told(Live)
    assert "late, at worst" not in text
    assert "longest" in text
    assert "p99" not in text
