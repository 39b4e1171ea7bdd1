// What both phones have in common: one person, a chat in front or the list of chats, drafts, the bar below.

import { replace } from "./dom.js";
import { ChatView } from "./chat-view.js";
import { Composer } from "./composer.js";
import { PhoneFrame } from "./phone.js";
import { attempt } from "./deeds.js";
import { remember, remembered } from "./memory.js";

/** Kinds of phone give: people, idOf, key(), keys(), surface, face(message), head(), title(), list(), foot(), bottom(), footLine(). */
export class ChatPhone {
  #drafts = new Map();
  #modes = new Map();
  #bottomPrint = null;

  constructor(root, store, side, act) {
    Object.assign(this, { store, side, home: false, visible: true });
    this.id = remembered(side);
    this.frame = new PhoneFrame(root, { side, now: () => store.now() });
    this.view = new ChatView({ side, now: () => store.now(), faces: (message) => this.face(message), act });
    store.on("state", () => this.render());
    store.on("chat", (key) => this.#onChat(key));
    store.on("clock", ({ jumped }) => this.#onClock(jumped));
  }

  #onClock(jumped) {
    this.frame.tick();
    if (jumped) this.view.redrawTimes();
  }

  get person() {
    return this.people.find((one) => this.idOf(one) === this.id) ?? this.people[0];
  }

  setVisible(visible) {
    this.visible = visible;
    if (this.person) this.#tellFront();
  }

  #tellFront() {
    this.store.setFront(this.side, this.visible && !this.home ? this.key() : null);
  }

  /** Gives the phone to another person. */
  choose(id) {
    this.id = id;
    remember(this.side, id);
    this.home = false;
    this.render();
  }

  /** The list of chats; each is loaded so that its last line can be shown. */
  goHome() {
    this.home = true;
    this.render();
    for (const key of this.keys()) this.#load(this.store.chat(key));
  }

  render() {
    if (!this.person) return;
    this.id = this.idOf(this.person);
    this.#renderHead();
    this.#tellFront();
    if (this.home) this.#renderHome();
    else this.#renderChat();
    this.title();
    replace(this.frame.foot, this.footLine());
  }

  #onChat(key) {
    if (!this.person) return;
    this.#renderHead();
    if (this.home) this.#renderHome();
    else if (key === this.key()) this.view.update();
    this.title();
  }

  /** The head is drawn anew with each message; whoever stands on one of its buttons stays there. */
  #renderHead() {
    const { head } = this.frame;
    const stood = head.contains(document.activeElement) ? document.activeElement.dataset.testid : null;
    replace(head, this.head());
    if (stood) head.querySelector(`[data-testid="${stood}"]`)?.focus();
  }

  #renderHome() {
    this.#bottomPrint = null;
    this.frame.setBottom(null);
    this.frame.show(this.list());
  }

  #renderChat() {
    const chat = this.store.chat(this.key());
    this.#load(chat);
    this.view.forgetFaces();
    this.frame.show(this.view.node);
    this.#renderBottom();
    this.view.show(chat, this.surface, this.foot());
  }

  async #load(chat) {
    if (chat.loaded || chat.loading) return;
    chat.loading = true;
    await attempt(() => this.store.loadChat(chat.key));
    chat.loading = false;
    // Only then: drawing an unloaded chat would ask for it again, without end while the sandbox is away.
    if (chat.loaded) this.render();
  }

  /** The bar is built anew only when something about it changed, so that a half-typed line keeps its place. */
  #renderBottom() {
    const { print, build } = this.bottom();
    const full = JSON.stringify([this.key(), print]);
    if (full === this.#bottomPrint) return;
    this.#bottomPrint = full;
    this.frame.setBottom(build());
  }

  /** A composer for the chat in front; `deeds` are its onText, onVoice, onMenu, onView and panel. */
  compose(menu, deeds) {
    const key = this.key();
    const mode = this.#modes.get(key) ?? "text";
    this.composer = new Composer({
      side: this.side, menu, draft: this.#drafts.get(key) ?? "", mode: mode === "menu" && menu.length === 0 ? "text" : mode,
      onDraft: (draft) => this.#drafts.set(key, draft), onMode: (chosen) => this.#modes.set(key, chosen),
      onDrawer: () => this.view.toEnd(), ...deeds,
    });
    return this.composer.node;
  }

  /** Sends a typed line by `deed`; a line that was not taken comes back into the empty field. */
  async say(text, deed) {
    const key = this.key();
    const taken = await deed();
    if (!taken && key === this.key() && this.composer.draft === "") this.composer.setText(text);
  }
}
