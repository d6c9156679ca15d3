"""Large books: CSV, Parquet, Arrow streams and columns of Python data become the same book."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from pmdsl.portfolio import book_from_tables, read_portfolio, read_rows
from tests.portfolio.helpers import EXAMPLES, ordinal
from tests.portfolio.tables import ON, POSITIONS, build, refused, write


class Stream:
    """Anything that speaks the Arrow PyCapsule interface, and nothing else."""

    def __init__(self, table: pa.Table) -> None:
        self.table = table

    def __arrow_c_stream__(self, requested_schema: object = None) -> object:
        return self.table.__arrow_c_stream__(requested_schema)


def chunked(table: pa.Table) -> pa.Table:
    """The same table in pieces, as streams bring it."""
    return pa.concat_tables([table.slice(start, 1) for start in range(table.num_rows)])


def sources(tmp_path: Path) -> dict[str, object]:
    table = pa.table(POSITIONS)
    pq.write_table(table, tmp_path / "positions.parquet")
    coded = table.set_column(1, "instrument", table["instrument"].dictionary_encode())
    return {
        "columns": POSITIONS,
        "arrays": {key: np.array(values) for key, values in POSITIONS.items()},
        "arrow": table,
        "stream": Stream(chunked(table)),
        "dictionary": chunked(coded),
        "large strings": table.cast(
            pa.schema(
                [("account", pa.large_string()), ("instrument", pa.string_view()), ("quantity", pa.float32())]
            )
        ),
        "parquet": tmp_path / "positions.parquet",
        "csv": write(tmp_path / "positions.csv", POSITIONS),
    }


def test_every_source_gives_the_same_book(tmp_path: Path) -> None:
    for name, source in sources(tmp_path).items():
        book = build(source)
        assert book.accounts.text("id").tolist() == ["B", "A"], name
        assert book.position_account.tolist() == [0, 1, 0], name
        assert book.position_instrument.tolist() == [0, 1, 1], name
        assert book.positions.number("quantity").tolist() == [100.0, -2.5, 3.0], name
        assert book.instruments.text("id").tolist() == ["SPY", "SPY231215P00430000"], name
        assert book.roots == {"SPX": 0, "SPXW": 0}, name


def test_the_tables_of_the_example_are_its_book() -> None:
    folder = EXAMPLES / "tables"
    book = book_from_tables(
        folder / "positions.csv",
        folder / "instruments.csv",
        folder / "underlyings.csv",
        folder / "accounts.csv",
        on=ON,
        rate=0.0545,
    )
    assert book.accounts.number("equity").tolist() == [310000.0, 150000.0, 480000.0]
    assert book.positions.size == 11
    assert book.instruments.size == 5 + 3
    row = book.instruments.text("id").tolist().index("AAPL-C180")
    assert book.instruments.number("expiry")[row] == ordinal("2023-10-20")
    assert book.instruments.text("exercise")[:4].tolist() == ["european", "european", "american", "american"]
    assert book.underlyings.text("breadth").tolist() == ["broad", "broad", "broad", None]
    assert str(book.positions.cell_place(7, "quantity")).endswith("positions.csv:9:28")
    assert book.curve is not None


def test_a_book_in_tables_is_the_book_in_a_file() -> None:
    text = """\
on: 2023-09-14
rate: [{tenor: 1, rate: 0.05}, {tenor: 2, rate: 0.04}]
underlyings: [{id: SPY, kind: etf, price: 450.81, tier: x}]
positions:
  - {account: A, instrument: SPY, quantity: 1}
  - {account: A, instrument: SPY240119C00460000, quantity: 2}
