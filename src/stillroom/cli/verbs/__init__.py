"""One file a verb. The names end in an underscore, since some verbs are Python keywords."""
