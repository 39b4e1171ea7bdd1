"""Brings pushes to the bot as the platforms do: five seconds, three attempts, and what the chat shows after."""

import time

import requests

from sandbox.errors import UnusableReplyError
from sandbox.packets import Json
from sandbox.push import PATHS, Push, PushResult
from sandbox.replies import Reply, read_reply
from sandbox.sealing import Envelope, seal, verification
from sandbox.wecom.card_changes import change_card
from sandbox.world import World

NOTICE = "该公众号提供的服务出现故障，请稍后再试"
# After this many failed pushes in a row the platform stays silent (switch mark_fail) this long.
MARK_FAIL_PUSHES = 3
MARK_FAIL_SECONDS = 60.0


class Postman:
    """Delivers pushes; holds the world's lock only to look something up and to write down what happened."""

    def __init__(self, world: World) -> None:
        self.world = world
        world.outbox.deliver = self.deliver
        self._failed_in_row = 0
        self._silent_until = 0.0

    def later(self, push: Push) -> None:
        self.world.post(push)

    def verify_url(self, surface: str) -> Json:
        """The URL check that the console makes when the settings are saved."""
        query, expected = verification(self.world.config, surface, self.world.now)
        url = self.world.config.bot_url + PATHS["oa" if surface == "oa" else "wecom"]
        try:
            answer = requests.get(url, params=query, timeout=self.world.config.answer_limit)
        except requests.RequestException as error:
            return {"ok": False, "status": None, "reason": type(error).__name__}
        return {"ok": answer.status_code == 200 and answer.text == expected, "status": answer.status_code}

    def deliver(self, push: Push, repeat: int = 1) -> PushResult:
        """Tries the push (as often as `repeat` and the switches say) and shows the first answer."""
        with self.world.lock:
            switches = self.world.state.switches
            if switches.use("lose_push") or self._marked():
                return self._recorded(push, PushResult(0, None, 0, "failed", reason="lost on the way"))
            copies = max(repeat, 3 if switches.duplicate_push else 1)
            pause, fresh = switches.delay_push_ms / 1000, switches.fresh_repeats
            envelope = seal(self.world.config, push, self.world.now)
        time.sleep(pause)
        first = self._try(push, envelope, shown=True)
        for _ in range(copies - 1):
            again = seal(self.world.config, push, self.world.now) if fresh else envelope
            self._try(push, again, shown=False)
        return first

    def _marked(self) -> bool:
        return self.world.state.switches.mark_fail and time.monotonic() < self._silent_until

    def _try(self, push: Push, envelope: Envelope, *, shown: bool) -> PushResult:
        result, body = self._attempts(push, envelope)
        with self.world.lock:
            if result.status == 200:
                result = self._judged(push, result, body, shown)
            if result.outcome == "failed" and push.notice and shown:
                self.world.show(f"oa/{push.person}", "system", "notice", content=NOTICE)
            return self._recorded(push, result)

    def _attempts(self, push: Push, envelope: Envelope) -> tuple[PushResult, bytes]:
        config = self.world.config
        result, body = PushResult(0, None, 0, "failed"), b""
        for attempt in range(1, config.attempts + 1):
            if attempt > 1:
                time.sleep(config.retry_pause)
                if self.world.state.switches.fresh_repeats:
                    envelope = seal(config, push, self.world.now)
            status, body, seconds, reason = self._post(push, envelope)
            result = PushResult(attempt, status, int(seconds * 1000), "failed", reason=reason)
            if status == 200:
                break
        return result, body

    def _post(self, push: Push, envelope: Envelope) -> tuple[int | None, bytes, float, str]:
        limit = self.world.config.answer_limit
        started = time.monotonic()
        try:
            answer = requests.post(
                self.world.config.bot_url + PATHS[push.surface],
                params=envelope.query,
                data=envelope.body,
                headers={"Content-Type": envelope.content_type},
                timeout=limit,
                allow_redirects=False,
            )
        except requests.RequestException as error:
            return None, b"", time.monotonic() - started, type(error).__name__
        seconds = time.monotonic() - started
        if seconds > limit:
            return None, b"", seconds, f"no full answer in {limit:g} s"
        return answer.status_code, answer.content, seconds, "" if answer.status_code == 200 else "not 200"

    def _judged(self, push: Push, result: PushResult, body: bytes, shown: bool) -> PushResult:
        try:
            reply = read_reply(self.world, push, body)
        except UnusableReplyError as error:
            return PushResult(result.attempts, 200, result.ms, "failed", reason=str(error))
        if not reply.kind:
            return PushResult(result.attempts, 200, result.ms, "ack")
        message = self._show(push, reply) if shown else None
        return PushResult(result.attempts, 200, result.ms, "reply", message)

    def _show(self, push: Push, reply: Reply) -> Json | None:
        parts = dict(reply.parts or {})
        if not push.person:
            return None
        if push.response_code:
            return change_card(self.world, push, reply.kind, parts)
        chat = f"{push.surface}/{push.person}"
        return self.world.show(chat, "them", reply.kind, **parts).as_json()

    def _recorded(self, push: Push, result: PushResult) -> PushResult:
        self._failed_in_row = self._failed_in_row + 1 if result.status != 200 else 0
        if self._failed_in_row >= MARK_FAIL_PUSHES:
            self._failed_in_row, self._silent_until = 0, time.monotonic() + MARK_FAIL_SECONDS
        code = 0 if result.outcome != "failed" else (result.status or -1)
        words = result.outcome if not result.reason else f"{result.outcome}: {result.reason}"
        self.world.record_call("push", push.surface, PATHS[push.surface], (code, words), result.ms, push.summary)
        return result
