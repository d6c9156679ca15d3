"""What is said of tables that make no book: the row, the column, what was expected."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest

from pmdsl.diagnostics import PmdslError
from tests.portfolio.helpers import rendered
from tests.portfolio.tables import POSITIONS, UNDERLYINGS, build, refused, write


@pytest.mark.parametrize(
    ("change", "code", "said"),
    [
        ({"quantity": [1.0, None, 2.0]}, "PM608", "no `quantity`, in row 2 of positions"),
        ({"quantity": [1.0, float("nan"), 2.0]}, "PM610", "nan is not a finite number, in row 2"),
        ({"quantity": [1.0, float("inf"), 2.0]}, "PM610", "inf is not a finite number"),
        ({"quantity": [1.0, 1e19, 2.0]}, "PM610", "1e+19 is beyond 10^18, in row 2"),
        ({"quantity": ["1", "2", "x"]}, "PM610", "expected a number, found `x`, in row 3 of positions"),
        ({"quantity": [True, False, True]}, "PM622", "expected a number in every row, found true or false"),
        ({"quantity": [date(2024, 1, 1)] * 3}, "PM622", "found a date"),
        ({"quantity": [[1], [2], [3]]}, "PM622", "one a row"),
        ({"quantity": [object()] * 3}, "PM622", "one a row"),
        ({"quantity": [1.0]}, "PM622", "differ in length"),
        ({"instrument": ["SPY", None, "SPY"]}, "PM608", "no `instrument`, in row 2"),
        ({"instrument": ["SPY", " X", "SPY"]}, "PM602", "begins or ends with a space, in row 2"),
        ({"instrument": ["SPY", "SPI", "SPY"]}, "PM614", "called `SPI`"),
        ({"price": [1.0, 2.0, 3.0]}, "PM616", "different prices: 2 and 3"),
    ],
)
def test_wrong_positions(change: dict[str, Any], code: str, said: str) -> None:
    findings = refused(positions=POSITIONS | change)
    assert findings[0].code == code
    assert said in findings[0].message


@pytest.mark.parametrize("missing", ["instrument", "quantity"])
def test_a_missing_column_names_what_was_meant(missing: str) -> None:
    columns = dict(POSITIONS)
    columns[missing[:-1] + "z"] = columns.pop(missing)
    finding = refused(positions=columns)[0]
    assert finding.code == "PM608"
    assert finding.hint == f"is `{missing[:-1]}z` meant for it?"


def test_wrong_instruments() -> None:
    instruments = {
        "id": ["A", "B", "B"],
        "kind": ["option", "opton", "future"],
        "right": ["call", "C", None],
        "multiplier": [100, -1, 0],
        "implied_volatility": [0.1, 500.0, 0.0],
        "expiry": ["2024-03-15", "2024-3-15", None],
    }
    found = [(finding.code, finding.message.split(":")[0]) for finding in refused(instruments=instruments)]
    assert found == [
        ("PM612", "`kind`"),
        ("PM611", "`multiplier`"),
        ("PM611", "`multiplier`"),
        ("PM611", "`implied_volatility`"),
        ("PM611", "`implied_volatility`"),
        ("PM612", "`right`"),
        ("PM610", "`expiry`"),
        ("PM613", "the instrument `B` is listed twice"),
    ]


def test_many_wrong_rows_are_a_few_findings() -> None:
    size = 100_000
    columns = {"instrument": ["SPY"] * size, "quantity": np.full(size, np.nan)}
    findings = refused(positions=columns)
    assert len(findings) == 11
    assert findings[-1].message.endswith("; so are 99989 further rows")


def test_places_in_a_csv_file(tmp_path: Path) -> None:
    path = write(tmp_path / "p.csv", POSITIONS | {"quantity": [1, "1_0", 2]})
    finding = refused(positions=path)[0]
    assert str(finding.span) == f"{path}:3:22"
    assert finding.span is not None
    assert finding.span.text == "1_0"


def test_dividends_do_not_fit_in_a_cell() -> None:
    findings = refused(underlyings=UNDERLYINGS | {"dividends": ["x", "y"]})
    assert [finding.code for finding in findings] == ["PM622"]


@pytest.mark.parametrize("given", [5, ["SPY"]])
def test_what_is_no_table(given: object) -> None:
    with pytest.raises(PmdslError) as raised:
        build(given)
    assert raised.value.findings[0].code == "PM622"


def test_columns_of_types_that_no_book_holds() -> None:
    table = pa.table({"instrument": ["SPY"], "quantity": [1], "x": [{"a": 1}]})
    assert "struct" in refused(positions=table)[0].message
    twice = pa.Table.from_arrays(
        [pa.array(["SPY"]), pa.array([1]), pa.array([2])], ["instrument", "quantity", "quantity"]
    )
    assert refused(positions=twice)[0].code == "PM613"


def test_files_of_other_formats(tmp_path: Path) -> None:
    (tmp_path / "x.parquet").write_bytes(b"no parquet")
    (tmp_path / "x.xlsx").write_bytes(b"")
    assert refused(positions=tmp_path / "x.parquet")[0].code == "PM601"
    assert refused(positions=tmp_path / "none.parquet")[0].code == "PM601"
    assert refused(positions=tmp_path / "x.xlsx")[0].code == "PM621"


def test_rendered_messages_name_the_row() -> None:
    findings = refused(positions=POSITIONS | {"quantity": ["1", "5%", "x"]})
    assert rendered(findings) == [
        "error[PM610]: `quantity`: `5%` is a percentage, expected a plain number, in row 2 of positions",
        "  hint: write 0.05",
        "error[PM610]: `quantity`: expected a number, found `x`, in row 3 of positions",
    ]
