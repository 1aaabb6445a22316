// The shots of the production in the order of the film, scenes apart, under the line that says how well they match.

import { h, typed } from "./dom.js";
import { posterUrl } from "./net.js";
import { glyph, piece, shapeOf } from "./throughline.js";
import { t } from "./words.js";

const MANY = 9, CROWD = 24;

/** `room` = {show(shot)}; `chosen` is the name of the shot whose gauges are shown. */
export function board(shots, room, chosen = "") {
  const density = shots.length > CROWD ? ".crowd" : shots.length > MANY ? ".many" : "";
  const bare = shots.some(({ match }) => match) ? "" : ".unmeasured";
  const apart = new Set(shots.map(sceneOf)).size > 1;
  return h(`ol.board${density}${bare}`, { "aria-describedby": "move-hint" }, shots.map((shot, n) => panel(shot, room, { apart, chosen, before: shots[n - 1], after: shots[n + 1] })));
}

/** "2" of 2B. */
export const sceneOf = (shot) => /^\d+/.exec(nameOf(shot))?.[0] ?? "";

/** 2B, the shot without its take: what an order is made of. */
export const nameOf = (shot) => shot.name ?? shot.slate.replace(/-\d+$/, "");

function panel(shot, room, { apart, chosen, before, after }) {
  const opens = !before || sceneOf(before) !== sceneOf(shot), closes = !after || sceneOf(after) !== sceneOf(shot);
  const left = shot.in_film === false && shot.state === "ready";
  const { name, shape, word } = saying(shot), scene = t("scene", sceneOf(shot));
  const marks = [opens && "opens", closes && "closes", before && opens && "apart", shot.circled && "circled", left && "left-out", chosen === name && "chosen"];
  const still = shot.poster ? h("span.still", {}, h("img", { src: posterUrl(shot.poster), alt: "", loading: "lazy", draggable: "false" })) : h("span.still.bare", {}, typed(shot.words, "span"));
  const spoken = [t("go_to", shot.slate), apart && scene, shot.circled && t("circled"), left && t("left_out"), word].filter(Boolean).join(t("comma"));
  return h(["li", ...marks.filter(Boolean)].join("."), { dataset: { shot: name } },
    apart && h("span.scene.label", { "aria-hidden": "true" }, opens ? scene : ""),
    h("button.still-tap", { type: "button", title: shot.words, "aria-label": spoken, "aria-current": chosen === name ? "true" : null, "data-focus": `shot:${name}`, onclick: () => room.show(shot) }, still),
    piece(shot, opens ? null : before) ?? h("span.line"),
    h(`p.state.${shape || shot.state}`, {}, h("b", {}, shot.slate || name), h("span.word", {}, shape && glyph(shape), word)));
}

/** The name of a shot, the shape of its match, and the word that stands beside it. */
function saying(shot) {
  const shape = shot.state === "ready" ? shapeOf(shot.match) : "";
  return { name: nameOf(shot), shape, word: shape ? shot.match.label : shot.circled ? t("circled") : t(`state_${shot.state}`) };
}
