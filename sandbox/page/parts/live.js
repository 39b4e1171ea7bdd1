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

/** Gives false when the sandbox is away; that shows as the red dot. */
async function quietly(work) {
  try {
    await work();
    return true;
  } catch (error) {
    if (!(error instanceof SandboxUnreachable || error instanceof SandboxRefused)) throw error;
    console.warn(error.message);
    return false;
  }
}

async function loadAll(store) {
  await Promise.all([store.loadState(), store.loadCalls(), store.reloadChats()]);
}

export function followLive(store) {
  const events = new EventSource("/control/events");
  const catchUp = async () => {
    const loaded = await quietly(() => loadAll(store));
    // A lost stream opens anew by itself, and catches up then.
    if (events.readyState !== EventSource.OPEN) return;
    if (loaded) store.setOnline(true);
    else setTimeout(catchUp, RETRY_MS);
  };
  events.addEventListener("open", catchUp);
  events.addEventListener("error", () => {
    store.setOnline(false);
    if (events.readyState === EventSource.CLOSED) setTimeout(() => followLive(store), RETRY_MS);
  });
  for (const [name, handle] of Object.entries(HANDLERS)) {
    events.addEventListener(name, (event) => handle(store, JSON.parse(event.data)));
  }
}
