// What the page does without asking the server: theme, side panel, sources of numbers, copying, scrolling, downloads.
(() => {
  "use strict";
  const remembered = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const remember = (name, value) => { try { localStorage.setItem(name, value); } catch { /* private mode */ } };

  // --- looks: only these two preferences are kept in the browser, never anything of the data
  function applyLooks() {
    const wanted = remembered("cash-theme");
    if (wanted) document.body.classList.toggle("dark", wanted === "dark");
    document.body.classList.toggle("side-closed", remembered("cash-side") === "closed");
    const panel = document.querySelector("#toggle-side");
    if (panel) panel.setAttribute("aria-expanded", String(!document.body.classList.contains("side-closed")));
  }
  window.cashTheme = () => {
    remember("cash-theme", document.body.classList.contains("dark") ? "light" : "dark");
    applyLooks();
  };
  window.cashSide = () => {
    remember("cash-side", document.body.classList.contains("side-closed") ? "open" : "closed");
    applyLooks();
    window.dispatchEvent(new Event("resize"));
  };

  // --- short word to the person
  function say(text) {
    let note = document.querySelector("#say");
    if (!note) {
      note = Object.assign(document.createElement("div"), { id: "say" });
      note.setAttribute("role", "status");
      document.body.append(note);
    }
    note.textContent = text;
    note.classList.add("shown");
    clearTimeout(say.timer);
    say.timer = setTimeout(() => note.classList.remove("shown"), 3500);
  }

  // --- report: made by the server from this browser's chat, saved as a file
  window.cashReport = async (title, turns) => {
    const query = new URLSearchParams();
    if (title) query.set("title", title);
    if (Array.isArray(turns)) query.set("turns", turns.join(","));
    say("Making the report …");
    const answer = await fetch(`download/report?${query}`);
    if (!answer.ok) { say(await answer.text()); return; }
    const name = /filename="([^"]+)"/.exec(answer.headers.get("Content-Disposition") || "");
    const link = document.createElement("a");
    link.href = URL.createObjectURL(await answer.blob());
    link.download = name ? name[1] : "report.html";
    document.body.append(link);
    link.click();
    link.remove();
    setTimeout(() => URL.revokeObjectURL(link.href), 60000);
    say("The report is in your downloads.");
  };
  window.cashPreview = (title, turns) => {
    const query = new URLSearchParams({ view: "1" });
    if (title) query.set("title", title);
    if (Array.isArray(turns)) query.set("turns", turns.join(","));
    window.open(`download/report?${query}`, "_blank", "noopener");
  };

  // --- buttons in the panels that ask, or begin a question
  function write(text, send) {
    const box = document.querySelector("#composer textarea");
    if (!box) return;
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(box, text);
    box.dispatchEvent(new Event("input", { bubbles: true }));
    box.focus();
    if (send) setTimeout(() => document.querySelector("#composer .submit-button")?.click(), 60);
  }

  // --- where a number comes from
  function showSource(number) {
    let tip = document.querySelector("#source");
    if (!number) { tip?.classList.remove("shown"); return; }
    if (!tip) {
      tip = Object.assign(document.createElement("div"), { id: "source" });
      tip.setAttribute("role", "tooltip");
      document.body.append(tip);
    }
    const source = number.getAttribute("title") || number.dataset.source || "";
    number.dataset.source = source;
    number.removeAttribute("title");
    tip.textContent = source;
    tip.classList.add("shown");
    const box = number.getBoundingClientRect();
    const left = Math.min(Math.max(8, box.left), window.innerWidth - tip.offsetWidth - 8);
    const above = box.top - tip.offsetHeight - 8;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 8 ? above : box.bottom + 8}px`;
  }

  // --- copy what is seen, not the HTML behind it
  function copyAnswer(button) {
    const row = button.closest(".message-row");
    const parts = [...row.querySelectorAll(".prose.answered, .prose.clarify, .prose.refused, .prose.error, .prose.rest, .result-table table")];
    const text = parts.map((part) => part.tagName === "TABLE"
      ? [...part.rows].map((line) => [...line.cells].map((cell) => cell.innerText.trim()).join("\t")).join("\n")
      : part.innerText.trim()).join("\n\n");
    const failed = () => say("The browser did not allow copying.");
    if (navigator.clipboard) navigator.clipboard.writeText(text).then(() => say("Copied."), failed);
    else failed();
  }

  document.addEventListener("click", (event) => {
    const target = event.target instanceof Element ? event.target : null;
    if (!target) return;
    if (target.closest("#new-chat") && !confirm("Forget this chat and its data, and start a new one?")) {
      event.stopImmediatePropagation();
      return;
    }
    const act = target.closest(".actions .act");
    if (act?.classList.contains("copy")) copyAnswer(act);
    if (act?.classList.contains("retry")) document.querySelector("#retry")?.click();
    if (act?.classList.contains("undo")) document.querySelector("#undo")?.click();
    const asks = target.closest("[data-ask], [data-write]");
    if (asks) write(asks.dataset.ask || asks.dataset.write, Boolean(asks.dataset.ask));
    showSource(target.closest(".number"));
  }, true);
  document.addEventListener("mouseover", (event) => {
    if (event.target instanceof Element) showSource(event.target.closest(".number"));
  });
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") showSource(null);
  });

  // --- an answer is read from its question down: keep the newest question at the top while it grows
  let following = false;
  let questions = 0;
  const log = () => document.querySelector("#chat [role=log]");
  function align() {
    const box = log();
    const asked = box?.querySelectorAll(".user-row");
    if (!following || !asked?.length) return;
    const last = asked[asked.length - 1];
    box.scrollTop += last.getBoundingClientRect().top - box.getBoundingClientRect().top;
  }
  for (const gesture of ["wheel", "touchmove", "mousedown"]) {
    document.addEventListener(gesture, (event) => {
      if (event.target instanceof Element && event.target.closest("#chat")) following = false;
    }, { passive: true });
  }
  document.addEventListener("keydown", (event) => {
    if (["PageUp", "PageDown", "ArrowUp", "ArrowDown", "Home", "End", "Tab"].includes(event.key)) following = false;
  });

  // --- a chart's title is broken into lines that fit its width
  function inLines(text, most) {
    const lines = [""];
    for (const word of text.split(" ")) {
      const longer = `${lines.at(-1)} ${word}`.trim();
      if (longer.length > most && lines.at(-1)) lines.push(word);
      else lines[lines.length - 1] = longer;
    }
    return lines;
  }
  function fitTitle(plot) {
    const now = plot.layout?.title?.text;
    if (!window.Plotly || !now) return;
    const whole = plot.dataset.title ??= now.replaceAll("<br>", " ");
    const lines = inLines(whole, Math.max(22, Math.floor(plot.offsetWidth / 8.8)));
    const legend = plot._fullLayout?.legend?.orientation === "h" ? plot.querySelector("g.legend") : null;
    const top = 24 + 19 * lines.length + (legend ? legend.getBBox().height + 2 : 6);
    const change = {};
    if (lines.join("<br>") !== now) change["title.text"] = lines.join("<br>");
    if (Math.abs(top - plot._fullLayout.margin.t) > 3) change["margin.t"] = top;
    const axis = plot._fullLayout?.yaxis;
    const narrow = plot.offsetWidth < 520;
    if (axis?.type === "category" && narrow !== (plot.dataset.narrow === "yes")) {
      plot.dataset.narrow = narrow ? "yes" : "no";  // long names beside the bars leave no room on a phone
      const names = axis._categories ?? [];
      change["yaxis.tickvals"] = narrow ? [...names] : null;
      change["yaxis.ticktext"] = narrow ? names.map((name) => inLines(String(name), 18).join("<br>")) : null;
      change["yaxis.tickfont.size"] = narrow ? 10.5 : null;
      change["yaxis.tickmode"] = narrow ? "array" : "auto";
    }
    if (Object.keys(change).length) window.Plotly.relayout(plot, change);
  }
  window.addEventListener("resize", () => {
    clearTimeout(fitTitle.timer);
    fitTitle.timer = setTimeout(() => document.querySelectorAll("#chat [data-testid=plotly]").forEach(fitTitle), 250);
  });

  // --- what screen readers hear of a message is its text, not its source
  function speakPlainly(box) {
    for (const message of box.querySelectorAll("[data-testid=bot][aria-label], [data-testid=user][aria-label]")) {
      message.removeAttribute("aria-label");
    }
    for (const plot of box.querySelectorAll("[data-testid=plotly]:not([role])")) {
      const title = plot.querySelector(".gtitle")?.textContent;
      if (!title) continue;
      plot.setAttribute("role", "img");
      plot.setAttribute("aria-label", `Chart: ${title}`);
      plot.style.height = `${plot.offsetHeight}px`;  // drawing it again at another width keeps the height
      fitTitle(plot);
    }
  }

  const NAMES = {
    "#composer .submit-button": "Send",
    "#composer .stop-button": "Stop",
    "#drop input[type=file]": "File with customers or transactions",
  };
  function nameControls() {
    for (const [where, name] of Object.entries(NAMES)) {
      for (const control of document.querySelectorAll(`${where}:not([aria-label])`)) {
        control.setAttribute("aria-label", name);
        control.title = name;
      }
    }
    for (const arrow of document.querySelectorAll("#chat .title .arrow button:not([aria-hidden])")) {
      arrow.setAttribute("aria-hidden", "true");  // the line it stands in is the button
      arrow.tabIndex = -1;
    }
  }

  const sizes = new ResizeObserver(align);
  function watch() {
    nameControls();
    const box = log();
    if (!box) return;
    const asked = box.querySelectorAll(".user-row");
    if (asked.length !== questions) {
      following = asked.length > questions;
      questions = asked.length;
    }
    const inner = box.firstElementChild;
    if (inner && inner !== watch.observed) { watch.observed = inner; sizes.observe(inner); }
    speakPlainly(box);
    align();
  }
  let waiting = 0;
  const changes = new MutationObserver(() => {
    if (waiting) return;
    waiting = requestAnimationFrame(() => { waiting = 0; watch(); });
  });
  function begin() {
    applyLooks();
    setTimeout(applyLooks, 400);  // after the component library has chosen by the system's preference
    changes.observe(document.body, { childList: true, subtree: true, characterData: true });
  }
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", begin);
  else begin();
})();
