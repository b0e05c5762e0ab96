"""`hindi-entities train`: a recipe, or plain options that make one."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from hindi_entities.training.recipe import Recipe

CORPUS = "FILE or FILE:COLUMN; the column is unified, ilner or hiner, unified by default. May be given several times."


def train(
    out: Annotated[Path, typer.Option(help="Folder for checkpoints, the log and the model; a training stopped there goes on.")],
    config: Annotated[Path | None, typer.Option(help="A recipe (TOML); it takes the place of the options below.")] = None,
    data: Annotated[Path, typer.Option(help="Folder in which the files of the recipe lie.")] = Path(),
    corpora: Annotated[list[str] | None, typer.Option("--train", help=f"A corpus to learn from: {CORPUS}")] = None,
    dev: Annotated[list[str] | None, typer.Option(help=f"A corpus to measure and to calibrate on: {CORPUS}")] = None,
    encoder: Annotated[
        str, typer.Option(help="shipped, multilingual-e5-small, none, a folder, or a name on the transformers hub.")
    ] = "shipped",
    epochs: Annotated[float, typer.Option(help="How often each corpus is read.")] = 5.0,
    rate: Annotated[float, typer.Option(help="Learning rate of the encoder.")] = 1e-4,
    patience: Annotated[int, typer.Option(help="Stop after this many epochs without a better F1 on the first dev corpus.")] = 0,
    seed: Annotated[int, typer.Option(help="Decides the order of the sentences and the first weights.")] = 1,
    threads: Annotated[int, typer.Option(help="Threads on a CPU.")] = 2,
) -> None:
    """Train a model on annotated files: CoNLL, JSON lines with character spans (.jsonl), or inline annotation (.txt).

    OUT/model is the model, for --model of the other commands and for Pipeline(); OUT/log.jsonl has the scores of every epoch.
    """
    if (config is None) == (not corpora):
        raise typer.BadParameter("give --config with a recipe, or --train with a corpus, and not both")
    try:
        import torch
        import transformers
        from tqdm.contrib.logging import logging_redirect_tqdm

        from hindi_entities.training.recipe import read_recipe
        from hindi_entities.training.train import train as run
    except ImportError as error:
        raise RuntimeError(f'training needs the package {error.name}: pip install "hindi-entities[train]"') from error
    recipe = read_recipe(config) if config else _make_recipe(corpora or [], dev or [], encoder, epochs, rate, patience, seed)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    transformers.logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    transformers.logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    torch.set_num_threads(threads)
    with logging_redirect_tqdm():
        print(run(recipe, data, out))


def _make_recipe(
    corpora: list[str], dev: list[str], encoder: str, epochs: float, rate: float, patience: int, seed: int
) -> Recipe:
    from hindi_entities.training.recipe import Recipe

    files = [_parse(f"train{number}", text) for number, text in enumerate(corpora, 1)]
    stage = {"epochs": epochs, "rate": rate, "patience": patience, "repeat": {file["name"]: 1.0 for file in files}, "warmup": 20}
    return Recipe.model_validate(
        {
            "encoder": encoder,
            "columns": list(dict.fromkeys(file["column"] for file in files)),
            "corpus": files,
            "dev": [_parse(f"dev{number}", text) for number, text in enumerate(dev, 1)],
            "stage": [stage],
            "seed": seed,
        }
    )


def _parse(name: str, text: str) -> dict[str, str]:
    file, colon, column = text.rpartition(":")
    return {"name": name, "file": file, "column": column} if colon else {"name": name, "file": text, "column": "unified"}
