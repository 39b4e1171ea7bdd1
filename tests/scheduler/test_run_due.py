"""`python -m scheduler run-due`: plans and delivers at a named moment, and a second run sends nothing."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable

import pytest
from click.testing import CliRunner, Result

from scheduler.__main__ import main
from scheduler.jobs import JOBS
from scheduler.lease import Leadership
from tests.databases import TEST_KEY
from tests.scheduler.town import Town

MORNING = "2026-12-08T10:00:00+08:00"


def environment(town: Town) -> dict[str, str]:
    return {
        "APP_ENV": "development",
        "DATABASE_URL": town.engine.url.render_as_string(hide_password=False),
        "DATA_KEYS": TEST_KEY,
        "OA_API_BASE": f"{town.base}/oa",
        "WECOM_API_BASE": f"{town.base}/wecom",
        "REDIS_URL": "",
        "CLOCK_URL": "",
    }


def run(town: Town, *arguments: str) -> Result:
    return CliRunner().invoke(main, ["run-due", *arguments], env=environment(town))


def busy(output: str) -> list[str]:
    """The lines of the jobs that had something to do."""
    return [line for line in output.splitlines() if not line.endswith("\tnothing\t0")]


@pytest.fixture
def december(town: Town) -> Town:
    """The morning of the member day with something due in each job."""
    town.consent("C1", "C2")
    town.buy("C3", "A1", "2025-12-08")
    return town.at("2026-12-08T10:00")


def test_it_prints_a_count_per_job_and_outcome(december: Town) -> None:
    result = run(december, "--at", MORNING)
    assert result.exit_code == 0
    assert busy(result.stdout) == ["maintenance\tsent\t1", "member_day\tsent\t2"]
    assert [len(december.sandbox.chat("oa", openid)) for openid in ("oOne", "oTwo", "oThree")] == [1, 1, 1]


def test_a_second_run_for_the_same_moment_sends_nothing(december: Town) -> None:
    run(december, "--at", MORNING)
    again = run(december, "--at", MORNING)
    assert again.output.splitlines() == [f"{job}\tnothing\t0" for job in sorted(JOBS)]
    assert [len(december.sandbox.chat("oa", openid)) for openid in ("oOne", "oTwo", "oThree")] == [1, 1, 1]


def test_one_job_alone(december: Town) -> None:
    assert run(december, "--at", MORNING, "--job", "member_day").output == "member_day\tsent\t2\n"
    assert run(december, "--at", MORNING, "--job", "maintenance").output == "maintenance\tsent\t1\n"


def test_without_an_offset_it_is_the_shops_time(december: Town) -> None:
    assert "member_day\tsent\t2" in run(december, "--at", "2026-12-08T10:00").output


def test_what_is_not_sent_is_counted_too(december: Town) -> None:
    december.consent("C6")
    assert "member_day\tskipped\t1" in run(december, "--at", MORNING).output


def test_what_will_be_tried_again_is_counted_as_planned(december: Town) -> None:
    december.sandbox.switch(busy=1)
    result = run(december, "--at", MORNING, "--job", "maintenance")
    assert result.stdout == "maintenance\tplanned\t1\n"


def test_a_scheduler_that_stands_is_no_obstacle_and_goes_on_after_it(december: Town) -> None:
    standing = Leadership(december.sessions, "standing")
    standing.acquire()
    assert "member_day\tsent\t2" in run(december, "--at", MORNING).output
    assert standing.acquire()


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--at", "tomorrow"], "'tomorrow' is no moment in time; write for example 2026-12-08T10:00:00+08:00."),
        (["--job", "birthday"], f"There is no job 'birthday'; there are: {', '.join(JOBS)}."),
    ],
)
@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_bad_input_is_one_sentence(town: Town, arguments: list[str], sentence: str) -> None:
    result = run(town, *arguments)
    assert result.exit_code == 1
    assert result.output == f"Error: {sentence}\n"


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_as_an_operator_calls_it(december: Town) -> None:
    command = [sys.executable, "-m", "scheduler", "run-due", "--at", MORNING]
    done = subprocess.run(command, env=os.environ | environment(december), capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")
    assert busy(done.stdout) == ["maintenance\tsent\t1", "member_day\tsent\t2"]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_standing_process_ends_in_good_order(december: Town) -> None:
    settings = environment(december) | {"CLOCK_URL": f"{december.base}/clock"}
    process = subprocess.Popen([sys.executable, "-m", "scheduler"], env=os.environ | settings, text=True)
    try:
        _wait_until(lambda: set(december.states("member_day").values()) == {"sent"})
    finally:
        process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=15) == 0
    assert Leadership(december.sessions, "next").acquire()


def _wait_until(done: Callable[[], bool], seconds: float = 20) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if done():
            return
        time.sleep(0.1)
    raise AssertionError("nothing happened")
