"""`pmdsl plan`: what a rule set computes, its digest and its cost."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import click

from pmdsl.cli import options
from pmdsl.cli.opening import open_rules
from pmdsl.cli.screen import show, write
from pmdsl.diagnostics import PmdslError


class Size(click.ParamType):  # type: ignore[type-arg]
    """`TABLE=ROWS`."""

    name = "TABLE=ROWS"

    def convert(
        self, value: object, param: click.Parameter | None, ctx: click.Context | None
    ) -> tuple[str, int]:
        name, _, rows = str(value).partition("=")
        digits = rows.replace("_", "")
        if not (name and digits.isascii() and digits.isdigit() and len(digits) <= 12):
            hint = "for example `position=1_000_000`"
            raise PmdslError.single("PM909", f"`{value}` is not TABLE=ROWS", hint=hint)
        return name, int(digits)


@click.command()
@options.rules_argument
@click.option("--json", "as_json", is_flag=True, help="The whole plan as JSON, ready to be shipped and run.")
@click.option("--on", type=options.Day(), help="The plan for this date; for all dates where it is left out.")
@click.option("--nodes", is_flag=True, help="Every node of the plan.")
@click.option(
    "--size", "sizes", type=Size(), multiple=True, help="Rows of a table, to have the cost in numbers."
)
@options.path_option
def command(
    rules: str,
    as_json: bool,
    on: date | None,
    nodes: bool,
    sizes: Sequence[tuple[str, int]],
    paths: Sequence[Path],
) -> int:
    """What a rule set computes: outputs, steps, and the cells that each level costs; its digest."""
    found = open_rules([rules], paths)[0]
    plan = found.plan if on is None else found.on(on)
    if as_json:
        from pmdsl.plan.to_json import write_plan

        write(write_plan(plan))
    else:
        from pmdsl.render.plan import plan_picture

        show(plan_picture(plan, dict(sizes), nodes))
    return 0
