"""The command line: arguments, exit codes, the terminal.

Each command is a module with a `command`, listed in `main.COMMANDS` and imported only when it is called. It
returns its exit code, or nothing for 0; wrong use is a `click.UsageError`. `settings` holds what may be said
to every command, `report` shows problems, and `main` turns whatever goes wrong into one sentence.
"""
