// One node per kind of message: the table KINDS is the list of all that can be shown.

import { el, link, pictureUrl, safeUrl } from "./dom.js";
import { icon } from "./icons.js";
import { cardDescription, chatText, markdown, tapButton } from "./rich.js";
import { massTask, templateCard } from "./template-card.js";

// A voice bubble grows with its length, as in WeChat: 84 px for a second, 210 px for a minute.
const voiceWidth = (seconds) => 84 + Math.min(60, seconds) * 2.1;

const bubble = (kind, ...children) => el("div", { class: `bubble bubble-${kind}` }, ...children);

function text(message, act) {
  return bubble("text", chatText(message.content, act.tap));
}

function image(message) {
  const url = pictureUrl(message.url);
  if (!url) return bubble("text", "[图片]");
  return link(url, { class: "picture", "aria-label": "看大图" }, el("img", { src: url, alt: "图片", loading: "lazy" }));
}

function voice(message) {
  const seconds = message.seconds ?? 1;
  const sound = bubble("voice", icon("waves", 20), el("span", { "aria-label": `语音 ${seconds} 秒` }, `${seconds}″`));
  sound.style.width = `${voiceWidth(seconds)}px`;
  const heard = message.recognition && el("div", { class: "heard" }, message.recognition);
  return el("div", { class: "voice" }, sound, heard);
}

function video(message) {
  const url = pictureUrl(message.url);
  return bubble("text", "[视频] ", message.title ?? "", url && link(url, {}, "打开"));
}

function location(message) {
  const place = `${Number(message.latitude).toFixed(4)}, ${Number(message.longitude).toFixed(4)}`;
  return el("div", { class: "paper location" },
    el("div", { class: "location-name" }, message.label || "位置"),
    el("div", { class: "location-place" }, place),
    el("div", { class: "map" }, icon("pin", 34)));
}

function linkCard(message) {
  return articleCard(message, "paper link-card");
}

function articleCard(article, look) {
  const url = safeUrl(article.url);
  const picture = pictureUrl(article.picurl);
  const inside = [
    el("div", { class: "article-words" },
      el("div", { class: "article-title" }, article.title ?? ""),
      article.description && el("div", { class: "article-text" }, article.description)),
    picture && el("img", { src: picture, alt: "", loading: "lazy" }),
  ];
  return url ? link(url, { class: look }, inside) : el("div", { class: look }, inside);
}

function news(message) {
  const articles = message.articles ?? [];
  const [first, ...rest] = articles;
  if (!first) return bubble("text", "[图文]");
  return el("div", { class: "paper news" }, articleCard(first, "news-first"), rest.map((one) => articleCard(one, "news-row")));
}

function msgmenu(message, act) {
  const items = (message.items ?? []).map((item) => el("li", {}, menuItem(item, act)));
  return bubble("text",
    message.head && el("div", {}, chatText(message.head, act.tap)),
    el("ul", { class: "tap-list" }, items),
    message.tail && el("div", {}, chatText(message.tail, act.tap)));
}

function menuItem(item, act) {
  const url = safeUrl(item.url);
  if (url) return link(url, {}, item.content);
  return item.id === undefined || item.id === null ? item.content : tapButton(item.content, () => act.tap(String(item.id), item.content));
}

const detailRow = () => el("div", { class: "paper-more" }, el("span", {}, "详情"), icon("right", 16));

function template(message) {
  const url = safeUrl(message.url);
  const fields = (message.fields ?? []).map((field) =>
    el("div", { class: "field" }, el("dt", {}, field.name), el("dd", {}, field.value)));
  const inside = [el("div", { class: "template-title" }, message.title ?? ""), el("dl", {}, fields), url && detailRow()];
  return url ? link(url, { class: "paper template" }, inside) : el("div", { class: "paper template" }, inside);
}

/** A mass message is one of the ordinary kinds; on a member's phone it is a task that he sends or leaves. */
function mass(message, act) {
  return message.msgid ? massTask(message, act) : messageBody({ ...message, type: message.kind ?? "text" }, act);
}

function textcard(message) {
  const url = safeUrl(message.url);
  const inside = [
    el("div", { class: "template-title" }, message.title ?? ""),
    el("div", { class: "textcard-words" }, cardDescription(message.description)),
    url && el("div", { class: "paper-more" }, el("span", {}, message.btntxt || "详情"), icon("right", 16)),
  ];
  return url ? link(url, { class: "paper textcard" }, inside) : el("div", { class: "paper textcard" }, inside);
}

const KINDS = {
  text, image, voice, video, location, link: linkCard, news, msgmenu, template, mass, textcard,
  card: templateCard,
  markdown: (message) => el("div", { class: "bubble bubble-text markdown" }, markdown(message.content)),
};

// On an official account's screen these fill the width and carry no avatar.
const WIDE_ON_ACCOUNT = new Set(["news", "template"]);

export const isWide = (message, surface) => surface === "oa" && WIDE_ON_ACCOUNT.has(message.kind ?? message.type);

/** The body of a message; `act` has tap(id, content), card(message, key, selected) and confirm(msgid). */
export function messageBody(message, act) {
  const build = KINDS[message.type];
  return build ? build(message, act) : bubble("text", `[${message.type}]`);
}

const PREVIEWS = {
  image: () => "[图片]", voice: () => "[语音]", video: () => "[视频]", location: (m) => `[位置] ${m.label ?? ""}`,
  link: (m) => `[链接] ${m.title ?? ""}`, news: (m) => `[图文] ${m.articles?.[0]?.title ?? ""}`,
  msgmenu: (m) => m.head ?? "[菜单]", template: (m) => `[服务通知] ${m.title ?? ""}`,
  mass: (m) => (m.msgid ? `[群发任务] ${m.content ?? ""}` : preview({ ...m, type: m.kind })),
  card: (m) => `[卡片] ${m.card?.main_title?.title ?? ""}`, textcard: (m) => m.title ?? "",
};

/** One line for the list of chats. */
export function preview(message) {
  const text = PREVIEWS[message.type]?.(message) ?? message.content ?? "";
  return String(text).replace(/<[^>]*>/g, "").replace(/\s+/g, " ").slice(0, 60);
}
