"""What an instrument is worth now and after a move of its underlying.

Meanings: the language reference, "Values". A given implied volatility wins; else it is solved from the price;
else the underlying's own volatility stands in. Theoretical values that come with the book are used alone. One
instant shock, no passage of time (OCC, Customer Portfolio Margin: profit and loss at ten price points).
"""

from __future__ import annotations

from collections.abc import Mapping

from tests.oracle.market import Book, BookError, Contract, rate_for, spot_of, underlying_of, years_to
from tests.oracle.models import (
    Terms,
    binomial,
    binomial_delta,
    black_scholes,
    black_scholes_delta,
    implied_volatility,
    lowest_volatility,
)

STEPS = 200


def shifted(price: float, move: float) -> float:
    """A price after a relative move; no price falls below nothing."""
    return max(0.0, price * (1.0 + move))


def terms_of(book: Book, contract: Contract, steps: int) -> Terms:
    """An option with the rates that the book gives for it."""
    if contract.expiry is None or contract.exercise not in ("american", "european"):
        raise BookError(f"{contract.id} does not say when or how it is exercised")
    row = underlying_of(book, contract.underlying)
    if row.get("dividends"):
        raise BookError(f"{contract.underlying}: a dividend yield only, no dated dividends")
    years = years_to(book, contract.expiry)
    return Terms(
        right=contract.right,
        strike=contract.strike,
        years=years,
        rate=rate_for(book, years),
        dividend_yield=float(row.get("dividend_yield", 0.0)),
        american=contract.exercise == "american",
        steps=steps,
    )


def option_value(terms: Terms, spot: float, volatility: float) -> float:
    """As the pricing table has it: the tree for American options, Black and Scholes for European ones."""
    if terms.american:
        return binomial(terms, spot, volatility)
    return black_scholes(terms, spot, volatility)


def volatility_of(book: Book, contract: Contract, steps: int = STEPS) -> float:
    """Given; or solved from the price; or the underlying's. On the expiry date none is needed."""
    if contract.implied_volatility is not None:
        return contract.implied_volatility
    terms = terms_of(book, contract, steps)
    if terms.years == 0.0:
        return 0.0
    if contract.price is not None:
        spot = spot_of(book, contract.underlying)
        return implied_volatility(
            lambda sigma: option_value(terms, spot, sigma), contract.price, lowest_volatility(terms)
        )
    row = underlying_of(book, contract.underlying)
    if row.get("volatility") is not None:
        return float(row["volatility"])
    raise BookError(f"{contract.id} has neither a price nor a volatility")


def given_values(book: Book, contract: Contract) -> Mapping[str, float] | None:
    """The theoretical values that the book gives for an instrument, by scenario id; None: it gives none."""
    values = book.get("values", {}).get(contract.id)
    return None if values is None else {str(name): float(value) for name, value in values.items()}


def value_now(book: Book, contract: Contract, steps: int = STEPS) -> float:
    """The base of every profit: the model at unshocked inputs, or the price where values are given."""
    if given_values(book, contract) is not None or contract.kind in ("share", "future"):
        if contract.price is None:
            raise BookError(f"{contract.id} needs a price as the base")
        return contract.price
    if contract.kind == "option":
        sigma = volatility_of(book, contract, steps)
        return option_value(terms_of(book, contract, steps), spot_of(book, contract.underlying), sigma)
    raise BookError(f"no pricing for {contract.kind} {contract.id}")


def value_after(
    book: Book, contract: Contract, moves: Mapping[str, float], steps: int = STEPS
) -> dict[str, float]:
    """The value at each scenario id, where the underlying makes the move that stands there."""
    given = given_values(book, contract)
    if given is not None:
        for name in moves:
            if name not in given:
                raise BookError(f"{contract.id} has no value for scenario {name}")
        return {name: given[name] for name in moves}
    if contract.kind in ("share", "future"):
        price = value_now(book, contract, steps)
        return {name: shifted(price, move) for name, move in moves.items()}
    if contract.kind == "option":
        sigma = volatility_of(book, contract, steps)
        terms, spot = terms_of(book, contract, steps), spot_of(book, contract.underlying)
        return {name: option_value(terms, shifted(spot, move), sigma) for name, move in moves.items()}
    raise BookError(f"no pricing for {contract.kind} {contract.id}")


def market_price(book: Book, contract: Contract, steps: int = STEPS) -> float:
    """What one unit is worth in the market: the price that is given, or else the model's value."""
    return contract.price if contract.price is not None else value_now(book, contract, steps)


def model_delta(book: Book, contract: Contract, steps: int = STEPS) -> float:
    """The change of an option's value for a unit change of its underlying, by the model that values it."""
    if given_values(book, contract) is not None:
        raise BookError(f"{contract.id} comes with values at scenarios: it has no delta")
    terms, spot = terms_of(book, contract, steps), spot_of(book, contract.underlying)
    sigma = volatility_of(book, contract, steps)
    if terms.american:
        return binomial_delta(terms, spot, sigma)
    return black_scholes_delta(terms, spot, sigma)
