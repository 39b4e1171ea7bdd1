// Avatars made of a name's last letter on a quiet colour, and of an icon for accounts.

import { el } from "./dom.js";
import { icon } from "./icons.js";

// Muted jewel tones; white letters keep a contrast of at least 4.5 on each.
const TONES = ["#8a5a6b", "#4f6d8a", "#5d7052", "#8a6a3f", "#6b5b8a", "#3f7672", "#93574a", "#546174"];

function tone(seed) {
  let mixed = 2166136261;
  for (const letter of seed) mixed = Math.imul(mixed ^ letter.codePointAt(0), 16777619) >>> 0;
  return TONES[(mixed >>> 7) % TONES.length];
}

export function personAvatar(name, seed = name) {
  const node = el("span", { class: "avatar", "aria-hidden": "true" }, [...(name || "?")].at(-1));
  node.style.backgroundColor = tone(seed);
  return node;
}

export function accountAvatar(kind) {
  const pictures = { oa: "diamond", kf: "headset", wecom: "shop" };
  return el("span", { class: `avatar avatar-${kind}`, "aria-hidden": "true" }, icon(pictures[kind], 26));
}
