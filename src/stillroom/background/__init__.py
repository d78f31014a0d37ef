"""Long work that outlives whoever watches it: threads report into a slot, watchers read the slot."""

from stillroom.background.progress import Progress, Slot
from stillroom.background.runner import Handle, Runner, Signals

__all__ = ["Handle", "Progress", "Runner", "Signals", "Slot"]
