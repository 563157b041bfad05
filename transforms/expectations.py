"""Great Expectations suites made from the tables, held against each incoming batch. The only importer of that library.

A row that fails goes to quarantine with its key and reason; what concerns a batch as a whole is a blind spot. Batches
are pandas frames in an ephemeral context: the library has no Polars or DuckDB engine.
"""

import logging
import os
from datetime import UTC, date, datetime, time
from typing import Any

import polars as pl

from transforms.sources import REFUSED
from transforms.tables import TABLES, Column, Table

ROW = "_row"


def warm_up() -> None:
    """Import the library; it takes seconds, so that whoever can do something else meanwhile calls this early."""
    import great_expectations  # noqa: F401 - importing is the whole point


class Validator:
    """Validates batches one by one, and writes the data docs of all of them at the end."""

    def __init__(self, night: date) -> None:
        """Prepare an ephemeral context; its run is dated by the night, so that the docs are the same each time."""
        os.environ["GX_ANALYTICS_ENABLED"] = "false"
        import great_expectations as gx
        from great_expectations.core.run_identifier import RunIdentifier
        from great_expectations.data_context.types.base import ProgressBarsConfig

        for chatty in ("great_expectations", "great_expectations.data_context.types.base"):  # they set levels of their own
            logging.getLogger(chatty).setLevel(logging.CRITICAL)
        self._gx = gx
        self._context = gx.get_context(mode="ephemeral")
        self._context.variables.progress_bars = ProgressBarsConfig(globally=False, metric_calculations=False)
        self._batches = self._context.data_sources.add_pandas("batches")
        self._run = RunIdentifier(run_name=str(night), run_time=datetime.combine(night, time(), UTC))

    def validate(self, table: str, batch: pl.DataFrame, people: pl.Series) -> tuple[pl.DataFrame, pl.DataFrame]:
        """Rows of a batch that meet every expectation, and the others as refusals with file, line, key and reason."""
        spec = TABLES[table]
        numbered = batch.with_row_index(ROW)
        failed = self._failures(spec, numbered, people)
        reasons = pl.DataFrame(failed, schema={ROW: pl.UInt32, "why": pl.String}, orient="row").unique(ROW, keep="first", maintain_order=True)
        bad = numbered.join(reasons, on=ROW)
        good = numbered.join(reasons, on=ROW, how="anti").drop(ROW)
        key = pl.concat_str([pl.col(name).cast(pl.String).fill_null("empty") for name in spec.key], separator=", ")
        return good, bad.select(
            file="source_file", line="source_line",
            reason=pl.format("{}:{}: {} {}: {}", "source_file", "source_line", pl.lit(table), key, "why"),
            raw=pl.concat_str([pl.col(name).cast(pl.String).fill_null("") for name in spec.names], separator=","),
        ).cast(REFUSED)  # type: ignore[arg-type]  # polars types columns only  # fmt: skip

    def _failures(self, spec: Table, batch: pl.DataFrame, people: pl.Series) -> list[tuple[int, str]]:
        gx, frame = self._gx, _plain(batch, spec).to_pandas()
        suite = gx.ExpectationSuite(name=spec.name)
        for expectation in _expectations(spec, people):
            suite.add_expectation(expectation)
        whole = self._batches.add_dataframe_asset(spec.name).add_batch_definition_whole_dataframe("batch")
        definition = gx.ValidationDefinition(name=spec.name, data=whole, suite=self._context.suites.add(suite))
        result = self._context.validation_definitions.add(definition).run(
            batch_parameters={"dataframe": frame}, result_format={"result_format": "COMPLETE"}, run_id=self._run
        )
        return [failure for one in result.results if not one.success for failure in _rows_of(one)]

    def write_docs(self, folder: str) -> None:
        """Write the data docs of every batch validated so far."""
        store = {"class_name": "TupleFilesystemStoreBackend", "base_directory": folder}
        index = {"class_name": "DefaultSiteIndexBuilder"}
        self._context.add_data_docs_site(site_name="hindsight", site_config={"class_name": "SiteBuilder", "site_index_builder": index, "store_backend": store})
        self._context.build_data_docs(site_names=["hindsight"])


def _plain(batch: pl.DataFrame, spec: Table) -> pl.DataFrame:
    """Text, whole numbers and floats for the library; exact values stay in the Polars frame."""
    kept = [_plain_column(column) for column in spec.columns]
    return batch.select(kept)


def _plain_column(column: Column) -> pl.Expr:
    named = pl.col(column.name)
    if isinstance(column.dtype, pl.Decimal):
        return named.cast(pl.Float64)
    return named if isinstance(column.dtype, pl.Boolean | pl.Int64) else named.cast(pl.String)


def _expectations(spec: Table, people: pl.Series) -> list[Any]:
    import great_expectations.expectations as gxe

    made = [gxe.ExpectTableColumnsToMatchSet(column_set=list(spec.names), exact_match=True)]
    for column in spec.columns:
        if not column.empty:
            made.append(gxe.ExpectColumnValuesToNotBeNull(column=column.name, meta={"why": f"{column.name} is empty, expected a value. Fill it in."}))
        if column.values:
            said = f"{column.name} is not in its list, expected one of {', '.join(column.values)}. Correct the cell."
            made.append(gxe.ExpectColumnValuesToBeInSet(column=column.name, value_set=list(column.values), meta={"why": said}))
        if column.positive:
            made.append(
                gxe.ExpectColumnValuesToBeBetween(
                    column=column.name, min_value=0, strict_min=True, meta={"why": f"{column.name} is not positive, expected more than 0. Correct the cell."}
                )
            )
        if column.refers_to == "people.person_id":
            said = f"{column.name} is not in people, expected a person_id. Add the person or correct the cell."
            made.append(gxe.ExpectColumnValuesToBeInSet(column=column.name, value_set=people.to_list(), meta={"why": said}))
    unique = gxe.ExpectCompoundColumnsToBeUnique if len(spec.key) > 1 else gxe.ExpectColumnValuesToBeUnique
    place = {"column_list": list(spec.key)} if len(spec.key) > 1 else {"column": spec.key[0]}
    made.append(unique(**place, meta={"why": f"the key {', '.join(spec.key)} occurs twice, expected once. Remove one of the rows."}))
    return made


def _rows_of(result: Any) -> list[tuple[int, str]]:
    why = (result.expectation_config.meta or {}).get("why", "the batch does not have the table's columns.")
    return [(int(row), why) for row in result.result.get("unexpected_index_list") or []]
