"""What people are told that each level of an item is."""

from __future__ import annotations

from coreqcheck.model import Level

LABELS = {
    Level.REPORTED: "reported",
    Level.PARTIAL: "partly reported",
    Level.DECLARED: "said not to have been done",
    Level.ABSENT: "not located",
    Level.NOT_APPLICABLE: "not applicable",
}
