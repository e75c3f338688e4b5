"""The local page: the same check as on the command line, for people who open no terminal.

One process serves the page to this computer's browser and never opens an upload; another one,
with limits on time and memory, reads it (``work``). ``start.serve`` puts the two together.
"""
