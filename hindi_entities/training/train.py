"""The training loop: a Stanza `NERTagger` fine-tuned jointly over several corpora, one tag column each.

AdamW with separate rates for the encoder and the rest, batches of sentences of like length under a budget of pieces,
bfloat16 autocast for the encoder where the processor has it, the CRF's negative log likelihood of the sentence's column.
A checkpoint holds everything that is needed to go on after a kill as if there had been none.
"""

from __future__ import annotations

import hashlib
import json
import logging
import random
import time
from collections.abc import Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any, NamedTuple

import torch
from tqdm import tqdm
from transformers import AutoConfig

from hindi_entities.batches import cut_batches
from hindi_entities.corpora import spans_of_bioes
from hindi_entities.crf import viterbi
from hindi_entities.errors import CorpusError
from hindi_entities.network import (
    BASE_ARGS,
    build_network,
    collate,
    emissions,
    encode,
    load_tokenizer,
    make_vocabulary,
    tag_names,
)
from hindi_entities.stanza_parts import NERTagger, fix_singleton_tags
from hindi_entities.training.augment import Augmenter, Row
from hindi_entities.training.encoder import prepare_encoder
from hindi_entities.training.package import package
from hindi_entities.training.recipe import Corpus, Recipe, Stage
from hindi_entities.training.rounding import rounded
from hindi_entities.training.sentences import read_examples, tag_example

log = logging.getLogger("hindi_entities.training")

MAX_SENTENCES = 64  # a batch
POOL = 64  # batches among which sentences are sorted by length
CHECKPOINT_SECONDS = 300.0
MASKS = ("<mask>", "[MASK]")


class Data(NamedTuple):
    """The corpora of a recipe by name, and its development sets."""

    train: dict[str, list[Row]]
    dev: dict[str, list[Row]]


def train(recipe: Recipe, data: Path, out: Path) -> Path:
    """Train by a recipe, from the corpora in the folder `data`; returns the folder of the model, as `Pipeline` takes it.

    The scores of the model are calibrated on the recipe's development sets.

    `out/progress.pt` is written every five minutes; a training that finds one goes on from there. `out/stageN.pt` is the
    result of stage N; a training that finds only such files goes on with the next stage, from any weights that fit the
    recipe's shape. The log goes to `out/log.jsonl`. Raises ValueError where `out` holds a finished training or the progress
    of another one.
    """
    final, saved = out / "tagger.pt", out / "progress.pt"
    if final.exists() and not saved.exists():
        raise ValueError(f"{final} is the result of a finished training; choose another folder")
    torch.manual_seed(recipe.seed)
    out.mkdir(parents=True, exist_ok=True)
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    vocabulary = make_vocabulary([recipe.tags_of(column) for column in recipe.columns])
    encoder = prepare_encoder(recipe.encoder, out / "encoder", recipe.seed)
    deepest = AutoConfig.from_pretrained(encoder, local_files_only=True).num_hidden_layers
    shape = {"bert_hidden_layers": min(recipe.layers, deepest), "hidden_dim": recipe.hidden, "dropout": recipe.dropout}
    args = {**BASE_ARGS, **shape, "columns": list(recipe.columns)}
    model = build_network(args, vocabulary, encoder).to(device)
    _quicken_attention(model)
    tokenizer = load_tokenizer(encoder)
    rows = _load(recipe, data, vocabulary, tokenizer)
    mask = next((piece for name in MASKS if (piece := tokenizer.token_to_id(name)) is not None), None)
    if mask is None and any(stage.word_dropout for stage in recipe.stage):
        raise ValueError(f"`word_dropout` needs a mask piece ({' or '.join(MASKS)}), which the tokenizer of {encoder} has not")
    for name, sentences in (rows.train | rows.dev).items():
        log.info("%s: %d sentences", name, len(sentences))
    identity = _identity(recipe, rows)
    stages = range(len(recipe.stage), 0, -1)
    progress: dict[str, Any] = {"stage": next((n for n in stages if (out / f"stage{n}.pt").exists()), 0), "step": 0}
    if saved.exists():
        progress = torch.load(saved, weights_only=True, map_location="cpu")
        if progress["identity"] != identity:
            raise ValueError(f"{saved} belongs to a training with another recipe or other corpora; choose another folder")
        model.load_state_dict(progress.pop("model"))
    elif progress["stage"]:
        log.info("going on after stage %d", progress["stage"])
        finished = torch.load(out / f"stage{progress['stage']}.pt", weights_only=True, map_location="cpu")
        model.load_state_dict(finished["model"])
    for number in range(progress["stage"], len(recipe.stage)):
        resumed = progress if number == progress["stage"] else {"step": 0}
        with rounded(model) if recipe.stage[number].rounded else nullcontext():
            _run_stage(model, recipe, number, rows, out, device, resumed, identity, mask)
            if (share := recipe.stage[number].mix) < 1:
                _mix(model, out / f"stage{number}.pt", share)
                _report(model, rows.dev, {"stage": number + 1, "mixed": share}, out, device)
        save_checkpoint(model, out / f"stage{number + 1}.pt")
        _save_progress(model, None, {"stage": number + 1, "step": 0, "identity": identity}, out)
        (out / "best.pt").unlink(missing_ok=True)
    save_checkpoint(model, final)
    folder = package(recipe, data, out, encoder)
    saved.unlink(missing_ok=True)
    return folder


