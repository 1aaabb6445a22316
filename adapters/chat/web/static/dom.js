// Elements from plain calls. Text is only ever set as text; nothing here or elsewhere reads data as markup.

/** h("p.note", {hidden: true, onclick: f}, "text", child, null) */
export function h(name, given = {}, ...children) {
  const [tag, ...classes] = name.split(".");
  const element = document.createElement(tag || "div");
  element.classList.add(...classes);
  for (const [key, value] of Object.entries(given)) set(element, key, value);
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false && child !== ""));
  return element;
}

function set(element, key, value) {
  if (value === null || value === undefined || (value === false && !key.startsWith("aria-"))) return;
  if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
  else if (key === "dataset") Object.assign(element.dataset, value);
  else if (key === "value" || key === "disabled" || key === "hidden" || key === "muted") element[key] = value;
  else element.setAttribute(key, value === true && !key.startsWith("aria-") ? "" : String(value));
}

/** What a person or a model wrote: typewriter, its own direction, never touched. */
export const typed = (text, name = "p") => h(`${name}.typed`, { dir: "auto" }, text);

const SVG = "http://www.w3.org/2000/svg";

/** A small drawing: svg(16, ["path", {d: "…"}], …); [wide, high] where it is no square. */
export function svg(size, ...shapes) {
  const root = document.createElementNS(SVG, "svg"), [wide, high = wide] = [size].flat();
  root.setAttribute("viewBox", `0 0 ${wide} ${high}`);
  root.setAttribute("aria-hidden", "true");
  for (const [name, attributes] of shapes) {
    const shape = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) shape.setAttribute(key, value);
    root.append(shape);
  }
  return root;
}

export const $ = (id) => document.getElementById(id);

/** A square of a colour (`#rrggbb`), or nothing where a name says none. */
export function swatch(colour, tag = "i.swatch") {
  const square = colour ? h(tag) : null;
  if (square) square.style.backgroundColor = colour;
  return square;
}

/** Replace a node's children and give the focus back to what stands for the same thing (`data-focus`). */
export function refill(node, ...children) {
  const held = node.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
  node.replaceChildren(...children.flat(Infinity).filter(Boolean));
  if (held) node.querySelector(`[data-focus="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
}

export const isPhone = () => matchMedia("(max-width: 720px)").matches;
export const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
