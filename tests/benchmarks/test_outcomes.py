"""What the tools say, as numbers."""

from __future__ import annotations

import asyncio
import os
import time
from datetime import date

import pytest

from benchmarks.answers import tile_features
from benchmarks.clients import Outcome, keep_asking
from benchmarks.limits import literal, read_pgbench, script_of, statement_of
from benchmarks.load import LoadError, read_outcome, sample_of
from benchmarks.processes import family, memory_mb, processor_ms
from benchmarks.workloads import make_parameters

WRK = """Running 6s test
BENCH {"answers": 1200, "microseconds": 6000000, "bytes": 2400000, "p50_us": 2500, "p99_us": 9000, \
"max_us": 20000, "not_200": 0, "socket_errors": 0, "timeouts": 0}
"""


def test_the_outcome_of_wrk_is_read():
    sample = read_outcome(WRK)
    assert (sample.per_second, sample.p50_ms, sample.p99_ms) == (200, 2.5, 9)
    assert (sample.bytes_each, sample.errors) == (2000, 0)


def test_refused_requests_are_errors_and_no_answers():
    refused = WRK.replace('"not_200": 0', '"not_200": 600').replace(
        '"timeouts": 0', '"timeouts": 3'
    )
    sample = read_outcome(refused)
    assert sample.per_second == 100
    assert sample.errors == 603


def test_a_run_without_an_outcome_is_told_with_what_wrk_said():
    with pytest.raises(LoadError, match="unable to connect"):
        read_outcome("unable to connect to 127.0.0.1:1 Connection refused")


def test_the_outcome_of_pgbench_is_read():
    said = "latency average = 8.107 ms\ninitial connection time = 9 ms\ntps = 986.75 (without it)\n"
    assert read_pgbench(said) == (986.75, 8.107)


def test_values_become_texts_that_the_database_reads():
    assert literal([1, 2]) == "{1,2}"
    assert literal(date(2024, 2, 1)) == "2024-02-01"
    assert literal(98.25) == "98.25"


def test_pgbench_runs_the_statement_of_the_service_with_its_parameters_by_name():
    statement = statement_of(make_parameters(1000, 1)[0])
    script = script_of(statement.sql, len(statement.values), 50)
    assert "random(1, 50)" in script
    assert "$" not in script
    assert all(f":p{place}" in script for place in range(1, len(statement.values) + 1))
    assert "::int[]" in script


def test_every_request_of_a_workload_is_one_statement():
    assert len({statement_of(each).sql for each in make_parameters(1000, 200)}) == 1


def _field(number: int, message: bytes) -> bytes:
    return bytes([number << 3 | 2, len(message)]) + message


def test_the_features_of_a_tile_are_counted_in_all_its_layers():
    feature = bytes([1 << 3, 5])
    layer = (
        _field(1, b"reports") + _field(2, feature) * 3 + _field(3, b"name") + bytes([5 << 3, 127])
    )
    assert len(list(tile_features(_field(3, layer) + _field(3, layer)))) == 6
    assert list(tile_features(b"")) == []


def test_a_process_is_the_root_of_its_family():

    assert family(os.getpid())[0] == os.getpid()
    assert (memory_mb(os.getpid()) or 0) > 1
    assert processor_ms(os.getpid()) > 0


def test_of_slow_answers_every_one_is_counted_until_the_last():
    outcomes = [Outcome(10, 14, 200, size=1000), Outcome(10, 20, 200, size=3000)]
    sample = sample_of([*outcomes, Outcome(14, 15, 500)], 10)
    assert (sample.per_second, sample.errors, sample.bytes_each) == (0.2, 1, 2000)
    assert (sample.p50_ms, sample.max_ms) == (10_000, 10_000)


def answering(answers: dict[str, bytes], paths: list[str], seconds: float) -> list[Outcome]:
    """What a client writes down of a server that sends these bytes for these paths."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await reader.readline():
            while (await reader.readline()).strip():
                pass
            writer.write(answers[request.split()[1].decode()])
            await writer.drain()
            await asyncio.sleep(0.01)
        writer.close()

    async def both() -> list[Outcome]:
        outcomes: list[Outcome] = []
        server = await asyncio.start_server(answer, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        until = time.monotonic() + seconds
        await keep_asking(f"http://127.0.0.1:{port}", paths, until, 5, outcomes)
        server.close()
        await asyncio.sleep(0.05)  # the other ends close as well
        return outcomes

    return asyncio.run(both())


def test_a_client_reads_bodies_with_a_length_and_in_chunks():
    answers = {
        "/length": b"HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\nhello",
        "/chunks": b"HTTP/1.1 503 No\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
    }
    outcomes = answering(answers, ["/length", "/chunks"], 0.1)
    assert {each.status for each in outcomes} == {200, 503}
    assert not any(each.fault for each in outcomes)


def test_an_answer_that_is_no_http_is_a_fault():
    outcomes = answering({"/": b"HTTP/1.1 200 OK\r\n\r\nendless"}, ["/"], 0.05)
    assert outcomes
    assert all("without a length" in each.fault for each in outcomes)
