"""The grammar of a belief in words: ``3``, ``"2 to 5"``, ``"80%: 2 to 5"``, and nothing else.

Whatever else people write is recognised, so that the error can say what to write instead.
"""

from __future__ import annotations

import math
import re

from amplicast.errors import Problem, ScenarioError

__all__ = ["belief_error", "parse", "shown"]

_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_GROUPED = re.compile(r"[+-]?\d{1,3}(?:([,' _\u00a0\u202f\u2019])\d{3})(?:\1\d{3})*(?:\.\d+)?")
_SUFFIX = {"k": 3, "thousand": 3, "m": 6, "million": 6, "b": 9, "bn": 9, "billion": 9,
           "t": 12, "tn": 12, "trillion": 12}  # fmt: skip


def belief_error(code: str, what: str, why: str, fix: str) -> ScenarioError:
    """One mistake in a belief as an error."""
    return ScenarioError(Problem(code=code, what=what, why=why, fix=fix))


def shown(value: float) -> str:
    """Shortest text that reads back as the same float, whole numbers without ``.0``."""
    text = repr(value)
    return text.removesuffix(".0")


def parse(text: str) -> dict[str, float]:
    """Read a belief.

    Returns
    -------
    dict
        ``value``, or ``low``, ``high`` and, where stated, ``mass`` [fraction].

    Raises
    ------
    ScenarioError
        The text is not in the grammar; the fix is a text that is, where one can be guessed.
    """
    head, colon, body = text.rpartition(":")
    mass = _mass(head, text, body) if colon else {}
    parts = [part.strip() for part in re.split(r"(?<!\S)to(?!\S)", body)]
    if len(parts) > 2:
        raise _unreadable(text, "A range has two numbers.")
    if len(parts) == 2 and "" in parts:
        raise belief_error(
            "AMP-S121",
            f'"{text}" lacks a number',
            "A range needs both ends, its 5 % and its 95 % point.",
            'write both, for example "2 to 5"',
        )
    if len(parts) == 1 and not _NUMBER.fullmatch(parts[0]):
        _other_range(text, parts[0])
    numbers = [_NUMBER.fullmatch(part) for part in parts]
    if not all(numbers):
        raise _diagnosis(text, head + colon, parts)
    values = [float(part) for part in parts]
    if not all(map(math.isfinite, values)):
        raise _infinite(text)
    if len(values) == 1:
        if mass:
            raise _unreadable(text, "A share of probability needs a range after the colon.")
        return {"value": values[0]}
    low, high = values
    if low > high:
        prefix = f"{head.strip()}: " if colon else ""
        raise belief_error(
            "AMP-S103",
            f'"{text}"',
            "The second number must be larger than the first.",
            f'"{prefix}{parts[1]} to {parts[0]}"',
        )
    return {"low": low, "high": high, **mass}


def _mass(head: str, text: str, body: str) -> dict[str, float]:
    match = re.fullmatch(r"\s*(\d+(?:\.\d+)?)\s*%\s*", head)
    if match is None or not 0.0 < float(match[1]) < 100.0:
        raise belief_error(
            "AMP-S122",
            f'"{text}" starts with {head.strip()!r}',
            "What stands before the colon is the probability of the range, between 0 % and 100 %.",
            f'"80%: {body.strip()}"',
        )
    return {"mass": float(match[1]) / 100.0}


def _other_range(text: str, body: str) -> None:
    """Raise for a range in some other notation."""
    ends = re.fullmatch(
        rf"[\[(]?\s*({_NUMBER.pattern})\s*(?:–|—|-|\.\.\.?|…|;|,\s|and|TO|To|~)\s*"
        rf"({_NUMBER.pattern})\s*[\])]?",
        body,
    )
    if ends:
        raise belief_error(
            "AMP-S123",
            f'"{text}" is not how a range is written',
            'A range is two numbers with the word "to" between blanks.',
            f'"{ends[1]} to {ends[2]}"',
        )


def _diagnosis(text: str, prefix: str, parts: list[str]) -> ScenarioError:
    """Name what keeps the parts from being numbers; the fix mends all of them."""
    mended, reasons = [], []
    for part in parts:
        number, reason = _mend(part)
        mended.append(number)
        reasons.append(reason)
    code, why = next(reason for reason in reasons if reason[0])
    if code == "AMP-S124":
        return _infinite(text)
    if not all(mended):
        return _unreadable(text, why)
    start = f"{prefix} " if prefix else ""
    return belief_error(code, f'"{text}"', why, f'"{start}{" to ".join(mended)}"')


def _mend(part: str) -> tuple[str, tuple[str, str]]:
    """Return the number that was probably meant ('' if none) and code and reason of the slip."""
    if _NUMBER.fullmatch(part):
        return part, ("", "")
    if re.fullmatch(r"[+-]?(nan|inf|infinity|∞)", part, re.IGNORECASE):
        return "", ("AMP-S124", "")
    if part.endswith("%"):
        number, _ = _mend(part[:-1].strip())
        value = shown(float(f"{float(number):.15g}") / 100.0) if number else ""
        return value, ("AMP-S125", "Shares are written as fractions, without a percent sign.")
    if part.startswith(("−", "–")) and (mended := _mend("-" + part[1:])[0]):
        return mended, ("AMP-S126", "The minus sign must be the hyphen of the keyboard, -.")
    if _GROUPED.fullmatch(part) and not re.match(r"[+-]?0", part):
        plain = re.sub(r"[^\d.+-]", "", part)
        return plain, (
            "AMP-S127",
            "Thousands are not separated (and decimals take a point, never a comma).",
        )
    if re.fullmatch(r"[+-]?\d+,\d+(?:[eE][+-]?\d+)?", part):
        return part.replace(",", "."), ("AMP-S128", "Decimals take a point, never a comma.")
    return _mend_words(part)


def _mend_words(part: str) -> tuple[str, tuple[str, str]]:
    power = re.fullmatch(
        r"(?:(\d+(?:\.\d+)?)\s*[x×*·]\s*)?10\s*(?:\^|\*\*)\s*\{?([+-]?\d+)\}?", part
    )
    if power:
        return f"{power[1] or 1}e{power[2]}", ("AMP-S129", "Powers of ten are written as 1e26.")
    words = re.fullmatch(rf"({_NUMBER.pattern})\s*([^\d\s,.'].*)", part)
    if words is None:
        return "", ("AMP-S120", "It has no number where one is needed.")
    exponent = _SUFFIX.get(words[2].casefold())
    if exponent is None:
        return words[1], (
            "AMP-S130",
            f'The unit does not stand beside the number ("{words[2]}"); it has its own key, unit.',
        )
    if "e" in words[1].casefold():
        return "", ("AMP-S120", "It mixes two notations.")
    return f"{words[1]}e{exponent}", ("AMP-S129", f'Write the power of ten, not "{words[2]}".')


def _infinite(text: str) -> ScenarioError:
    return belief_error(
        "AMP-S124",
        f'"{text}" is not finite',
        "A belief has finite ends; its tails reach beyond them anyway.",
        'write the 5 % and the 95 % point, for example "2 to 5"',
    )


def _unreadable(text: str, why: str) -> ScenarioError:
    return belief_error(
        "AMP-S120",
        f'"{text}" is not a belief',
        why,
        'a number such as 3, a range such as "2 to 5", or "80%: 2 to 5"',
    )
