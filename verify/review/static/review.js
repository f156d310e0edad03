"use strict";
// Keys and the picture viewer. Everything also works by mouse, and judging works without any script.

// --- the viewer: one view for both pictures, kept from one candidate to the next ---

const view = { scale: 1, x: 0, y: 0, turn: 0, grey: false, contrast: false, wipe: 0, flicker: 0 };

function show() {
  for (const viewer of document.querySelectorAll("[data-viewer]")) {
    for (const image of viewer.querySelectorAll("img")) {
      image.style.transform = `translate(${view.x}px, ${view.y}px) scale(${view.scale}) rotate(${view.turn}deg)`;
      image.style.filter = `${view.grey ? "grayscale(1) " : ""}${view.contrast ? "contrast(1.6)" : ""}`;
    }
    viewer.classList.toggle("over", view.wipe > 0 || view.flicker > 0);
    const panes = viewer.querySelectorAll(".pane");
    if (panes.length === 2) {
      panes[1].style.clipPath = view.wipe > 0 ? `inset(0 ${100 - view.wipe}% 0 0)` : "";
    }
    viewer.querySelector("[data-wipe]").value = view.wipe;
    for (const name of ["grey", "contrast", "flicker"]) {
      viewer.querySelector(`[data-act=${name}]`).setAttribute("aria-pressed", String(Boolean(view[name])));
    }
  }
}

function flick() {
  const second = document.querySelector("[data-viewer] figure + figure .pane");
  if (second) second.style.visibility = second.style.visibility === "hidden" ? "" : "hidden";
}

function stopFlicker() {
  clearInterval(view.flicker);
  view.flicker = 0;
  const second = document.querySelector("[data-viewer] figure + figure .pane");
  if (second) second.style.visibility = "";
}

const acts = {
  larger() { view.scale = Math.min(8, view.scale * 1.25); },
  smaller() { view.scale = Math.max(0.5, view.scale / 1.25); },
  turn() { view.turn = (view.turn + 90) % 360; },
  grey() { view.grey = !view.grey; },
  contrast() { view.contrast = !view.contrast; },
  flicker() { if (view.flicker) stopFlicker(); else view.flicker = setInterval(flick, 500); },
  wipe() { view.wipe = view.wipe >= 100 ? 0 : view.wipe + 25; },
  reset() { stopFlicker(); Object.assign(view, { scale: 1, x: 0, y: 0, turn: 0, grey: false, contrast: false, wipe: 0 }); },
};

function act(name) {
  acts[name]();
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
  if (event.buttons !== 1 || !event.target.closest("[data-viewer] .pane")) return;
  view.x += event.movementX;
  view.y += event.movementY;
  show();
});

document.addEventListener("dragstart", (event) => { if (event.target.closest("[data-viewer]")) event.preventDefault(); });

// --- keys ---

const viewKeys = { "+": "larger", "=": "larger", "-": "smaller", r: "turn", b: "grey", c: "contrast", f: "flicker", w: "wipe", 0: "reset" };

function step(by) {
  const links = [...document.querySelectorAll(".questions a")];
  const at = links.findIndex((link) => link.getAttribute("aria-current"));
  const next = links[at + by];
  if (next) next.click();
}

function choose(by) {
  const links = [...document.querySelectorAll("a.case-link")];
  const at = links.indexOf(document.activeElement);
  const next = links[Math.max(0, Math.min(links.length - 1, at + by))];
  if (next) next.focus();
}

const keys = {
  n: () => step(1), p: () => step(-1), j: () => choose(1), k: () => choose(-1), q: () => { location.href = "/"; },
  m: () => document.getElementById("note")?.focus(), a: () => document.querySelector(".reasons input")?.focus(),
};

function typing(element) {
  return element.matches("textarea, select, input:not([type=radio]):not([type=checkbox]):not([type=range])");
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  if (event.key === "Escape") { document.activeElement.blur(); return; }
  if (typing(event.target)) return;
  const marked = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (marked) { marked.click(); marked.focus(); event.preventDefault(); return; }
  if (viewKeys[event.key] && document.querySelector("[data-viewer]")) { act(viewKeys[event.key]); event.preventDefault(); return; }
  if (keys[event.key]) { keys[event.key](); event.preventDefault(); }
});

document.addEventListener("htmx:after:swap", show);
document.addEventListener("htmx:afterSwap", show);
