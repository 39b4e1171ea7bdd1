// What the page remembers in this browser: whose phones, which theme. ?customer=…&advisor=… in the address wins.

const PREFIX = "sandbox.";

export function remembered(name) {
  return new URLSearchParams(location.search).get(name) ?? localStorage.getItem(PREFIX + name);
}

export function remember(name, value) {
  localStorage.setItem(PREFIX + name, value);
}
