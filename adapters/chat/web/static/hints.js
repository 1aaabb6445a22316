// What may stand behind a slash, while one types it.

import { h, typed } from "./dom.js";

export class Hints {
  constructor(box, changed) {
    this.box = box;
    this.changed = changed;
    this.commands = [];
    this.at = 0;
    this.list = h("ul.hints", { role: "listbox", id: "hints", hidden: true });
    box.setAttribute("aria-controls", "hints");
    box.setAttribute("aria-autocomplete", "list");
    box.addEventListener("blur", () => { this.list.hidden = true; });
  }

  look() {
    const found = /^\/([a-z_]*)$/.exec(this.box.value);
    this.found = found ? this.commands.filter(({ name }) => name.startsWith(found[1])) : [];
    this.at = Math.min(this.at, Math.max(0, this.found.length - 1));
    this.list.hidden = !this.found.length || document.activeElement !== this.box;
    this.draw();
  }

  draw() {
    this.list.replaceChildren(...this.found.map((command, n) => h("li", {
      role: "option", id: `hint-${n}`, "aria-selected": n === this.at ? "true" : "false",
      onpointerdown: (event) => { event.preventDefault(); this.take(command); },
    }, typed(`/${command.name}`, "span"), h("span.help", {}, command.help))));
    if (this.list.hidden) this.box.removeAttribute("aria-activedescendant");
    else this.box.setAttribute("aria-activedescendant", `hint-${this.at}`);
    this.list.children[this.at]?.scrollIntoView({ block: "nearest" });
  }

  take(command) {
    this.box.value = `/${command.name} `;
    this.changed();
  }

  /** Arrows, Tab, Escape and, on an unfinished name, Enter. True: the key was for the hints. */
  key(event) {
    if (this.list.hidden) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const finished = this.box.value === `/${this.found[this.at].name}`;
    if (step) { this.at = (this.at + step + this.found.length) % this.found.length; this.draw(); }
    else if (event.key === "Tab" || (event.key === "Enter" && !finished)) this.take(this.found[this.at]);
    else if (event.key === "Escape") this.list.hidden = true;
    else return false;
    event.preventDefault();
    return true;
  }
}
