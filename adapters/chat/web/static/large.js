// A picture in full: over the page, as large as the window; a tap on it shows every pixel, Escape or the cross closes it.

import { h } from "./dom.js";
import { posterUrl } from "./net.js";
import { t } from "./words.js";

/** A tap that opens a picture; without script, or with a middle click, it is a link to it. */
export function enlargeable(digest, alt, kind = "a.drawn") {
  const open = (event) => { if (event.button || event.ctrlKey || event.metaKey || event.shiftKey) return; event.preventDefault(); large(digest, alt); };
  return h(kind, { href: posterUrl(digest), target: "_blank", rel: "noopener", "data-focus": "drawn", onclick: open }, h("img", { src: posterUrl(digest), alt, loading: "lazy" }));
}

export function large(digest, alt) {
  const picture = h("img", { src: posterUrl(digest), alt });
  const page = h("div.page-of", {}, picture);
  const close = h("button.btn.close", { type: "button", "aria-label": t("close"), onclick: () => dialog.close() }, "×");
  const dialog = h("dialog.large", { "aria-label": alt }, page, close);
  picture.addEventListener("click", () => page.classList.toggle("pixels"));
  page.addEventListener("click", (event) => { if (event.target === page) dialog.close(); });
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return dialog;
}
