"""A place for a child: what is asked of a family, who said yes to what, and what staff write to them."""

import hashlib
from datetime import UTC, datetime

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

LINKS = (
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
    "invited",
)
POINTERS = (
    ("guardian_id", "guardian", "SET NULL"),
    ("account_id", "account", None),
    ("age_rule_id", "age_rule", None),
)
NEW_LINKS = ("new_address", "sign_up_code")
BEGUN = datetime(2026, 11, 1, tzinfo=UTC)

# The first words for each purpose; from here on they are changed by publishing new ones.
FIRST_WORDS = {
    "permission_self": {
        "nb": "Jeg melder meg på selv, og jeg vil være med.",
        "nn": "Eg melder meg på sjølv, og eg vil vere med.",
        "en": "I am signing myself up, and I want to take part.",
    },
    "photo_internal": {
        "nb": (
            "Jeg sier ja til at biblioteket tar bilder av barnet på denne aktiviteten og viser dem inne på biblioteket. "
            "Samtykket gjelder i høyst ett år. Du kan si nei, og barnet kan likevel være med. "
            "Du kan trekke samtykket når du vil – da tar vi ned bildene."
        ),
        "nn": (
            "Eg seier ja til at biblioteket tek bilete av barnet på denne aktiviteten og viser dei inne på biblioteket. "
            "Samtykket gjeld i høgst eitt år. Du kan seie nei, og barnet kan likevel vere med. "
            "Du kan trekkje samtykket når du vil – då tek vi ned bileta."
        ),
        "en": (
            "I agree that the library takes pictures of the child at this activity and shows them inside the library. "
            "The consent lasts for a year at most. You can say no, and the child can take part all the same. "
            "You can withdraw your consent whenever you like – then we take the pictures down."
        ),
    },
    "photo_web": {
        "nb": (
            "Jeg sier ja til at biblioteket tar bilder av barnet på denne aktiviteten og legger dem på bibliotekets "
            "nettside. Samtykket gjelder i høyst ett år. Du kan si nei, og barnet kan likevel være med. "
            "Du kan trekke samtykket når du vil – da fjerner vi bildene fra nettsiden."
        ),
        "nn": (
            "Eg seier ja til at biblioteket tek bilete av barnet på denne aktiviteten og legg dei på nettsida til "
            "biblioteket. Samtykket gjeld i høgst eitt år. Du kan seie nei, og barnet kan likevel vere med. "
            "Du kan trekkje samtykket når du vil – då fjernar vi bileta frå nettsida."
        ),
        "en": (
            "I agree that the library takes pictures of the child at this activity and puts them on the library’s "
            "website. The consent lasts for a year at most. You can say no, and the child can take part all the same. "
            "You can withdraw your consent whenever you like – then we remove the pictures from the website."
        ),
    },
    "photo_social": {
        "nb": (
            "Jeg sier ja til at biblioteket tar bilder av barnet på denne aktiviteten og deler dem på bibliotekets "
            "sider i sosiale medier. Samtykket gjelder i høyst ett år. Du kan si nei, og barnet kan likevel være med. "
            "Du kan trekke samtykket når du vil – da fjerner vi bildene fra sidene våre. "
            "Det andre har delt videre, kan vi ikke hente tilbake."
        ),
        "nn": (
            "Eg seier ja til at biblioteket tek bilete av barnet på denne aktiviteten og deler dei på sidene til "
            "biblioteket i sosiale medium. Samtykket gjeld i høgst eitt år. Du kan seie nei, og barnet kan likevel vere "
            "med. Du kan trekkje samtykket når du vil – då fjernar vi bileta frå sidene våre. "
            "Det andre har delt vidare, kan vi ikkje hente tilbake."
        ),
        "en": (
            "I agree that the library takes pictures of the child at this activity and shares them on the library’s "
            "pages in social media. The consent lasts for a year at most. You can say no, and the child can take part "
            "all the same. You can withdraw your consent whenever you like – then we remove the pictures from our "
            "pages. What others have shared on, we cannot take back."
        ),
    },
    "photo_print": {
        "nb": (
            "Jeg sier ja til at biblioteket tar bilder av barnet på denne aktiviteten og bruker dem på trykk, som på "
            "plakater og i brosjyrer. Samtykket gjelder i høyst ett år. Du kan si nei, og barnet kan likevel være med. "
            "Du kan trekke samtykket når du vil – da bruker vi ikke bildene på nytt. "
            "Trykte bilder kan vi ikke hente tilbake."
        ),
        "nn": (
            "Eg seier ja til at biblioteket tek bilete av barnet på denne aktiviteten og bruker dei på trykk, som på "
            "plakatar og i brosjyrar. Samtykket gjeld i høgst eitt år. Du kan seie nei, og barnet kan likevel vere med. "
            "Du kan trekkje samtykket når du vil – då bruker vi ikkje bileta på nytt. "
            "Trykte bilete kan vi ikkje hente tilbake."
        ),
        "en": (
            "I agree that the library takes pictures of the child at this activity and uses them in print, such as on "
            "posters and in leaflets. The consent lasts for a year at most. You can say no, and the child can take part "
            "all the same. You can withdraw your consent whenever you like – then we do not use the pictures again. "
            "Printed pictures we cannot take back."
        ),
    },
    "photo_press": {
        "nb": (
            "Jeg sier ja til at pressen tar bilder av barnet på denne aktiviteten. Biblioteket gir ikke pressen navn. "
            "Samtykket gjelder i høyst ett år. Du kan si nei, og barnet kan likevel være med. "
            "Du kan trekke samtykket når du vil. Det pressen har trykt eller lagt ut, rår ikke biblioteket over."
        ),
        "nn": (
            "Eg seier ja til at pressa tek bilete av barnet på denne aktiviteten. Biblioteket gir ikkje pressa namn. "
            "Samtykket gjeld i høgst eitt år. Du kan seie nei, og barnet kan likevel vere med. "
            "Du kan trekkje samtykket når du vil. Det pressa har trykt eller lagt ut, rår ikkje biblioteket over."
        ),
        "en": (
            "I agree that the press takes pictures of the child at this activity. The library gives the press no names. "
            "The consent lasts for a year at most. You can say no, and the child can take part all the same. "
            "You can withdraw your consent whenever you like. What the press has printed or put out is not in the "
            "library’s hands."
        ),
    },
    "needs": {
        "nb": (
            "Jeg sier ja til at biblioteket skriver opp hva barnet trenger, så vi kan legge til rette. Bare den som er "
            "ansvarlig, og de som tar imot barna den dagen, ser det. Vi sletter det sju dager etter siste treff. "
            "Du kan la være, og barnet kan likevel være med. Du kan trekke samtykket når du vil – da sletter vi det med en "
            "gang."
        ),
        "nn": (
            "Eg seier ja til at biblioteket skriv opp kva barnet treng, så vi kan leggje til rette. Berre den som er "
            "ansvarleg, og dei som tek imot barna den dagen, ser det. Vi slettar det sju dagar etter siste treff. "
            "Du kan la vere, og barnet kan likevel vere med. Du kan trekkje samtykket når du vil – då slettar vi det med "
            "ein gong."
        ),
        "en": (
            "I agree that the library writes down what the child needs, so that we can make room for it. Only whoever is "
            "responsible, and those who meet the children that day, see it. We erase it seven days after the last "
            "meeting. You can leave it out, and the child can take part all the same. You can withdraw your consent "
            "whenever you like – then we erase it at once."
        ),
    },
    "news": {
        "nb": (
            "Jeg sier ja til at biblioteket skriver til meg om nye aktiviteter for barn og unge. Samtykket gjelder i "
            "høyst ett år. Du kan si nei, og det går ikke ut over plassen. Du kan trekke samtykket når du vil – da "
            "skriver vi ikke mer."
        ),
        "nn": (
            "Eg seier ja til at biblioteket skriv til meg om nye aktivitetar for barn og unge. Samtykket gjeld i høgst "
            "eitt år. Du kan seie nei, og det går ikkje ut over plassen. Du kan trekkje samtykket når du vil – då skriv "
            "vi ikkje meir."
        ),
        "en": (
            "I agree that the library writes to me about new activities for children and youth. The consent lasts for a "
            "year at most. You can say no, and it does not cost the place. You can withdraw your consent whenever you "
            "like – then we write no more."
        ),
    },
}


