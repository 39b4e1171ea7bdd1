// The bar at the top: the sandbox's clock and how to move it, connection, theme.

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { change } from "./deeds.js";
import { clockSeconds, fieldValue, iso, longDate, nextMemberDay } from "./moments.js";
import { themeButton } from "./theme.js";

const HOUR = 3600;
const DAY = 24 * HOUR;
const STEPS = [
  ["+1 小时", HOUR, "clock-hour"],
  ["+1 天", DAY, "clock-day"],
  ["+1 年", 365 * DAY, "clock-year"],
];

export class Topbar {
  constructor(root, store) {
    this.store = store;
    this.date = el("span", { class: "clock-date" });
    this.time = el("span", { class: "clock-time" });
    this.moved = el("span", { class: "moved", hidden: true, testid: "clock-moved" }, "已拨动");
    this.link = el("span", { class: "link", role: "img", testid: "connection" });
    this.controls = this.#controls();
    root.append(this.#clock(), this.controls, el("span", { class: "spring" }), this.moved, this.link, themeButton());
    store.on("state", () => (this.moved.hidden = !store.state.clock.moved));
    store.on("online", () => this.#showLink());
    store.on("clock", () => this.tick());
    this.tick();
    this.#showLink();
  }

  #clock() {
    return el("button", { class: "clock", type: "button", testid: "clock", title: "沙盒的时钟：点开可以拨动", "aria-expanded": "false", onclick: () => this.#unfold() },
      icon("clock", 18), this.date, this.time);
  }

  #unfold() {
    const open = this.controls.classList.toggle("open");
    document.querySelector("[data-testid=clock]").setAttribute("aria-expanded", String(open));
  }

  #controls() {
    this.field = el("input", { type: "datetime-local", "aria-label": "拨到这个时间", testid: "clock-field", step: "60" });
    this.field.addEventListener("focus", () => !this.field.value && (this.field.value = fieldValue(this.store.now())));
    const set = (event) => {
      event.preventDefault();
      if (this.field.value) this.#move({ now: `${this.field.value}:00+08:00` });
    };
    return el("div", { class: "clock-controls", role: "group", "aria-label": "拨动时钟" },
      el("button", { type: "button", class: "chip strong", testid: "clock-8th", onclick: () => this.#move({ now: iso(nextMemberDay(this.store.now())) }) }, "到 8 号上午 10 点"),
      STEPS.map(([label, seconds, testid]) => el("button", { type: "button", class: "chip", testid, onclick: () => this.#move({ advance_seconds: seconds }) }, label)),
      el("form", { class: "clock-form", onsubmit: set }, this.field, el("button", { type: "submit", class: "chip", testid: "clock-set" }, "拨到")),
      el("button", { type: "button", class: "chip", testid: "clock-reset", onclick: () => this.#move({ reset: true }) }, "回到现在"));
  }

  async #move(wish) {
    const clock = await change("/clock", wish);
    if (clock) this.store.setClock(clock.now);
  }

  tick() {
    const now = this.store.now();
    this.date.textContent = longDate(now);
    this.time.textContent = clockSeconds(now);
  }

  #showLink() {
    const { online } = this.store;
    const words = online === null ? "正在连接沙盒" : online ? "已连接沙盒" : "和沙盒的连接断了，正在重连";
    this.link.dataset.online = String(online);
    this.link.setAttribute("aria-label", words);
    this.link.title = words;
  }
}
