"""The tables hold what the core's dataclasses hold."""

from __future__ import annotations

from dataclasses import fields

from bot.film import Clip
from bot.states import Job
from storage.tables import jobs, metadata, takes


def test_a_jobs_row_has_exactly_a_jobs_fields() -> None:
    assert {column.name for column in jobs.columns} == {each.name for each in fields(Job)}


def test_a_takes_row_has_every_field_of_a_clip() -> None:
    found = {column.name.removeprefix("clip_") for column in takes.columns if column.name.startswith("clip_")}
    assert found == {each.name for each in fields(Clip)}


def test_no_table_is_called_like_one_of_the_engines() -> None:
    engines = {"workflow_status", "operation_outputs", "notifications", "workflow_events", "streams", "queues"}
    assert not engines & metadata.tables.keys()
