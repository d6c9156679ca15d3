"""python -m tests.mutation [PATH]… [--jobs N] [--most N]: the survivors of a mutation run, exit status 1 if
any.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from tests.mutation.campaign import campaign


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description=__doc__)
    parser.add_argument("paths", nargs="*", type=Path, default=[Path("rules")])
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--most", type=int, default=None, help="so many mutants of each file")
    asked = parser.parse_args()
    survived = 0
    for result in campaign(
        asked.paths, most=asked.most, jobs=asked.jobs, told=lambda text: print(f"SURVIVED {text}", flush=True)
    ):
        survived += len(result.survivors)
        print(result, flush=True)
    return 1 if survived else 0


if __name__ == "__main__":
    sys.exit(main())
