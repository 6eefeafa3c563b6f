"""What tests ask of the sentences of a page: findings short, headings apart, no phrase that readers stumbled over."""

import re

BANNED = re.compile(
    r"(?i:which is likely|beyond two standard errors|0 to 1 of|central path|\bruns (of|in)\b|\bdraws\b|portfolio|\blevers?\b|"
    r"\bcases?\b|endurance|accelerator|significant)|\bnan\b|\bNone\b|\binf\b|\{\{|\}\}|  | [.,;:]"
)
MOST_WORDS, MOST_NUMBERS = 25, 3
YEAR = re.compile(r"\b20\d\d\b")


def count_words(text: str) -> int:
    """Return the words of a sentence; tags are left out."""
    return len(re.sub(r"<[^>]+>", "", text).split())


def count_numbers(text: str) -> int:
    """Return the numbers that a sentence prints: marked ones, and bare figures that are no years."""
    bare = re.sub(r"<data.*?</data>", "", text)
    return text.count("<data") + len(re.findall(r"\d+", YEAR.sub("", bare)))


def problems(page) -> list[str]:
    """Return what is wrong with the sentences that a page would say."""
    findings = page.text.findings()
    found = [f"{len(findings)} findings"] if not 1 <= len(findings) <= 5 else []
    said = {name: str(page.text.words(name)) for name in spoken(page, findings)}
    for name, text in said.items():
        plain = re.sub(r"<[^>]+>", "", text)
        found += [f"{name}: {match[0]!r} in {plain!r}" for match in BANNED.finditer(plain)]
    for name in findings:
        counts = count_words(said[name]), count_numbers(said[name])
        if counts[0] > MOST_WORDS or counts[1] > MOST_NUMBERS:
            found.append(f"{name}: {counts[0]} words, {counts[1]} numbers: {said[name]}")
    heads = [
        text
        for name, text in said.items()
        if name.startswith(("finding_", "figure_", "section_")) or name == "verdict"
    ]
    return found + [f"said twice: {text}" for text in set(heads) if heads.count(text) > 1]


def spoken(page, findings) -> list[str]:
    """Return the names of the texts that a page would say: of findings only those that it chooses."""
    kinds = ("section_", "figure_", "unit_", "note_", "alt_", "caption_", "reading_")
    names = [name for name in page.text.names("") if name.startswith(kinds)]
    return ["verdict", *findings, *names]
