"""Writes docs/reference/ from the code, so that it cannot say anything else than the code does.

Run ``python docs/generate.py`` after a change to a hook, a key, a command, an output, a unit or a
plugin; a test fails while a page is out of date.
"""

from __future__ import annotations

import inspect
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import answers
import contract
import hindcasts
import techniques
from wording import page, table

FOLDER = Path(__file__).with_name("reference")


def pages() -> dict[str, str]:
    """Every reference page, by file name."""
    from amplicast.registry import Registry

    registry = Registry.load()
    return {
        "assumptions.md": assumptions(registry),
        "commands.md": commands(),
        "exit-codes.md": exit_codes(),
        "forecast.schema.json": forecast_schema(),
        "hindcasts.md": hindcasts.hindcasts(),
        "hooks.md": contract.hooks(),
        "laws.md": contract.laws(),
        "limits.md": limits(registry),
        "outputs.md": outputs(),
        "published-answers.md": answers.published_answers(registry),
        "scenario-keys.md": scenario_keys(),
        "units.md": units(),
        **techniques.pages(registry),
    }


def plugins_of(registry: Any) -> Iterator[tuple[str, Any]]:
    """Kind and plugin, kinds in the order of the registry, plugins by id."""
    from amplicast.registry import KINDS

    for kind in KINDS:
        for plugin in getattr(registry, kind).values():
            yield kind, plugin


def units() -> str:
    """The closed list of units."""
    from amplicast.units import UNITS

    rows = [
        (
            f"`{unit.name}`",
            unit.meaning,
            unit.kind,
            ", ".join(f"`{alias}`" for alias in unit.aliases),
            "" if unit.base == unit.name else f"`{unit.base}`",
        )
        for unit in UNITS.values()
    ]
    about = (
        "Units are a closed list, spelt exactly. The kind decides what a range becomes: `positive` "
        "is log-normal, `fraction` logit-normal, `real` normal."
    )
    return page(
        "Units", about, table(["unit", "meaning", "kind", "also written", "converts to"], rows)
    )


def outputs() -> str:
    """What a forecast computes."""
    from amplicast.forecast.outputs import OUTPUTS

    rows = [
        (f"`{name}`", about.unit, about.title, ", ".join(("draw", *about.dims)))
        for name, about in OUTPUTS.items()
    ]
    about = (
        "Every output is a labelled array of joint draws in the group `forecast` of `draws.nc`. "
        "Years are ends of calendar years. An amplification is undefined (nan) in draws in which "
        "the pool cannot run the copies of the regime; `feasible` says in which share it can. So "
        "are costs and energies in draws in which no device runs a copy at the stated speed."
    )
    return page("Outputs", about, table(["name", "unit", "what it is", "dims"], rows))


def scenario_keys() -> str:
    """Keys of a scenario file."""
    from amplicast.scenario import read_keys

    rows = [
        (
            f"`{key.path}`",
            key.type,
            {"": "no", "alone": "without `based_on`"}.get(key.required, key.required),
            ", ".join(f"`{value}`" for value in key.defaults),
            ", ".join(f"`{value}`" for value in key.choices),
            f"{key.description} [{key.unit}]" if key.unit else key.description,
        )
        for key in read_keys().values()
    ]
    about = (
        "A scenario is a TOML file. `*` stands for any name, `#` for the place in a list of "
        "tables, `+` for any further key. Names under `assumptions` are in "
        "[assumptions](assumptions.md)."
    )
    head = ["key", "type", "required", "default", "choices", "meaning"]
    return page("Keys of a scenario file", about, table(head, rows))


def assumptions(registry: Any) -> str:
    """Engine inputs and plugin parameters, with value, basis, source and reason."""
    from amplicast.engine.latents import calibrated_parameters
    from amplicast.forecast.inputs import ENGINE_INPUTS, declared
    from amplicast.scenario import load

    baseline = load(
        "builtin:baseline",
        declared=declared(registry),
        builtin=lambda name: registry.get("forecasts", name).scenario,
    )
    stated = baseline.assumptions
    own = [*ENGINE_INPUTS, *(f"mix.{id_}" for id_ in registry.hardware)]
    about = (
        "Every number that a forecast rests on. Two numbers are the 5 % and the 95 % points. "
        "*fixed*: a single number; *belief*: drawn as stated; *calibrated*: what is stated is the "
        "prior, and the evidence named below it decides."
    )
    parts = [
        about,
        "## Inputs of the engine, as the baseline states them",
        table(
            ["name", "value", "unit", "basis", "source", "why"],
            [
                _belief(name, stated[name].prior, stated[name].source, stated[name].why, ())
                for name in own
                if name in stated
            ],
        ),
    ]
    for kind, plugin in plugins_of(registry):
        if not plugin.priors:
            continue
        informed = calibrated_parameters(plugin) if plugin.evidence else ()
        parts += [
            f"## {plugin.id} ({kind})",
            plugin.summary,
            table(
                ["name", "value", "unit", "basis", "source", "why"],
                [
                    _belief(f"{plugin.id}.{name}", prior, prior.source, prior.why, informed)
                    for name, prior in sorted(plugin.priors.items())
                ],
            ),
            "\n".join(
                f"- Evidence `{one.id}` (`{one.table.path.name}`, {one.family.name}; "
                f"{', '.join(source.key for source in one.sources)}): {one.informs}"
                for one in plugin.evidence
            ),
            "\n".join(
                f"- Rank correlation of `{one.a}` and `{one.b}`: {one.rank:g}."
                for one in plugin.correlations
            ),
        ]
    return page("Assumptions", *parts, "## Sources", _sources(registry))


