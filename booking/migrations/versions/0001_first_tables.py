"""First tables."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "account",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column(
            "language",
            sa.Enum("nb", "nn", "en", name="language", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("password_hash", sa.String(length=255), nullable=True),
        sa.Column("active", sa.Boolean(), nullable=False),
        sa.Column("session_key", sa.String(length=64), nullable=False),
        sa.Column("passkey_handle", sa.String(length=64), nullable=False),
        sa.Column("totp_secret", sa.String(length=255), nullable=True),
        sa.Column("totp_counter", sa.Integer(), nullable=True),
        sa.Column("recovery_codes", sa.JSON(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("email", name=op.f("uq_account_email")),
        sa.UniqueConstraint("passkey_handle", name=op.f("uq_account_passkey_handle")),
        sa.UniqueConstraint("session_key", name=op.f("uq_account_session_key")),
    )
    op.create_table(
        "family",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("contact_name", sa.String(length=100), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=True),
        sa.Column(
            "language",
            sa.Enum("nb", "nn", "en", name="language", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("known_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("verified_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_family_email_in_lower_case")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_family")),
        sa.UniqueConstraint("email", name=op.f("uq_family_email")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "installation",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "demo", "real", name="installationkind", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("id = 1", name=op.f("ck_installation_only_one")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_installation")),
    )
    op.create_table(
        "library",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=40), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("municipality_name", sa.String(length=60), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("phone", sa.String(length=20), nullable=False),
        sa.Column("street", sa.String(length=100), nullable=False),
        sa.Column("postcode", sa.String(length=4), nullable=False),
        sa.Column("town", sa.String(length=60), nullable=False),
        sa.Column("latitude", sa.Double(), nullable=False),
        sa.Column("longitude", sa.Double(), nullable=False),
        sa.Column("colour", sa.String(length=7), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("latitude BETWEEN -90 AND 90", name=op.f("ck_library_latitude_on_earth")),
        sa.CheckConstraint(
            "length(municipality_code) = 4", name=op.f("ck_library_municipality_code_has_four_digits")
        ),
        sa.CheckConstraint("longitude BETWEEN -180 AND 180", name=op.f("ck_library_longitude_on_earth")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library")),
        sa.UniqueConstraint("code", name=op.f("uq_library_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_library_slug")),
    )
    op.create_table(
        "link",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "confirm_email",
                "guardian_answer",
                "signup",
                "offer",
                "family_page",
                "family_feed",
                "staff_feed",
                "invitation",
                "first_admin",
                "password_reset",
                "preview",
                name="purpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_link_fingerprint")),
    )
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_link_expires_at"), ["expires_at"], unique=False)
        batch_op.create_index("ix_link_subject", ["purpose", "subject_id"], unique=False)

    op.create_table(
        "rate_count",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("times", sa.Integer(), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_rate_count")),
    )
    with op.batch_alter_table("rate_count", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_rate_count_ends_at"), ["ends_at"], unique=False)

    op.create_table(
        "wording",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "permission", name="wordingpurpose", native_enum=False, create_constraint=True, length=40
            ),
            nullable=False,
        ),
        sa.Column(
            "language",
            sa.Enum("nb", "nn", "en", name="language", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_wording")),
        sa.UniqueConstraint(
            "purpose", "language", "version", name=op.f("uq_wording_purpose_language_version")
        ),
    )
    op.create_table(
        "activity",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("library_id", sa.Integer(), nullable=False),
        sa.Column("slug", sa.String(length=80), nullable=False),
        sa.Column("code", sa.String(length=8), nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "pilot",
                "workshop",
                "event",
                "dialogue_meeting",
                "staff_training",
                "internal_meeting",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "visibility",
            sa.Enum(
                "public",
                "by_link",
                "internal",
                name="visibility",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "status",
            sa.Enum(
                "draft",
                "published",
                "archived",
                name="status",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("grade_from", sa.Integer(), nullable=True),
        sa.Column("grade_to", sa.Integer(), nullable=True),
        sa.Column("age_from", sa.Integer(), nullable=True),
        sa.Column("age_to", sa.Integer(), nullable=True),
        sa.Column("responsible_id", sa.Integer(), nullable=True),
        sa.Column("has_second_adult", sa.Boolean(), nullable=False),
        sa.Column("statistics_type", sa.String(length=40), nullable=False),
        sa.Column(
            "statistics_responsibility",
            sa.Enum(
                "own",
                "cooperation",
                "external",
                name="statisticsresponsibility",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("announced_before", sa.Boolean(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.CheckConstraint("age_from IS NULL OR age_from <= age_to", name=op.f("ck_activity_ages_in_order")),
        sa.CheckConstraint(
            "grade_from IS NULL OR grade_from <= grade_to", name=op.f("ck_activity_grades_in_order")
        ),
        sa.CheckConstraint(
            "grade_from IS NULL OR grade_from BETWEEN 1 AND 13",
            name=op.f("ck_activity_grade_from_is_a_grade"),
        ),
        sa.CheckConstraint(
            "grade_to IS NULL OR grade_to BETWEEN 1 AND 13", name=op.f("ck_activity_grade_to_is_a_grade")
        ),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name=op.f("fk_activity_library_id_library")),
        sa.ForeignKeyConstraint(
            ["responsible_id"], ["account.id"], name=op.f("fk_activity_responsible_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity")),
        sa.UniqueConstraint("code", name=op.f("uq_activity_code")),
        sa.UniqueConstraint("slug", name=op.f("uq_activity_slug")),
    )
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_activity_library_id"), ["library_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_activity_responsible_id"), ["responsible_id"], unique=False)
        batch_op.create_index("ix_activity_status_visibility", ["status", "visibility"], unique=False)

    op.create_table(
        "audit_entry",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "actor",
            sa.Enum(
                "staff",
                "family",
                "system",
                "stranger",
                name="actor",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("action", sa.String(length=40), nullable=False),
        sa.Column("subject", sa.String(length=40), nullable=False),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("library_id", sa.Integer(), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_audit_entry_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["library_id"], ["library.id"], name=op.f("fk_audit_entry_library_id_library")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_entry")),
        sa.UniqueConstraint("digest", name=op.f("uq_audit_entry_digest")),
    )
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_audit_entry_account_id"), ["account_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_at"), ["at"], unique=False)
        batch_op.create_index(batch_op.f("ix_audit_entry_library_id"), ["library_id"], unique=False)
        batch_op.create_index("ix_audit_entry_subject", ["subject", "subject_id"], unique=False)

    op.create_table(
        "letter",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(length=120), nullable=False),
        sa.Column("message_id", sa.String(length=120), nullable=False),
        sa.Column(
            "channel",
            sa.Enum("email", "sms", name="channel", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "policy",
            sa.Enum("repeat", "once", name="policy", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column(
            "state",
            sa.Enum(
                "waiting",
                "sending",
                "sent",
                "parked",
                "uncertain",
                "dropped",
                name="letterstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("template", sa.String(length=40), nullable=False),
        sa.Column(
            "language",
            sa.Enum("nb", "nn", "en", name="language", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("library_id", sa.Integer(), nullable=True),
        sa.Column("address", sa.String(length=254), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("next_try_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("last_trouble", sa.String(length=60), nullable=True),
        sa.Column("gone_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name=op.f("fk_letter_library_id_library")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("key", name=op.f("uq_letter_key")),
        sa.UniqueConstraint("message_id", name=op.f("uq_letter_message_id")),
    )
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_letter_address"), ["address"], unique=False)
        batch_op.create_index(batch_op.f("ix_letter_library_id"), ["library_id"], unique=False)
        batch_op.create_index(
            "ix_letter_waiting",
            ["next_try_at"],
            unique=False,
            sqlite_where=sa.text("state IN ('waiting', 'sending')"),
            postgresql_where=sa.text("state IN ('waiting', 'sending')"),
        )

    op.create_table(
        "library_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("library_id", sa.Integer(), nullable=False),
        sa.Column(
            "language",
            sa.Enum("nb", "nn", "en", name="language", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("accessibility", sa.String(length=1000), nullable=False),
        sa.Column("opening", sa.String(length=1000), nullable=False),
        sa.ForeignKeyConstraint(
            ["library_id"],
            ["library.id"],
            name=op.f("fk_library_note_library_id_library"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_library_note")),
        sa.UniqueConstraint("library_id", "language", name=op.f("uq_library_note_library_id_language")),
    )
    op.create_table(
        "meeting_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_uid", sa.String(length=36), nullable=False),
        sa.Column("library_id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column("activity_kind", sa.String(length=40), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "held",
                "nobody_came",
                "did_not_happen",
                name="meetingoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("held_on", sa.Date(), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("statistics_type", sa.String(length=40), nullable=False),
        sa.Column("statistics_responsibility", sa.String(length=40), nullable=False),
        sa.Column("announced_before", sa.Boolean(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("is_withdrawn", sa.Boolean(), nullable=False),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_meeting_fact_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["library_id"], ["library.id"], name=op.f("fk_meeting_fact_library_id_library")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting_fact")),
        sa.UniqueConstraint("meeting_uid", name=op.f("uq_meeting_fact_meeting_uid")),
    )
    with op.batch_alter_table("meeting_fact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_fact_activity_id"), ["activity_id"], unique=False)
        batch_op.create_index("ix_meeting_fact_library_held_on", ["library_id", "held_on"], unique=False)

    op.create_table(
        "membership",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column(
            "role",
            sa.Enum(
                "door",
                "librarian",
                "coordinator",
                "privacy_officer",
                "admin",
                name="role",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("library_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(
            "(role IN ('door', 'librarian')) = (library_id IS NOT NULL)",
            name=op.f("ck_membership_role_fits_its_reach"),
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_membership_account_id_account"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["library_id"], ["library.id"], name=op.f("fk_membership_library_id_library")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
    )
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_membership_library_id"), ["library_id"], unique=False)
        batch_op.create_index(
            "uq_membership_across",
            ["account_id", "role"],
            unique=True,
            sqlite_where=sa.text("library_id IS NULL"),
            postgresql_where=sa.text("library_id IS NULL"),
        )
        batch_op.create_index(
            "uq_membership_at_library",
            ["account_id", "role", "library_id"],
            unique=True,
            sqlite_where=sa.text("library_id IS NOT NULL"),
            postgresql_where=sa.text("library_id IS NOT NULL"),
        )

    op.create_table(
        "participant",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("family_id", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.String(length=36), nullable=False),
        sa.Column("first_name", sa.String(length=100), nullable=False),
        sa.Column("last_name", sa.String(length=100), nullable=True),
        sa.Column("birth_year", sa.Integer(), nullable=False),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column("is_shielded", sa.Boolean(), nullable=False),
        sa.Column("is_own_contact", sa.Boolean(), nullable=False),
        sa.Column("known_since", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "birth_year BETWEEN 1900 AND 2200", name=op.f("ck_participant_birth_year_is_a_year")
        ),
        sa.CheckConstraint(
            "length(municipality_code) = 4", name=op.f("ck_participant_municipality_code_has_four_digits")
        ),
        sa.ForeignKeyConstraint(
            ["family_id"], ["family.id"], name=op.f("fk_participant_family_id_family"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_participant")),
        sa.UniqueConstraint("person_key", name=op.f("uq_participant_person_key")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_participant_family_id"), ["family_id"], unique=False)

    op.create_table(
        "passkey",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("credential_id", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("public_key", sa.LargeBinary(length=1024), nullable=False),
        sa.Column("sign_count", sa.Integer(), nullable=False),
        sa.Column("transports", sa.JSON(), nullable=False),
        sa.Column("name", sa.String(length=40), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_passkey_account_id_account"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_passkey_account_id"), ["account_id"], unique=False)

    op.create_table(
        "activity_text",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column(
            "language",
            sa.Enum("nb", "nn", "en", name="language", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("title", sa.String(length=100), nullable=False),
        sa.Column("summary", sa.String(length=300), nullable=False),
        sa.Column("body", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_activity_text_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_activity_text")),
        sa.UniqueConstraint("activity_id", "language", name=op.f("uq_activity_text_activity_id_language")),
    )
    op.create_table(
        "headcount_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_fact_id", sa.Integer(), nullable=False),
        sa.Column(
            "band",
            sa.Enum(
                "0_5",
                "6_12",
                "13_15",
                "16_18",
                "adults",
                name="headcountband",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("persons", sa.Integer(), nullable=False),
        sa.CheckConstraint("persons >= 0", name=op.f("ck_headcount_fact_not_negative")),
        sa.ForeignKeyConstraint(
            ["meeting_fact_id"],
            ["meeting_fact.id"],
            name=op.f("fk_headcount_fact_meeting_fact_id_meeting_fact"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_headcount_fact")),
        sa.UniqueConstraint("meeting_fact_id", "band", name=op.f("uq_headcount_fact_meeting_fact_id_band")),
    )
    op.create_table(
        "occasion",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("activity_id", sa.Integer(), nullable=False),
        sa.Column(
            "mode",
            sa.Enum(
                "drop_in",
                "sign_up",
                "sign_up_and_walk_in",
                name="mode",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("capacity", sa.Integer(), nullable=True),
        sa.Column("walk_in_places", sa.Integer(), nullable=False),
        sa.Column("opens_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closes_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cancel_deadline_minutes", sa.Integer(), nullable=False),
        sa.Column("has_queue", sa.Boolean(), nullable=False),
        sa.Column("called_off_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(mode = 'drop_in') = (capacity IS NULL)", name=op.f("ck_occasion_capacity_unless_drop_in")
        ),
        sa.CheckConstraint(
            "capacity IS NULL OR capacity BETWEEN 1 AND 10000", name=op.f("ck_occasion_capacity_in_reason")
        ),
        sa.CheckConstraint(
            "opens_at IS NULL OR closes_at IS NULL OR opens_at < closes_at",
            name=op.f("ck_occasion_opens_first"),
        ),
        sa.CheckConstraint("walk_in_places >= 0", name=op.f("ck_occasion_walk_in_places_not_negative")),
        sa.ForeignKeyConstraint(
            ["activity_id"],
            ["activity.id"],
            name=op.f("fk_occasion_activity_id_activity"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occasion")),
    )
    with op.batch_alter_table("occasion", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_occasion_activity_id"), ["activity_id"], unique=False)

    op.create_table(
        "person_fact",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_fact_id", sa.Integer(), nullable=False),
        sa.Column("person_key", sa.String(length=36), nullable=False),
        sa.Column(
            "age_band",
            sa.Enum(
                "0_5",
                "6_12",
                "13_15",
                "16_18",
                "19_up",
                name="ageband",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("municipality_code", sa.String(length=4), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "came",
                "did_not_come",
                "not_known",
                "cancelled_in_time",
                "cancelled_late",
                name="outcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("was_booked", sa.Boolean(), nullable=False),
        sa.Column("booked_at_deadline", sa.Boolean(), nullable=False),
        sa.Column("was_queued", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["meeting_fact_id"],
            ["meeting_fact.id"],
            name=op.f("fk_person_fact_meeting_fact_id_meeting_fact"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person_fact")),
        sa.UniqueConstraint(
            "meeting_fact_id", "person_key", name=op.f("uq_person_fact_meeting_fact_id_person_key")
        ),
    )
    with op.batch_alter_table("person_fact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_person_fact_person_key"), ["person_key"], unique=False)

    op.create_table(
        "meeting",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("starts_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("room", sa.String(length=100), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "scheduled",
                "moved",
                "called_off",
                name="meetingstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("sequence >= 0", name=op.f("ck_meeting_sequence_not_negative")),
        sa.CheckConstraint("starts_at < ends_at", name=op.f("ck_meeting_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["occasion_id"], ["occasion.id"], name=op.f("fk_meeting_occasion_id_occasion"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_meeting")),
        sa.UniqueConstraint("uid", name=op.f("uq_meeting_uid")),
    )
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_meeting_occasion_id"), ["occasion_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_meeting_starts_at"), ["starts_at"], unique=False)

    op.create_table(
        "permission",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("wording_id", sa.Integer(), nullable=False),
        sa.Column(
            "capacity",
            sa.Enum(
                "parent",
                "other_guardian",
                "self",
                name="capacity",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "established",
            sa.Enum(
                "self_declared",
                "at_the_desk",
                "by_phone",
                "on_paper",
                name="established",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["occasion_id"],
            ["occasion.id"],
            name=op.f("fk_permission_occasion_id_occasion"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_permission_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["wording_id"], ["wording.id"], name=op.f("fk_permission_wording_id_wording")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_permission")),
    )
    with op.batch_alter_table("permission", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_permission_occasion_id"), ["occasion_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_permission_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_permission_wording_id"), ["wording_id"], unique=False)

    op.create_table(
        "signup",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("uid", sa.String(length=36), nullable=False),
        sa.Column("ask_key", sa.String(length=36), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "awaiting_email",
                "awaiting_guardian",
                "queued",
                "offered",
                "confirmed",
                "withdrawn",
                "declined",
                "expired",
                "called_off",
                name="signupstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("held_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("changed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["occasion_id"], ["occasion.id"], name=op.f("fk_signup_occasion_id_occasion"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_signup_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signup")),
        sa.UniqueConstraint("ask_key", "participant_id", name=op.f("uq_signup_ask_key_participant_id")),
        sa.UniqueConstraint("uid", name=op.f("uq_signup_uid")),
        sqlite_autoincrement=True,
    )
    with op.batch_alter_table("signup", schema=None) as batch_op:
        batch_op.create_index("ix_signup_held_until", ["held_until"], unique=False)
        batch_op.create_index("ix_signup_occasion_state", ["occasion_id", "state", "asked_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_signup_participant_id"), ["participant_id"], unique=False)
        batch_op.create_index(
            "uq_signup_one_live_per_occasion",
            ["occasion_id", "participant_id"],
            unique=True,
            sqlite_where=sa.text("state NOT IN ('withdrawn', 'declined', 'expired', 'called_off')"),
            postgresql_where=sa.text("state NOT IN ('withdrawn', 'declined', 'expired', 'called_off')"),
        )

    op.create_table(
        "closing",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column(
            "outcome",
            sa.Enum(
                "held",
                "nobody_came",
                "did_not_happen",
                name="meetingoutcome",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_by_id", sa.Integer(), nullable=False),
        sa.Column("reopened_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reopened_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["closed_by_id"], ["account.id"], name=op.f("fk_closing_closed_by_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_closing_meeting_id_meeting"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["reopened_by_id"], ["account.id"], name=op.f("fk_closing_reopened_by_id_account")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_closing")),
    )
    with op.batch_alter_table("closing", schema=None) as batch_op:
        batch_op.create_index(
            "uq_closing_one_in_force",
            ["meeting_id"],
            unique=True,
            sqlite_where=sa.text("reopened_at IS NULL"),
            postgresql_where=sa.text("reopened_at IS NULL"),
        )

    op.create_table(
        "headcount_mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column(
            "band",
            sa.Enum(
                "0_5",
                "6_12",
                "13_15",
                "16_18",
                "adults",
                name="headcountband",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("delta", sa.Integer(), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.CheckConstraint(
            "delta <> 0 AND delta BETWEEN -500 AND 500", name=op.f("ck_headcount_mark_delta_in_reason")
        ),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_headcount_mark_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["meeting_id"],
            ["meeting.id"],
            name=op.f("fk_headcount_mark_meeting_id_meeting"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_headcount_mark")),
        sa.UniqueConstraint("event_id", name=op.f("uq_headcount_mark_event_id")),
    )
    with op.batch_alter_table("headcount_mark", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_headcount_mark_meeting_id"), ["meeting_id"], unique=False)

    op.create_table(
        "mark",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("event_id", sa.String(length=36), nullable=False),
        sa.Column("meeting_id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column(
            "standing",
            sa.Enum(
                "came",
                "did_not_come",
                "not_known",
                name="standing",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("device", sa.String(length=36), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_mark_account_id_account")),
        sa.ForeignKeyConstraint(
            ["meeting_id"], ["meeting.id"], name=op.f("fk_mark_meeting_id_meeting"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_mark_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mark")),
        sa.UniqueConstraint("event_id", name=op.f("uq_mark_event_id")),
    )
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.create_index("ix_mark_meeting_participant", ["meeting_id", "participant_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_mark_participant_id"), ["participant_id"], unique=False)

    op.create_table(
        "signup_move",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("signup_id", sa.Integer(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column(
            "from_state",
            sa.Enum(
                "awaiting_email",
                "awaiting_guardian",
                "queued",
                "offered",
                "confirmed",
                "withdrawn",
                "declined",
                "expired",
                "called_off",
                name="from_state",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=True,
        ),
        sa.Column(
            "to_state",
            sa.Enum(
                "awaiting_email",
                "awaiting_guardian",
                "queued",
                "offered",
                "confirmed",
                "withdrawn",
                "declined",
                "expired",
                "called_off",
                name="signupstate",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "mover",
            sa.Enum(
                "family",
                "guardian",
                "staff",
                "system",
                name="mover",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(
            ["account_id"], ["account.id"], name=op.f("fk_signup_move_account_id_account")
        ),
        sa.ForeignKeyConstraint(
            ["signup_id"], ["signup.id"], name=op.f("fk_signup_move_signup_id_signup"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_signup_move")),
    )
    with op.batch_alter_table("signup_move", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_signup_move_signup_id"), ["signup_id"], unique=False)


def downgrade() -> None:
    """Go back."""
    with op.batch_alter_table("signup_move", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_signup_move_signup_id"))

    op.drop_table("signup_move")
    with op.batch_alter_table("mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_mark_participant_id"))
        batch_op.drop_index("ix_mark_meeting_participant")

    op.drop_table("mark")
    with op.batch_alter_table("headcount_mark", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_headcount_mark_meeting_id"))

    op.drop_table("headcount_mark")
    with op.batch_alter_table("closing", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_closing_one_in_force",
            sqlite_where=sa.text("reopened_at IS NULL"),
            postgresql_where=sa.text("reopened_at IS NULL"),
        )

    op.drop_table("closing")
    with op.batch_alter_table("signup", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_signup_one_live_per_occasion",
            sqlite_where=sa.text("state NOT IN ('withdrawn', 'declined', 'expired', 'called_off')"),
            postgresql_where=sa.text("state NOT IN ('withdrawn', 'declined', 'expired', 'called_off')"),
        )
        batch_op.drop_index(batch_op.f("ix_signup_participant_id"))
        batch_op.drop_index("ix_signup_occasion_state")
        batch_op.drop_index("ix_signup_held_until")

    op.drop_table("signup")
    with op.batch_alter_table("permission", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_permission_wording_id"))
        batch_op.drop_index(batch_op.f("ix_permission_participant_id"))
        batch_op.drop_index(batch_op.f("ix_permission_occasion_id"))

    op.drop_table("permission")
    with op.batch_alter_table("meeting", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_meeting_starts_at"))
        batch_op.drop_index(batch_op.f("ix_meeting_occasion_id"))

    op.drop_table("meeting")
    with op.batch_alter_table("person_fact", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_person_fact_person_key"))

    op.drop_table("person_fact")
    with op.batch_alter_table("occasion", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_occasion_activity_id"))

    op.drop_table("occasion")
    op.drop_table("headcount_fact")
    op.drop_table("activity_text")
    with op.batch_alter_table("passkey", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_passkey_account_id"))

    op.drop_table("passkey")
    with op.batch_alter_table("participant", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_participant_family_id"))

    op.drop_table("participant")
    with op.batch_alter_table("membership", schema=None) as batch_op:
        batch_op.drop_index(
            "uq_membership_at_library",
            sqlite_where=sa.text("library_id IS NOT NULL"),
            postgresql_where=sa.text("library_id IS NOT NULL"),
        )
        batch_op.drop_index(
            "uq_membership_across",
            sqlite_where=sa.text("library_id IS NULL"),
            postgresql_where=sa.text("library_id IS NULL"),
        )
        batch_op.drop_index(batch_op.f("ix_membership_library_id"))

    op.drop_table("membership")
    with op.batch_alter_table("meeting_fact", schema=None) as batch_op:
        batch_op.drop_index("ix_meeting_fact_library_held_on")
        batch_op.drop_index(batch_op.f("ix_meeting_fact_activity_id"))

    op.drop_table("meeting_fact")
    op.drop_table("library_note")
    with op.batch_alter_table("letter", schema=None) as batch_op:
        batch_op.drop_index(
            "ix_letter_waiting",
            sqlite_where=sa.text("state IN ('waiting', 'sending')"),
            postgresql_where=sa.text("state IN ('waiting', 'sending')"),
        )
        batch_op.drop_index(batch_op.f("ix_letter_library_id"))
        batch_op.drop_index(batch_op.f("ix_letter_address"))

    op.drop_table("letter")
    with op.batch_alter_table("audit_entry", schema=None) as batch_op:
        batch_op.drop_index("ix_audit_entry_subject")
        batch_op.drop_index(batch_op.f("ix_audit_entry_library_id"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_at"))
        batch_op.drop_index(batch_op.f("ix_audit_entry_account_id"))

    op.drop_table("audit_entry")
    with op.batch_alter_table("activity", schema=None) as batch_op:
        batch_op.drop_index("ix_activity_status_visibility")
        batch_op.drop_index(batch_op.f("ix_activity_responsible_id"))
        batch_op.drop_index(batch_op.f("ix_activity_library_id"))

    op.drop_table("activity")
    op.drop_table("wording")
    with op.batch_alter_table("rate_count", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_rate_count_ends_at"))

    op.drop_table("rate_count")
    with op.batch_alter_table("link", schema=None) as batch_op:
        batch_op.drop_index("ix_link_subject")
        batch_op.drop_index(batch_op.f("ix_link_expires_at"))

    op.drop_table("link")
    op.drop_table("library")
    op.drop_table("installation")
    op.drop_table("family")
    op.drop_table("account")
