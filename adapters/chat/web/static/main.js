// The studio: starts everything, and is the room that the parts stand in.

import { slateOf } from "./card.js";
import { Composer } from "./composer.js";
import { $, h, isPhone, refill } from "./dom.js";
import { Feed } from "./feed.js";
import * as net from "./net.js";
import { Session } from "./session.js";
import { t } from "./words.js";

const EXAMPLES = ["example_1", "example_2", "example_3"];
const SOON = 120;

const room = {
  /** A button: the wish goes out, the answer comes as a card. */
  async tap(action, button) {
    button?.setAttribute("aria-disabled", "true");
    try { await net.wish({ action }); } catch (error) { room.fail(error, button); }
    setTimeout(() => button?.removeAttribute("aria-disabled"), 600);
  },
  /** A button that still needs words: they are written in the box. */
  ask(button, card) {
    const [name, id, who] = button.action.split(":");
    if (name === "remix") return room.reply(card);
    if (name === "cast" && session.knows(id, who)) return room.session(id === "add" ? "cast:add" : `cast:edit:${who}`);
    if (name === "edit_board") return composer.several.open({ action: button.action, label: button.label, rows: card.rows });
    if (name === "generate") composer.setMode(null, id ? card.quote : "");
    else composer.setMode({ action: button.action, label: button.label, films: name === "edit", seconds: card.clip?.seconds }, name === "edit" ? card.quote : "");
    return tab("chat");
  },
  /** A question that the session asks in its own place. */
  session(name) {
    tab("session");
    if (session.open !== name) session.ask(name);
  },
  reply(card) {
    tab("chat");
    composer.setMode({ take: card.take, slate: slateOf(card) || card.title, seconds: card.clip?.seconds });
  },
  poster: (slate) => feed.poster(slate) ?? view?.storyboard.find((shot) => shot.slate === slate)?.poster,
  sent() { feed.toEnd(); tab("chat"); },
  filled(any) { $("empty").hidden = any; },
  async show(take) {
    tab("chat");
    if (!feed.show(take)) room.tap(`shot:${take}`);
  },
  /** One sentence where it happened: at the button's own card, else at the box. */
  fail(error, button) {
    const card = button?.closest(".card");
    if (!card) return composer.say(error.message);
    card.querySelector(".tap-error")?.remove();
    const line = h("p.tap-error", { role: "alert" }, error.message);
    card.append(line);
    return setTimeout(() => line.remove(), 8000);
  },
  /** Progress for those who listen: a new state, and every quarter of the way. */
  announce(card, before) {
    const quarter = (each) => Math.floor((each?.progress?.share ?? 0) * 4);
    if (!card.title || (before && before.status === card.status && quarter(before) === quarter(card))) return;
    const share = card.progress?.share;
    $("announce").textContent = [card.title, card.status, share ? t("percent", Math.round(share * 100)) : "", card.tone === "failed" ? card.lines[0] : ""].filter(Boolean).join(t("comma"));
  },
};

let view = null, asked = 0, looks = 0;

/** The session as it is now; several reasons within a moment make one question. */
function refresh() {
  clearTimeout(asked);
  asked = setTimeout(() => look().catch(() => {}), SOON);
}

async function look() {
  const mine = (looks += 1), fresh = await net.view();
  if (mine !== looks) return; // a later question has its answer coming
  view = fresh;
  $("title").textContent = view.production?.title ?? "";
  document.title = [view.production?.title, t("title")].filter(Boolean).join(" · ");
  $("where").textContent = t(view.local ? "where" : "token");
  session.fill(view);
  composer.fill(view);
  tabs();
}

function tabs() {
  const one = (name) => h("button", { type: "button", role: "tab", "aria-controls": name, "aria-selected": document.body.dataset.tab === name ? "true" : "false", "data-focus": name, onclick: () => tab(name) }, t(name));
  refill($("tabs"), one("chat"), one("session"));
  if (!$("title").textContent && isPhone()) $("title").textContent = t("title");
}

function tab(name) {
  document.body.dataset.tab = name;
  tabs();
}

/** What is asked for often: the answer comes as a card. */
function nav() {
  const one = (command) => h("button", { type: "button", onclick: (event) => { tab("chat"); room.tap(command, event.currentTarget); } }, t(command));
  refill($("nav"), one("dailies"), one("queue"));
}

function empty() {
  refill($("empty"), h("h2", {}, t("empty")), h("p", {}, t("empty_note")),
    h("ul", {}, EXAMPLES.map((key) => h("li", {}, h("button.typed", { type: "button", onclick: () => composer.write(t(key)) }, t(key))))));
}

const feed = new Feed(room);
const composer = new Composer(room);
const session = new Session(room);
const line = new net.Line({
  post: (post) => { feed.take(post); session.arranging.answered(post); },
  view: refresh,
  line: (up) => { $("wire").textContent = up ? "" : t("reconnecting"); },
});

async function start(wait = 1000) {
  try {
    await look();
    nav();
    empty();
    line.open(await feed.load());
    if (!isPhone()) composer.box.focus();
  } catch {
    $("wire").textContent = t("offline");
    setTimeout(() => start(Math.min(wait * 2, 15000)), wait);
  }
}

document.addEventListener("visibilitychange", () => { if (!document.hidden && view) refresh(); });
start();
