// The cards a customer sees instead of a chat: not following yet, no advisor yet.

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { accountAvatar } from "./avatars.js";

const button = (look, testid, label, run) => el("button", { class: `big-button ${look}`, type: "button", testid, onclick: run }, label);

export function followCard(name, onFollow, onScan) {
  return el("div", { class: "profile", testid: "follow-card" }, accountAvatar("oa"),
    el("div", { class: "profile-name" }, name),
    el("div", { class: "profile-line" }, "珠宝养护、试戴预约、会员服务"),
    button("green", "follow", "关注", onFollow),
    button("quiet", "scan", "扫一扫店里的二维码", onScan));
}

export function addCard(onScan) {
  return el("div", { class: "profile", testid: "add-card" }, el("span", { class: "sheet-icon" }, icon("card", 30)),
    el("div", { class: "profile-name" }, "还没有添加导购"),
    el("div", { class: "profile-line" }, "扫导购的企业微信码，就能在这里收到她的消息"),
    button("green", "scan", "扫一扫", onScan));
}
