// The scrolling list of one chat: time lines, notices, messages, the three dots, "new messages below".

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { isWide, messageBody } from "./bubbles.js";
import { GROUP_MS, groupLabel } from "./moments.js";

// So near to the end counts as "reading the newest", px.
const NEAR_END = 120;

export class ChatView {
  #rows = new Map();
  #chat = null;
  #dots = el("div", { class: "row them typing", testid: "typing", "aria-label": "对方正在输入" });

  /** `faces(message)` gives the avatar; `act` see bubbles.js; `now()` the sandbox's time in ms. */
  constructor({ side, now, faces, act }) {
    Object.assign(this, { side, now, faces, act });
    this.list = el("div", { class: "messages", role: "log", "aria-live": "polite", "aria-label": "聊天记录", tabindex: "0", testid: `${side}-messages` });
    this.below = el("button", { class: "below", type: "button", hidden: true, onclick: () => this.toEnd() }, "新消息 ", icon("down", 14));
    this.node = el("div", { class: "chat" }, this.list, this.below);
    this.list.addEventListener("scroll", () => this.nearEnd() && (this.below.hidden = true), { passive: true });
    this.list.addEventListener("load", () => this.#stick && this.toEnd(), { capture: true });
  }

  #stick = true;

  /** Shows another chat from its end. `foot` is a node put after the last message, or null. */
  show(chat, surface, foot = null) {
    if (this.#chat?.key !== chat.key) this.#rows.clear();
    const fresh = this.#chat?.key !== chat.key;
    Object.assign(this, { surface, foot });
    this.#chat = chat;
    this.update(fresh);
  }

  nearEnd() {
    return this.list.scrollHeight - this.list.scrollTop - this.list.clientHeight < NEAR_END;
  }

  toEnd() {
    this.list.scrollTop = this.list.scrollHeight;
    this.below.hidden = true;
  }

  update(jump = false) {
    const wasNear = jump || this.nearEnd();
    const before = this.list.lastElementChild;
    const last = this.#chat.messages.at(-1);
    this.#place(this.#wanted());
    const grew = this.list.lastElementChild !== before;
    this.#stick = wasNear || (grew && last?.from === "me");
    if (this.#stick) this.toEnd();
    else if (grew) this.below.hidden = false;
  }

  /** Labels such as "昨天" depend on now: drawn anew after the clock jumped. */
  redrawTimes() {
    for (const key of [...this.#rows.keys()]) if (String(key).startsWith("time")) this.#rows.delete(key);
    if (this.#chat) this.update();
  }

  #wanted() {
    const nodes = [];
    let lastAt = -Infinity;
    for (const message of this.#chat.messages) {
      const at = Date.parse(message.at);
      if (at - lastAt > GROUP_MS || at < lastAt) nodes.push(this.#time(message.id, at));
      lastAt = at;
      nodes.push(this.#row(message));
    }
    if (this.#chat.pending > 0) nodes.push(this.#typing());
    if (this.foot) nodes.push(this.foot);
    return nodes;
  }

  #time(id, at) {
    const key = `time${id}`;
    if (!this.#rows.has(key)) this.#rows.set(key, { node: el("div", { class: "time" }, groupLabel(at, this.now())) });
    return this.#rows.get(key).node;
  }

  #typing() {
    if (!this.#dots.firstChild) {
      this.#dots.append(this.faces({ from: "them" }), el("div", { class: "bubble bubble-text dots" }, el("i"), el("i"), el("i")));
    }
    return this.#dots;
  }

  forgetFaces() {
    this.#dots.replaceChildren();
  }

  #row(message) {
    const print = JSON.stringify(message);
    const known = this.#rows.get(message.id);
    if (known?.print === print) return known.node;
    const node = this.#build(message);
    this.#rows.set(message.id, { node, print });
    return node;
  }

  #build(message) {
    const marks = { testid: "message", "data-type": message.type, "data-from": message.from, "data-id": message.id };
    if (message.type === "notice" || message.from === "system") {
      return el("div", { class: "notice", ...marks }, message.content ?? "");
    }
    const body = messageBody(message, this.act);
    if (isWide(message, this.surface)) return el("article", { class: "row wide", ...marks }, body);
    const who = message.from === "me" ? "me" : "them";
    return el("article", { class: `row ${who}`, ...marks }, this.faces(message), el("div", { class: "said" }, body, message.ai && el("div", { class: "made-by" }, "内容由 AI 生成")));
  }

  /** Puts the nodes in order and leaves those alone that already stand right, so focus and choices survive. */
  #place(nodes) {
    let cursor = this.list.firstChild;
    for (const node of nodes) {
      if (node === cursor) cursor = cursor.nextSibling;
      else this.list.insertBefore(node, cursor);
    }
    while (cursor) {
      const next = cursor.nextSibling;
      cursor.remove();
      cursor = next;
    }
  }
}
