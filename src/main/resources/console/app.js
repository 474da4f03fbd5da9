"use strict";

// All that is shown comes from the API and is set as text, never as markup.

const TOKEN_KEY = "throughline.token";
const REFRESH_MS = 5000;
const REFUSALS_READ = 200;
const REFUSALS_SHOWN = 10;
const $ = (id) => document.getElementById(id);

function takeTokenFromFragment() {
  const token = new URLSearchParams(location.hash.slice(1)).get("token");
  if (token) {
    sessionStorage.setItem(TOKEN_KEY, token);
    history.replaceState(null, "", location.pathname + location.search);
  }
}

class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

async function read(path) {
  const token = sessionStorage.getItem(TOKEN_KEY);
  const headers = token ? { Authorization: "Bearer " + token } : {};
  const response = await fetch(path, { headers, cache: "no-store" });
  const body = await response.json().catch(() => ({}));
  if (!response.ok) {
    throw new Refused(response.status, body.detail || "The program answered " + response.status + ".");
  }
  return body;
}

function element(name, text, className) {
  const node = document.createElement(name);
  if (text !== undefined && text !== null) {
    node.textContent = String(text);
  }
  if (className) {
    node.className = className;
  }
  return node;
}

function row(cells) {
  const tr = element("tr");
  for (const cell of cells) {
    const td = element("td");
    td.append(cell instanceof Node ? cell : document.createTextNode(cell ?? "–"));
    tr.append(td);
  }
  return tr;
}

function fill(table, rows) {
  table.tBodies[0].replaceChildren(...rows);
  table.hidden = rows.length === 0;
}

const number = (value) => Number(value ?? 0).toLocaleString("en");

function showStatus(status) {
  $("version").textContent = status.version ? "version " + status.version : "";
  const counts = ["received", "accepted", "refused", "quarantined", "duplicates"].map((name) => {
    const group = element("div");
    group.append(element("dt", name), element("dd", number(status[name])));
    return group;
  });
  $("counts").replaceChildren(...counts);
  const streams = Object.entries(status.streams ?? {}).map(([name, stream]) =>
    row([name, number(stream.spooled_records), number(stream.spooled_bytes), number(stream.delivered)]));
  fill($("streams"), streams);
}

function idButton(id) {
  if (!id) {
    return "–";
  }
  const button = element("button", id, "link");
  button.type = "button";
  button.addEventListener("click", () => {
    $("search").value = id;
    find(id);
  });
  return button;
}

// Entries of one code, place, connector and tenant are one line; entries come newest first.
function showRefusals(page) {
  const groups = new Map();
  for (const item of page.entries ?? []) {
    const entry = item.entry ?? {};
    const key = JSON.stringify([entry.code, entry.pointer, entry.connector, entry.tenant_id]);
    const group = groups.get(key);
    if (group) {
      group.count += item.count;
    } else {
      groups.set(key, { entry, count: item.count, last: item.last_seen });
    }
  }
  const rows = [...groups.values()].slice(0, REFUSALS_SHOWN).map(({ entry, count, last }) =>
    row([entry.code ?? entry.reason, entry.pointer || "–", entry.connector, entry.tenant_id, number(count), last, idButton(entry.correlation_id)]));
  fill($("refusals"), rows);
  $("no-refusals").hidden = rows.length > 0;
}

function verdict(journey) {
  const broke = journey.broke_at;
  if (broke) {
    const text = (broke.recovered ? "Failed and recovered at " : "Broke at ") + (broke.boundary ?? broke.event_name)
      + (broke.error_code ? " with " + broke.error_code : "") + ", " + broke.time;
    return element("p", text, broke.recovered ? "good" : "bad");
  }
  const missing = journey.missing_boundaries ?? [];
  return missing.length === 0
    ? element("p", "Complete: all seven boundaries passed.", "good")
    : element("p", "No failure. Missing: " + missing.join(", "));
}

function boundaries(journey) {
  const list = element("ol", null, "boundaries");
  list.setAttribute("aria-label", "Boundaries");
  for (const state of journey.boundaries ?? []) {
    const mark = !state.reached ? " – missing" : state.failed > 0 ? " ✗ " + state.failed : " ✓";
    list.append(element("li", state.boundary + mark, !state.reached ? "missing" : state.failed > 0 ? "failed" : ""));
  }
  return list;
}

function step(record) {
  const details = element("details");
  details.append(element("summary", record.event_name ?? record.signal));
  details.addEventListener("toggle", () => {
    if (details.open && details.childElementCount === 1) {
      details.append(element("pre", JSON.stringify(record.record, null, 1)));
    }
  });
  const outcome = element("span", record.error_code ?? (record.failed ? "failed" : "ok"), record.failed ? "bad" : "");
  return row([record.time, record.boundary, record.connector, details, record.attempt, record.duration_ms, outcome]);
}

function showJourney(journey) {
  const table = element("table");
  const head = element("tr");
  for (const title of ["Time (UTC)", "Boundary", "Connector", "Event", "Attempt", "ms", "Outcome"]) {
    const th = element("th", title);
    th.scope = "col";
    head.append(th);
  }
  table.createTHead().append(head);
  table.createTBody().append(...(journey.records ?? []).map(step));
  const parts = [element("h3", journey.correlation_id), verdict(journey), boundaries(journey), table];
  for (const item of journey.quarantined ?? []) {
    const entry = item.entry ?? {};
    parts.push(element("p", "Quarantined: " + (entry.code ?? entry.reason ?? "") + " " + (entry.pointer ?? "") + ", "
      + number(item.count) + " times, last " + item.last_seen, "bad"));
  }
  if (journey.truncated) {
    parts.push(element("p", "There are more records than are shown here.", "quiet"));
  }
  $("journey").replaceChildren(...parts);
}

async function find(id) {
  $("journey").replaceChildren(element("p", "Searching …", "quiet"));
  try {
    showJourney(await read("/v1/journeys/" + encodeURIComponent(id.trim())));
  } catch (error) {
    askForToken(error);
    $("journey").replaceChildren(element("p", error.message, "bad"));
  }
}

function askForToken(error) {
  const refused = error instanceof Refused && (error.status === 401 || error.status === 403);
  if (refused && $("token-form").hidden) {
    $("token-form").hidden = false;
    $("token").focus();
  }
  return refused;
}

async function refresh() {
  try {
    const [status, quarantine] = await Promise.all([read("/v1/status"), read("/v1/quarantine?limit=" + REFUSALS_READ)]);
    showStatus(status);
    showRefusals(quarantine);
    $("notice").textContent = "";
    $("token-form").hidden = true;
  } catch (error) {
    const text = askForToken(error) ? "The program asks for its access token." : error instanceof Refused ? error.message : "The program does not answer.";
    if ($("notice").textContent !== text) {
      $("notice").textContent = text;
    }
  }
}

$("token-form").addEventListener("submit", (event) => {
  event.preventDefault();
  sessionStorage.setItem(TOKEN_KEY, $("token").value.trim());
  $("token").value = "";
  refresh();
});
$("search-form").addEventListener("submit", (event) => {
  event.preventDefault();
  find($("search").value);
});
window.addEventListener("hashchange", () => {
  takeTokenFromFragment();
  refresh();
});
takeTokenFromFragment();
refresh();
setInterval(() => document.hidden || refresh(), REFRESH_MS);
