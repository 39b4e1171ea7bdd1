"""What the full path is measured against, behind the same server: how little a webhook can do."""

from __future__ import annotations

from flask import Flask, request
from wechatpy import create_reply, parse_message
from wechatpy.crypto import WeChatCrypto
from wechatpy.utils import check_signature
from werobot import WeRoBot
from werobot.contrib.flask import make_view

from bench.requests import APP, KEY, TOKEN

PATH = "/webhooks/official-account"


def signature_only() -> Flask:
    """Checks the query's signature and acknowledges; reads nothing."""
    app = Flask("signature")

    @app.post(PATH)
    def receive() -> str:
        check_signature(TOKEN, request.args["signature"], request.args["timestamp"], request.args["nonce"])
        return "success"

    return app


def wechatpy_reply() -> Flask:
    """wechatpy's own example: decrypt, parse, reply, encrypt; stores nothing."""
    app = Flask("wechatpy")

    @app.post(PATH)
    def receive() -> str:
        crypto = WeChatCrypto(TOKEN, KEY, APP)
        asked = request.args
        inner = crypto.decrypt_message(request.data, asked["msg_signature"], asked["timestamp"], asked["nonce"])
        reply = create_reply("好的", parse_message(inner))
        return str(crypto.encrypt_message(reply.render(), asked["nonce"], asked["timestamp"]))

    return app


def werobot_reply() -> Flask:
    """WeRoBot with one handler and no session storage."""
    robot = WeRoBot(token=TOKEN, encoding_aes_key=KEY, app_id=APP, enable_session=False)
    robot.text(lambda message: "好的")
    app = Flask("werobot")
    app.add_url_rule(PATH, view_func=make_view(robot), methods=["POST"])
    return app
