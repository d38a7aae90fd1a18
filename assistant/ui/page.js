// What the page does without asking the server: theme, side panel, sources of numbers, copying, scrolling, downloads.
(() => {
  "use strict";
  const remembered = (name) => { try { return localStorage.getItem(name); } catch { return null; } };
  const chatId = () => new URLSearchParams(location.search).get("chat") || "";
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
  const narrow = () => window.matchMedia("(max-width: 900px)").matches;
  window.cashSide = () => {
    if (narrow()) {  // it stands below the chat: go there, or back
      const below = document.querySelector("#side").getBoundingClientRect().top > window.innerHeight / 2;
      document.querySelector(below ? "#side" : "#main").scrollIntoView();
      return;
    }
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

  // --- report: made by the server from this tab's chat, saved as a file or shared under a link
  const wished = (wishes) => {
    const [title, summary, notes, turns, form, days] = wishes ?? [];
    const told = { title, summary, notes, form, days, turns: Array.isArray(turns) ? turns.join(",") : undefined };
    return Object.fromEntries(Object.entries(told).filter(([, value]) => value !== undefined && value !== null && value !== ""
      || Array.isArray(turns) && value === told.turns));
  };
  window.cashReport = async (wishes) => {
    say("Making the report …");
    const answer = await fetch(`download/report?${new URLSearchParams({ ...wished(wishes), chat: chatId() })}`);
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
  window.cashPreview = (wishes) => {
    window.open(`download/report?${new URLSearchParams({ ...wished(wishes), chat: chatId(), view: "1" })}`, "_blank", "noopener");
  };
  const send = (path, wishes) => fetch(`${path}?chat=${chatId()}`, { method: "POST", body: JSON.stringify(wished(wishes)) });
  window.cashShare = async (wishes) => {
    const checked = await send("shares/check", wishes);
    if (!checked.ok) { say(await checked.text()); return; }
    const found = await checked.json();
    const left = found.withheld.length ? `\n\nLeft out for others:\n${found.withheld.join("\n")}` : "";
    const look = found.concerns.length ? `\n\nLook at this first:\n${found.concerns.join("\n")}` : "";
    const all = left || look ? "" : "\n\nNo personal data and no small group was found in it.";
    if (!confirm(`Whoever has the link can read this report, without signing in.${left}${look}${all}\n\nShare it?`)) return;
    const shared = await send("shares/publish", wishes);
    if (!shared.ok) { say(await shared.text()); return; }
    listShares();
    say("The link is ready, below.");
  };
  async function listShares() {
    const place = document.querySelector("#shares");
    if (!place) return;
    const answer = await fetch("shares");
    const shares = answer.ok ? await answer.json() : [];
    const items = shares.map((share) => {
      const address = new URL(share.address, location.href.split("?")[0]).href;
      const copy = made("button", { type: "button", className: "ask", textContent: "Copy link", label: `Copy the link to ${share.title}` });
      const back = made("button", { type: "button", className: "ask", textContent: "Take back", label: `Take back ${share.title}` });
      copy.addEventListener("click", () => (navigator.clipboard?.writeText(address) ?? Promise.reject())
        .then(() => say("Copied."), () => prompt("The link:", address)));
      back.addEventListener("click", async () => {
        const done = await fetch(`shares/${share.id}`, { method: "DELETE" });
        say(await done.text());
        listShares();
      });
      const about = `${share.days_left} ${share.days_left === 1 ? "day" : "days"} left, opened ${share.opened} ${share.opened === 1 ? "time" : "times"}`;
      return made("li", {}, made("a", { href: share.address, target: "_blank", rel: "noopener", textContent: share.title }),
        made("span", { className: "note", textContent: about }), made("span", { className: "acts" }, copy, back));
    });
    place.replaceChildren(...(items.length ? [made("h3", { textContent: "Shared by you" }), made("ul", {}, ...items)] : []));
  }

  // --- buttons in the panels that ask, or begin a question
  const composer = () => document.querySelector("#composer textarea");
  function put(text) {
    Object.getOwnPropertyDescriptor(HTMLTextAreaElement.prototype, "value").set.call(composer(), text);
    composer().dispatchEvent(new Event("input", { bubbles: true }));
  }
  window.cashTaken = (taken) => {  // the question leaves the box, unless something else is typed by now
    if (composer()?.value === taken.slice(0, taken.lastIndexOf("\n"))) put("");
  };
  function write(text, send) {
    if (!composer()) return;
    put(text);
    composer().focus();
    if (send) setTimeout(() => submit(text, 100), 60);
  }
  function submit(text, tries) {  // the button is there once the answer before is complete
    const button = document.querySelector("#composer .submit-button");
    if (button) button.click();
    else if (tries && composer()?.value === text) setTimeout(() => submit(text, tries - 1), 100);
  }

  // --- a further file: dropped anywhere on a running chat, and what it is for
  window.cashGo = (chat) => {
    if (!chat) return;
    sessionStorage.setItem("cash-from-the-top", chat);  // what has changed stands first there
    location.href = `?chat=${chat}`;
  };
  const holdsFiles = (event) => [...(event.dataTransfer?.types ?? [])].includes("Files")
    && document.querySelector("#more")?.offsetParent;
  for (const kind of ["dragover", "dragenter"]) {
    document.addEventListener(kind, (event) => {
      if (!holdsFiles(event)) return;
      event.preventDefault();
      document.body.classList.add("dropping");
    });
  }
  document.addEventListener("dragleave", (event) => {
    if (!event.relatedTarget) document.body.classList.remove("dropping");
  });
  document.addEventListener("drop", (event) => {
    document.body.classList.remove("dropping");
    if (!holdsFiles(event)) return;
    event.preventDefault();
    const input = document.querySelector("#asking input[type=file]");
    if (!input) return;
    input.files = event.dataTransfer.files;
    input.dispatchEvent(new Event("change", { bubbles: true }));
  });
  function use(what) {
    window.cashUse = what;
    document.querySelector("#use")?.click();
  }

  // --- clicks that change the segments: the server does them and tells of them in the chat
  function perform(told) {
    window.cashAct = told;
    document.querySelector("#act")?.click();
  }
  const quoted = (name) => `“${name}”`;
  function rename(card) {
    const name = card.querySelector(".name");
    if (!name || card.querySelector("h3 input[type=text]")) return;
    const old = card.dataset.segment;
    const box = Object.assign(document.createElement("input"), { type: "text", value: old, maxLength: 80 });
    box.setAttribute("aria-label", `New name of the segment ${old}`);
    const end = (save) => {
      const wanted = box.value.trim();
      box.replaceWith(name);
      if (!save || !wanted || wanted === old) return;
      const question = `Rename the segment ${quoted(old)} to ${quoted(wanted)}`;
      perform(JSON.stringify({ question, tool: "rename_segment", arguments: { segment: old, name: wanted } }));
    };
    box.addEventListener("keydown", (event) => {
      if (event.key === "Enter") { box.onblur = null; end(true); }
      if (event.key === "Escape") { box.onblur = null; end(false); event.stopPropagation(); }
    });
    box.onblur = () => end(false);
    name.replaceWith(box);
    box.focus();
    box.select();
  }
  const ticked = () => [...document.querySelectorAll("#segments-panel .tick:checked")]
    .map((tick) => tick.closest(".card").dataset.segment);
  function countTicks() {
    const button = document.querySelector("#segments-panel .merge-chosen");
    if (button) button.disabled = ticked().length < 2;
  }
  function merge() {
    const names = ticked();
    const question = `Merge the segments ${names.slice(0, -1).map(quoted).join(", ")} and ${quoted(names.at(-1))}`;
    perform(JSON.stringify({ question, tool: "merge_segments", arguments: { segments: names } }));
  }

  // --- thumbs, and a chart as a picture
  async function rate(button) {
    const pressed = button.classList.contains("on");
    const word = pressed ? "none" : button.classList.contains("up") ? "up" : "down";
    const address = `chats/thumb/${/\bturn-(\d+)/.exec(button.className)?.[1]}/${word}?chat=${chatId()}`;
    const answer = await fetch(address, { method: "POST" });
    if (!answer.ok) { say(await answer.text()); return; }
    for (const one of button.parentElement.querySelectorAll(".thumb")) {
      one.classList.toggle("on", one === button && !pressed);
    }
    speakPlainly(document);
  }
  function savePicture(button) {
    const row = button.closest(".message-row");
    const before = [...row.querySelectorAll("[data-testid=plotly] .js-plotly-plot, .js-plotly-plot")]
      .filter((plot) => plot.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING);
    const plot = before.at(-1);
    if (!plot || !window.Plotly) { say("The chart is not drawn yet."); return; }
    const title = plot.querySelector(".gtitle")?.textContent || "chart";
    const filename = title.toLowerCase().replace(/[^a-z0-9]+/g, "_").replace(/^_|_$/g, "").slice(0, 60) || "chart";
    const white = { ...plot.layout, paper_bgcolor: "#ffffff", plot_bgcolor: "#ffffff", font: { ...plot.layout.font, color: "#334155" },
      title: { ...plot.layout.title, x: 0.015, xanchor: "left", font: { size: 17, weight: 600, color: "#0f172a" } } };
    window.Plotly.downloadImage(
      { data: plot.data, layout: white },
      { format: "png", scale: 2, width: Math.max(plot.offsetWidth, 700), height: plot.offsetHeight, filename },
    );
  }

  // --- chats that are kept on the server: a list beside the page, each one a link of its own
  const when = (seconds) => {
    const then = new Date(seconds * 1000);
    const today = new Date().toDateString() === then.toDateString();
    return today ? then.toLocaleTimeString([], { hour: "2-digit", minute: "2-digit" })
      : then.toLocaleDateString([], { day: "numeric", month: "short", year: "numeric" });
  };
  function made(tag, more, ...inside) {
    const { label, ...rest } = more;
    const element = Object.assign(document.createElement(tag), rest);
    if (label) element.setAttribute("aria-label", label);
    element.append(...inside);
    return element;
  }
  function chatLink(chat) {
    const link = made("a", { href: `?chat=${chat.id}`, className: "kept" },
      made("span", { className: "what", textContent: chat.question || "No question yet" }),
      made("span", { className: "about", textContent: `${chat.source} · ${when(chat.used)}` }));
    if (chat.id === chatId()) link.setAttribute("aria-current", "page");
    return link;
  }
  async function keptChats(search = "") {
    const answer = await fetch(`chats?${new URLSearchParams({ search })}`);
    return answer.ok ? answer.json() : [];
  }
  function chatsPanel() {
    let panel = document.querySelector("#chats");
    if (panel) return panel;
    const search = made("input", { type: "search", placeholder: "Search chats", label: "Search chats" });
    const list = made("ul", {});
    panel = made("aside", { id: "chats", label: "Chats" },
      made("div", { className: "head" }, made("h2", { textContent: "Chats" }),
        made("a", { href: "./", className: "new", textContent: "New chat" })), search, list);
    search.addEventListener("input", () => {
      clearTimeout(search.timer);
      search.timer = setTimeout(() => listChats(panel), 150);
    });
    document.body.append(panel);
    return panel;
  }
  async function listChats(panel) {
    const search = panel.querySelector("input").value;
    const chats = await keptChats(search);
    if (search !== panel.querySelector("input").value) return;
    const items = chats.map((chat) => {
      const name = `${chat.question || "No question yet"}, ${chat.source}`;
      const remove = made("button", { type: "button", className: "remove", textContent: "Delete", label: `Delete the chat: ${name}` });
      const item = made("li", {}, chatLink(chat), remove);
      remove.addEventListener("click", () => removeChat(chat, item));
      return item;
    });
    const nothing = search ? "No chat holds these words." : "Chats appear here once a file is loaded.";
    panel.querySelector("ul").replaceChildren(...(items.length ? items : [made("li", { className: "none", textContent: nothing })]));
  }
  async function removeChat(chat, item) {
    if (!confirm(`Delete this chat and its data for good?\n\n${chat.question || "No question yet"}\n${chat.source}\n\nLinks that you shared stay until you take them back.`)) return;
    const answer = await fetch(`chats/${chat.id}`, { method: "DELETE" });
    if (!answer.ok) { say(await answer.text()); return; }
    if (chat.id === chatId()) { location.href = "./"; return; }
    item.remove();
    say("Deleted.");
  }
  function showChats(open) {
    if (!open && !document.body.classList.contains("chats-open")) return;
    const panel = chatsPanel();
    document.body.classList.toggle("chats-open", open);
    document.querySelector("#toggle-chats")?.setAttribute("aria-expanded", String(open));
    if (!open) return;
    listChats(panel);
    panel.querySelector("input").focus();
  }
  async function showRecent(place) {
    const chats = (await keptChats()).slice(0, 4);
    if (!chats.length) return;
    place.replaceChildren(made("h2", { textContent: "Go on with" }), ...chats.map(chatLink));
  }
  window.cashNewChat = () => { location.href = "./"; };

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
    const act = target.closest(".act");
    if (act?.classList.contains("copy")) copyAnswer(act);
    if (act?.classList.contains("thumb")) rate(act);
    if (act?.classList.contains("png")) savePicture(act);
    if (target.closest("#toggle-chats")) showChats(!document.body.classList.contains("chats-open"));
    else if (!target.closest("#chats")) showChats(false);
    const acts = target.closest("[data-act]");
    if (acts) perform(acts.dataset.act);
    const uses = target.closest("[data-use]");
    if (uses) use(uses.dataset.use);
    if (target.closest("[data-more]")) document.querySelector("#more")?.click();
    if (target.closest("[data-check]")) document.querySelector("#check-again")?.click();
    if (target.closest(".card .rename")) rename(target.closest(".card"));
    if (target.closest(".merge-chosen")) merge();
    if (target.closest(".card .tick")) setTimeout(countTicks);
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
    if (event.key !== "Escape") return;
    showSource(null);
    if (document.body.classList.contains("chats-open")) {
      showChats(false);
      document.querySelector("#toggle-chats")?.focus();
    }
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
    for (const thumb of box.querySelectorAll(".thumb")) {
      thumb.setAttribute("aria-pressed", String(thumb.classList.contains("on")));
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

  function fromTheTop() {
    const wanted = sessionStorage.getItem("cash-from-the-top") === chatId();
    if (wanted) sessionStorage.removeItem("cash-from-the-top");
    return wanted;
  }
  const sizes = new ResizeObserver(align);
  function watch() {
    nameControls();
    const shared = document.querySelector("#shares");
    if (shared && shared !== watch.shared) { watch.shared = shared; listShares(); }
    const recent = document.querySelector("#recent");
    if (recent && recent !== watch.recent) { watch.recent = recent; showRecent(recent); }
    const box = log();
    if (!box) return;
    const asked = box.querySelectorAll(".user-row");
    if (asked.length !== questions) {
      following = asked.length > questions && !(questions === 0 && fromTheTop());
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
