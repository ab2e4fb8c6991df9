/** Small choices among a few, made of the browser's own controls. */

import { h } from "../dom.js";

/**
 * One of a few, side by side.
 * @param {string} name of the group of radio buttons
 * @param {string} legend
 * @param {{code: string, label: string, title?: string}[]} options
 * @param {(code: string) => void} choose
 * @returns {{element: HTMLElement, set: (code: string) => void}}
 */
export function segments(name, legend, options, choose) {
  const inputs = new Map();
  const element = h(
    "fieldset",
    { class: `segments segments-${name}` },
    h("legend", { class: "unseen" }, legend),
    options.map(({ code, label, title }) => {
      const input = h("input", { type: "radio", name, value: code });
      input.addEventListener("change", () => choose(code));
      inputs.set(code, input);
      return h("label", { title }, input, h("span", {}, label));
    }),
  );
  return { element, set: (code) => (inputs.get(code).checked = true) };
}

/**
 * @param {string} label
 * @param {{code: string, label: string}[]} options
 * @param {string} chosen
 * @param {(code: string) => void} choose
 * @returns {HTMLElement}
 */
export function choice(label, options, chosen, choose) {
  const select = /** @type {HTMLSelectElement} */ (
    h(
      "select",
      { "aria-label": label, title: label },
      options.map(({ code, label: text }) =>
        h("option", { value: code, selected: code === chosen }, text),
      ),
    )
  );
  select.addEventListener("change", () => choose(select.value));
  return select;
}
