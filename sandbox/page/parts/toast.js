// Short notices at the bottom of the window.

import { el } from "./dom.js";
import { icon } from "./icons.js";

// Long enough to read one sentence twice, ms.
const SHOWN_MS = 4200;

export function toast(text, kind = "plain") {
  const mark = kind === "bad" ? el("span", { class: "toast-mark" }, "!") : icon("check", 18);
  const node = el("div", { class: `toast toast-${kind}`, testid: "toast" }, mark, el("span", {}, text));
  document.getElementById("toasts").append(node);
  setTimeout(() => node.remove(), SHOWN_MS);
}
