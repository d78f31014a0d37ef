"""Amazon Bedrock's runtime: Converse."""
