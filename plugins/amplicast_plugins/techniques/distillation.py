"""Distillation: a small student learns from a large teacher.

A student of the same family, trained alone at its own compute optimum, would be behind the
teacher by about two OOM of training compute per OOM of size. It keeps a share of that lead, by
what distillations of sparse teachers kept, and gives up the rest.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from amplicast import Evidence, Family, Group, Prior, Source, Table, Technique, hookimpl
from amplicast.physics.economy import compute_per_size, distilled_boost_kept

Value = Any

KEPT = Table(Path(__file__).with_name("distillation.csv"))

FEDUS = Source(
    key="fedus2022",
    title="Fedus et al., Switch Transformers (2022), tables 7 and 8",
    url="https://arxiv.org/abs/2101.03961",
    grade="A",
)
XUE = Source(
    key="xue2022",
    title="Xue et al., One student knows all experts know: from sparse to dense (2022), abstract",
    url="https://arxiv.org/abs/2201.10890",
)
BUSBRIDGE = Source(
    key="busbridge2025",
    title="Busbridge et al., Distillation scaling laws (2025)",
    url="https://arxiv.org/abs/2502.08606",
)
BESIROGLU = Source(
    key="besiroglu2024",
    title="Besiroglu et al., Chinchilla scaling: a replication attempt (2024)",
    url="https://arxiv.org/abs/2404.10102",
    grade="A",
)


def exchange(
    m: Any,
    spend: Value,
    *,
    context: Any,
    kept: Value,
    fall: Value,
    study_sd: Value,
    new_study: Value,
    student: Value,
    smallest: Value,
    alpha: Value,
    beta: Value,
    **_others: Value,
) -> Value:
    """Training compute given up for the student [OOM], at most 0; `spend` is at most 0."""
    saving = m.minimum(m.maximum(-spend, 0.0), smallest)
    share = distilled_boost_kept(m, saving, kept=kept + study_sd * new_study, fall=fall)
    behind = compute_per_size(m, alpha=alpha, beta=beta) * saving
    trained = m.where(spend < 0.0, 1.0, 0.0) * m.log1p(student) / 2.302585092994046
    return -(1.0 - share) * behind - trained


def domain(m: Any, *, context: Any, smallest: Value, **_others: Value) -> tuple[Value, Value]:
    """From the smallest student that is believed, to none [OOM]."""
    return -smallest, 0.0 * smallest


def share_kept(m: Any, columns: Any, *, kept: Value, fall: Value) -> Value:
    """Log odds of the share that each student kept [nat], along ``point``."""
    return kept - fall * (columns["compression"] - 1.0)


DISTILLATION = Technique(
    id="distillation",
    summary="Trains a small student on a large teacher, so that each answer costs less inference.",
    mechanism="parameters",
    role="economiser",
    task_classes=("general", "sequential", "verifiable"),
    exchange=exchange,
    domain=domain,
    formula=(
        "cost(x) = (1 - kept(x)) x (alpha + beta) / beta + log10(1 + student),  "
        "logit kept(x) = k - fall (x - 1)"
    ),
    sources=(FEDUS, XUE, BUSBRIDGE, BESIROGLU),
    limits=(
        "The shares are those of sparse teachers and one dense student with equal FLOP per "
        "token: they saved memory and no arithmetic. Here they are read as the share of a lead "
        "at equal compression, and spend as FLOP; from dense to dense this was not measured. "
        "They share one baseline, so they err together, in one study of models below 0.3 "
        "billion active parameters; another study of the same kind kept 62 and 88 %, which is "
        "why a new study may differ so much. The teacher's training is the compute that the "
        "gain is counted from: it is sunk, or shared by many students. With a teacher trained "
        "for one student, training that student alone is usually the better use of compute "
        "(Busbridge et al.). A teacher that is too strong for its student can hurt."
    ),
    labels={
        "kept": "share of the teacher's lead that is kept",
        "fall": "loss with compression",
        "new_study": "what the student in question keeps",
        "student": "training of the student",
        "smallest": "smallest student",
    },
    priors={
        "kept": Prior(
            dist="normal",
            mean=0.0,
            sd=1.5,
            unit="nat",
            source="judgement",
            why="Weak: a tenfold smaller student keeps 8 to 92 % of the lead.",
        ),
        "fall": Prior(
            "0.05 to 2",
            dist="lognormal",
            unit="nat/OOM",
            source="judgement",
            why="Weak: more compression keeps less, hardly or sharply.",
        ),
        "scatter": Prior(
            "0.03 to 0.4",
            dist="lognormal",
            unit="nat",
            source="judgement",
            why="Weak: runs of one study repeat to 1 to 10 points of the share.",
        ),
        "study_sd": Prior(
            "0.6 to 2",
            dist="lognormal",
            unit="nat",
            source="xue2022",
            why="Another study kept 62 % in images and 88 % in language: one to three nat more.",
        ),
        "new_study": Prior(
            dist="normal",
            mean=0.0,
            sd=1.0,
            unit="1",
            source="judgement",
            why="A teacher and a student that were not measured: their place among studies.",
        ),
        "student": Prior(
            "0.01 to 0.5",
            unit="fraction",
            source="judgement",
            why="Training of the student and answers of the teacher over the teacher's training: "
            "a hundredth of its tokens, or half of its compute.",
        ),
        "smallest": Prior(
            "0.7 to 1.8",
            dist="lognormal",
            unit="OOM",
            source="fedus2022",
            why="Students were 5 to 66 times smaller than their teachers.",
        ),
        "alpha": Prior(
            "95%: 0.317 to 0.373",
            unit="1",
            source="besiroglu2024",
            why="Bootstrap interval of the loss law's exponent of parameters.",
        ),
        "beta": Prior(
            "95%: 0.331 to 0.415",
            unit="1",
            source="besiroglu2024",
            why="Bootstrap interval of the loss law's exponent of data.",
        ),
    },
    evidence=(
        Evidence(
            id="kept",
            table=KEPT,
            predictor=share_kept,
            family=Family(name="normal", scale="scatter"),
            groups={"kept": Group(by="study", scale="study_sd")},
            informs="What a dense student keeps of the lead of teachers 5 to 66 times its size.",
            sources=(FEDUS,),
        ),
    ),
)


@hookimpl
def amplicast_register_techniques() -> list[Technique]:
    """Offer distillation."""
    return [DISTILLATION]
