"""`pyastro completion`: what a shell has to know to complete the command line."""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass

NAME = "completion"
SUMMARY = "write the completion script of a shell"
DESCRIPTION = """\
Write the script by which a shell completes commands and options.

  pyastro completion bash > ~/.local/share/bash-completion/completions/pyastro
  pyastro completion zsh > ~/.zfunc/_pyastro        (with `fpath+=~/.zfunc` before `compinit`)
  pyastro completion fish > ~/.config/fish/completions/pyastro.fish
"""


@dataclass(frozen=True)
class Option:
    """An option of a command; `choices` are its values where it takes only some, `takes` whether it takes any."""

    names: tuple[str, ...]
    help: str
    takes: bool
    choices: tuple[str, ...]


@dataclass(frozen=True)
class Command:
    """A command; `choices` are those of its first argument, which is a file where there are none."""

    name: str
    help: str
    options: tuple[Option, ...]
    choices: tuple[str, ...]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes."""
    parser.add_argument("shell", choices=tuple(_SCRIPTS), help="the shell")


def run(arguments: argparse.Namespace) -> int:
    """Write the script."""
    from pyastro.cli.main import make_parser

    print(_SCRIPTS[arguments.shell](list(described(make_parser([])))), end="")
    return 0


def described(parser: argparse.ArgumentParser) -> Iterator[Command]:
    """The commands that a parser knows."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            summaries = {choice.dest: choice.help or "" for choice in action._choices_actions}
            for name, each in action.choices.items():
                arguments = (a for a in each._actions if not a.option_strings)
                first = next(arguments, None)
                choices = tuple(map(str, first.choices or ())) if first else ()
                yield Command(name, summaries[name], tuple(_options(each)), choices)


def _options(parser: argparse.ArgumentParser) -> Iterator[Option]:
    for action in parser._actions:
        if action.option_strings:
            help = (action.help or "").partition(" (default")[0].partition(".")[0]
            choices = tuple(map(str, action.choices or ()))
            yield Option(tuple(action.option_strings), help, action.nargs != 0, choices)


def _bash(commands: list[Command]) -> str:
    cases = []
    for command in commands:
        names = " ".join(name for option in command.options for name in option.names)
        values = [
            f'        {"|".join(option.names)}) COMPREPLY=($(compgen -W "{" ".join(option.choices)}" -- "$word")); return ;;'
            for option in command.options
            if option.choices
        ]
        inner = "\n".join(['      case "$before" in', *values, "      esac\n"]) if values else ""
        words = f'      words="{" ".join(command.choices)}"\n' if command.choices else ""
        cases.append(f'    {command.name})\n{inner}{words}      options="{names}" ;;\n')
    return f"""\
_pyastro() {{
  local word="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}" options="" words=""
  if [[ $COMP_CWORD -eq 1 ]]; then
    COMPREPLY=($(compgen -W "{" ".join(each.name for each in commands)} --help --version" -- "$word"))
    return
  fi
  case "${{COMP_WORDS[1]}}" in
{"".join(cases)}  esac
  if [[ "$word" == -* ]]; then
    COMPREPLY=($(compgen -W "$options" -- "$word"))
  elif [[ -n "$words" ]]; then
    COMPREPLY=($(compgen -W "$words" -- "$word"))
  else
    COMPREPLY=($(compgen -f -- "$word"))
  fi
}}
complete -o filenames -F _pyastro pyastro
"""


def _zsh(commands: list[Command]) -> str:
    names = "\n".join(f"    {_quoted(f'{each.name}:{each.help}')}" for each in commands)
    cases = []
    for command in commands:
        specs = [_zsh_option(name, option) for option in command.options for name in option.names]
        argument = f"1:value:({' '.join(command.choices)})" if command.choices else "*:file:_files"
        listed = " \\\n        ".join(map(_quoted, [*specs, argument]))
        cases.append(f"    {command.name})\n      _arguments \\\n        {listed} ;;\n")
    return f"""\
#compdef pyastro
_pyastro() {{
  local -a commands=(
{names}
  )
  if (( CURRENT == 2 )); then
    _describe command commands
    return
  fi
  local command=$words[2]
  shift words
  (( CURRENT-- ))
  case $command in
{"".join(cases)}  esac
}}
if [[ $funcstack[1] == _pyastro ]]; then _pyastro "$@"; else compdef _pyastro pyastro; fi
"""


def _zsh_option(name: str, option: Option) -> str:
    """`--port[the port to listen at]:value:`."""
    help = option.help.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
    value = (
        f":value:({' '.join(option.choices)})" if option.choices else ":value:_files" if option.takes else ""
    )
    return f"{name}[{help}]{value}"


def _fish(commands: list[Command]) -> str:
    lines = [
        f"complete -c pyastro -n __fish_use_subcommand -f -a {each.name} -d {_quoted(each.help)}"
        for each in commands
    ]
    for command in commands:
        condition = f"complete -c pyastro -n '__fish_seen_subcommand_from {command.name}'"
        if command.choices:
            lines.append(f"{condition} -f -a {_quoted(' '.join(command.choices))}")
        for option in command.options:
            flags = " ".join(f"-l {n[2:]}" if n.startswith("--") else f"-s {n[1:]}" for n in option.names)
            value = (
                f" -x -a {_quoted(' '.join(option.choices))}"
                if option.choices
                else " -r" if option.takes else ""
            )
            lines.append(f"{condition} {flags}{value} -d {_quoted(option.help)}")
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    """A text in quotes that every one of the shells takes as it is."""
    return "'" + text.replace("'", "’") + "'"


_SCRIPTS = {"bash": _bash, "zsh": _zsh, "fish": _fish}
