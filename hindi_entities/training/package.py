"""A model folder, as `Pipeline(model=...)` takes it, from a checkpoint and its encoder, calibrated on development sets."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
from pathlib import Path

import torch

from hindi_entities.calibration import fit
from hindi_entities.evaluation import judge_examples
from hindi_entities.pipeline import Pipeline
from hindi_entities.tagger import Tagger
from hindi_entities.tagsets import UNIFIED
from hindi_entities.training.recipe import Recipe
from hindi_entities.training.sentences import read_examples

log = logging.getLogger("hindi_entities.training")

ENCODER_FILES = ("config.json", "tokenizer.json")


def package(recipe: Recipe, data: Path, out: Path, encoder: Path) -> Path:
    """Write `out/model` from the checkpoint `out/tagger.pt`, with the scores of each column calibrated on its development set."""
    folder = make_model(out / "tagger.pt", encoder, out / "model", name=recipe.name, version=recipe.version)
    calibrate(folder, recipe, data)
    return folder


def make_model(checkpoint: Path, encoder: Path, out: Path, *, name: str, version: str) -> Path:
    """Write `out` with the checkpoint as `tagger.pt`, the encoder's shape and tokenizer, and the manifest `model.json`."""
    (out / "encoder").mkdir(parents=True, exist_ok=True)
    for file in ENCODER_FILES:
        shutil.copyfile(encoder / file, out / "encoder" / file)
    shutil.copyfile(checkpoint, out / "tagger.pt")
    manifest = {
        "name": name,
        "version": version,
        "sha256": _sha256(out / "tagger.pt"),
        "columns": torch.load(checkpoint, weights_only=True, map_location="cpu")["config"]["columns"],
        "encoder": {file: _sha256(out / "encoder" / file) for file in ENCODER_FILES},
    }
    _write_manifest(out, manifest)
    return out


def calibrate(folder: Path, recipe: Recipe, data: Path) -> None:
    """Fit the map of each column that has a development set in the recipe, and write the maps to the model's manifest."""
    manifest = json.loads((folder / "model.json").read_text(encoding="utf-8")) | {"calibration": {}}
    _write_manifest(folder, manifest)
    scored: dict[str, list[tuple[float, bool]]] = {}
    for corpus in recipe.dev:
        source = Pipeline(folder) if corpus.column == UNIFIED else Tagger(folder)
        judgement = judge_examples(read_examples(corpus, data), corpus.column, source)
        pairs = ((p, span in text.gold) for text in judgement.judged for span, p in text.found.items())
        scored.setdefault(corpus.column, []).extend(pairs)
    for column, spans in scored.items():
        try:
            manifest["calibration"][column] = fit(spans)._asdict()
        except ValueError as error:
            log.warning("the scores of the column %s are not calibrated: %s", column, error)
    _write_manifest(folder, manifest)


def _write_manifest(folder: Path, manifest: dict[str, object]) -> None:
    (folder / "model.json").write_text(json.dumps(manifest, indent=1) + "\n", encoding="utf-8")


def _sha256(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()
