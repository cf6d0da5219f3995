"""Builds the training corpus from pinned, permissively licensed packages.

usage: python training/build_corpus.py [--out training/corpus] [--lock]

Downloads every package of corpus_packages.json, checks its sha256 (``--lock`` writes the hashes of what was downloaded
instead), and writes ``files.jsonl``: one file a line, ``{id, text, fileName, language, package, split}``. Duplicates (by
normalised content) and everything that touches an evaluation set (by package name, path or content, see
``strata_training/exclusion.py``) are left out. ``sample.jsonl`` is a seeded choice of them, balanced over languages, that training packs. Packages of
the split "more" came later: they add to what is trained on and to nothing that is measured. Copies of development packages that others carry
stay in ``files.jsonl`` and are left out wherever training reads it.
No corpus text is ever committed.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from strata_training.exclusion import Exclusion, evaluation_folder, in_development_folder, normalised_hash
from strata_training.fetching import fetch, refresh_lists
from strata_training.paths import CORPUS, TRAINING
from strata_training.whole import written_whole

LANGUAGES = {
    ".py": "python", ".ts": "typescript", ".tsx": "typescriptreact", ".js": "javascript", ".mjs": "javascript",
    ".cjs": "javascript", ".java": "java", ".kt": "kotlin", ".swift": "swift", ".c": "c", ".h": "c", ".cc": "cpp",
    ".cpp": "cpp", ".hpp": "cpp", ".go": "go", ".rs": "rust", ".rb": "ruby", ".php": "php", ".lua": "lua",
    ".md": "markdown", ".rst": "restructuredtext", ".txt": "plaintext",
}  # fmt: skip
MIN_CHARS, MAX_CHARS = 1_500, 150_000
SAMPLE_CHARS = 40_000  # larger files would crowd the sample out
MORE_OF_PACKAGE = 60  # files of one package and language among what is added
SKIPPED_PATH = re.compile(r"(^|/)(locale|locales|vendor|third[-_]?party|node_modules|dist|build|bundles|testdata)/|\.min\.|\.d\.ts$")


def read_files(root: Path) -> Iterator[tuple[str, str, str]]:
    """Yields (path below ``root``, language, text) of every usable source or documentation file, in path order."""
    for path in sorted(root.rglob("*")):
        relative = path.relative_to(root).as_posix()
        language = "restructuredtext" if path.name.endswith(".rst.txt") else LANGUAGES.get(path.suffix.lower())
        if not language or path.is_symlink() or not path.is_file() or SKIPPED_PATH.search(relative):
            continue
        if not MIN_CHARS <= path.stat().st_size <= MAX_CHARS:
            continue
        try:
            text = path.read_text(encoding="utf-8")
        except UnicodeDecodeError:
            continue
        # Minified and generated tables teach nothing about reading.
        if max(map(len, text.splitlines()), default=0) > 1_000:
            continue
        yield relative, language, text


def build(out: Path, lock: bool, evaluation: Path | None, names: Sequence[str] | None = None) -> None:
    """Writes ``files.jsonl`` from all packages of the manifest, or from those named. Raises ``SystemExit`` where a hash is another."""
    manifest_path = TRAINING / "corpus_packages.json"
    manifest = json.loads(manifest_path.read_text())
    exclusion = Exclusion(evaluation)
    out.mkdir(parents=True, exist_ok=True)
    seen: set[str] = set()
    kept: Counter[str] = Counter()
    dropped: Counter[str] = Counter()
    missing: list[str] = []
    packages = [p for p in manifest["packages"] if names is None or p["name"] in names]
    if unknown := set(names or ()) - {p["name"] for p in packages}:
        raise SystemExit(f"{manifest_path.name} has no {', '.join(sorted(unknown))}")
    if any(p["registry"] == "debian" for p in packages):
        refresh_lists()

    def records(root: Path, label: str, package: dict[str, str]) -> Iterator[dict[str, str]]:
        """The texts of a package that were not there before and belong to no evaluation."""
        for relative, language, text in read_files(root):
            key = normalised_hash(text)
            reason = "duplicate" if key in seen else exclusion.reason(relative, text)
            if reason:
                dropped[reason] += 1
                continue
            seen.add(key)
            kept[language] += 1
            yield {"id": f"{label}/{relative}", "text": text, "fileName": relative.rsplit("/", 1)[-1],
                   "language": language, "package": package["name"], "split": package["split"]}  # fmt: skip

    with (out / "files.jsonl").open("w", encoding="utf-8") as sink:
        for package in packages:
            label = f"{package['registry']}:{package['name']}@{package['version']}"
            if exclusion.names(package["name"]):
                raise SystemExit(f"{label} is an evaluation repository: take it out of corpus_packages.json")
            with tempfile.TemporaryDirectory() as scratch:
                root = fetch(package, label, Path(scratch), lock)
                if root is None:
                    missing.append(label)
                else:
                    sink.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in records(root, label, package))
            print(f"{label}: {sum(kept.values())} files so far", file=sys.stderr)
    if lock:
        manifest_path.write_text('{\n  "packages": [\n    ' + ",\n    ".join(json.dumps(p) for p in manifest["packages"]) + "\n  ]\n}\n")
    print(json.dumps({"files": dict(kept), "dropped": dict(dropped), "not served": missing}, indent=1))


def sample(out: Path, per_language: int, more: int, seed: int) -> None:
    """Writes ``sample.jsonl``: at most ``per_language`` training files of each language, a third as many development files, ``more`` to train on.

    What is added is drawn last, and copies of development packages are left out of what was drawn, so that the development files stay what
    they were before.
    """
    rng = random.Random(seed)
    groups: dict[tuple[str, str], list[tuple[str, str]]] = {}
    with (out / "files.jsonl").open(encoding="utf-8") as lines:
        for line in lines:
            record = json.loads(line)
            if len(record["text"]) <= SAMPLE_CHARS:
                groups.setdefault((record["split"], record["language"]), []).append((record["package"], line))
    chosen: list[str] = []
    left: dict[str, list[tuple[str, str]]] = {}
    for (split, language), rows in sorted(groups.items()):
        count = {"train": per_language, "dev": per_language // 3, "more": 0}[split]
        if split != "more":
            rng.shuffle(rows)
        chosen += [line for _, line in rows[:count]]
        if split != "dev":
            left.setdefault(language, []).extend(rows[count:])
    rng.shuffle(chosen)
    for _, rows in sorted(left.items()):
        rng.shuffle(rows)
        chosen += few_of_each(rows, more)
    records = [r for r in map(json.loads, chosen) if r["split"] == "dev" or not in_development_folder(r["id"])]
    with written_whole(out / "sample.jsonl") as unfinished, unfinished.open("w", encoding="utf-8") as sink:
        for record in records:
            record["split"] = "dev" if record["split"] == "dev" else "train"
            sink.write(json.dumps(record, ensure_ascii=False) + "\n")
    print(f"sample: {len(records)} files, {sum(len(r['text']) for r in records) / 1e6:.1f} MB", file=sys.stderr)


def few_of_each(rows: list[tuple[str, str]], count: int) -> list[str]:
    """The first ``count`` of (package, line), at most ``MORE_OF_PACKAGE`` of a package."""
    taken: Counter[str] = Counter()
    kept = []
    for package, line in rows:
        if taken[package] < MORE_OF_PACKAGE:
            taken[package] += 1
            kept.append(line)
    return kept[:count]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("--out", type=Path, default=CORPUS)
    parser.add_argument("--lock", action="store_true", help="write the hashes of what was downloaded into the manifest")
    parser.add_argument("--eval", type=Path, help="evaluation data to exclude by content; default: beside the checkout")
    parser.add_argument("--packages", help="only these of the manifest, by name, separated by commas")
    parser.add_argument("--per-language", type=int, default=120, help="files of each language in sample.jsonl")
    parser.add_argument("--more", type=int, default=400, help="further training files of each language")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--sample-only", action="store_true", help="only choose sample.jsonl again from files.jsonl")
    arguments = parser.parse_args()
    if not arguments.sample_only:
        names = arguments.packages.split(",") if arguments.packages else None
        build(arguments.out, arguments.lock, evaluation_folder(arguments.eval), names)
    sample(arguments.out, arguments.per_language, arguments.more, arguments.seed)


if __name__ == "__main__":
    main()
