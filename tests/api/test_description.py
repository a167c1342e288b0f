"""The description is one by the rules of OpenAPI, and tells what is so."""

import json

import pytest
from flask import Flask
from openapi_spec_validator import validate

from booking.api.attendance_queries import Recorded
from booking.api.attendance_rows import CSV_COLUMNS
from booking.api.guide import chapters_of
from booking.api.rules import AT_ONCE, MOST_AT_ONCE
from tests.api.describing import TOLD, check
from tests.browser import Browser


def test_it_is_a_description_by_the_rules_of_openapi() -> None:
    validate(TOLD)


def test_it_is_served_to_everybody_with_the_configured_address(app: Flask) -> None:
    answer = app.test_client().get("/api/v1/openapi.json", headers={"Host": "elsewhere.example.org"})

    told = json.loads(answer.data)
    assert told["servers"] == [{"url": "http://127.0.0.1:8000"}]
    assert answer.content_type == "application/json"
    assert "Set-Cookie" not in answer.headers
    again = app.test_client().get("/api/v1/openapi.json", headers={"If-None-Match": answer.headers["ETag"]})
    assert again.status_code == 304


@pytest.mark.parametrize("name", sorted(TOLD["components"]["schemas"]))
def test_each_example_is_as_its_shape_says(name: str) -> None:
    examples = TOLD["components"]["schemas"][name].get("examples", [])

    assert examples
    for example in examples:
        check(example, name)


def test_each_address_that_is_described_is_there_and_the_other_way_round(app: Flask) -> None:
    served = {rule.rule for rule in app.url_map.iter_rules() if rule.rule.startswith("/api/v1/")}

    assert set(TOLD["paths"]) == served - {"/api/v1/", "/api/v1/openapi.json"}


def test_what_it_tells_is_what_the_code_does() -> None:
    meeting = TOLD["components"]["schemas"]["AttendedMeeting"]
    parameters = {each["name"]: each for each in TOLD["paths"]["/api/v1/attendance"]["get"]["parameters"]}
    table = TOLD["paths"]["/api/v1/attendance.csv"]["get"]["responses"]["200"]["content"]["text/csv"]

    assert meeting["properties"]["status"]["enum"] == [each.value for each in Recorded]
    assert parameters["limit"]["schema"]["maximum"] == MOST_AT_ONCE
    assert parameters["limit"]["schema"]["default"] == AT_ONCE
    assert table["example"].splitlines()[0] == ",".join(CSV_COLUMNS)


@pytest.mark.parametrize("language", ["nb", "nn", "en"])
def test_people_read_it_as_a_page(app: Flask, language: str) -> None:
    page = Browser(app).get(f"/api/v1/?lang={language}")

    assert page.status_code == 200
    for chapter in chapters_of(TOLD):
        assert chapter.path in page.text
