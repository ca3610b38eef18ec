// Runs in the reader's browser, from file://, without a network. The page is complete without it: plots stay pictures.
(() => {
  const ink = 'currentColor';
  const lines = { domainColor: ink, tickColor: ink, labelColor: ink, titleColor: ink, gridColor: ink };
  // Text and lines take the page's colour, so that plots follow light and dark.
  const pageColours = {
    background: 'transparent',
    title: { color: ink, subtitleColor: ink },
    axis: { ...lines, gridOpacity: 0.15, domainOpacity: 0.5, tickOpacity: 0.5 },
    legend: { labelColor: ink, titleColor: ink },
    header: { labelColor: ink, titleColor: ink },
    text: { color: ink },
    view: { stroke: 'transparent' },
  };
  const refuse = () => Promise.reject(new Error('this report loads nothing from outside'));
  const loader = { load: refuse, sanitize: refuse, http: refuse, file: refuse };

  /** A plot wider than the page is narrowed: the reader's window decides, not the author's. */
  function fit(spec, room) {
    if (Array.isArray(spec.vconcat)) {
      // Axes stand beside the panels; what is over the room scrolls.
      const panel = Math.max(160, room - 160);
      return {
        ...spec,
        vconcat: spec.vconcat.map(view => (view.width > panel ? { ...view, width: panel } : view)),
      };
    }
    const single = 'mark' in spec || 'layer' in spec;
    const wide = spec.width === 'container' || (typeof spec.width === 'number' && spec.width + 120 > room);
    return single && wide ? { ...spec, width: room, autosize: { type: 'fit', contains: 'padding' } } : spec;
  }

  /** A plot that brings its own paper is shown on it, with its own ink; any other has the page's, whatever its own was made for. */
  function onPage(spec) {
    const paper = spec.background ?? spec.config?.background;
    if (paper && paper !== 'transparent') return spec;
    return { ...spec, config: window.vega.mergeConfig(spec.config ?? {}, pageColours) };
  }

  async function draw(figure) {
    const live = figure.querySelector('.live');
    // usermeta could change the options below.
    const { $schema: _, usermeta: __, ...spec } = JSON.parse(figure.querySelector('script').textContent);
    try {
      await window.vegaEmbed(live, fit(onPage(spec), figure.clientWidth - 40), {
        mode: figure.dataset.mode,
        renderer: 'svg',
        // The expression interpreter needs no eval, which the page's policy forbids.
        ast: true,
        loader,
        padding: 8,
        tooltip: { theme: matchMedia('(prefers-color-scheme: dark)').matches ? 'dark' : 'light' },
        actions: { export: true, source: false, compiled: false, editor: false },
      });
      live.hidden = false;
      figure.classList.add('drawn');
    } catch (error) {
      live.remove();
      console.error(error);
    }
  }

  async function drawAll() {
    for (const figure of document.querySelectorAll('figure.plot')) await draw(figure);
    document.documentElement.dataset.plots = 'drawn';
  }

  function foldContents() {
    const details = document.querySelector('.contents details');
    const narrow = matchMedia('(max-width: 60rem)');
    const follow = () => {
      details.open = !narrow.matches;
    };
    narrow.addEventListener('change', follow);
    follow();
  }

  function toggleCode() {
    const button = document.getElementById('toggle-code');
    button.hidden = !document.querySelector('.source');
    button.addEventListener('click', () => {
      const hidden = document.body.classList.toggle('no-code');
      button.setAttribute('aria-pressed', String(hidden));
      button.textContent = hidden ? 'Show code' : 'Hide code';
    });
  }

  function followReading() {
    const links = new Map();
    for (const link of document.querySelectorAll('.contents a')) {
      const target = document.getElementById(decodeURIComponent(link.hash.slice(1)));
      if (target) links.set(target, link);
    }
    const mark = () => {
      const passed = [...links.keys()].filter(target => target.getBoundingClientRect().top < 120).at(-1);
      for (const [target, link] of links) {
        if (target === passed) link.setAttribute('aria-current', 'true');
        else link.removeAttribute('aria-current');
      }
    };
    addEventListener('scroll', mark, { passive: true });
    mark();
  }

  function unfoldForPaper() {
    addEventListener('beforeprint', () => {
      for (const details of document.querySelectorAll('main details')) details.open = true;
    });
  }

  foldContents();
  toggleCode();
  followReading();
  unfoldForPaper();
  drawAll();
})();
