/** Light or dark: as the system has it, or as the reader chose; remembered by the browser only. */

/** @typedef {"auto" | "light" | "dark"} Choice */

export const CHOICES = /** @type {const} */ (["auto", "light", "dark"]);

const KEY = "scheme";
const DARK = matchMedia("(prefers-color-scheme: dark)");
const root = document.documentElement;

/** @returns {Choice} what the reader chose */
export function chosenScheme() {
  const given = root.dataset.scheme;
  return given === "light" || given === "dark" ? given : "auto";
}

/** @returns {"light" | "dark"} what is shown */
export function scheme() {
  const chosen = chosenScheme();
  return chosen === "auto" ? (DARK.matches ? "dark" : "light") : chosen;
}

/** @param {Choice} choice */
export function chooseScheme(choice) {
  apply(choice);
  try {
    if (choice === "auto") localStorage.removeItem(KEY);
    else localStorage.setItem(KEY, choice);
  } catch {
    // Where nothing may be stored, the choice holds for this page.
  }
  tell();
}

/** What paper needs, until null gives way to the choice again. @param {"light" | null} shown */
export function forceScheme(shown) {
  const before = scheme();
  apply(shown ?? remembered());
  if (scheme() !== before) tell();
}

/** Take up what was chosen before, and follow the system and other tabs from now on. */
export function startScheme() {
  apply(remembered());
  DARK.addEventListener("change", () => chosenScheme() === "auto" && tell());
  addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    apply(remembered());
    tell();
  });
}

/**
 * A colour of the style sheet as a canvas understands it; ask again after `schemechange`.
 * @param {string} name a custom property of `:root`, such as `--ink`
 * @returns {string}
 */
export function token(name) {
  const probe = document.createElement("span");
  probe.style.color = `var(${name})`;
  probe.hidden = true;
  root.append(probe);
  const { color } = getComputedStyle(probe);
  probe.remove();
  return color;
}

/** Everything drawn on a canvas is drawn anew on this event of the document. */
function tell() {
  document.dispatchEvent(new CustomEvent("schemechange", { detail: scheme() }));
}

/** @param {Choice} choice */
function apply(choice) {
  if (choice === "auto") delete root.dataset.scheme;
  else root.dataset.scheme = choice;
}

/** @returns {Choice} */
function remembered() {
  try {
    const kept = localStorage.getItem(KEY);
    return CHOICES.find((choice) => choice === kept) ?? "auto";
  } catch {
    return "auto";
  }
}
