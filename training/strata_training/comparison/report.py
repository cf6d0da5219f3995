"""Tables and plots from the figures of a run. Each table stands between two markers in mechanisms.md and is replaced there."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import matplotlib

matplotlib.use("svg")
import matplotlib.pyplot as plt

from ..mechanisms.plans import PLANS

# Okabe and Ito's colours, which readers without full colour vision can tell apart, and markers for the rest of them.
COLOURS = ("#000000", "#d55e00", "#e69f00", "#56b4e9", "#0072b2", "#009e73", "#cc79a7", "#7f7f7f", "#8c6d31", "#637939", "#843c39")
MARKERS = "osD^vP*X<>h"


def write(data: dict[str, Any], folder: Path) -> None:
    """Replaces the tables in ``folder``/mechanisms.md, which is made where it is missing, and draws ``folder``/images/*.svg."""
    tables = {
        "quality": quality_table(data["quality"]), "cost": cost_table(data["cost"]), "memory": memory_table(data["cost"]),
        "conversion": conversion_table(data["conversion"]), "run": run_table(data),
    }  # fmt: skip
    page = folder / "mechanisms.md"
    text = page.read_text(encoding="utf-8") if page.exists() else "\n\n".join(f"<!-- {n} -->\n<!-- end {n} -->" for n in tables)
    for name, table in tables.items():
        pattern = re.compile(rf"(<!-- {name} -->\n).*?(<!-- end {name} -->)", re.DOTALL)
        text = pattern.sub(lambda match, table=table: f"{match[1]}{table}\n{match[2]}", text)  # type: ignore[misc]
    page.write_text(text, encoding="utf-8")
    images = folder / "images"
    images.mkdir(exist_ok=True)
    plt.rcParams.update({"svg.hashsalt": "strata", "svg.fonttype": "none", "font.size": 9})
    growth_plot(data["cost"], images / "mechanisms-cost.svg")
    quality_plot(data["quality"], images / "mechanisms-quality.svg")
    conversion_plot(data["conversion"], images / "mechanisms-conversion.svg")


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [head, ["---", *["---:"] * (len(head) - 1)], *rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def signed_difference(ranks: Sequence[float], base: Sequence[float]) -> str:
    """Mean paired difference of reciprocal ranks with its standard error."""
    differences = [a - b for a, b in zip(ranks, base, strict=True)]
    n = len(differences)
    mean = sum(differences) / n
    error = (sum((d - mean) ** 2 for d in differences) / max(1, n - 1) / n) ** 0.5
    return f"{mean:+.3f} ± {error:.3f}"


def quality_table(quality: dict[str, Any]) -> str:
    names = [n for n in PLANS if n in quality]
    flat = quality["flat"]["ranks"]["zeroShot"] if "flat" in quality else None
    hsa = quality["hsa"]["ranks"]["distilled"] if "hsa" in quality else None
    rows = []
    for name in names:
        zero, after, ranks = quality[name]["zeroShot"], quality[name]["distilled"], quality[name]["ranks"]
        rows.append(
            [
                PLANS[name].title,
                f"{zero['cosineToFlatWhole']:.3f}",
                f"{zero['cosineToUnitsAlone']:.3f}",
                f"{after['cosineToUnitsAlone']:.3f}",
                f"{zero['functionMRR']:.3f}",
                f"{after['functionMRR']:.3f}",
                signed_difference(ranks["distilled"], flat) if flat else "",
                signed_difference(ranks["distilled"], hsa) if hsa and name != "hsa" else "",
            ]
        )
    return table(
        ["mechanism", "cos to flat, same input", "cos to flat units", "the same, distilled", "MRR", "MRR, distilled",
         "distilled − flat as it is (± s.e.)", "distilled − HSA, distilled (± s.e.)"],
        rows,
    )  # fmt: skip


def lengths_of(cost: dict[str, Any]) -> list[str]:
    return sorted({length for figures in cost.values() for length in figures}, key=int)


def growth_table(cost: dict[str, Any], figure: str, form: str) -> str:
    lengths = lengths_of(cost)
    rows = [
        [PLANS[n].title, *(format(cost[n][length][figure], form) if length in cost[n] else "" for length in lengths)]
        for n in PLANS
        if n in cost
    ]
    return table(["tokens", *lengths], rows)


def cost_table(cost: dict[str, Any]) -> str:
    return growth_table(cost, "seconds", ".2f")


def memory_table(cost: dict[str, Any]) -> str:
    return growth_table(cost, "peakMegabytes", ".0f")


def conversion_table(conversion: dict[str, Any]) -> str:
    encoders = list(conversion)
    variants = list(dict.fromkeys(v for e in encoders for v in conversion[e]))

    def cells(encoder: str, variant: str) -> list[str]:
        figures = conversion[encoder].get(variant)
        if not figures:
            return ["", "", ""]
        return [f"{figures[k]:.3f}" for k in ("unitCosine", "functionCosine", "functionMRR")]

    head = ["variant", *(f"{e}: {column}" for e in encoders for column in ("units", "functions", "MRR"))]
    return table(head, [[v, *(c for e in encoders for c in cells(e, v))] for v in variants])


def by_part(data: dict[str, Any]) -> dict[str, list[tuple[str, dict[str, Any]]]]:
    """All figures that were measured, with the title of what they belong to."""
    return {
        "quality": [(PLANS[name].title, figures) for name, figures in data["quality"].items()],
        "cost": [(PLANS[name].title, figures) for name, lengths in data["cost"].items() for figures in lengths.values()],
        "conversion": [(encoder, figures) for encoder, variants in data["conversion"].items() for figures in variants.values()],
    }


def measured_by(figures: Sequence[tuple[str, dict[str, Any]]]) -> str:
    """The commit of most figures and its days; those of other commits after it, by title."""
    titles: dict[str, list[str]] = {}
    days: dict[str, set[str]] = {}
    for title, figure in figures:
        titles.setdefault(figure["commit"], []).append(title)
        days.setdefault(figure["commit"], set()).add(figure["date"])
    commits = sorted(titles, key=lambda commit: -len(titles[commit]))
    named = [f"`{commit}` ({', '.join(sorted(days[commit]))})" for commit in commits]
    others = [f"{' and '.join(dict.fromkeys(titles[commit]))} {name}" for commit, name in list(zip(commits, named, strict=True))[1:]]
    return ", ".join([*named[:1], *others])


def run_table(data: dict[str, Any]) -> str:
    settings, around = data["settings"], data["environment"]
    done = [q["distillation"] for q in data["quality"].values()]
    wall = sum(d["wallSeconds"] for d in done) / max(1, len(done))
    processor = sum(d["processorSeconds"] for d in done) / max(1, len(done))
    tokens = done[0]["tokens"] if done else 0
    rows = [
        ["commit", "; ".join(f"{part} {measured_by(figures)}" for part, figures in by_part(data).items())],
        ["PyTorch", f"{around['torch']}, {around['dtype']}, {around['threads']} thread"],
        ["held out", f"{settings['documents']} documents, {settings['functions']} functions; {settings['deep_documents']} deep documents for the conversion"],
        ["distillation of each", f"{settings['steps']} steps, {tokens:,} tokens; {processor:.0f} s of processor time, {wall:.0f} s of wall time on average"],
    ]  # fmt: skip
    return table(["", ""], rows)


def finish(figure: Any, path: Path) -> None:
    figure.tight_layout()
    figure.savefig(path, format="svg", metadata={"Date": None})
    plt.close(figure)


def growth_plot(cost: dict[str, Any], path: Path) -> None:
    figure, axes = plt.subplots(1, 2, figsize=(9.5, 4))
    for i, name in enumerate(n for n in PLANS if cost.get(n)):
        points = [cost[name][length] for length in sorted(cost[name], key=int)]
        tokens = [p["tokens"] for p in points]
        style = {"color": COLOURS[i], "marker": MARKERS[i], "markersize": 4, "linewidth": 1.2, "label": PLANS[name].title}
        axes[0].plot(tokens, [p["seconds"] for p in points], **style)
        axes[1].plot(tokens, [p["peakMegabytes"] for p in points], **style)
    for axis, title, scale in zip(axes, ("seconds of one pass, one thread", "peak resident memory, MB"), ("log", "linear"), strict=True):
        axis.set_xscale("log", base=2)
        axis.set_yscale(scale)
        axis.set_xlabel("tokens")
        axis.set_title(title)
        axis.grid(alpha=0.3)
    axes[1].legend(fontsize=7)
    finish(figure, path)


def quality_plot(quality: dict[str, Any], path: Path) -> None:
    names = [n for n in PLANS if n in quality][::-1]
    figure, axes = plt.subplots(1, 2, figsize=(9.5, 4), sharey=True)
    for axis, key, title in zip(axes, ("cosineToUnitsAlone", "functionMRR"), ("cosine to the flat units", "MRR of functions"), strict=True):
        for i, name in enumerate(names):
            zero, after = quality[name]["zeroShot"][key], quality[name]["distilled"][key]
            axis.plot([zero, after], [i, i], color="#999999", linewidth=1)
            axis.plot(zero, i, "o", color="white", markeredgecolor="#0072b2", label="zero-shot" if i == 0 else None)
            axis.plot(after, i, "o", color="#0072b2", label="distilled" if i == 0 else None)
        axis.set_yticks(range(len(names)), [PLANS[n].title for n in names])
        axis.set_title(title)
        axis.grid(alpha=0.3)
    axes[0].legend(fontsize=8, loc="lower left")
    finish(figure, path)


def conversion_plot(conversion: dict[str, Any], path: Path) -> None:
    figure, axis = plt.subplots(figsize=(5.5, 3.6))
    for i, (encoder, figures) in enumerate(conversion.items()):
        for j, tree in enumerate(("syntax tree", "fixed windows")):
            points = sorted((int(v[-1]), f["unitCosine"]) for v, f in figures.items() if v.startswith(f"{tree}, depth") and v[-1] != "2")
            if len(points) > 1:
                axis.plot(*zip(*points, strict=True), color=COLOURS[i * 2 + j + 1], marker=MARKERS[j], label=f"{encoder}, {tree}")
    axis.set_xticks([3, 4, 5, 6])
    axis.set_xlabel("depth of the tree, tokens and file included")
    axis.set_ylabel("cosine of unit vectors to flat")
    axis.grid(alpha=0.3)
    if axis.lines:
        axis.legend(fontsize=8)
    finish(figure, path)