def upgrade() -> None:
    """Make the tables and columns, publish the first words, and let nobody rewrite what was agreed."""
    _make_tables()
    _add_columns()
    _let_links_be_for((*LINKS, *NEW_LINKS))
    _let_words_be_about(("permission", *FIRST_WORDS))
    _publish_first_words()
    _begin_with_a_rule()
    _freeze("consent", ("update",))
    _freeze("age_rule", ("update", "delete"))


def downgrade() -> None:
    """Take it all away again, with what only this shape knows."""
    _melt("consent", ("update",))
    _melt("age_rule", ("update", "delete"))
    op.drop_table("consent")
    told = ", ".join(f"'{purpose}'" for purpose in NEW_LINKS)
    op.execute(f"DELETE FROM link WHERE purpose IN ({told})")
    op.execute(
        "DELETE FROM permission WHERE wording_id IN (SELECT id FROM wording WHERE purpose <> 'permission')"
    )
    _melt("wording", ("update", "delete"))
    op.execute("DELETE FROM wording WHERE purpose <> 'permission'")
    _freeze("wording", ("update", "delete"))
    _let_words_be_about(("permission",))
    _let_links_be_for(LINKS)
    _drop_columns()
    for table in ("notice", "needs_note", "age_rule", "guardian", "mailed_code"):
        op.drop_table(table)


