"""Word lists as parts of regular expressions, written so that people can read and extend them."""

from __future__ import annotations


def either(words: str) -> str:
    """A group that matches any of ``words``, which are apart by white space; "_" is a space.

    Each may itself be a piece of a regular expression ("interview(?:s|ed)?").
    """
    return "(?:" + "|".join(word.replace("_", r"\s") for word in words.split()) + ")"


def words(listed: str) -> frozenset[str]:
    """The words of a list that are apart by white space."""
    return frozenset(listed.split())
