"""Amazon Bedrock's control plane: models, customization jobs, deployments, provisioned throughput."""
