"""What each pricing model is called, which options it takes, what it can do: plain data, for static checks.

This module imports no numpy, so that the compiler can check a rule file without paying for it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

LOWEST_VOLATILITY = 1e-4
HIGHEST_VOLATILITY = 10.0


@dataclass(frozen=True)
class OptionInfo:
    """One option of a model: one of `words`, or where there are none a whole number from `least` to `most`.

    A `default` of None means that the option must be written.
    """

    name: str
    summary: str
    default: int | str | None = None
    words: tuple[str, ...] = ()
    least: int = 0
    most: int = 0

    def problem(self, value: object) -> str | None:
        """One sentence on what is wrong with a value, or None."""
        if self.words:
            return None if value in self.words else f"{self.name} must be {' or '.join(self.words)}"
        if isinstance(value, bool) or not isinstance(value, int):
            return f"{self.name} must be a whole number"
        if not self.least <= value <= self.most:
            return f"{self.name} must be from {self.least} to {self.most}"
        return None


@dataclass(frozen=True)
class ModelInfo:
    """A pricing model as the compiler sees it.

    `underlying` says what the model calls spot: the `price` itself, a `spot` price or a `forward` price.
    """

    name: str
    summary: str
    underlying: str
    european: bool = False
    american: bool = False
    dividends: bool = False
    options: tuple[OptionInfo, ...] = ()

    @property
    def uses_volatility(self) -> bool:
        """True of the option models."""
        return self.european or self.american

    @property
    def refuses_dividends(self) -> bool:
        """True of a model on the spot that cannot take dividends of dated amounts out of it."""
        return self.uses_volatility and self.underlying == "spot" and not self.dividends

    def problems(self, options: Mapping[str, object]) -> tuple[str, ...]:
        """Everything wrong with the options as written, one sentence each; empty where they are right."""
        known = {option.name: option for option in self.options}
        found = [f"{self.name} has no option {name}" for name in options if name not in known]
        for option in self.options:
            if option.name in options:
                found.append(option.problem(options[option.name]) or "")
            elif option.default is None:
                found.append(f"{self.name} needs the option {option.name}")
        found = [sentence for sentence in found if sentence]
        return tuple(found) or self._conflicts(self.completed(options))

    def completed(self, options: Mapping[str, object]) -> dict[str, object]:
        """The options with the defaults filled in."""
        return {option.name: options.get(option.name, option.default) for option in self.options}

    def _conflicts(self, options: Mapping[str, object]) -> tuple[str, ...]:
        # An even Leisen-Reimer tree has a node on the strike and loses the order of convergence it is used
        # for.
        steps = options.get("steps")
        if options.get("tree") == "leisen_reimer" and isinstance(steps, int) and steps % 2 == 0:
            return (f"steps must be odd for leisen_reimer: {steps - 1} or {steps + 1}",)
        return ()


_TREE = OptionInfo("tree", "how the tree is built", default="crr", words=("crr", "leisen_reimer"))
_STEPS = OptionInfo("steps", "number of time steps, odd for leisen_reimer", least=1, most=5000)

_ACCURACY = OptionInfo(
    "accuracy",
    "how finely the exercise boundary is worked out",
    default="standard",
    words=("standard", "high"),
)

MODELS: Mapping[str, ModelInfo] = MappingProxyType(
    {
        info.name: info
        for info in (
            ModelInfo("linear", "the price itself: shares, futures, funds", "price"),
            ModelInfo(
                "black_scholes",
                "Black-Scholes-Merton with a continuous yield, dividends taken out of the spot",
                "spot",
                european=True,
                dividends=True,
            ),
            ModelInfo("black_76", "Black on a forward or future price", "forward", european=True),
            ModelInfo(
                "binomial",
                "Cox-Ross-Rubinstein or Leisen-Reimer tree with escrowed dividends",
                "spot",
                european=True,
                american=True,
                dividends=True,
                options=(_TREE, _STEPS),
            ),
            ModelInfo(
                "american",
                "continuous exercise with a continuous yield, by the exercise boundary",
                "spot",
                european=True,
                american=True,
                options=(_ACCURACY,),
            ),
        )
    }
)
