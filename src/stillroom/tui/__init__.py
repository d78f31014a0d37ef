"""The workbench: the front door for people."""
