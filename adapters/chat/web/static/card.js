// A card as the page shows it: what is there, in the order of the data, nothing that is not.

import { h, svg, swatch, typed } from "./dom.js";
import { cutsOf, FilmPlayer } from "./filmplayer.js";
import { enlargeable } from "./large.js";
import { posterUrl } from "./net.js";
import { picture } from "./player.js";
import { clock, left, t } from "./words.js";

const CELLS = 24, DIGEST = /^[0-9a-f]{64}$/;

/** The plain slate of a take, where the title of its card says more than that. */
export const slateOf = (card) => /\d+[A-Z]{1,2}-\d+/.exec(card.title)?.[0] ?? "";

/** `room` = {tap(action, words?), ask(button, card), poster(slate)}: what a card needs of the page around it. */
export function cardView(post, room, old = null) {
  const { card } = post;
  const root = h(`article.card.tone-${card.tone}`, { "aria-label": spoken(card) });
  const keep = old ? { open: old.open, picture: old.picture, film: old.film } : {};
  const held = { root, open: keep.open ?? false, signature: signature(card) };
  root.append(...[heading(card, room), ...body(card, room, held, keep)].filter(Boolean));
  return held;
}

const spoken = (card) => [card.title, card.status].filter(Boolean).join(t("comma"));

/** Everything but what moves while a take rolls: as long as it stays, the card is only patched. */
export const signature = (card) => JSON.stringify({ ...card, progress: Boolean(card.progress), lines: card.lines.length, facts: 0, revision: 0, status: 0 });

/** Put the moving parts of a card into the card that stands there. */
export function patch(held, card) {
  const { root } = held;
  root.setAttribute("aria-label", spoken(card));
  const status = root.querySelector(".status");
  if (status) status.textContent = card.status;
  root.querySelectorAll(".says p").forEach((line, n) => { line.textContent = card.lines[n]; });
  root.querySelector(".bar")?.replaceWith(bar(card));
  root.querySelector(".figures")?.replaceWith(figures(card));
  root.querySelector(".facts")?.replaceWith(facts(card));
}

function heading(card, room) {
  if (!card.quote && !card.reply_to) return null;
  const source = card.reply_to && room.poster(card.reply_to);
  return h("header.words", {},
    source && h("img.source", { src: posterUrl(source), alt: "", loading: "lazy" }),
    card.reply_to && h("span.from", {}, `${t("remix_of")} ${card.reply_to}`),
    card.quote && typed(card.quote),
    card.clip && card.take && h("button.link.reply", { type: "button", onclick: () => room.reply(card) }, t("reply")));
}

function body(card, room, held, keep) {
  const cuts = cutsOf(card);
  if (cuts.length) return [film(card, cuts, held, keep), drawn(card), offers(card, room), taps(card, room, held), prompt(card, held)];
  if (card.clip) return [shot(card, room, held, keep), drawn(card), rows(card, room), offers(card, room), taps(card, room, held), prompt(card, held)];
  if (card.progress && !isAsking(card)) return [roll(card, room, held), prompt(card, held)];
  return [drawn(card), note(card, room), rows(card, room), offers(card, room), taps(card, room, held), prompt(card, held)];
}

function shot(card, room, held, keep) {
  const same = keep.picture?.dataset.digest === card.clip.digest;
  held.picture = same ? keep.picture : picture(card.clip, card.title);
  return h("div.shot", {}, held.picture, h("div.meta", {}, head(card), pairs(card, room), says(card), facts(card)));
}

/** A film leads with its whole width; a row is a cut, and goes there. */
function film(card, cuts, held, keep) {
  const same = keep.film?.clip.digest === card.clip.digest;
  const player = (held.film = same ? keep.film : new FilmPlayer(card.clip, cuts, card.title));
  const row = (cut, n) => h("li", {}, h("button.cut-row", { type: "button", title: cut.words || null, "data-focus": `cut:${n}`, onclick: () => player.go(cut.begins) }, h("b", {}, cut.slate), h("span.label", {}, card.rows[n].note)));
  return h(`div.film-card${player.named ? ".all-named" : ""}`, {}, player.root, h("div.meta", {}, h("div.head", {}, h("h2.title", { dir: "auto" }, card.title), card.status && h("span.status", {}, card.status), facts(card)), says(card), h("ol.cut-rows", { "aria-label": t("cuts") }, cuts.map(row))));
}

const head = (card) => h("div.head", {}, card.title && h("h2.slate", {}, card.title), card.status && h("span.status", {}, card.status), news(card).map(changeView));

/** Changes that say more than the words at the card's head. */
const news = (card) => card.changes.filter((change) => change.old || change.new !== card.quote);

