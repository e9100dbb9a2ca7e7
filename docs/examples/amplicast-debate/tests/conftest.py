"""A test for each law of amplicast; pyproject.toml names the plugin."""

pytest_plugins = ["amplicast.testing.pytest_plugin"]
