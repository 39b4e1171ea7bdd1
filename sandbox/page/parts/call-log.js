// The log of all calls between the platforms and the bot, newest first.

import { el, replace } from "./dom.js";
import { clockSeconds } from "./moments.js";

const NAMES = { oa: "公众号", wecom: "企微", kf: "客服", contact: "联系" };

/** A call that was refused, or a push without a usable answer: then the code is not 0. */
export const isError = (call) => Number(call.errcode ?? 0) !== 0;

export class CallLog {
  constructor(root, store) {
    this.store = store;
    this.count = el("span", { class: "calls-count" });
    this.only = el("input", { type: "checkbox", testid: "calls-errors", onchange: () => this.#all() });
    this.rows = el("ol", { class: "calls-rows", testid: "calls" });
    root.append(
      el("div", { class: "calls-head" }, el("button", { class: "calls-title", type: "button", testid: "calls-toggle", "aria-expanded": "false", onclick: () => this.#unfold(root) }, el("h2", {}, "调用日志"), this.count),
        el("label", { class: "calls-filter" }, this.only, "只看出错")),
      this.rows);
    store.on("calls", () => this.#all());
    store.on("call", (call) => this.#add(call));
  }

  #unfold(root) {
    const open = root.classList.toggle("open");
    root.querySelector(".calls-title").setAttribute("aria-expanded", String(open));
  }

  #shown(call) {
    return !this.only.checked || isError(call);
  }

  #all() {
    const rows = this.store.calls.filter((call) => this.#shown(call)).reverse().map(row);
    replace(this.rows, rows);
    if (rows.length === 0) this.rows.append(el("li", { class: "calls-none" }, this.only.checked ? "没有出错的调用" : "还没有调用"));
    this.#counted();
  }

  #add(call) {
    this.#counted();
    if (!this.#shown(call)) return;
    this.rows.querySelector(".calls-none")?.remove();
    this.rows.prepend(row(call));
    while (this.rows.childElementCount > this.store.calls.length) this.rows.lastElementChild.remove();
  }

  #counted() {
    const errors = this.store.calls.filter(isError).length;
    replace(this.count, `${this.store.calls.length} 次`, errors > 0 && el("b", {}, ` · ${errors} 次出错`));
  }
}

/** The part of a path that tells one call from another. */
const tellingPath = (path) => path.replace(/^\/(?:oa|wecom)(?=\/)/, "").replace(/^\/(?:cgi-bin|webhooks)\//, "").split("?")[0];

function row(call) {
  const bad = isError(call);
  const pushed = call.direction === "push";
  const code = call.errcode ?? "—";
  return el("li", { testid: "call", "data-error": String(bad) }, el("details", { class: `call ${bad ? "bad" : ""}` },
    el("summary", {},
      el("span", { class: "call-at" }, clockSeconds(Date.parse(call.at))),
      el("span", { class: `call-way ${pushed ? "push" : "in"}`, title: pushed ? "平台推送给机器人" : "机器人调用平台" }, pushed ? "推送" : "调用"),
      el("span", { class: "call-path" }, el("i", {}, NAMES[call.surface] ?? call.surface), pushed && call.detail ? call.detail : tellingPath(call.path)),
      el("span", { class: "call-code" }, String(code)),
      el("span", { class: "call-ms" }, `${Math.round(call.ms ?? 0)} ms`)),
    el("div", { class: "call-detail" }, el("div", { class: "call-full" }, call.path), call.errmsg && el("div", { class: "call-errmsg" }, call.errmsg), call.detail && el("div", {}, call.detail))));
}
