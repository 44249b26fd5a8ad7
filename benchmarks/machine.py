"""What the numbers were taken on."""

import os
import platform
import sys
from pathlib import Path


def machine() -> str:
    """The processor, its cores, the system and Python, in one sentence."""
    return f"{_processor()}, {os.cpu_count()} cores, {platform.system()}, {_interpreter()}"


def _interpreter() -> str:
    """Python, with the distribution that built it: how it was built makes a difference of a quarter."""
    name = f"{platform.python_implementation()} {platform.python_version()}"
    if sys.base_prefix != "/usr":
        return name
    try:
        return f"{name} of {platform.freedesktop_os_release()['NAME']}"
    except (OSError, KeyError):
        return name


def _processor() -> str:
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        return platform.processor() or platform.machine()
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.machine()
