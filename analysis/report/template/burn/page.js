/* {% raw %} What a page does beyond being read. It stands in the head so that the chosen theme is there before the first paint.
   A change here changes the hash in shell.html.j2. */
"use strict";

const root = document.documentElement;
const all = (selector) => [...document.querySelectorAll(selector)];
const THEMES = ["auto", "light", "dark"];
let theme = "auto";

root.classList.add("js");
try { // a browser may refuse storage to a file opened from disk
  setTheme(localStorage.getItem("theme"));
} catch {}

function setTheme(name) {
  theme = THEMES.includes(name) ? name : "auto";
  root.dataset.theme = theme;
}

function switchTheme() {
  const button = document.getElementById("theme");
  const label = () => { button.textContent = `Theme: ${theme}`; };
  button.addEventListener("click", () => {
    setTheme(THEMES[(THEMES.indexOf(theme) + 1) % THEMES.length]);
    label();
    try { localStorage.setItem("theme", theme); } catch {}
  });
  label();
  button.hidden = false;
}

function switchCode() {
  const button = document.getElementById("code");
  const cells = all("details.code");
  button.addEventListener("click", () => {
    const shown = root.classList.toggle("code-shown");
    button.setAttribute("aria-pressed", shown);
    cells.forEach((cell) => { cell.open = shown; });
  });
  button.hidden = cells.length === 0;
}

/* A menu closes when its reader chooses a link, turns elsewhere or presses Escape. */
function closeMenus() {
  const menus = all("details[name=menu]");
  document.addEventListener("click", ({ target }) => {
    menus.filter((menu) => !menu.contains(target) || target.closest("a")).forEach((menu) => { menu.open = false; });
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape") return;
    menus.filter((menu) => menu.open).forEach((menu) => {
      menu.open = false;
      menu.firstElementChild.focus();
    });
  });
}

/* The current section is the last whose heading stands above a line at 30 % of the window. */
function markContents() {
  const links = new Map(all(".contents a").map((link) => [document.getElementById(link.getAttribute("href").slice(1)), link]));
  links.delete(null);
  const above = new Set();
  const observer = new IntersectionObserver((entries) => {
    entries.forEach(({ target, isIntersecting }) => above[isIntersecting ? "add" : "delete"](target));
    const current = [...links.keys()].findLast((heading) => above.has(heading));
    links.forEach((link) => link.removeAttribute("aria-current"));
    links.get(current)?.setAttribute("aria-current", "location");
  }, { rootMargin: "1000000px 0px -70% 0px" });
  links.forEach((link, heading) => observer.observe(heading));
}

/* A table is a tab stop only while it is wider than its frame. */
function trimTabStops() {
  const observer = new ResizeObserver((entries) => entries.forEach(({ target }) => {
    if (target.scrollWidth > target.clientWidth) target.tabIndex = 0;
    else target.removeAttribute("tabindex");
  }));
  all(".scroll").forEach((frame) => observer.observe(frame));
}

function offerCopy() {
  all("pre.command").forEach((command) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: "Copy", className: "copy" });
    button.setAttribute("aria-live", "polite");
    button.addEventListener("click", async () => {
      try {
        await navigator.clipboard.writeText(command.textContent.trim());
        button.textContent = "Copied";
      } catch {
        getSelection().selectAllChildren(command);
        button.textContent = "Selected";
      }
    });
    command.after(button);
  });
}

/* Paper cannot be unfolded; browsers that know ::details-content do this by the style sheet alone. */
function unfoldForPrint() {
  let folded = [];
  addEventListener("beforeprint", () => {
    folded = all("main details:not([open], .code)");
    folded.forEach((details) => { details.open = true; });
  });
  addEventListener("afterprint", () => folded.forEach((details) => { details.open = false; }));
}

/* Every position of the sliders is a case computed when the page was built, here only looked up and drawn: two letters are
   one number, in the order of the axes. */
function whatIf() {
  const panel = document.getElementById("what-if");
  const box = panel?.querySelector("fieldset");
  if (!box) return;
  const part = (selector) => panel.querySelector(selector);
  const { letters, own, sliders, columns, paths, across, alternative, start, options, end } = JSON.parse(part(".what-if-data").textContent);
  const inputs = box.querySelectorAll("input");
  const at = { ...own };
  const place = (axes) => axes.reduce((index, name) => index * sliders[name].texts.length + at[name], 0);
  const number = (codes, index) => letters.indexOf(codes[2 * index]) * letters.length + letters.indexOf(codes[2 * index + 1]);
  const text = (name) => columns[name].texts[number(columns[name].codes, place(columns[name].axes))];
  const line = ({ axes, codes }) => across.map((x, index) => [x, number(codes, place(axes) * across.length + index)]);
  const plot = (name) => {
    const points = line(paths[name]);
    part(`polyline.${name}`).setAttribute("points", points.join(" "));
    part(`b.${name}`).style.top = `${points.at(-1)[1] / (letters.length ** 2 - 1) * 100}%`;
    return points;
  };

  const show = () => {
    inputs.forEach((input) => {
      at[input.name] = +input.value;
      const value = sliders[input.name].texts[input.value];
      input.setAttribute("aria-valuetext", value);
      input.previousElementSibling.textContent = value;
    });
    panel.querySelectorAll("[data-show]").forEach((item) => { item.textContent = text(item.dataset.show); });
    const spend = plot("spend"), back = plot("revenue").reverse();
    part("polygon").setAttribute("points", spend.concat(back).join(" "));
    part(".gap-chart").classList.toggle("crossed", back[0][1] < spend.at(-1)[1]);
    part("svg").setAttribute("aria-label", alternative.replace(/{(\w+)}/g, (_, name) => text(name)));
    const moved = Object.keys(at).filter((name) => at[name] !== own[name]);
    const set = Object.assign({}, options, ...moved.map((name) => sliders[name].options[at[name]]));
    part(".command").textContent = [start, ...Object.values(set), moved.length ? end : ""].join(" ").trim();
  };
  box.addEventListener("input", show);
  part("button").addEventListener("click", () => {
    inputs.forEach((input) => { input.value = own[input.name]; });
    show();
  });
  box.disabled = false;
  show(); // a reload may keep the sliders
}

addEventListener("DOMContentLoaded", () => {
  switchTheme();
  switchCode();
  closeMenus();
  markContents();
  trimTabStops();
  offerCopy();
  unfoldForPrint();
  whatIf();
});
/* {% endraw %} */
