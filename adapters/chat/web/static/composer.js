// The box at the foot: the member's words, what they reply to, the picture they start from, and Film.

import { chipView } from "./card.js";
import { $, h, refill, svg } from "./dom.js";
import * as hints from "./hints.js";
import { Offers } from "./offers.js";
import { posterUrl, Sentence, wish } from "./net.js";
import { Choices } from "./choices.js";
import { Several } from "./several.js";
import { t } from "./words.js";

const DRAFT = "throughline.draft";

export class Composer {
  constructor(room) {
    this.room = room;
    this.mode = null;
    this.image = null;
    this.build();
    this.box.value = sessionStorage.getItem(DRAFT) ?? "";
    this.grow();
  }

  build() {
    const form = $("composer");
    this.carried = h("div", { id: "carried", hidden: true });
    this.modeLine = h("div.mode", { hidden: true });
    this.box = h("textarea", { id: "words", rows: 1, dir: "auto", spellcheck: "true", enterkeyhint: "send", maxlength: null, "aria-describedby": "sentence" });
    this.attached = h("div.attached", { hidden: true });
    this.sentence = h("p", { id: "sentence", role: "alert", hidden: true });
    this.hints = new hints.Hints(this.box, () => this.changed());
    this.offers = new Offers(this.box, () => this.about(), (seconds) => this.choices.offer(seconds));
    this.choices = new Choices(() => { this.pictures(); this.price(); });
    this.several = new Several(() => this.choices.offered.seconds, () => this.turned());
    this.more = h("button.btn.attach", { type: "button", title: t("several_hint"), "aria-label": t("several"), "data-focus": "several", onclick: () => this.severalShots() },
      svg(16, ["path", { d: "M2.5 3.5h4v4h-4zM2.5 9.5h4v4h-4zM9 4.5h5M9 6.5h3.5M9 10.5h5M9 12.5h3.5", fill: "none", stroke: "currentColor", "stroke-width": 1.2 }]));
    this.file = h("input", { type: "file", accept: "image/png,image/jpeg,image/webp", hidden: true, tabindex: -1 });
    this.attach = h("button.btn.attach", { type: "button", onclick: () => this.file.click() });
    this.film = h("button.btn.film", { type: "submit" });
    this.tools = h("div.tools", {}, this.choices.root, this.film);
    this.lines = h("div.lines", {}, this.modeLine, h("div.page", {}, this.offers.mirror, this.box), this.more, this.attach, this.file);
    this.frame = h("div.box", {}, this.hints.list, this.lines, this.several.root, this.attached, this.offers.rows, this.offers.said, this.sentence, this.tools);
    form.append(this.carried, this.frame);
    this.listen(form);
    new ResizeObserver(() => $("chat").style.setProperty("--composer", `${form.offsetHeight}px`)).observe(form);
  }

