// The production in hand: its title, how far it is, another one.

import { h } from "./dom.js";
import { dollars, seconds, t } from "./words.js";

export function production(session) {
  const { production: film, productions } = session.view;
  return h("div.production", {},
    h("div.name", {}, h("h2", { dir: "auto" }, film?.title ?? t("no_production")), h("p.label", {}, film ? facts(film) : t("no_production_note"))),
    h("div.taps", {}, productions.length > 1 && session.tool("switch", t("switch"), "button.btn.quiet"), session.tool("new", t("new"), "button.btn.quiet")),
    session.open === "new" && session.line({ label: t("new_title"), save: t("open"), form: (title) => ({ command: "session", values: { action: "new", title } }) }),
    session.open === "switch" && h("ul.menu", {}, productions.map((each) => h("li", {}, h("button", {
      type: "button", dir: "auto", "aria-current": each.id === film?.id ? "true" : null, onclick: () => session.send({ action: `session:switch:${each.id}` }),
    }, each.title)))));
}

function facts({ scene, shots, seconds: length, spent }) {
  const about = [shots && t("scene", scene), shots === 1 ? t("shots_one") : t("shots_many", shots), length && seconds(length), spent && t("spent", dollars(spent))];
  return about.filter(Boolean).join(t("comma"));
}
