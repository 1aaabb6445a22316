// Shape, length and model of the next take: segments on a desk, selects on a phone, one state behind both.
// Nothing is chosen until the member chooses: what nobody set is not sent.

import { h, refill } from "./dom.js";
import { dollars, t } from "./words.js";

const KEPT = "throughline.choices";
const SEGMENTS = { shape: 8, seconds: 8, stage: 3, model: 3 };
const APART = { stage: "model", model: "stage" };
const RATIOS = { wide: "16:9", tall: "9:16", square: "1:1", portrait: "4:5" };

export class Choices {
  constructor(changed) {
    this.changed = changed;
    this.chosen = JSON.parse(localStorage.getItem(KEPT) ?? "{}");
    this.root = h("div.choices");
    this.root.style.display = "contents";
    this.options = { shapes: [], seconds: null, backends: [], default: "" };
  }

  fill(options) {
    this.options = options;
    this.prune();
    this.draw();
  }

  /** What the chosen backend films: its own shapes and lengths, and whether it takes a picture. */
  get offered() {
    return { ...this.options, ...this.backend() };
  }

  backend() {
    const { backends, default: usual } = this.options;
    return this.stages.find(({ name }) => name === this.chosen.stage) ?? backends.find(({ name }) => name === (this.chosen.model ?? usual));
  }

  /** Animatic, draft, final: each as a backend of its own, under the name of the stage. */
  get stages() { return this.options.stages ?? []; }

  /** Takes back what is not offered (any more). */
  prune() {
    for (const [name, all] of [["model", this.options.backends], ["stage", this.stages]]) if (!all.some((each) => each.name === this.chosen[name])) delete this.chosen[name];
    const { shapes, seconds } = this.offered;
    for (const [name, values] of Object.entries({ shape: shapes ?? [], seconds: seconds ?? [] })) if (!values.includes(this.chosen[name])) delete this.chosen[name];
  }

  draw() {
    const { backends } = this.options, staged = new Set(this.stages.map(({ backend }) => backend));
    const { shapes, seconds } = this.offered;
    const shapeText = (shape) => RATIOS[shape] ?? shape;
    const lengthText = (n) => t("seconds_unit", n);
    refill(this.root,
      this.choice("shape", t("any_shape"), shapes ?? [], shapeText, (shape) => h(`i.outline.${shape}`)),
      this.choice("seconds", t("any_seconds"), seconds ?? [], lengthText),
      this.choice("stage", t("stage"), this.stages.map(({ name }) => name), (name) => this.labelled(this.stages, name)),
      this.choice("model", t("backend"), backends.length > 1 && !backends.every(({ name }) => staged.has(name)) ? backends.map(({ name }) => name) : [], (name) => this.labelled(backends, name)),
      this.aside = h("span.kept-note", { hidden: true }));
  }

  /** A model with what the take would cost there: "Animatic, free", "omni 1.2 flash $0.84". */
  labelled(all, name) {
    const backend = all.find((each) => each.name === name), price = this.priced(backend);
    return backend.free ? [backend.label, price].join(t("comma")) : `${backend.label} ${price}`;
  }

  choice(name, label, values, text, drawing = () => null) {
    if (!values.length) return null;
    const usual = name === "model" && !this.chosen.stage ? this.options.default : undefined;
    const pressed = (value) => value === (this.chosen[name] ?? usual);
    const segments = h("div.segments", { role: "group", "aria-label": label }, values.map((value) =>
      h("button", { type: "button", "aria-pressed": pressed(value), "data-focus": `${name}:${value}`, onclick: () => this.choose(name, value) }, drawing(value), text(value))));
    const select = h("select", { "aria-label": label, "data-focus": name, onchange: (event) => this.set(name, values[event.target.selectedIndex - 1]) },
      h("option", {}, label), values.map((value) => h("option", { selected: this.chosen[name] === value }, text(value))));
    return h(`div.choice.of-${name}${values.length > SEGMENTS[name] ? ".many" : ""}`, {}, segments, select);
  }

  /** A second tap on the same one takes the choice back. */
  choose(name, value) {
    const same = this.chosen[name] === value || (name === "model" && value === this.options.default);
    this.set(name, same ? undefined : value);
  }

  /** A length that an offer is about, where it can be filmed. */
  offer(seconds) {
    if (this.offered.seconds?.includes(seconds)) this.set("seconds", seconds);
  }

  set(name, value) {
    if (value === undefined) delete this.chosen[name]; else this.chosen[name] = value;
    delete this.chosen[APART[name]];
    this.prune();
    localStorage.setItem(KEPT, JSON.stringify(this.chosen));
    this.draw();
    this.changed();
  }

  shown(all, note) {
    for (const choice of this.root.querySelectorAll(".choice")) choice.hidden = !all;
    if (this.aside) { this.aside.hidden = !note; this.aside.textContent = note; }
  }

  values() {
    return Object.fromEntries(["shape", "seconds", "stage", "model"].filter((name) => this.chosen[name]).map((name) => [name, this.chosen[name]]));
  }

  /** What a tap on Film costs; `length` is that of the take replied to. */
  price(length) {
    const backend = this.backend();
    return backend ? this.priced(backend, length) : "";
  }

  priced(backend, length) {
    if (backend.free) return t("free");
    if (backend.price_per_second === null) return backend.price ? t("price", dollars(backend.price)) : t("unknown_price");
    if (length) return t("about", dollars(Math.round(length) * backend.price_per_second));
    if (this.chosen.seconds) return t("price", dollars(this.chosen.seconds * backend.price_per_second));
    return t("per_second", dollars(backend.price_per_second));
  }
}
