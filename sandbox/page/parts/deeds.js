// What a person does on a phone: each deed is one call of the control API, with the dots shown while it runs.

import { control, post, SandboxRefused, SandboxUnreachable } from "./api.js";
import { toast } from "./toast.js";

/** Runs one deed for the chat `key`. Gives true when the sandbox took it; a refusal is shown, not thrown. */
export async function act(store, key, path, body) {
  store.setPending(key, 1);
  try {
    const answer = await post(path, body);
    if (answer.push?.reply?.id !== undefined) store.put(key, answer.push.reply);
    if (answer.push?.outcome === "failed") toast(failure(answer.push), "bad");
    if (store.online === false) await store.loadChat(key);
    return true;
  } catch (error) {
    tell(error);
    return false;
  } finally {
    store.setPending(key, -1);
  }
}

function failure(push) {
  if (push.attempts === 0) return "这条消息在路上丢了，机器人没有收到";
  if (push.status === 200) return "机器人的回答不合规矩，没有显示给对方";
  const status = push.status ? `HTTP ${push.status}` : "没有连上";
  return `机器人没有收下这条消息（试了 ${push.attempts} 次，${status}）`;
}

/** Shows an error of the sandbox; anything else is a fault of this page and goes on. */
export function tell(error) {
  if (!(error instanceof SandboxRefused || error instanceof SandboxUnreachable)) throw error;
  toast(error.message, "bad");
}

/** Runs work that may be refused or find nobody there: that is shown. Gives its result, or null. */
export async function attempt(work) {
  try {
    return await work();
  } catch (error) {
    tell(error);
    return null;
  }
}

/** A deed that belongs to no chat (clock, new people). Gives the answer or null. */
export const change = (path, body) => attempt(() => post(path, body));

export const oaPath = (openid, deed) => control("oa", openid, deed);
export const wecomPath = (userid, deed) => control("wecom", userid, deed);
export const kfPath = (openid, deed) => control("kf", openid, deed);
export const contactPath = (openid, deed) => control("contact", openid, deed);
export const taskPath = (msgid) => control("contact", "tasks", msgid, "confirm");

export function mediaForm(file) {
  const form = new FormData();
  form.append("media", file, file.name);
  return form;
}

/** Opens the file chooser and gives the chosen picture to `onFile`. */
export function pickPicture(onFile) {
  const field = document.createElement("input");
  Object.assign(field, { type: "file", accept: "image/*" });
  field.addEventListener("change", () => field.files[0] && onFile(field.files[0]));
  field.click();
}
