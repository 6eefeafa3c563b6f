"""The colours of the page, each on a light and on a dark ground; no library is needed to know them."""

# name of the CSS variable -> on a light and on a dark ground
PALETTE = {
    "paper": ("#FFFFFF", "#14171A"), "ink": ("#1A1A1A", "#E9E6E1"), "muted": ("#595959", "#ABB0B6"),
    "spending": ("#12436D", "#B2DAFB"), "spending-2": ("#5495D0", "#2F6FA8"),
    "spending-3": ("#0A2A45", "#DCEFFF"), "spending-4": ("#8094A6", "#667B8F"),
    "revenue": ("#EB681E", "#C5510F"), "revenue-2": ("#702A00", "#FFC9A3"),
    "revenue-3": ("#CB7F2F", "#A5672F"), "revenue-4": ("#4A2410", "#FFE6D2"),
    "revenue-text": ("#B34700", "#FF9B5E"), "needed": ("#5A1F80", "#E4CBFB"),
    "others": ("#858585", "#7F868E"),
}  # fmt: skip
# behind the text of the page, never in a drawing
GROUND = {"tint": ("#F4F2ED", "#1F242A"), "band": ("#C6D5E3", "#293E51"), "rule": ("#D9D6D0", "#3A3F45")}


def css() -> str:
    """Return the declarations of the colours, for a style sheet."""
    colors = PALETTE | GROUND
    return "".join(f"--{name}:light-dark({light},{dark});" for name, (light, dark) in colors.items())
