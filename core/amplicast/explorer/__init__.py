"""A page to explore a run: sliders on the same draws, served to this computer alone."""