  listen(form) {
    form.addEventListener("submit", (event) => { event.preventDefault(); this.send(); });
    this.box.addEventListener("input", () => this.changed());
    this.box.addEventListener("keydown", (event) => this.key(event));
    this.several.root.addEventListener("keydown", (event) => { if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); this.send(); } });
    this.box.addEventListener("paste", (event) => this.pick(event.clipboardData?.files?.[0], event));
    this.file.addEventListener("change", () => { this.pick(this.file.files[0]); this.file.value = ""; });
    this.frame.addEventListener("dragover", (event) => { if (this.attach.hidden) return; event.preventDefault(); this.frame.classList.add("over"); });
    this.frame.addEventListener("dragleave", () => this.frame.classList.remove("over"));
    this.frame.addEventListener("drop", (event) => { this.frame.classList.remove("over"); this.pick(event.dataTransfer?.files?.[0], event); });
  }

  /** What the view says may be chosen, and what the next shot will keep. */
  fill(view) {
    this.options = view.options;
    this.choices.fill(view.options);
    this.kept = view.carried ?? [];
    this.hints.commands = view.commands ?? [];
    this.offers.on = view.offers === true;
    this.dress();
  }

  dress() {
    const chips = this.kept.map((chip) => chipView(chip, this.room));
    this.carried.hidden = !chips.length || this.mode !== null;
    refill(this.carried, h("span.label", {}, t("carried")), ...chips);
    this.box.placeholder = t(this.mode ? "write_change" : "write");
    this.box.setAttribute("aria-label", this.box.placeholder);
    refill(this.attach, svg(16, ["path", { d: "M2.5 3.5h11v9h-11zM2.5 10.5l3-3 2.5 2.5 2-2 3.5 3.5", fill: "none", stroke: "currentColor", "stroke-width": 1.2 }], ["circle", { cx: 10.5, cy: 6.2, r: 1, fill: "currentColor" }]), h("span.unseen", {}, t("picture")));
    this.attach.title = t("picture_hint");
    this.pictures();
    this.modeView();
    this.price();
  }

  pictures() {
    this.attach.hidden = this.mode !== null || this.choices.offered.images === false;
    this.more.hidden = this.mode !== null;
  }

  modeView() {
    const { mode } = this;
    this.modeLine.hidden = !mode;
    if (!mode) return;
    const poster = mode.slate && this.room.poster(mode.slate);
    refill(this.modeLine, poster && h("img", { src: posterUrl(poster), alt: "" }),
      mode.take ? h("span", {}, h("span.what", {}, `${t("remix_of")} `), h("b", {}, mode.slate)) : h("b", {}, mode.label),
      h("button", { type: "button", "aria-label": t("stop_reply"), onclick: () => this.setMode(null) }, "×"));
  }

  /** One box for one shot, or a form for several: never both. */
  severalShots() {
    this.setMode(null);
    this.several.open();
  }

  turned() {
    if (this.lines.hidden !== this.several.on) {
      this.lines.hidden = this.several.on;
      this.attached.hidden = this.several.on || !this.image;
      $("composer").classList.toggle("writes-several", this.several.on);
      this.offers.look();
      if (!this.several.on) this.box.focus();
    }
    this.say("");
    this.price();
  }

  price() {
    if (this.several.on) return this.priceOfAll();
    const plain = this.mode && !this.mode.take && !this.mode.films;
    const command = this.box.value.startsWith("/");
    this.choices.shown(!this.mode && !command, this.mode?.take ? t("as_source", this.mode.slate) : "");
    const label = plain || command ? t("send") : t("film");
    const unknown = this.mode?.films && !this.mode.seconds; // as long as the take was meant to be, which the page is not told
    const price = plain || command || unknown ? "" : this.choices.price(this.mode?.seconds);
    refill(this.film, h("span", {}, this.sending ? t("filming") : label), price && h("span.price", {}, price));
  }

  /** What all would cost, where every length is chosen; the card that comes says it for certain before anything is filmed. */
  priceOfAll() {
    const { seconds } = this.several, all = this.choices.price(seconds);
    this.choices.shown(!this.several.answers, "");
    const price = seconds || this.choices.backend()?.free ? all : "";
    return refill(this.film, h("span", {}, t(this.sending ? "filming" : "see_price")), price && h("span.price", {}, price));
  }

  /** Reply to a take (`{take, slate, seconds}`), answer a button (`{action, label, films?}`), or write a new shot (null). */
  setMode(mode, words = "") {
    this.mode = mode;
    if (this.several.on) this.several.close();
    if (words && !this.box.value.trim()) this.box.value = words;
    if (mode) this.setImage(null);
    this.changed();
    this.dress();
    this.box.focus();
  }

  write(words) {
    if (this.several.on) this.several.close();
    this.box.value = words;
    this.changed();
    this.box.focus();
  }

  /** The take that the words would make: of what it is a remix, how long it would be; null where they make none. */
  about() {
    const { mode } = this;
    if (this.several.on) return null;
    if (!mode) return { seconds: this.choices.chosen.seconds, lengths: this.choices.offered.seconds };
    return mode.take || mode.films ? { reply_to: mode.take, seconds: mode.seconds && Math.round(mode.seconds) } : null;
  }

  changed() {
    sessionStorage.setItem(DRAFT, this.box.value);
    this.say("");
    this.grow();
    this.hints.look();
    this.offers.look();
    this.price();
  }

  grow() {
    this.box.style.height = "auto";
    this.box.style.height = `${this.box.scrollHeight}px`;
    this.offers.underline();
  }

  key(event) {
    if (this.hints.key(event)) return;
    if (event.key === "Escape" && this.mode) this.setMode(null);
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.send();
  }

  pick(file, event) {
    if (!file?.type.startsWith("image/") && event?.type === "paste") return;
    if (!file || this.attach.hidden) return;
    event?.preventDefault();
    this.setImage(file);
  }

  setImage(file) {
    if (this.preview) URL.revokeObjectURL(this.preview);
    this.image = file;
    this.preview = file && URL.createObjectURL(file);
    this.attached.hidden = !file;
    this.say("");
    refill(this.attached, file && h("img", { src: this.preview, alt: t("picture_hint") }), file && h("span.name.label", {}, file.name),
      file && h("button.link", { type: "button", onclick: () => this.setImage(null) }, t("remove_picture")));
  }

  say(text) {
    this.sentence.hidden = !text;
    this.sentence.textContent = text;
    this.box.setAttribute("aria-invalid", text ? "true" : "false");
  }

  form() {
    if (this.several.on) return this.several.form(this.choices.values());
    const text = this.box.value;
    if (this.mode && !this.mode.take && !text.startsWith("/")) return { action: this.mode.action, words: text };
    if (this.mode?.take) return { text, reply_to: this.mode.take };
    return { text, values: text.startsWith("/") ? {} : this.choices.values() };
  }

  /** Off it goes; on a no, the words stay in the box beside one sentence. */
  async send() {
    if (this.sending) return;
    this.sending = true;
    this.film.setAttribute("aria-disabled", "true");
    this.say("");
    this.price();
    const sent = this.box.value, several = this.several.on;
    try {
      await wish(this.form(), several ? null : this.image);
      if (several) this.severalSent(); else this.sent(sent);
    } catch (error) {
      this.say(error instanceof Sentence ? error.message : t("broken"));
    } finally {
      this.sending = false;
      this.film.removeAttribute("aria-disabled");
      this.price();
    }
  }

  severalSent() {
    this.several.sent();
    this.room.sent();
  }

  sent(words) {
    if (this.box.value === words) this.box.value = "";
    this.mode = null;
    this.setImage(null);
    this.changed();
    this.dress();
    this.room.sent();
  }
}
