"""Who may do what: STS, IAM roles, and a small evaluation of their policies."""
