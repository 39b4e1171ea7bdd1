// WeCom's template cards: notices, buttons, selects, check boxes, the menu in the corner.

import { el, link, pictureUrl, safeUrl } from "./dom.js";
import { icon } from "./icons.js";

let boxes = 0;

function source(card) {
  if (!card.source && !card.action_menu) return null;
  const picture = pictureUrl(card.source?.icon_url);
  return el("div", { class: "tcard-source" },
    picture && el("img", { src: picture, alt: "" }),
    el("span", { class: `tint-${card.source?.desc_color ?? 0}` }, card.source?.desc ?? ""));
}

function heading(card) {
  const { main_title: main, emphasis_content: big, quote_area: quote } = card;
  return [
    main && el("div", { class: "tcard-title" }, main.title ?? ""),
    main?.desc && el("div", { class: "tcard-desc" }, main.desc),
    big && el("div", { class: "tcard-big" }, el("b", {}, big.title ?? ""), el("span", {}, big.desc ?? "")),
    quote && el("div", { class: "tcard-quote" }, el("b", {}, quote.title ?? ""), el("div", {}, quote.quote_text ?? "")),
    card.sub_title_text && el("div", { class: "tcard-sub" }, card.sub_title_text),
  ];
}

function pictures(card) {
  const large = pictureUrl(card.card_image?.url);
  const area = card.image_text_area;
  const small = pictureUrl(area?.image_url);
  return [
    large && el("img", { class: "tcard-image", src: large, alt: "" }),
    area && el("div", { class: "tcard-area" },
      small && el("img", { src: small, alt: "" }),
      el("div", {}, el("b", {}, area.title ?? ""), el("div", {}, area.desc ?? ""))),
  ];
}

function rows(card) {
  const across = (card.horizontal_content_list ?? []).map((row) => {
    const url = row.type === 1 ? safeUrl(row.url) : null;
    return el("div", { class: "field" }, el("dt", {}, row.keyname),
      el("dd", {}, url ? link(url, {}, row.value || "查看") : row.value ?? ""));
  });
  const down = (card.vertical_content_list ?? []).map((row) =>
    el("div", { class: "tcard-below" }, el("b", {}, row.title), el("div", {}, row.desc ?? "")));
  return [across.length > 0 && el("dl", {}, across), down];
}

function jumps(card) {
  return (card.jump_list ?? []).map((jump) => {
    const url = safeUrl(jump.url);
    const inside = [el("span", {}, jump.title), icon("right", 14)];
    return url ? link(url, { class: "tcard-jump" }, inside) : el("div", { class: "tcard-jump" }, inside);
  });
}

const selectsOf = (card) => [...(card.select_list ?? []), ...(card.button_selection ? [card.button_selection] : [])];

function select(choice, closed) {
  const options = (choice.option_list ?? []).map((option) =>
    el("option", { value: option.id, selected: option.id === choice.selected_id }, option.text));
  return el("label", { class: "tcard-select" }, el("span", {}, choice.title ?? ""),
    el("select", { name: choice.question_key, disabled: closed || choice.disable === true, testid: "card-select" }, options));
}

function checkbox(box, closed, group) {
  const type = box.mode === 0 ? "radio" : "checkbox";
  const ticked = (option) => option.is_checked === true || option.id === box.selected_id;
  return el("fieldset", { class: "tcard-boxes" }, (box.option_list ?? []).map((option) =>
    el("label", {},
      el("input", { type, name: group, value: option.id, checked: ticked(option), disabled: closed || box.disable === true, testid: "card-option" }),
      el("span", {}, option.text))));
}

/** What is chosen on the card now: question key -> option ids. */
function chosen(node, card) {
  const selected = {};
  for (const field of node.querySelectorAll("select")) selected[field.name] = [field.value];
  if (card.checkbox) {
    selected[card.checkbox.question_key] = [...node.querySelectorAll("fieldset input:checked")].map((box) => box.value);
  }
  return selected;
}

function buttonsOf(card) {
  if (card.submit_button) return [{ ...card.submit_button, style: 1 }];
  return card.button_list ?? [];
}

function buttons(card, done, press) {
  if (done) return el("div", { class: "tcard-buttons" }, el("button", { type: "button", disabled: true, testid: "card-done" }, done));
  const built = buttonsOf(card).map((button) => {
    const url = button.type === 1 ? safeUrl(button.url) : null;
    const look = `tcard-button style-${button.style ?? 1}`;
    if (url) return link(url, { class: look }, button.text);
    return el("button", { type: "button", class: look, testid: "card-button", "data-key": button.key, onclick: () => press(button.key) }, button.text);
  });
  return built.length > 0 && el("div", { class: `tcard-buttons count-${Math.min(built.length, 3)}` }, built);
}

function cornerMenu(card, press) {
  if (!card.action_menu) return null;
  const actions = (card.action_menu.action_list ?? []).map((action) =>
    el("button", { type: "button", testid: "card-action", onclick: (event) => { event.currentTarget.closest("details").open = false; press(action.key); } }, action.text));
  return el("details", { class: "tcard-corner" },
    el("summary", { "aria-label": card.action_menu.desc || "更多操作" }, icon("more", 20)),
    el("div", { class: "tcard-actions" }, actions));
}

/** Runs a deed of a card; meanwhile the card takes no further touch. */
async function busyWhile(node, deed) {
  node.classList.add("busy");
  await deed();
  node.classList.remove("busy");
}

/** A mass send that waits for this member's own "send". */
export function massTask(message, act) {
  const node = el("div", { class: "paper tcard", testid: "mass-task", "data-msgid": message.msgid });
  const send = () => busyWhile(node, () => act.confirm(message.msgid));
  const button = el("button", { type: "button", class: "style-1", testid: message.done ? "mass-done" : "mass-confirm", disabled: Boolean(message.done), onclick: send }, message.done || "确认发送");
  node.append(
    el("div", { class: "tcard-source" }, "客户联系 · 群发任务"),
    el("div", { class: "tcard-title" }, `发给 ${message.customers ?? 0} 位客户`),
    el("div", { class: "tcard-quote" }, message.content || "[图片或链接]"),
    el("div", { class: "tcard-buttons" }, button));
  return node;
}

export function templateCard(message, act) {
  const card = message.card ?? {};
  const done = message.done ?? null;
  const node = el("div", { class: "paper tcard", testid: "card", "data-task": message.task_id ?? "" });
  const press = (key) => busyWhile(node, () => act.card(message, key, chosen(node, card)));
  const closed = done !== null;
  const url = card.card_action?.type === 1 ? safeUrl(card.card_action.url) : null;
  boxes += 1;
  node.append(...[
    source(card), cornerMenu(card, press), heading(card), pictures(card), rows(card),
    selectsOf(card).map((choice) => select(choice, closed)),
    card.checkbox && checkbox(card.checkbox, closed, `boxes-${boxes}`),
    jumps(card), buttons(card, done, press),
    url && link(url, { class: "tcard-jump" }, el("span", {}, "查看详情"), icon("right", 14)),
  ].flat(Infinity).filter(Boolean));
  return node;
}
