(function () {
  "use strict";
  // The rows are read once; sorting and filtering work on this list, and only one page of rows is
  // ever laid out.
  function $(id) { return document.getElementById(id); }
  var body = document.querySelector("#submissions tbody");
  var KEYS = ["status", "verdict", "format", "language", "folder"];
  var FIRST_COUNT = 2, ERRORS = 6, WARNINGS = 7, BOARD = 9;
  var rows = Array.prototype.map.call(body.rows, function (tr, order) {
    var cells = tr.cells;
    var values = Array.prototype.map.call(cells, function (c) { return c.textContent; });
    var board = "";
    cells[BOARD].querySelectorAll("i").forEach(function (i) { board += i.className; });
    return { tr: tr, order: order, values: values, board: board, data: tr.dataset,
             text: values[0].toLowerCase() };
  });
  var shown = rows, page = 0, sorted = null;

  function number(text) { return text === "" ? -1 : Number(text); }

  function bySeverity(row, wanted) {
    var errors = number(row.values[ERRORS]), warnings = number(row.values[WARNINGS]);
    if (wanted === "error") { return errors > 0; }
    if (wanted === "warning") { return errors > 0 || warnings > 0; }
    return errors === 0 && warnings === 0 && number(row.values[WARNINGS + 1]) === 0;
  }

  function filter() {
    var words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
    var chosen = KEYS.filter(function (k) { return $(k) && $(k).value; });
    var severity = $("severity").value, item = $("item").value, level = $("level").value;
    shown = rows.filter(function (row) {
      return chosen.every(function (k) { return row.data[k] === $(k).value; }) &&
        words.every(function (w) { return row.text.indexOf(w) >= 0; }) &&
        (!severity || bySeverity(row, severity)) &&
        (!level || (item === "" ? row.board.indexOf(level) >= 0 : row.board[Number(item)] === level));
    });
    document.querySelectorAll("button.item").forEach(function (b) {
      b.setAttribute("aria-pressed", String(b.dataset.item === item && level !== ""));
    });
    page = 0;
    order();
  }

  function order() {
    if (sorted) {
      var column = sorted.column, sign = sorted.down ? -1 : 1;
      var compare = sorted.kind === "n"
        ? function (a, b) { return number(a.values[column]) - number(b.values[column]); }
        : function (a, b) { return a.values[column] < b.values[column] ? -1 : a.values[column] > b.values[column] ? 1 : 0; };
      shown.sort(function (a, b) { return sign * compare(a, b) || a.order - b.order; });
    } else {
      shown.sort(function (a, b) { return a.order - b.order; });
    }
    draw();
  }

  function draw() {
    var size = Number($("size").value), pages = Math.max(1, Math.ceil(shown.length / size));
    page = Math.min(Math.max(page, 0), pages - 1);
    var part = document.createDocumentFragment();
    shown.slice(page * size, (page + 1) * size).forEach(function (row) { part.appendChild(row.tr); });
    body.replaceChildren(part);
    var first = shown.length ? page * size + 1 : 0;
    $("count").textContent = first + " to " + Math.min((page + 1) * size, shown.length) + " of " +
      shown.length + (shown.length === rows.length ? "" : " (of all " + rows.length + ")");
    $("back").disabled = page === 0;
    $("next").disabled = page === pages - 1;
  }

  function sortBy(button) {
    var column = Number(button.dataset.column), numeric = button.dataset.kind === "n";
    var down = sorted && sorted.column === column ? !sorted.down : numeric;
    sorted = { column: column, kind: button.dataset.kind, down: down };
    document.querySelectorAll("#submissions thead th").forEach(function (th) { th.removeAttribute("aria-sort"); });
    button.parentNode.setAttribute("aria-sort", down ? "descending" : "ascending");
    page = 0;
    order();
  }

  document.querySelector("#submissions thead").addEventListener("click", function (event) {
    var button = event.target.closest("button");
    if (!button) { return; }
    if (button.dataset.column !== undefined) { sortBy(button); return; }
    var again = $("item").value === button.dataset.item && $("level").value === "a";
    $("item").value = again ? "" : button.dataset.item;
    $("level").value = again ? "" : "a";
    filter();
  });
  $("filters").addEventListener("input", filter);
  $("filters").addEventListener("submit", function (event) { event.preventDefault(); });
  $("filters").addEventListener("reset", function () { setTimeout(filter, 0); });
  $("size").addEventListener("change", function () { page = 0; draw(); });
  $("back").addEventListener("click", function () { page -= 1; draw(); });
  $("next").addEventListener("click", function () { page += 1; draw(); });
  draw();
})();
