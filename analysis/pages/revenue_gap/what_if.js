/* The panel of sliders: it looks up what the model has computed for every stop and preset, and computes nothing. */
"use strict";

(() => {
  const panel = document.getElementById("what-if");
  if (!panel) return;
  const all = (selector) => [...panel.querySelectorAll(selector)];
  const data = JSON.parse(panel.querySelector("script").textContent);
  const sliders = all("input"), buttons = all("button"), chart = panel.querySelector("svg"), out = panel.querySelector(".out");
  const rest = sliders.map((slider) => slider.value);

  /* The place of a combination of stops among all, the last slider moving first. */
  const place = () => sliders.reduce((sum, slider, axis) => sum * data.stops[axis].length + Number(slider.value), 0);

  function show(number, preset) {
    const state = data.states[number];
    all("[data-show]").forEach((part) => { part.textContent = state[part.dataset.show]; });
    const [low, median, high] = state.cash.map((line) => line.map((y, point) => `${data.steps[point]},${y}`));
    chart.querySelector("polygon").setAttribute("points", [...low, ...high.reverse()].join(" "));
    chart.querySelector("polyline").setAttribute("points", median.join(" "));
    out.hidden = state.out === null;
    out.style.left = `${state.out ?? 0}%`;
    out.classList.toggle("late", state.out > 75);
    buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.preset === preset)));
    all("[data-note]").forEach((note) => { note.hidden = note.dataset.note !== preset; });
  }

  function write(slider, axis) {
    const text = data.stops[axis][slider.value];
    slider.setAttribute("aria-valuetext", text);
    slider.parentNode.querySelector("output").textContent = text;
  }

  sliders.forEach((slider, axis) => slider.addEventListener("input", () => {
    write(slider, axis);
    show(place(), place() === data.own ? "" : null);
  }));
  buttons.forEach((button) => button.addEventListener("click", () => {
    sliders.forEach((slider, axis) => { slider.value = rest[axis]; write(slider, axis); });
    const preset = button.dataset.preset;
    show(preset ? data.presets[preset] : data.own, preset);
  }));

  all("fieldset").forEach((set) => { set.disabled = false; });
  all(".unscripted").forEach((line) => line.remove());
  show(data.own, "");
})();
