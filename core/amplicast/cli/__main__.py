"""``python -m amplicast.cli``."""

from amplicast.cli import main

main()
