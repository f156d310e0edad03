"use strict";
// The browser's camera. Looking sends small pictures to this server only, of which nothing is kept; taking and keeping
// are two acts of a person.

const place = document.getElementById("camera");
const live = document.getElementById("live");
const shot = document.getElementById("shot");
const buttons = Object.fromEntries(["take", "keep", "again"].map((name) => [name, document.getElementById(name)]));
const PREVIEW_SIDE = 1000, WAIT = 1500, BRIGHT = 250, LEAST = 64, TILES = [20, 15];
const state = { taken: null, looking: false, device: "" };

const role = () => document.getElementById("role").value;

async function picture(side, kind, quality) {
  if (live.videoWidth < LEAST || live.videoHeight < LEAST) throw new Error("The camera shows nothing yet; wait a moment.");
  const scale = Math.min(1, side / Math.max(live.videoWidth, live.videoHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(live.videoWidth * scale);
  canvas.height = Math.round(live.videoHeight * scale);
  const context = canvas.getContext("2d", { willReadFrequently: true });
  context.drawImage(live, 0, 0, canvas.width, canvas.height);
  const glare = burnt(context, canvas.width, canvas.height);
  return new Promise((done) => canvas.toBlob((blob) => done({ blob, glare }), kind, quality));
}

// A tile, a 300th of the picture, that is nothing but white.
function burnt(context, width, height) {
  const [across, down] = [Math.floor(width / TILES[0]), Math.floor(height / TILES[1])];
  for (let row = 0; row < TILES[1]; row += 1) {
    for (let column = 0; column < TILES[0]; column += 1) {
      const data = context.getImageData(column * across, row * down, across, down).data;
      let white = true;
      for (let at = 0; white && at < data.length; at += 4) {
        white = Math.min(data[at], data[at + 1], data[at + 2]) >= BRIGHT;
      }
      if (white) return true;
    }
  }
  return false;
}

async function send(act, blob, more = {}) {
  const address = `/capture/${act}?${new URLSearchParams({ role: role(), ...more })}`;
  const headers = { "x-csrf": place.dataset.csrf, "x-form": "kept", "content-type": blob.type };
  const answer = await fetch(address, { method: "POST", body: blob, headers });
  const text = await answer.text();
  if (answer.ok) return JSON.parse(text);
  const said = new DOMParser().parseFromString(text, "text/html").querySelector(".problem");
  if (answer.status === 401) throw new Error("You are signed out; load the page and sign in again.");
  throw new Error(said ? said.textContent : text);
}

function line(text, tag) {
  const item = document.createElement("li");
  const inside = tag ? item.appendChild(document.createElement(tag)) : item;
  inside.textContent = text;
  return item;
}

function tell(told, glare) {
  const advice = [...told.advice];
  if (glare && role() !== "capture") advice.push("part of the picture is over-exposed: tilt the page, or move or dim the lamp");
  const better = advice.length ? advice.map((text) => line(text, "strong")) : [line("nothing stands out")];
  const seen = [...told.facts.map((text) => line(text)), ...told.lines.map((text) => line(text, "code"))];
  document.getElementById("advice").replaceChildren(...better, ...seen);
}

function problem(text) {
  const box = document.getElementById("problem");
  box.textContent = text;
  box.hidden = !text;
}

function offer(...names) {
  for (const [name, button] of Object.entries(buttons)) button.disabled = !names.includes(name);
}

async function look() {
  if (state.looking || state.taken || live.videoWidth < LEAST || document.hidden) return;
  state.looking = true;
  try {
    const { blob, glare } = await picture(PREVIEW_SIDE, "image/jpeg", 0.85);
    const told = await send("look", blob);
    if (!state.taken) tell(told, glare);
    problem("");
  } catch (error) {
    problem(error.message);
  }
  state.looking = false;
}

async function take() {
  offer();
  try {
    const { blob, glare } = await picture(Infinity, "image/png");
    state.taken = blob;
    shot.src = URL.createObjectURL(blob);
    document.getElementById("taken").hidden = false;
    tell(await send("look", blob), glare);
    offer("keep", "again");
  } catch (error) {
    problem(error.message);
    offer("again");
  }
}

function again() {
  URL.revokeObjectURL(shot.src);
  shot.removeAttribute("src");
  document.getElementById("taken").hidden = true;
  state.taken = null;
  problem("");
  offer("take");
}

async function keep() {
  offer();
  try {
    const item = document.getElementById("item").value;
    const kept = await send("keep", state.taken, { item, device: state.device });
    again();
    document.getElementById("kept").prepend(line(`${kept.path}: kept just now, SHA-256 ${kept.sha256}`));
  } catch (error) {
    problem(error.message);
    offer("keep", "again");
  }
}

async function start() {
  try {
    const wanted = { width: { ideal: 1920 }, height: { ideal: 1080 } };
    const stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    const [track] = stream.getVideoTracks();
    track.addEventListener("ended", () => { offer(); problem("The camera is gone; plug it in and load the page again."); });
    state.device = track.label;
    live.srcObject = stream;
    await live.play();
    offer("take");
    setInterval(look, WAIT);
  } catch (error) {
    problem(`No camera can be used (${error.name}): is it plugged in, free, and allowed for this page?`);
  }
}

buttons.take.addEventListener("click", take);
buttons.keep.addEventListener("click", keep);
buttons.again.addEventListener("click", again);
start();
