// Putting the shots into another order: with the mouse, with a finger held on one, with the arrow keys.
// The page shows the new order at once; what the studio refuses goes back, with a sentence.

import { $ } from "./dom.js";
import { wish } from "./net.js";
import { nameOf } from "./storyboard.js";
import { t } from "./words.js";

const PAUSE = 500, PATIENCE = 6000, SENTENCE = 10000;

export class Arranging {
  constructor(redraw) {
    this.redraw = redraw;
    this.order = null;
    this.sentence = "";
    this.held = false; // one is in the hand: nothing may be drawn anew under it
  }

  /** The shots as they are to be shown: in the order that was asked for, as long as it is not answered. */
  shots(shots) {
    this.real = shots;
    if (!this.order || (same(names(shots), this.order) && !this.sending)) { this.done(); return shots; }
    const place = (shot) => { const at = this.order.indexOf(nameOf(shot)); return at < 0 ? this.order.length : at; };
    return [...shots].sort((one, other) => place(one) - place(other));
  }

  get now() { return this.order ?? names(this.real ?? []); }

  /** One shot so many places on; true if that was possible. */
  step(name, by) {
    const from = this.now.indexOf(name), to = from + by;
    if (from < 0 || to < 0 || to >= this.now.length) return false;
    this.put(name, to, PAUSE);
    return true;
  }

  /** One shot to that place among the others, counted from 0. */
  put(name, to, pause = 0) {
    const others = this.now.filter((each) => each !== name), order = [...others.slice(0, to), name, ...others.slice(to)];
    if (same(order, this.now)) return;
    this.order = order;
    this.sentence = "";
    $("announce").textContent = t("moved", [name, `${to + 1} / ${order.length}`].join(t("comma")));
    this.redraw();
    clearTimeout(this.sending);
    this.sending = setTimeout(() => this.send(), pause);
  }

  async send() {
    clearTimeout(this.waiting);
    this.sending = this.wish = null;
    this.heard = [];
    try {
      this.wish = (await wish({ command: "arrange", values: { order: this.order.join(" ") } })).wish;
      if (!this.order) return;
      this.waiting = setTimeout(() => this.back(t("not_moved")), PATIENCE);
      this.heard.forEach((post) => this.answered(post));
    } catch (error) {
      this.back(error.message);
    }
  }

  /** A card that answers the order instead of doing it; it may be here before the wish is known by its id. */
  answered(post) {
    if (!this.order) return;
    if (!this.wish) this.heard?.push(post);
    if (post.key === this.wish) this.back(post.card.lines[0] ?? t("not_moved"));
  }

  done() {
    clearTimeout(this.waiting);
    this.order = null;
  }

  back(sentence) {
    if (!this.order) return;
    this.done();
    this.sentence = sentence;
    $("announce").textContent = sentence;
    this.redraw();
    setTimeout(() => { if (this.sentence === sentence) { this.sentence = ""; this.redraw(); } }, SENTENCE);
  }
}

const names = (shots) => shots.map(nameOf);
const same = (one, other) => one.length === other.length && one.every((name, n) => name === other[n]);
