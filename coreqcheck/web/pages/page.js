"use strict";
// The page of one session. Names and texts of manuscripts only ever become text, never markup.

const $ = (id) => document.getElementById(id);
const ROLES = { manuscript: "Manuscript", supplement: "Supplement", checklist: "Completed checklist" };
const STAGES = {
  receiving: "files are coming in",
  waiting: "waits for its turn",
  reading: "is being read",
  checking: "the 32 items are being looked for",
  writing: "the report is being written",
  done: "checked",
  failed: "could not be checked",
};
let chosen = [];
let manuscripts = [];
let current = null; // {id, version} of the report that is shown
let limit = 100e6;
let timer = 0;
const awaited = new Set(); // what was sent from here and is not checked yet

function make(tag, text, attributes) {
  const element = document.createElement(tag);
  if (text !== undefined && text !== null) { element.textContent = text; }
  for (const [name, value] of Object.entries(attributes || {})) { element.setAttribute(name, value); }
  return element;
}

function api(method, path, body) {
  const data = body === undefined ? undefined : JSON.stringify(body);
  return fetch(path, { method, body: data }).then(
    async (answer) => {
      if (!answer.ok) { throw new Error(await answer.text()); }
      return answer.status === 204 ? null : answer.json();
    },
    () => { throw new Error("The program no longer answers; start it again."); },
  );
}

function say(where, text, bad) {
  $(where).textContent = text;
  $(where).classList.toggle("error", Boolean(bad));
}

// --- choosing files

function guess(name) {
  if (/coreq|checklist/i.test(name)) { return "checklist"; }
  if (/suppl|append|additional|guide/i.test(name)) { return "supplement"; }
  return "manuscript";
}

function choose(files) {
  for (const file of files) { chosen.push({ file, role: guess(file.name) }); }
  if (chosen.length === 1) { chosen[0].role = "manuscript"; }
  say("note", "");
  drawChosen();
  if (chosen.length) { $("go").focus(); }
}

function drawChosen() {
  const list = $("chosen");
  list.replaceChildren();
  chosen.forEach((one, index) => {
    const item = make("li");
    item.append(make("div", one.file.name, { class: "name", id: `chosen-${index}`, dir: "auto" }));
    const row = make("div", null, { class: "row" });
    const select = make("select", null, { "aria-label": `What ${one.file.name} is` });
    for (const [value, words] of Object.entries(ROLES)) {
      const option = make("option", words, { value });
      option.selected = value === one.role;
      select.append(option);
    }
    select.addEventListener("change", () => { one.role = select.value; });
    const away = make("button", "Leave out", { type: "button", class: "plain", "aria-label": `Leave out ${one.file.name}` });
    away.addEventListener("click", () => { chosen.splice(index, 1); drawChosen(); $("files").focus(); });
    row.append(select, away);
    item.append(row);
    list.append(item);
  });
  $("go").hidden = chosen.length === 0;
}

// --- sending them

// One bundle: a manuscript with what came with it; several manuscripts come without companions.
function bundles() {
  const main = chosen.filter((one) => one.role === "manuscript");
  const others = chosen.filter((one) => one.role !== "manuscript");
  if (!main.length) { throw new Error("Say which of the files is the manuscript."); }
  if (main.length > 1 && others.length) {
    throw new Error("Supplements and checklists go with one manuscript: send the others by themselves.");
  }
  return main.map((one) => [one, ...others]);
}

function upload(path, file, progress) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.open("PUT", path);
    request.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) { progress(event.loaded / event.total); }
    });
    request.addEventListener("load", () => {
      if (request.status < 300) { done(); } else { failed(new Error(request.responseText)); }
    });
    request.addEventListener("error", () => failed(new Error("did not arrive whole; it may be too large, or may have been moved")));
    request.send(file);
  });
}

function tooLarge(file) {
  if (file.size <= limit) { return ""; }
  const size = Math.ceil(file.size / 1e6), most = Math.floor(limit / 1e6);
  return `has ${size} MB, the limit is ${most} MB; reduce its images first`;
}

async function send(bundle) {
  const [main, ...others] = bundle;
  const large = tooLarge(main.file);
  if (large) { throw new Error(`${main.file.name}: ${large}`); }
  const held = await api("POST", "/api/manuscripts", { name: main.file.name });
  const refused = [];
  for (const one of [main, ...others]) {
    try {
      const problem = tooLarge(one.file);
      if (problem) { throw new Error(problem); }
      const path = `/api/manuscripts/${held.id}/files/${one.role}?name=${encodeURIComponent(one.file.name)}`;
      await upload(path, one.file, (part) => say("note", `Taking in ${one.file.name}: ${Math.round(part * 100)} %`));
    } catch (error) {
      if (one === main) {
        await refresh();
        throw new Error(`${one.file.name}: ${error.message}`);
      }
      refused.push(`${one.file.name}: ${error.message}`);
    }
  }
  awaited.add(held.id);
  await api("POST", `/api/manuscripts/${held.id}/check`);
  return refused;
}

