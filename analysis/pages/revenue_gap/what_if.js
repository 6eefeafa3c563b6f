/* The panel of sliders: it looks up what the model has computed for every stop and preset, and computes nothing. */
"use strict";

(() => {
  const panel = document.getElementById("what-if");
  if (!panel) return;
  const all = (selector) => [...panel.querySelectorAll(selector)];
  const data = JSON.parse(panel.querySelector("script").textContent);
  const sliders = all("input"), buttons = all("button"), chart = panel.querySelector("svg"), out = panel.querySelector(".out");
  const sizes = data.stops.map((texts) => texts.length);
  const rest = sliders.map((slider) => slider.value);

  /* The place of a combination of stops among all, the last slider moving first. */
  const place = () => sliders.reduce((sum, slider, axis) => sum * sizes[axis] + Number(slider.value), 0);

  const heights = (state, line) => data.steps.map((step, point) => {
    const at = 2 * ((3 * state + line) * data.steps.length + point);
    const high = data.letters.indexOf(data.lines[at]), low = data.letters.indexOf(data.lines[at + 1]);
    return `${step},${high * data.letters.length + low}`;
  });

  function show(state, preset) {
    all("[data-show]").forEach((part) => { part.textContent = data.texts[data.shown[part.dataset.show][state]]; });
    const [low, median, high] = [0, 1, 2].map((line) => heights(state, line));
    chart.querySelector("polygon").setAttribute("points", [...low, ...high.reverse()].join(" "));
    chart.querySelector("polyline").setAttribute("points", median.join(" "));
    out.hidden = data.dots[state] === null;
    out.style.left = `${data.dots[state] ?? 0}%`;
    out.classList.toggle("late", data.dots[state] > 75);
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
    const state = place();
    show(state, state === data.own ? "" : null);
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
