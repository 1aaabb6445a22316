// Continuity as a line: unbroken = matches, a step = slight, a break = off, the dot = the anchor. Shape and word stand together; colour only repeats them.

import { svg } from "./dom.js";

const LEVEL = { holds: 9, slight: 14, off: 5 };

/** Which of the three shapes that is; "" where nothing was measured. */
export function shapeOf(match) {
  if (!match) return "";
  if (match.off) return "off";
  return match.anchor || ["holds", "matches"].includes(match.word) ? "holds" : "slight";
}

const stroke = (d, more = {}) => ["path", { d, fill: "none", stroke: "currentColor", "stroke-width": 2, "vector-effect": "non-scaling-stroke", ...more }];

/** The piece of the line under one shot; `before` is the shot that it goes on from, in the same scene. */
export function piece(shot, before) {
  const shape = shapeOf(shot.match);
  if (!shape) return null;
  const drawing = svg([100, 18], ...strokes(shape, shapeOf(before?.match)), ...(shot.match.anchor ? [dot] : []));
  drawing.setAttribute("preserveAspectRatio", "none");
  drawing.setAttribute("class", `line ${shape}`);
  return drawing;
}

const dot = ["path", { class: "dot", d: "M3 9h.01", "stroke-width": 8, "stroke-linecap": "round", "vector-effect": "non-scaling-stroke" }];

function strokes(shape, before) {
  const y = LEVEL[shape];
  if (shape === "off") return [stroke(`M7 ${y}H100`)];
  if (before === "off") return [stroke(`M7 ${y}H100`)];
  return [stroke(before === shape || (!before && shape === "holds") ? `M0 ${y}H100` : `M0 ${LEVEL[before || "holds"]}V${y}H100`, { "stroke-linejoin": "miter" })];
}

const GLYPHS = { holds: "M0 5h18", slight: "M0 3h8v5h10", off: "M0 3h6M11 8h7" };

/** The same shape small, beside its word. */
export function glyph(shape) {
  const drawing = svg([18, 10], ["path", { d: GLYPHS[shape], fill: "none", stroke: "currentColor", "stroke-width": 2 }]);
  drawing.setAttribute("class", "glyph");
  return drawing;
}
