// Places and codes a person can choose from on a phone.

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { openSheet, sheetPart, sheetRow } from "./sheet.js";

// Latitude and longitude in degrees (GCJ-02, as WeChat sends them).
const PLACES = [
  { label: "杭州西湖", latitude: 30.2460, longitude: 120.1480 },
  { label: "武林广场", latitude: 30.2766, longitude: 120.1651 },
  { label: "上海静安寺", latitude: 31.2231, longitude: 121.4452 },
];

const round = (name) => el("span", { class: "sheet-icon" }, icon(name, 24));

export function choosePlace(host, onPick) {
  openSheet(host, "发送位置", (close) => el("div", { class: "sheet-body" }, PLACES.map((place) =>
    sheetRow({
      picture: round("pin"), name: place.label, hint: `${place.latitude.toFixed(4)}, ${place.longitude.toFixed(4)}`,
      testid: "place-option", onpick: () => { close(); onPick(place); },
    }))));
}

/** The codes lying about in the shop; `friends` are the userids already added. */
export function chooseCode(host, { codes, members, friends, onAccount, onContact }) {
  const row = (close, picture, name, hint, pick) =>
    sheetRow({ picture: round(picture), name, hint, testid: "code-option", onpick: () => { close(); pick(); } });
  const known = (userid) => (friends.includes(userid) ? "已添加 · 企业微信名片" : "企业微信名片");
  openSheet(host, "扫一扫", (close) => el("div", { class: "sheet-body" },
    sheetPart("公众号二维码", codes.filter((code) => code.kind === "oa").map((code) =>
      row(close, "code", code.label, code.scene, () => onAccount(code)))),
    sheetPart("导购的联系二维码", codes.filter((code) => code.kind === "contact").map((code) =>
      row(close, "card", code.label, code.scene || "带渠道参数", () => onContact({ config_id: code.id })))),
    sheetPart("导购的名片", members.map((member) =>
      row(close, "card", member.name, known(member.userid), () => onContact({ userid: member.userid }))))));
}
