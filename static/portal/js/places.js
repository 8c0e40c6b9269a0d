// Places of a plan: the map and the list choose the same boxes; a search shortens the list.
export function startPlaces() {
  for (const target of document.querySelectorAll("[data-places]")) wire(target);
}

function wire(target) {
  const boxes = new Map([...target.querySelectorAll("input[type=checkbox]")].map((box) => [box.value, box]));
  const marks = new Map([...target.querySelectorAll("[data-place]")].map((mark) => [mark.dataset.place, mark]));
  const count = target.querySelector("[data-places-count]");

  const show = () => {
    for (const [code, mark] of marks) mark.classList.toggle("chosen", boxes.get(code)?.checked === true);
    count.textContent = [...boxes.values()].filter((box) => box.checked).length;
  };
  const point = (code, on) => marks.get(code)?.classList.toggle("pointed", on);

  target.addEventListener("change", show);
  target.addEventListener("click", (event) => {
    const box = boxes.get(event.target.closest("[data-place]")?.dataset.place);
    if (!box) return;
    box.checked = !box.checked;
    box.closest("li").hidden = false;
    box.closest("li").scrollIntoView({ block: "nearest" });
    show();
  });
  for (const [code, box] of boxes) {
    const line = box.closest("li");
    for (const [name, on] of [["pointerenter", true], ["focusin", true], ["pointerleave", false], ["focusout", false]]) {
      line.addEventListener(name, () => point(code, on));
    }
  }
  target.querySelector("[data-places-none]")?.addEventListener("click", () => {
    for (const box of boxes.values()) box.checked = false;
    show();
  });
  target.querySelector("[data-places-find]")?.addEventListener("input", (event) => {
    const word = event.target.value.trim().toLowerCase();
    for (const box of boxes.values()) {
      const line = box.closest("li");
      line.hidden = word !== "" && !line.textContent.toLowerCase().includes(word);
    }
  });
  show();
}