function pairs(card, room) {
  const changes = news(card);
  const lines = [
    changes.length && [t("changed"), "changed", changes.map(changeView)],
    card.spine.length && [t("spine"), "spine", spineChips(card.spine, room)],
    card.kept.length && [t("kept"), "kept", [keptTap(card.kept.length), card.kept.map((chip) => chipView(chip, room))]],
  ].filter(Boolean);
  return lines.length ? h("dl.pairs", {}, lines.map(([label, name, values]) => [h("dt", {}, label), h(`dd.${name}`, {}, values)])) : null;
}

/** The look in order, its colours together in one chip. */
function spineChips(chips, room) {
  const palette = chips.filter(({ kind }) => kind === "palette");
  const together = h("span.chip.palette", { title: palette[0]?.label || null }, palette.map(anchor));
  return chips.filter((chip) => chip.kind !== "palette" || chip === palette[0]).map((chip) => (chip === palette[0] ? together : chipView(chip, room)));
}

const anchor = ({ words, colour }) => h(`span.anchor${colour ? ".known" : ""}`, { dir: "auto" }, swatch(colour), h("span.words-of", {}, words));

/** On a phone the kept things stand behind their number until they are asked for. */
function keptTap(count) {
  return h("button.chip.count", { type: "button", "aria-expanded": false, "data-focus": "kept", onclick: ({ currentTarget: tap }) => {
    tap.setAttribute("aria-expanded", tap.parentElement.classList.toggle("open"));
  } }, t("kept_count", count));
}

const changeView = (change) => h("span.change", { dir: "auto" }, t("labelled", change.label), change.old && h("del", {}, change.old), change.old && " ", h("ins", {}, change.new));

/** One thing kept or set; with an action it can be taken away. */
export function chipView(chip, room) {
  const drop = chip.action && h("button.drop", { type: "button", "aria-label": t("drop", chip.words), "data-focus": chip.action, onclick: (event) => room.tap(chip.action, event.currentTarget) }, "×");
  return h(`span.chip${drop ? ".droppable" : ""}`, { title: chip.label || null }, swatch(chip.colour), h("span.words-of", { dir: "auto" }, chip.words), drop);
}

const says = (card) => (card.lines.length ? h("div.says", {}, card.lines.map((line) => h("p", { dir: "auto" }, line))) : null);

const facts = (card) => (card.facts.length ? h("p.facts", {}, card.facts.map((fact) => h("span", {}, fact))) : null);

function roll(card, room, held) {
  const source = card.reply_to && room.poster(card.reply_to);
  return h("div.roll", {},
    source && h("div.still", {}, h("img", { src: posterUrl(source), alt: "" }), h("span", {}, t("from", card.reply_to))),
    head(card),
    promptTap(card, held, "button.link.show"),
    h("div.taps", {}, shownTaps(card).map((button) => tap(button, card, room))),
    bar(card), figures(card), says(card));
}

/** 24 cells, one second of film. */
function bar(card) {
  const { share } = card.progress, unknown = share === null && card.tone === "rolling", full = (share ?? 0) * CELLS;
  const cells = Array.from({ length: CELLS }, (_, n) => {
    const cell = h(n + 1 <= full ? "i.on" : n < full ? "i.part" : "i");
    if (unknown) cell.style.setProperty("--n", n - CELLS);
    if (n < full && n + 1 > full) cell.style.setProperty("--part", full - n);
    return cell;
  });
  const value = share === null ? {} : { "aria-valuenow": Math.round(share * 100) };
  return h(`div.bar${unknown ? ".unknown" : ""}`, { role: "progressbar", "aria-label": t("progress", card.title), "aria-valuemin": 0, "aria-valuemax": 100, ...value }, cells);
}

function figures(card) {
  const { share, place, seconds_left: rest } = card.progress;
  const price = card.facts.length > 1 ? card.facts.at(-1) : null;
  return h("p.figures", {},
    share !== null && card.tone === "rolling" && h("b", {}, t("percent", Math.round(share * 100))),
    rest !== null && h("b", {}, left(rest)),
    place !== null && h("span", {}, t("place", place)),
    h("span.what", {}, card.facts.slice(0, price ? -1 : undefined).join(t("comma"))),
    price && h("b.end", {}, price));
}

function note(card, room) {
  const slate = card.take || card.tone === "failed" || card.tone === "parked";
  const title = card.title && h(slate ? "h2.slate" : "h2.title", { dir: "auto" }, card.title);
  const inside = [title && h("div.head", {}, title, card.status && h("span.status", {}, card.status)), says(card), pairs(card, room), facts(card)].filter(Boolean);
  return inside.length ? h("div.note", {}, inside) : null;
}

function rows(card, room) {
  if (!card.rows.length) return null;
  const posters = card.rows.some((row) => row.poster);
  return h(`ul.rows${isBoard(card) ? ".verbatim" : ""}`, {}, card.rows.map((row) => h("li", {}, rowView(row, room, posters))));
}

