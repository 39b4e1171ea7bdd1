// Text of a message as nodes: links of the platform, bare addresses, a small markdown, textcard descriptions.

import { el, link, safeUrl } from "./dom.js";

const ANCHOR = /<a\b([^>]*)>([\s\S]*?)<\/a>/gi;
// Stops before Chinese text and punctuation, which often follow an address without a space.
const ADDRESS = /https?:\/\/[^\s<>"'\u3000-\u9fff\uff00-\uffef]+/g;
const ENTITIES = { "&amp;": "&", "&lt;": "<", "&gt;": ">", "&quot;": '"', "&#39;": "'" };

const plain = (text) => text.replace(/&(?:amp|lt|gt|quot|#39);/g, (found) => ENTITIES[found]);

/** Splits text by a global pattern; `inside(match)` and `outside(text)` give nodes. */
function split(text, pattern, inside, outside) {
  const nodes = [];
  let last = 0;
  for (const match of text.matchAll(pattern)) {
    if (match.index > last) nodes.push(outside(text.slice(last, match.index)));
    nodes.push(inside(match));
    last = match.index + match[0].length;
  }
  if (last < text.length) nodes.push(outside(text.slice(last)));
  return nodes.flat();
}

function withAddresses(text) {
  return split(text, ADDRESS, ([url]) => link(safeUrl(url) ?? "#", {}, url), (rest) => [rest]);
}

function tapOf(href) {
  const query = href.match(/^weixin:\/\/bizmsgmenu\?(.*)$/i)?.[1];
  if (!query) return null;
  // "+" is a plus here, as the client takes it; only percent signs are decoded.
  const values = new URLSearchParams(query.replaceAll("+", "%2B"));
  return { id: values.get("msgmenuid") ?? "", content: values.get("msgmenucontent") ?? "" };
}

export function tapButton(label, onTap) {
  return el("button", { class: "tap", type: "button", testid: "tap", onclick: onTap }, label);
}

function anchor([, attributes, label], onTap) {
  const found = attributes.match(/href\s*=\s*(?:"([^"]*)"|'([^']*)')/i);
  const href = plain(found?.[1] ?? found?.[2] ?? "");
  const tap = tapOf(href);
  if (tap) return tapButton(label, () => onTap(tap.id, tap.content || label));
  const url = safeUrl(href);
  return url ? link(url, {}, label) : label;
}

/** A chat text: `<a href>` of the two allowed kinds and bare addresses become links, all else stays text. */
export function chatText(text, onTap) {
  return split(String(text ?? ""), ANCHOR, (match) => anchor(match, onTap), withAddresses);
}

// Inline marks of WeCom's markdown: link, bold, code, coloured font.
const INLINE = /\[([^\]]+)\]\(([^)\s]+)\)|\*\*([^*]+)\*\*|`([^`]+)`|<font color="?'?(info|comment|warning)'?"?>([\s\S]*?)<\/font>/g;

function inlineMark([whole, label, url, bold, code, colour, coloured]) {
  if (url) return safeUrl(url) ? link(safeUrl(url), {}, label) : whole;
  if (bold) return el("strong", {}, inline(bold));
  if (code) return el("code", {}, code);
  return el("span", { class: `md-${colour}` }, inline(coloured));
}

const inline = (text) => split(text, INLINE, inlineMark, withAddresses);

const LINES = [
  [/^(#{1,6})\s+(.*)$/, ([, marks, text]) => el("div", { class: `md-h md-h${marks.length}` }, inline(text))],
  [/^>\s?(.*)$/, ([, text]) => el("blockquote", {}, inline(text))],
  [/^\s*[-*]\s+(.*)$/, ([, text]) => el("div", { class: "md-item" }, inline(text))],
  [/^\s*(\d+)\.\s+(.*)$/, ([, number, text]) => el("div", { class: "md-item", "data-mark": `${number}.` }, inline(text))],
  [/^\s*$/, () => el("div", { class: "md-gap" })],
];

function markdownLine(text) {
  for (const [pattern, build] of LINES) {
    const match = text.match(pattern);
    if (match) return build(match);
  }
  return el("div", {}, inline(text));
}

export const markdown = (text) => String(text ?? "").split(/\r?\n/).map(markdownLine);

const CARD_BLOCK = /<div\s+class\s*=\s*["']?(gray|normal|highlight)["']?\s*>([\s\S]*?)<\/div>|<br\s*\/?>/gi;

/** A textcard's description: div of class gray, normal or highlight, and br. */
export function cardDescription(text) {
  const block = ([, kind, inner]) => (kind ? el("div", { class: `tc-${kind.toLowerCase()}` }, inner) : el("br"));
  return split(String(text ?? ""), CARD_BLOCK, block, (rest) => [rest]);
}
