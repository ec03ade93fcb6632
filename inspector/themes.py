"""Two themes, and the colours of streams. Red is for broken rules alone; what the inspector did itself is magenta."""

from textual.theme import Theme

COLOURS_DARK = {
    "dim": "#8d96a3",  # what is not the point, and is to be read all the same
    "stream-0": "#6cb6ff",
    "stream-1": "#8ddb8c",
    "stream-2": "#b9a5ff",
    "stream-3": "#5ed3d8",
    "stream-4": "#d7c98a",
    "stream-5": "#a9b8cc",
}
COLOURS_LIGHT = {
    "dim": "#5a6472",
    "stream-0": "#0a58c2",
    "stream-1": "#1a7f37",
    "stream-2": "#6639ba",
    "stream-3": "#0b7285",
    "stream-4": "#7a6200",
    "stream-5": "#4b5a6e",
}
DARK = Theme(
    name="inspector-dark",
    primary="#4c8dff",
    secondary="#7d8fa9",
    accent="#f17fd3",
    warning="#f0a83c",
    error="#ff5d5d",
    success="#7fd38a",
    foreground="#d6dde6",
    background="#0d1117",
    surface="#11161d",
    panel="#1a212b",
    dark=True,
    variables={
        **COLOURS_DARK,
        "footer-key-foreground": "#6cb6ff",
        "footer-background": "#1a212b",
        "scrollbar": "#3a475a",
        "scrollbar-background": "#161c25",
    },
)
LIGHT = Theme(
    name="inspector-light",
    primary="#2563d9",
    secondary="#5b6b82",
    accent="#b0208f",
    warning="#9a5b00",
    error="#c92a2a",
    success="#1a7f37",
    foreground="#1f2733",
    background="#eef1f5",
    surface="#fbfcfd",
    panel="#e3e8ee",
    dark=False,
    variables={
        **COLOURS_LIGHT,
        "footer-key-foreground": "#0a58c2",
        "footer-background": "#e3e8ee",
        "scrollbar": "#aab6c4",
        "scrollbar-background": "#eef1f5",
    },
)
