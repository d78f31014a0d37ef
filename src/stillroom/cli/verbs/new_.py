"""``stillroom new``."""

from __future__ import annotations

import os
import time
from pathlib import Path

import click

from stillroom.cli import output
from stillroom.cli.options import Common, verb
from stillroom.plural import plural
from stillroom.shown import shown


@verb(
    "new",
    examples="""
    stillroom new shop --images ~/photos
    stillroom new trial --images ~/photos --sandbox
    stillroom new shop --images ~/photos --region us-east-1 --profile ml-ops
    """,
)
@click.argument("folder", metavar="DIR", type=click.Path(path_type=Path, file_okay=False))
@click.option("--images", required=True, metavar="PATH", help="The folder of pictures.")
@click.option("--name", default="", help="The project's name. Default: the folder's.")
@click.option(
    "--region", default="us-east-1", show_default=True, help="Region of training and of the bucket."
)
@click.option("--profile", default="", help="Profile of the AWS configuration.")
@click.option("--bucket", default="", help="Default: stillroom-<account>-<region>-<8 hex>.")
@click.option("--role-arn", default="", help="Service role for Bedrock; setup makes one otherwise.")
@click.option(
    "--language", type=click.Choice(["en", "ko"]), default="en", help="Language of the default prompt."
)
@click.option("--sandbox", is_flag=True, help="A sandbox of its own: no AWS account needed, nothing billed.")
@click.option("--endpoint-url", default="", metavar="URL", help="One endpoint in place of AWS.")
def command(
    common: Common,
    folder: Path,
    images: str,
    name: str,
    region: str,
    profile: str,
    bucket: str,
    role_arn: str,
    language: str,
    sandbox: bool,
    endpoint_url: str,
) -> None:
    """Make a project in DIR for a folder of pictures. The pictures stay where they are."""
    from stillroom.steps.known_projects import KnownProjects
    from stillroom.steps.new import New

    if sandbox and endpoint_url:
        raise click.UsageError("--sandbox and --endpoint-url exclude each other.")
    made = New(
        folder,
        images,
        name=name,
        region=region,
        profile=profile,
        bucket=bucket,
        role_arn=role_arn,
        sandbox=sandbox,
        endpoint_url=endpoint_url,
        language=language,
    ).make()
    common.sandbox = made.sandbox
    root = Path(made.file).parent
    KnownProjects(os.environ).opened(root, name=made.project, where=made.where, at=time.time())
    if common.json:
        output.write_json(common, made)
        return
    output.write(f"project  {output.path_shown(Path(made.file))}")
    output.write(f"pictures {plural(made.pictures, 'file')}")
    sizes = ", ".join(f"{size:,}" for size in made.sizes) or "all training pictures"
    output.write(f"training sizes: {sizes}")
    for remark in made.remarks:
        output.write_words(f"note: {shown(remark)}")
    output.write(f"next: {shown(made.next)}")
