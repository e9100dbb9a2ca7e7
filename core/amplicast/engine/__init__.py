"""From belief and evidence to draws.

================================ ==========================================================
to ...                           call
================================ ==========================================================
fit plugins to their evidence    `amplicast.engine.calibrate.calibrate(plugins)`
put a plugin into a PyMC model   `amplicast.engine.model.add_to_model(plugin)`
run a curve on PyTensor          `amplicast.engine.tensors.XTENSOR`
judge a fit                      `amplicast.engine.gate.judge`
see what is calibrated           `amplicast.engine.latents.calibrated_parameters`, `blocks`
================================ ==========================================================

Nothing here imports PyMC, PyTensor or nutpie before a fit needs them.
"""
