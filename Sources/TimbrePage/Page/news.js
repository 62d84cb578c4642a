// What the server tells of its own accord: a line of JSON a time.
import { stream } from "./server.js";

/** How long a window that is not seen is told, in milliseconds: browsers have few connections to a server. */
const UNSEEN = 20_000;

/**
 * Calls `told` with each piece of news, for as long as the window is open. When the stream breaks off, it begins anew, and
 * `told` gets `{ again: true }`: whatever was known before may be wrong then. `trouble` is called when the server is not there.
 */
export async function follow(told, trouble) {
  let isFirst = true;
  while (true) {
    await seen();
    const leaving = new AbortController();
    const hidden = () => {
      clearTimeout(hidden.timer);
      if (document.hidden) hidden.timer = setTimeout(() => leaving.abort(), UNSEEN);
    };
    document.addEventListener("visibilitychange", hidden);
    hidden();
    try {
      const response = await stream("news", {}, leaving.signal);
      if (!isFirst) told({ again: true });
      isFirst = false;
      let rest = "";
      for await (const text of texts(response)) {
        const lines = (rest + text).split("\n");
        rest = lines.pop();
        for (const line of lines) if (line) told(JSON.parse(line));
      }
    } catch (error) {
      if (error.name === "NoKey") { trouble(error); return; }
      if (!leaving.signal.aborted) trouble(error);
    } finally {
      document.removeEventListener("visibilitychange", hidden);
      clearTimeout(hidden.timer);
    }
    if (!leaving.signal.aborted) await new Promise((go) => setTimeout(go, 500));
  }
}

const seen = () => new Promise((go) => {
  if (!document.hidden) { go(); return; }
  document.addEventListener("visibilitychange", function look() {
    if (document.hidden) return;
    document.removeEventListener("visibilitychange", look);
    go();
  });
});

async function* texts(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  while (true) {
    const { value, done } = await reader.read();
    if (done) return;
    yield value;
  }
}
