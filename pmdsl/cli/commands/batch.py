"""`pmdsl batch`: the requirements of any number of accounts, from Parquet to Parquet."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from pmdsl.cli import options
from pmdsl.cli.opening import open_rules
from pmdsl.cli.report import report
from pmdsl.cli.screen import write
from pmdsl.diagnostics import Findings

if TYPE_CHECKING:
    from pmdsl.batch.executors import Executor
    from pmdsl.batch.reasons import Reason
    from pmdsl.batch.values import Summary
    from pmdsl.source import Source

CHUNK_ROWS = 1_000_000
MOST_REASONS = 5


@click.command()
@click.option(
    "-p", "--positions", type=options.FILE, required=True, help="Parquet or CSV, or a folder of such."
)
@click.option("-i", "--instruments", type=options.FILE, help="A table, CSV or Parquet.")
@click.option("-u", "--underlyings", type=options.FILE, help="A table, CSV or Parquet.")
@click.option("--accounts", type=options.FILE, help="A table of accounts with their attributes.")
@click.option("--market", type=options.FILE, help="A portfolio file with rate, fx, market, values, matrices.")
@options.rules_option
@click.option("-o", "--out", type=options.FILE, required=True, help="A new folder, or a file ending in .csv.")
@click.option("--on", type=options.Day(), help="The date; that of --market, or today.")
@click.option("--data", type=options.NamedFile(), multiple=True, help="A table that the rule set asks for.")
@options.path_option
@options.engine_option
@click.option("--workers", type=click.IntRange(min=1), default=1, show_default=True, help="Processes.")
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Answer on a Dask cluster, tcp://HOST:PORT. Trust it as a shell.",
)
@click.option("--resume", is_flag=True, help="Go on with what is in --out already.")
@click.option("--strict", is_flag=True, help="Stop with status 1 at the first account that is put aside.")
@click.option(
    "--chunk-rows", type=click.IntRange(min=1), default=CHUNK_ROWS, show_default=True,
    help="About how many positions are worked on at a time.",
)  # fmt: skip
@click.option("--unsorted", is_flag=True, help="Deal positions out by account without a look at their order.")
def command(
    positions: Path,
    instruments: Path | None,
    underlyings: Path | None,
    accounts: Path | None,
    market: Path | None,
    rules: str,
    out: Path,
    on: date | None,
    data: Sequence[tuple[str, Path]],
    paths: Sequence[Path],
    engine: str,
    workers: int,
    scheduler: str | None,
    resume: bool,
    strict: bool,
    chunk_rows: int,
    unsorted: bool,
) -> int:
    """The requirements of any number of accounts, in bounded memory.

    Positions have the columns account, instrument and quantity. Those sorted by account are read where they
    stand. Each account is answered whole; one that cannot be is put aside with its reason, and the others go
    on. What a run that was killed has done is kept for --resume.

    \b
    pmdsl batch -p positions.parquet -i instruments.parquet -u underlyings.csv -o margin
    pmdsl batch -p positions/ -i instruments.csv -u underlyings.csv --market day.yaml -o margin.csv
    """
    found_rules = open_rules([rules], paths)[0]
    from pmdsl.batch.reasons import reasons
    from pmdsl.batch.whole import Options, run_batch
    from pmdsl.batch.work import work_of
    from pmdsl.cli.progress import watched
    from pmdsl.engine import engine_named

    sections, day = opened_market(market, on)
    work = work_of(
        found_rules, instruments, underlyings, accounts, on=day, sections=sections, data=dict(data),
        engine=engine_named(engine),
    )  # fmt: skip
    how = Options(chunk_rows, resume, strict, unsorted)
    try:
        with watched() as watch:
            summary = run_batch(
                found_rules, work, positions, out, executor_of(workers, scheduler), how, watch
            )
    except KeyboardInterrupt:
        sys.stderr.write(f"\ninterrupted: what is done stays, and --resume goes on with it in {out}\n")
        raise
    report(summary.notes)
    write(f"Batch on {day}   {found_rules.name} {found_rules.version} · {found_rules.digest[:19]}\n\n")
    write(said(summary) + why(reasons(summary)))
    return 1 if summary.stopped else 0


def opened_market(path: Path | None, on: date | None) -> tuple[Source | None, date]:
    """The text of a market's file, and the date: the one given, the file's, or today. Raises PmdslError."""
    if path is None:
        return None, on or date.today()
    from pmdsl.portfolio.document import read_document
    from pmdsl.portfolio.files import read_text, read_tree
    from pmdsl.portfolio.report import Report

    findings = Findings()
    to = Report(findings)
    source = read_text(path, to)
    root = read_tree(source, to) if source is not None else None
    parts = read_document(root, on, None, to) if root is not None else None
    findings.raise_if_errors()
    assert parts is not None
    return source, parts.on


def executor_of(workers: int, scheduler: str | None) -> Executor:
    """Who answers chunks: a cluster, this process, or several."""
    if scheduler is not None:
        if workers != 1:
            raise click.UsageError("--workers is for this machine: a cluster has workers of its own")
        from pmdsl.batch.executors.dask import Dask

        return Dask(scheduler)
    if workers == 1:
        from pmdsl.batch.executors.here import Here

        return Here()
    from pmdsl.batch.executors.processes import Processes

    return Processes(workers)


def said(summary: Summary) -> str:
    """What was done, a line for each number."""
    # What was kept took no time: a speed would be of nothing.
    is_timed = summary.seconds > 0 and not summary.kept
    speed = f"{summary.positions / summary.seconds:,.0f} a second" if is_timed else ""
    rows = [
        ("accounts", f"{summary.accounts:,}", ""),
        ("positions", f"{summary.positions:,}", speed),
        ("put aside", f"{summary.quarantined:,}", str(summary.quarantine or "")),
        ("chunks", f"{summary.chunks:,}", f"{summary.kept:,} kept" if summary.kept else ""),
        ("seconds", f"{summary.seconds:,.1f}", "stopped" if summary.stopped else ""),
    ]
    width = max(len(number) for _, number, _ in rows)
    return "".join(f"{name:9}  {number:>{width}}  {more}".rstrip() + "\n" for name, number, more in rows)


def why(found: Sequence[Reason]) -> str:
    """Why accounts were put aside: a line for each code, with the first account that has it."""
    shown = found[:MOST_REASONS]
    width = max((len(f"{one.accounts:,}") for one in shown), default=0)
    lines = [
        f"{one.code}  {one.accounts:>{width},}  " + (f"{one.first}: " if one.first else "") + one.message
        for one in shown
    ]
    if len(found) > len(shown):
        lines.append(f"and {len(found) - len(shown)} codes more")
    return "".join(["\n", *(f"{line}\n" for line in lines)]) if lines else ""