function rowView(row, room, posters) {
  const still = row.poster ? h("img", { src: posterUrl(row.poster), alt: "", loading: "lazy" }) : posters && h("span.blank");
  const inside = [still, h("span.name", { dir: "auto" }, row.title), h("span.text", { dir: "auto" }, row.text), row.note && h("span.remark", {}, row.note)];
  const plain = posters ? "" : ".plain";
  if (!row.action) return h(`div.row${plain}`, {}, inside);
  return h(`button.row${plain}`, { type: "button", "data-focus": row.action, onclick: (event) => room.tap(row.action, event.currentTarget) }, inside);
}

/** A picture that was drawn for this card; in full behind a tap. */
const drawn = ({ picture: digest, title }) => (DIGEST.test(digest ?? "") ? enlargeable(digest, t("drawn", title)) : null);

/** Other words, or one change at a time: offered, never done unasked. */
function offers(card, room) {
  const offered = card.buttons.filter(isOffer);
  return offered.length ? h("div.card-offers", { role: "group", "aria-label": t("offers") }, offered.map((button) => tap(button, card, room))) : null;
}

/** Nothing rolls before its member has said yes. */
const isAsking = (card) => card.buttons.some(({ action }) => action.startsWith("approve:"));

/** A storyboard's rows are what would be sent. */
const isBoard = (card) => card.buttons.some(({ action }) => action.startsWith("edit_board:"));

const isOffer = ({ action }) => /^(offer|hone|settle):/.test(action);

/** The page opens the prompt by itself, so a card's own button for it is left out; offers stand by themselves. */
const shownTaps = (card) => card.buttons.filter((button) => !button.action.startsWith("prompt:") && !isOffer(button));

function tap(button, card, room) {
  if (button.url?.startsWith("/")) return h("a.btn", { href: button.url, download: "" }, button.label);
  if (button.url) return h("a.btn", { href: button.url, target: "_blank", rel: "noopener noreferrer" }, button.label);
  const act = (event) => (button.asks ? room.ask(button, card) : room.tap(button.action, event.currentTarget));
  const [, label, price] = PRICED.exec(button.label) ?? [null, button.label, ""];
  return h(`button.btn${KINDS[button.action.split(":")[0]] ?? ""}`, { type: "button", "data-focus": button.action, onclick: act }, label, price && " ", price && h("span.price", {}, price));
}

/** How a button stands out by what it does. */
const KINDS = { cancel: ".quiet.stop", more: ".quiet", offer: ".offer", hone: ".offer", settle: ".offer", approve: ".strong", shoot: ".strong", dismiss: ".quiet" };
/** A label that ends in a price: what is to be paid is read beside what is to be done. */
const MONEY = t("price", "N").replace(/[$.]/g, "\\$&").replace("N", "[\\d.]+");
const PRICED = new RegExp(`^(.*?\\S)(?:\\s*[·,，:：(（]\\s*|\\s+(?=${MONEY}))([^·,，:：(（]*${MONEY})[)）]?$`, "u");

function promptTap(card, held, kind = "button.btn.quiet") {
  if (!card.prompt.length) return null;
  const button = h(kind, { type: "button", "aria-expanded": held.open, "data-focus": "prompt" }, t(held.open ? "hide_prompt" : "show_prompt"));
  button.addEventListener("click", () => {
    held.open = !held.open;
    button.setAttribute("aria-expanded", held.open);
    button.textContent = t(held.open ? "hide_prompt" : "show_prompt");
    held.root.querySelector(".prompt").hidden = !held.open;
  });
  return button;
}

function taps(card, room, held) {
  const download = card.clip && h("a.btn.quiet.download", { href: `/clips/${card.clip.digest}.mp4?download=1&${card.take ? `slate=${slateOf(card)}` : `name=${encodeURIComponent(card.title)}`}`, download: "", title: t("download") },
    svg(16, ["path", { d: "M8 2.5v7.5M4.8 7 8 10.2 11.2 7M3 13.2h10", fill: "none", stroke: "currentColor", "stroke-width": 1.4 }]), h("span", {}, t("download")));
  const ends = [download, promptTap(card, held)].filter(Boolean);
  const buttons = shownTaps(card).map((button) => tap(button, card, room));
  return buttons.length || ends.length ? h("footer.actions", {}, buttons, ends.length > 0 && h("div.ends", {}, ends)) : null;
}

function prompt(card, held) {
  if (!card.prompt.length) return null;
  const part = ({ label, text, name }) => h(`div.${(name || "any").replace(/\W/g, "")}-part`, {}, h("dt", {}, label), h("dd", {}, typed(text)));
  return h("dl.prompt", { hidden: !held.open }, card.prompt.map(part));
}

export const whenView = (at) => h("time.when", { datetime: new Date(at * 1000).toISOString() }, clock(at));
