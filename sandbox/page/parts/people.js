// The sheet that changes whose phone this is.

import { el, replace } from "./dom.js";
import { openSheet, sheetRow } from "./sheet.js";
import { personAvatar } from "./avatars.js";
import { icon } from "./icons.js";

// A chain has many people; the sheet shows so many and lets the rest be searched.
const ROWS = 40;

/** `people`: [{id, name, hint, unread}] in the server's order. */
export function choosePerson(host, { title, people, current, onPick, extra }) {
  openSheet(host, title, (close) => {
    const rows = el("div", { class: "sheet-rows" });
    const show = (wanted) => replace(rows, matching(people, wanted).map((one) => row(one, current, () => { close(); onPick(one.id); })));
    show("");
    return el("div", { class: "sheet-body" }, people.length > 8 && searchField(show), extra?.(close), rows);
  });
}

function matching(people, wanted) {
  const text = wanted.trim().toLowerCase();
  return people.filter((one) => `${one.name} ${one.hint} ${one.id}`.toLowerCase().includes(text)).slice(0, ROWS);
}

function row(one, current, onpick) {
  const mark = one.id === current ? el("span", { class: "tick" }, icon("check", 20)) : one.unread > 0 && el("span", { class: "badge" }, String(one.unread));
  return sheetRow({
    picture: personAvatar(one.name, one.id), name: one.name, hint: one.hint, mark, onpick,
    testid: "persona-option", attributes: { "data-id": one.id, "aria-current": one.id === current ? "true" : null },
  });
}

function searchField(show) {
  return el("label", { class: "search" }, icon("search", 18),
    el("input", { type: "search", placeholder: "搜索", "aria-label": "搜索", testid: "persona-search", oninput: (event) => show(event.target.value) }));
}

/** The small form "新顾客…". */
export function strangerForm(onName) {
  return (close) => {
    const field = el("input", { type: "text", maxlength: "20", placeholder: "新顾客的名字", "aria-label": "新顾客的名字", testid: "stranger-name" });
    const submit = (event) => {
      event.preventDefault();
      if (!field.value.trim()) return;
      close();
      onName(field.value.trim());
    };
    return el("form", { class: "stranger", onsubmit: submit }, field,
      el("button", { class: "small-button", type: "submit", testid: "stranger-add" }, "新顾客"));
  };
}
