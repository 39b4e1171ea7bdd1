// The bar below a chat: voice or keys, the growing field, smileys, the plus panel, the account's menu.

import { el, replace } from "./dom.js";
import { icon } from "./icons.js";
import { menuBar } from "./account-menu.js";

const SMILEYS = [..."😀😄😊😍🥰😘😂🤣😅🙂😉🤔😭😢😡🙏👍👏💪❤🌹🎉🎂💍💎✨🌙⭐"];
// The field grows up to about five lines, px.
const TALLEST = 118;
// People say about four characters a second; a voice message lasts at most 60 s.
const spokenSeconds = (text) => Math.max(1, Math.min(60, Math.round([...text].length / 4)));

export class Composer {
  /** wanted: {side, draft, mode, menu, panel:[{icon,label,testid,run}], onText, onVoice, onMenu, onView, onDraft, onMode} */
  constructor(wanted) {
    Object.assign(this, wanted);
    this.node = el("div", { class: "composer" });
    this.drawer = el("div", { class: "drawer", hidden: true });
    this.#draw();
  }

  setMode(mode) {
    this.mode = mode;
    this.onMode(mode);
    this.#draw();
    if (mode !== "menu") this.field.focus({ preventScroll: true });
  }

  #draw() {
    this.drawer.hidden = true;
    this.drawer.dataset.open = "";
    if (this.mode === "menu") {
      const back = this.#tool("keyboard", "切换到键盘", `${this.side}-keyboard`, () => this.setMode("text"));
      replace(this.node, menuBar({ side: this.side, buttons: this.menu, back, onKey: this.onMenu, onView: this.onView }));
      return;
    }
    replace(this.node, this.#bar(), this.drawer);
    this.#grow();
  }

  #bar() {
    const speaking = this.mode === "voice";
    const toMenu = this.menu.length > 0 && this.#tool("list", "打开菜单", `${this.side}-menu-toggle`, () => this.setMode("menu"));
    const toVoice = speaking
      ? this.#tool("keyboard", "改用文字", `${this.side}-keyboard`, () => this.setMode("text"))
      : this.#tool("voice", "改用语音", `${this.side}-voice`, () => this.setMode("voice"));
    this.field = this.#field(speaking);
    this.send = el("button", { class: "send", type: "button", testid: `${this.side}-send`, onclick: () => this.#submit() }, speaking ? "说出" : "发送");
    this.plus = this.#tool("plus", "更多功能", this.side === "customer" ? "plus" : `${this.side}-plus`, () => this.#toggle("panel"));
    const smile = this.#tool("smile", "表情", `${this.side}-smile`, () => this.#toggle("smileys"));
    return el("div", { class: `bar ${speaking ? "speaking" : ""}` },
      toMenu && [toMenu, el("span", { class: "bar-line" })], toVoice, this.field, smile, this.plus, this.send);
  }

  #field(speaking) {
    const hint = speaking ? "输入要说的话" : "";
    return el("textarea", {
      rows: "1", maxlength: "4000", value: this.draft, placeholder: hint, "aria-label": speaking ? "要说的话" : "输入消息",
      testid: `${this.side}-input`, enterkeyhint: "send",
      oninput: () => this.#edited(), onkeydown: (event) => this.#onKey(event), onfocus: () => this.#close(),
    });
  }

  #tool(name, label, testid, run) {
    return el("button", { class: "tool", type: "button", "aria-label": label, title: label, testid, onclick: run }, icon(name, 28));
  }

  /** Enter sends; not while an input method is composing (229 = Safari's late Enter), not with Shift. */
  #onKey(event) {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#submit();
  }

  #edited() {
    this.draft = this.field.value;
    this.onDraft(this.draft);
    this.#grow();
  }

  #grow() {
    const full = this.field.value.trim() !== "";
    this.node.classList.toggle("has-text", full);
    this.send.disabled = !full;
    this.field.style.height = "auto";
    if (this.field.scrollHeight) this.field.style.height = `${Math.min(TALLEST, this.field.scrollHeight)}px`;
  }

  #submit() {
    const text = this.field.value.trim();
    if (!text) return;
    this.setText("");
    if (this.mode === "voice") this.onVoice(text, spokenSeconds(text));
    else this.onText(text);
    this.field.focus({ preventScroll: true });
  }

  setText(text) {
    this.field.value = text;
    this.#edited();
  }

  #toggle(which) {
    if (!this.drawer.hidden && this.drawer.dataset.open === which) return this.#close();
    this.drawer.hidden = false;
    this.drawer.dataset.open = which;
    replace(this.drawer, which === "panel" ? this.#panel() : this.#smileys());
    this.drawer.querySelector("button").focus({ preventScroll: true });
    this.onDrawer();
  }

  #close() {
    this.drawer.hidden = true;
  }

  #panel() {
    return el("div", { class: "panel" }, this.panel.map((entry) =>
      el("button", { type: "button", class: "panel-entry", testid: entry.testid, onclick: () => { this.#close(); entry.run(); } },
        el("span", { class: "panel-icon" }, icon(entry.icon, 28)), entry.label)));
  }

  #smileys() {
    return el("div", { class: "smileys" }, SMILEYS.map((smiley) =>
      el("button", { type: "button", onclick: () => this.setText(this.field.value + smiley) }, smiley)));
  }
}
