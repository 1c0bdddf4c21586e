// For readers: / searches, j and k go down and up, Escape leaves the box; several bars are chosen by dragging.
// All else works without this file.
"use strict";

const stops = () => [...document.querySelectorAll("a.step")];

function go(by) {
  const all = stops();
  const at = all.indexOf(document.activeElement);
  const next = all[at < 0 ? (by > 0 ? 0 : all.length - 1) : at + by];
  if (next) next.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const typing = event.target.closest("input, select, textarea");
  if (typing) {
    if (event.key === "Escape") typing.blur();
    return;
  }
  if (event.key === "/") {
    event.preventDefault();
    document.getElementById("q").select();
  } else if (event.key === "j") go(1);
  else if (event.key === "k") go(-1);
});

// From the bar that is pressed to the one where it is let go: one bar is a link, as without this file.
const spans = document.querySelector(".spans");
let pressed = null;

const barAt = (event) => document.elementFromPoint(event.clientX, event.clientY)?.closest(".spans a") ?? null;

function between(one, other) {
  const bars = [...spans.querySelectorAll("a")];
  const [first, last] = [bars.indexOf(one), bars.indexOf(other)].sort((a, b) => a - b);
  return bars.slice(first, last + 1);
}

function draw(event) {
  const bar = pressed && barAt(event);
  if (!bar) return;
  spans.querySelectorAll(".drawn").forEach((one) => one.classList.remove("drawn"));
  between(pressed, bar).forEach((one) => one.classList.add("drawn"));
}

function choose(event) {
  const [one, other] = [pressed, barAt(event)];
  pressed = null;
  if (!one || !other || one === other) return;
  const chosen = between(one, other);
  const there = new URL(location.href);
  const [first, last] = [chosen[0].dataset.name, chosen[chosen.length - 1].dataset.name];
  there.searchParams.set("q", `${spans.dataset.q} since:${first} until:${last}`.trim());
  there.searchParams.delete("limit");
  location.assign(there);
}

if (spans) {
  spans.addEventListener("pointerdown", (event) => { pressed = barAt(event); });
  spans.addEventListener("dragstart", (event) => event.preventDefault());
  document.addEventListener("pointermove", draw);
  document.addEventListener("pointerup", choose);
}
