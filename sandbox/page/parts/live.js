// Keeps the store equal to the server: server-sent events, and everything loaded anew after each (re)connection.

import { chatKey } from "./store.js";
import { SandboxRefused, SandboxUnreachable } from "./api.js";

// Pause before a closed event stream is opened again, ms.
const RETRY_MS = 1500;
// Several state events in a row become one reload, ms.
const GATHER_MS = 60;

const HANDLERS = {
  message: (store, seen) => store.put(chatKey(seen.surface, seen.id), seen.message),
  call: (store, seen) => store.addCall(seen),
  clock: (store, seen) => store.setClock(seen.now) && gatherState(store),
  state: (store) => gatherState(store),
};

let gathering = null;

function gatherState(store) {
  clearTimeout(gathering);
  gathering = setTimeout(() => quietly(() => store.loadState()), GATHER_MS);
}

/** A sandbox that is away shows as the red dot; the next connection loads everything again. */
async function quietly(work) {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof SandboxUnreachable || error instanceof SandboxRefused)) throw error;
    console.warn(error.message);
  }
}

async function resync(store) {
  await Promise.all([store.loadState(), store.loadCalls(), store.reloadChats()]);
  store.setOnline(true);
}

export function followLive(store) {
  const events = new EventSource("/control/events");
  events.addEventListener("open", () => quietly(() => resync(store)));
  events.addEventListener("error", () => {
    store.setOnline(false);
    if (events.readyState === EventSource.CLOSED) setTimeout(() => followLive(store), RETRY_MS);
  });
  for (const [name, handle] of Object.entries(HANDLERS)) {
    events.addEventListener(name, (event) => handle(store, JSON.parse(event.data)));
  }
}
