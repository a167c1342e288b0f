from pathlib import Path

import pytest

from booking.settings import UnsafeSettings, read_settings

REAL = {
    "BOOKING_BASE_URL": "https://booking.example.org",
    "BOOKING_MAIL_FROM": "bibliotek@example.org",
    "BOOKING_SMTP_HOST": "mail.example.org",
}


def test_a_demonstration_needs_no_settings(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, {"BOOKING_DEMO": "1"})

    assert settings.base_url == "http://127.0.0.1:8000"


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"BOOKING_BASE_URL": ""}, "BOOKING_BASE_URL is missing"),
        ({"BOOKING_BASE_URL": "booking.example.org"}, "BOOKING_BASE_URL is missing"),
        ({"BOOKING_BASE_URL": "http://["}, "BOOKING_BASE_URL is missing"),
        ({"BOOKING_BASE_URL": "https://booking.example.org:99999"}, "BOOKING_BASE_URL is missing"),
        ({"BOOKING_DATABASE_URL": "nonsense"}, "BOOKING_DATABASE_URL must begin"),
        ({"BOOKING_DATABASE_URL": "mysql://127.0.0.1/booking"}, "BOOKING_DATABASE_URL must begin"),
        ({"BOOKING_BASE_URL": "http://booking.example.org"}, "must begin with https"),
        ({"BOOKING_SMTP_HOST": ""}, "BOOKING_SMTP_HOST are needed"),
        ({"BOOKING_MAIL_FROM": "bibliotek"}, "BOOKING_MAIL_FROM"),
        ({"BOOKING_SECRET_KEY": "short"}, "at least 32 random characters"),
        ({"BOOKING_HOLD_HOURS": "0"}, "from 1 to 168"),
        ({"BOOKING_HOLD_HOURS": "a day"}, "BOOKING_HOLD_HOURS must be a whole number"),
        ({"BOOKING_SMS_GATEWAY_URL": "http://sms.example.org"}, "phone numbers travel over it"),
        ({"BOOKING_SMS_GATEWAY_URL": "https://sms.example.org"}, "BOOKING_SMS_GATEWAY_TOKEN is needed"),
        ({"BOOKING_SMS_SENDER": "Biblioteket i Kvisla"}, "one to eleven letters"),
        ({"BOOKING_DEMO": "perhaps"}, "set it to 1 or 0"),
    ],
)
def test_an_unsafe_setting_stops_the_start_with_a_sentence(
    tmp_path: Path, changes: dict[str, str], sentence: str
) -> None:
    with pytest.raises(UnsafeSettings, match=sentence):
        read_settings(tmp_path, {**REAL, **changes})


def test_no_text_message_is_sent_unless_somebody_decides_so(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, REAL)

    assert settings.sms_gateway_url is None


def test_a_gateway_is_named_with_its_token(tmp_path: Path) -> None:
    given = {"BOOKING_SMS_GATEWAY_URL": "https://sms.example.org/v1", "BOOKING_SMS_GATEWAY_TOKEN": "hush"}

    settings = read_settings(tmp_path, {**REAL, **given})

    assert (settings.sms_gateway_url, settings.sms_gateway_token) == ("https://sms.example.org/v1", "hush")
    assert "hush" not in repr(settings)


def test_a_file_is_read_and_a_variable_wins_over_it(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text("hold_hours = 6\nguardian_hours = 24\n")

    settings = read_settings(tmp_path, {**REAL, "BOOKING_HOLD_HOURS": "12"})

    assert (settings.hold_hours, settings.guardian_hours) == (12, 24)


@pytest.mark.parametrize("text", ["hold_ours = 6", "hold_hours ="])
def test_a_file_with_a_mistake_stops_the_start(tmp_path: Path, text: str) -> None:
    (tmp_path / "config.toml").write_text(text)

    with pytest.raises(UnsafeSettings, match=r"config\.toml"):
        read_settings(tmp_path, REAL)


def test_the_secret_is_made_once_and_only_its_owner_may_read_it(tmp_path: Path) -> None:
    first = read_settings(tmp_path, REAL).secret_key

    assert read_settings(tmp_path, REAL).secret_key == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_settings_do_not_tell_their_secrets(tmp_path: Path) -> None:
    settings = read_settings(tmp_path, {**REAL, "BOOKING_SMTP_PASSWORD": "a password of the post"})

    assert settings.secret_key not in repr(settings)
    assert "a password of the post" not in repr(settings)
