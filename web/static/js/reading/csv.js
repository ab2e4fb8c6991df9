/** CSV as `layers.formats.delimited` writes it: a spreadsheet cannot run a cell as a program. */

/** A text that a spreadsheet would take for a formula, or that looks already marked as text. */
const DANGEROUS = /^'*[=+\-@\t\r\n＝＋－＠]/;

/**
 * @param {Record<string, unknown>[]} rows all with the same columns
 * @returns {string} with a header, CRLF at the end of lines
 */
export function toCsv(rows) {
  if (!rows.length) return "";
  const columns = Object.keys(rows[0]);
  const lines = [columns, ...rows.map((row) => columns.map((name) => row[name]))];
  return lines.map((line) => `${line.map(cell).join(",")}\r\n`).join("");
}

/** @param {unknown} value @returns {string} */
function cell(value) {
  if (value === null || value === undefined) return "";
  if (typeof value === "number" || typeof value === "boolean") return String(value);
  const text = typeof value === "string" ? value : JSON.stringify(value);
  const guarded = DANGEROUS.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(guarded) ? `"${guarded.replaceAll('"', '""')}"` : guarded;
}
