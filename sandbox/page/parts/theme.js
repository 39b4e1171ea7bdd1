// Light, dark, or as the system says; the choice is kept in this browser.

import { el, replace } from "./dom.js";
import { icon } from "./icons.js";
import { remember, remembered } from "./memory.js";

const CHOICES = { auto: ["auto", "跟随系统"], light: ["sun", "浅色"], dark: ["moon", "深色"] };
const NAMES = Object.keys(CHOICES);
const SYSTEM_DARK = matchMedia("(prefers-color-scheme: dark)");

function apply(choice) {
  const followed = SYSTEM_DARK.matches ? "dark" : "light";
  document.documentElement.dataset.theme = choice === "auto" ? followed : choice;
}

/** The button that goes round auto, light, dark. */
export function themeButton() {
  const button = el("button", { class: "plain-button", type: "button", testid: "theme" });
  let choice = NAMES.includes(remembered("theme")) ? remembered("theme") : "auto";
  const show = () => {
    const [picture, label] = CHOICES[choice];
    apply(choice);
    replace(button, icon(picture, 20));
    button.setAttribute("aria-label", `外观：${label}`);
    button.title = `外观：${label}`;
  };
  button.addEventListener("click", () => {
    choice = NAMES[(NAMES.indexOf(choice) + 1) % NAMES.length];
    remember("theme", choice);
    show();
  });
  SYSTEM_DARK.addEventListener("change", () => apply(choice));
  show();
  return button;
}
