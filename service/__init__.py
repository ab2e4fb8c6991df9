"""The running program: settings, commands, HTTP."""
