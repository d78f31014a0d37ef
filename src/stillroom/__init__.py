"""Stillroom: distil a vision model on Amazon Bedrock from a terminal."""

__version__ = "0.1.0.dev0"
