"""What is chosen rather than estimated: month 0, the horizon, the meaning of the claim, the draws."""

from collections.abc import Mapping
from dataclasses import dataclass

from analysis.inputs import estimates, months
from analysis.inputs.draws import check_draws
from analysis.inputs.errors import InputError, shown, unknown

BURN_BASES = ("gross", "net")
MOST_MONTHS = 240
SETTINGS = {
    "burn_basis": "gross: the claim is spending; net: it is spending less revenue",
    "start_month": "month 0 of the model, YYYY-MM",
    "horizon_months": f"number of months that are modelled, 1 to {MOST_MONTHS}",
    "target_month": "month in which revenue is to equal spending, YYYY-MM",
    "seed": "seed of the draws, a whole number of 0 or more",
    "draws": "number of draws, 8 times a power of two",
}
WHOLE = {"horizon_months": (1, MOST_MONTHS), "seed": (0, 2**63 - 1), "draws": (1, 2**20)}
OF_A_SCENARIO = ("burn_basis", "start_month", "horizon_months", "target_month")  # draws and seed: of all


@dataclass(frozen=True)
class Settings:
    """The settings of one run. Months are YYYY-MM; `target_months` counts from the start."""

    burn_basis: str = "gross"
    start_month: str = "2025-06"
    horizon_months: int = 60
    target_month: str = "2027-12"
    seed: int = 20250617
    draws: int = 8192

    def __post_init__(self) -> None:
        if self.burn_basis not in BURN_BASES:
            raise unknown("burn_basis", self.burn_basis, BURN_BASES)
        for name, ends in WHOLE.items():
            estimates.whole(name, getattr(self, name), *ends)
        check_draws(self.draws)
        months.check("start_month", self.start_month)
        months.check("target_month", self.target_month)
        if not 1 <= self.target_months <= MOST_MONTHS:
            allowed = f"1 to {MOST_MONTHS} months after start_month {self.start_month}"
            raise InputError(f"target_month: {allowed} is expected; given {self.target_month}")

    @property
    def target_months(self) -> int:
        """Months from the start to the target."""
        return months.between(self.start_month, self.target_month)

    def month(self, index: int) -> str:
        """Return the calendar month of `index` as YYYY-MM."""
        return months.add(self.start_month, index)


def parse(given: Mapping[str, object]) -> dict[str, str | int]:
    """Return the settings in `given`, each of its type; raises InputError for a value that is not of it."""
    return {name: _setting(name, given[name]) for name in SETTINGS if name in given}


def _setting(name: str, value: object) -> str | int:
    if name in WHOLE:
        return estimates.whole(name, value, *WHOLE[name])
    if not isinstance(value, str):
        raise InputError(f"{name}: {SETTINGS[name]} is expected; given {shown(value)}")
    return value.strip()
