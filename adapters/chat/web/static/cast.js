// The cast: who they are, what they wear, how they sound; in which shots they are; added, changed, taken out where they stand.

import { h, refill, typed } from "./dom.js";
import { posterUrl } from "./net.js";
import { t } from "./words.js";

const PARTS = ["wardrobe", "voice"], EMPTY = "-";

export class CastList {
  constructor(session) { this.session = session; }

  draw(cast) {
    const { session } = this, { open } = session;
    return [
      h("div.section-head", {}, h("h2", {}, t("cast")), h("span.label", {}, t("cast_note")), h("div.taps", {}, session.tool("cast:add", t("add")))),
      open === "cast:add" && this.form(),
      cast?.length ? h("ul.cast", {}, cast.map((who) => this.entry(who))) : open !== "cast:add" && h("p.block.none", {}, t("cast_none")),
    ];
  }

  entry(who) {
    const { open } = this.session;
    if (open === `cast:edit:${who.id}`) return h("li.asking", {}, this.form(who));
    const said = PARTS.filter((name) => who[name]).map((name) => h("p.part", {}, h("span.label", {}, labels()[name]), typed(who[name], "span")));
    return h("li", { dataset: { cast: who.id } },
      who.image ? h("img.face", { src: posterUrl(who.image), alt: t("picture_of", who.name), loading: "lazy" }) : h("span.face.bare.label", {}, t("words_only")),
      h("div.who", {},
        h("div.named", {}, h("h3", { dir: "auto" }, who.name), who.shots?.length ? h("span.label.shots", {}, who.shots.join(" ")) : null, standing(who), this.tools(who)),
        typed(who.description), said, this.consent(who),
        open === `cast:remove:${who.id}` && this.sure(who)));
  }

  tools(who) {
    const { session } = this;
    return h("span.taps", {}, session.tool(`cast:edit:${who.id}`, t("edit"), "button.link", { "aria-label": t("edit_who", who.name) }),
      session.tool(`cast:remove:${who.id}`, t("remove"), "button.link", { "aria-label": t("remove_who", who.name) }));
  }

  sure(who) {
    const { session } = this;
    return h("div.ask", {}, h("span", {}, t("remove_sure", who.name)),
      h("button.btn.quiet.stop", { type: "button", onclick: () => session.send({ command: "cast", values: { action: "remove", name: who.id } }) }, t("remove")),
      h("button.btn.quiet", { type: "button", onclick: () => session.back() }, t("keep")));
  }

  /** A picture waits until somebody has said whose face it is. */
  consent(who) {
    if (!who.consent?.asked) return null;
    const say = (said, label) => h("button.btn.quiet", { type: "button", "data-focus": `consent:${who.id}:${said}`, onclick: (event) => this.session.room.tap(`consent:${who.id}:${said}`, event.currentTarget) }, label);
    return h("div.ask.consent", { role: "group", "aria-label": t("consent") }, h("span", {}, t("consent")), say("yes", t("consent_yes")), say("no", t("consent_no")));
  }

  /** Name, description, wardrobe, voice, and a picture or a take to make them from. */
  form(who = null) {
    const { session } = this, bad = h("p.bad", { role: "alert", hidden: true });
    const boxes = ["name", "description", ...PARTS].filter((name) => !(who && name === "name")).map((name) => field(name, who?.[name] ?? ""));
    const picture = new Pick();
    const take = who ? null : this.takes();
    const go = () => session.send({ command: "cast", values: filled(who, boxes, take) }, bad, picture.file);
    const form = h("form.ask.cast-form", { "aria-label": t(who ? "edit_who" : "cast_add", who?.name), onsubmit: (event) => { event.preventDefault(); go(); } },
      who && h("h3", { dir: "auto" }, who.name), boxes.map(({ row }) => row),
      h("div.cast-field", { role: "group", "aria-label": t("picture") }, h("span.label", {}, t("picture")), picture.root),
      take && h("div.cast-field", {}, h("label.label", { for: "cast-take" }, t("from_take")), take),
      h("div.ends", {}, h("button.btn", { type: "submit" }, t(who ? "save" : "add")), h("button.btn.quiet", { type: "button", onclick: () => session.back() }, t("cancel"))), bad);
    form.addEventListener("keydown", (event) => { if (event.key === "Escape") session.key(event, go); });
    return form;
  }

  takes() {
    const shots = this.session.view.storyboard.filter((shot) => shot.state === "ready");
    return shots.length ? h("select", { id: "cast-take" }, h("option", { value: "" }, t("no_take")), shots.map((shot) => h("option", { value: shot.slate }, shot.slate))) : null;
  }
}

/** A picture of somebody, chosen and seen before it is sent. */
class Pick {
  constructor() {
    this.file = null;
    this.input = h("input", { type: "file", accept: "image/png,image/jpeg,image/webp", hidden: true, tabindex: -1, onchange: () => this.set(this.input.files[0] ?? null) });
    this.shown = h("span.pick");
    this.root = h("div.pick", {}, this.input, this.shown);
    this.set(null);
  }

  set(file) {
    if (this.url) URL.revokeObjectURL(this.url);
    this.file = file;
    this.url = file && URL.createObjectURL(file);
    refill(this.shown, file && h("img", { src: this.url, alt: t("picture") }), file && h("span.label", {}, file.name),
      h("button.btn.quiet", { type: "button", "data-focus": "choose", onclick: () => this.input.click() }, t(file ? "choose_other" : "choose_picture")),
      file && h("button.link", { type: "button", onclick: () => { this.input.value = ""; this.set(null); } }, t("remove")));
  }
}

const labels = () => ({ name: t("cast_name"), description: t("cast_description"), wardrobe: t("cast_wardrobe"), voice: t("cast_voice") });
const hints = () => ({ name: t("cast_name_hint"), description: t("cast_description_hint"), wardrobe: t("cast_wardrobe_hint"), voice: t("cast_voice_hint") });

function field(name, value) {
  const box = h(name === "description" ? "textarea.typed" : "input.typed", { id: `cast-${name}`, value, placeholder: hints()[name], dir: "auto", rows: name === "description" ? 2 : null, autocomplete: "off" });
  return { name, box, was: value, row: h("div.cast-field", {}, h("label.label", { for: `cast-${name}` }, labels()[name]), box) };
}

/** What is sent: of somebody who is there already, only what was changed, and a dash for what was emptied. */
function filled(who, boxes, take) {
  const said = boxes.filter(({ box, was }) => (who ? box.value !== was : box.value)).map(({ name, box }) => [name, box.value.trim() ? box.value : EMPTY]);
  return { action: who ? "set" : "add", ...(who && { name: who.id }), ...Object.fromEntries(said), ...(take?.value && { from: take.value }) };
}

const standing = (who) => [who.level === "server" && t("from_server"), who.locked && t("locked")].filter(Boolean).map((word) => h("span.label.origin", {}, word));
