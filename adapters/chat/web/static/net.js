// Talking to the studio: wishes out, cards in. A lost line is taken up again at the last cursor.

import { t } from "./words.js";

/** A sentence for people; `key` names it for programs. */
export class Sentence extends Error {
  constructor(text, key = "") { super(text); this.key = key; }
}

async function answer(request) {
  let response;
  try { response = await request; } catch { throw new Sentence(t("broken"), "offline"); }
  if (response.status === 401) location.reload();
  const data = await response.json().catch(() => ({}));
  if (!response.ok) throw new Sentence(data.error?.text ?? t("broken"), data.error?.key);
  return data;
}

const post = (url, form) => fetch(url, { method: "POST", body: JSON.stringify(form), headers: { "Content-Type": "application/json" } });

/** Send a wish, with a picture if there is one. Throws a `Sentence`; then nothing was started. */
export function wish(form, image = null) {
  if (!image) return answer(post("/api/wish", form));
  const body = new FormData();
  body.append("wish", JSON.stringify(form));
  body.append("image", image, "reference");
  return answer(fetch("/api/wish", { method: "POST", body }));
}

/** What could be said instead of some of these words; `about` = {reply_to, seconds, lengths} of the take they are for. */
export const offers = async (text, about) => (await answer(post("/api/offers", { text, ...about }))).offers;

let ready = null;

/** The ready spines, asked for once. */
export function presets() {
  ready ??= answer(fetch("/api/presets")).then((data) => data.presets, (error) => { ready = null; throw error; });
  return ready;
}

export const view = () => answer(fetch("/api/view"));

export const feed = (before = null) => answer(fetch(before === null ? "/api/feed" : `/api/feed?before=${before}`));

export const clipUrl = (digest) => `/clips/${digest}.mp4`;
export const posterUrl = (digest) => `/clips/${digest}.jpg`;

/** The stream of cards. `on` = {post, view, line(up)}. The browser reconnects by itself until the server refuses; then we do. */
export class Line {
  constructor(on) { this.on = on; this.cursor = 0; this.wait = 1000; }

  open(cursor) {
    this.cursor = Math.max(this.cursor, cursor);
    clearTimeout(this.again);
    this.source?.close();
    const source = (this.source = new EventSource(`/api/events?after=${this.cursor}`));
    source.addEventListener("open", () => this.up());
    source.addEventListener("error", () => this.down(source));
    source.addEventListener("post", (event) => this.post(JSON.parse(event.data)));
    source.addEventListener("view", () => this.on.view());
  }

  post(post) {
    this.cursor = Math.max(this.cursor, post.cursor);
    this.on.post(post);
  }

  up() {
    this.wait = 1000;
    if (this.lost) this.on.view();
    this.lost = false;
    this.on.line(true);
  }

  down(source) {
    this.lost = true;
    this.on.line(false);
    if (source !== this.source || source.readyState !== EventSource.CLOSED) return;
    this.again = setTimeout(() => this.open(this.cursor), this.wait);
    this.wait = Math.min(this.wait * 2, 15000);
  }
}
