// The frame of one phone: whose it is, tabs, status bar, title bar, screen, bottom, sheets.

import { el, replace } from "./dom.js";
import { icon } from "./icons.js";
import { personAvatar } from "./avatars.js";
import { clockTime } from "./moments.js";

export class PhoneFrame {
  constructor(root, { side, now }) {
    Object.assign(this, { side, now });
    this.head = el("div", { class: "pane-head" });
    this.time = el("span", { class: "status-time" });
    this.title = el("div", { class: "titlebar" });
    this.screen = el("div", { class: "screen" });
    this.bottom = el("div", { class: "bottom" });
    this.device = el("div", { class: `device device-${side}` }, this.#statusBar(), this.title, this.screen, this.bottom);
    this.foot = el("div", { class: "pane-foot", testid: `${side}-foot` });
    root.append(this.head, this.device, this.foot);
    this.tick();
  }

  #statusBar() {
    return el("div", { class: "statusbar", "aria-hidden": "true" }, this.time,
      el("span", { class: "status-icons" }, icon("signal", 17), icon("wifi", 16), el("span", { class: "battery" }, el("i"))));
  }

  tick() {
    const time = clockTime(this.now());
    if (this.time.textContent !== time) this.time.textContent = time;
  }

  /** back and more: {label, testid, run} or null; `small` is the line after the name (such as "@商户"). */
  setTitle({ name, small, back, more, others }) {
    const badge = others > 0 && el("span", { class: "back-badge" }, String(others));
    replace(this.title,
      back ? el("button", { class: "title-button", type: "button", "aria-label": back.label, testid: back.testid, onclick: back.run }, icon("back", 24), badge) : el("span", { class: "title-button" }),
      el("h1", { class: "title-name", testid: `${this.side}-title` }, el("span", {}, name), small && el("small", {}, small)),
      more ? el("button", { class: "title-button", type: "button", "aria-label": more.label, testid: more.testid, onclick: more.run }, icon(more.picture ?? "more", 24)) : el("span", { class: "title-button" }));
  }

  show(node) {
    if (this.screen.firstChild !== node) replace(this.screen, node);
  }

  /** The bar below the screen; null leaves only the strip for the thumb. */
  setBottom(node) {
    replace(this.bottom, node ?? el("div", { class: "home-indicator" }));
  }
}

/** The button above a phone that says whose it is. */
export function personaButton(side, kind, name, id, waiting, onclick) {
  return el("button", { class: "persona", type: "button", testid: `persona-${side}`, "aria-haspopup": "dialog", "aria-label": `${kind}：${name}，换一位`, onclick },
    personAvatar(name, id), el("span", { class: "persona-name" }, name), icon("down", 14),
    waiting && el("i", { class: "dot", role: "img", testid: `unread-${side}s`, "aria-label": "别人有未读消息" }));
}

/** One row of the list of chats. */
export function chatRow({ picture, name, line, when, unread, testid, onpick }) {
  return el("button", { class: "chat-row", type: "button", testid, onclick: onpick },
    el("span", { class: "chat-face" }, picture, unread > 0 && el("span", { class: "badge", "aria-label": `${unread} 条未读` }, String(Math.min(unread, 99)))),
    el("span", { class: "chat-words" },
      el("span", { class: "chat-line" }, el("span", { class: "chat-name" }, name), el("span", { class: "chat-when" }, when ?? "")),
      el("span", { class: "chat-preview" }, line ?? "")));
}
