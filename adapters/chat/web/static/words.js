// The interface's own words, in the language of the studio. They stand in the catalogues; the server hands them over as a module.

import { locale, texts } from "./texts.js";

/** The words of that key, with %n filled in. A key nobody knows is empty, never a hole in the page. */
export const t = (key, n) => (texts[key] ?? "").replace("%n", () => String(n));

const two = (number) => String(number).padStart(2, "0");

/** 14:02, by the member's own clock. */
export const clock = (at) => { const day = new Date(at * 1000); return `${two(day.getHours())}:${two(day.getMinutes())}`; };

/** "" for today, else the day in the member's language. */
export function day(at) {
  const then = new Date(at * 1000), now = new Date();
  const apart = Math.round((new Date(now).setHours(0, 0, 0, 0) - new Date(then).setHours(0, 0, 0, 0)) / 86400000);
  if (apart === 0) return t("today");
  if (apart === 1) return t("yesterday");
  return new Intl.DateTimeFormat(locale, { day: "numeric", month: "long", year: "numeric" }).format(then);
}

/** minutes:seconds:frames at 24 a second, as on a slate. */
export const timecode = (seconds) => { const whole = Math.floor(seconds); return `${two(Math.floor(whole / 60))}:${two(whole % 60)}:${two(Math.floor((seconds - whole) * 24))}`; };

/** "about 50 s left": a guess is said as a guess, rounded as one. */
export function left(seconds) {
  if (seconds >= 90) return t("left_minutes", Math.round(seconds / 60));
  return t("left_seconds", seconds > 15 ? Math.ceil(seconds / 5) * 5 : Math.max(1, Math.ceil(seconds)));
}

/** Micro-dollars as dollars, without the sign. */
export const dollars = (micros) => (micros / 1e6).toFixed(micros < 5000 && micros > 0 ? 4 : 2);

export const seconds = (n) => t("length", Number.isInteger(n) ? n : Math.round(n * 10) / 10);
