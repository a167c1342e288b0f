"""Holding an answer against the description."""

from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from referencing import Registry, Resource
from referencing.jsonschema import DRAFT202012

from booking.api.description import description

TOLD = description("https://booking.example.org/api/v1/openapi.json")


def check(instance: Any, schema: str) -> None:
    """Fail where a value is not as the schema of that name says."""
    registry = Registry().with_resource(
        "urn:told", Resource.from_contents(TOLD, default_specification=DRAFT202012)
    )
    validator = Draft202012Validator(
        {"$ref": f"urn:told#/components/schemas/{schema}"}, registry=registry, format_checker=FormatChecker()
    )
    validator.validate(instance)
