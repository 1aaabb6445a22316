// What could be said instead, while one types: the words meant are underlined, and a tap puts others in their place. Nothing is ever changed without a tap.

import { h, refill } from "./dom.js";
import * as net from "./net.js";
import { t } from "./words.js";

const PAUSE = 220;
const ROWS = 2;

export class Offers {
  /** `about()` gives `{reply_to, seconds, lengths}` of the take it would be, or null where the words are for none; `length(n)` chooses a length. */
  constructor(box, about, length) {
    this.box = box;
    this.about = about;
    this.length = length;
    this.offers = [];
    this.all = false;
    this.mirror = h("div.mirror", { "aria-hidden": "true", dir: "auto" });
    this.rows = h("div.offers", { id: "offers", role: "group", "aria-label": t("offers"), hidden: true });
    this.said = h("p.unseen", { "aria-live": "polite" });
    box.addEventListener("scroll", () => { this.mirror.scrollTop = box.scrollTop; }, { passive: true });
    box.addEventListener("compositionend", () => this.look());
    document.addEventListener("selectionchange", () => { if (document.activeElement === box) this.draw(); });
  }

  /** The words have changed: what still stands is moved with them, and after a moment it is asked anew. */
  look() {
    this.follow(this.box.value);
    this.draw();
    clearTimeout(this.asked);
    const about = this.on && !this.box.value.startsWith("/") && this.box.value.trim() ? this.about() : null;
    if (about) this.asked = setTimeout(() => this.ask(this.box.value, about), PAUSE);
    else this.take([]);
  }

  async ask(text, about) {
    let found;
    try { found = await net.offers(text, about); } catch { return; }
    if (text === this.box.value && this.about()) this.take(found);
  }

  take(offers) {
    this.text = this.box.value;
    this.offers = offers;
    this.draw();
    const says = offers.map(({ says: sentence }) => sentence).join(" ");
    if (this.said.textContent !== says) this.said.textContent = says;
  }

  /** Offers in front of a change stand, those behind it move, those in it go. */
  follow(text) {
    const before = this.text ?? "", grown = text.length - before.length;
    let same = 0, end = 0;
    while (same < Math.min(text.length, before.length) && text[same] === before[same]) same += 1;
    while (end < Math.min(text.length, before.length) - same && text.at(-1 - end) === before.at(-1 - end)) end += 1;
    const back = before.length - end;
    this.offers = this.offers.filter((offer) => offer.end <= same || offer.start >= back)
      .map((offer) => (offer.start >= back && grown ? { ...offer, start: offer.start + grown, end: offer.end + grown } : offer));
    this.text = text;
  }

  /** The one whose words the caret is in comes first. */
  ordered() {
    const at = this.box.selectionStart, here = (offer) => offer.end > offer.start && offer.start <= at && at <= offer.end;
    return [...this.offers.filter(here), ...this.offers.filter((offer) => !here(offer))];
  }

  draw() {
    this.underline();
    const order = this.ordered(), shown = this.all ? order : order.slice(0, ROWS), hidden = order.length - shown.length;
    const drawn = JSON.stringify([order, this.all]);
    if (drawn === this.drawn) return;
    this.drawn = drawn;
    this.rows.hidden = !order.length;
    refill(this.rows, shown.map((offer) => this.row(offer)),
      hidden > 0 && h("button.link.more", { type: "button", onclick: () => { this.all = true; this.draw(); } }, t("more_offers", hidden)));
    if (!order.length) this.all = false;
  }

  row(offer) {
    return h("div.offer-row", { role: "group", "aria-label": offer.says }, h("p.label", {}, t("labelled", offer.says.replace(/[.。]$/, ""))),
      offer.instead.map(({ words, label }) => h("button.btn.offer", { type: "button", dir: "auto", "data-focus": `offer:${offer.start}:${words}`, onclick: () => this.put(offer, words) }, label || t("leave_out"))));
  }

  /** Whether an offer is to keep one part of all the words: then none of them is worse than another. */
  parts({ start, end, instead }) {
    const text = this.box.value.trim();
    return end - start >= text.length && instead.every(({ words }) => words && text.includes(words.trim()));
  }

  underline() {
    const marks = this.offers.filter((offer) => offer.end > offer.start && !this.parts(offer)).sort((one, other) => one.start - other.start);
    const text = this.box.value, pieces = [];
    let at = 0;
    for (const { start, end } of marks) {
      if (start < at) continue;
      pieces.push(text.slice(at, start), h("u", {}, text.slice(start, end)));
      at = end;
    }
    this.mirror.replaceChildren(...pieces, `${text.slice(at)}\n`);
    this.mirror.style.width = `${this.box.clientWidth}px`;
    this.mirror.scrollTop = this.box.scrollTop;
  }

  /** In place of the words that were found; as if typed, so that it can be undone. */
  put(offer, words) {
    if (offer.seconds) this.length(offer.seconds);
    this.box.focus();
    this.box.setSelectionRange(offer.start, offer.end);
    if (!document.execCommand(words ? "insertText" : "delete", false, words)) {
      this.box.setRangeText(words, offer.start, offer.end, "end");
      this.box.dispatchEvent(new InputEvent("input"));
    }
  }
}
