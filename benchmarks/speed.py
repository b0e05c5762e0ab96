"""Speed beside other systems: `python -m benchmarks.speed [--data FOLDER]` (`make bench`).

Every system lives in a process of its own; rounds alternate between them, so that a slow minute of the machine falls on all.
"""

from __future__ import annotations

import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Annotated, Any, NamedTuple

import torch
import typer

from benchmarks.rivals import Run, make_plain_stanza, make_stanza_hindi, make_xlmr, tokens_of
from benchmarks.texts import make_articles, read_paragraphs, shipped_sentences
from hindi_entities.precision import choose_precision

OURS = "hindi_entities"
STANZA, STANZA_BULK = "plain Stanza, a document at a time", "plain Stanza, bulk"
STANZA_HINDI, XLMR = "Stanza's Hindi architecture, bulk", "XLM-R base, transformers pipeline"
BARE = "the encoder alone"
GEMM = (2048, 384, 1536)  # rows, inputs, outputs of the product whose rate is the machine's limit


class Measured(NamedTuple):
    """Medians of a system: words a second, milliseconds of an article of 300 words, seconds to load, peak memory in MB."""

    speed: float
    article: float
    load: float
    memory: int


def systems() -> dict[str, Callable[[Path], Run]]:
    """What is measured, by name."""
    precisions = _precisions()
    ours = {
        f"{OURS}, {precision}, {name}": _ours(precision, size)
        for precision in precisions
        for name, size in (("one call a document", 0), ("batch size 1", 1), ("batch size 8", 8), ("batch size 64", 64))
    }
    return {
        **ours,
        **{f"{OURS}, {precision}, {BARE}": _bare(precision) for precision in precisions},
        STANZA: lambda folder: make_plain_stanza(folder, bulk=False),
        STANZA_BULK: lambda folder: make_plain_stanza(folder, bulk=True),
        STANZA_HINDI: make_stanza_hindi,
        XLMR: make_xlmr,
    }


def _precisions() -> list[str]:
    try:
        return ["fp32", choose_precision("int8", torch.device("cpu"))]
    except ValueError:  # not on this processor
        return ["fp32"]


def main(
    data: Annotated[Path | None, typer.Option(help="Folder with .txt or .xz files; the package's corpus without one.")] = None,
    rounds: Annotated[int, typer.Option(min=1)] = 5,
    words: Annotated[int, typer.Option(help="Words of a round.")] = 3000,
    only: Annotated[str, typer.Option(help="Measure the systems whose name holds this.")] = "",
    serve: Annotated[str, typer.Option(hidden=True)] = "",
) -> None:
    """Print a table: words a second, a 300-word article, loading, memory, and what the encoder takes of the machine's limit."""
    if serve:
        _serve(serve)
        return
    paragraphs = shipped_sentences() if data is None else read_paragraphs(data)
    articles = list(make_articles(paragraphs, words))
    counted = sum(len(article.split()) for article in articles)
    names = [name for name in systems() if only in name]
    children = {name: _Child(name) for name in names}
    times: dict[str, list[dict[str, float]]] = {name: [] for name in names}
    for number in range(rounds + 1):
        for name, child in children.items():
            result = child.ask(articles)
            if number:  # the first round warms up
                times[name].append(result)
        print(f"round {number} of {rounds}", file=sys.stderr)
    measured = {
        name: Measured(
            statistics.median(counted / one["all"] for one in times[name]),
            statistics.median(1000 * one["first"] for one in times[name]),
            child.load,
            round(times[name][-1]["memory"]),
        )
        for name, child in children.items()
    }
    print(f"{len(articles)} articles, {counted} words, medians of {rounds} rounds,")
    print(f"{torch.get_num_threads()} threads, {_processor()}\n")
    _print_table(measured)
    _print_limit(measured, times, articles, counted)
    for child in children.values():
        child.close()


def _print_table(measured: dict[str, Measured]) -> None:
    base = measured.get(STANZA_BULK)
    print("| system | words/s | times plain Stanza in bulk | 300-word article, ms | load, s | peak memory, MB |")
    print("|---|---|---|---|---|---|")
    for name, one in measured.items():
        ratio = f"{one.speed / base.speed:.2f}" if base else ""
        print(f"| {name} | {one.speed:.0f} | {ratio} | {one.article:.0f} | {one.load:.1f} | {one.memory} |")


