"""The file that ``amplicast scenario new`` writes: short, and explained line by line."""

from __future__ import annotations

from amplicast.scenario.write import toml_text

__all__ = ["new"]

_TEXT = """\
# A scenario. Lines that start with # are notes; the program ignores them.
# Change the text between quotation marks. A range such as "2 to 5" means: I am 90% sure that the
# value lies between 2 and 5, with 5% chance below and 5% chance above.

format   = 1
name     = {name}
based_on = "builtin:baseline"    # everything that is not written here comes from there
author   = ""
question = "How much amplification, and how many AI copies?"

# First and last forecast year.
# years = "2025 to 2032"

# One table for each thing you believe otherwise than the baseline does. The command
#   amplicast scenario explain builtin:baseline
# lists every name, with its unit and with what the baseline says.
[assumptions.inference_share]
value  = "0.30 to 0.65"          # a range; a single number would be a fixed value
unit   = "fraction"              # always written; 0 = none of the compute, 1 = all of it
why    = "Say in one sentence what speaks for these two numbers."
source = "judgement"             # a citation key, or the word judgement

# Three numbers instead of a range suit lopsided beliefs: 5%, 50% and 95% points.
# [assumptions.task_pass_rate]
# low    = 0.05
# best   = 0.2
# high   = 0.5
# unit   = "fraction"
# why    = "..."
# source = "judgement"

# Techniques to leave out of those that the baseline uses.
# [techniques]
# leave_out = ["resampling"]

# A variant is a what-if case beside the scenario; it changes only what it names.
[variants.less-inference]
inference_share = "0.15 to 0.35"

# More copies for fewer, better answers, or fewer copies for more: add a regime of your own.
# [regimes.my-project]
# copies = 10000
"""


def new(name: str) -> str:
    """Text of a new scenario that is based on the built-in baseline.

    Parameters
    ----------
    name : str
        Title of the scenario.
    """
    return _TEXT.format(name=toml_text(name))
