"""A delivery is a file with its manifest: an unchanged file sent again with a new manifest is another delivery."""

from typing import ClassVar

from django.db import migrations, models

COMMENT = "shown to: anybody; kept: as long as the log; form: a digest or keyed number"


class Migration(migrations.Migration):
    """Adds the manifest's digest to the identity."""

    dependencies: ClassVar = [("register", "0002_two_people")]

    operations: ClassVar = [
        migrations.AddField(
            model_name="delivery",
            name="manifest_sha256",
            field=models.CharField(db_comment=COMMENT, default="", max_length=64),
            preserve_default=False,
        ),
        migrations.RemoveConstraint(model_name="delivery", name="delivery_once"),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("source", "sha256", "manifest_sha256"), name="delivery_once"
            ),
        ),
    ]
