// A small curve of a figure over the last minutes: the newest at the right edge, nothing to touch.

const SVG = 'http://www.w3.org/2000/svg';
export const WIDTH = 300;
export const HEIGHT = 48;
/** The line is two wide, and must not be cut. */
const INSET = 2;

/** The line of what is known, with room for `most`, from nothing at the bottom to a little above the largest. */
export function line(known: number[], most: number): string {
  // The first value is a short flat line: something is there at once.
  const values = known.length === 1 ? [...known, ...known] : known;
  const top = Math.max(...values, 0) * 1.15 || 1;
  const step = WIDTH / (most - 1);
  const left = WIDTH - (values.length - 1) * step;
  return values
    .map((value, at) => {
      const y = HEIGHT - INSET - (value / top) * (HEIGHT - 2 * INSET);
      return `${at === 0 ? 'M' : 'L'}${(left + at * step).toFixed(1)} ${y.toFixed(1)}`;
    })
    .join('');
}

/** Draws into an `<svg>`, which has nothing but its name before. */
export function draw(svg: SVGSVGElement, values: number[], most: number): void {
  svg.setAttribute('viewBox', `0 0 ${WIDTH} ${HEIGHT}`);
  svg.setAttribute('preserveAspectRatio', 'none');
  const shape = (name: string) => {
    const found = svg.querySelector<SVGPathElement>(`.${name}`);
    if (found) {
      return found;
    }
    const made = document.createElementNS(SVG, 'path');
    made.classList.add(name);
    svg.append(made);
    return made;
  };
  if (values.length === 0) {
    svg.replaceChildren();
    return;
  }
  const drawn = line(values, most);
  const left = drawn.slice(1, drawn.indexOf(' '));
  shape('curve-area').setAttribute('d', `${drawn}L${WIDTH} ${HEIGHT}L${left} ${HEIGHT}Z`);
  shape('curve-line').setAttribute('d', drawn);
}
