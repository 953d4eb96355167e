"use strict";

// Sorting: a click on a column's head; numbers by value, everything else by text.
function key(row, column) {
  const cell = row.cells[column];
  const text = cell.dataset.value ?? cell.textContent.trim();
  const number = Number(text);
  return text !== "" && !Number.isNaN(number) ? number : text;
}

// What is no number comes last, whichever way the numbers go.
function compare(a, b, descending) {
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  const order = a < b ? -1 : a > b ? 1 : 0;
  return descending ? -order : order;
}

function sort(head) {
  const descending = head.getAttribute("aria-sort") !== "descending";
  for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", descending ? "descending" : "ascending");
  const body = head.closest("table").tBodies[0];
  const rows = [...body.rows].map((row) => [key(row, head.cellIndex), row]);
  rows.sort(([a], [b]) => compare(a, b, descending));
  body.append(...rows.map(([, row]) => row));
}

for (const button of document.querySelectorAll("th button"))
  button.addEventListener("click", () => sort(button.closest("th")));

// Filtering: every control narrows its table; data-column says which column, none means any.
function matches(row, controls) {
  return controls.every(({ value, dataset, tagName, type, checked }) => {
    if (type === "checkbox") return !checked || row.classList.contains("finding");
    if (!value) return true;
    if (tagName === "SELECT") return row.cells[Number(dataset.column)].textContent.trim() === value;
    return row.textContent.toLowerCase().includes(value.toLowerCase());
  });
}

for (const tools of document.querySelectorAll(".tools[data-table]")) {
  const rows = [...document.getElementById(tools.dataset.table).tBodies[0].rows];
  const controls = [...tools.querySelectorAll("input, select")];
  const count = tools.querySelector("output");
  const wider = controls.filter(({ type }) => type !== "checkbox");
  const filter = () => {
    for (const row of rows) row.hidden = !matches(row, controls);
    const found = rows.filter((row) => !row.hidden).length;
    const more = rows.filter((row) => matches(row, wider)).length - found;
    count.textContent = `${found} of ${rows.length} rows`
      + (more ? ` (${more} more without findings only)` : "");
  };
  for (const control of controls) control.addEventListener("input", filter);
  filter();
}

// Copying: the clipboard where the browser gives it, else the old way.
async function copy(text) {
  if (navigator.clipboard) {
    try {
      return await navigator.clipboard.writeText(text);
    } catch { /* refused: the old way below */ }
  }
  const area = document.createElement("textarea");
  area.value = text;
  document.body.append(area);
  area.select();
  document.execCommand("copy");
  area.remove();
}

for (const button of document.querySelectorAll("button.copy"))
  button.addEventListener("click", async () => {
    await copy(document.getElementById(button.dataset.of).textContent);
    button.firstChild.data = "copied";
    setTimeout(() => { button.firstChild.data = "copy"; }, 1500);
  });

// Unfolding: all at once; print shows what is unfolded.
function unfold(open) {
  for (const item of document.querySelectorAll("details")) item.open = open;
}

for (const button of document.querySelectorAll("button.unfold"))
  button.addEventListener("click", () => {
    const open = button.getAttribute("aria-pressed") !== "true";
    unfold(open);
    button.setAttribute("aria-pressed", String(open));
    button.textContent = open ? "fold all" : "unfold all";
  });

// What scrolls can be reached by keyboard.
const watch = new ResizeObserver((seen) => {
  for (const { target } of seen)
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
});
for (const box of document.querySelectorAll(".statement, .formula")) watch.observe(box);

// A figure at full size, which its own box scrolls; at first it fits the width.
for (const button of document.querySelectorAll("button.zoom")) {
  const sheet = button.previousElementSibling;
  const zoom = () => {
    const full = sheet.classList.toggle("full");
    button.setAttribute("aria-pressed", String(full));
  };
  button.addEventListener("click", zoom);
  sheet.addEventListener("click", () => { if (getComputedStyle(button).display !== "none") zoom(); });
}

// Print cannot scroll: a formula wider than the page is set smaller.
const PRINTED = { width: 600, size: 9 / 0.75 };  // px: of a line in A4 or Letter, of the type
addEventListener("beforeprint", () => {
  for (const formula of document.querySelectorAll("math")) {
    const size = parseFloat(getComputedStyle(formula).fontSize);
    const width = formula.getBoundingClientRect().width * PRINTED.size / size;
    formula.style.setProperty("--fit", Math.min(1, PRINTED.width / width));
  }
});
