"""The JSON schema of a `Document`, for those who read the results without this library.

It is `data/document.schema.json`, made by `python -m hindi_entities.schema > hindi_entities/data/document.schema.json`. What a
schema cannot say, such as that a mention stands in the text at its offsets, `Document.model_validate_json` checks.
"""

from __future__ import annotations

import json
from typing import Any

from pydantic.json_schema import GenerateJsonSchema

from hindi_entities.results import Document


class _WithoutFieldTitles(GenerateJsonSchema):
    def field_title_should_be_set(self, schema: Any) -> bool:
        return False  # pydantic's are the names again: "Start" for start


def make_schema() -> dict[str, Any]:
    """The schema of the results as they are now, in the dialect of 2020-12."""
    schema = Document.model_json_schema(schema_generator=_WithoutFieldTitles)
    return {"$schema": GenerateJsonSchema.schema_dialect, **schema}


if __name__ == "__main__":
    print(json.dumps(make_schema(), ensure_ascii=False, indent=2))
