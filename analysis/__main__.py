"""Where the command burn-report starts, before any library is imported."""

import sys


def main() -> None:
    """Run the command in its own surroundings; exits with its code."""
    from analysis.build.isolation import isolate
    from analysis.inputs.errors import InputError

    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal without a sign gets its number
    try:
        isolate()
    except InputError as problem:
        print(f"Error: {problem}", file=sys.stderr)
        sys.exit(2)
    from analysis import cli

    cli.main()


if __name__ == "__main__":
    main()
