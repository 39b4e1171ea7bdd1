// The customer's phone: WeChat with the official account, the advisor's WeCom contact and the KF chat.

import { el } from "./dom.js";
import { icon } from "./icons.js";
import { accountAvatar, personAvatar } from "./avatars.js";
import { ChatPhone } from "./chat-phone.js";
import { chatRow, personaButton } from "./phone.js";
import { preview } from "./bubbles.js";
import { addCard, followCard } from "./customer-cards.js";
import { chooseCode, choosePlace } from "./places.js";
import { choosePerson, strangerForm } from "./people.js";
import { confirmSheet, openSheet, sheetRow } from "./sheet.js";
import { act, attempt, change, contactPath, kfPath, mediaForm, oaPath, pickPicture } from "./deeds.js";
import { chatKey } from "./store.js";
import { listLabel, shortDate } from "./moments.js";

const TABS = [["oa", "公众号"], ["contact", "导购微信"], ["kf", "客服"]];
const KF_NAME = "珠宝顾问";

export class CustomerPhone extends ChatPhone {
  surface = "oa";

  constructor(root, store) {
    super(root, store, "customer", { tap: (id, content) => this.#tap(id, content) });
  }

  get people() {
    return this.store.state.customers;
  }

  idOf(person) {
    return person.openid;
  }

  key(surface = this.surface) {
    return chatKey(surface, this.person.openid);
  }

  keys() {
    return TABS.map(([surface]) => this.key(surface));
  }

  get friends() {
    return this.person.friends ?? [];
  }

  #nameOf(userid) {
    return this.store.member(userid)?.name ?? userid;
  }

  #name(surface) {
    if (surface === "oa") return this.store.state.shop_name || "公众号";
    if (surface === "kf") return KF_NAME;
    return this.friends.length > 0 ? this.#nameOf(this.friends.at(-1)) : "还没有添加导购";
  }

  face(message) {
    if (message.from === "me") return personAvatar(this.person.name, this.person.openid);
    return this.surface === "contact" ? this.#advisorFace(message.userid) : accountAvatar(this.surface);
  }

  #advisorFace(userid = this.friends.at(-1)) {
    return userid ? personAvatar(this.#nameOf(userid), userid) : personAvatar("导购", "nobody");
  }

  choose(openid) {
    this.surface = "oa";
    super.choose(openid);
  }

  /** A person's touch on a chat; entering the KF chat is an event of its own. */
  open(surface) {
    const entering = surface === "kf" && (this.surface !== "kf" || this.home);
    Object.assign(this, { surface, home: false });
    this.render();
    if (entering) act(this.store, this.key(), kfPath(this.person.openid, "enter"), { scene: "sandbox" });
  }

