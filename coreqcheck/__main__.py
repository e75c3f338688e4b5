"""``python -m coreqcheck``."""

from coreqcheck.cli import main

if __name__ == "__main__":
    main()
