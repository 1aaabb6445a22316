// The spine: what goes in front of every shot, word for word, and its fields, each edited where it stands.

import { h, swatch } from "./dom.js";
import * as net from "./net.js";
import { t } from "./words.js";

const ALONE = new Set(["look", "palette"]);
const LONG = 22, WHENCE_LONG = 18;
const set = (values) => ({ command: "style", values: { action: "set", ...values } });

export function spine(session) {
  const { spine: look } = session.view, { open } = session;
  return [
    h("div.section-head", {}, h("h2", {}, t("spine")), h("span.label", {}, t("spine_note")),
      h("div.taps", {}, session.tool("presets"), finished(session).length > 0 && session.tool("from", t("from_take")), session.tool("text", t("as_text")), look.text && session.tool("clear"))),
    open === "presets" && presets(session),
    open === "from" && fromTake(session),
    open === "text" && asText(session),
    open === "clear" && h("div.ask", {}, h("span", {}, t("clear_sure")),
      h("button.btn.quiet.stop", { type: "button", onclick: () => session.send({ command: "style", values: { action: "clear" } }) }, t("clear")),
      h("button.btn.quiet", { type: "button", onclick: () => session.ask("clear") }, t("keep"))),
    look.text ? h("p.typed.block", { dir: "auto" }, look.text) : h("p.block.none", {}, t("spine_none")),
    h("div.fields", {}, look.fields.map((field) => fieldView(session, field))),
  ];
}

// ------------------------------------------------------------ fields

function fieldView(session, field) {
  const { open } = session;
  if (open === `field:${field.name}` || open === `add:${field.name}`) return h("div.field.broad", { dataset: { field: field.name } }, question(session, field, open.startsWith("add:")));
  const broad = field.value && (ALONE.has(field.name) || field.value.length + (WHENCE[field.origin] ? WHENCE_LONG : 0) > LONG) ? ".broad" : "";
  const anchored = field.name === "palette" && field.value;
  const value = anchored ? h("span.value", {}, anchors(session.view.spine)) : field.value ? h("span.value", { dir: "auto" }, field.value) : h("span.value.none", {}, t("add"));
  return h(`div.field${broad}`, { dataset: { field: field.name } },
    h("button", { type: "button", "data-focus": `field:${field.name}`, title: field.placeholder || null, onclick: () => session.ask(`field:${field.name}`) },
      h("span.label", {}, field.label), value, origin(field)),
    anchored && session.tool(`add:${field.name}`, t("add")));
}

/** Fields that nobody set oneself say whose they are. */
const WHENCE = { channel: () => t("from_channel"), server: () => t("from_server") };
const origin = ({ origin: level }) => (WHENCE[level] ? h("span.origin.label", {}, WHENCE[level]()) : null);

function question(session, field, adding) {
  const clear = { command: "style", values: { action: "clear", field: field.name } };
  const form = (value) => (adding ? { command: "style", values: { action: "add", [field.name]: value } } : value.trim() ? set({ [field.name]: value }) : clear);
  return session.line({ label: field.label, value: adding ? "" : field.value, placeholder: field.placeholder, save: t("save"), form, long: field.name === "look" });
}

const anchors = ({ anchors: names, colours = [] }) => names.map((words, n) => h("span.anchor", { dir: "auto" }, swatch(colours[n]), words));

// ------------------------------------------------------------ ready ones, one from a take, one as text

function presets(session) {
  const list = h("ul.menu.presets", {});
  net.presets().then((found) => {
    list.append(...found.map((each) => h("li", {}, preset(session, each))));
    list.querySelector("button")?.focus();
  }).catch((error) => session.room.fail(error));
  return list;
}

function preset(session, { name, label, text, colours }) {
  return h("button", { type: "button", "aria-label": label, "aria-describedby": `preset-${name}`, onclick: () => session.send(set({ preset: name })) },
    h("span.strip", {}, colours.map((each) => swatch(each, "i"))), h("b", {}, label), h("span.typed", { dir: "auto", id: `preset-${name}` }, text));
}

const finished = (session) => session.view.storyboard.filter((shot) => shot.state === "ready");

function fromTake(session) {
  return h("ul.menu.takes", {}, finished(session).map((shot) => h("li", {}, h("button", {
    type: "button", "aria-label": t("from", shot.slate), onclick: () => session.send({ command: "style", values: { action: "from", take: shot.slate } }),
  }, shot.poster && h("img", { src: net.posterUrl(shot.poster), alt: "", loading: "lazy" }), h("b", {}, shot.slate), h("span.typed", { dir: "auto" }, shot.words)))));
}

/** The whole spine as text: to copy, and to be replaced by what is put there. */
function asText(session) {
  const bad = h("p.bad", { role: "alert", hidden: true });
  const box = h("textarea.typed", { id: "asked", value: session.view.spine_text, placeholder: t("text_hint"), dir: "auto", rows: 7, spellcheck: "false" });
  const use = () => session.send({ command: "style", values: { action: "import", text: box.value } }, bad);
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") session.key(event, use); });
  const copied = h("span.label", { role: "status" });
  const copy = () => navigator.clipboard.writeText(box.value).then(() => { copied.textContent = t("copied"); }, () => box.select());
  return h("div.ask.long", {}, h("label.label", { for: "asked" }, t("text_note")), box, session.ends(t("use_text"), use),
    session.view.spine_text && h("button.btn.quiet", { type: "button", onclick: copy }, t("copy")), copied, bad);
}
