// A QR code as a picture. Loaded when one is asked for.
import { encode } from 'uqr';

const NAMESPACE = 'http://www.w3.org/2000/svg';

/** Dark modules on nothing, with the quiet zone of four that the standard wants (ISO/IEC 18004, 9.1). */
export function qrCode(text: string): SVGSVGElement {
  const { data, size } = encode(text, { ecc: 'M', border: 4 });
  const svg = document.createElementNS(NAMESPACE, 'svg');
  svg.setAttribute('viewBox', `0 0 ${size} ${size}`);
  svg.setAttribute('shape-rendering', 'crispEdges');
  svg.setAttribute('aria-hidden', 'true');
  const path = document.createElementNS(NAMESPACE, 'path');
  const modules = data.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : '')));
  path.setAttribute('d', modules.join(''));
  svg.append(path);
  return svg;
}