def _make_tables() -> None:
    op.create_table(
        "mailed_code",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(*LINKS, *NEW_LINKS, name="purpose", native_enum=False, create_constraint=True, length=40),
            nullable=False,
        ),
        sa.Column("subject_id", sa.Integer(), nullable=True),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("tries >= 0", name=op.f("ck_mailed_code_tries_not_negative")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailed_code")),
        sa.UniqueConstraint("fingerprint", name=op.f("uq_mailed_code_fingerprint")),
    )
    op.create_index(op.f("ix_mailed_code_expires_at"), "mailed_code", ["expires_at"])
    op.create_index("ix_mailed_code_subject", "mailed_code", ["purpose", "subject_id"])

    op.create_table(
        "age_rule",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("begins_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("youth_from", sa.Integer(), nullable=False),
        sa.Column("alone_from", sa.Integer(), nullable=False),
        sa.Column("photo_own_yes_from", sa.Integer(), nullable=False),
        sa.Column("adult_from", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "0 <= youth_from AND youth_from <= alone_from AND alone_from <= adult_from AND adult_from <= 25",
            name=op.f("ck_age_rule_ages_in_order"),
        ),
        sa.CheckConstraint(
            "photo_own_yes_from BETWEEN 0 AND 25", name=op.f("ck_age_rule_photo_age_in_reason")
        ),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_age_rule_account_id_account")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_age_rule")),
    )
    op.create_index(op.f("ix_age_rule_begins_at"), "age_rule", ["begins_at"])

    op.create_table(
        "guardian",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=100), nullable=True),
        sa.Column("known_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("email = lower(email)", name=op.f("ck_guardian_email_in_lower_case")),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_guardian_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guardian")),
        sa.UniqueConstraint("participant_id", "email", name=op.f("uq_guardian_participant_id_email")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "consent",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column(
            "purpose",
            sa.Enum(
                "permission",
                *FIRST_WORDS,
                name="wordingpurpose",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("occasion_id", sa.Integer(), nullable=True),
        sa.Column("library_id", sa.Integer(), nullable=False),
        sa.Column("wording_id", sa.Integer(), nullable=False),
        sa.Column(
            "step",
            sa.Enum(
                "given",
                "renewed",
                "withdrawn",
                "expired",
                "replaced",
                name="step",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
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
        sa.Column(
            "way",
            sa.Enum(
                "form",
                "link",
                "family_page",
                "desk",
                "phone",
                "paper",
                "by_itself",
                name="way",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column(
            "child_answer",
            sa.Enum(
                "yes",
                "no",
                "unsure",
                "not_asked",
                name="childanswer",
                native_enum=False,
                create_constraint=True,
                length=40,
            ),
            nullable=False,
        ),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("account_id", sa.Integer(), nullable=True),
        sa.Column("age_rule_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_consent_account_id_account")),
        sa.ForeignKeyConstraint(
            ["age_rule_id"], ["age_rule.id"], name=op.f("fk_consent_age_rule_id_age_rule")
        ),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name=op.f("fk_consent_library_id_library")),
        sa.ForeignKeyConstraint(
            ["occasion_id"], ["occasion.id"], name=op.f("fk_consent_occasion_id_occasion"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_consent_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(["wording_id"], ["wording.id"], name=op.f("fk_consent_wording_id_wording")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_consent")),
        sqlite_autoincrement=True,
    )
    op.create_index(op.f("ix_consent_expires_at"), "consent", ["expires_at"])
    op.create_index(op.f("ix_consent_occasion_id"), "consent", ["occasion_id"])
    op.create_index(op.f("ix_consent_participant_purpose"), "consent", ["participant_id", "purpose"])
    op.create_index(op.f("ix_consent_wording_id"), "consent", ["wording_id"])

    op.create_table(
        "needs_note",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("participant_id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("sealed", sa.Text(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["occasion_id"],
            ["occasion.id"],
            name=op.f("fk_needs_note_occasion_id_occasion"),
            ondelete="CASCADE",
        ),
        sa.ForeignKeyConstraint(
            ["participant_id"],
            ["participant.id"],
            name=op.f("fk_needs_note_participant_id_participant"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_needs_note")),
        sa.UniqueConstraint(
            "participant_id", "occasion_id", name=op.f("uq_needs_note_participant_id_occasion_id")
        ),
    )
    op.create_index(op.f("ix_needs_note_occasion_id"), "needs_note", ["occasion_id"])

    op.create_table(
        "notice",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("library_id", sa.Integer(), nullable=False),
        sa.Column("occasion_id", sa.Integer(), nullable=False),
        sa.Column("account_id", sa.Integer(), nullable=False),
        sa.Column("send_key", sa.String(length=36), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("groups", sa.JSON(), nullable=False),
        sa.Column("recipients", sa.Integer(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leaves_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("undone_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("recipients >= 0", name=op.f("ck_notice_recipients_not_negative")),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_notice_account_id_account")),
        sa.ForeignKeyConstraint(["library_id"], ["library.id"], name=op.f("fk_notice_library_id_library")),
        sa.ForeignKeyConstraint(
            ["occasion_id"], ["occasion.id"], name=op.f("fk_notice_occasion_id_occasion"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_notice")),
        sa.UniqueConstraint("send_key", name=op.f("uq_notice_send_key")),
    )
    op.create_index(op.f("ix_notice_occasion_id"), "notice", ["occasion_id"])


def _add_columns() -> None:
    no, none = sa.false(), sa.text("''")
    op.execute(
        "ALTER TABLE activity ADD COLUMN guardian_until INTEGER CONSTRAINT ck_activity_guardian_until_in_reason "
        "CHECK (guardian_until IS NULL OR guardian_until BETWEEN 1 AND 25)"
    )
    for name in ("asks_last_name", "asks_needs"):
        op.add_column("activity", sa.Column(name, sa.Boolean(), nullable=False, server_default=no))
    op.add_column("activity", sa.Column("photo_channels", sa.JSON(), nullable=False, server_default="[]"))
    op.add_column("activity_text", sa.Column("question", sa.String(200), nullable=False, server_default=none))
    op.add_column("family", sa.Column("wants_sms", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("family", sa.Column("new_email", sa.String(254), nullable=True))
    op.add_column("letter", sa.Column("about", sa.String(80), nullable=True))
    op.create_index(op.f("ix_letter_about"), "letter", ["about"])
    op.add_column("occasion", sa.Column("asks_again", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("participant", sa.Column("is_by_grade", sa.Boolean(), nullable=False, server_default=no))
    op.add_column("participant", sa.Column("declared_age", sa.Integer(), nullable=True))
    op.add_column("participant", sa.Column("declared_on", sa.Date(), nullable=True))
    op.add_column("signup", sa.Column("reply", sa.String(300), nullable=True))
    for name in ("said_yes_at", "asked_again_at", "said_again_at"):
        op.add_column("signup", sa.Column(name, sa.DateTime(timezone=True), nullable=True))
    op.add_column("signup_move", sa.Column("note", sa.String(200), nullable=True))
    _point_to_guardians()


def _point_to_guardians() -> None:
    # Made anew on SQLite, the table must go on giving each number once only.
    with op.batch_alter_table("signup", table_kwargs={"sqlite_autoincrement": True}) as signup:
        signup.add_column(sa.Column("guardian_id", sa.Integer(), nullable=True))
        signup.create_foreign_key(
            op.f("fk_signup_guardian_id_guardian"), "guardian", ["guardian_id"], ["id"], ondelete="SET NULL"
        )
    with op.batch_alter_table("permission") as permission:
        for name, other, then in POINTERS:
            permission.add_column(sa.Column(name, sa.Integer(), nullable=True))
            permission.create_foreign_key(
                op.f(f"fk_permission_{name}_{other}"), other, [name], ["id"], ondelete=then
            )


def _drop_columns() -> None:
    # Made anew on SQLite, tables must go on giving each number once only.
    once = {"sqlite_autoincrement": True}
    with op.batch_alter_table("signup_move") as move:
        move.drop_column("note")
    with op.batch_alter_table("signup", table_kwargs=once) as signup:
        signup.drop_constraint("fk_signup_guardian_id_guardian", type_="foreignkey")
        for name in ("reply", "guardian_id", "said_yes_at", "asked_again_at", "said_again_at"):
            signup.drop_column(name)
    with op.batch_alter_table("permission") as permission:
        for name, other in (
            ("guardian_id", "guardian"),
            ("account_id", "account"),
            ("age_rule_id", "age_rule"),
        ):
            permission.drop_constraint(f"fk_permission_{name}_{other}", type_="foreignkey")
            permission.drop_column(name)
    with op.batch_alter_table("participant", table_kwargs=once) as participant:
        for name in ("is_by_grade", "declared_age", "declared_on"):
            participant.drop_column(name)
    with op.batch_alter_table("occasion") as occasion:
        occasion.drop_column("asks_again")
    op.drop_index(op.f("ix_letter_about"), "letter")
    with op.batch_alter_table("letter") as letter:
        letter.drop_column("about")
    with op.batch_alter_table("family", table_kwargs=once) as family:
        family.drop_column("wants_sms")
        family.drop_column("new_email")
    with op.batch_alter_table("activity_text") as text:
        text.drop_column("question")
    with op.batch_alter_table("activity") as activity:
        activity.drop_constraint(op.f("ck_activity_guardian_until_in_reason"), type_="check")
        for name in ("guardian_until", "asks_last_name", "asks_needs", "photo_channels"):
            activity.drop_column(name)


def _let_links_be_for(purposes: tuple[str, ...]) -> None:
    told = ", ".join(f"'{purpose}'" for purpose in purposes)
    with op.batch_alter_table("link") as link:
        link.drop_constraint(op.f("ck_link_purpose"), type_="check")
        link.create_check_constraint(op.f("ck_link_purpose"), f"purpose IN ({told})")


def _let_words_be_about(purposes: tuple[str, ...]) -> None:
    on_sqlite = op.get_context().dialect.name == "sqlite"
    if on_sqlite:
        _melt("wording", ("update", "delete"))
    told = ", ".join(f"'{purpose}'" for purpose in purposes)
    with op.batch_alter_table("wording") as wording:
        wording.drop_constraint(op.f("ck_wording_wordingpurpose"), type_="check")
        wording.create_check_constraint(op.f("ck_wording_wordingpurpose"), f"purpose IN ({told})")
    # Made anew there, the table has lost its triggers.
    if on_sqlite:
        _freeze("wording", ("update", "delete"))


def _publish_first_words() -> None:
    wording = sa.table(
        "wording",
        sa.column("purpose", sa.String),
        sa.column("language", sa.String),
        sa.column("version", sa.Integer),
        sa.column("words", sa.Text),
        sa.column("digest", sa.String),
        sa.column("published_at", sa.DateTime(timezone=True)),
    )
    op.bulk_insert(
        wording,
        [
            {
                "purpose": purpose,
                "language": language,
                "version": 1,
                "words": words,
                "digest": hashlib.sha256(words.encode()).hexdigest(),
                "published_at": BEGUN,
            }
            for purpose, by_language in FIRST_WORDS.items()
            for language, words in by_language.items()
        ],
    )


def _begin_with_a_rule() -> None:
    numbers = ("youth_from", "alone_from", "photo_own_yes_from", "adult_from")
    instants = ("begins_at", "made_at")
    rule = sa.table(
        "age_rule",
        *(sa.column(name, sa.Integer) for name in numbers),
        *(sa.column(name, sa.DateTime(timezone=True)) for name in instants),
    )
    first = dict(zip(numbers, (13, 15, 15, 18), strict=True))
    op.bulk_insert(rule, [{**first, "begins_at": datetime(2000, 1, 1, tzinfo=UTC), "made_at": BEGUN}])


def _freeze(table: str, acts: tuple[str, ...]) -> None:
    refusal = (
        f"BEGIN SELECT RAISE(ABORT, '{table} is a record that nobody rewrites'); END"
        if op.get_context().dialect.name == "sqlite"
        else "FOR EACH ROW EXECUTE FUNCTION refuse_to_rewrite()"
    )
    for act in acts:
        op.execute(f"CREATE TRIGGER {table}_no_{act} BEFORE {act.upper()} ON {table} {refusal}")


def _melt(table: str, acts: tuple[str, ...]) -> None:
    target = "" if op.get_context().dialect.name == "sqlite" else f" ON {table}"
    for act in acts:
        op.execute(f"DROP TRIGGER {table}_no_{act}{target}")
