// Calls to the sandbox's control API.

export class SandboxUnreachable extends Error {}

export class SandboxRefused extends Error {}

const away = (cause) => new SandboxUnreachable("连不上沙盒，请看看它是否还在运行", { cause });

async function call(path, options = {}) {
  const response = await fetch(path, options).catch((error) => {
    throw away(error);
  });
  const body = await response.json().catch((error) => {
    // A line that breaks in the middle of an answer: half of it is none.
    if (response.ok) throw away(error);
    return {};
  });
  if (!response.ok) throw new SandboxRefused(body.error || body.message || `沙盒没有接受（HTTP ${response.status}）`);
  return body;
}

export const get = (path) => call(path);

export function post(path, body = {}) {
  if (body instanceof FormData) return call(path, { method: "POST", body });
  return call(path, { method: "POST", headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}

/** A path below /control with each part escaped. */
export const control = (...parts) => `/control/${parts.map(encodeURIComponent).join("/")}`;
