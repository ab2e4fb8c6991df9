/** The interface's texts, by the keys of the catalogue (`web/texts/*.json`). */

/** @type {Record<string, any>} */
let catalogue = {};
let plurals = new Intl.PluralRules("en");
let numbers = new Intl.NumberFormat("en-GB");

/** @param {Record<string, any>} texts one language's catalogue */
export function speak(texts) {
  catalogue = texts;
  const { code } = texts.language;
  plurals = new Intl.PluralRules(code);
  numbers = new Intl.NumberFormat(code === "en" ? "en-GB" : code);
}

/** @returns {string} the BCP 47 code of the catalogue's language */
export const language = () => catalogue.language?.code ?? "en";

/** @param {number} value @returns {string} "20,000", as the language writes it */
export const number = (value) => numbers.format(value);

/**
 * The text of a key such as `time.play`, its `{name}` places filled. A text with several plural
 * forms is an object by CLDR category (`one`, `other`), chosen by `count`, which is written as the
 * language writes numbers. A key that is not there is shown as it is, so that a gap in a
 * translation is seen and nothing fails.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const found = key.split(".").reduce((part, name) => part?.[name], /** @type {any} */ (catalogue));
  const text =
    typeof found === "object" ? (found[plurals.select(Number(values.count))] ?? found.other) : found;
  if (typeof text !== "string") return key;
  return text.replace(/\{(\w+)\}/g, (place, name) => {
    if (!(name in values)) return place;
    const value = values[name];
    return name === "count" && typeof value === "number" ? number(value) : String(value);
  });
}
