// What was measured of one shot against its anchor: the difference as a mark, the band as what an eye forgives.

import { h } from "./dom.js";
import { nameOf } from "./storyboard.js";
import { glyph, shapeOf } from "./throughline.js";
import { t } from "./words.js";

const WORST = ["off", "slight", "holds"];

/** The shot that deserves a look first: what is off, then what is slight, then whatever was measured against another. */
export function worst(shots) {
  const measured = shots.filter(({ match }) => match && !match.anchor);
  const found = WORST.map((shape) => measured.find(({ match }) => shapeOf(match) === shape)).find(Boolean);
  return found ? nameOf(found) : "";
}

/** `line` is the score from which on a shot matches. */
export function gauges(shot, line) {
  const { match } = shot, shape = shapeOf(match);
  return h(`div.gauges.${shape}`, { role: "group", "aria-label": t("gauges_of", shot.slate) },
    h("p.gauged", {}, h("b", {}, shot.slate), h(`span.word.${shape}`, {}, glyph(shape), match.label), h("span.label", {}, t("alike", percent(match.score)))),
    match.cause && h("p.cause", { dir: "auto" }, match.cause),
    match.anchor ? h("p.label", {}, t("is_anchor")) : h("dl", {}, match.gauges.map((gauge) => row(gauge, line))));
}

const percent = (share) => Math.round(share * 100);

function row(gauge, line) {
  const measured = typeof gauge.difference === "number" && gauge.band > 0;
  const within = measured ? Math.abs(gauge.difference) <= gauge.band : gauge.value >= line;
  const far = measured ? Math.abs(gauge.difference) > 2 * gauge.band : gauge.value < line * line;
  const said = measured ? signed(gauge.difference, gauge.band) : t("percent", percent(gauge.value));
  const label = gauge.unit ? `${gauge.label}${t("comma")}${gauge.unit}` : gauge.label;
  return h(`div.gauge.${within ? "holds" : far ? "off" : "slight"}`, {},
    h("dt", {}, label), h("dd", {}, measured ? both(gauge) : share(gauge.value, line), h("span.figure", {}, said),
      h("span.unseen", {}, `${t("comma")}${t(within ? "within" : "beyond")}`)));
}

/** A difference to either side of none. */
function both({ difference, band }) {
  const reach = Math.max(3 * band, 1.15 * Math.abs(difference)), at = (value) => 50 + (50 * value) / reach;
  return track(at(-band), at(band), at(difference), 50);
}

/** How alike two shots are, where no difference can be named: the band is what still matches. */
function share(value, line) {
  const from = Math.min(0.5, value), at = (each) => (100 * (each - from)) / (1 - from);
  return track(at(line), 100, at(value), null);
}

function track(low, high, mark, none) {
  const place = (part, styles) => { const drawn = h(`i.${part}`); Object.assign(drawn.style, styles); return drawn; };
  return h("span.track", { "aria-hidden": "true" }, place("band", { insetInlineStart: `${low}%`, width: `${high - low}%` }),
    none !== null && place("none", { insetInlineStart: `${none}%` }), place("mark", { insetInlineStart: `${mark}%` }));
}

/** +0.6, with as many places as the band has to have. */
function signed(value, band) {
  const places = band >= 5 ? 0 : band >= 0.2 ? 1 : band >= 0.05 ? 2 : 3, figure = Math.abs(value).toFixed(places);
  return Number(figure) === 0 ? "0" : `${value < 0 ? "\u2212" : "+"}${figure}`;
}
