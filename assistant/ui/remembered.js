// What is remembered with the person, below the list of chats: seen on opening, deleted by click.
(() => {
  function made(tag, more, ...inside) {
    const element = Object.assign(document.createElement(tag), more);
    element.append(...inside);
    return element;
  }
  async function forget(address, question, part) {
    if (question && !confirm(question)) return;
    const answer = await fetch(address, { method: "DELETE" });
    if (answer.ok) list(part);
    else part.querySelector(".about").textContent = await answer.text();
  }
  function item(one, part) {
    const remove = made("button", { type: "button", className: "remove", textContent: "Forget" });
    remove.setAttribute("aria-label", `Forget: ${one.text}`);
    remove.addEventListener("click", () => forget(`memory/${one.id}`, "", part));
    return made("li", {},
      made("span", { className: "kept" }, made("span", { className: "what", textContent: one.text }),
        made("span", { className: "about", textContent: `${one.kind} · ${one.source}` })), remove);
  }
  async function list(part) {
    const answer = await fetch("memory");
    const about = part.querySelector(".about");
    if (!answer.ok) { about.textContent = await answer.text(); return; }
    const entries = await answer.json();
    about.textContent = entries.length
      ? "Findings, your words and good questions that help in later chats. No rows, no personal details."
      : "Nothing is remembered.";
    part.querySelector("ul").replaceChildren(...entries.map((one) => item(one, part)));
    part.querySelector(".all").hidden = !entries.length;
  }
  function panel() {
    const all = made("button", { type: "button", className: "all remove", textContent: "Forget everything", hidden: true });
    const part = made("details", { id: "remembered" }, made("summary", { textContent: "What I remember" }),
      made("p", { className: "about" }), made("ul", {}), all);
    all.addEventListener("click", () => forget("memory", "Forget everything for good? Your chats stay.", part));
    part.addEventListener("toggle", () => { if (part.open) list(part); });
    return part;
  }
  // The panel of chats is made when it is first opened.
  document.addEventListener("click", () => setTimeout(() => {
    const chats = document.querySelector("#chats");
    if (chats && !chats.querySelector("#remembered")) chats.append(panel());
  }));
})();
