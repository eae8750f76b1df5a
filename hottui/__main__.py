"""`python -m hottui` is the `hottui` command."""

from hottui.cli import main

if __name__ == "__main__":
    main()
