"""Run the command line with `python -m amalgamate`."""

from amalgamate.cli.main import main

if __name__ == "__main__":
    main()
