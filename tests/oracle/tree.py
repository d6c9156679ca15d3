"""A binomial tree in plain Python, one option at a time: slow, obvious, and written apart from the engine.

It works under the risk-neutral measure with share prices at the nodes, where the engine works in units of
the strike or of the share. `log_probability=True` takes the up probability ½ + ½(r − q − σ²/2)√Δt/σ, as
QuantLib's `crr` does, where the tree of Cox, Ross and Rubinstein takes the one that makes the forward
exact.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil, exp, log, sqrt


@dataclass(frozen=True)
class Option:
    """An option and its market; dividends are pairs of years to the ex-date and amount."""

    call: bool
    strike: float
    years: float
    american: bool
    rate: float
    dividend_yield: float
    spot: float
    volatility: float
    dividends: tuple[tuple[float, float], ...] = ()

    def payoff(self, share: float) -> float:
        return max(share - self.strike if self.call else self.strike - share, 0.0)


def price(option: Option, tree: str, steps: int, log_probability: bool = False) -> float:
    """The value of the option by backward induction over every node."""
    return _first_values(option, tree, steps, log_probability, 0)[0]


def delta(option: Option, tree: str, steps: int) -> float:
    """The slope between the two nodes of the first step."""
    down_value, up_value = _first_values(option, tree, steps, False, 1)
    up, down, _ = _moves(option, tree, steps, False)
    net = _net_spot(option)
    return (up_value - down_value) / (net * up - net * down)


def _first_values(option: Option, tree: str, steps: int, log_probability: bool, until: int) -> list[float]:
    up, down, p = _moves(option, tree, steps, log_probability)
    if not 0.0 <= p <= 1.0:
        raise ValueError("no probability")
    step = option.years / steps
    discount = exp(-option.rate * step)
    net = _net_spot(option)
    values = [option.payoff(net * up**j * down ** (steps - j)) for j in range(steps + 1)]
    for i in range(steps - 1, until - 1, -1):
        for j in range(i + 1):
            values[j] = discount * (p * values[j + 1] + (1.0 - p) * values[j])
            if option.american:
                share = net * up**j * down ** (i - j) + _still_to_come(option, i, steps)
                values[j] = max(values[j], option.payoff(share))
    return values[: until + 1]


def _moves(option: Option, tree: str, steps: int, log_probability: bool) -> tuple[float, float, float]:
    step = option.years / steps
    carry = option.rate - option.dividend_yield
    growth = exp(carry * step)
    if tree == "crr":
        up = exp(option.volatility * sqrt(step))
        down = 1.0 / up
        if log_probability:
            drift = carry - option.volatility**2 / 2.0
            return up, down, 0.5 + 0.5 * drift * sqrt(step) / option.volatility
        return up, down, (growth - down) / (up - down)
    spread = option.volatility * sqrt(option.years)
    d2 = (log(_net_spot(option) / option.strike) + carry * option.years) / spread - spread / 2.0
    p = peizer_pratt(d2, steps)
    own = peizer_pratt(d2 + spread, steps)
    up = growth * own / p
    down = (growth - p * up) / (1.0 - p)
    return up, down, p


def peizer_pratt(z: float, n: int) -> float:
    """The second inversion formula of Peizer and Pratt."""
    root = sqrt(1.0 - exp(-((z / (n + 1.0 / 3.0 + 0.1 / (n + 1.0))) ** 2) * (n + 1.0 / 6.0)))
    return 0.5 + (0.5 * root if z > 0.0 else -0.5 * root)


def _dividends(option: Option) -> list[tuple[float, float]]:
    return [(time, amount) for time, amount in option.dividends if 0.0 < time <= option.years]


def _present_value(option: Option) -> float:
    carry = option.rate - option.dividend_yield
    return sum(amount * exp(-carry * time) for time, amount in _dividends(option))


def _net_spot(option: Option) -> float:
    return max(option.spot - _present_value(option), 0.0)


def _still_to_come(option: Option, step: int, steps: int) -> float:
    """The value at a step of the dividends whose ex-date is after it."""
    whole = _present_value(option)
    paid_part = min(1.0, option.spot / whole) if whole else 1.0
    carry = option.rate - option.dividend_yield
    now = option.years * step / steps
    value = 0.0
    for time, amount in _dividends(option):
        if step < max(ceil(time / option.years * steps - 1e-6), 1):
            value += paid_part * amount * exp(-carry * (time - now))
    return value
