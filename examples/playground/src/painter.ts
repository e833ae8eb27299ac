// Draws what has changed in animation frames, a few milliseconds in each, however much news there is.

/** Milliseconds of drawing in a frame; the browser needs the rest of its 16. */
const BUDGET = 5;

const queue = new Set<() => void>();
let frame = 0;

/** Calls `draw` in one of the next frames, once, however often it is asked for until then. */
export function requestDraw(draw: () => void): void {
  queue.add(draw);
  if (frame === 0) frame = requestAnimationFrame(paint);
}

export function cancelDraw(draw: () => void): void {
  queue.delete(draw);
}

function paint(): void {
  const begin = performance.now();
  for (const draw of queue) {
    queue.delete(draw);
    draw();
    if (performance.now() - begin > BUDGET) break;
  }
  frame = queue.size > 0 ? requestAnimationFrame(paint) : 0;
}
