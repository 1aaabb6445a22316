// A clip in its place: the poster with one large tap, then the browser's own player.

import { h, svg } from "./dom.js";
import { clipUrl, posterUrl } from "./net.js";
import { t, timecode } from "./words.js";

export const outlineOf = (clip) => {
  const ratio = clip.width / clip.height || 16 / 9;
  if (ratio < 0.7) return "tall";
  if (ratio < 0.9) return "portrait";
  return ratio < 1.2 ? "square" : "wide";
};

export const ring = () => svg(40, ["circle", { class: "ring", cx: 20, cy: 20, r: 18.5, fill: "rgb(17 17 17 / .55)", stroke: "#fff", "stroke-width": 1.5 }],
  ["path", { d: "M15.5 12.5v15l13-7.5z", fill: "#fff" }]);

/** The picture of a card. Reused as long as the clip is the same, so that a new card does not stop it. */
export function picture(clip, slate) {
  const video = h("video", {
    src: clipUrl(clip.digest), poster: clip.poster ? posterUrl(clip.poster) : null, preload: clip.poster ? "none" : "metadata",
    playsinline: true, width: clip.width, height: clip.height, "aria-label": slate,
  });
  const play = h("button.play", { type: "button", "aria-label": t("play", slate), "data-focus": `play:${clip.digest}` }, ring(), h("span.code", {}, timecode(clip.seconds)));
  play.addEventListener("click", () => start(video, play));
  video.addEventListener("play", () => alone(video));
  return h(`div.picture.${outlineOf(clip)}`, { dataset: { digest: clip.digest } }, video, play);
}

function start(video, play) {
  play.hidden = true;
  video.controls = true;
  video.play().catch(() => {});
  video.focus({ preventScroll: true });
}

/** One clip is heard at a time. */
export function alone(video) {
  for (const other of document.querySelectorAll("video")) if (other !== video) other.pause();
}
