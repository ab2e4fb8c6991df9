/** Folding: what is the same name to a reader becomes the same letters. */

// Signs of tone and the like that writers leave out or mistake: Latin accents, and the tone marks
// of Thai, Lao, Myanmar (with its vowel killer) and the signs of Khmer. Vowels stay.
const TONES = /[\u0300-\u036f\u0e47-\u0e4e\u0ec8-\u0ece\u1037-\u103a\u17c6-\u17d1\u17d3\u17dd]/g;
/** Invisible: joiners, direction marks, soft hyphen, byte order mark. */
const UNSEEN = /[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;
const BETWEEN = /[^\p{L}\p{M}\p{N}]+/gu;
const ASCII = /^[\x20-\x7e]*$/;
/** Letters that no decomposition parts from their accent. */
const LETTERS = new Map([..."đdøołlħhıiŧtßsæaœoðdþt"].reduce(pairs, []));
/** Traditional characters that occur in names of places and firms here, and the simplified ones. */
const SIMPLIFIED = new Map(
  [
    ..."園园區区東东國国緬缅灣湾龍龙鳳凤門门陽阳鄉乡縣县廣广雲云賭赌場场際际亞亚團团詐诈騙骗網网電电緣缘" +
      "溝沟瑪玛魯鲁葉叶華华興兴銀银錦锦財财達达羅罗蘭兰聯联蘇苏韓韩馬马萬万寶宝島岛橋桥臺台灘滩鎮镇" +
      "麗丽滾滚當当貴贵實实業业產产資资義义盧卢劉刘陳陈張张趙赵鄭郑吳吴許许邊边嶺岭個个學学",
  ].reduce(pairs, []),
);

/** @param {[string, string][]} found @param {string} character @param {number} index @param {string[]} all */
function pairs(found, character, index, all) {
  if (index % 2) found.push([all[index - 1], character]);
  return found;
}

/**
 * Lower case, without accents and tones, simplified; words parted by one space.
 * @param {string} text
 * @returns {string}
 */
export function fold(text) {
  const lower = text.toLowerCase();
  if (ASCII.test(lower)) return lower.replace(/[^a-z0-9]+/g, " ").trim();
  return lower
    .replace(UNSEEN, "")
    .normalize("NFKD")
    .replace(TONES, "")
    .normalize("NFC")
    .replace(/./gu, (letter) => LETTERS.get(letter) ?? SIMPLIFIED.get(letter) ?? letter)
    .replace(BETWEEN, " ")
    .trim();
}

/**
 * A text in which folded words are looked for: it may keep what stands between words.
 * @param {string} text
 * @returns {string}
 */
export function foldText(text) {
  const lower = text.toLowerCase();
  return ASCII.test(lower) ? lower : fold(lower);
}

/**
 * How a name written in Latin letters roughly sounds: one spelling for the many of one name
 * (Myawaddy, Myawadi; Hpa-An, Pa-an; Laukkai, Laukai).
 * @param {string} folded
 * @returns {string} without spaces
 */
export function sound(folded) {
  return folded
    .replaceAll(" ", "")
    .replace(/h([ptksc])/g, "$1")
    .replace(/([ptkcsdgb])h/g, "$1")
    .replaceAll("y", "i")
    .replaceAll("oo", "u")
    .replaceAll("ou", "u")
    .replace(/[cq]/g, "k")
    .replace(/(.)\1+/g, "$1");
}

/**
 * How many letters must be changed, left out, put in or swapped with their neighbour to make the
 * query from the beginning of a name.
 * @param {string} query
 * @param {string} name
 * @param {number} limit
 * @returns {number} limit + 1 where it is more
 */
export function distanceToPrefix(query, name, limit) {
  const width = Math.min(name.length, query.length + limit);
  let before = new Uint8Array(width + 1);
  let row = Uint8Array.from({ length: width + 1 }, (_, index) => index);
  let next = new Uint8Array(width + 1);
  for (let i = 1; i <= query.length; i++) {
    next[0] = i;
    let least = i;
    for (let j = 1; j <= width; j++) {
      const same = query[i - 1] === name[j - 1];
      let cost = Math.min(row[j] + 1, next[j - 1] + 1, row[j - 1] + (same ? 0 : 1));
      const swapped =
        i > 1 && j > 1 && query[i - 1] === name[j - 2] && query[i - 2] === name[j - 1];
      if (swapped) cost = Math.min(cost, before[j - 2] + 1);
      next[j] = cost;
      if (cost < least) least = cost;
    }
    if (least > limit) return limit + 1;
    [before, row, next] = [row, next, before];
  }
  return Math.min(...row.subarray(0, width + 1));
}

/** @param {string} query folded @returns {number} typing errors forgiven in it */
export function forgiven(query) {
  const letters = [...query].length;
  if (/[^\x00-\x7f]/.test(query)) return letters >= 5 ? 1 : 0;
  return letters >= 8 ? 2 : letters >= 4 ? 1 : 0;
}
