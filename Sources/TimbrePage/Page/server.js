// The key, and the questions to the server.

/** What went wrong: `name` is for the page, `message` for the person. */
export class Trouble extends Error {
  constructor(name, message) {
    super(message);
    this.name = name;
  }
}

let key = null;
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("timbred") : null;

/** Finds the key: in the address, in this tab, or in another tab of this page. */
export async function enter() {
  const given = new URLSearchParams(location.hash.slice(1));
  if (location.hash) history.replaceState(history.state, "", location.pathname + location.search);
  if (given.get("t")) key = given.get("t");
  else if (given.get("c")) key = (await post("/api/enter", JSON.stringify({ code: given.get("c") }))).key;
  else key = sessionStorage.getItem("key") ?? await askTabs();
  if (!key) throw new Trouble("NoKey", "This window has no key to the library. Run `timbrectl browse`, and open the address that it prints.");
  sessionStorage.setItem("key", key);
  tabs?.addEventListener("message", (event) => { if (event.data === "key?" && key) tabs.postMessage({ key }); });
}

function askTabs() {
  if (!tabs) return null;
  return new Promise((found) => {
    const listen = (event) => { if (event.data?.key) { tabs.removeEventListener("message", listen); found(event.data.key); } };
    tabs.addEventListener("message", listen);
    tabs.postMessage("key?");
    setTimeout(() => { tabs.removeEventListener("message", listen); found(null); }, 500);
  });
}

/** Asks, and returns the answer; `signal` gives the question up. */
export const ask = (question, parameters = {}, signal) => post("/api/" + question, JSON.stringify(parameters), { signal });

/** Has the server listen to a file from elsewhere; the answer names the sound. */
export async function hear(file) {
  const name = btoa(String.fromCharCode(...new TextEncoder().encode(file.name)));
  return post("/api/heard", file, { headers: { "X-Sound-Name": name } });
}

/** Asks for what is not JSON: the answer's body is left to the caller, as it comes. */
export const stream = (question, parameters, signal) =>
  post("/api/" + question, JSON.stringify(parameters), { signal, read: (response) => response });

/** Has a picture drawn; the answer is an image. */
export const draw = (question, signal) => post("/api/picture", JSON.stringify(question), { signal, read: (response) => response.blob() });

async function post(path, body, { headers = {}, signal, read = (response) => response.json() } = {}) {
  let response;
  try {
    response = await fetch(path, { method: "POST", body, signal, headers: { ...headers, Authorization: "Bearer " + (key ?? "") } });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new Trouble("NoServer", "The server of this page has ended. Run `timbrectl browse` again.");
  }
  if (response.ok) return read(response);
  const told = await response.json().catch(() => ({}));
  if (response.status === 401) {
    sessionStorage.removeItem("key");
    throw new Trouble("NoKey", "The key of this window is that of an earlier run. Open the address that `timbrectl browse` prints.");
  }
  if (response.status === 413) throw new Trouble("TooLarge", "The file is too large: 64 MB are the most.");
  throw new Trouble(told.error ?? "Internal", told.reason ?? response.statusText);
}
