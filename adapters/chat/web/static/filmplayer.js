// A film: its clip with every cut on the timeline, the slate of the shot that is seen now, and keys to go from cut to cut.

import { h, refill, svg } from "./dom.js";
import { clipUrl, posterUrl } from "./net.js";
import { alone, outlineOf, ring } from "./player.js";
import { t, timecode } from "./words.js";

const FRAME = 1 / 24, NEAR = 0.6, NAMED = 0.1;

/** The cuts of a film's card, from its rows; none where the card is no film's. */
export function cutsOf(card) {
  if (!card.clip || !card.rows.length) return [];
  return card.rows.every(({ begins }) => typeof begins === "number") ? card.rows.map(({ title, text, begins }) => ({ slate: title, words: text, begins })) : [];
}

export class FilmPlayer {
  /** `cuts` = [{slate, words, begins}] in seconds, the first at 0. */
  constructor(clip, cuts, title) {
    Object.assign(this, { clip, cuts, title, at: 0 });
    this.build();
    this.listen();
    this.draw();
  }

  build() {
    const { clip, title } = this;
    this.video = h("video", { src: clipUrl(clip.digest), poster: clip.poster ? posterUrl(clip.poster) : null, preload: clip.poster ? "none" : "metadata", playsinline: true, width: clip.width, height: clip.height, tabindex: -1, "aria-label": title });
    this.big = h("button.play", { type: "button", "aria-label": t("play", title), "data-focus": `play:${clip.digest}` }, ring());
    this.seek = h("input.seek", { type: "range", min: 0, max: clip.seconds, step: "any", value: 0, "aria-label": t("place_in_film") });
    this.cells = this.cuts.map((cut) => h("i", { title: cut.slate }, h("b")));
    this.names = this.cuts.map((cut, n) => h("button.cut-name", { type: "button", tabindex: -1, title: cut.words || null, "data-cut": n, onclick: () => this.go(cut.begins) }, this.share(n) >= NAMED ? cut.slate : ""));
    [...this.cells, ...this.names].forEach((part, n) => { part.style.flexGrow = this.length(n % this.cuts.length); });
    this.toggle = this.button("play_pause", () => this.turn());
    this.now = h("b.now");
    this.code = h("span.code-of");
    this.root = h(`div.film-player.${outlineOf(clip)}`, { role: "group", "aria-label": title, "aria-keyshortcuts": "Space ArrowLeft ArrowRight , .", tabindex: -1, dataset: { digest: clip.digest } },
      h("div.screen", {}, this.video, this.big),
      h("div.timeline", {}, h("div.cells", { "aria-hidden": "true" }, this.cells), this.seek, h("div.cut-names", {}, this.names)),
      h("div.deck", {}, this.button("cut_before", () => this.hop(-1), BACK), this.toggle, this.button("cut_after", () => this.hop(1), ON), this.now, this.code, this.button("whole_screen", () => this.whole(), WHOLE)));
  }

  button(key, act, drawing = PLAY) {
    return h(`button.deck-tap.${key}`, { type: "button", "aria-label": t(key), title: t(key), onclick: act }, draw(drawing));
  }

  listen() {
    const { video, root } = this;
    root.addEventListener("keydown", (event) => this.key(event));
    this.big.addEventListener("click", () => { this.turn(); root.focus({ preventScroll: true }); });
    video.addEventListener("click", () => this.turn());
    this.seek.addEventListener("input", () => this.go(Number(this.seek.value)));
    video.addEventListener("play", () => { alone(video); this.big.hidden = true; this.run(); });
    for (const name of ["pause", "ended", "seeked", "timeupdate"]) video.addEventListener(name, () => this.follow());
  }

  key(event) {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const tap = event.target.closest("button"), act = {
      " ": () => this.turn(), ",": () => this.hop(-1), ".": () => this.hop(1), Home: () => this.go(0), End: () => this.go(this.clip.seconds),
      ArrowLeft: () => this.go(this.at - (event.shiftKey ? FRAME : 1)), ArrowRight: () => this.go(this.at + (event.shiftKey ? FRAME : 1)),
    }[event.key];
    if (!act || (event.key === " " && tap)) return;
    event.preventDefault();
    act();
  }

  turn() {
    if (this.video.paused) this.video.play().catch(() => {}); else this.video.pause();
  }

  /** To that second, paused or not. */
  go(to) {
    const { video } = this;
    this.at = Math.max(0, Math.min(to, this.clip.seconds - FRAME));
    if (video.readyState === 0 && video.preload === "none") { video.preload = "auto"; video.load(); }
    this.big.hidden = true;
    video.currentTime = this.at + FRAME / 4; // a cut is a frame's beginning, and beginnings are rounded
    this.draw();
  }

  /** To the next cut, or to the one before: where a shot has only just begun, that of the shot before it. */
  hop(by) {
    const found = by > 0 ? this.cuts.find(({ begins }) => begins > this.at + FRAME / 2) : this.cuts.findLast(({ begins }) => begins < this.at - NEAR);
    this.go(found ? found.begins : by > 0 ? this.clip.seconds : 0);
  }

  whole() {
    if (document.fullscreenElement) document.exitFullscreen();
    else (this.root.requestFullscreen?.() ?? Promise.resolve(this.video.webkitEnterFullscreen?.())).catch(() => {});
  }

  run() {
    this.follow();
    if (!this.video.paused && this.root.isConnected) requestAnimationFrame(() => this.run());
  }

  follow() {
    if (!this.video.seeking) this.at = this.video.currentTime;
    this.draw();
  }

  length(n) { return (this.cuts[n + 1]?.begins ?? this.clip.seconds) - this.cuts[n].begins; }

  /** Whether every cut has its name on the timeline. */
  get named() { return this.cuts.every((_, n) => this.share(n) >= NAMED); }

  share(n) { return this.length(n) / this.clip.seconds; }

  /** Which shot is seen at that second. */
  index(at) { return Math.max(0, this.cuts.findLastIndex(({ begins }) => begins <= at + FRAME / 2)); }

  draw() {
    const { at, clip, cuts, video } = this, here = this.index(at), slate = cuts[here]?.slate ?? "";
    this.seek.value = at;
    this.seek.setAttribute("aria-valuetext", [slate, timecode(at)].filter(Boolean).join(t("comma")));
    this.cells.forEach((cell, n) => { cell.firstChild.style.transform = `scaleX(${n < here ? 1 : n > here ? 0 : Math.min(1, Math.max(0, (at - cuts[n].begins) / this.length(n)))})`; });
    this.names.forEach((name, n) => name.classList.toggle("here", n === here));
    this.now.textContent = slate;
    this.code.textContent = `${timecode(at)} / ${timecode(clip.seconds)}`;
    const turned = video.paused ? PLAY : PAUSE;
    if (this.turned !== turned) refill(this.toggle, draw((this.turned = turned)));
    if (this.toggle.getAttribute("aria-pressed") !== String(!video.paused)) this.toggle.setAttribute("aria-pressed", !video.paused);
  }
}

const PLAY = "M5 3.5v13l11-6.5z", PAUSE = "M5 3.5h3.6v13H5zM11.4 3.5H15v13h-3.6z";
const BACK = "M4 3.5h2v13H4zM16 3.5v13l-9-6.5z", ON = "M14 3.5h2v13h-2zM4 3.5v13l9-6.5z", WHOLE = "M3 3h5v2H5v3H3zM12 3h5v5h-2V5h-3zM3 12h2v3h3v2H3zM15 12h2v5h-5v-2h3z";
const draw = (d) => svg(20, ["path", { d, fill: "currentColor" }]);
