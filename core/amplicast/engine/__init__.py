"""From belief and evidence to draws.

| to ... | call |
|---|---|
| fit every plugin that has evidence | `amplicast.engine.calibrate.calibrate(plugins, settings=...)` |
| put a plugin into a PyMC model of your own | `amplicast.engine.model.add_to_model(plugin)` |
| run a curve on PyTensor | `amplicast.engine.tensors.XTENSOR` |
| judge a fit | `amplicast.engine.gate.judge` |

Nothing here imports PyMC, PyTensor or nutpie before a fit needs them.
"""
