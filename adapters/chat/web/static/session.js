// What is in hand, beside the chat: production, spine, cast, storyboard. Here the one open question is kept; what it asks stands in its own file.

import { CastList } from "./cast.js";
import { $, h, refill } from "./dom.js";
import { wish } from "./net.js";
import { production } from "./production.js";
import { spine } from "./spine.js";
import { board } from "./storyboard.js";
import { t } from "./words.js";

/** Which questions belong to which part: a part with an open question is not drawn anew, for somebody's words are in it. */
const ASKS = { production: ["new", "switch"], spine: ["presets", "from", "text", "clear", "field:", "add:"], cast: ["cast:"] };

export class Session {
  constructor(room) {
    this.room = room;
    this.open = null;
    this.cast = new CastList(this);
    this.parts = Object.fromEntries(["production", "spine", "cast", "storyboard", "foot"].map((name) => [name, h(name === "foot" ? "p.foot" : `section.of-${name}`)]));
    $("session").append(...Object.values(this.parts));
  }

  fill(view) {
    this.view = view;
    this.draw();
  }

  /** `open` is what is being asked now: one thing at a time, and a new view does not take it away. */
  ask(name) {
    this.open = this.open === name ? null : name;
    this.draw();
    if (!this.open) return;
    const part = this.part(this.open), field = part.querySelector(".ask :is(input, textarea):not([type=file])") ?? part.querySelector(".menu button, .ask button");
    field?.focus();
    if (!this.open.startsWith("add:")) field?.select?.();
    (part.querySelector(".ask") ?? part).scrollIntoView({ block: "nearest" });
  }

  /** Whether that can be asked here: about the cast, if it is on the page. */
  knows(action, who) {
    return Boolean(this.view?.cast) && (action === "add" || (action === "set" && this.view.cast.some(({ id }) => id === who)));
  }

  part(name) {
    return this.parts[Object.keys(ASKS).find((part) => ASKS[part].some((start) => name.startsWith(start)))];
  }

  draw() {
    const { parts, view } = this;
    const fill = (name, drawing) => { if (!this.asked(parts[name], ASKS[name])) refill(parts[name], drawing()); };
    fill("production", () => production(this));
    fill("spine", () => spine(this));
    fill("cast", () => this.cast.draw(view.cast));
    parts.cast.hidden = !view.cast;
    refill(parts.storyboard, this.storyboard());
    refill($("strip"), view.storyboard.length ? board(view.storyboard, this.room) : null);
    parts.foot.textContent = view.version ? `${t("title")} ${view.version}` : "";
  }

  /** True while that part holds an open question with somebody's words in it. */
  asked(part, names) {
    const mine = this.open && names.some((name) => this.open.startsWith(name));
    return mine && part.dataset.open === this.open ? true : ((part.dataset.open = mine ? this.open : ""), false);
  }

  /** A button that opens and closes a question. */
  tool(name, label = t(name), kind = "button.link", more = {}) {
    return h(kind, { type: "button", "aria-expanded": this.open === name, "data-focus": `tool:${name}`, onclick: () => this.ask(name), ...more }, label);
  }

  /** One question with one answer: Enter saves, Escape leaves it as it was. */
  line({ label, value = "", placeholder = "", save, form, long = false }) {
    const bad = h("p.bad", { role: "alert", hidden: true });
    const input = h(long ? "textarea.typed" : "input.typed", { id: "asked", value, placeholder, dir: "auto", rows: long ? 3 : null });
    const go = () => this.send(form(input.value), bad);
    input.addEventListener("keydown", (event) => this.key(event, go));
    return h("div.ask", {}, h("label.label", { for: "asked" }, label), input, this.ends(save, go), bad);
  }

  ends(save, go) {
    return [h("button.btn", { type: "button", onclick: go }, save), h("button.btn.quiet", { type: "button", onclick: () => this.back() }, t("cancel"))];
  }

  key(event, go) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); go(); }
    if (event.key === "Escape") { event.stopPropagation(); this.back(); }
  }

  back() {
    const from = this.open;
    this.open = null;
    this.draw();
    const name = from.startsWith("field:") ? from : `tool:${from}`;
    $("session").querySelector(`[data-focus="${CSS.escape(name)}"]`)?.focus();
  }

  /** Off it goes. What was refused is said where it was asked, and the words stay. */
  async send(form, bad = null, image = null) {
    try {
      await wish(form, image);
      if (this.open) this.back();
    } catch (error) {
      if (!bad) return this.room.fail(error);
      bad.textContent = error.message;
      bad.hidden = false;
    }
    return undefined;
  }

  storyboard() {
    const shots = this.view.storyboard;
    return [
      h("div.section-head", {}, h("h2", {}, t("storyboard")), shots.length ? h("span.label", {}, t("storyboard_note")) : null),
      shots.length ? board(shots, this.room) : h("p.block.none", {}, t("storyboard_none")),
    ];
  }
}
