// The shots of the production under one unbroken line. It says what is true today: ready, rolling, circled; nothing is measured.

import { h, typed } from "./dom.js";
import { posterUrl } from "./net.js";
import { t } from "./words.js";

export function board(shots, room) {
  return h("ol.board", {}, shots.map((shot, n) => panel(shot, room, n === 0, n === shots.length - 1)));
}

function panel(shot, room, first, last) {
  const state = t(`state_${shot.state}`);
  const word = shot.circled ? t("circled") : state;
  const still = shot.poster ? h("span.still", {}, h("img", { src: posterUrl(shot.poster), alt: shot.words, loading: "lazy" })) : h("span.still.bare", {}, typed(shot.words, "span"));
  return h(`li${first ? ".first" : ""}${last ? ".last" : ""}${shot.circled ? ".circled" : ""}`, {},
    h("button.still-tap", { type: "button", "aria-label": [t("go_to", shot.slate), word].filter(Boolean).join(t("comma")), "data-focus": `shot:${shot.take}`, onclick: () => room.show(shot.take) }, still),
    h("span.line"), h(`p.state.${shot.state}`, {}, h("b", {}, shot.slate), h("span", {}, word)));
}
