"""Measures every technique for its page: posterior, reach and picture.

``python docs/techniques.py`` calibrates what is not cached, writes the numbers to
``docs/measured.json`` and a picture beside each page. Then run ``docs/generate.py``, which writes
the pages themselves from the plugins and those numbers.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from wording import page, table

MEASURED = Path(__file__).with_name("measured.json")
FOLDER = Path(__file__).with_name("reference") / "techniques"

TRAINING_FLOP = 2e25
"""Scale at which techniques are measured: a GPT-4 class model."""

SPENDS = (1.0, 2.0, 4.0, 6.0)


def measure() -> dict[str, Any]:
    """Numbers of every technique: parameters, spans, and gains at a few spends."""
    curves, verdicts = _calibrated()
    import math

    from amplicast.analysis.spans import GAME_SCORE, spans
    from amplicast.report.techniques import quantiles, spans_record

    scale = math.log10(TRAINING_FLOP)
    reach = spans_record(spans(curves, log10_training_flop=scale))
    found = {}
    for technique in curves.plan.techniques:
        gains = {}
        for name in technique.task_classes if technique.role == "amplifier" else ():
            here = curves.believing(task_pass_rate=GAME_SCORE) if name == "game" else curves
            gains[name] = {
                f"{x:g}": _rounded(
                    quantiles(
                        here.gain(technique.id, x, task_class=name, log10_training_flop=scale)
                    )
                )
                for x in SPENDS
            }
        found[technique.id] = {
            "parameters": {
                name: _rounded(quantiles(curves.parameter(technique.id, name)))
                for name in sorted(technique.priors)
            },
            "spans": [
                {k: _rounded(v) if isinstance(v, dict) else v for k, v in row.items()}
                for row in reach
                if row["technique"] == technique.id
            ],
            "gains": gains,
            "verdict": verdicts.get(technique.id, ""),
        }
    return {"training_flop": TRAINING_FLOP, "techniques": found}


def _calibrated() -> tuple[Any, dict[str, str]]:
    from amplicast.analysis.curves import calibrated_curves
    from amplicast.engine.calibrate import calibrate
    from amplicast.engine.progress import display
    from amplicast.forecast.inputs import declared
    from amplicast.registry import Registry
    from amplicast.scenario import load

    registry = Registry.load(strict=True)
    baseline = load(
        "builtin:baseline",
        declared=declared(registry),
        builtin=lambda name: registry.get("forecasts", name).scenario,
    )
    curves = calibrated_curves(baseline, registry, progress=display())
    posteriors = calibrate(curves.plan.techniques)
    return curves, {id_: str(posterior.verdict) for id_, posterior in posteriors.items()}


def _rounded(numbers: Mapping[str, float]) -> dict[str, float]:
    return {key: float(f"{number:.3g}") for key, number in numbers.items()}


def draw(curves: Any) -> Iterator[tuple[str, str]]:
    """File name and SVG of every technique that trades anything."""
    import math

    from amplicast.analysis.spans import classes_of
    from amplicast.analysis.tradeoffs import published_points, tradeoff_of
    from amplicast.registry import Registry
    from amplicast.report.charts.tradeoff import tradeoff_picture

    scale = math.log10(TRAINING_FLOP)
    points = published_points(Registry.load().answers.values())
    for technique in curves.plan.techniques:
        if technique.role == "accelerator":
            continue
        found = [
            tradeoff_of(curves, technique.id, task_class=name, log10_training_flop=scale)
            for name in classes_of(technique)
        ]
        picture = tradeoff_picture(
            found,
            points,
            by_class=True,
            model=f"a model of {TRAINING_FLOP:.0e} FLOP".replace("e+", "e"),
            told=lambda what, meaning: f"{what}. {meaning}",
        )
        yield f"{technique.id}.svg", picture.svg()


def pages(registry: Any) -> dict[str, str]:
    """One page per technique, by file name below the reference."""
    measured = json.loads(MEASURED.read_text(encoding="utf-8"))["techniques"]
    found = {
        f"techniques/{technique.id}.md": _page(technique, measured[technique.id])
        for technique in registry.techniques.values()
    }
    return {**found, "techniques/README.md": _index(registry, measured)}


def _index(registry: Any, measured: Mapping[str, Any]) -> str:
    rows = [
        (
            f"[{technique.id}]({technique.id}.md)",
            technique.mechanism,
            technique.role,
            span["task_class"] if span and technique.role == "amplifier" else "any",
            _cell(span["training"]) if span else "none",
            _cell(span["inference"]) if span else "none",
        )
        for technique in registry.techniques.values()
        for span in measured[technique.id]["spans"] or [None]
    ]
    about = (
        "What each technique can do alone with a model of 2e25 FLOP, OOM, median (90 %). An "
        "amplifier gains training compute for inference; an economiser saves inference and costs "
        "training; an accelerator answers sooner and gains nothing."
    )
    head = ["technique", "mechanism", "role", "task class", "training", "inference"]
    return page("Techniques", about, table(head, rows))


def _page(technique: Any, measured: Mapping[str, Any]) -> str:
    module = sys.modules[technique.exchange.__module__]
    prose = "\n\n".join((module.__doc__ or "").strip().split("\n\n")[1:])
    picture = f"![Trade-off of {technique.id}]({technique.id}.svg)"
    parts = [
        technique.summary,
        picture + f"\n\n{CAPTION}" if measured["spans"] else "",
        table(
            ["", ""],
            [
                ("mechanism", technique.mechanism),
                ("role", technique.role),
                ("task classes", ", ".join(technique.task_classes)),
                ("alternatives", f"one of `{technique.choice}`" if technique.choice else "none"),
                ("formula", f"`{technique.formula}`" if technique.formula else "see below"),
            ],
        ),
    ]
    if prose:
        parts += ["## How it works", prose]
    if measured["gains"]:
        parts += ["## Gain at a spend, OOM: median (90 %)", _gains(measured["gains"])]
    if measured["spans"]:
        parts += ["## Reach, OOM: median (90 %)", _spans(measured["spans"])]
    parts += ["## Evidence", _evidence(technique)]
    if technique.priors:
        parts += ["## Parameters", _parameters(technique, measured["parameters"])]
    if measured["verdict"]:
        parts.append(f"Check of the fit: {measured['verdict']}.")
    sources = [f"- [{s.grade}] {s.title}. {s.url}".rstrip() for s in technique.sources]
    parts += ["## Known limits", technique.limits, "## Sources", "\n".join(sources)]
    return page(technique.id, *parts)


CAPTION = (
    "Line: median; dark band 66 %, light band 90 %. Grey: where a further OOM on either side "
    "costs less than six on the other. Dots: published trade-offs. A model of 2e25 FLOP, on "
    "tasks that it solves unaided in 5 to 50 % of cases; in games, 1,000 Elo below perfect play."
)


def _gains(gains: Mapping[str, Any]) -> str:
    rows = [(name, *(_cell(each[f"{x:g}"]) for x in SPENDS)) for name, each in gains.items()]
    return table(["task class", *(f"{x:g} OOM" for x in SPENDS)], rows)


def _spans(spans: Any) -> str:
    rows = [
        (
            span["task_class"] if span["role"] == "amplifier" else "any",
            _cell(span["training"]),
            _cell(span["inference"]),
            "on or off" if span["binary"] else _cell(span["efficient_training"]),
            "on or off" if span["binary"] else _cell(span["efficient_inference"]),
            _cell(span["scale_effect"]),
        )
        for span in spans
    ]
    head = [
        "task class", "training", "inference", "efficient: training", "efficient: inference",
        "change of training per OOM of scale",
    ]  # fmt: skip
    return table(head, rows)


def _evidence(technique: Any) -> str:
    if not technique.evidence:
        return "None: every parameter is a belief."
    return "\n".join(
        f"- `{one.id}` ({one.family.name}; {', '.join(s.key for s in one.sources)}): {one.informs}"
        for one in technique.evidence
    )


def _parameters(technique: Any, measured: Mapping[str, Any]) -> str:
    from amplicast.engine.latents import calibrated_parameters

    informed = calibrated_parameters(technique) if technique.evidence else ()
    rows = []
    for name, prior in sorted(technique.priors.items()):
        basis = "calibrated" if name in informed else "fixed" if prior.is_fixed else "belief"
        now = _cell(measured[name], digits=3) if basis == "calibrated" else ""
        rows.append((f"`{name}`", prior.unit, basis, prior.statement, now, prior.why))
    return table(["name", "unit", "basis", "prior", "posterior: median (90 %)", "why"], rows)


def _cell(numbers: Mapping[str, float], *, digits: int = 2) -> str:
    def shown(number: float) -> str:
        text = f"{number:.{digits}g}" if digits > 2 else f"{number:.1f}"
        return "0.0" if text == "-0.0" else text

    return f"{shown(numbers['p50'])} ({shown(numbers['p05'])} to {shown(numbers['p95'])})"


def main() -> int:
    """Measure, and draw."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = json.dumps(measure(), indent=1, sort_keys=True) + "\n"
    MEASURED.write_text(text, encoding="utf-8")
    for name, picture in draw(_calibrated()[0]):
        (FOLDER / name).write_text(picture, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
