"""An approval cannot name officers, or offices, other than those of the rows it refers to (charter S9)."""

from typing import ClassVar

from django.db import migrations

FORWARD = """
ALTER TABLE register_officer ADD CONSTRAINT officer_and_office UNIQUE (id, office_id);
ALTER TABLE register_proposal ADD CONSTRAINT proposal_and_proposer UNIQUE (id, officer_id, office_id);
ALTER TABLE register_proposal ADD CONSTRAINT proposal_officer_of_office
  FOREIGN KEY (officer_id, office_id) REFERENCES register_officer (id, office_id);
ALTER TABLE register_approval ADD CONSTRAINT approval_of_proposal_as_made
  FOREIGN KEY (proposal_id, proposed_by_id, proposed_office_id)
  REFERENCES register_proposal (id, officer_id, office_id);
ALTER TABLE register_approval ADD CONSTRAINT approval_officer_of_office
  FOREIGN KEY (approved_by_id, approved_office_id) REFERENCES register_officer (id, office_id);
"""

BACKWARD = """
ALTER TABLE register_approval DROP CONSTRAINT approval_officer_of_office;
ALTER TABLE register_approval DROP CONSTRAINT approval_of_proposal_as_made;
ALTER TABLE register_proposal DROP CONSTRAINT proposal_officer_of_office;
ALTER TABLE register_proposal DROP CONSTRAINT proposal_and_proposer;
ALTER TABLE register_officer DROP CONSTRAINT officer_and_office;
"""


class Migration(migrations.Migration):
    """Composite foreign keys, which Django's models cannot say."""

    dependencies: ClassVar = [("register", "0001_tables")]
    operations: ClassVar = [migrations.RunSQL(FORWARD, BACKWARD)]
