// The advisor's phone: WeCom with the shop's application.

import { el } from "./dom.js";
import { accountAvatar, personAvatar } from "./avatars.js";
import { ChatPhone } from "./chat-phone.js";
import { chatRow, personaButton } from "./phone.js";
import { preview } from "./bubbles.js";
import { choosePlace } from "./places.js";
import { choosePerson } from "./people.js";
import { act, mediaForm, pickPicture, taskPath, wecomPath } from "./deeds.js";
import { chatKey } from "./store.js";
import { listLabel } from "./moments.js";

const APP_NAME = "门店助手";
const ROLES = { advisor: "导购", manager: "店长", headquarters: "总部" };

export class AdvisorPhone extends ChatPhone {
  surface = "wecom";

  constructor(root, store) {
    super(root, store, "advisor", {
      tap: (_id, content) => this.#do("text", { content }),
      card: (message, key, selected) => this.#do("card", { task_id: message.task_id ?? message.card?.task_id, key, selected }),
      confirm: (msgid) => act(store, this.key(), taskPath(msgid), { userid: this.person.userid }),
    });
  }

  get people() {
    return this.store.state.members;
  }

  idOf(person) {
    return person.userid;
  }

  key(userid = this.person.userid) {
    return chatKey("wecom", userid);
  }

  keys() {
    return [this.key()];
  }

  face(message) {
    return message.from === "me" ? personAvatar(this.person.name, this.person.userid) : accountAvatar("wecom");
  }

  /** Opening the application from the list is the event enter_agent. */
  open() {
    this.home = false;
    this.render();
    this.#do("enter", {});
  }

  head() {
    const waiting = this.people.some((one) => one.userid !== this.id && this.store.unread(this.key(one.userid)) > 0);
    return [
      personaButton("advisor", "导购", this.person.name, this.id, waiting, () => this.#choosePersona()),
      el("span", { class: "pane-kind" }, "企业微信"),
    ];
  }

  title() {
    if (this.home) return this.frame.setTitle({ name: "消息" });
    this.frame.setTitle({
      name: this.store.chat(this.key()).pending > 0 ? "对方正在输入…" : APP_NAME,
      back: { label: "返回消息列表", testid: "advisor-back", run: () => this.goHome() },
    });
  }

  list() {
    const last = this.store.chat(this.key()).messages.at(-1);
    return el("div", { class: "chat-list" }, chatRow({
      picture: accountAvatar("wecom"), name: APP_NAME, line: last ? preview(last) : "还没有消息", unread: this.store.unread(this.key()),
      when: last && listLabel(Date.parse(last.at), this.store.now()), testid: "open-wecom", onpick: () => this.open(),
    }));
  }

  foot() {
    const chat = this.store.chat(this.key());
    return chat.loaded && chat.messages.length === 0 ? el("div", { class: "notice" }, "在这里给店里的助手发指令，比如：今天") : null;
  }

  footLine() {
    return null;
  }

  bottom() {
    return { print: "application", build: () => this.compose([], this.#deeds()) };
  }

  #deeds() {
    return {
      panel: [
        { icon: "photo", label: "照片", testid: "advisor-photo", run: () => pickPicture((file) => this.#do("image", mediaForm(file))) },
        { icon: "pin", label: "位置", testid: "advisor-location", run: () => choosePlace(this.frame.device, (place) => this.#do("location", place)) },
      ],
      onText: (content) => this.say(content, () => this.#do("text", { content })),
      onVoice: (recognition, seconds) => this.#do("voice", { recognition, seconds }),
    };
  }

  #do(word, body) {
    return act(this.store, this.key(), wecomPath(this.person.userid, word), body);
  }

  #choosePersona() {
    choosePerson(this.frame.device, {
      title: "换一位同事", current: this.id, onPick: (userid) => this.choose(userid),
      people: this.people.map((one) => ({
        id: one.userid, name: one.name, hint: [ROLES[one.role] ?? one.role, one.store].filter(Boolean).join(" · "), unread: this.store.unread(this.key(one.userid)),
      })),
    });
  }
}