def _mix(model: NERTagger, before: Path, share: float) -> None:
    """Mix the weights with those that the stage began from; `share` is how much of the present ones there is."""
    old = torch.load(before, weights_only=True, map_location="cpu")["model"]
    state = model.state_dict()
    for name, value in old.items():
        state[name].lerp_(value.to(state[name]), 1 - share)


def _quicken_attention(model: NERTagger) -> None:
    """Plain attention without dropout: with it, or with the fused kernel, a step on a CPU takes a fifth longer."""
    model.bert_model.set_attn_implementation("eager")
    for module in model.bert_model.modules():
        if type(module).__name__.endswith("SelfAttention"):
            module.dropout.p = 0.0


def _load(recipe: Recipe, data: Path, vocabulary: Any, tokenizer: Any) -> Data:

    def rows_of(corpus: Corpus) -> list[Row]:
        column = recipe.columns.index(corpus.column)
        ids = {tag: at for at, tag in enumerate(tag_names(vocabulary, column)) if at >= 4}
        labels = recipe.labels_of(corpus)
        examples = read_examples(corpus, data)
        if not any(span.label in labels for example in examples for span in example.spans):
            raise CorpusError(f"{corpus.file} annotates no label of the column {corpus.column}: {', '.join(labels)}")
        sentences = [sentence for example in examples for sentence in tag_example(example, labels)]
        windows = encode(tokenizer, [sentence.keys for sentence in sentences])
        rows = []
        for sentence, parts in zip(sentences, windows, strict=True):
            done = 0
            for part in parts:
                tags = [ids[tag] for tag in fix_singleton_tags(sentence.tags[done : done + len(part.last)])]
                rows.append(Row(part, tags, column))
                done += len(part.last)
        return rows

    return Data({c.name: rows_of(c) for c in recipe.corpus}, {c.name: rows_of(c) for c in recipe.dev})


def _identity(recipe: Recipe, rows: Data) -> str:
    """A digest of what decides the order of the batches: the recipe and the number of sentences of each corpus."""
    counts = sorted((name, len(sentences)) for name, sentences in rows.train.items())
    return hashlib.sha256(f"{recipe.model_dump_json(exclude={'encoder'})}{counts}".encode()).hexdigest()