async function submit(event) {
  event.preventDefault();
  let sets;
  try { sets = bundles(); } catch (error) { say("note", error.message, true); return; }
  $("go").disabled = true;
  const problems = [];
  const results = await Promise.allSettled(sets.map(send));
  for (const result of results) {
    if (result.status === "rejected") { problems.push(result.reason.message); } else { problems.push(...result.value); }
  }
  chosen = [];
  drawChosen();
  $("go").disabled = false;
  say("note", problems.join(" · "), problems.length > 0);
  await refresh();
}

// --- the list

async function refresh() {
  clearTimeout(timer);
  let data;
  try { data = await api("GET", "/api/session"); } catch (error) { say("note", error.message, true); return; }
  manuscripts = data.manuscripts;
  limit = data.limit;
  drawList();
  drawCompare();
  for (const one of manuscripts.filter((other) => other.stage === "done")) {
    const news = awaited.delete(one.id);
    if (!current) { show(one, news); }
    if (news) { say("note", `${one.name} has been checked.`); }
  }
  const busy = (one) => !["done", "failed"].includes(one.stage);
  if (manuscripts.some(busy)) { timer = setTimeout(refresh, 500); }
}

function drawList() {
  const focused = document.activeElement && document.activeElement.dataset.focus;
  const list = $("list");
  list.replaceChildren();
  $("none").hidden = manuscripts.length > 0;
  for (const one of manuscripts) { list.append(card(one)); }
  if (focused) {
    const again = list.querySelector(`[data-focus="${CSS.escape(focused)}"]`);
    if (again) { again.focus({ preventScroll: true }); }
  }
}

function card(one) {
  const item = make("li", null, { "data-id": one.id, "data-stage": one.stage });
  item.append(make("div", one.name, { class: "name", dir: "auto" }));
  if (one.companions.length) { item.append(make("p", `with ${one.companions.join(", ")}`, { class: "companions" })); }
  if (one.stage === "failed") {
    item.append(make("p", one.error, { class: "error" }));
  } else {
    item.append(make("p", STAGES[one.stage], { class: "state" }));
    for (const file of (one.report && one.report.refused) || []) {
      item.append(make("p", `${file.name}: ${file.message}`, { class: "error" }));
    }
  }
  if (!["done", "failed"].includes(one.stage)) { item.append(make("progress", null, { "aria-label": `Progress of ${one.name}` })); }
  if (current && current.id === one.id) { item.classList.add("current"); item.setAttribute("aria-current", "true"); }
  const row = make("div", null, { class: "row" });
  if (one.report) { row.append(button("Show", `show-${one.id}`, `Show the report on ${one.name}`, () => show(one, true))); }
  row.append(button("Remove", `remove-${one.id}`, `Remove ${one.name}`, () => remove(one)));
  item.append(row);
  return item;
}

function button(text, key, label, action) {
  const made = make("button", text, { type: "button", class: "plain", "data-focus": key, "aria-label": label });
  made.addEventListener("click", action);
  return made;
}

async function remove(one) {
  try { await api("DELETE", `/api/manuscripts/${one.id}`); } catch (error) { say("note", error.message, true); }
  if (current && current.id === one.id) { current = null; $("view").hidden = true; $("report").removeAttribute("src"); }
  say("note", `${one.name} has been removed, and its files with it.`);
  await refresh();
  $("add").focus();
}

// --- one manuscript

function show(one, focus, item) {
  const same = current && current.id === one.id;
  current = { id: one.id, version: one.version };
  $("view").hidden = false;
  $("view-h").textContent = one.report.title || one.name;
  $("view-h").dir = "auto";
  $("why").textContent = one.report.why;
  fill("counts", one.report.counts, ([shape, label, number]) => {
    const entry = make("li");
    entry.append(make("span", shape, { "aria-hidden": "true" }), ` ${number} ${label}`);
    return entry;
  });
  fill("problems", one.report.refused || [], (file) => make("li", `${file.name}: ${file.message}`));
  for (const link of document.querySelectorAll("a[data-kind]")) {
    link.href = `/manuscripts/${one.id}/download/${link.dataset.kind}`;
  }
  $("take-annotated").hidden = !["docx", "pdf"].includes(one.report.format);
  const selected = item || (same ? key($("item").value) : 0);
  const open = one.report.items.filter((entry) => entry.open || one.answers[entry.item]);
  $("answers").hidden = open.length === 0;
  fill("item", open, (entry) => {
    const option = make("option", `${entry.item} ${entry.name}: ${entry.label}`, { value: entry.item });
    option.selected = entry.item === selected;
    return option;
  });
  drawAnswer();
  drawCompare();
  if (!same) { $("changes").hidden = true; say("said", ""); }
  const address = `/manuscripts/${one.id}/report?v=${one.version}`;
  $("alone").href = address;
  $("report").src = item ? `${address}#d0-i${item}` : address;
  if (focus) { $("view-h").focus(); }
  drawList();
}

