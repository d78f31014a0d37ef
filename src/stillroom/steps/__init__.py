"""The use cases, called by both front doors. Each wires stages to ports, and plans before it executes."""
