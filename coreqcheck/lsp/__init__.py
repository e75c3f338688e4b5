"""The language server: items and findings in Markdown and LaTeX while one writes.

``checking`` makes a report of an open manuscript, ``marks`` turns it into places in files,
``pages`` and ``actions`` say what an editor shows and offers there, ``server`` speaks the protocol.
"""