def _belief(
    name: str, prior: Any, source: str, why: str, informed: Iterable[str]
) -> tuple[str, ...]:
    basis = "fixed" if prior.is_fixed else "belief"
    if name.partition(".")[2] in informed:
        basis = "calibrated"
    return f"`{name}`", prior.statement, prior.unit, basis, source or "judgement", why


def _sources(registry: Any) -> str:
    found = {source.key: source for _, plugin in plugins_of(registry) for source in plugin.sources}
    head = "Grade A: a direct measurement; B: derived; C: argument; D: judgement.\n"
    rows = [
        (f"`{key}`", source.grade, source.title, source.url, source.accessed)
        for key, source in sorted(found.items())
    ]
    return head + "\n" + table(["key", "grade", "title", "address", "seen"], rows)


def limits(registry: Any) -> str:
    """What every plugin leaves out, in its own words."""
    parts = ["Where each plugin holds and what it leaves out, in its authors' words."]
    for kind, plugin in plugins_of(registry):
        if plugin.limits:
            parts.append(f"**{plugin.id}** ({kind}). {plugin.limits}")
    return page("Limits of the plugins", *parts)


def exit_codes() -> str:
    """What the command returns to a shell."""
    from amplicast import errors

    rows = [
        ("0", "", "Done."),
        ("1", "", "`doctor` found something to mend; or nobody foresaw it."),
    ]
    rows.append(("2", "", "The command line cannot be read: an unknown command or option."))
    kinds = [getattr(errors, name) for name in errors.__all__]
    kinds = [k for k in kinds if issubclass(k, errors.AmplicastError)]
    rows += [
        (str(kind.exit_code), f"`{kind.__name__}`", inspect.getdoc(kind).splitlines()[0])
        for kind in sorted(kinds, key=lambda k: (k.exit_code, k.__name__))
        if kind is not errors.AmplicastError
    ]
    rows.append(("130", "", "Interrupted; what was finished is kept."))
    return page("Exit codes", table(["code", "error", "meaning"], rows))


def forecast_schema() -> str:
    """JSON Schema of an exported forecast."""
    import json

    from amplicast.report import schema

    return json.dumps(schema.forecast_schema(), indent=1, sort_keys=True) + "\n"


def commands() -> str:
    """Every command with its options and examples."""
    import click

    from amplicast.cli import main

    about = (
        "Every command also takes `-q, --quiet` (nothing but the answer and errors) and `--color "
        "auto|always|never`; `NO_COLOR` is heard. Answers go to stdout, everything else to stderr. "
        "An option can come from an environment variable named after the command and its long "
        "form: `AMPLICAST_RUN_DRAWS` for `run --draws`, `AMPLICAST_BLOCK` for `--block`; what may "
        "be repeated is parted by `;`, names to block by spaces. On a terminal tables fit its "
        "width; a pipe gets each row in one line."
    )
    parts = [about]
    for path, command in _walk(click.Context(main, info_name="amplicast"), main):
        text, _, examples = inspect.cleandoc(command.help or "").partition("\b\n")
        parts.append(f"## {path}\n\n{' '.join(text.split())}")
        if examples:
            parts.append(f"```sh\n{examples.strip()}\n```")
        rows = []
        for parameter in command.params:
            if path != "amplicast" and {"-q", "--color"} & set(parameter.opts):
                continue
            if isinstance(parameter, click.Option):
                metavar = "" if parameter.is_flag else f" {_metavar(parameter)}"
                names = [*parameter.opts, *parameter.secondary_opts]
                rows.append((f"`{', '.join(names)}{metavar}`", parameter.help or ""))
            else:
                given = isinstance(parameter.default, str)
                default = f"default `{parameter.default}`" if given else "optional"
                default = "required" if parameter.required else default
                rows.append((f"`{parameter.name.upper()}`", default))
        if rows:
            parts.append(table(["argument or option", "meaning"], rows))
    return page("Commands", *parts)


def _metavar(option: Any) -> str:
    choices = getattr(option.type, "choices", None)
    return option.metavar or ("|".join(choices) if choices else option.type.name.upper())


def _walk(context: Any, command: Any) -> Iterator[tuple[str, Any]]:
    import click

    yield context.command_path, command
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            yield from _walk(click.Context(child, info_name=name, parent=context), child)


def main() -> int:
    """Write every page; say which ones changed."""
    (FOLDER / "techniques").mkdir(parents=True, exist_ok=True)
    for name, text in pages().items():
        path = FOLDER / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
            sys.stdout.write(f"{path}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
