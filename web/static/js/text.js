/** The interface's texts, by the keys of the catalogue (`web/texts/*.json`). */

/** @type {Record<string, any>} */
let catalogue = {};
let plurals = new Intl.PluralRules("en");

/** @param {Record<string, any>} texts one language's catalogue */
export function speak(texts) {
  catalogue = texts;
  plurals = new Intl.PluralRules(texts.language.code);
}

/** @returns {string} the BCP 47 code of the catalogue's language */
export const language = () => catalogue.language?.code ?? "en";

/**
 * The text of a key such as `time.play`, its `{name}` places filled. A text with several plural
 * forms is an object by CLDR category (`one`, `other`), chosen by `count`. A key that is not
 * there is shown as it is, so that a gap in a translation is seen and nothing fails.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string}
 */
export function t(key, values = {}) {
  const found = key.split(".").reduce((part, name) => part?.[name], /** @type {any} */ (catalogue));
  const text =
    typeof found === "object" ? (found[plurals.select(Number(values.count))] ?? found.other) : found;
  if (typeof text !== "string") return key;
  return text.replace(/\{(\w+)\}/g, (place, name) =>
    name in values ? String(values[name]) : place,
  );
}
