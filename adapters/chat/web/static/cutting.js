// What can be made of the shots: the film, the check, the export; and the film that was made, with its cuts.

import { h } from "./dom.js";
import { FilmPlayer } from "./filmplayer.js";
import { t } from "./words.js";

const KEPT = "throughline.transition", WAYS = ["cut", "fade", "dissolve"];

export class Cutting {
  constructor(session) {
    this.session = session;
    this.way = WAYS.includes(localStorage.getItem(KEPT)) ? localStorage.getItem(KEPT) : WAYS[0];
  }

  /** The row of buttons under the shots: only what can be done now. */
  taps(can) {
    if (!can?.film) return null;
    return h("div.cutting", {},
      h("div.segments", { role: "group", "aria-label": t("transition") }, WAYS.map((way) => h("button", { type: "button", "aria-pressed": way === this.way, "data-focus": `way:${way}`, onclick: () => this.choose(way) }, t(way)))),
      h("div.taps", {}, this.make(), can.check && this.tap("check", { action: can.check }), can.export && this.tap("export", { command: "export", values: { transition: this.way } })));
  }

  make(label = t("make_film")) {
    return this.button("btn.strong", "make", { command: "film", values: { transition: this.way } }, label);
  }

  tap(name, form) { return this.button("btn.quiet", name, form, t(name)); }

  button(kind, name, form, label) {
    return h(`button.${kind}`, { type: "button", "data-focus": `cutting:${name}`, onclick: ({ currentTarget: tap }) => this.send(form, tap) }, label);
  }

  async send(form, tap) {
    tap.setAttribute("aria-disabled", "true");
    await this.session.send(form);
    setTimeout(() => tap.removeAttribute("aria-disabled"), 600);
  }

  choose(way) {
    this.way = way;
    localStorage.setItem(KEPT, way);
    this.session.draw();
  }

  /** The film as it is; the same player stays as long as it is the same clip. */
  film(film) {
    if (!film) return null;
    if (film.clip && this.player?.clip.digest !== film.clip) {
      const cuts = film.chapters.map(({ slate, words, seconds }) => ({ slate, words, begins: seconds }));
      this.player = new FilmPlayer({ digest: film.clip, poster: film.poster, seconds: film.seconds, width: film.width, height: film.height }, cuts, film.title || t("the_film"));
    }
    return [
      h("div.section-head", {}, h("h2", {}, t("the_film")), h("span.label", {}, about(film)), h("div.taps", {}, film.actions?.sheet && this.link("sheet", film.actions.sheet))),
      film.state === "cutting" && h("p.block.none", { role: "status" }, t("cutting")),
      film.clip && this.player.root,
      film.clip && !film.current && h("div.stale", {}, h("span.label", {}, t("stale")), this.make(t("again"))),
    ];
  }

  link(name, action) {
    return h("button.link", { type: "button", "data-focus": `cutting:${name}`, onclick: ({ currentTarget: tap }) => this.send({ action }, tap) }, t(name));
  }
}

const about = ({ chapters, seconds }) => [chapters.length === 1 ? t("shots_one") : t("shots_many", chapters.length), t("length", Math.round(seconds * 10) / 10)].join(t("comma"));
