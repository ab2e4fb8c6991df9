/** The one state of the page. Parts listen to it; it keeps the address bar in step. */

import { decode, encode } from "./hash.js";

/** @typedef {import("./hash.js").State} State */

export class Store {
  /**
   * @param {State} defaults
   * @param {Parameters<typeof decode>[2]} limits
   */
  constructor(defaults, limits) {
    this.defaults = defaults;
    this.limits = limits;
    /** @type {State} */
    this.state = decode(location.hash, defaults, limits);
    /** @type {((state: State, changed: Set<string>) => void)[]} */
    this.listeners = [];
    /** @type {number | undefined} */
    this.writing = undefined;
    /** How many steps of ours lie before this one in the tab's history, and how many in all. */
    this.step = stepOf(history.state);
    this.lastStep = this.step;
    addEventListener("popstate", () => this.#read());
    addEventListener("hashchange", () => this.#read());
  }

  get canGoBack() {
    return this.step > 0;
  }

  get canGoForward() {
    return this.step < this.lastStep;
  }

  /** @param {(state: State, changed: Set<string>) => void} listener */
  subscribe(listener) {
    this.listeners.push(listener);
  }

  /**
   * @param {Partial<State>} patch
   * @param {{step?: boolean}} [options] step: the back button comes back to before this change
   */
  set(patch, { step = false } = {}) {
    if (step) {
      this.flush();
      this.step += 1;
    }
    const changed = this.#apply({ ...this.state, ...patch });
    if (step && !changed.size) this.step -= 1;
    if (!changed.size) return;
    if (step) {
      this.lastStep = this.step;
      history.pushState({ step: this.step }, "", encode(this.state));
    } else this.#writeSoon();
  }

  /** Put the state into the address bar now. */
  flush() {
    clearTimeout(this.writing);
    this.writing = undefined;
    const hash = encode(this.state);
    if (location.hash !== hash) history.replaceState(history.state, "", hash);
  }

  // Browsers refuse more than about a hundred changes of the address in half a minute.
  #writeSoon() {
    this.writing ??= setTimeout(() => this.flush(), 400);
  }

  #read() {
    clearTimeout(this.writing);
    this.writing = undefined;
    this.step = stepOf(history.state);
    this.lastStep = Math.max(this.step, this.lastStep);
    this.#apply(decode(location.hash, { ...this.defaults, view: this.state.view }, this.limits));
  }

  /** @param {State} next @returns {Set<string>} */
  #apply(next) {
    const before = this.state;
    const changed = new Set(
      Object.keys(next).filter(
        (key) => JSON.stringify(plain(before[key])) !== JSON.stringify(plain(next[key])),
      ),
    );
    if (!changed.size) return changed;
    this.state = next;
    for (const listener of this.listeners) listener(next, changed);
    return changed;
  }
}

/** @param {unknown} value */
const plain = (value) => (value instanceof Set ? [...value].sort() : value);

/** @param {any} state of the tab's history @returns {number} */
const stepOf = (state) => (Number.isInteger(state?.step) ? state.step : 0);
