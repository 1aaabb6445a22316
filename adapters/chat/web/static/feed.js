// The chat: one card per key, the newer revision wins, nothing is lost and nothing is doubled.

import { cardView, patch, signature, whenView } from "./card.js";
import { $, calm, h } from "./dom.js";
import * as net from "./net.js";
import { day, t } from "./words.js";

const NEAR = 120;

export class Feed {
  constructor(room) {
    this.room = room;
    this.posts = new Map();
    this.list = $("feed");
    this.scroller = $("scroller");
    $("earlier").textContent = t("earlier");
    $("earlier").addEventListener("click", () => this.earlier());
    $("below").addEventListener("click", () => this.toEnd());
    this.scroller.addEventListener("scroll", () => { if (this.nearEnd()) $("below").hidden = true; }, { passive: true });
    new ResizeObserver(() => { if (this.following) this.scroller.scrollTop = this.scroller.scrollHeight; }).observe(this.list);
    this.scroller.addEventListener("scroll", () => { if (!this.going) this.following = this.nearEnd(); }, { passive: true });
    for (const name of ["scrollend", "wheel", "touchmove", "keydown"]) this.scroller.addEventListener(name, () => { this.going = false; }, { passive: true });
    this.following = true;
  }

  /** The last posts. Returns the cursor to go on from. */
  async load() {
    const { posts, more } = await net.feed();
    for (const post of posts) this.take(post, true);
    $("earlier").hidden = !more;
    this.room.filled(this.posts.size > 0);
    this.toEnd(true);
    return posts.reduce((highest, post) => Math.max(highest, post.cursor), 0);
  }

  async earlier() {
    const first = this.list.firstElementChild, top = first?.offsetTop ?? 0;
    const { posts, more } = await net.feed(Math.min(...[...this.posts.values()].map((entry) => entry.post.at)));
    for (const post of posts) this.take(post, true);
    $("earlier").hidden = !more;
    if (first) this.scroller.scrollTop += first.offsetTop - top;
  }

  /** A post, new or changed. */
  take(post, quiet = false) {
    const entry = this.posts.get(post.key);
    if (entry && isOlder(post, entry.post)) return;
    const follow = this.following;
    if (entry) this.change(entry, post); else this.add(post);
    if (!quiet) {
      this.room.filled(true);
      this.room.announce(post.card, entry?.before);
      if (follow) this.toEnd(); else if (!entry) this.newBelow();
    }
  }

  add(post) {
    const view = cardView(post, this.room);
    const item = h("li.post", { dataset: { key: post.key, at: post.at, tone: post.card.tone } }, whenView(post.at), view.root);
    const entry = { post, view, item };
    this.posts.set(post.key, entry);
    const next = [...this.list.children].find((other) => Number(other.dataset.at) > post.at);
    this.list.insertBefore(item, next ?? null);
    this.days(item);
  }

  change(entry, post) {
    entry.before = entry.post.card;
    entry.post = post;
    entry.item.dataset.tone = post.card.tone;
    if (signature(post.card) === entry.view.signature) return patch(entry.view, post.card);
    const held = entry.item.contains(document.activeElement) ? document.activeElement.dataset.focus : null;
    const view = cardView(post, this.room, entry.view);
    entry.view.root.replaceWith(view.root);
    entry.view = view;
    if (held) view.root.querySelector(`[data-focus="${CSS.escape(held)}"]`)?.focus({ preventScroll: true });
    return undefined;
  }

  /** A heading where a day begins; none while all is from today. */
  days(item) {
    for (const each of [item, item.nextElementSibling]) {
      if (!each) continue;
      const before = each.previousElementSibling, name = day(each.dataset.at);
      const begins = before ? day(before.dataset.at) !== name : name !== t("today");
      if (begins) each.dataset.day = name; else delete each.dataset.day;
    }
  }

  /** Poster of the take with that slate, if it is in sight. */
  poster(slate) {
    return [...this.posts.values()].map(({ post }) => post.card).find((card) => card.title === slate && card.clip?.poster)?.clip.poster;
  }

  /** Bring the card of a take into view. False if it is not loaded. */
  show(take) {
    const entry = [...this.posts.values()].filter(({ post }) => post.card.take === take && post.card.revision > 0).at(-1)
      ?? [...this.posts.values()].filter(({ post }) => post.card.take === take).at(-1);
    if (!entry) return false;
    entry.item.scrollIntoView({ block: "center", behavior: calm() ? "auto" : "smooth" });
    entry.view.root.classList.add("found");
    setTimeout(() => entry.view.root.classList.remove("found"), 1600);
    return true;
  }

  nearEnd() { return this.scroller.scrollHeight - this.scroller.scrollTop - this.scroller.clientHeight < NEAR; }

  newBelow() { $("below").textContent = t("below"); $("below").hidden = false; }

  toEnd(at_once = false) {
    this.following = true;
    this.going = !this.nearEnd(); // on the way there it is not at the end yet, and follows all the same
    $("below").hidden = true;
    requestAnimationFrame(() => this.scroller.scrollTo({ top: this.scroller.scrollHeight, behavior: at_once || calm() ? "auto" : "smooth" }));
  }
}

/** Revisions count the job's changes; cards without one (answers) go by the cursor. */
function isOlder(post, standing) {
  if (post.card.revision !== standing.card.revision) return post.card.revision < standing.card.revision;
  return post.cursor <= standing.cursor;
}