// An item by its number, or with the letter of its guideline.
function key(item) { return /^\d+$/.test(item) ? Number(item) : item; }

function fill(id, entries, draw) { $(id).replaceChildren(...entries.map(draw)); }

function shown() { return manuscripts.find((one) => current && one.id === current.id); }

function drawCompare() {
  const before = $("earlier").value;
  const others = manuscripts.filter((other) => current && other.id !== current.id && other.report);
  $("compare").hidden = others.length === 0;
  fill("earlier", others, (other) => {
    const option = make("option", other.name, { value: other.id });
    option.selected = other.id === before;
    return option;
  });
}

function drawAnswer() {
  const one = shown();
  const [level, reason] = (one && one.answers[$("item").value]) || ["not-applicable", ""];
  $("level").value = level;
  $("reason").value = reason;
  $("undo").hidden = !reason;
}

async function answer(reason) {
  const one = shown();
  const item = key($("item").value);
  if (!one) { return; }
  say("said", "Saving …");
  try {
    const changed = await api("POST", `/api/manuscripts/${one.id}/answers`, { item, level: $("level").value, reason });
    manuscripts = manuscripts.map((other) => (other.id === changed.id ? changed : other));
    show(changed, false, item);
    say("said", reason ? `Your word on item ${item} is in the report.` : `The answer to item ${item} has been taken back.`);
  } catch (error) { say("said", error.message, true); }
}

async function download(event) {
  const link = event.target.closest("a[data-kind]");
  if (!link) { return; }
  event.preventDefault();
  say("said", `Preparing: ${link.textContent} …`);
  try {
    const reply = await fetch(link.href);
    if (!reply.ok) { throw new Error(await reply.text()); }
    const name = decodeURIComponent((reply.headers.get("Content-Disposition") || "").split("''")[1] || "coreqcheck");
    const address = URL.createObjectURL(await reply.blob());
    make("a", "", { href: address, download: name }).click();
    setTimeout(() => URL.revokeObjectURL(address), 60000);
    say("said", `Saved as ${name}.`);
  } catch (error) { say("said", error.message, true); }
}

async function compare(event) {
  event.preventDefault();
  const one = shown();
  say("said", "Comparing …");
  try {
    const data = await api("GET", `/api/manuscripts/${one.id}/changes/${$("earlier").value}`);
    const parts = data.parts.flatMap(([name, entries]) => {
      const list = make("ul");
      list.append(...entries.map((entry) => make("li", entry.trim().replace(" -> ", " → "), { dir: "auto" })));
      return [make("h4", WORDS[name] || name), list];
    });
    if (!parts.length) { parts.push(make("p", "Nothing that the items or checks ask for has changed.")); }
    $("changes-list").replaceChildren(...parts);
    $("changes").hidden = false;
    $("changes-h").focus();
    say("said", "");
  } catch (error) { say("said", error.message, true); }
}

const WORDS = {
  Gained: "Now answered better",
  Lost: "No longer answered as before",
  Moved: "Moved to another section",
  "New findings": "New statements that do not agree",
  "Resolved findings": "Resolved",
};

// --- wiring

$("files").addEventListener("change", () => { choose($("files").files); $("files").value = ""; });
for (const kind of ["dragenter", "dragover"]) {
  addEventListener(kind, (event) => { event.preventDefault(); $("drop").classList.add("over"); });
}
addEventListener("dragleave", (event) => { if (!event.relatedTarget) { $("drop").classList.remove("over"); } });
addEventListener("drop", (event) => {
  event.preventDefault();
  $("drop").classList.remove("over");
  choose(event.dataTransfer.files);
});
$("form").addEventListener("submit", submit);
$("item").addEventListener("change", drawAnswer);
$("answer").addEventListener("submit", (event) => {
  event.preventDefault();
  if (!$("reason").value.trim()) { say("said", "Please give the reason.", true); $("reason").focus(); return; }
  answer($("reason").value);
});
$("undo").addEventListener("click", () => answer(""));
document.querySelector(".downloads").addEventListener("click", download);
$("compare-form").addEventListener("submit", compare);
// The report tells which item is open, by its number and nothing else.
addEventListener("message", (event) => {
  if (event.source !== $("report").contentWindow || !event.data) { return; }
  if (!/^[A-Z]?\d{1,2}$/.test(String(event.data.item))) { return; }
  const option = $("item").querySelector(`option[value="${event.data.item}"]`);
  if (option) { option.selected = true; drawAnswer(); }
});
refresh();
