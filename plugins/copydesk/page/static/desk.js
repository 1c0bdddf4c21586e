// Keys for readers: / searches, j and k go down and up, Escape leaves the box. All else works without this file.
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
