"""The plugin is found as amplicast finds it, and keeps every law."""

from amplicast import Registry


def test_keeps_the_law(amplicast_law):
    """One test for each law; a failure says where it is broken, and how to mend it."""
    amplicast_law()


def test_is_found():
    """It loads beside everything else that is installed."""
    assert "debate" in Registry.load().techniques
