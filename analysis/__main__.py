"""Where the command burn-report starts, before any library is imported."""

import os
import sys


def main() -> None:
    """Run the command in its own surroundings; exits with its code."""
    _streams()
    from analysis.build.isolation import isolate
    from analysis.inputs.errors import InputError

    try:
        os.getcwd()
        isolate()
    except (FileNotFoundError, InputError) as problem:
        gone = "the working folder was removed; change into one that is there"
        print("Error:", gone if isinstance(problem, OSError) else problem, file=sys.stderr)
        sys.exit(2)
    from analysis import cli

    cli.main()


def _streams() -> None:
    """Let output go nowhere where a stream is closed, and a terminal without a sign show its number."""
    for name in ("stdin", "stdout", "stderr"):  # in this order each gets its own number again
        if getattr(sys, name) is None:
            stream = open(os.devnull, "r" if name == "stdin" else "w", encoding="utf-8")  # noqa: SIM115
            os.set_inheritable(stream.fileno(), True)
            setattr(sys, name, stream)
        elif name != "stdin" and hasattr(getattr(sys, name), "reconfigure"):
            getattr(sys, name).reconfigure(errors="backslashreplace")


if __name__ == "__main__":
    main()
