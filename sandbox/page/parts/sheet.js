// Sheets that rise from a phone's lower edge: choices, forms; Escape or a touch outside closes.

import { el } from "./dom.js";
import { icon } from "./icons.js";

/** Opens a sheet inside `host`; `fill(close)` gives its body. Returns the closing function. */
export function openSheet(host, title, fill) {
  const before = document.activeElement;
  const close = () => {
    veil.remove();
    if (before?.isConnected) before.focus({ preventScroll: true });
  };
  const head = el("div", { class: "sheet-head" }, el("h2", {}, title),
    el("button", { class: "plain-button", type: "button", "aria-label": "关闭", onclick: close }, icon("close", 20)));
  const sheet = el("div", { class: "sheet", role: "dialog", "aria-modal": "true", "aria-label": title, testid: "sheet" }, head);
  const veil = el("div", { class: "veil" }, sheet);
  sheet.append(fill(close));
  veil.addEventListener("click", (event) => event.target === veil && close());
  veil.addEventListener("keydown", (event) => onKey(event, sheet, close));
  host.append(veil);
  (sheet.querySelector("input, .sheet-row") ?? sheet.querySelector("button")).focus({ preventScroll: true });
  return close;
}

function onKey(event, sheet, close) {
  if (event.key === "Escape" && !event.isComposing) {
    event.stopPropagation();
    close();
  }
  if (event.key === "Tab") keepInside(event, sheet);
  if (event.key === "ArrowDown" || event.key === "ArrowUp") step(event, sheet);
}

function keepInside(event, sheet) {
  const stops = [...sheet.querySelectorAll("button:not(:disabled), input, a[href]")];
  const end = event.shiftKey ? stops[0] : stops.at(-1);
  if (document.activeElement !== end) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0]).focus();
}

function step(event, sheet) {
  const rows = [...sheet.querySelectorAll(".sheet-row")];
  const at = rows.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  if (!rows[at]) return;
  event.preventDefault();
  rows[at].focus();
}

/** A row of a sheet: picture, name, a grey line, an optional mark at the right. */
export function sheetRow({ picture, name, hint, mark, testid, attributes, onpick }) {
  return el("button", { class: "sheet-row", type: "button", testid, ...attributes, onclick: onpick },
    picture,
    el("span", { class: "sheet-words" }, el("span", { class: "sheet-name" }, name), hint && el("span", { class: "sheet-hint" }, hint)),
    mark);
}

export const sheetPart = (title, rows) =>
  rows.length > 0 && el("div", { class: "sheet-part" }, el("h3", {}, title), rows);

/** A sheet that asks before something that cannot be taken back. */
export function confirmSheet(host, title, words, label, onYes) {
  openSheet(host, title, (close) => el("div", { class: "sheet-body" }, el("p", {}, words),
    el("button", { class: "big-button danger", type: "button", testid: "confirm", onclick: () => { close(); onYes(); } }, label),
    el("button", { class: "big-button quiet", type: "button", onclick: close }, "再想想")));
}
