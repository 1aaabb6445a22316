// Several shots at once, written as a form: a line of words and a length for each. What is sent is the text of a storyboard, and its price comes before anything is filmed.

import { h, refill } from "./dom.js";
import { t } from "./words.js";

const DRAFT = "throughline.several", BEGIN = 3, MOST = 60;
const SHOT = /^[ \t]*(?:shot|镜头|鏡頭|镜|鏡)[ \t]*(\d+)[ \t]*(?:[(（][ \t]*(\d+(?:\.\d+)?)[^)）]*[)）])?[ \t]*[:：]/gimu;
const LENGTH = /(\d+(?:\.\d+)?)/;

export class Several {
  /** `lengths()` gives what may be chosen, null where any whole second may; `changed()` hears of every change. */
  constructor(lengths, changed) {
    Object.assign(this, { lengths, changed, shots: [], answers: null });
    this.list = h("ol.several-shots");
    this.total = h("span.label", { role: "status" });
    this.heading = h("h2");
    this.root = h("div.several", { role: "group", "aria-label": t("several"), hidden: true },
      h("div.several-head", {}, this.heading, h("span.label", {}, t("several_note")), h("button.link.several-close", { type: "button", "aria-label": t("several_close"), onclick: () => this.close() }, "×")),
      this.list,
      h("div.several-foot", {}, h("button.btn.quiet", { type: "button", onclick: () => this.add() }, t("add_shot")), this.total));
    this.root.addEventListener("keydown", (event) => this.key(event));
  }

  get on() { return !this.root.hidden; }

  /** Anew, or with the rows of a card that can be changed: {action, label, rows}. */
  open(answers = null) {
    this.answers = answers;
    this.shots = answers ? answers.rows.map(shotOf) : kept();
    while (this.shots.length < (answers ? 1 : BEGIN)) this.shots.push({ words: "", seconds: "" });
    this.heading.textContent = answers?.label ?? t("several");
    this.root.hidden = false;
    this.draw();
    this.list.querySelector("textarea").focus();
  }

  close() {
    this.root.hidden = true;
    this.changed();
  }

  draw() {
    refill(this.list, this.shots.map((shot, n) => this.row(shot, n)));
    this.count();
  }

  row(shot, n) {
    const words = h("textarea.typed", { rows: 1, dir: "auto", value: shot.words, placeholder: t("write"), "aria-label": t("shot_words", n + 1), "data-focus": `several:${n}`, oninput: () => { shot.words = words.value; this.count(); }, onpaste: (event) => this.paste(event, n) });
    return h("li", {}, h("span.number", { "aria-hidden": "true" }, n + 1), words, this.length(shot, n),
      h("button.several-drop", { type: "button", "aria-label": t("drop_shot", n + 1), "data-focus": `several-drop:${n}`, disabled: this.shots.length === 1, onclick: () => this.drop(n) }, "×"));
  }

  length(shot, n) {
    const lengths = this.lengths(), given = { "aria-label": t("shot_seconds", n + 1), "data-focus": `several-length:${n}` };
    const set = (value) => { shot.seconds = value; this.count(); };
    if (!lengths?.length) return h("input.seconds", { ...given, type: "number", min: 1, max: 60, inputmode: "numeric", placeholder: t("any_seconds"), value: shot.seconds, onchange: (event) => set(event.target.value) });
    const all = lengths.map(String).includes(String(shot.seconds)) || !shot.seconds ? lengths : [...lengths, shot.seconds];
    return h("select.seconds", { ...given, onchange: (event) => set(event.target.value) },
      h("option", { value: "" }, t("any_seconds")), all.map((each) => h("option", { value: each, selected: String(each) === String(shot.seconds) }, t("seconds_unit", each))));
  }

  add(after = this.shots.length - 1) {
    if (this.shots.length >= MOST) return;
    this.shots.splice(after + 1, 0, { words: "", seconds: this.shots[after]?.seconds ?? "" });
    this.draw();
    this.at(after + 1).focus();
  }

  drop(n) {
    this.shots.splice(n, 1);
    this.draw();
    this.at(Math.min(n, this.shots.length - 1)).focus();
  }

  at(n) { return this.list.children[n].querySelector("textarea"); }

  /** Enter goes to the next shot, and makes one behind the last; with Ctrl the whole is sent by whoever listens above. */
  key(event) {
    if (event.isComposing || event.keyCode === 229) return;
    if (event.key === "Escape") { event.stopPropagation(); this.close(); }
    if (event.key !== "Enter" || event.shiftKey || event.ctrlKey || event.metaKey || event.target.tagName !== "TEXTAREA") return;
    event.preventDefault();
    const n = [...this.list.children].findIndex((item) => item.contains(event.target));
    if (n + 1 < this.shots.length) this.at(n + 1).focus(); else this.add(n);
  }

  /** A whole storyboard from elsewhere fills the rows. */
  paste(event, n) {
    const found = read(event.clipboardData?.getData("text") ?? "");
    if (found.length < 2) return; // what stands above its shots (a style, a cast) would be lost, so that is left to the box
    event.preventDefault();
    this.shots.splice(n, this.shots[n].words.trim() ? 0 : 1, ...found);
    this.shots = this.shots.filter(({ words }) => words.trim()).slice(0, MOST);
    this.draw();
    this.at(Math.min(n + found.length, this.shots.length) - 1).focus();
  }

  get written() { return this.shots.filter(({ words }) => words.trim()); }

  /** All lengths together, or null where one of them is left to the model. */
  get seconds() {
    const { written } = this;
    return written.length && written.every((shot) => Number(shot.seconds)) ? written.reduce((sum, shot) => sum + Number(shot.seconds), 0) : null;
  }

  count() {
    const { written, seconds } = this;
    this.total.textContent = [written.length === 1 ? t("shots_one") : t("shots_many", written.length), seconds && t("length", seconds)].filter(Boolean).join(t("comma"));
    if (!this.answers) sessionStorage.setItem(DRAFT, JSON.stringify(this.shots));
    this.changed();
  }

  /** As lines; of a storyboard that is changed, every other number is taken out by a line without words, for its card does not tell which it has. */
  text() {
    const { written } = this, old = this.answers ? MOST : 0;
    const lines = written.map(({ words, seconds }, n) => `Shot ${n + 1}${seconds ? ` (${seconds}s)` : ""}: ${words.trim()}`);
    for (let n = written.length; n < old; n += 1) lines.push(`Shot ${n + 1}:`);
    return lines.join("\n");
  }

  /** What is sent; `chosen` are shape, stage and model of all. */
  form({ seconds, ...chosen }) {
    return this.answers ? { action: this.answers.action, words: this.text() } : { command: "storyboard", values: { ...chosen, text: this.text() } };
  }

  sent() {
    if (!this.answers) sessionStorage.removeItem(DRAFT);
    this.close();
  }
}

function kept() {
  try { return JSON.parse(sessionStorage.getItem(DRAFT)) ?? []; } catch { return []; }
}

const shotOf = ({ text, note }) => ({ words: text, seconds: LENGTH.exec(note)?.[1] ?? "" });

/** The shots of a text that begins with a `Shot n:` line. */
export function read(text) {
  const heads = [...text.matchAll(SHOT)];
  if (!heads.length || text.slice(0, heads[0].index).trim()) return [];
  return heads.map((head, n) => ({ words: text.slice(head.index + head[0].length, heads[n + 1]?.index).trim(), seconds: head[2] ?? "" })).filter(({ words }) => words);
}
