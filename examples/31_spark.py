"""Margin in Spark: positions as a DataFrame, answered where they are by `mapInArrow`.

python examples/31_spark.py [master]

Spark brings all positions of an account to one partition; each partition is a book of its own. Rules and
market travel as one plain value, once to each executor. Needs pyspark with pandas, Java, and pmdsl[arrow] on
every machine. A position that cannot be read fails its task, with the findings in the message; `pmdsl batch`
puts its account aside instead.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path

import pyarrow as pa
from pyspark.sql import SparkSession
from pyspark.sql.functions import col, concat, lit

import pmdsl
from pmdsl.batch.work import work_of

TABLES = Path(__file__).parent / "tables"
ANSWER = "account string, maintenance decimal(38,2)"
COPIES = 1_000
PARTITIONS = 4

spark = SparkSession.builder.master(sys.argv[1] if len(sys.argv) > 1 else "local[2]").getOrCreate()
spark.sparkContext.setLogLevel("ERROR")

work = work_of(
    pmdsl.load("us.finra.cpm"), TABLES / "instruments.csv", TABLES / "underlyings.csv", on=date(2023, 9, 14),
    sections={"rate": 0.0545},
)  # fmt: skip
sent = spark.sparkContext.broadcast(work)


def answered(batches: Iterable[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
    """The accounts of a partition. An account may stand in several batches, so they are taken together."""
    held = pa.Table.from_batches(list(batches))
    if len(held):
        market = sent.value.open().rules  # the market is priced here, once a partition
        yield from market.margin(held).to_arrow().to_batches()


# The three accounts of the tables, a thousand times over.
one = spark.read.csv(str(TABLES / "positions.csv"), header=True, inferSchema=True)
name = concat(col("account"), lit("-"), col("copy"))
positions = one.crossJoin(spark.range(COPIES).withColumnRenamed("id", "copy")).withColumn("account", name)
positions = positions.select("account", "instrument", col("quantity").cast("double"), "trade_price")

answers = positions.repartition(PARTITIONS, "account").mapInArrow(answered, ANSWER)
found = {row.account: row.maintenance for row in answers.collect()}  # or answers.write.parquet(…)
print(f"{len(found)} accounts, maintenance {sum(found.values())} in all")
for account in ("A1-7", "A2-7", "A3-7"):
    print(account, found[account])
spark.stop()
