"""An analytical report on a reported cash burn of about one billion dollars a month."""

__version__ = "2.0.0"
