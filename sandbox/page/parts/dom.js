// Builds DOM nodes; content is always a text node, never markup.

const SVG = "http://www.w3.org/2000/svg";

/** el("button", {class, testid, onclick, "aria-label"}, ...children): children are nodes, strings or null. */
export function el(tag, props = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(props)) setProp(node, name, value);
  append(node, children);
  return node;
}

function setProp(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name === "testid") node.dataset.testid = value;
  else if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else if (name in node && typeof value === "boolean") node[name] = value;
  else if (name === "value") node.value = value;
  else node.setAttribute(name, value === true ? "" : value);
}

export function append(node, children) {
  for (const child of children.flat(Infinity)) {
    if (child === null || child === undefined || child === false) continue;
    node.append(child instanceof Node ? child : String(child));
  }
  return node;
}

export function replace(node, ...children) {
  node.replaceChildren();
  return append(node, children);
}

/** One-colour line icon; `paths` are SVG path strings on a 24-unit grid. */
export function svg(paths, { size = 24, filled = false } = {}) {
  const root = document.createElementNS(SVG, "svg");
  const look = { viewBox: "0 0 24 24", width: size, height: size, "aria-hidden": "true", class: "icon" };
  Object.entries(look).forEach(([name, value]) => root.setAttribute(name, value));
  for (const d of [].concat(paths)) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", d);
    path.setAttribute("class", filled ? "fill" : "line");
    root.append(path);
  }
  return root;
}

/** Only http(s) leaves the page; anything else (javascript:, data:) gives null. */
export function safeUrl(url) {
  if (!/^https?:\/\//i.test(String(url ?? "").trim())) return null;
  try {
    return new URL(url).href;
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** Pictures may also come from this server itself. */
export function pictureUrl(url) {
  return /^\/(?!\/)/.test(String(url ?? "")) ? url : safeUrl(url);
}

export function link(url, props, ...children) {
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer", ...props }, ...children);
}
