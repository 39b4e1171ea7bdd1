// On a narrow window one pane is shown at a time; this is the switch and who counts as visible.

import { el, replace } from "./dom.js";

const PANES = [["customer", "顾客"], ["advisor", "导购"], ["calls", "日志"]];
// Below this width only one pane fits; layout.css says the same.
const NARROW = matchMedia("(max-width: 759px)");

export function setUpPanes(root, store, phones) {
  const draw = () => {
    const shown = document.body.dataset.pane;
    for (const [name, phone] of Object.entries(phones)) phone.setVisible(!NARROW.matches || name === shown);
    replace(root, PANES.map(([name, label]) => el("button", {
      type: "button", "aria-pressed": String(name === shown), testid: `pane-${name}`, onclick: () => show(name),
    }, label, waiting(store, phones, name) && el("i", { class: "dot" }))));
  };
  const show = (name) => {
    document.body.dataset.pane = name;
    draw();
    root.querySelector("[aria-pressed=true]").focus({ preventScroll: true });
  };
  NARROW.addEventListener("change", draw);
  store.on("state", draw);
  store.on("chat", () => NARROW.matches && draw());
  draw();
}

function waiting(store, phones, name) {
  const phone = phones[name];
  return Boolean(phone?.person) && store.unread(phone.key()) > 0;
}
