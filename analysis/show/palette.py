"""The colours of the page, each on a light and on a dark ground; no library is needed to know them."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Tone:
    """A colour of the page: its CSS variable, and its values on a light and on a dark ground."""

    variable: str
    light: str
    dark: str


PALETTE = (
    Tone("--paper", "#FFFFFF", "#14171A"),
    Tone("--ink", "#1A1A1A", "#E9E6E1"),
    Tone("--muted", "#595959", "#ABB0B6"),
    Tone("--spending", "#12436D", "#B2DAFB"),
    Tone("--spending-2", "#5495D0", "#2F6FA8"),
    Tone("--spending-3", "#0A2A45", "#DCEFFF"),
    Tone("--spending-4", "#8094A6", "#667B8F"),
    Tone("--revenue", "#EB681E", "#C5510F"),
    Tone("--revenue-2", "#702A00", "#FFC9A3"),
    Tone("--revenue-3", "#CB7F2F", "#A5672F"),
    Tone("--revenue-4", "#4A2410", "#FFE6D2"),
    Tone("--revenue-text", "#B34700", "#FF9B5E"),
    Tone("--needed", "#5A1F80", "#E4CBFB"),
    Tone("--others", "#858585", "#7F868E"),
)


# behind the text of the page, never in a drawing: name -> on a light and on a dark ground
GROUND = {"tint": ("#F4F2ED", "#1F242A"), "band": ("#C6D5E3", "#293E51"), "rule": ("#D9D6D0", "#3A3F45")}


def css() -> str:
    """Return the declarations of the colours, for a style sheet."""
    tones = [*PALETTE, *(Tone(f"--{name}", *both) for name, both in GROUND.items())]
    return "".join(f"{tone.variable}:light-dark({tone.light},{tone.dark});" for tone in tones)
