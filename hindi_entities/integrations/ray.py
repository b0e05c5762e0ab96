"""Ray Data: results beside a column of texts, one model in each of a fixed number of workers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hindi_entities.integrations import require

if TYPE_CHECKING:
    from ray.data import Dataset


def extract_dataset(
    dataset: Dataset, text_column: str = "text", *, workers: int = 2, threads: int = 1, batch_size: int = 64, **options: Any
) -> Dataset:
    """A dataset with the columns `mentions`, `entities` and `error` after its own, as `arrow.FIELDS` has them.

    `options` are those of `Extractor`. Each of the `workers` is an actor that reserves and uses `threads` cores and reads
    `batch_size` texts at a time. The cluster has more cores than they hold, or Ray waits for ever to run the other steps of a
    plan, such as a repartition. Other resources: `dataset.map_batches(Extractor, batch_format="pyarrow", ...)`. Raises
    ValueError where there is no such column or one that the results need: here, or in a worker where the columns are not known.
    """
    for module in ("ray.data", "pyarrow"):
        require(module, "ray")
    from ray.data import ActorPoolStrategy

    from hindi_entities.integrations.arrow import Extractor, check_columns

    names = dataset.columns(fetch_if_missing=False)
    if names is not None:
        check_columns(names, text_column)
    extractor = Extractor(text_column=text_column, threads=threads, **options)  # a folder has its whole path from here on
    return dataset.map_batches(
        Extractor,
        fn_constructor_kwargs={
            "text_column": text_column,
            "threads": threads,
            "max_chars": extractor.max_chars,
            **extractor.options,
        },
        batch_format="pyarrow",
        batch_size=batch_size,
        compute=ActorPoolStrategy(size=workers),
        num_cpus=threads,
    )