def _run_stage(
    model: NERTagger,
    recipe: Recipe,
    number: int,
    rows: Data,
    out: Path,
    device: torch.device,
    progress: dict[str, Any],
    identity: str,
    mask: int | None,
) -> None:
    stage = recipe.stage[number]
    batches = list(_batches_of_stage(stage, rows.train, recipe, number))
    augment = _augmenter(model, recipe, stage, rows, mask)
    optimizer = _make_optimizer(model, stage)
    if "optimizer" in progress:
        optimizer.load_state_dict(progress["optimizer"])
    per_epoch = max(1, round(len(batches) / stage.epochs))
    saved, losses = time.monotonic(), []
    best, misses = progress.get("best", -1.0), progress.get("misses", 0)
    bar = tqdm(range(progress["step"], len(batches)), initial=progress["step"], total=len(batches), mininterval=5, disable=None)
    for step in bar:
        factor = _factor(step, len(batches), stage)
        for group, rate in zip(optimizer.param_groups, (stage.rate, stage.head_rate), strict=True):
            group["lr"] = rate * factor
        seed = recipe.seed * 1_000_003 + number * 500_009 + step
        torch.manual_seed(seed)  # the same dropout after a resume
        chance = random.Random(seed)
        losses.append(_step(model, optimizer, [augment(row, chance) for row in batches[step]], device))
        if (step + 1) % 50 == 0:
            log.info("stage %d step %d/%d loss %.3f", number + 1, step + 1, len(batches), sum(losses) / len(losses))
            losses.clear()
        if step + 1 == len(batches) or ((step + 1) % per_epoch == 0 and len(batches) - step > per_epoch // 2):
            f1 = _report(model, rows.dev, {"stage": number + 1, "step": step + 1, "of": len(batches)}, out, device)
            misses = 0 if f1 > best else misses + 1
            if stage.patience and f1 > best:
                torch.save(model.state_dict(), out / "best.pt")
            best = max(best, f1)
            if stage.patience and misses >= stage.patience:
                log.info("stage %d ends: no better F1 than %.2f in %d reports", number + 1, best, misses)
                break
        if time.monotonic() - saved > CHECKPOINT_SECONDS:
            state = {"stage": number, "step": step + 1, "identity": identity, "best": best, "misses": misses}
            _save_progress(model, optimizer, state, out)
            saved = time.monotonic()
    if stage.patience and (out / "best.pt").exists():
        model.load_state_dict(torch.load(out / "best.pt", weights_only=True, map_location=device))


def _augmenter(model: NERTagger, recipe: Recipe, stage: Stage, rows: Data, mask: int | None) -> Augmenter:
    every = (row for name in sorted(rows.train) for row in rows.train[name])
    tags = [tag_names(model.vocab, column) for column in range(len(recipe.columns))]
    return Augmenter(every, tags, mask, stage.swap, stage.word_dropout)


def _batches_of_stage(stage: Stage, train: dict[str, list[Row]], recipe: Recipe, number: int) -> Iterator[list[Row]]:
    """All batches of a stage in order; the same for the same seed, whatever was done before."""
    shuffle = random.Random(recipe.seed * 97 + number)
    left = stage.epochs
    while left > 0:
        share = min(1.0, left)
        left -= 1
        epoch: list[Row] = []
        for name, repeat in stage.repeat.items():
            count = round(repeat * share * len(train[name]))
            whole = [row for _ in range(count // len(train[name])) for row in train[name]]
            epoch += whole + shuffle.sample(train[name], count - len(whole))
        shuffle.shuffle(epoch)
        batches: list[list[Row]] = []
        pool = POOL * MAX_SENTENCES
        for begin in range(0, len(epoch), pool):
            batches += cut_batches(sorted(epoch[begin : begin + pool], key=_pieces), _pieces, recipe.pieces, MAX_SENTENCES)
        shuffle.shuffle(batches)
        yield from batches


def _pieces(row: Row) -> int:
    return len(row.pieces.ids)


def _make_optimizer(model: NERTagger, stage: Stage) -> torch.optim.Optimizer:
    encoder = [p for name, p in model.named_parameters() if name.startswith("bert_model.") and p.requires_grad]
    rest = [p for name, p in model.named_parameters() if not name.startswith("bert_model.") and p.requires_grad]
    return torch.optim.AdamW(
        [{"params": encoder, "lr": stage.rate}, {"params": rest, "lr": stage.head_rate}], weight_decay=0.01, fused=True
    )


def _factor(step: int, steps: int, stage: Stage) -> float:
    if step < stage.warmup:
        return (step + 1) / stage.warmup
    return stage.end + (1 - stage.end) * (steps - step) / max(1, steps - stage.warmup)


def _to_tensors(batch: Sequence[Row], device: torch.device) -> tuple[list[Row], tuple[torch.Tensor, ...]]:
    rows = sorted(batch, key=lambda row: -len(row.tags))
    ids, mask, last, lengths = collate([row.pieces for row in rows], pad=1)
    return rows, (ids.to(device), mask.to(device), last.to(device), lengths)


def _autocast(device: torch.device) -> torch.autocast:
    usable = device.type == "cuda" or "avx512_bf16" in _processor_flags()
    return torch.autocast(device.type, dtype=torch.bfloat16, enabled=usable)


def _processor_flags() -> str:
    path = Path("/proc/cpuinfo")
    return path.read_text() if path.exists() else ""


def _step(model: NERTagger, optimizer: torch.optim.Optimizer, batch: Sequence[Row], device: torch.device) -> float:
    model.train()
    rows, tensors = _to_tensors(batch, device)
    with _autocast(device):
        scores = emissions(model, *tensors)
    loss = torch.zeros((), device=device)
    for column in {row.column for row in rows}:
        chosen = [at for at, row in enumerate(rows) if row.column == column]
        width = max(len(rows[at].tags) for at in chosen)
        tags = torch.tensor([rows[at].tags + [0] * (width - len(rows[at].tags)) for at in chosen], device=device)
        mean, _ = model.crits[column](scores[column][chosen, :width].contiguous(), tags == 0, tags)
        loss = loss + mean * (len(chosen) / len(rows))
    optimizer.zero_grad()
    loss.backward()  # type: ignore[no-untyped-call]
    torch.nn.utils.clip_grad_norm_(model.parameters(), model.args["max_grad_norm"])
    optimizer.step()
    return float(loss.detach())


def _report(model: NERTagger, dev: dict[str, list[Row]], where: dict[str, float], out: Path, device: torch.device) -> float:
    """Score, log, and give the micro-F1 of the first development set."""
    scores = {name: span_f1(model, rows, device) for name, rows in dev.items()}
    log.info("%s: %s", ", ".join(f"{name} {value}" for name, value in where.items()), scores)
    with (out / "log.jsonl").open("a", encoding="utf-8") as stream:
        stream.write(json.dumps({**where, "dev": scores}) + "\n")
    return next((score.get("micro", 0.0) for score in scores.values()), 0.0)


def span_f1(model: NERTagger, rows: Sequence[Row], device: torch.device) -> dict[str, float]:
    """Strict span F1 (0..100) of each label and, as `micro`, of all, on the tokens of the training."""
    model.eval()
    found: dict[str, list[int]] = {}
    for batch in cut_batches(sorted(rows, key=_pieces), _pieces, 4096, MAX_SENTENCES):
        ordered, tensors = _to_tensors(batch, device)
        with torch.inference_mode(), _autocast(device):
            scores = emissions(model, *tensors)
            column = ordered[0].column
            best = viterbi(scores[column].float(), tensors[3].to(device), model.crits[column]._transitions.data)
        names = tag_names(model.vocab, column)
        for row, ids in zip(ordered, best.tolist(), strict=True):
            gold = set(spans_of_bioes([names[i] for i in row.tags]))
            guess = set(spans_of_bioes(fix_singleton_tags([names[i] for i in ids[: len(row.tags)]])))
            for side, spans in enumerate((gold & guess, gold, guess)):
                for span in spans:
                    for label in (span.label, "micro"):
                        found.setdefault(label, [0, 0, 0])[side] += 1
    return {label: round(200 * both / max(1, gold_n + guess_n), 2) for label, (both, gold_n, guess_n) in sorted(found.items())}


def save_checkpoint(model: NERTagger, path: Path) -> None:
    """Write the model as a checkpoint of Stanza's, its weights in half precision."""
    state = {
        name: value.detach().to("cpu", torch.float16) for name, value in model.state_dict().items() if value.is_floating_point()
    }
    config = {**model.args, "bert_model": "encoder"}
    _write({"model": state, "vocab": model.vocab.state_dict(), "config": config}, path)


def _save_progress(model: NERTagger, optimizer: torch.optim.Optimizer | None, state: dict[str, Any], out: Path) -> None:
    """Write what is needed to go on; there is no optimizer between two stages."""
    steps = {} if optimizer is None else {"optimizer": optimizer.state_dict()}
    _write({"model": model.state_dict(), **steps, **state}, out / "progress.pt")


def _write(content: dict[str, Any], path: Path) -> None:
    """Write a whole file or none: a kill leaves the one before."""
    part = path.with_suffix(".tmp")
    torch.save(content, part)
    part.replace(path)
