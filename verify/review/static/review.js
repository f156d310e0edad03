"use strict";
// Keys and the picture viewer. Everything also works by mouse, and judging works without any script.

// --- the viewer: one view for both pictures, kept from one candidate and page to the next ---

const still = { scale: 1, x: 0, y: 0, turn: 0, grey: false, contrast: false, wipe: 0, points: false };
const view = { ...still, ...JSON.parse(sessionStorage.getItem("view") || "{}") };
let flicker = 0;

function show() {
  sessionStorage.setItem("view", JSON.stringify(view));
  for (const viewer of document.querySelectorAll("[data-viewer]")) {
    for (const image of viewer.querySelectorAll("img, .points")) {
      image.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale}) rotate(${view.turn}deg)`;
      if (image.tagName === "IMG") image.style.filter = `${view.grey ? "grayscale(1) " : ""}${view.contrast ? "contrast(1.6)" : ""}`;
    }
    viewer.classList.toggle("pointed", view.points);
    viewer.classList.toggle("over", view.wipe > 0 || flicker > 0);
    const panes = viewer.querySelectorAll(".pane");
    if (panes.length === 2) {
      panes[1].style.clipPath = view.wipe > 0 ? `inset(0 0 0 ${100 - view.wipe}%)` : "";
    }
    viewer.querySelector("[data-wipe]").value = view.wipe;
    for (const [name, on] of [["grey", view.grey], ["contrast", view.contrast], ["flicker", flicker > 0], ["points", view.points]]) {
      viewer.querySelector(`[data-act=${name}]`)?.setAttribute("aria-pressed", String(on));
    }
  }
}

function flick() {
  const second = document.querySelector("[data-viewer] figure + figure .pane");
  if (second) second.style.visibility = second.style.visibility === "hidden" ? "" : "hidden";
}

function stopFlicker() {
  clearInterval(flicker);
  flicker = 0;
  const second = document.querySelector("[data-viewer] figure + figure .pane");
  if (second) second.style.visibility = "";
}

const acts = {
  larger() { view.scale = Math.min(8, view.scale * 1.25); },
  smaller() { view.scale = Math.max(0.5, view.scale / 1.25); },
  turn() { view.turn = (view.turn + 90) % 360; },
  tilt() { view.turn = (view.turn + 3) % 360; },
  grey() { view.grey = !view.grey; },
  contrast() { view.contrast = !view.contrast; },
  flicker() { if (flicker) stopFlicker(); else flicker = setInterval(flick, 500); },
  points() { view.points = !view.points; },
  wipe() { view.wipe = view.wipe >= 100 ? 0 : view.wipe + 25; },
  unveil() { for (const pane of document.querySelectorAll(".veiled")) pane.classList.remove("veiled"); },
  reset() { stopFlicker(); Object.assign(view, still); },
};

function act(name) {
  acts[name]();
  show();
}

function move(x, y) {
  view.x += x;
  view.y += y;
  show();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-act]");
  if (button) act(button.dataset.act);
});

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-wipe]")) { view.wipe = Number(event.target.value); show(); }
});

document.addEventListener("wheel", (event) => {
  if (!event.target.closest("[data-viewer] .pane")) return;
  event.preventDefault();
  act(event.deltaY < 0 ? "larger" : "smaller");
}, { passive: false });

document.addEventListener("pointermove", (event) => {
  if (event.buttons === 1 && event.target.closest("[data-viewer] .pane")) move(event.movementX, event.movementY);
});

// --- keys ---

const viewKeys = {
  "+": "larger", "=": "larger", "-": "smaller", r: "turn", t: "tilt", b: "grey", c: "contrast", f: "flicker", w: "wipe", l: "points", v: "unveil", 0: "reset",
};
const moves = { ArrowLeft: [-20, 0], ArrowRight: [20, 0], ArrowUp: [0, -20], ArrowDown: [0, 20] };

function links() { return [...document.querySelectorAll(".questions a")]; }

function step(by) {
  const all = links();
  all[all.findIndex((link) => link.getAttribute("aria-current")) + by]?.click();
}

function choose(by) {
  const all = [...document.querySelectorAll("a.case-link")];
  const next = all[Math.max(0, Math.min(all.length - 1, all.indexOf(document.activeElement) + by))];
  if (next) next.focus();
}

function unfold() {
  const whole = document.querySelector("details.whole");
  if (whole) { whole.open = !whole.open; whole.querySelector("summary").focus(); }
}

const keys = {
  n: () => step(1), p: () => step(-1), j: () => choose(1), k: () => choose(-1), q: () => { location.href = "/"; }, d: unfold,
  m: () => document.getElementById("note")?.focus(), a: () => document.querySelector(".reasons input")?.focus(),
  e: () => document.getElementById("evidence")?.focus(),
};

function typing(element) {
  return element.matches("textarea, select, input:not([type=radio]):not([type=checkbox]):not([type=range])");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Escape") { document.activeElement.blur(); return; }
  if (typing(event.target)) return;
  if (event.shiftKey && moves[event.key] && document.querySelector("[data-viewer]")) { move(...moves[event.key]); event.preventDefault(); return; }
  const marked = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (marked) { marked.click(); marked.focus(); event.preventDefault(); return; }
  if (viewKeys[event.key] && document.querySelector("[data-viewer]")) { act(viewKeys[event.key]); event.preventDefault(); return; }
  if (keys[event.key]) { keys[event.key](); event.preventDefault(); }
});

// --- saving: what was typed stays on the page until the server has it, also when it restarts or signs people out ---

async function save(form) {
  const told = form.querySelector("[role=alert]");
  told.hidden = true;
  try {
    const fresh = await fetch(location.pathname, { headers: { "HX-Request": "true", "X-Form": "kept" } });
    const token = new DOMParser().parseFromString(await fresh.text(), "text/html").querySelector("[name=csrf]");
    if (token) form.elements.csrf.value = token.value;
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: "POST", body, headers: { "X-Form": "kept" }, redirect: "manual" });
    if (answer.type === "opaqueredirect") { location.assign(form.action.replace(/\/judge$/, "")); return; }
    if (answer.status !== 401) {
      const page = new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("question");
      if (page) { document.getElementById("question").replaceChildren(...page.children); show(); return; }
      told.textContent = `Not saved: the server answered ${answer.status}.`;
    } else told.textContent = "Not saved: you are signed out. Sign in again in another tab of this browser, then save here.";
  } catch {
    told.textContent = "Not saved: the server does not answer. What you typed stays here; save again when it is back.";
  }
  told.hidden = false;
}

document.addEventListener("submit", (event) => {
  if (!event.target.matches("form.judge")) return;
  event.preventDefault();
  save(event.target);
});

// --- one question after the other: only the question is loaded, the list beside it stays ---

function arrived() {
  for (const link of links()) {
    if (link.pathname === location.pathname) {
      link.setAttribute("aria-current", "true");
      link.scrollIntoView({ block: "nearest" });
    } else link.removeAttribute("aria-current");
  }
  show();
}

document.addEventListener("htmx:after:swap", arrived);
document.addEventListener("htmx:after:history:update", arrived);
arrived();
