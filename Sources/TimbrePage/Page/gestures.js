// What is done to the map with the pointer and the keys.

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };
/** Pixels beyond which a click is a drag. */
const STILL = 4;

/**
 * Listens to what is done in the map's box.
 *
 * @param {HTMLElement} box
 * @param {import("./map.js").SoundMap} map Is told, in pixels from the upper left corner.
 */
export function listenToGestures(box, map) {
  const spot = (event) => {
    const { left, top } = box.getBoundingClientRect();
    return [event.clientX - left, event.clientY - top];
  };
  let drag = null;
  const end = () => {
    drag = null;
    box.classList.remove("moving", "drawing");
  };
  box.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    drag = { x: event.clientX, y: event.clientY, far: false, draws: event.shiftKey };
    box.setPointerCapture(event.pointerId);
    if (drag.draws) map.beginLasso(...spot(event));
  });
  box.addEventListener("pointermove", (event) => {
    if (!drag) {
      if (event.pointerType !== "touch") map.point(...spot(event));
      return;
    }
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.far && Math.hypot(dx, dy) < STILL) return;
    [drag.x, drag.y, drag.far] = [event.clientX, event.clientY, true];
    box.classList.add(drag.draws ? "drawing" : "moving");
    if (drag.draws) map.leadLasso(...spot(event)); else map.pan(dx, dy);
  });
  box.addEventListener("pointerup", (event) => {
    if (!drag) return;
    const { far, draws } = drag;
    end();
    if (!far) {
      if (draws) map.dropLasso();
      map.click(...spot(event));
    } else if (draws) map.closeLasso();
  });
  box.addEventListener("pointercancel", () => {
    if (drag?.draws) map.dropLasso();
    end();
  });
  box.addEventListener("pointerleave", () => map.leave());
  box.addEventListener("wheel", (event) => {
    // With a key it is the browser's own zoom.
    if (event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    map.zoom(Math.exp(-event.deltaY * (event.deltaMode ? 0.05 : 0.0018)), ...spot(event));
  }, { passive: false });
  box.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (ARROWS[event.key]) map.step(...ARROWS[event.key]);
    else if (["+", "=", "-"].includes(event.key)) map.zoomToChosen(event.key === "-" ? 1 / 1.4 : 1.4);
    else if (event.key === "0") map.whole();
    else return;
    event.preventDefault();
  });
}