  head() {
    const waiting = this.people.some((one) => one.openid !== this.id && this.#unreadOf(one.openid) > 0);
    const tab = ([surface, label]) => el("button", {
      type: "button", role: "tab", "aria-selected": String(!this.home && surface === this.surface), testid: `tab-${surface}`, onclick: () => this.open(surface),
    }, label, this.store.unread(this.key(surface)) > 0 && el("i", { class: "dot", role: "img", testid: `unread-${surface}`, "aria-label": "有未读消息" }));
    return [
      personaButton("customer", "顾客", this.person.name, this.id, waiting, () => this.#choosePersona()),
      el("div", { class: "tabs", role: "tablist", "aria-label": "会话" }, TABS.map(tab)),
    ];
  }

  #unreadOf(openid) {
    return TABS.reduce((sum, [surface]) => sum + this.store.unread(chatKey(surface, openid)), 0);
  }

  title() {
    if (this.home) return this.frame.setTitle({ name: "微信", more: { label: "扫一扫", picture: "scan", testid: "home-scan", run: () => this.#scan() } });
    const typing = this.store.chat(this.key()).pending > 0;
    const elsewhere = TABS.filter(([surface]) => surface !== this.surface);
    this.frame.setTitle({
      name: typing ? "对方正在输入…" : this.#name(this.surface),
      small: this.surface === "contact" && this.friends.length > 0 && !typing ? `@${this.store.state.shop_name}` : null,
      back: { label: "返回会话列表", testid: "customer-back", run: () => this.goHome() },
      more: { label: "聊天信息", testid: "customer-more", run: () => this.#more() },
      others: elsewhere.reduce((sum, [surface]) => sum + this.store.unread(this.key(surface)), 0),
    });
  }

  list() {
    const row = ([surface]) => {
      const last = this.store.chat(this.key(surface)).messages.at(-1);
      return chatRow({
        picture: surface === "contact" ? this.#advisorFace() : accountAvatar(surface),
        name: this.#name(surface), line: last ? preview(last) : this.#invitation(surface), unread: this.store.unread(this.key(surface)),
        when: last && listLabel(Date.parse(last.at), this.store.now()), testid: `open-${surface}`, onpick: () => this.open(surface),
      });
    };
    return el("div", { class: "chat-list" }, TABS.map(row));
  }

  #invitation(surface) {
    if (surface === "oa") return this.person.following ? "还没有消息" : "点开关注";
    if (surface === "kf") return "点开咨询";
    return this.friends.length > 0 ? "还没有消息" : "扫导购的企业微信码添加";
  }

  foot() {
    if (this.surface === "oa" && !this.person.following) return followCard(this.#name("oa"), () => this.#oa("follow", {}), () => this.#scan());
    return this.surface === "contact" && this.friends.length === 0 ? addCard(() => this.#scan()) : null;
  }

  footLine() {
    const { window: open, following } = this.person;
    const words = () => {
      if (!following) return "未关注：公众号不能发消息";
      if (!(open?.left > 0)) return "客服消息窗口已关";
      return `客服消息还可发 ${open.left} 条${open.until ? `，到 ${shortDate(Date.parse(open.until))}` : ""}`;
    };
    return el("span", { class: `window ${following && open?.left > 0 ? "open" : ""}`, title: open?.why ?? null }, words());
  }

  bottom() {
    if (this.surface === "contact") return { print: "private", build: () => el("div", { class: "read-only" }, "和导购的私聊不经过机器人，这里只看得到代发的消息") };
    if (this.surface === "oa" && !this.person.following) return { print: "stranger", build: () => null };
    const menu = this.surface === "oa" ? this.store.state.menu ?? [] : [];
    return { print: menu, build: () => this.compose(menu, this.#deeds()) };
  }

  #deeds() {
    const path = this.surface === "kf" ? kfPath : oaPath;
    const deed = (word, body) => act(this.store, this.key(), path(this.person.openid, word), body);
    return {
      panel: this.#panel(deed),
      onText: (content) => this.say(content, () => deed("text", { content })),
      // A KF chat is given no recognised words; there the spoken text goes as typed.
      onVoice: (recognition, seconds) => (this.surface === "kf" ? deed("text", { content: recognition }) : deed("voice", { recognition, seconds })),
      onMenu: (entry) => deed("menu", { key: entry.key }),
      onView: (url) => deed("view", { url }),
    };
  }

  #panel(deed) {
    const photo = { icon: "photo", label: "照片", testid: "photo", run: () => pickPicture((file) => deed("image", mediaForm(file))) };
    const scan = { icon: "scan", label: "扫一扫", testid: "scan", run: () => this.#scan() };
    if (this.surface === "kf") return [photo, scan];
    return [
      photo,
      { icon: "pin", label: "位置", testid: "location", run: () => choosePlace(this.frame.device, (place) => deed("location", place)) },
      scan,
      { icon: "leave", label: "取消关注", testid: "unfollow", run: () => this.#askUnfollow() },
    ];
  }

  #oa(word, body) {
    return act(this.store, this.key("oa"), oaPath(this.person.openid, word), body);
  }

  #contact(word, body) {
    return act(this.store, this.key("contact"), contactPath(this.person.openid, word), body);
  }

  #tap(id, content) {
    if (this.surface === "kf") return act(this.store, this.key(), kfPath(this.person.openid, "text"), { content, menu_id: id });
    return this.#oa("tap", { id, content });
  }

  #scan() {
    chooseCode(this.frame.device, {
      codes: this.store.state.codes, members: this.store.state.members, friends: this.friends,
      onAccount: (code) => { this.open("oa"); this.#oa("scan", { scene: code.scene }); },
      onContact: (whom) => { this.open("contact"); this.#contact("add", whom); },
    });
  }

  #askUnfollow() {
    confirmSheet(this.frame.device, "取消关注", "取消后不再收到这个公众号的消息。", "不再关注", () => this.#oa("unfollow", {}));
  }

  #more() {
    const sign = (name) => el("span", { class: "sheet-icon" }, icon(name, 24));
    openSheet(this.frame.device, this.#name(this.surface), (close) => {
      const row = (picture, name, testid, run) => sheetRow({ picture, name, testid, onpick: () => { close(); run(); } });
      return el("div", { class: "sheet-body" },
        row(sign("scan"), "扫一扫", null, () => this.#scan()),
        this.surface === "oa" && this.person.following && row(sign("clock"), "同意接收一次提醒", "grant", () => this.#oa("grant", { answer: "accept" })),
        this.surface === "oa" && this.person.following && row(sign("leave"), "取消关注", null, () => this.#askUnfollow()),
        this.surface === "contact" && this.friends.map((userid) =>
          row(personAvatar(this.#nameOf(userid), userid), `删除 ${this.#nameOf(userid)}`, "delete-friend", () => this.#contact("delete", { userid }))));
    });
  }

  #hint(person) {
    const friends = (person.friends ?? []).map((userid) => this.#nameOf(userid));
    return [person.following ? "已关注" : "还没关注", friends.length > 0 && `导购 ${friends.join("、")}`].filter(Boolean).join(" · ");
  }

  #choosePersona() {
    choosePerson(this.frame.device, {
      title: "换一位顾客", current: this.id, onPick: (openid) => this.choose(openid),
      people: this.people.map((one) => ({ id: one.openid, name: one.name, hint: this.#hint(one), unread: this.#unreadOf(one.openid) })),
      extra: strangerForm((name) => this.#newStranger(name)),
    });
  }

  async #newStranger(name) {
    const made = await change("/control/customers", { name });
    if (!made) return;
    await attempt(() => this.store.loadState());
    this.choose(made.openid);
  }
}
