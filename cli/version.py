"""The version: here, because asking the installed distribution for it would take longer than all else `--version` does."""

VERSION = "0.1.0"
