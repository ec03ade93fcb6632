"""Pictures for the README, made by the app itself: `make screenshots`."""

import asyncio
import os
from pathlib import Path

from inspector.app import InspectorApp
from inspector.replay import Replay
from tests.inspector.tale import whole
from tests.inspector.tui.pictures import picture
from tests.inspector.tui.piloting import piloted, press

FOLDER = Path(__file__).parent.parent.parent / "docs" / "inspector"
SIZE = (160, 36)
PICTURES = {
    "lanes": ("inspector-dark", ["n", "n", "n"]),
    "lanes-light": ("inspector-light", ["n", "n", "n"]),
    "violations": ("inspector-dark", ["4", "down"]),
    "rules": ("inspector-dark", ["6"]),
    "hung": ("inspector-dark", ["7"]),
}


async def draw(name: str, theme: str, keys: list[str]) -> None:
    app = InspectorApp(Replay(whole()))
    async with piloted(app, SIZE) as pilot:
        app.theme = theme
        await press(app, pilot, *keys)
        (FOLDER / f"{name}.svg").write_text(picture(app), encoding="utf-8")


def main() -> None:
    os.environ.pop("NO_COLOR", None)
    FOLDER.mkdir(exist_ok=True)
    for name, (theme, keys) in PICTURES.items():
        asyncio.run(draw(name, theme, keys))


if __name__ == "__main__":
    main()
