// The interface's own words. English stands here; the catalogue of the member's language, sent with the view, replaces it.

const words = {
  where: "On this machine only", token: "Behind an access token", reconnecting: "Reconnecting", offline: "The studio does not answer; nothing is lost",
  chat: "Chat", session: "Session", earlier: "Earlier", below: "New below", today: "Today", yesterday: "Yesterday",
  film: "Film", filming: "Sending", write: "What does the camera see?", write_change: "What should be different?", send: "Send",
  free: "free", per_second: "$%n a second", about: "about $%n", unknown_price: "price not known",
  shape: "Shape", seconds: "Length", backend: "Model", any_shape: "Shape", any_seconds: "Length", seconds_unit: "%n s",
  picture: "Picture", picture_hint: "A picture to start from", remove_picture: "Remove the picture",
  remix_of: "Remix of", as_source: "same length and shape as %n", reply: "Reply", stop_reply: "Do not reply", carried: "Carried over to the next shot", drop: "Stop keeping: %n",
  show_prompt: "Show the prompt", hide_prompt: "Hide the prompt", download: "Download", play: "Play %n", from: "from %n",
  changed: "Changed", spine: "Spine", kept: "Kept", kept_count: "%n kept", left_seconds: "about %n s left", left_minutes: "about %n min left", place: "place %n",
  progress: "Progress of %n",
  spine_note: "in front of every shot, word for word", spine_none: "Nothing yet. What you set here goes in front of every shot, exactly as you write it.",
  add: "Add", save: "Save", cancel: "Cancel", clear: "Clear", presets: "Presets", clear_sure: "Clear the whole spine?", keep: "Keep it",
  new: "New", switch: "Switch", new_title: "Title of the new production", open: "Start", no_production: "No production yet",
  no_production_note: "Your first shot opens one.", scene: "scene %n", shots_one: "1 shot", shots_many: "%n shots", length: "%n s", comma: ", ",
  storyboard: "Storyboard", storyboard_note: "one picture a shot", storyboard_none: "Your shots appear here, in order.", circled: "circled",
  state_ready: "ready", state_rolling: "rolling", state_waiting: "waiting", state_failed: "not filmed", state_parked: "parked", state_none: "",
  go_to: "Go to %n", empty: "Write the first shot", empty_note: "Your look, and what must stay, go with every shot after it.",
  example_1: "Wide shot. A detective in a trench coat crosses an empty street in the rain, at night.",
  example_2: "Close-up. An old professor reads a letter by the window, dust in the morning light.",
  example_3: "An ostrich steals a man’s hat on a windy beach and runs; he runs after it.",
  broken: "That did not reach the studio; your words are still here.",
};
let locale = "en";

/** Take over the catalogue that came with the view. */
export function learn(texts, tag) {
  for (const [key, text] of Object.entries(texts ?? {})) if (text) words[key] = text;
  locale = tag || "en";
  document.documentElement.lang = locale;
}

/** The words of that key, with %n filled in. A key nobody knows is empty, never a hole in the page. */
export const t = (key, n) => (words[key] ?? "").replace("%n", () => String(n));

export const has = (key) => key in words;

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
