// What is in hand, beside the chat: production, spine, storyboard.

import { colour } from "./colours.js";
import { $, h, refill, typed } from "./dom.js";
import { wish } from "./net.js";
import { board } from "./storyboard.js";
import { seconds, t } from "./words.js";

const ALONE = new Set(["look", "palette"]);
const LONG = 15;

export class Session {
  constructor(room) {
    this.room = room;
    this.open = null;
    this.parts = ["production", "spine", "storyboard", "foot"].map((name) => h(name === "foot" ? "p.foot" : `section.of-${name}`));
    $("session").append(...this.parts);
  }

  fill(view) {
    this.view = view;
    this.draw();
  }

  /** `open` is what is being asked now: one thing at a time, and a new view does not take it away. */
  ask(name) {
    this.open = this.open === name ? null : name;
    this.draw();
    const field = $("session").querySelector(".ask input, .ask textarea, .menu button, .ask button");
    if (this.open) { field?.focus(); field?.select?.(); }
  }

  draw() {
    const [production, spine, storyboard, foot] = this.parts;
    if (!this.asked(production, ["new", "switch"])) refill(production, this.production());
    if (!this.asked(spine, ["presets", "clear", "field:"])) refill(spine, this.spine());
    refill(storyboard, this.storyboard());
    refill($("strip"), this.view.storyboard.length ? board(this.view.storyboard, this.room) : null);
    foot.textContent = this.view.version ? `${t("title")} ${this.view.version}` : "";
  }

  /** True while that part holds an open question with somebody's words in it. */
  asked(part, names) {
    const mine = this.open && names.some((name) => this.open.startsWith(name));
    return mine && part.dataset.open === this.open ? true : ((part.dataset.open = mine ? this.open : ""), false);
  }

  tool(name, label = t(name), kind = "button.link") {
    return h(kind, { type: "button", "aria-expanded": this.open === name, "data-focus": `tool:${name}`, onclick: () => this.ask(name) }, label);
  }

  production() {
    const { production, productions } = this.view;
    const about = production && [t("scene", production.scene), production.shots === 1 ? t("shots_one") : t("shots_many", production.shots), production.seconds ? seconds(production.seconds) : ""];
    const facts = production ? about.filter(Boolean).slice(production.shots ? 0 : 1).join(t("comma")) : t("no_production_note");
    return h("div.production", {},
      h("div.name", {}, h("h2", { dir: "auto" }, production?.title ?? t("no_production")), h("p.label", {}, facts)),
      h("div.taps", {}, this.tool("new", t("new"), "button.btn.quiet"), productions.length > 1 && this.tool("switch", t("switch"), "button.btn.quiet")),
      this.open === "new" && this.line({ label: t("new_title"), save: t("open"), form: (title) => ({ command: "session", values: { action: "new", title } }) }),
      this.open === "switch" && h("ul.menu", {}, productions.map((each) => h("li", {}, h("button", {
        type: "button", dir: "auto", "aria-current": each.id === production?.id ? "true" : null, onclick: () => this.send({ action: `session:switch:${each.id}` }),
      }, each.title)))));
  }

  spine() {
    const { spine } = this.view;
    return [
      h("div.section-head", {}, h("h2", {}, t("spine")), h("span.label", {}, t("spine_note")),
        h("div.taps", {}, this.tool("presets"), spine.text && this.tool("clear"))),
      this.open === "presets" && h("ul.menu.offers", {}, spine.presets.map((name) => h("li", {}, h("button.btn.quiet", {
        type: "button", onclick: () => this.send({ command: "style", values: { action: "set", preset: name } }),
      }, name)))),
      this.open === "clear" && h("div.ask", {}, h("span", {}, t("clear_sure")),
        h("button.btn.quiet.stop", { type: "button", onclick: () => this.send({ command: "style", values: { action: "clear" } }) }, t("clear")),
        h("button.btn.quiet", { type: "button", onclick: () => this.ask("clear") }, t("keep"))),
      spine.text ? h("p.typed.block", { dir: "auto" }, spine.text) : h("p.block.none", {}, t("spine_none")),
      h("div.fields", {}, spine.fields.map((field) => this.field(field))),
    ];
  }

  field(field) {
    const name = `field:${field.name}`;
    const broad = field.value && (ALONE.has(field.name) || field.value.length > LONG) ? ".broad" : "";
    if (this.open === name) {
      const form = (value) => ({ command: "style", values: value.trim() ? { action: "set", [field.name]: value } : { action: "clear", field: field.name } });
      return h("div.field.broad", { dataset: { field: field.name } }, this.line({ label: field.label, value: field.value, placeholder: field.placeholder, save: t("save"), form, long: field.name === "look" }));
    }
    const value = field.name === "palette" && field.value ? h("span.value", {}, this.view.spine.anchors.map(anchorView))
      : field.value ? h("span.value", { dir: "auto" }, field.value) : h("span.value.none", {}, t("add"));
    return h(`div.field${broad}`, { dataset: { field: field.name } }, h("button", { type: "button", "data-focus": name, title: field.placeholder || null, onclick: () => this.ask(name) }, h("span.label", {}, field.label), value));
  }

  /** One question with one answer: Enter saves, Escape leaves it as it was. */
  line({ label, value = "", placeholder = "", save, form, long = false }) {
    const bad = h("p.bad", { role: "alert", hidden: true });
    const input = h(long ? "textarea.typed" : "input.typed", { id: "asked", value, placeholder, dir: "auto", rows: long ? 3 : null });
    const go = () => this.send(form(input.value), bad);
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.keyCode === 229) return;
      if (event.key === "Enter" && !event.shiftKey) { event.preventDefault(); go(); }
      if (event.key === "Escape") { event.stopPropagation(); this.back(); }
    });
    return h("div.ask", {}, h("label.label", { for: "asked" }, label), input,
      h("button.btn", { type: "button", onclick: go }, save), h("button.btn.quiet", { type: "button", onclick: () => this.back() }, t("cancel")), bad);
  }

  back() {
    const from = this.open;
    this.open = null;
    this.draw();
    $("session").querySelector(`[data-focus="${CSS.escape(from.startsWith("field:") ? from : `tool:${from}`)}"]`)?.focus();
  }

  async send(form, bad) {
    try {
      await wish(form);
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

function anchorView(name) {
  const paint = colour(name);
  const chip = paint && h("i");
  if (chip) chip.style.backgroundColor = paint;
  return h("span.anchor", { dir: "auto" }, chip, name);
}
