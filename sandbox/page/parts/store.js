// What the page knows: people, chats, clock and calls, kept equal to the server and announced on change.

import { control, get } from "./api.js";

// Rows kept in the call log; older ones stay on the server.
const CALLS_KEPT = 500;
// A clock that differs by more than this from our own ticking was moved, ms.
const JUMP_MS = 2000;

export const chatKey = (surface, id) => `${surface}/${id}`;

/** Keeps messages in the order of their ids. Gives true when the message was new. */
function insert(messages, message) {
  const known = messages.findIndex((one) => one.id === message.id);
  if (known >= 0) {
    messages[known] = message;
    return false;
  }
  const later = messages.findIndex((one) => one.id > message.id);
  messages.splice(later < 0 ? messages.length : later, 0, message);
  return true;
}

export class Store extends EventTarget {
  state = { clock: {}, shop_name: "", customers: [], members: [], codes: [], menu: [], switches: {} };
  calls = [];
  online = null;
  #chats = new Map();
  #front = new Map();
  #clock = { now: Date.now(), seenAt: performance.now() };

  announce(topic, detail) {
    this.dispatchEvent(new CustomEvent(topic, { detail }));
  }

  on(topic, listener) {
    this.addEventListener(topic, (event) => listener(event.detail));
  }

  now() {
    return this.#clock.now + (performance.now() - this.#clock.seenAt);
  }

  setClock(isoNow) {
    const jumped = Math.abs(Date.parse(isoNow) - this.now()) > JUMP_MS;
    this.#clock = { now: Date.parse(isoNow), seenAt: performance.now() };
    this.announce("clock", { jumped });
    return jumped;
  }

  async loadState() {
    const state = await get("/control/state");
    this.state = { ...this.state, ...state };
    this.setClock(state.clock.now);
    this.announce("state");
  }

  async loadCalls() {
    const { calls } = await get("/control/calls?after=0");
    this.calls = calls.slice(-CALLS_KEPT);
    this.announce("calls");
  }

  addCall(call) {
    if (this.calls.some((known) => known.id === call.id)) return;
    this.calls = [...this.calls, call].slice(-CALLS_KEPT);
    this.announce("call", call);
  }

  chat(key) {
    if (!this.#chats.has(key)) this.#chats.set(key, { key, messages: [], listeners: new Set(), loaded: false, pending: 0, unread: 0 });
    return this.#chats.get(key);
  }

  /** Loads a chat whole; messages that arrive meanwhile are put on top of the answer, so none is lost. */
  async loadChat(key) {
    const [surface, id] = key.split(/\/(.*)/s);
    const chat = this.chat(key);
    const arrived = [];
    chat.listeners.add(arrived);
    try {
      chat.messages = (await get(control("chats", surface, id))).messages;
    } finally {
      chat.listeners.delete(arrived);
    }
    chat.loaded = true;
    arrived.forEach((message) => insert(chat.messages, message));
    this.announce("chat", key);
  }

  reloadChats() {
    return Promise.all([...this.#chats.values()].filter((chat) => chat.loaded).map((chat) => this.loadChat(chat.key)));
  }

  /** Adds a message or replaces the one with the same id. */
  put(key, message) {
    const chat = this.chat(key);
    chat.listeners.forEach((arrived) => arrived.push(message));
    const inFront = [...this.#front.values()].includes(key);
    if (insert(chat.messages, message) && message.from !== "me" && !inFront) chat.unread += 1;
    this.announce("chat", key);
  }

  /** Says which chat a phone shows; null while it shows none. */
  setFront(phone, key) {
    this.#front.set(phone, key);
    if (!key) return;
    const chat = this.chat(key);
    if (!chat.unread) return;
    chat.unread = 0;
    this.announce("chat", key);
  }

  unread(key) {
    return this.#chats.get(key)?.unread ?? 0;
  }

  setPending(key, change) {
    this.chat(key).pending += change;
    this.announce("chat", key);
  }

  setOnline(online) {
    this.online = online;
    this.announce("online");
  }

  customer(openid) {
    return this.state.customers.find((person) => person.openid === openid);
  }

  member(userid) {
    return this.state.members.find((person) => person.userid === userid);
  }
}
