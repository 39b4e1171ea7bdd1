// The menu bar of an official account or a WeCom application: up to three buttons with sub-menus.

import { el, link, safeUrl } from "./dom.js";
import { icon } from "./icons.js";

export function menuBar({ side, buttons, back, onKey, onView }) {
  const bar = el("div", { class: "menu-bar", testid: `${side}-menu` }, back);
  const closeAll = () => bar.querySelectorAll("[aria-expanded=true]").forEach((open) => open.setAttribute("aria-expanded", "false"));
  const pick = (entry) => {
    closeAll();
    if (entry.type === "view") onView(entry.url);
    else onKey(entry);
  };
  bar.append(...buttons.map((button) => slot(button, pick, closeAll)));
  bar.addEventListener("keydown", (event) => event.key === "Escape" && closeAll());
  bar.addEventListener("focusout", (event) => bar.contains(event.relatedTarget) || closeAll());
  return bar;
}

function slot(button, pick, closeAll) {
  const below = button.sub_button ?? [];
  if (below.length === 0) return el("div", { class: "menu-slot" }, entry(button, pick));
  const toggle = el("button", { type: "button", class: "menu-entry", testid: "menu-item", "aria-haspopup": "true", "aria-expanded": "false" },
    icon("menu", 14), el("span", {}, button.name));
  toggle.addEventListener("click", () => {
    const open = toggle.getAttribute("aria-expanded") === "true";
    closeAll();
    toggle.setAttribute("aria-expanded", String(!open));
  });
  return el("div", { class: "menu-slot" }, toggle, el("div", { class: "sub-menu" }, below.map((one) => entry(one, pick))));
}

function entry(button, pick) {
  const url = button.type === "view" ? safeUrl(button.url) : null;
  const props = { class: "menu-entry", testid: "menu-item", "data-key": button.key, onclick: () => pick(button) };
  if (url) return link(url, props, el("span", {}, button.name));
  return el("button", { type: "button", ...props }, el("span", {}, button.name));
}