def _print_limit(
    measured: dict[str, Measured], times: dict[str, list[dict[str, float]]], articles: Sequence[str], words: int
) -> None:
    """Operations of the encoder's matrix products a second, beside the rate of one large product in the same round."""
    for name in (name for name in measured if name.endswith(BARE)):
        operations = statistics.median(one["operations"] for one in times[name])
        rates = [one["operations"] / one["all"] / 1e9 for one in times[name]]
        shares = [rate / one["gemm"] for rate, one in zip(rates, times[name], strict=True)]
        limit = statistics.median(one["gemm"] for one in times[name])
        rate, share = statistics.median(rates), 100 * statistics.median(shares)
        product = " x ".join(map(str, GEMM))
        print(f"\n{name}: {operations / words / 1e6:.1f} million operations a word, {rate:.0f} * 10^9 a second,")
        print(f"{share:.0f} % of the {limit:.0f} * 10^9 of a product {product} alone")


class _Child:
    """A system in a process of its own, which reads articles as lines of JSON and answers with seconds."""

    def __init__(self, name: str) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-W", "ignore", "-m", "benchmarks.speed", "--serve", name],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            env={**os.environ, "TOKENIZERS_PARALLELISM": "true", "HF_HUB_OFFLINE": "1", "TRANSFORMERS_VERBOSITY": "error"},
        )
        self.load = self._read()["load"]

    def ask(self, articles: Sequence[str]) -> dict[str, float]:
        assert self._process.stdin is not None
        self._process.stdin.write(json.dumps(articles) + "\n")
        self._process.stdin.flush()
        return self._read()

    def close(self) -> None:
        self._process.communicate()

    def _read(self) -> dict[str, float]:
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if line.startswith("{"):  # others greet on standard output
                result: dict[str, float] = json.loads(line)
                return result
        raise SystemExit(f"the process of a system ended: {self._process.args!r}")


def _serve(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        begun = time.perf_counter()
        run = systems()[name](Path(folder))
        print(json.dumps({"load": time.perf_counter() - begun}), flush=True)
        for line in sys.stdin:
            articles = json.loads(line)
            begun = time.perf_counter()
            one = run(articles[:1])
            first = one["all"] if isinstance(one, dict) else time.perf_counter() - begun
            begun = time.perf_counter()
            extra = run(articles)
            took = time.perf_counter() - begun
            memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
            more = extra if isinstance(extra, dict) else {}
            print(json.dumps({"all": took, "first": first, "memory": memory, **more}), flush=True)


def _ours(precision: str, size: int) -> Callable[[Path], Run]:
    def make(_: Path) -> Run:
        from hindi_entities import Pipeline

        pipeline = Pipeline(precision=precision)  # type: ignore[arg-type]
        if not size:
            return lambda texts: [pipeline(text) for text in texts]
        return lambda texts: list(pipeline.pipe(texts, batch_size=size))

    return make


def _bare(precision: str) -> Callable[[Path], Run]:
    return lambda _: _encoder(precision)


def _encoder(precision: str) -> Run:
    """The encoder alone on the windows of the articles, batched as the tagger does."""
    from hindi_entities.batches import cut_batches
    from hindi_entities.network import load_head
    from hindi_entities.precision import make_dense
    from hindi_entities.tagger import BATCH_PIECES, DEFAULT, MAX_WINDOWS, Tagger
    from hindi_entities.transformer import Transformer

    tagger = Tagger(precision="fp32")
    config = json.loads((DEFAULT / "encoder" / "config.json").read_text(encoding="utf-8"))
    _, weights = load_head(torch.load(DEFAULT / "tagger.pt", weights_only=True), config["hidden_size"])
    transformer = Transformer(weights, config, [0.25] * 4, precision)
    linear = sum(weight.numel() for name, weight in weights.items() if weight.dim() == 2 and name.startswith("encoder."))
    rows, inputs, outputs = GEMM
    dense = make_dense(torch.randn(outputs, inputs), torch.zeros(outputs), precision)
    matrix = torch.randn(rows, inputs)

    def run(texts: Sequence[str]) -> dict[str, Any]:
        sentences = [sentence for text in texts for sentence in tokens_of(text)]
        windows = sorted((w for parts in tagger.emitter.cut(sentences) for w in parts), key=lambda w: len(w.ids))
        batches = cut_batches(windows, lambda window: len(window.ids), BATCH_PIECES, MAX_WINDOWS)
        with torch.inference_mode():
            begun = time.perf_counter()
            for batch in batches:
                transformer([window.ids for window in batch])
            took = time.perf_counter() - begun
            products = [_timed(lambda: dense(matrix)) for _ in range(20)]
        pieces = sum(len(window.ids) for window in windows)
        gemm = 2 * rows * inputs * outputs / statistics.median(products) / 1e9
        return {"all": took, "operations": 2 * linear * pieces, "gemm": gemm}

    return run


def _timed(run: Callable[[], object]) -> float:
    begun = time.perf_counter()
    run()
    return time.perf_counter() - begun


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
    except OSError:
        return "unknown processor"
    return next((line.split(":")[1].strip() for line in lines if line.startswith("model name")), "unknown processor")


if __name__ == "__main__":
    typer.run(main)