fx: {EURUSD: 1.1}
market: {vix: 14}
values: {SPY: {up: 1}}
matrices: {r: [[A, B, 0.5]]}
"""
    whole = read_portfolio(text)
    parts = book_from_tables(
        {"account": ["A", "A"], "instrument": ["SPY", "SPY240119C00460000"], "quantity": [1, 2]},
        underlyings={"id": ["SPY"], "kind": ["etf"], "price": [450.81], "tier": ["x"]},
        on=ON,
        rate=[{"tenor": 1, "rate": 0.05}, {"tenor": 2, "rate": 0.04}],
        fx={"EURUSD": 1.1},
        market={"vix": 14},
        values={"SPY": {"up": 1}},
        matrices={"r": [["A", "B", 0.5]]},
    )
    for name in ("accounts", "underlyings", "instruments", "positions"):
        one, other = getattr(whole, name), getattr(parts, name)
        assert set(one.columns) == set(other.columns), name
        for key in one.columns:
            np.testing.assert_array_equal(one.columns[key], other.columns[key], key)
    assert (whole.curve, whole.fx, whole.market, whole.given_values) == (
        parts.curve,
        parts.fx,
        parts.market,
        parts.given_values,
    )
    assert parts.matrices["r"][0].value == 0.5


def test_types_of_arrow_columns() -> None:
    instruments = pa.table(
        {
            "id": ["C", "F"],
            "kind": pa.array(["option", "future"]).dictionary_encode(),
            "underlying": ["SPX", None],
            "right": ["call", None],
            "strike": pa.array([4500, None], pa.int32()),
            "expiry": pa.array([date(2024, 3, 15), None], pa.date32()),
            "multiplier": pa.array(["100", None]).cast(pa.decimal128(10, 2)),
            "listed": [True, None],
            "price": pa.nulls(2),
            "tick": [0.25, None],
            "since": pa.array([date(2024, 1, 1), None]),
            "open": [False, True],
        }
    )
    book = build(instruments=instruments)
    table = book.instruments
    assert table.number("strike")[0] == 4500.0
    assert table.number("expiry")[0] == ordinal("2024-03-15")
    assert table.number("multiplier")[:2].tolist() == [100.0, 1.0]
    assert table.number("listed")[0] == 1.0
    assert np.isnan(table.number("listed")[1])
    assert np.isnan(table.number("price")).all()
    assert table.text("tick")[:2].tolist() == ["0.25", None]
    assert table.text("since")[:2].tolist() == ["2024-01-01", None]
    assert table.text("open")[:2].tolist() == ["false", "true"]


def test_integers_and_wide_integers_are_names() -> None:
    wide = 9_007_199_254_740_993
    book = build(pa.table({"account": [wide, 7], "instrument": ["SPY", "SPY"], "quantity": [1, 2]}))
    assert sorted(book.accounts.text("id").tolist()) == ["7", str(wide)]


def test_timestamps_and_numpy_days_are_dates() -> None:
    days = np.array(["2024-03-15", "NaT"], dtype="datetime64[s]")
    book = build(instruments={"id": ["F", "G"], "kind": ["future", "future"], "expiry": days})
    assert book.instruments.number("expiry")[0] == ordinal("2024-03-15")
    assert np.isnan(book.instruments.number("expiry")[1])


def test_roots_as_a_list_column() -> None:
    underlyings = pa.table({"id": ["SPX"], "kind": ["index"], "roots": [["SPX", "SPXW"]]})
    book = build({"instrument": ["SPXW240119C04600000"], "quantity": [1]}, underlyings=underlyings)
    assert book.instrument_underlying.tolist() == [0]


def test_without_accounts_they_are_those_of_the_positions() -> None:
    assert build({"instrument": ["SPY"], "quantity": [1]}).accounts.text("id").tolist() == ["book"]
    assert build().accounts.text("id").tolist() == ["B", "A"]
    listed = build(accounts={"id": ["A", "B", "C"], "equity": [1.0, 2.0, None]})
    assert listed.position_account.tolist() == [1, 0, 1]
    assert listed.accounts.size == 3


@pytest.mark.parametrize("positions", [None, {"instrument": [], "quantity": []}])
def test_a_book_without_positions(positions: object) -> None:
    book = build(positions, accounts={"id": ["A"]})
    assert book.positions.size == 0
    assert book.accounts.text("id").tolist() == ["A"]


def test_without_pyarrow(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    path = sources(tmp_path)["parquet"]
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    finding = refused(positions=path)[0]
    assert finding.code == "PM623"
    assert "pip install pmdsl[arrow]" in str(finding.hint)
    assert build(sources_csv(tmp_path)).positions.size == 3


def sources_csv(tmp_path: Path) -> Path:
    return write(tmp_path / "plain.csv", POSITIONS)


def test_two_million_positions() -> None:
    size = 2_000_000
    rng = np.random.default_rng(7)
    symbols = np.array(
        [f"SPY24{m:02d}15C{k:05d}000" for m in range(1, 13) for k in range(300, 600)], dtype=object
    )
    columns = {
        "account": np.array([f"A{n:05d}" for n in range(20_000)], dtype=object)[
            rng.integers(0, 20_000, size)
        ],
        "instrument": symbols[rng.integers(0, len(symbols), size)],
        "quantity": rng.integers(-50, 50, size).astype(np.float64),
    }
    book = build(pa.table(columns))
    assert book.positions.size == size
    assert book.accounts.size == 20_000
    assert book.instruments.size == len(symbols)
    ids = book.instruments.text("id")
    assert (ids[book.position_instrument[:1000]] == columns["instrument"][:1000]).all()
    assert book.positions.number("quantity").sum() == columns["quantity"].sum()


def test_rows_for_a_rule_sets_own_tables(tmp_path: Path) -> None:
    path = tmp_path / "term.csv"
    path.write_bytes(b'\xef\xbb\xbfunderlying,rate,note\r\nBTC,0.15,\r\nETH,12%,"a, ""b"""\r\n')
    table = read_rows(path)
    assert (table.name, table.size) == ("term", 2)
    assert table.text("rate").tolist() == ["0.15", "12%"]
    assert table.text("note").tolist() == [None, 'a, "b"']
    assert str(table.cell_place(1, "rate")) == f"{path}:3:5"
    pq.write_table(pa.table({"underlying": ["BTC"], "rate": [0.15], "n": [3]}), tmp_path / "term.parquet")
    table = read_rows(tmp_path / "term.parquet", "other")
    assert table.name == "other"
    assert [table.text(key).tolist() for key in ("underlying", "rate", "n")] == [["BTC"], ["0.15"], ["3"]]


def test_a_dictionary_that_says_a_word_twice_or_holds_a_null() -> None:
    """Arrow lets a caller's dictionary do so; positions are those that its words say."""
    words = pa.array(["SPY", "XYZ", "SPY", None, "", "QQQ"])
    held = pa.DictionaryArray.from_arrays(pa.array([2, 1, 0, 1]), words)
    plain = held.cast(pa.string())
    underlyings = {"id": ["SPY", "XYZ", "QQQ"], "kind": ["etf", "stock", "etf"]}
    books = [
        book_from_tables(
            pa.table({"instrument": column, "quantity": [1.0, 2.0, 3.0, 4.0]}), underlyings=underlyings, on=ON
        )
        for column in (held, plain)
    ]
    one, other = (
        [book.instruments.text("id").tolist()[row] for row in book.position_instrument.tolist()]
        for book in books
    )
    assert one == other == ["SPY", "XYZ", "SPY", "XYZ"]
