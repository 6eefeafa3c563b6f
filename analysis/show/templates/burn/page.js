/* What a page does beyond being read. It stands in the head so that the chosen theme is there before the first paint. */
"use strict";

const root = document.documentElement;
const all = (selector) => [...document.querySelectorAll(selector)];
const THEMES = ["auto", "light", "dark"];
let theme = "auto";

root.classList.add("js");
try { /* a browser may refuse storage to a file opened from disk */
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
}

/* The switches stand in the bar; on a phone, which has no room there, at the end of the contents. */
function placeSwitches() {
  const switches = document.querySelector(".switches"), bar = switches.parentNode, list = document.querySelector(".contents ol");
  const phone = matchMedia("(max-width: 759px)"), item = document.createElement("li");
  const place = () => {
    if (phone.matches && list) list.appendChild(item).append(switches);
    else bar.append(switches), item.remove();
  };
  phone.addEventListener("change", place);
  place();
  switches.hidden = false;
}

/* Code, notes and frames open and close where they stand; what is being read keeps its place on the screen. */
function switchCode() {
  const button = document.getElementById("code");
  const cells = all("details.code, details.frame");
  button.hidden = cells.length === 0;
  button.addEventListener("click", () => {
    const read = all("main :is(h1, h2, p, figure)").find((part) => part.offsetParent && part.getBoundingClientRect().top > 50);
    const before = read?.getBoundingClientRect().top;
    const shown = root.classList.toggle("code-shown");
    cells.forEach((cell) => { cell.open = shown; });
    button.textContent = shown ? "Hide the code" : "Show the code";
    if (read) scrollBy({ top: read.getBoundingClientRect().top - before, behavior: "instant" });
  });
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

/* The current section is the last whose heading stands above a line at 30 % of the window; another scenario opens at it. */
function markContents() {
  const links = new Map(all(".contents a").map((link) => [document.getElementById(link.hash.slice(1)), link]));
  links.delete(null);
  const above = new Set();
  const observer = new IntersectionObserver((entries) => {
    entries.forEach(({ target, isIntersecting }) => above[isIntersecting ? "add" : "delete"](target));
    const current = [...links.keys()].findLast((heading) => above.has(heading));
    links.forEach((link) => link.removeAttribute("aria-current"));
    links.get(current)?.setAttribute("aria-current", "location");
    all(".scenarios a").forEach((link) => { link.hash = scrollY > innerHeight / 2 && current?.id || ""; });
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

/* Stacked rows are a table to a screen reader still. */
function keepTables() {
  const roles = { table: "table", "thead, tbody": "rowgroup", tr: "row", td: "cell", "thead th": "columnheader", "tbody th": "rowheader" };
  if (!matchMedia("(max-width: 759px)").matches) return;
  Object.entries(roles).forEach(([parts, role]) => {
    const own = parts.split(", ").map((part) => `main ${part === "table" ? "table.rows" : `.rows ${part}`}`);
    all(own.join()).forEach((part) => part.setAttribute("role", role));
  });
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

/* What a link leads to is opened where it lies folded away. */
function openTarget() {
  const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
  const folded = [];
  for (let box = target?.closest("details:not([open])"); box; box = box.parentNode.closest("details:not([open])")) folded.push(box);
  folded.forEach((box) => { box.open = true; });
  if (folded.length) target.scrollIntoView();
}

/* A marker opens a copy of its row of the appendix beside the text. The way back leads to the marker that was used last. */
function openSources() {
  const panel = document.getElementById("panel");
  const [title, content, foot] = panel.children, [button, link] = foot.children;
  let marker = null;
  const close = () => { panel.hidden = true; };
  const open = (row) => {
    title.textContent = row.id;
    content.replaceChildren(...copied(row));
    content.querySelectorAll("[id]").forEach((part) => part.removeAttribute("id"));
    content.querySelectorAll(".back").forEach((link) => link.remove());
    link.href = `#${row.id}`;
    panel.hidden = false;
    place();
    panel.focus({ preventScroll: true });
  };
  const place = () => {
    panel.style.setProperty("--left", `${document.getElementById("main").getBoundingClientRect().left}px`);
    const top = Math.min(marker.getBoundingClientRect().top, innerHeight - panel.offsetHeight - 16); /* its height at this width */
    panel.style.setProperty("--top", `${Math.max(top, 56) + scrollY}px`);
  };
  document.addEventListener("click", (event) => {
    const used = event.target.closest("a");
    const row = used?.matches(".marker") && document.getElementById(used.hash.slice(1));
    if (row && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
      event.preventDefault();
      if (!panel.contains(used)) marker = used;
      open(row);
    } else if (used?.matches(".back") && marker?.hash === `#${used.closest("[id]")?.id}`) {
      event.preventDefault();
      marker.scrollIntoView({ block: "center" });
      marker.focus({ preventScroll: true });
    } else if (!panel.contains(event.target) || used?.hash) close();
  });
  button.addEventListener("click", () => { close(); marker.focus({ preventScroll: true }); });
  document.addEventListener("keydown", ({ key }) => {
    if (key !== "Escape" || panel.hidden) return;
    close();
    marker.focus({ preventScroll: true });
  });
}

/* The cells of a row under the names of their columns, or what another element holds. */
function copied(row) {
  if (row.tagName !== "TR") return [...row.cloneNode(true).childNodes];
  const heads = [...row.closest("table").querySelectorAll("thead th")].map((head) => head.textContent);
  return [...row.cells].slice(1).flatMap((cell, index) => {
    const name = Object.assign(document.createElement("b"), { textContent: cell.dataset.label || heads[index + 1] || "" });
    const part = document.createElement("p");
    part.append(name, " ", ...cell.cloneNode(true).childNodes);
    return cell.textContent.trim() ? [part] : [];
  });
}

addEventListener("DOMContentLoaded", () => {
  switchTheme();
  placeSwitches();
  switchCode();
  closeMenus();
  markContents();
  trimTabStops();
  keepTables();
  offerCopy();
  openSources();
  openTarget();
});
addEventListener("hashchange", openTarget);
