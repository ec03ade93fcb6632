"""The screens, driven by keys and mouse as a user would."""

import pytest

pytest.importorskip("textual", reason="Textual is not installed: pip install -e '.[inspector]'")
