"use strict";

// Sorting: a click on a column's head; numbers by value, everything else by text.
function key(row, column) {
  const cell = row.cells[column];
  const text = cell.dataset.value ?? cell.textContent.trim();
  const number = Number(text);
  return text !== "" && !Number.isNaN(number) ? number : text;
}

function compare(a, b) {
  if (typeof a === typeof b) return a < b ? -1 : a > b ? 1 : 0;
  return typeof a === "number" ? -1 : 1;
}

function sort(head) {
  const descending = head.getAttribute("aria-sort") !== "descending";
  for (const other of head.parentElement.cells) other.removeAttribute("aria-sort");
  head.setAttribute("aria-sort", descending ? "descending" : "ascending");
  const body = head.closest("table").tBodies[0];
  const rows = [...body.rows].map((row) => [key(row, head.cellIndex), row]);
  rows.sort((a, b) => (descending ? compare(b[0], a[0]) : compare(a[0], b[0])));
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
  const filter = () => {
    for (const row of rows) row.hidden = !matches(row, controls);
    count.textContent = `${rows.filter((row) => !row.hidden).length} of ${rows.length} rows`;
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
    button.textContent = "copied";
    setTimeout(() => { button.textContent = "copy"; }, 1500);
  });

// Unfolding: all at once, and for print.
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
addEventListener("beforeprint", () => unfold(true));
