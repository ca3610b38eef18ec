import type { Renderable } from '../display/bundle.js';
import type { Display } from '../display/display.js';

/** Something on a display whose clocks go on between its changes. */
export interface Ticking {
  update(): void;
  /** Shows it a last time. */
  stop(): void;
}

export function showTicking(display: Display, content: Renderable): Ticking {
  const shown = display.show(content);
  const update = () => shown.update(content);
  const clock = setInterval(update, 1000);
  // A process that has nothing else to do may end.
  clock.unref();
  const stop = () => {
    clearInterval(clock);
    update();
  };
  return { update, stop };
}
