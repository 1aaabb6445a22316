// Colour names that people write for palettes, as colours to show beside the word. A name not known here stays a word.

const table = {
  "teal": "#13807f", "amber": "#ffb02e", "wet asphalt": "#343a3e", "asphalt": "#3a3f43", "black": "#141414", "ink": "#12151c", "ink black": "#12151c",
  "white": "#f2f0ea", "bone": "#e3dac5", "bone white": "#e3dac5", "ivory": "#f3ecd8", "cream": "#f1e4c3", "silver": "#b9bcc0", "silver grey": "#a9adb1",
  "grey": "#808080", "gray": "#808080", "charcoal": "#36393d", "slate": "#5a6570", "slate blue": "#566b86", "steel": "#6c7a86", "steel blue": "#4a6f91",
  "ash": "#8f908c", "smoke": "#9a9a98", "graphite": "#3d4045", "concrete": "#8b8a86", "red": "#b3261e", "crimson": "#a3142f", "scarlet": "#c8281c",
  "burgundy": "#5c1326", "oxblood": "#5a1a1a", "rust": "#a4501f", "brick": "#96402f", "terracotta": "#c0623f", "coral": "#ef8269", "salmon": "#eb9080",
  "rose": "#c9687a", "pink": "#e59ab1", "blush": "#e5b8b0", "magenta": "#b52a7f", "fuchsia": "#c4348f", "plum": "#5d2f52", "purple": "#5f3a86",
  "violet": "#6a48a5", "lavender": "#a99bcb", "lilac": "#b79fcb", "indigo": "#33397d", "blue": "#2b5ea7", "navy": "#1b2a49", "midnight blue": "#15203b",
  "midnight": "#121a2f", "cobalt": "#1f48a3", "royal blue": "#2e4fae", "sky blue": "#86b7dc", "ice blue": "#b9d7e3", "azure": "#3f87c9", "cyan": "#22a7b5",
  "aqua": "#46b5b1", "turquoise": "#2ba39b", "petrol": "#12505b", "green": "#3a7d44", "emerald": "#1c7a55", "forest": "#24452f", "forest green": "#24452f",
  "moss": "#5d6b35", "moss green": "#5d6b35", "olive": "#6b6a2d", "sage": "#97a488", "mint": "#a3d3b8", "jade": "#2f8d6a", "khaki": "#a39a6b", "lime": "#9bbb3a",
  "yellow": "#e3c22f", "mustard": "#c49a2a", "ochre": "#b8822e", "gold": "#c9a13b", "golden": "#c9a13b", "honey": "#d79b32", "orange": "#d9772b",
  "tangerine": "#e07d2c", "copper": "#a9653a", "bronze": "#8a6337", "brass": "#a98a45", "brown": "#6b4a32", "walnut": "#5a4030", "walnut brown": "#5a4030",
  "chestnut": "#6c3b2a", "sepia": "#704d2f", "umber": "#5b4634", "sienna": "#97532f", "tan": "#b99b74", "sand": "#cdb891", "beige": "#d6c8a8", "camel": "#b58d58",
  "coffee": "#4a3528", "chocolate": "#4b2f22", "skin tones": "#c99a78", "peach": "#efb592", "apricot": "#eaa56c", "sodium": "#f2a13c", "tungsten": "#f5b35c",
  "青绿": "#13807f", "青": "#1d8a8a", "琥珀": "#ffb02e", "琥珀色": "#ffb02e", "黑": "#141414", "白": "#f2f0ea", "灰": "#808080", "红": "#b3261e", "紅": "#b3261e",
  "蓝": "#2b5ea7", "藍": "#2b5ea7", "绿": "#3a7d44", "綠": "#3a7d44", "黄": "#e3c22f", "黃": "#e3c22f", "橙": "#d9772b", "紫": "#5f3a86", "棕": "#6b4a32", "金": "#c9a13b",
  "湿沥青": "#343a3e", "濕瀝青": "#343a3e", "米白": "#f1e4c3", "藏青": "#1b2a49", "墨绿": "#24452f", "墨綠": "#24452f",
};

const known = (name) => table[name] ?? table[name.replace(/色$/u, "")];

/** The colour of a palette anchor: the whole name, else its last words ("deep forest green" → forest green); null if unknown. */
export function colour(name) {
  const said = name.trim().toLowerCase();
  if (/^#[0-9a-f]{6}$/.test(said)) return said;
  const words = said.split(/\s+/);
  for (let from = 0; from < words.length; from += 1) {
    const found = known(words.slice(from).join(" "));
    if (found) return found;
  }
  return null;
}
