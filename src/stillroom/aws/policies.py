"""The two policies of the service role, and what the person who runs Stillroom must be allowed to do."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

Document = dict[str, Any]
"""A policy document, ready for json.dumps."""


@dataclass(frozen=True, slots=True)
class RoleNeeds:
    """What a project's service role is for."""

    account: str
    """12 digits."""
    region: str
    """Region of the jobs."""
    bucket: str
    prefix: str = ""
    """Prefix of the project in the bucket, without slashes around it; empty: the whole bucket."""
    output_prefix: str = "output"
    """Below ``prefix``: where jobs write."""
    partition: str = "aws"
    read_folders: tuple[str, ...] = ("records", "pictures")
    """Below ``prefix``: what jobs read. The validation set lies beside the records."""
    key_arn: str = ""
    """ARN of the customer's KMS key that encrypts the bucket; usually empty."""
    base_model: str = ""
    """Id of the model that the jobs train, as they are given it; empty, or an ARN: not known."""

    @property
    def bucket_arn(self) -> str:
        """ARN of the bucket."""
        return f"arn:{self.partition}:s3:::{self.bucket}"

    @property
    def read_path(self) -> str:
        """ARN pattern of the objects that are read: records, pictures and validation set."""
        return "/".join(part for part in (self.bucket_arn, self.prefix.strip("/"), "*") if part)

    @property
    def write_path(self) -> str:
        """ARN pattern of the objects that are written."""
        parts = (self.bucket_arn, self.prefix.strip("/"), self.output_prefix.strip("/"), "*")
        return "/".join(part for part in parts if part)

    @property
    def jobs(self) -> str:
        """ARN pattern of the jobs that may assume the role."""
        return f"arn:{self.partition}:bedrock:{self.region}:{self.account}:model-customization-job/*"


def trust_policy(needs: RoleNeeds) -> Document:
    """Who may assume the role: Bedrock, for customization jobs of this account in this region.

    Source: user guide page model-customization-iam-role.
    """
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Effect": "Allow",
                "Principal": {"Service": "bedrock.amazonaws.com"},
                "Action": "sts:AssumeRole",
                "Condition": {
                    "StringEquals": {"aws:SourceAccount": needs.account},
                    "ArnEquals": {"aws:SourceArn": needs.jobs},
                },
            }
        ],
    }


def access_policy(needs: RoleNeeds) -> Document:
    """What the role may do: read records, pictures and validation set, write the output.

    A grant on the records alone is a classic cause of failed jobs: the pictures are read by the role too.
    Source: user guide page model-customization-iam-role.
    """
    statements: list[Document] = [
        {
            "Sid": "Read",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:ListBucket"],
            "Resource": [needs.bucket_arn, needs.read_path],
        },
        {
            "Sid": "Write",
            "Effect": "Allow",
            "Action": ["s3:GetObject", "s3:PutObject", "s3:ListBucket"],
            "Resource": [needs.bucket_arn, needs.write_path],
        },
    ]
    if needs.key_arn:
        statements.append(
            {
                "Sid": "Key",
                "Effect": "Allow",
                "Action": ["kms:Decrypt", "kms:GenerateDataKey"],
                "Resource": [needs.key_arn],
            }
        )
    return {"Version": "2012-10-17", "Statement": statements}


_LOOKING = (
    "bedrock:ListFoundationModels",
    "bedrock:GetFoundationModel",
    "bedrock:GetFoundationModelAvailability",
    "bedrock:ListInferenceProfiles",
    "bedrock:GetInferenceProfile",
    "bedrock:ListModelCustomizationJobs",
    "bedrock:ListCustomModels",
    "bedrock:ListCustomModelDeployments",
    "bedrock:ListProvisionedModelThroughputs",
    "servicequotas:ListServiceQuotas",
    "servicequotas:ListAWSDefaultServiceQuotas",
)
_TRAINING = (
    "bedrock:CreateModelCustomizationJob",
    "bedrock:GetModelCustomizationJob",
    "bedrock:StopModelCustomizationJob",
    "bedrock:GetCustomModel",
    "bedrock:DeleteCustomModel",
    "bedrock:CreateCustomModelDeployment",
    "bedrock:GetCustomModelDeployment",
    "bedrock:DeleteCustomModelDeployment",
    "bedrock:GetProvisionedModelThroughput",
    "bedrock:DeleteProvisionedModelThroughput",
    "bedrock:TagResource",
    "bedrock:ListTagsForResource",
)
_CHECKING = ("iam:GetRole", "iam:ListRolePolicies", "iam:GetRolePolicy", "iam:ListAttachedRolePolicies")
_STORING = (
    "s3:ListBucket",
    "s3:GetBucketLocation",
    "s3:GetBucketPublicAccessBlock",
    "s3:GetObject",
    "s3:PutObject",
)
_PASSING = ("iam:PassRole",)
_ASKING = ("bedrock:InvokeModel",)
CALLER_ACTIONS = frozenset({*_LOOKING, *_ASKING, *_TRAINING, *_PASSING, *_CHECKING, *_STORING})
"""Every action that ``caller_policy`` names."""
MAKING_ACTIONS = frozenset(
    {
        "iam:CreateRole",
        "iam:DeleteRolePolicy",
        "iam:PutRolePolicy",
        "iam:TagRole",
        "iam:UpdateAssumeRolePolicy",
        "s3:CreateBucket",
        "s3:PutBucketPublicAccessBlock",
        "s3:PutBucketTagging",
        "s3:PutEncryptionConfiguration",
    }
)
"""What only whoever makes the bucket and the role must be allowed: ``setup`` itself."""


def caller_policy(needs: RoleNeeds, role_name: str) -> Document:
    """What the operator must be allowed, from labeling to clean-up (for ``setup --print``).

    Making the bucket and the role is not in it: that is for whoever runs ``setup``.
    """
    role = f"arn:{needs.partition}:iam::{needs.account}:role/{role_name}"
    models = f"arn:{needs.partition}:bedrock:*::foundation-model/*"
    own = f"arn:{needs.partition}:bedrock:*:{needs.account}"
    served = [f"{own}:custom-model-deployment/*", f"{own}:provisioned-model/*"]
    profiles = [f"{own}:inference-profile/*", f"{own}:application-inference-profile/*"]
    trained = [f"{own}:model-customization-job/*", f"{own}:custom-model/*"]
    passing = _allow("PassRole", _PASSING, [role])
    passing["Condition"] = {"StringEquals": {"iam:PassedToService": "bedrock.amazonaws.com"}}
    return {
        "Version": "2012-10-17",
        "Statement": [
            _allow("Look", _LOOKING, ["*"]),
            _allow("Ask", _ASKING, [models, *profiles, *served]),
            _allow("Train", _TRAINING, [models, *trained, *served]),
            passing,
            _allow("CheckRole", _CHECKING, [role]),
            _allow("Bucket", _STORING, [needs.bucket_arn, needs.read_path]),
        ],
    }


def _allow(sid: str, actions: tuple[str, ...], resources: list[str]) -> Document:
    return {"Sid": sid, "Effect": "Allow", "Action": list(actions), "Resource": resources}


def as_text(document: Document) -> str:
    """The document as indented JSON, as it is shown and sent."""
    return json.dumps(document, indent=2)
