// What is in hand, beside the chat: production, spine, cast, storyboard, film. Here the one open question is kept; what it asks stands in its own file.

import { Arranging } from "./arranging.js";
import { CastList } from "./cast.js";
import { Cutting } from "./cutting.js";
import { $, h, refill } from "./dom.js";
import { Dragging } from "./dragging.js";
import { gauges, worst } from "./gauges.js";
import { wish } from "./net.js";
import { production } from "./production.js";
import { spine } from "./spine.js";
import { board, nameOf } from "./storyboard.js";
import { t } from "./words.js";

const LINE = 0.85;

/** Which questions belong to which part: a part with an open question is not drawn anew, for somebody's words are in it. */
const ASKS = { production: ["new", "switch"], spine: ["presets", "from", "text", "clear", "field:", "add:"], cast: ["cast:"] };

export class Session {
  constructor(room) {
    this.room = room;
    this.open = null;
    this.cast = new CastList(this);
    this.cutting = new Cutting(this);
    this.arranging = new Arranging(() => this.drawBoards());
    this.parts = Object.fromEntries(["production", "spine", "cast", "storyboard", "film", "foot"].map((name) => [name, h(name === "foot" ? "p.foot" : `section.of-${name}`)]));
    $("session").append(...Object.values(this.parts), h("p.unseen", { id: "move-hint" }, t("move_hint")));
    new Dragging(this.parts.storyboard, $("session"), this.arranging);
    new Dragging($("strip"), $("strip"), this.arranging);
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
    this.drawBoards();
    this.drawFilm();
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

  // ------------------------------------------------------------ shots and film

  drawBoards() {
    if (!this.view || this.arranging.held) return;
    const shots = this.arranging.shots(this.view.storyboard), room = { show: (shot) => this.choose(shot) };
    this.chosen = shots.some((shot) => nameOf(shot) === this.picked) ? this.picked : worst(shots);
    refill(this.parts.storyboard, this.storyboard(shots, room));
    refill($("strip"), shots.length ? board(shots, room) : null, this.refused());
  }

  /** A film that plays is not taken out of the page for a new view that says the same of it. */
  drawFilm() {
    const { film } = this.view, says = JSON.stringify([film, this.cutting.way]);
    this.parts.film.hidden = !film;
    if (this.filmed === says) return;
    this.filmed = says;
    refill(this.parts.film, this.cutting.film(film));
  }

  choose(shot) {
    this.picked = nameOf(shot);
    this.drawBoards();
    this.room.show(shot.take);
  }

  storyboard(shots, room) {
    const { view, chosen } = this, shown = shots.find((shot) => nameOf(shot) === chosen && shot.match);
    return [
      h("div.section-head", {}, h("h2", {}, t("storyboard")), shots.length ? h("span.label", {}, this.against(shots)) : null),
      shots.length ? board(shots, room, shown ? chosen : "") : h("p.block.none", {}, t("storyboard_none")),
      this.refused(),
      shown && gauges(shown, view.match?.line ?? LINE),
      shots.length > 1 && this.steps(shots),
      this.cutting.taps(view.film_actions),
    ];
  }

  /** What the shots are measured against, as far as they were. */
  against(shots) {
    const anchors = shots.filter((shot) => shot.match?.anchor).map(({ slate }) => slate);
    if (anchors.length === 1) return t("against", anchors[0]);
    if (anchors.length) return t("against_many");
    return t(this.view.film_actions?.check ? "not_measured" : "storyboard_note");
  }

  refused() { return this.arranging.sentence ? h("p.bad.not-moved", {}, this.arranging.sentence) : null; }

  /** The chosen shot a place back or on, for whoever does not drag. */
  steps(shots) {
    const at = shots.findIndex((shot) => nameOf(shot) === this.picked);
    if (at < 0) return null;
    const step = (key, by, possible) => h("button.link", { type: "button", disabled: !possible, "data-focus": `step:${by}`, onclick: () => this.arranging.step(this.picked, by) }, t(key));
    return h("div.steps", { role: "group", "aria-label": t("place_of", shots[at].slate) }, h("span.label", {}, t("place_of", shots[at].slate)),
      step("move_back", -1, at > 0), h("span.figure", {}, `${at + 1} / ${shots.length}`), step("move_on", 1, at < shots.length - 1));
  }
}
