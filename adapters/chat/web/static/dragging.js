// One shot in the hand: lifted by the mouse or by a finger that rests on it, let down between two others.

import { h } from "./dom.js";

const SLIP = 6, REST = 350, EDGE = 48, PACE = 14;
const STEPS = { ArrowLeft: -1, ArrowRight: 1 };

export class Dragging {
  /** `container` holds the board and outlives it; `scroller` is what scrolls when the hand comes to its edge. */
  constructor(container, scroller, arranging) {
    Object.assign(this, { container, scroller, arranging, ghost: null });
    container.addEventListener("pointerdown", (event) => this.touch(event));
    container.addEventListener("keydown", (event) => this.key(event));
    container.addEventListener("dragstart", (event) => event.preventDefault());
    container.addEventListener("touchmove", (event) => { if (this.ghost) event.preventDefault(); }, { passive: false });
    container.addEventListener("contextmenu", (event) => { if (this.from?.pointerType === "touch") event.preventDefault(); });
  }

  key(event) {
    const name = event.target.closest("[data-shot]")?.dataset.shot, rtl = document.dir === "rtl" ? -1 : 1;
    if (!name || !STEPS[event.key] || !(event.altKey || event.ctrlKey) || event.shiftKey) return;
    event.preventDefault(); // Alt and an arrow would leave the page
    this.arranging.step(name, STEPS[event.key] * rtl);
  }

  touch(event) {
    const item = event.target.closest(".still-tap")?.closest("[data-shot]");
    if (!item || event.button !== 0 || !event.isPrimary) return;
    this.release();
    this.from = { item, x: event.clientX, y: event.clientY, pointerType: event.pointerType };
    if (event.pointerType !== "mouse") this.resting = setTimeout(() => this.lift(), REST);
    this.ears = new AbortController();
    const hear = (name, ear) => window.addEventListener(name, ear, { signal: this.ears.signal });
    hear("pointermove", (moved) => this.move(moved));
    hear("pointerup", () => this.drop());
    hear("pointercancel", () => this.release());
    hear("blur", () => this.release());
    hear("keydown", (pressed) => { if (pressed.key === "Escape") this.release(); });
  }

  move(event) {
    const { from } = this, far = Math.hypot(event.clientX - from.x, event.clientY - from.y) > SLIP;
    this.at = { x: event.clientX, y: event.clientY };
    if (!this.ghost && far) {
      if (from.pointerType !== "mouse") return this.release(); // the finger scrolls
      this.lift();
    }
    return this.ghost && this.follow();
  }

  lift() {
    const { x, y } = this.from;
    if (!this.from.item.isConnected) this.from.item = this.container.querySelector(`[data-shot="${CSS.escape(this.from.item.dataset.shot)}"]`); // drawn anew meanwhile
    const { item } = this.from, still = item?.querySelector(".still");
    if (!still) return this.release();
    this.at ??= { x, y };
    this.arranging.held = true;
    this.ghost = h("div.ghost", { "aria-hidden": "true" }, still.cloneNode(true), h("b", {}, item.dataset.shot));
    this.ghost.style.width = `${still.offsetWidth}px`;
    item.classList.add("lifted");
    document.body.append(this.ghost);
    document.body.classList.add("dragging");
    navigator.vibrate?.(10);
    this.follow();
    return this.roll();
  }

  follow() {
    const { x, y } = this.at;
    this.ghost.style.transform = `translate(${x - this.ghost.offsetWidth / 2}px, ${y - this.ghost.offsetHeight / 2}px)`;
    this.aim(x, y);
  }

  /** The gap that the hand is nearest to: `this.to` counts the shots in front of it. */
  aim(x, y) {
    const items = [...this.container.querySelectorAll("[data-shot]")], boxes = items.map((item) => item.getBoundingClientRect());
    const away = boxes.map((box) => Math.hypot(x - (box.left + box.width / 2), 4 * (y - (box.top + box.height / 2))));
    const near = away.indexOf(Math.min(...away)), behind = x > boxes[near].left + boxes[near].width / 2;
    this.to = near + (behind ? 1 : 0);
    items.forEach((item, n) => {
      item.classList.toggle("gap-before", n === near && !behind);
      item.classList.toggle("gap-after", n === near && behind);
    });
  }

  /** At the edge of what scrolls, it scrolls. */
  roll() {
    if (!this.ghost) return;
    const box = this.scroller.getBoundingClientRect(), { x, y } = this.at;
    const pull = (at, low, high) => (at < low + EDGE ? -PACE : at > high - EDGE ? PACE : 0);
    const before = this.scroller.scrollTop + this.scroller.scrollLeft;
    this.scroller.scrollBy(this.scroller.scrollWidth > this.scroller.clientWidth ? pull(x, box.left, box.right) : 0, this.scroller.scrollHeight > this.scroller.clientHeight ? pull(y, box.top, box.bottom) : 0);
    if (before !== this.scroller.scrollTop + this.scroller.scrollLeft) this.aim(x, y);
    requestAnimationFrame(() => this.roll());
  }

  drop() {
    const { ghost, from, to, arranging } = this;
    const at = [...this.container.querySelectorAll("[data-shot]")].indexOf(from.item);
    this.release();
    if (!ghost) return;
    const deaf = (event) => { event.preventDefault(); event.stopPropagation(); };
    window.addEventListener("click", deaf, { capture: true, once: true }); // letting go is no tap
    setTimeout(() => window.removeEventListener("click", deaf, { capture: true }), 50);
    arranging.put(from.item.dataset.shot, to > at ? to - 1 : to);
    this.container.querySelector(`[data-shot="${CSS.escape(from.item.dataset.shot)}"] .still-tap`)?.focus({ preventScroll: true });
  }

  /** The hand is empty, wherever it is. */
  release() {
    clearTimeout(this.resting);
    this.ears?.abort();
    const lifted = this.ghost !== null;
    this.ghost?.remove();
    this.ghost = this.at = null;
    this.arranging.held = false;
    document.body.classList.remove("dragging");
    for (const name of ["lifted", "gap-before", "gap-after"]) document.querySelectorAll(`.${name}`).forEach((item) => item.classList.remove(name));
    if (lifted) this.arranging.redraw();
  }
}
